"""Values as a reader sees them: dates written out, choices by their labels, files by their names."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from babel.dates import format_date
from babel.numbers import format_decimal

from engine import feel
from engine.forms import scopes
from engine.forms.records import CHOICES, Field, Kind, Option
from web.forms.views import FileView, Words

# El Salvador writes 1,500.25 and "23 de noviembre de 2026".
LOCALES = {"es": "es_SV", "en": "en"}
_DAY = {"es": "d 'de' MMMM 'de' y", "en": "d MMMM y"}
_INSERTED = re.compile(r"\{\{(.{1,500}?)\}\}")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_DATE_WITHIN = re.compile(r"(?<![\w-])\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?(?![\w-])")


def file_views(value: object, files: Mapping[str, FileView]) -> tuple[FileView, ...]:
    """The kept files of an answer; one whose name is not known is shown by its id."""
    ids = [one for one in value if isinstance(one, str) and one] if isinstance(value, list) else []
    return tuple(files.get(one, FileView(one, one)) for one in ids)


def in_input(one: Field, value: object) -> str:
    """The value as it stands in its input: a date as day/month/year, whatever else as it was typed."""
    if value is None or isinstance(value, bool | list | dict):
        return ""
    text = str(value)
    if one.kind != Kind.DATE_TIME or not (found := _ISO_DATE.match(text)):
        return text
    year, month, day = found.groups()
    clock = text[len(found[0]) :].lstrip("T ").removesuffix(":00")
    return f"{day}/{month}/{year} {clock}".strip()


def lines(one: Field, value: object, options: Sequence[Option], language: str) -> tuple[str, ...]:
    """The lines of an answer as it is read; none where nothing was answered."""
    if value is None or value == "":
        return ()
    if one.kind in CHOICES:
        labels = {str(option.value): option.label.said(language) for option in options}
        return tuple(labels.get(str(each), str(each)) for each in (value if isinstance(value, list) else [value]))
    if isinstance(value, list):
        return tuple(str(each) for each in value)
    if one.kind == Kind.NUMBER:
        return (_affixed(one, _number(value, language), language),)
    if one.kind in (Kind.DATE_TIME, Kind.COMPUTED):
        return (_written_out(str(value), language),)
    return tuple(str(value).splitlines())


def inserted(text: str, scope: Mapping[str, object], language: str, now: datetime | None = None) -> str:
    """The text with every `{{expression}}` worked out, or all of it where it begins with `=`; dates written out."""
    if text.startswith("="):
        return _worked_out(text[1:], scope, language, now)
    return _INSERTED.sub(lambda found: _worked_out(found[1], scope, language, now), text)


def _worked_out(text: str, scope: Mapping[str, object], language: str, now: datetime | None) -> str:
    """What cannot be worked out leaves nothing: the sentence around it can still be read."""
    try:
        value = scopes.value_of(feel.compile(text), scope, now)
    except feel.FeelError:
        return ""
    return ", ".join(_DATE_WITHIN.sub(lambda found: _written_out(found[0], language), one) for one in _said(value))


def _said(value: object) -> list[str]:
    """The words of a value; of a list and of a table (an answer with fields of its own) those of each part."""
    if isinstance(value, list | dict):
        return [word for one in (value.values() if isinstance(value, dict) else value) for word in _said(one)]
    return [] if value is None or value == "" else [str(value)]


def words(text: str) -> tuple[Words, ...]:
    """The blocks of an explanatory text: paragraphs, `#` headings, `-` lists; `**` sets words off."""
    found: list[Words] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        lines = tuple(line.strip() for line in block.splitlines() if line.strip())
        if lines and all(line.startswith(("- ", "* ")) for line in lines):
            found.append(Words("list", tuple(_parts(line[2:]) for line in lines)))
        elif lines and lines[0].startswith("#"):
            found.append(Words("heading", (_parts(lines[0].lstrip("# ")),)))
            found += [Words("paragraph", tuple(map(_parts, lines[1:])))] if lines[1:] else []
        elif lines:
            found.append(Words("paragraph", tuple(map(_parts, lines))))
    return tuple(found)


def _parts(line: str) -> tuple[str, ...]:
    return tuple(line.split("**"))


def _affixed(one: Field, text: str, language: str) -> str:
    return " ".join(part for part in (one.prefix.said(language), text, one.suffix.said(language)) if part)


def _number(value: object, language: str) -> str:
    try:
        return format_decimal(Decimal(str(value)), locale=LOCALES.get(language, "es_SV"), decimal_quantization=False)
    except InvalidOperation:
        return str(value)


def _written_out(text: str, language: str) -> str:
    """A date in words, with its time of day; what is no date stays as it is."""
    try:
        moment = datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return text
    day = format_date(moment, _DAY.get(language, _DAY["es"]), locale=LOCALES.get(language, "es_SV"))
    return f"{day}, {moment:%H:%M}" if isinstance(moment, datetime) else day
