"""What a form shows before anybody types: the draft, else what the case already knows (WCAG 2.2, 3.3.7 Redundant Entry)."""

from collections.abc import Mapping

from engine.forms.records import Field, Form, Kind, level

_NOTHING: Mapping[str, object] = {}


def prefilled(form: Form, answers: Mapping[str, object], data: Mapping[str, object]) -> dict[str, object]:
    """A value for every field that can be answered: as typed in `answers`, else from the case, else the form's default."""
    return _level(form.fields, answers, data)


def _level(fields: tuple[Field, ...], answers: object, data: object) -> dict[str, object]:
    typed = answers if isinstance(answers, Mapping) else _NOTHING
    known = data if isinstance(data, Mapping) else _NOTHING
    return {one.key: _value(one, typed, known) for one in level(fields) if one.answered or one.fields}


def _value(one: Field, typed: Mapping[str, object], known: Mapping[str, object]) -> object:
    if one.kind == Kind.GROUP:
        return _level(one.fields, typed.get(one.key), known.get(one.key))
    value = typed[one.key] if one.key in typed else known.get(one.key, one.default)
    if one.kind == Kind.ROWS:
        rows = value if isinstance(value, list) else [_NOTHING] * one.rows
        return [_level(one.fields, row, _NOTHING) for row in rows]
    return value
