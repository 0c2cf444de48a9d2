"""One form as one reader sees it: their language, what the case knows, what is wrong."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.domain.errors import Problem
from engine.forms import scopes
from engine.forms.checking import path, typed_values
from engine.forms.records import CHOICES, Field, Form, Kind, Option, Wording, at
from web.forms import shown
from web.forms.posting import html_name
from web.forms.views import Entry, FileView

NOTHING: Mapping[str, object] = {}
NO_FILES: Mapping[str, FileView] = {}


@dataclass(frozen=True, slots=True)
class Level:
    """The fields that write to one object, the object, where it stands, and what expressions in it see."""

    fields: tuple[Field, ...]
    values: Mapping[str, object]
    where: str
    scope: Mapping[str, object]
    depth: int = 1

    def place(self, one: Field) -> str:
        """Where this field's answer stands."""
        return path(self.where, one.key) if one.key else self.where

    def of(self, one: Field) -> "Level":
        """The same object, seen from a group that adds no level to it."""
        return replace(self, fields=one.fields, depth=self.depth + bool(one.label))


@dataclass(frozen=True, slots=True)
class Page:
    """What every part of the page is built with."""

    form: Form
    language: str
    data: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, FileView] = field(default_factory=dict)
    now: datetime | None = None
    problems: Mapping[str, Problem] = field(default_factory=dict)

    def top(self, values: Mapping[str, object]) -> Level:
        """The whole form."""
        return self.level(self.form.fields, values, "", self.data, 1)

    def inside(self, outer: Level, one: Field, values: Mapping[str, object]) -> Level:
        """What a group holds: its own object, or the outer one."""
        if not one.key:
            return outer.of(one)
        value = values.get(one.key)
        inner = value if isinstance(value, Mapping) else NOTHING
        return self.level(one.fields, inner, outer.place(one), outer.scope, outer.depth + bool(one.label))

    def rows(self, outer: Level, one: Field) -> list[Level]:
        """What each row of a list holds."""
        listed = outer.values.get(one.key)
        return [
            self.level(
                one.fields,
                row,
                f"{outer.place(one)}[{index}]",
                scopes.row_scope(outer.scope, row, index),
                outer.depth + 1,
            )
            for index, row in enumerate(listed if isinstance(listed, list) else ())
            if isinstance(row, Mapping)
        ]

    def level(
        self,
        fields: tuple[Field, ...],
        values: Mapping[str, object],
        where: str,
        outer: Mapping[str, object],
        depth: int,
    ) -> Level:
        """An object; its answers get their types, so that conditions can compare them."""
        typed = typed_values(fields, values, self.data, self.now)
        return Level(fields, values, where, {**outer, **typed}, depth)

    def hidden(self, one: Field, scope: Mapping[str, object]) -> bool:
        """Whether the field is left out, as the answers stand."""
        return scopes.hidden(one, scope, self.now)

    def said(self, wording: Wording, scope: Mapping[str, object]) -> str:
        """The words in the reader's language, with what they insert from the case."""
        return shown.inserted(wording.said(self.language), scope, self.language, self.now)

    def choices(self, one: Field) -> Sequence[Option]:
        """The options of a choice; none of anything else."""
        return scopes.options(one, self.data, self.now) if one.kind in CHOICES else ()

    def entry(self, one: Field, value: object, scope: Mapping[str, object], name: str = "") -> Entry:
        """An answer to read."""
        label = self.said(one.label, scope)
        if one.kind == Kind.CHECKBOX or isinstance(value, bool):
            return Entry(label, name=name, yes=value is True)
        if one.kind == Kind.FILES:
            return Entry(label, files=shown.file_views(value, self.files), name=name)
        options = scopes.read_options(one, self.data, self.now) if one.kind in CHOICES else ()
        return Entry(label, lines=shown.lines(one, value, options, self.language), name=name)

    def known(self, one: Field, scope: Mapping[str, object]) -> object:
        """The value of a field that nobody fills in here."""
        if one.expression:
            return scopes.value_of(one.expression, scope, self.now)
        return at(self.data, one.source) if one.source else scope.get(one.key, one.default)


def anchor(one: Field, place: str) -> str:
    """The id of a group's heading; the beginning keeps it apart from the names of questions."""
    return f"section-{html_name(place if one.key else path(place, one.id))}"
