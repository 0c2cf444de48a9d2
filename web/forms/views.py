"""What the template of a form shows: frozen records, in the reader's language, with nothing left to decide."""

from dataclasses import dataclass, field

from engine.domain.errors import Problem

LINE = 60  # letters in a line of choices
GAP = 6  # a radio button takes the room of so many


@dataclass(frozen=True, slots=True)
class OptionView:
    """One choice of a question."""

    value: str
    text: str
    hint: str
    chosen: bool

    @property
    def params(self) -> dict[str, object]:
        """The choice as GOV.UK's components take it."""
        hint = {"text": self.hint} if self.hint else None
        chosen = {"checked": self.chosen, "selected": self.chosen}
        return {"value": self.value, "text": self.text, "hint": hint, **chosen}


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that is already kept; without `href` it can be named but not opened here."""

    id: str
    name: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """A question that is asked only after certain answers to another.

    The page's script reads `name` and `values` and shows it in time; without the script it always shows, and `asked` and
    `answers` (the other question and those answers, in words) say when it counts. A box that is ticked has no words.
    """

    name: str
    values: tuple[str, ...]
    asked: str
    answers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph, heading or list of an explanatory text; of the parts of a line every second one is set off."""

    kind: str  # "paragraph", "heading", "list"
    lines: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer to read: its lines, or its files; `name` is the place to change it."""

    label: str
    lines: tuple[str, ...] = ()
    files: tuple[FileView, ...] = ()
    name: str = ""
    yes: bool | None = None  # an answer whose word the template knows


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a repeated group, numbered from 1; `remove` is the value of the button that takes it away."""

    number: int
    name: str
    remove: str
    items: tuple["Item", ...]


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the page. `kind` names the macro that shows it, `name` is both its id and the name it is posted by."""

    kind: str
    name: str = ""
    label: str = ""
    hint: str = ""
    problem: Problem | None = None
    value: str = ""
    optional: bool = False
    options: tuple[OptionView, ...] = ()
    files: tuple[FileView, ...] = ()
    accept: str = ""
    multiple: bool = False
    prefix: str = ""
    suffix: str = ""
    inputmode: str = ""
    subtype: str = ""
    words: tuple[Words, ...] = ()
    entries: tuple[Entry, ...] = ()
    items: tuple["Item", ...] = ()
    rows: tuple[Row, ...] = ()
    add: str = ""
    row: str = ""
    depth: int = 1
    condition: Condition | None = None
    decided: str = (
        ""  # hangs on more than one listed question: the name under which the server tells whether it is asked
    )
    away: bool = False  # it is not, as the answers stand

    @property
    def choices(self) -> list[dict[str, object]]:
        """The options as GOV.UK's components take them."""
        return [option.params for option in self.options]

    @property
    def inline(self) -> bool:
        """Whether the choices are few and short enough to stand in one line."""
        return sum(len(option.text) + GAP for option in self.options) <= LINE and not any(o.hint for o in self.options)

    @property
    def input_type(self) -> str:
        """What a browser may know of the value; dates stay text, so that every browser takes day/month/year."""
        return {"email": "email", "phone": "tel"}.get(self.subtype, "text")


@dataclass(frozen=True, slots=True)
class Content:
    """A line of the list of contents: a section, how many of its required questions are open, how many are wrong."""

    name: str
    label: str
    open: int
    wrong: int


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line of the error summary; without `name` the problem belongs to no field of the page."""

    label: str
    problem: Problem
    name: str = ""


@dataclass(frozen=True, slots=True)
class FormView:
    """A form ready to be shown: `form_fields(view)`, `form_errors(view)` and `form_contents(view)` take it."""

    language: str
    items: tuple[Item, ...]
    problems: tuple[Wrong, ...] = ()
    contents: tuple[Content, ...] = ()
    has_files: bool = False


@dataclass(frozen=True, slots=True)
class AnswersSection:
    """Answers to read under one heading; a heading may be empty."""

    label: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class AnswersView:
    """Given answers, to read: `form_answers(view)` takes it."""

    language: str
    sections: tuple[AnswersSection, ...] = field(default_factory=tuple)
