"""Answers to read: before they are sent, and ever after in the history."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from engine.forms.records import Form, Kind
from web.forms.page import NO_FILES, NOTHING, Level, Page
from web.forms.posting import html_name
from web.forms.views import AnswersSection, AnswersView, Entry, FileView


def answers_view(
    form: Form,
    answers: Mapping[str, object],
    language: str = "es",
    *,
    data: Mapping[str, object] = NOTHING,
    files: Mapping[str, FileView] = NO_FILES,
    now: datetime | None = None,
) -> AnswersView:
    """The given answers, section by section; what was not asked (hidden, or unknown then) is left out."""
    page = Page(form, language, data, files, now)
    sections = _sections(page, page.top(answers), "")
    return AnswersView(language, tuple(one for one in sections if one.entries))


def _sections(page: Page, here: Level, heading: str) -> Iterator[AnswersSection]:
    """The answers of one object, then those of each object inside it."""
    entries: list[Entry] = []
    later: list[AnswersSection] = []
    for one in here.fields:
        label = page.said(one.label, here.scope)
        if one.kind == Kind.GROUP and (not one.key or one.key in here.values):
            later += _sections(page, page.inside(here, one, here.values), label or heading)
        elif one.kind == Kind.ROWS:
            called = one.row.said(page.language) or label
            for number, row in enumerate(page.rows(here, one), start=1):
                later += _sections(page, row, f"{called} {number}".strip())
        elif one.key and one.key in here.values:
            name = html_name(here.place(one)) if one.answered else ""
            entries.append(page.entry(one, here.values[one.key], here.scope, name))
    yield AnswersSection(heading, tuple(entries))
    yield from later
