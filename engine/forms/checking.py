"""Checking answers on the server: what comes out is plain JSON with only the form's own keys, or a list of problems."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from engine.domain.errors import Invalid, Problem
from engine.forms import scopes
from engine.forms.records import CHOICES, CONTAINERS, Field, Form, Kind, level
from engine.forms.values import Wrong, typed

MAX_ROWS = 200
SITE = "site"  # the name under which answers about a site tell which one

_REQUIRED = {
    Kind.CHECKBOX: "Tick the box to go on.",
    Kind.CHECKLIST: "Choose at least one option.",
    Kind.TAGLIST: "Choose at least one option.",
    Kind.RADIO: "Choose an option.",
    Kind.SELECT: "Choose an option.",
    Kind.FILES: "Attach a file.",
    Kind.DATE_TIME: "Write a date.",
    Kind.ROWS: "Add at least one entry.",
}


def check(
    form: Form, answers: Mapping[str, object], data: Mapping[str, object], *, now: datetime | None = None
) -> dict[str, object]:
    """The answers as they enter the case: typed, without what is hidden, with what is computed.

    `data` is what the case knows at this task; `now`, in the office's zone, is what expressions and dates compare with.

    Raises:
        Invalid: with every problem at once, each at its field (`findings[0].severity`).
    """
    checking = _Checking(data, now)
    values = checking.typed(form.fields, answers, "")
    checking.settle(form.fields, values, "", data)
    if checking.problems:
        raise Invalid("There is something to correct.", checking.problems)
    return _answered(values)


def typed_values(
    fields: tuple[Field, ...], answers: Mapping[str, object], data: Mapping[str, object], now: datetime | None = None
) -> dict[str, object]:
    """The answers of one level with their types, None where one is wrong: what the conditions of a half-filled page read."""
    return _Checking(data, now).typed(fields, answers, "")


def evidence_ids(form: Form, answers: Mapping[str, object]) -> tuple[str, ...]:
    """The ids of all attached files, in reading order, each once; whoever stores the answers checks that they are the case's."""
    return tuple(dict.fromkeys(_ids(form.fields, answers)))


def _ids(fields: tuple[Field, ...], answers: object) -> Iterator[str]:
    if not isinstance(answers, Mapping):
        return
    for one in level(fields):
        value = answers.get(one.key)
        if one.kind == Kind.ROWS and isinstance(value, list):
            for row in value:
                yield from _ids(one.fields, row)
        elif one.kind == Kind.GROUP:
            yield from _ids(one.fields, value)
        elif one.kind == Kind.FILES and one.answered and isinstance(value, list):
            yield from (each for each in value if isinstance(each, str))


def path(where: str, key: str) -> str:
    """The name of a field below this place, as problems give it."""
    return f"{where}.{key}" if where else key


class _Checking:
    """Two passes: first every answer gets its type, so that conditions can read it; then hidden ones leave, and rules speak."""

    def __init__(self, data: Mapping[str, object], now: datetime | None) -> None:
        self.data = data
        self.now = now
        self.problems: list[Problem] = []
        self.wrong: dict[str, Problem] = {}
        self.numbers: dict[str, list[int]] = {}  # which row of the page each kept row of a list was

    def typed(self, fields: tuple[Field, ...], raw: object, where: str) -> dict[str, object]:
        if raw is not None and not isinstance(raw, Mapping):
            self.problems.append(Problem(where, "This must be a group of answers."))
        answers = raw if isinstance(raw, Mapping) else {}
        known = {one.key: one for one in level(fields)}
        for name in answers:
            if name not in known:
                self.problems.append(Problem(path(where, str(name)[:80]), "The form has no such field."))
            elif not (known[name].answered or known[name].kind in CONTAINERS):
                self.problems.append(Problem(path(where, name), "This field cannot be changed."))
        return {
            key: self._value(one, answers.get(key), path(where, key))
            for key, one in known.items()
            if one.answered or one.kind in CONTAINERS
        }

    def _value(self, one: Field, raw: object, where: str) -> object:
        if one.kind == Kind.GROUP:
            return self._group(one, raw, where)
        if one.kind == Kind.ROWS:
            return self._rows(one, raw, where)
        try:
            return typed(one, raw, scopes.options(one, self.data, self.now) if one.kind in CHOICES else ())
        except Wrong as wrong:
            self.wrong[where] = wrong.at(where)
            return None

    def _group(self, one: Field, raw: object, where: str) -> dict[str, object]:
        """The answers of a group; those about a site say which, so that whoever reads them need not know its key."""
        if not one.site:
            return self.typed(one.fields, raw, where)
        given = {key: value for key, value in raw.items() if key != SITE} if isinstance(raw, Mapping) else raw
        return {**self.typed(one.fields, given, where), SITE: one.site}

    def _rows(self, one: Field, raw: object, where: str) -> list[object]:
        if raw is not None and not isinstance(raw, list | tuple):
            self.wrong[where] = Problem(where, "This must be a list.")
            return []
        rows = raw or ()
        if one.fixed and (wanted := self._held(where)) is not None and len(rows) != wanted:
            self.wrong[where] = Problem(where, "Each entry needs its answer: there are %(count)s.", {"count": wanted})
            return []
        if len(rows) > MAX_ROWS:
            self.wrong[where] = Problem(where, "Write at most %(limit)s entries.", {"limit": MAX_ROWS})
            return []
        kept: list[object] = []
        self.numbers[where] = []
        for number, row in enumerate(rows):
            before = len(self.wrong) + len(self.problems)
            values = self.typed(one.fields, row, f"{where}[{number}]")
            if one.fixed or not blank(values) or len(self.wrong) + len(self.problems) > before:
                kept.append(values)
                self.numbers[where].append(number)
        return kept

    def _held(self, where: str) -> int | None:
        """How many rows the case holds for a list to which nobody adds any: none may be passed over."""
        held = self.data.get(where)
        return len(held) if isinstance(held, list) else None

    def settle(
        self, fields: tuple[Field, ...], values: dict[str, object], where: str, scope: Mapping[str, object]
    ) -> None:
        for one in fields:
            if scopes.hidden(one, {**scope, **values} if one.hide else scope, self.now):
                _drop(one, values)
            elif one.kind == Kind.GROUP and not one.key:
                self.settle(one.fields, values, where, scope)
            elif one.kind in CONTAINERS:
                self._settle_inside(one, values, path(where, one.key), {**scope, **values})
            elif one.expression:
                values[one.key] = scopes.value_of(one.expression, {**scope, **values}, self.now)
            elif one.answered:
                self._keep_rules(one, values, path(where, one.key), scope)

    def _settle_inside(self, one: Field, values: dict[str, object], where: str, scope: Mapping[str, object]) -> None:
        inside = values[one.key]
        if isinstance(inside, dict):
            self.settle(one.fields, inside, where, scope)
            return
        if where in self.wrong:
            self.problems.append(self.wrong[where])
        elif one.rules.required and not inside:
            self.problems.append(Problem(where, _REQUIRED[Kind.ROWS]))
        rows = inside if isinstance(inside, list) else []
        for index, (number, row) in enumerate(zip(self.numbers.get(where, ()), rows, strict=True)):
            self.settle(one.fields, row, f"{where}[{number}]", scopes.row_scope(scope, row, index))

    def _keep_rules(self, one: Field, values: dict[str, object], where: str, scope: Mapping[str, object]) -> None:
        value = values[one.key]
        if where in self.wrong:
            self.problems.append(self.wrong[where])
        elif blank(value):
            if required(one, {**scope, **values} if one.rules.required_if else scope, self.now):
                self.problems.append(Problem(where, _REQUIRED.get(one.kind, "Answer this question.")))
        elif one.rules.no_past and self.now and str(value) < self.now.isoformat()[: len(str(value))]:
            self.problems.append(Problem(where, "The date must not lie in the past."))


def required(one: Field, scope: Mapping[str, object], now: datetime | None = None) -> bool:
    """Whether this field must be answered, as things stand."""
    return one.rules.required or (
        one.rules.required_if is not None and scopes.value_of(one.rules.required_if, scope, now) is True
    )


def blank(value: object) -> bool:
    """Whether nothing was answered, all the way down."""
    if isinstance(value, Mapping):
        return all(map(blank, value.values()))
    if isinstance(value, list):
        return all(map(blank, value))
    return value is None or value is False or value == ""


def _answered(values: dict[str, object]) -> dict[str, object]:
    """The values without groups that ask nothing: an empty group would wipe what the case holds under its name."""
    kept = {key: _answered(value) if isinstance(value, dict) else value for key, value in values.items()}
    return {key: value for key, value in kept.items() if value != {}}


def _drop(one: Field, values: dict[str, object]) -> None:
    for each in level((one,)):
        values.pop(each.key, None)
