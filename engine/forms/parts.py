"""Taking one component apart: every read says what is wrong, at the component, and goes on."""

from collections.abc import Mapping
from decimal import Decimal

from engine import feel
from engine.domain.errors import Problem
from engine.forms.patterns import BadPattern, Pattern, compile_pattern
from engine.forms.records import Wording

MAX_TEXT = 10_000
MAX_LENGTH = 100_000
_NOTHING: Mapping[str, object] = {}


class Part:
    """One component of the schema as it came; `problems` is the list that the whole reading shares."""

    def __init__(self, raw: Mapping[str, object], problems: list[Problem]) -> None:
        self.raw = raw
        self.problems = problems
        names = (raw.get(name) for name in ("key", "path", "id", "type"))
        self.where = next((name[:80] for name in names if isinstance(name, str) and name), "")

    def refuse(self, message: str, **params: object) -> None:
        """Note a problem at this component."""
        self.problems.append(Problem(self.where, message, params))

    def text(self, name: str, place: Mapping[str, object] | None = None) -> str:
        """A text, or "" where there is none."""
        value = (self.raw if place is None else place).get(name, "")
        if value is None:
            return ""
        if not isinstance(value, str) or len(value) > MAX_TEXT:
            self.refuse("%(name)s must be a text of at most %(limit)s characters.", name=name, limit=MAX_TEXT)
            return ""
        return value

    def flag(self, name: str) -> bool:
        """A yes or no. FEEL is refused here: what may be changed must be plain from the form itself."""
        value = self.raw.get(name, False)
        if not isinstance(value, bool):
            self.refuse("%(name)s must be true or false.", name=name)
            return False
        return value

    def inner(self, name: str) -> Mapping[str, object]:
        """An object inside the component, or an empty one."""
        value = self.raw.get(name)
        if value is None:
            return _NOTHING
        if not isinstance(value, dict):
            self.refuse("%(name)s must be an object.", name=name)
            return _NOTHING
        return value

    def property(self, name: str) -> str:
        """A custom property, "" where there is none; form-js keeps them all as text."""
        return self.text(name, self.inner("properties"))

    def wording(self, name: str, place: Mapping[str, object] | None = None) -> Wording:
        """The Spanish from the schema's own place, the English from the custom property `<name>_en`."""
        return Wording(self.text(name, place).strip(), self.property(f"{name}_en").strip())

    def feel(self, name: str, text: object) -> feel.Expression | None:
        """A compiled expression, or None where there is none or it is wrong."""
        if text is None or text == "":
            return None
        if not isinstance(text, str) or len(text) > MAX_TEXT:
            self.refuse("%(name)s must be a text of at most %(limit)s characters.", name=name, limit=MAX_TEXT)
            return None
        try:
            return feel.compile(text)
        except feel.FeelError as error:
            self.refuse("%(name)s is not a valid expression: %(reason)s", name=name, reason=error.told)
            return None

    def pattern(self, text: object) -> Pattern | None:
        """A compiled pattern, or None where there is none or it is wrong."""
        if text is None or text == "":
            return None
        try:
            return compile_pattern(text if isinstance(text, str) else "(")
        except BadPattern as error:
            self.refuse(str(error))
            return None

    def limit(self, place: Mapping[str, object], name: str) -> int | None:
        """A count of characters, or None."""
        value = place.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_LENGTH:
            self.refuse("%(name)s must be a whole number up to %(limit)s.", name=name, limit=MAX_LENGTH)
            return None
        return value

    def number(self, place: Mapping[str, object], name: str) -> Decimal | None:
        """A number that the schema may hold as number or as text, or None."""
        value = place.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | str) or not _plain_number(str(value)):
            self.refuse("%(name)s must be a number.", name=name)
            return None
        return Decimal(str(value))

    def whole(self, name: str, low: int, high: int) -> int:
        """A small whole number of the component itself."""
        value = self.raw.get(name)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            self.refuse("%(name)s must be a whole number from %(low)s to %(high)s.", name=name, low=low, high=high)
            return low
        return value


def _plain_number(text: str) -> bool:
    whole, _, places = text.removeprefix("-").partition(".")
    return len(text) <= 30 and whole.isdecimal() and (places.isdecimal() or "." not in text)  # noqa: PLR2004 - a sum of money is shorter
