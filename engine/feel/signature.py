"""Built-in functions: their parameters in one line of text, and how arguments are fitted to them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.feel import limits
from engine.feel.run import Run
from engine.feel.values import LIST, Function, kind

_KINDS = {"moment": "date and time", "days": "days and time duration", "months": "years and months duration"}


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter of a built-in function: its name and the kinds it takes (none for any)."""

    name: str
    kinds: frozenset[str]
    optional: bool
    rest: bool  # takes one list, or all further arguments as a list


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a built-in function. `body` gets the run first when `needs_run`."""

    arguments: tuple[Argument, ...]
    body: Callable[..., object]
    needs_run: bool


class _UnfitError(Exception):
    """These arguments do not fit; another signature may."""


class Builtin(Function):
    """A function of the standard: the first signature that fits the arguments gives the result, else null."""

    __slots__ = ("name", "signatures")

    def __init__(self, name: str, *signatures: Signature) -> None:
        self.name = name
        self.signatures = signatures

    @property
    def arity(self) -> int | None:
        """The number of its parameters, when there is one way to call it."""
        if len(self.signatures) > 1 or any(each.rest or each.optional for each in self.signatures[0].arguments):
            return None
        return len(self.signatures[0].arguments)

    def call(self, run: Run, arguments: Sequence[object]) -> object:
        """The result for arguments by position."""
        for signature in self.signatures:
            try:
                values = [*_positional(signature.arguments, arguments)]
            except _UnfitError:
                continue
            return _result(run, signature, values)
        return None

    def call_named(self, run: Run, arguments: Mapping[str, object]) -> object:
        """The result for arguments by name."""
        for signature in self.signatures:
            try:
                values = _named(signature.arguments, arguments)
            except _UnfitError:
                continue
            return _result(run, signature, values)
        return None


def _result(run: Run, signature: Signature, values: list[object]) -> object:
    run.spend(sum(map(limits.length_cost, values)))
    return signature.body(run, *values) if signature.needs_run else signature.body(*values)


def signature(parameters: str, body: Callable[..., object]) -> Signature:
    """A signature such as `"string: string, start position: number, length?: number"`.

    `*list` takes one list or any number of arguments, `?` marks what may be left out, `|` separates kinds.
    """
    return Signature(tuple(_argument(part) for part in parameters.split(", ") if part), body, needs_run=False)


def running(parameters: str, body: Callable[..., object]) -> Signature:
    """As `signature`, for a body that calls functions, reads the time or works through long values."""
    return Signature(signature(parameters, body).arguments, body, needs_run=True)


def _argument(text: str) -> Argument:
    name, _, kinds = text.partition(": ")
    found = frozenset() if kinds == "any" else frozenset(_KINDS.get(each, each) for each in kinds.split("|"))
    return Argument(name.strip("*?"), found, name.endswith("?"), name.startswith("*"))


def _positional(arguments: tuple[Argument, ...], values: Sequence[object]) -> list[object]:
    if arguments and arguments[-1].rest:
        fixed = len(arguments) - 1
        further = list(values[fixed:])
        if len(values) < len(arguments):
            raise _UnfitError
        one = further[0] if len(further) == 1 and isinstance(further[0], list) else further
        return [*_positional(arguments[:-1], values[:fixed]), one]
    if not sum(not each.optional for each in arguments) <= len(values) <= len(arguments):
        raise _UnfitError
    return [_fitted(argument, value) for argument, value in zip(arguments, values, strict=False)]


def _named(arguments: tuple[Argument, ...], values: Mapping[str, object]) -> list[object]:
    known = {argument.name for argument in arguments}
    if not known.issuperset(values):
        raise _UnfitError
    found: list[object] = []
    for argument in arguments:
        if argument.name in values:
            value = values[argument.name]
            found.append(_as_list(value) if argument.rest else _fitted(argument, value))
        elif argument.optional:
            found.append(None)
        else:
            raise _UnfitError
    return found


def _as_list(value: object) -> object:
    if value is None:
        raise _UnfitError
    return value if isinstance(value, list) else [value]


def _fitted(argument: Argument, value: object) -> object:
    kinds = argument.kinds
    if not kinds or kind(value) in kinds:
        return value
    if value is None:
        raise _UnfitError
    if LIST in kinds:
        return [value]
    if isinstance(value, list) and len(value) == 1 and kind(value[0]) in kinds:
        return value[0]
    raise _UnfitError
