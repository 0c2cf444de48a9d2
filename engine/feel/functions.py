"""Compiling functions and their calls."""

from collections.abc import Mapping, Sequence

from engine.feel.code import Code, Compiled
from engine.feel.nodes import (
    Call,
    FunctionDefinition,
    Parameter,
    Type,
    weight,
)
from engine.feel.run import Frame, Run
from engine.feel.types import coerced
from engine.feel.values import Function


class Defined(Function):
    """A function written in an expression, with the names around it."""

    __slots__ = ("_body", "_cost", "_frame", "_parameters")

    def __init__(self, parameters: tuple[Parameter, ...], body: Compiled, frame: Frame, cost: int) -> None:
        self._parameters = parameters
        self._body = body
        self._frame = frame
        self._cost = cost

    @property
    def arity(self) -> int:
        """The number of its parameters."""
        return len(self._parameters)

    def takes(self, place: int) -> Type | None:
        """The type that is written beside the parameter."""
        return self._parameters[place].type

    def call(self, run: Run, arguments: Sequence[object]) -> object:
        """The body's value with the arguments as names; null when their number is wrong (DMN 1.5, 10.3.2.13).

        An argument that does not fit the type written beside its parameter is null there, and the body decides what that
        means: the conversion of 10.3.2.9.4 is of the value, not of the call (conformance kit 0082, fd_002).
        """
        if len(arguments) != len(self._parameters):
            return None
        names: dict[str, object] = {}
        for parameter, argument in zip(self._parameters, arguments, strict=True):
            names[parameter.name] = coerced(argument, parameter.type, run.spend, self._frame.fits)
        run.spend(self._cost)
        run.enter()
        value = self._body(self._frame.inner(names, run))
        run.leave()
        return value

    def call_named(self, run: Run, arguments: Mapping[str, object]) -> object:
        """As `call`; every parameter must be named, and nothing else."""
        names = [parameter.name for parameter in self._parameters]
        if set(names) != set(arguments):
            return None
        return self.call(run, [arguments[name] for name in names])


def function(node: FunctionDefinition, code: Code) -> Compiled:
    """A function; what would call code outside FEEL is null."""
    if node.external:
        return lambda _frame: None
    body = code.binding(*(parameter.name for parameter in node.parameters)).compile(node.body)
    cost = weight(node.body)
    return lambda frame: Defined(node.parameters, body, frame, cost)


def call(node: Call, code: Code) -> Compiled:
    """A call; of what is no function it is null."""
    callee, arguments, names = code.compile(node.function), code.all(node.arguments), node.names

    def invoke(frame: Frame) -> object:
        function = callee(frame)
        values = [argument(frame) for argument in arguments]
        if not isinstance(function, Function):
            return None
        run = frame.run
        run.at = node.at
        run.spend(1)
        if names:
            return function.call_named(run, dict(zip(names, values, strict=True)))
        return function.call(run, values)

    return invoke
