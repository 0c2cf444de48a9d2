"""From a posted page to answers: names such as `findings-0-severity` become the shape of the form, nothing is judged yet.

What the form does not know stays in the answers under its own name, so that the check refuses it by that name. Names that
begin with one `_` belong to the page, as does the token against forged requests.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from werkzeug.datastructures import FileStorage, MultiDict

from engine.domain.errors import Invalid, Problem
from engine.forms import files as kinds
from engine.forms.checking import MAX_ROWS, path
from engine.forms.records import Field, Form, Kind, level

ROWS_BUTTON = "_rows"
PAGE_FIELDS = frozenset({"csrf_token"})
_OF_PAGE = re.compile(r"_[a-z]")
_MANY = frozenset({Kind.CHECKLIST, Kind.TAGLIST})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was posted. `media_type` is told by its content; where there is a `refusal` it may not be kept."""

    filename: str
    content: bytes
    media_type: str = ""
    refusal: Invalid | None = None


def posted(
    form: Form,
    fields: MultiDict[str, str],
    files: MultiDict[str, FileStorage],
    *,
    page_fields: Iterable[str] = PAGE_FIELDS,
) -> dict[str, object]:
    """The answers as typed, with an `Upload` for each new file, and rows added or taken away as the pressed button says."""
    reading = _Reading(fields, files)
    answers = reading.level(form.fields, "")
    for name in [*fields, *files]:
        if name not in reading.used and name not in page_fields and not _OF_PAGE.match(name):
            answers.setdefault(name, fields.get(name, ""))
    return answers


def rows_changed(fields: Mapping[str, str]) -> bool:
    """Whether the button pressed only adds or takes away a row: the page is shown again, nothing is checked or completed."""
    return ROWS_BUTTON in fields


def stored(
    answers: Mapping[str, object], store: Callable[[Upload], str]
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """The answers with each upload swapped for the id that `store` gives it, and what is wrong with those that are not kept."""
    problems: list[Problem] = []
    return {name: _stored(value, name, store, problems) for name, value in answers.items()}, tuple(problems)


def _stored(value: object, where: str, store: Callable[[Upload], str], problems: list[Problem]) -> object:
    if isinstance(value, Mapping):
        return {name: _stored(one, path(where, name), store, problems) for name, one in value.items()}
    if not isinstance(value, list):
        return value
    kept: list[object] = []
    for number, one in enumerate(value):
        if not isinstance(one, Upload):
            kept.append(_stored(one, f"{where}[{number}]", store, problems))
        elif one.refusal:
            problems.append(Problem(where, one.refusal.message, one.refusal.params))
        else:
            kept.append(store(one))
    return kept


def html_name(where: str) -> str:
    """The name and id that a field has on the page: `findings[0].severity` is `findings-0-severity`."""
    return re.sub(r"[\[\].]+", "-", where)


class _Reading:
    """Looks up what the form knows; `used` are the names it found a use for."""

    def __init__(self, fields: MultiDict[str, str], files: MultiDict[str, FileStorage]) -> None:
        self.fields = fields
        self.files = files
        self.used: set[str] = set()
        self.button = fields.get(ROWS_BUTTON, "")

    def level(self, fields: tuple[Field, ...], where: str) -> dict[str, object]:
        """The answers of one object; `where` has the row numbers that the page was shown with."""
        return {one.key: self._value(one, path(where, one.key)) for one in level(fields) if one.answered or one.fields}

    def _value(self, one: Field, where: str) -> object:
        if one.kind == Kind.GROUP:
            return self.level(one.fields, where)
        if one.kind == Kind.ROWS:
            return self._rows(one, where)
        name = html_name(where)
        self.used.add(name)
        if one.kind == Kind.FILES:
            return self._files(one, name)
        if one.kind in _MANY:
            return self.fields.getlist(name)
        return self.fields.get(name)

    def _rows(self, one: Field, where: str) -> list[object]:
        start = re.compile(re.escape(html_name(where)) + r"-(\d{1,4})-")
        found = {int(match[1]) for name in [*self.fields, *self.files] if (match := start.match(name))}
        rows: list[object] = []
        for number in sorted(found):
            self.used.add(f"{html_name(where)}-{number}-_row")
            row = self.level(one.fields, f"{where}[{number}]")
            if self.button != f"remove:{where}[{number}]":
                rows.append(row)
        if self.button == f"add:{where}" and len(rows) < MAX_ROWS:
            rows.append({})
        return rows

    def _files(self, one: Field, name: str) -> list[object]:
        """The files kept, then the new ones; where only one may be, the new one takes the old one's place."""
        self.used.add(f"{name}-keep")
        new: list[object] = [_upload(one, file) for file in self.files.getlist(name) if file.filename]
        return new if new and not one.multiple else [*self.fields.getlist(f"{name}-keep"), *new]


def _upload(one: Field, file: FileStorage) -> Upload:
    content = file.stream.read(kinds.MAX_BYTES + 1)
    name = kinds.shown_name(file.filename or "")
    try:
        return Upload(name, content, kinds.media_type(name, content, one.accept))
    except Invalid as refusal:
        return Upload(name, b"", refusal=refusal)
