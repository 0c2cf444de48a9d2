"""Walking over an expression before it has values: which names it takes from outside, of which type it is, what is wrong."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from types import MappingProxyType

from engine.feel import iso, nodes, operands, outcomes
from engine.feel.builtins import BUILTINS
from engine.feel.errors import Position
from engine.feel.nodes import Node, Type
from engine.feel.typed import ANY, NOTHING, context_of, element, entries, joined, list_of, normal, of_kind, range_of
from engine.feel.values import BOOLEAN, CONTEXT, FUNCTION, LIST, NUMBER, RANGE, kind

_TRUTH = of_kind(BOOLEAN)
_VALUES = (nodes.Literal, nodes.AtLiteral, nodes.ListLiteral, nodes.ContextLiteral)  # never null, unless they say so


@dataclass(frozen=True, slots=True)
class FreeName:
    """A name that the scope must give, and the entries asked of it: `operator.country` is ("operator", "country").

    Where it is not `certain`, it may as well be an entry of the elements that a filter looks at.
    """

    path: tuple[str, ...]
    at: Position
    certain: bool = True

    @property
    def name(self) -> str:
        """The name itself."""
        return self.path[0]


@dataclass(frozen=True, slots=True)
class Remark:
    """What is wrong for certain, and where: an English sentence with `%(name)s` places for `params`."""

    at: Position
    message: str
    params: Mapping[str, object]

    def __str__(self) -> str:
        return self.message % self.params if self.params else self.message


@dataclass(frozen=True, slots=True)
class Around:
    """The names that constructs around give, the innermost last; None is a filter over elements that nobody knows."""

    layers: tuple[Mapping[str, Type] | None, ...] = ()

    def giving(self, names: Mapping[str, Type] | None) -> "Around":
        """Inside one more construct."""
        return replace(self, layers=(*self.layers, names))

    def find(self, name: str) -> tuple[Type | None, bool]:
        """The type of a name, if one of them gives it, and whether it may come from an element that nobody knows."""
        unsure = False
        for layer in reversed(self.layers):
            if layer is None:
                unsure = True
            elif name in layer:
                return (ANY if unsure else layer[name]), unsure
        return None, unsure


class Inference:
    """One walk; what is found gathers in `free` and `remarks`."""

    def __init__(self, text: str, scope: Mapping[str, Type]) -> None:
        self.text = text
        self.scope = scope
        self.free: list[FreeName] = []
        self.remarks: list[Remark] = []

    def of(self, node: Node, around: Around) -> Type:
        """The type of a part."""
        return _RULES[type(node)](self, node, around)

    def all(self, parts: Iterable[Node], around: Around) -> list[Type]:
        """The types of several parts."""
        return [self.of(part, around) for part in parts]

    def say(self, node: Node, message: str, **params: object) -> Type:
        """Notes what is wrong with a part, which is null for that."""
        self.remarks.append(Remark(Position.of(self.text, node.at), message, MappingProxyType(params)))
        return NOTHING

    def name(self, node: nodes.Name, around: Around, members: tuple[str, ...] = ()) -> Type:
        """A name: of a construct around, of the scope or of a built-in function, in this order."""
        given, unsure = around.find(node.name)
        if given is not None:
            return given
        if node.name not in self.scope and node.name in BUILTINS:
            return ANY if unsure else of_kind(FUNCTION)
        self.free.append(FreeName((node.name, *members), Position.of(self.text, node.at), not unsure))
        return ANY if unsure else self.scope.get(node.name, ANY)


def _literal(_know: Inference, node: nodes.Literal, _around: Around) -> Type:
    return of_kind(kind(node.value))


def _at_literal(_know: Inference, node: nodes.AtLiteral, _around: Around) -> Type:
    return of_kind(kind(iso.parse(node.text)))


def _name(know: Inference, node: nodes.Name, around: Around) -> Type:
    return know.name(node, around)


def _path(know: Inference, node: nodes.Path, around: Around) -> Type:
    members: list[str] = []
    base: Node = node
    while isinstance(base, nodes.Path):
        members.insert(0, base.member)
        base = base.base
    found = know.name(base, around, tuple(members)) if isinstance(base, nodes.Name) else know.of(base, around)
    for each in members:
        found = _member(know, node, found, each)
    return found


def _member(know: Inference, node: Node, base: Type, name: str) -> Type:
    if base.name in {"Any", "Null"} or (base.name == CONTEXT and not base.keys):
        return ANY
    if base.name == LIST:
        return list_of(_member(know, node, element(base), name))
    if base.name == RANGE:
        return {"start": element(base), "end": element(base)}.get(name, ANY)
    known = entries(base)
    found = operands.member(base, name) if known is None else known.get(name)
    if found is not None:
        return found
    names = list(known if known is not None else operands.members(base))
    if not names:
        return know.say(node, "A %(type)s has no parts, so .%(member)s is always null.", type=base.name, member=name)
    message = "There is no %(member)s in it, so this is always null; it has: %(members)s."
    return know.say(node, message, member=name, members=", ".join(names))


def _negation(know: Inference, node: nodes.Negation, around: Around) -> Type:
    operand = know.of(node.operand, around)
    found = operands.negated(operand)
    return found or know.say(node, "A %(type)s cannot be negated; this is always null.", type=operand.name)


def _arithmetic(know: Inference, node: nodes.Arithmetic, around: Around) -> Type:
    left, right = know.of(node.left, around), know.of(node.right, around)
    message = "%(left)s %(operator)s %(right)s is always null; convert one of the two."
    said = {"left": left.name, "operator": node.operator, "right": right.name}
    return operands.arithmetic(node.operator, left, right) or know.say(node, message, **said)


def _comparison(know: Inference, node: nodes.Comparison, around: Around) -> Type:
    left, right = know.of(node.left, around), know.of(node.right, around)
    if node.operator == "=" and not isinstance(node.left, _VALUES) and not isinstance(node.right, _VALUES):
        return _TRUTH  # both may be null, and then they are equal
    return _compared(know, node, node.operator, left, right)


def _compared(know: Inference, node: Node, operator: str, left: Type, right: Type) -> Type:
    if not operands.comparable(operator, left, right):
        message = "%(left)s %(operator)s %(right)s is never true; compare things of one kind that have an order."
        if operator == "=":
            message = "%(left)s %(operator)s %(right)s is never true; compare things of one kind."
        know.say(node, message, left=left.name, operator=operator, right=right.name)
    return _TRUTH


def _terms(know: Inference, node: nodes.Conjunction | nodes.Disjunction, around: Around) -> Type:
    for term in node.terms:
        _condition(know, term, know.of(term, around))
    return _TRUTH


def _condition(know: Inference, node: Node, type_: Type) -> None:
    if not operands.may_hold(type_):
        know.say(node, "This is a %(type)s, where only true or false counts.", type=type_.name)


def _between(know: Inference, node: nodes.Between, around: Around) -> Type:
    value = know.of(node.value, around)
    for end, operator in ((node.low, ">="), (node.high, "<=")):
        _compared(know, end, operator, value, know.of(end, around))
    return _TRUTH


def _in(know: Inference, node: nodes.In, around: Around) -> Type:
    value = know.of(node.value, around)
    for test in node.tests:
        _test(know, test, value, around)
    return _TRUTH


def _unary_tests(know: Inference, node: nodes.UnaryTests, around: Around) -> Type:
    value, _ = around.find("?")
    for test in node.tests:
        _test(know, test, value or ANY, around)
    return _TRUTH


def _test(know: Inference, test: Node, value: Type, around: Around) -> None:
    if isinstance(test, nodes.Test):
        _compared(know, test, test.operator, value, know.of(test.operand, around))
        return
    found = know.of(test, around)
    if any(isinstance(part, nodes.Name) and part.name == "?" for part in nodes.walk(test)):
        return
    if found.name == RANGE and value.name != RANGE:
        _compared(know, test, ">=", value, element(found))
    elif isinstance(test, _VALUES):
        _compared(know, test, "=", value, found)


def _instance_of(know: Inference, node: nodes.InstanceOf, around: Around) -> Type:
    know.of(node.value, around)
    return _TRUTH


def _if(know: Inference, node: nodes.If, around: Around) -> Type:
    _condition(know, node.condition, know.of(node.condition, around))
    return joined(know.all((node.yes, node.no), around))


def _list(know: Inference, node: nodes.ListLiteral, around: Around) -> Type:
    return list_of(joined(know.all(node.items, around)))


def _context(know: Inference, node: nodes.ContextLiteral, around: Around) -> Type:
    given: dict[str, Type] = {}
    for key, value in zip(node.keys, node.values, strict=True):
        given[key] = know.of(value, around.giving(dict(given)))
    return context_of(given)


def _range(know: Inference, node: nodes.RangeLiteral, around: Around) -> Type:
    ends = know.all((end for end in (node.low, node.high) if end is not None), around)
    if len(ends) > 1:
        _compared(know, node, "<=", *ends)
    return range_of(joined(ends))


def _filter(know: Inference, node: nodes.Filter, around: Around) -> Type:
    base = know.of(node.base, around)
    part = element(base) if base.name == LIST else base
    known = entries(part)
    inside = around.giving(None) if known is None and part.name in {"Any", "Null", CONTEXT} else around
    inside = inside.giving({"item": part, **(known or {})})
    condition = know.of(node.condition, inside)
    if condition.name == NUMBER:
        return part
    if condition.name != BOOLEAN:
        return ANY
    return list_of(part)


def _loop(know: Inference, node: nodes.For | nodes.Quantified, around: Around) -> Around:
    for each in node.iterators:
        around = around.giving({each.name: _domain(know, each.domain, around)})
    return around


def _domain(know: Inference, node: Node, around: Around) -> Type:
    if isinstance(node, nodes.Steps):
        return joined(know.all((node.first, node.last), around))
    return element(know.of(node, around))


def _for(know: Inference, node: nodes.For, around: Around) -> Type:
    inside = _loop(know, node, around).giving({"partial": of_kind(LIST)})
    return list_of(know.of(node.body, inside))


def _quantified(know: Inference, node: nodes.Quantified, around: Around) -> Type:
    _condition(know, node.body, know.of(node.body, _loop(know, node, around)))
    return _TRUTH


def _function(know: Inference, node: nodes.FunctionDefinition, around: Around) -> Type:
    parameters = {each.name: normal(each.type) for each in node.parameters}
    result = ANY if node.external else know.of(node.body, around.giving(parameters))
    return Type(0, FUNCTION, tuple(parameters.values()), (), result)


def _call(know: Inference, node: nodes.Call, around: Around) -> Type:
    types = know.all(node.arguments, around)
    if isinstance(node.function, nodes.Name) and node.function.name not in know.scope:
        given, unsure = around.find(node.function.name)
        if given is None:
            return ANY if unsure else _named_call(know, node, node.function.name, types)
    callee = know.of(node.function, around)
    if callee.name not in {FUNCTION, "Any", "Null"}:
        return know.say(node, "A %(type)s cannot be called; this is always null.", type=callee.name)
    return callee.result or ANY


def _named_call(know: Inference, node: nodes.Call, name: str, types: list[Type]) -> Type:
    function = BUILTINS.get(name)
    if function is None:
        near = get_close_matches(name, [*BUILTINS, *know.scope], 1)
        if near:
            return know.say(node, "There is no function %(name)s; did you mean %(near)s?", name=name, near=near[0])
        return know.say(node, "There is no function %(name)s.", name=name)
    wrong = outcomes.remark(function, types, node.names)
    if wrong:
        return know.say(node, wrong[0], **wrong[1])
    return ANY if node.names else outcomes.outcome(name, types)


_RULES: Mapping[type[Node], Callable[..., Type]] = {
    nodes.Literal: _literal,
    nodes.AtLiteral: _at_literal,
    nodes.Name: _name,
    nodes.Path: _path,
    nodes.Negation: _negation,
    nodes.Arithmetic: _arithmetic,
    nodes.Comparison: _comparison,
    nodes.Conjunction: _terms,
    nodes.Disjunction: _terms,
    nodes.Between: _between,
    nodes.In: _in,
    nodes.UnaryTests: _unary_tests,
    nodes.InstanceOf: _instance_of,
    nodes.If: _if,
    nodes.ListLiteral: _list,
    nodes.ContextLiteral: _context,
    nodes.RangeLiteral: _range,
    nodes.Filter: _filter,
    nodes.For: _for,
    nodes.Quantified: _quantified,
    nodes.FunctionDefinition: _function,
    nodes.Call: _call,
}
