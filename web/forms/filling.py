"""The form to fill in: every question with its answer so far and its problem, hidden ones left out."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine.domain.errors import Problem
from engine.forms import prefilled
from engine.forms.checking import path
from engine.forms.records import Field, Form, Kind, level
from web.forms import contents, shown
from web.forms.page import NO_FILES, NOTHING, Level, Page, anchor
from web.forms.posting import html_name
from web.forms.views import Condition, Entry, FileView, FormView, Item, OptionView, Row

_LISTED = frozenset({Kind.RADIO, Kind.SELECT})
_MACROS = {Kind.TAGLIST: "checklist", Kind.NUMBER: "textfield", Kind.DATE_TIME: "textfield"}


def view(
    form: Form,
    answers: Mapping[str, object],
    problems: Sequence[Problem] = (),
    language: str = "es",
    *,
    data: Mapping[str, object] = NOTHING,
    files: Mapping[str, FileView] = NO_FILES,
    now: datetime | None = None,
) -> FormView:
    """The form to fill in. `answers` are a draft or what was just posted, `data` what the case knows at this task.

    `files` name the evidence that answers may hold, by id; `now` is in the office's zone.
    """
    page = Page(form, language, data, files, now, {problem.where: problem for problem in reversed(problems)})
    top = page.top(prefilled(form, answers, data))
    items = _Filling(page).items(top)
    return FormView(
        language,
        items,
        tuple(contents.summary(items, page.problems)),
        contents.sections(page, top),
        any(one.kind == Kind.FILES and one.answered for one in form.walk()),
    )


def away(
    form: Form, answers: Mapping[str, object], *, data: Mapping[str, object] = NOTHING, now: datetime | None = None
) -> list[str]:
    """The names of what is not asked, as the answers of a half-filled page stand, where only the server can tell."""
    page = Page(form, "es", data, NO_FILES, now)
    return list(_away(_Filling(page).items(page.top(prefilled(form, answers, data)))))


def _away(items: tuple[Item, ...]) -> Iterator[str]:
    for one in items:
        if one.away:
            yield one.decided
        yield from _away(one.items)
        for row in one.rows:
            yield from _away(row.items)


class _Filling:
    """One walk over the page's form."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.keys = frozenset(one.key for one in page.form.walk() if one.key and one.answered)

    def items(self, here: Level) -> tuple[Item, ...]:
        return tuple(_joined(self._shown(here)))

    def _shown(self, here: Level) -> Iterator[Item]:
        for one in here.fields:
            # What hangs on answers that this very page asks for is shown: without a script nobody could ask for it.
            depends = one.hide is not None and bool(one.hide.names & self.keys)
            hidden = self.page.hidden(one, here.scope)
            if depends or not hidden:
                condition = self._condition(one, here) if depends else None
                item = self._item(one, here, condition)
                told = depends and condition is None
                yield replace(item, decided=_told_by(one, here), away=hidden) if told else item

    def _item(self, one: Field, here: Level, condition: Condition | None) -> Item:
        if one.kind == Kind.GROUP:
            return self._group(one, here, condition)
        if one.kind == Kind.ROWS:
            return self._rows(one, here, condition)
        if one.kind == Kind.WORDS:
            blocks = shown.words(self.page.said(one.words, here.scope))
            return Item("words", words=blocks, depth=here.depth, condition=condition)
        if one.kind in (Kind.SEPARATOR, Kind.SPACER):
            return Item(one.kind.value)
        if not one.answered:
            entry = self.page.entry(one, self.page.known(one, here.scope), here.scope)
            return Item("shown", entries=(entry,), condition=condition)
        return self._question(one, here, condition)

    def _group(self, one: Field, here: Level, condition: Condition | None) -> Item:
        headed = one.section or any(each.section for each in one.fields)
        return Item(
            "section" if headed else "group",
            anchor(one, here.place(one)),
            self.page.said(one.label, here.scope),
            self.page.said(one.description, here.scope),
            items=self.items(self.page.inside(here, one, here.values)),
            depth=here.depth,
            condition=condition,
        )

    def _rows(self, one: Field, here: Level, condition: Condition | None) -> Item:
        rows = [
            Row(number, html_name(row.where).rstrip("-"), f"remove:{row.where}", self.items(row))
            for number, row in enumerate(self.page.rows(here, one), start=1)
        ]
        place = here.place(one)
        return Item(
            "rows",
            html_name(place),
            self.page.said(one.label, here.scope),
            self.page.said(one.description, here.scope),
            self.page.problems.get(place),
            rows=tuple(rows),
            add="" if one.fixed else f"add:{place}",
            row=one.row.said(self.page.language),
            depth=here.depth,
            condition=condition,
        )

    def _question(self, one: Field, here: Level, condition: Condition | None) -> Item:
        place, value = here.place(one), here.values.get(one.key)
        hints = (self.page.said(hint, here.scope) for hint in (one.description, one.rules.pattern_hint) if hint)
        return Item(
            _MACROS.get(one.kind, one.kind.value),
            html_name(place),
            self.page.said(one.label, here.scope),
            " ".join(hints),
            self.page.problems.get(place),
            "true" if value is True or value == "true" else shown.in_input(one, value),
            optional=not one.rules.required and one.rules.required_if is None and one.kind != Kind.CHECKBOX,
            options=tuple(self._options(one, value)),
            files=shown.file_views(value, self.page.files) if one.kind == Kind.FILES else (),
            accept=", ".join(one.accept),
            multiple=one.multiple,
            prefix=one.prefix.said(self.page.language),
            suffix=one.suffix.said(self.page.language),
            inputmode=_inputmode(one),
            subtype=one.subtype if one.kind == Kind.DATE_TIME else one.rules.shape,
            condition=condition,
        )

    def _options(self, one: Field, value: object) -> Iterator[OptionView]:
        chosen = {str(each) for each in (value if isinstance(value, list) else [value]) if each is not None}
        for option in self.page.choices(one):
            text, hint = option.label.said(self.page.language), option.description.said(self.page.language)
            yield OptionView(str(option.value), text, hint, str(option.value) in chosen)

    def _condition(self, one: Field, here: Level) -> Condition | None:
        """The answers to one listed question that show this one; None where it hangs on more, and then it always shows."""
        names = one.hide.names & self.keys if one.hide else frozenset()
        asked = next((each for each in level(here.fields) if each.key in names), None)
        if len(names) != 1 or asked is None:
            return None
        if asked.kind == Kind.CHECKBOX:
            answers: list[tuple[str, object, str]] = [("true", True, ""), ("", False, "")]
        elif asked.kind in _LISTED:
            options = self.page.choices(asked)
            answers = [(str(one.value), one.value, one.label.said(self.page.language)) for one in options]
            answers.insert(0, ("", None, ""))
        else:
            return None
        showing = [answer for answer in answers if not self.page.hidden(one, {**here.scope, asked.key: answer[1]})]
        return Condition(
            html_name(path(here.where, asked.key)),
            tuple(text for text, _, _ in showing),
            self.page.said(asked.label, here.scope),
            tuple(label for _, _, label in showing if label),
        )


def _told_by(one: Field, here: Level) -> str:
    return html_name(path(here.where, one.key or one.id))


def _inputmode(one: Field) -> str:
    if one.kind == Kind.NUMBER:
        return "numeric" if one.rules.digits == 0 else "decimal"
    return {"email": "email", "phone": "tel"}.get(one.rules.shape, "")


def _joined(items: Iterator[Item]) -> Iterator[Item]:
    """Neighbouring things to read become one list."""
    waiting: list[Entry] = []
    for one in items:
        if one.kind == "shown" and one.condition is None and not one.decided:
            waiting += one.entries
            continue
        if waiting:
            yield Item("shown", entries=tuple(waiting))
            waiting = []
        yield one
    if waiting:
        yield Item("shown", entries=tuple(waiting))
