"""From tree to text: what is printed, read again, is the same tree."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from engine.feel.nodes import (
    Arithmetic,
    AtLiteral,
    Between,
    Call,
    Comparison,
    Conjunction,
    ContextLiteral,
    Disjunction,
    Filter,
    For,
    FunctionDefinition,
    If,
    In,
    InstanceOf,
    Iterator,
    ListLiteral,
    Literal,
    Name,
    Negation,
    Node,
    Parameter,
    Path,
    Quantified,
    RangeLiteral,
    Steps,
    Test,
    Type,
    UnaryTests,
)
from engine.feel.parser import ADD, AND, COMPARE, INSTANCE, MULTIPLY, NEGATE, OR, POSTFIX, POWER
from engine.feel.reader import KEYWORDS
from engine.feel.writing import quoted

_ATOM = POSTFIX + 1
_ARITHMETIC = {"+": ADD, "-": ADD, "*": MULTIPLY, "/": MULTIPLY, "**": POWER}


def text_of(node: Node) -> str:
    """The text of an expression or of unary tests, with no more parentheses than it needs."""
    return _PRINTERS[type(node)](node)


def _power(node: Node) -> int:
    if isinstance(node, Arithmetic):
        return _ARITHMETIC[node.operator]
    return _POWERS.get(type(node), _ATOM)


def _from(node: Node, power: int) -> str:
    """The text of a part, in parentheses when it binds more loosely than `power`."""
    return text_of(node) if _power(node) >= power else f"({text_of(node)})"


def _list(nodes: Iterable[Node]) -> str:
    return ", ".join(map(text_of, nodes))


def _literal(node: Literal) -> str:
    if isinstance(node.value, str):
        return quoted(node.value)
    if isinstance(node.value, Decimal):
        return str(node.value)
    return "null" if node.value is None else str(node.value).lower()


def _arithmetic(node: Arithmetic) -> str:
    power = _ARITHMETIC[node.operator]
    return f"{_from(node.left, power)} {node.operator} {_from(node.right, power + 1)}"


def _comparison(node: Comparison) -> str:
    return f"{_from(node.left, COMPARE)} {node.operator} {_from(node.right, COMPARE + 1)}"


def _conjunction(node: Conjunction) -> str:
    return " and ".join(_from(term, AND + 1) for term in node.terms)


def _disjunction(node: Disjunction) -> str:
    return " or ".join(_from(term, OR + 1) for term in node.terms)


def _between(node: Between) -> str:
    ends = f"{_from(node.low, COMPARE + 1)} and {_from(node.high, COMPARE + 1)}"
    return f"{_from(node.value, COMPARE)} between {ends}"


def _in(node: In) -> str:
    return f"{_from(node.value, COMPARE)} in ({_list(node.tests)})"


def _test(node: Test) -> str:
    return f"{node.operator} {_from(node.operand, COMPARE + 1)}"


def _unary_tests(node: UnaryTests) -> str:
    tests = _list(node.tests)
    return f"not({tests})" if node.negated else tests or "-"


def _type(node: Type) -> str:
    parts = [text_of(part) for part in node.parts]
    if node.keys:
        parts = [f"{_name(key)}: {part}" for key, part in zip(node.keys, parts, strict=True)]
    inside = f"<{', '.join(parts)}>" if parts or node.result else ""
    return node.name + inside + (f" -> {text_of(node.result)}" if node.result else "")


def _call(node: Call) -> str:
    arguments = [text_of(argument) for argument in node.arguments]
    if node.names:
        arguments = [f"{_name(name)}: {argument}" for name, argument in zip(node.names, arguments, strict=True)]
    return f"{_from(node.function, POSTFIX)}({', '.join(arguments)})"


def _if(node: If) -> str:
    return f"if {text_of(node.condition)} then {text_of(node.yes)} else {text_of(node.no)}"


def _iterators(iterators: tuple[Iterator, ...]) -> str:
    return ", ".join(f"{each.name} in {text_of(each.domain)}" for each in iterators)


def _quantified(node: Quantified) -> str:
    word = "every" if node.every else "some"
    return f"{word} {_iterators(node.iterators)} satisfies {text_of(node.body)}"


def _parameter(node: Parameter) -> str:
    return f"{node.name}: {text_of(node.type)}" if node.type else node.name


def _function(node: FunctionDefinition) -> str:
    return f"function({_list(node.parameters)}) {'external ' * node.external}{text_of(node.body)}"


def _context(node: ContextLiteral) -> str:
    entries = [f"{_name(key)}: {text_of(value)}" for key, value in zip(node.keys, node.values, strict=True)]
    return f"{{{', '.join(entries)}}}"


def _range(node: RangeLiteral) -> str:
    if node.low and node.high:
        opening, closing = "[" if node.low_included else "(", "]" if node.high_included else ")"
        return f"{opening}{text_of(node.low)}..{text_of(node.high)}{closing}"
    if node.low:
        return f"({'>=' if node.low_included else '>'} {_from(node.low, COMPARE + 1)})"
    return f"({'<=' if node.high_included else '<'} {_from(node.high, COMPARE + 1) if node.high else 'null'})"


def _name(name: str) -> str:
    return name if name.isidentifier() and name not in KEYWORDS else quoted(name)


_POWERS: dict[type[Node], int] = {
    **dict.fromkeys((If, For, Quantified, FunctionDefinition), 0),
    Disjunction: OR,
    Conjunction: AND,
    **dict.fromkeys((Comparison, Between, In), COMPARE),
    Negation: NEGATE,
    InstanceOf: INSTANCE,
    **dict.fromkeys((Path, Filter, Call), POSTFIX),
}
_PRINTERS: dict[type[Node], Callable[..., str]] = {
    Literal: _literal,
    AtLiteral: lambda node: f"@{quoted(node.text)}",
    Name: lambda node: node.name,
    Negation: lambda node: f"-{_from(node.operand, NEGATE)}",
    Arithmetic: _arithmetic,
    Comparison: _comparison,
    Conjunction: _conjunction,
    Disjunction: _disjunction,
    Between: _between,
    In: _in,
    Test: _test,
    UnaryTests: _unary_tests,
    Type: _type,
    InstanceOf: lambda node: f"{_from(node.value, INSTANCE)} instance of {text_of(node.type)}",
    Path: lambda node: f"{_from(node.base, POSTFIX)}.{node.member}",
    Filter: lambda node: f"{_from(node.base, POSTFIX)}[{text_of(node.condition)}]",
    Call: _call,
    If: _if,
    Steps: lambda node: f"{text_of(node.first)}..{text_of(node.last)}",
    For: lambda node: f"for {_iterators(node.iterators)} return {text_of(node.body)}",
    Quantified: _quantified,
    Parameter: _parameter,
    FunctionDefinition: _function,
    ContextLiteral: _context,
    ListLiteral: lambda node: f"[{_list(node.items)}]",
    RangeLiteral: _range,
}
