"""Compiling `in` and unary tests: whether an input matches a value, range, list or comparison."""

from collections.abc import Callable

from engine.feel.basics import COMPARISONS
from engine.feel.code import Code, Compiled
from engine.feel.nodes import (
    In,
    Name,
    Node,
    Test,
    UnaryTests,
    walk,
)
from engine.feel.run import Frame, Run
from engine.feel.values import Range, either, equal

_INPUT = "?"


def is_in(node: In, code: Code) -> Compiled:
    """`value in tests`."""
    value, tests = code.compile(node.value), [_test(each, code) for each in node.tests]

    def decide(frame: Frame) -> object:
        found = value(frame)
        answer: bool | None = False
        for test in tests:
            answer = either(answer, test(frame, found))
        return answer

    return decide


def unary_tests(node: UnaryTests, code: Code) -> Compiled:
    """A cell: true when one test holds for the input `?` (none, when negated)."""
    inside = code.binding(_INPUT)
    tests = [_test(each, inside) for each in node.tests]

    def decide(frame: Frame) -> object:
        value = frame.find(_INPUT, None)
        answer: bool | None = not tests
        for test in tests:
            answer = either(answer, test(frame, value))
        return (answer is True) != node.negated

    return decide


def _test(node: Node, code: Code) -> Callable[[Frame, object], bool | None]:
    if isinstance(node, Test):
        operand, rule = code.compile(node.operand), COMPARISONS[node.operator][1]
        return lambda frame, value: rule(frame.run, value, operand(frame))
    expected = code.compile(node)
    if any(isinstance(part, Name) and part.name == _INPUT for part in walk(node)):
        return lambda frame, value: _says(frame.run, expected(frame), value)
    return lambda frame, value: _matches(frame.run, value, expected(frame))


def _says(run: Run, answer: object, value: object) -> bool | None:
    return answer if isinstance(answer, bool) or answer is None else _matches(run, value, answer)


def _matches(run: Run, value: object, expected: object) -> bool | None:
    if isinstance(expected, list):
        run.spend(len(expected))
        return any(_is_or_holds(run, value, each) for each in expected) or equal(value, expected, run.spend) is True
    if isinstance(expected, Range) and not isinstance(value, Range):
        return expected.contains(value)
    return equal(value, expected, run.spend)


def _is_or_holds(run: Run, value: object, expected: object) -> bool:
    if isinstance(expected, Range) and not isinstance(value, Range):
        return expected.contains(value) is True
    return equal(value, expected, run.spend) is True
