"""One typed answer becomes plain JSON, or is refused with a sentence that says what to write instead."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from datetime import date, time
from decimal import Decimal

from engine import feel
from engine.domain.errors import Problem
from engine.forms.records import Field, Kind, Option

MAX_SHORT = 1_000
MAX_LONG = 20_000
MAX_FILES = 50
MAX_DIGITS = 60
YEARS = range(1900, 2101)

_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.[0-9]{1,10})?")
_DATE = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_ISO_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?")
_EMAIL = re.compile(r"[^\s@]{1,64}@[^\s@.]{1,63}(\.[^\s@.]{1,63}){1,8}")
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")  # Unicode's Cc and Cs, but tab and line end
_PHONE = re.compile(r"\+?[0-9 ()./-]{7,24}")
_FILE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_TRUE = frozenset({"true", "on", "1"})
_FALSE = frozenset({"false", "off", "0", ""})


class Wrong(Exception):  # noqa: N818 - named by what it is, as the house does
    """An answer that cannot be taken, for one reason."""

    def __init__(self, message: str, **params: object) -> None:
        super().__init__(message)
        self.message = message
        self.params = params

    def at(self, where: str) -> Problem:
        """The problem to show at this field."""
        return Problem(where, self.message, self.params)


def typed(field: Field, raw: object, options: Sequence[Option]) -> object:
    """The answer as JSON; None (or [], or False for a checkbox) when nothing was answered.

    Raises:
        Wrong: when the value is not one that this field can hold.
    """
    return _TYPED[field.kind](field, raw, options)


def _text(field: Field, raw: object, _options: Sequence[Option]) -> str | None:
    text = _clean(raw)
    if not text:
        return None
    rules = field.rules
    # A pattern walks over the text state by state, so what it walks over stays short.
    limit = MAX_LONG if field.kind == Kind.LONG_TEXT and not rules.pattern else MAX_SHORT
    limit = min(rules.max_length or limit, limit)
    if len(text) > limit:
        raise Wrong("Write at most %(limit)s characters. There are %(count)s.", limit=limit, count=len(text))
    if rules.min_length and len(text) < rules.min_length:
        raise Wrong(
            "Write at least %(limit)s characters. There are %(count)s.", limit=rules.min_length, count=len(text)
        )
    if rules.shape == "email" and not _EMAIL.fullmatch(text):
        raise Wrong("Write an e-mail address, such as name@example.com.")
    if rules.shape == "phone" and not _PHONE.fullmatch(text):
        raise Wrong("Write a telephone number, such as +503 2222 3333.")
    if rules.pattern and not rules.pattern.found_in(text):
        raise Wrong("Write it in the form that the field asks for.")
    return text


def _clean(raw: object) -> str:
    """Text as it may be stored: composed, with plain line ends, without what no keyboard types."""
    if raw is None:
        return ""
    if not isinstance(raw, str):
        raise Wrong("This must be a text.")
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if _UNWRITABLE.search(text):
        raise Wrong("The text holds characters that cannot be stored. Write them again.")
    return text


def _number(field: Field, raw: object, _options: Sequence[Option]) -> object:
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise Wrong("This must be a number.")
    text = _digits(raw)
    if not _NUMBER.fullmatch(text):
        raise Wrong("Write a number with digits only and a point before decimals, such as 1500.25.")
    value = Decimal(text)
    rules = field.rules
    if rules.digits is not None and value != round(value, rules.digits):
        if rules.digits == 0:
            raise Wrong("Write a whole number.")
        raise Wrong("Write at most %(limit)s decimal places.", limit=rules.digits)
    if rules.minimum is not None and value < rules.minimum:
        raise Wrong("Write %(limit)s or more.", limit=feel.to_json(rules.minimum))
    if rules.maximum is not None and value > rules.maximum:
        raise Wrong("Write %(limit)s or less.", limit=feel.to_json(rules.maximum))
    return feel.to_json(value)


def _digits(raw: str | float | Decimal) -> str:
    """The number as a person writes it; "" for what is too large to write out."""
    if isinstance(raw, str):
        return re.sub(r"\s", "", raw) if len(raw) <= MAX_DIGITS else ""
    if isinstance(raw, int):
        return str(raw) if abs(raw) < 10**18 else ""
    return format(Decimal(str(raw)), "f")


def _date_time(field: Field, raw: object, _options: Sequence[Option]) -> str | None:
    text = _clean(raw)
    if not text:
        return None
    if field.subtype == "time":
        return _time_of(text)
    if field.subtype == "date":
        return _date_of(text)
    day, _, clock = text.replace("T", " ").partition(" ")
    return f"{_date_of(day)}T{_time_of(clock.strip())}"


def _date_of(text: str) -> str:
    if iso := _ISO_DATE.fullmatch(text):
        year, month, day = map(int, iso.groups())
    elif written := _DATE.fullmatch(text):
        day, month, year = map(int, written.groups())
    else:
        raise Wrong("Write the date as day, month and year, such as 23/11/2026.")
    try:
        found = date(year, month, day)
    except ValueError:
        raise Wrong("There is no such day in the calendar.") from None
    if found.year not in YEARS:
        raise Wrong("The year must be between %(low)s and %(high)s.", low=YEARS.start, high=YEARS.stop - 1)
    return found.isoformat()


def _time_of(text: str) -> str:
    if not (found := _TIME.fullmatch(text)):
        raise Wrong("Write the time as hours and minutes, such as 14:30.")
    try:
        hour, minute, second = (int(part or 0) for part in found.groups())
        return time(hour, minute, second).isoformat()
    except ValueError:
        raise Wrong("There is no such time of day.") from None


def _checkbox(_field: Field, raw: object, _options: Sequence[Option]) -> bool:
    if raw is None or isinstance(raw, bool):
        return bool(raw)
    if isinstance(raw, str) and raw.lower() in _TRUE | _FALSE:
        return raw.lower() in _TRUE
    raise Wrong("This must be yes or no.")


def _one(_field: Field, raw: object, options: Sequence[Option]) -> str | int | None:
    if raw is None or raw == "":
        return None
    return _chosen(raw, options)


def _some(_field: Field, raw: object, options: Sequence[Option]) -> list[str | int]:
    chosen = [_chosen(one, options) for one in _listed(raw) if one != ""]
    return [option.value for option in options if option.value in chosen]


def _chosen(raw: object, options: Sequence[Option]) -> str | int:
    if isinstance(raw, str | int) and not isinstance(raw, bool):
        for option in options:
            if raw in (option.value, str(option.value)):
                return option.value
    raise Wrong("Choose one of the options.")


def _files(field: Field, raw: object, _options: Sequence[Option]) -> list[str]:
    ids = list(dict.fromkeys(_file_id(one) for one in _listed(raw) if one != ""))
    if len(ids) > (MAX_FILES if field.multiple else 1):
        raise Wrong("Attach at most %(limit)s files.", limit=MAX_FILES if field.multiple else 1)
    return ids


def _file_id(raw: object) -> str:
    if not isinstance(raw, str) or not _FILE_ID.fullmatch(raw):
        raise Wrong("Attach the file again: it is not among those received.")
    return raw


def _listed(raw: object) -> list[object]:
    if raw is None:
        return []
    return list(raw) if isinstance(raw, list | tuple) else [raw]


_TYPED: dict[Kind, Callable[[Field, object, Sequence[Option]], object]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.NUMBER: _number,
    Kind.DATE_TIME: _date_time,
    Kind.CHECKBOX: _checkbox,
    Kind.RADIO: _one,
    Kind.SELECT: _one,
    Kind.CHECKLIST: _some,
    Kind.TAGLIST: _some,
    Kind.FILES: _files,
}
