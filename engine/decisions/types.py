"""The types of a file: whether a value is of one, and how a value is brought to one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from engine import feel
from engine.decisions.model import Type

BASIC: Final[Mapping[str, str]] = {
    "number": "number",
    "string": "string",
    "boolean": "boolean",
    "date": "date",
    "time": "time",
    "dateTime": "date and time",
    "date and time": "date and time",
    "days and time duration": "days and time duration",
    "dayTimeDuration": "days and time duration",
    "years and months duration": "years and months duration",
    "yearMonthDuration": "years and months duration",
    "integer": "number",
    "long": "number",
    "double": "number",
    "list": "list",
    "context": "context",
    "range": "range",
    "function": "function",
    "Null": "Null",
}
_READ_FROM_TEXT: Final = {
    "date": "date",
    "time": "time",
    "date and time": "date and time",
    "days and time duration": "duration",
    "years and months duration": "duration",
}
_AT_MIDNIGHT: Final = feel.compile('date and time(day, time("00:00:00Z"))')
DEEPEST: Final = 40  # types that build on one another; a type that builds on itself ends here


@dataclass(frozen=True, slots=True)
class Types:
    """The types of one file by name."""

    defined: Mapping[str, Type]
    tests: Callable[[str], feel.Tests]

    def knows(self, name: str) -> bool:
        """Whether there is a type of that name."""
        return not name or name == "Any" or name in self.defined or name in BASIC

    def allowed(self, name: str) -> str:
        """The allowed values that a defined type writes down, as a text of unary tests."""
        return self.defined[name].allowed if name in self.defined else ""

    def given(self, value: object, name: str, run: feel.Run) -> object:
        """A value from outside as one of that type: dates, durations and numbers may come as text."""
        if isinstance(value, str) and (basic := self._basic(name)) not in {"string", ""}:
            value = _from_text(value, basic, run)
        elif isinstance(value, list) and self._several(name):
            value = [self.given(item, self.defined[name].base, run) for item in value]
        elif isinstance(value, dict) and name in self.defined:
            parts = self.defined[name].parts
            value = {key: self._given_part(item, parts.get(key), run) for key, item in value.items()}
        return value

    def coerced(self, value: object, name: str, run: feel.Run) -> object:
        """The value, or what of it fits: one element for a list or out of it; null when it does not fit (DMN 1.5, 10.3.2.9.4)."""
        if not name or value is None or self.fits(value, name, run):
            return value
        if isinstance(value, list) and len(value) == 1 and self.fits(value[0], name, run):
            return value[0]
        if not isinstance(value, list) and self.fits([value], name, run):
            return [value]
        if feel.kind(value) == "date" and self._basic(name) == "date and time":
            moment = _AT_MIDNIGHT.within(feel.Frame.of_values(run, {"day": value}))
            return moment if self.fits(moment, name, run) else None
        return None

    def returned(self, value: object, name: str, run: feel.Run) -> object:
        """What a function of that type answers: the type may be written as the function's, or as what it answers."""
        if self.of_functions(name):
            name = self.defined[name].result if name in self.defined else ""
        return self.coerced(value, name, run)

    def of_functions(self, name: str) -> bool:
        """Whether the type is one of functions."""
        return name == "function" or (name in self.defined and self.defined[name].function)

    def fits_named(self, value: object, name: str, run: feel.Run) -> bool | None:
        """Whether the value is of a type of the file; None for a name that the file does not define."""
        return self.fits(value, name, run) if name in self.defined else None

    def fits(self, value: object, name: str, run: feel.Run, level: int = 0) -> bool:
        """Whether the value is of that type; null is of every type."""
        run.spend(1)
        if value is None or name in {"", "Any"}:
            return True
        if name in self.defined:
            return self._fits_type(value, self.defined[name], run, level + 1)
        return feel.kind(value) == BASIC.get(name)

    def _fits_type(self, value: object, wanted: Type, run: feel.Run, level: int) -> bool:
        if level > DEEPEST:
            return False
        if wanted.function:
            return isinstance(value, feel.Function) and value.arity in {None, len(wanted.parameters)}
        if not wanted.several:
            fitting = self._fits_one(value, wanted, run, level)
        else:
            fitting = isinstance(value, list) and all(self._fits_one(item, wanted, run, level) for item in value)
        return fitting and self._allowed(wanted.constraint, value, run)

    def _fits_one(self, value: object, wanted: Type, run: feel.Run, level: int) -> bool:
        if value is None:
            return True
        if wanted.parts:
            return isinstance(value, dict) and all(
                key in value and (value[key] is None or self._fits_type(value[key], part, run, level + 1))
                for key, part in wanted.parts.items()
            )
        if not self.fits(value, wanted.base, run, level):
            return False
        return self._allowed(wanted.allowed, value, run)

    def _allowed(self, texts: str, value: object, run: feel.Run) -> bool:
        if not texts:
            return True
        try:
            return self.tests(texts).within(feel.Frame.of_values(run, {}, self.fits_named), value)
        except feel.FeelError as error:
            if error.position is None:
                raise
            return False  # what is no FEEL allows nothing; the check says so before

    def _given_part(self, value: object, part: Type | None, run: feel.Run) -> object:
        return value if part is None or part.several or part.parts else self.given(value, part.base, run)

    def _basic(self, name: str) -> str:
        for _ in range(DEEPEST):
            if name not in self.defined:
                return BASIC.get(name, "")
            wanted = self.defined[name]
            name = "" if wanted.several or wanted.parts else wanted.base
        return ""

    def _several(self, name: str) -> bool:
        return name in self.defined and self.defined[name].several and not self.defined[name].parts


def _from_text(text: str, basic: str, run: feel.Run) -> object:
    if basic == "number":
        try:
            return feel.from_json(Decimal(text.strip()))
        except (InvalidOperation, feel.FeelError):
            return text
    if basic not in _READ_FROM_TEXT:
        return text
    read = feel.compile(f"{_READ_FROM_TEXT[basic]}(text)")
    found = read.within(feel.Frame.of_values(run, {"text": text}))
    return text if found is None else found
