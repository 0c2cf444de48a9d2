"""The parts of the grammar that begin with a word or a bracket: if, for, functions, contexts, lists, ranges, types."""

from collections.abc import Callable, Generator

from engine.feel.nodes import (
    ContextLiteral,
    For,
    FunctionDefinition,
    If,
    Iterator,
    ListLiteral,
    Node,
    Parameter,
    Quantified,
    RangeLiteral,
    Steps,
    Test,
    Type,
)
from engine.feel.reader import A_NAME, A_VALUE, Reader

_TESTS = ("=", "!=", "<", "<=", ">", ">=")
_COMPARE = 30  # a test reads its operand like the right side of a comparison
_TYPES_WITH_KEYWORDS = ("date and time", "days and time duration", "years and months duration")


def tests(reader: Reader) -> tuple[Node, ...]:
    """Tests separated by commas."""
    found = [test(reader, 0)]
    while reader.accept(","):
        found.append(test(reader, 0))
    return tuple(found)


def test(reader: Reader, power: int) -> Node:
    """One test: a comparison with the unnamed input, or a value, range or list to find it in."""
    if reader.at(*_TESTS):
        token = reader.take()
        return Test(token.start, token.text, reader.expression(max(power, _COMPARE)))
    return reader.expression(power)


def parenthesis(reader: Reader, *, several: bool = False) -> tuple[Node, ...]:
    """What stands between parentheses: an expression, an open range, or (for `in`) several tests."""
    start = reader.expect("(").start
    first = test(reader, 0)
    if reader.at("..") and not isinstance(first, Test):
        return (_range_from(reader, start, first, included=False),)
    found = [first]
    while several and reader.accept(","):
        found.append(test(reader, 0))
    reader.expect(")")
    return tuple(found)


def arguments(reader: Reader) -> tuple[tuple[str, ...], tuple[Node, ...]]:
    """The arguments of a call: their names (none when they go by position) and expressions."""
    reader.expect("(")
    names: list[str] = []
    values: list[Node] = []
    named = _is_named(reader)
    for _ in _until(reader, ")"):
        if named:
            names.append(reader.key())
            reader.expect(":")
        values.append(reader.expression())
    return tuple(names), tuple(values)


def type_of(reader: Reader) -> Type:
    """A type after `instance of` or a colon."""
    start = reader.token.start
    with reader.knowing(*_TYPES_WITH_KEYWORDS):
        name = reader.member() if reader.at("function") else reader.name()
    while reader.accept("."):
        name += "." + reader.member()
    parts: list[Type] = []
    keys: list[str] = []
    if reader.at("<"):
        _type_parts(reader, name, parts, keys)
    result = type_of(reader) if name == "function" and reader.accept("->") else None
    return Type(start, name, tuple(parts), tuple(keys), result)


def _type_parts(reader: Reader, name: str, parts: list[Type], keys: list[str]) -> None:
    reader.expect("<")
    for _ in _until(reader, ">"):
        if name == "context":
            keys.append(reader.key())
            reader.expect(":")
        parts.append(type_of(reader))


def _until(reader: Reader, closing: str) -> Generator[None]:
    """One turn for each part between commas, up to the closing sign, which is taken; there may be none."""
    if reader.accept(closing):
        return
    yield
    while reader.accept(","):
        yield
    reader.expect(closing)


def _is_named(reader: Reader) -> bool:
    if reader.token.kind == "string":
        return reader.ahead(1).text == ":" and reader.ahead(1).kind == "sign"
    place = 0
    while reader.ahead(place).kind == "name":
        place += 1
    return place > 0 and reader.ahead(place).text == ":"


def _group(reader: Reader) -> Node:
    node = parenthesis(reader)[0]
    if isinstance(node, Test):
        if node.operator in ("<", "<="):
            return RangeLiteral(node.at, None, node.operand, low_included=False, high_included=node.operator == "<=")
        if node.operator in (">", ">="):
            return RangeLiteral(node.at, node.operand, None, low_included=node.operator == ">=", high_included=False)
        if node.operator == "=":
            return RangeLiteral(node.at, node.operand, node.operand, low_included=True, high_included=True)
        raise reader.unexpected(A_VALUE)
    return node


def _bracket(reader: Reader) -> Node:
    start = reader.expect("[").start
    items: list[Node] = []
    for _ in _until(reader, "]"):
        items.append(reader.expression())
        if len(items) == 1 and reader.at(".."):
            return _range_from(reader, start, items[0], included=True)
    return ListLiteral(start, tuple(items))


def _open_range(reader: Reader) -> Node:
    start = reader.expect("]").start
    return _range_from(reader, start, reader.expression(), included=False)


def _range_from(reader: Reader, start: int, low: Node, *, included: bool) -> Node:
    reader.expect("..")
    high = reader.expression()
    if not reader.at("]", ")", "["):
        raise reader.unexpected("]")
    return RangeLiteral(start, low, high, included, reader.take().text == "]")


def _context(reader: Reader) -> Node:
    start = reader.expect("{").start
    keys: list[str] = []
    values: list[Node] = []
    with reader.knowing():
        for _ in _until(reader, "}"):
            keys.append(reader.key())
            reader.expect(":")
            values.append(reader.expression())
            reader.learn(keys[-1])
    return ContextLiteral(start, tuple(keys), tuple(values))


def _if(reader: Reader) -> Node:
    start = reader.take().start
    condition = reader.expression()
    reader.expect("then")
    yes = reader.expression()
    reader.expect("else")
    return If(start, condition, yes, reader.expression())


def _iterators(reader: Reader) -> tuple[Iterator, ...]:
    found: list[Iterator] = []
    with reader.knowing():
        while True:
            start = reader.token.start
            name = _new_name(reader)
            reader.expect("in")
            found.append(Iterator(start, name, _domain(reader)))
            reader.learn(name)
            if not reader.accept(","):
                return tuple(found)


def _new_name(reader: Reader) -> str:
    if reader.token.kind != "name":
        raise reader.unexpected(A_NAME)
    return reader.words()


def _domain(reader: Reader) -> Node:
    first = reader.expression()
    if reader.accept(".."):
        return Steps(first.at, first, reader.expression())
    return first


def _for(reader: Reader) -> Node:
    start = reader.take().start
    iterators = _iterators(reader)
    reader.expect("return")
    with reader.knowing(*(each.name for each in iterators)):
        return For(start, iterators, reader.expression())


def _quantified(reader: Reader) -> Node:
    token = reader.take()
    iterators = _iterators(reader)
    reader.expect("satisfies")
    with reader.knowing(*(each.name for each in iterators)):
        return Quantified(token.start, token.text == "every", iterators, reader.expression())


def _function(reader: Reader) -> Node:
    start = reader.take().start
    reader.expect("(")
    parameters: list[Parameter] = []
    for _ in _until(reader, ")"):
        place = reader.token.start
        name = reader.key()
        parameters.append(Parameter(place, name, type_of(reader) if reader.accept(":") else None))
    external = reader.accept("external")
    with reader.knowing(*(each.name for each in parameters)):
        return FunctionDefinition(start, tuple(parameters), reader.expression(), external)


WORDS: dict[str, Callable[[Reader], Node]] = {
    "if": _if,
    "for": _for,
    "some": _quantified,
    "every": _quantified,
    "function": _function,
}
SIGNS: dict[str, Callable[[Reader], Node]] = {"(": _group, "[": _bracket, "]": _open_range, "{": _context}
