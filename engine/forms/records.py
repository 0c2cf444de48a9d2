"""What a form is once it has been read: frozen records, every expression compiled, every word in both languages."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from engine import feel
from engine.forms.patterns import Pattern


class Kind(StrEnum):
    """The components that this house shows; the names are those of form-js."""

    TEXT = "textfield"
    LONG_TEXT = "textarea"
    NUMBER = "number"
    DATE_TIME = "datetime"
    CHECKBOX = "checkbox"
    CHECKLIST = "checklist"
    RADIO = "radio"
    SELECT = "select"
    TAGLIST = "taglist"
    FILES = "filepicker"
    COMPUTED = "expression"
    GROUP = "group"
    ROWS = "dynamiclist"
    WORDS = "text"
    SEPARATOR = "separator"
    SPACER = "spacer"


CONTAINERS = frozenset({Kind.GROUP, Kind.ROWS})
CHOICES = frozenset({Kind.CHECKLIST, Kind.RADIO, Kind.SELECT, Kind.TAGLIST})
SILENT = frozenset({Kind.WORDS, Kind.SEPARATOR, Kind.SPACER})


@dataclass(frozen=True, slots=True)
class Wording:
    """One text in both languages; Spanish stands in where the English is missing."""

    es: str = ""
    en: str = ""

    def __bool__(self) -> bool:
        return bool(self.es or self.en)

    def said(self, language: str) -> str:
        """The text in this language, or in the other one if there is none."""
        return (self.en or self.es) if language == "en" else (self.es or self.en)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice; `value` is what the answers hold."""

    value: str | int
    label: Wording
    description: Wording = field(default_factory=Wording)


@dataclass(frozen=True, slots=True)
class Rules:
    """What an answer must keep. `required_if` is FEEL over the same names as a hide condition."""

    required: bool = False
    required_if: feel.Expression | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: Pattern | None = None
    pattern_hint: Wording = field(default_factory=Wording)
    shape: str = ""  # "email" or "phone"
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    digits: int | None = None  # decimal places; None: any
    no_past: bool = False


@dataclass(frozen=True, slots=True)
class Choices:
    """Where the options of a choice come from: written in the form, a list in the case data, or FEEL.

    `read` (FEEL) gives those that can no longer be chosen but are still read in earlier answers.
    """

    written: tuple[Option, ...] = ()
    data_key: str = ""
    expression: feel.Expression | None = None
    read: feel.Expression | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """One component. Containers carry `fields`; a container without `key` adds no level to the answers.

    `source` names the place in the case data that a read-only field shows.
    """

    kind: Kind
    id: str
    key: str = ""
    label: Wording = field(default_factory=Wording)
    description: Wording = field(default_factory=Wording)
    rules: Rules = field(default_factory=Rules)
    choices: Choices = field(default_factory=Choices)
    hide: feel.Expression | None = None
    readonly: bool = False
    source: tuple[str, ...] = ()
    default: object = None
    subtype: str = "date"  # of a DATE_TIME: date, time, datetime
    prefix: Wording = field(default_factory=Wording)
    suffix: Wording = field(default_factory=Wording)
    accept: tuple[str, ...] = ()  # of FILES: endings such as ".pdf"; empty: every kind that files.py knows
    multiple: bool = False
    expression: feel.Expression | None = None
    words: Wording = field(default_factory=Wording)
    fields: tuple["Field", ...] = ()
    rows: int = 1  # of ROWS: how many an empty list shows
    fixed: bool = False  # of ROWS: nobody adds or takes away rows
    row: Wording = field(default_factory=Wording)  # of ROWS: what one of them is called
    section: bool = False  # of a GROUP: has a heading of its own in the list of contents
    site: str = ""  # of a GROUP: the name of the site that it asks about, kept among its answers as `site`

    @property
    def answered(self) -> bool:
        """Whether a person gives this field a value."""
        return (
            self.kind not in SILENT and self.kind not in CONTAINERS and self.kind != Kind.COMPUTED and not self.readonly
        )


@dataclass(frozen=True, slots=True)
class Form:
    """A form as published: `id` names its file, `fields` are in the order of reading.

    `by_programme`: what it asks depends on the programme, types and sites of the case.
    """

    id: str
    fields: tuple[Field, ...]
    title: Wording = field(default_factory=Wording)
    by_programme: bool = False

    def walk(self) -> Iterator[Field]:
        """Every field, containers before what they contain."""
        return _walk(self.fields)


def _walk(fields: tuple[Field, ...]) -> Iterator[Field]:
    for one in fields:
        yield one
        yield from _walk(one.fields)


def level(fields: tuple[Field, ...]) -> Iterator[Field]:
    """The fields that write to the same object: a group without a path adds no level of its own."""
    for one in fields:
        if one.key:
            yield one
        elif one.kind == Kind.GROUP:
            yield from level(one.fields)


def at(data: Mapping[str, object], path: tuple[str, ...]) -> object:
    """The value at this path of nested objects, or None."""
    value: object = data
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value
