"""What a form computes while it is filled in or shown: hidden fields, options from data, computed values."""

from collections.abc import Mapping
from datetime import datetime

from engine import feel
from engine.forms.reading import MAX_OPTIONS, option_of
from engine.forms.records import Field, Option, at


def hidden(field: Field, scope: Mapping[str, object], now: datetime | None = None) -> bool:
    """Whether the hide condition holds. One that cannot be worked out hides nothing: a question too many can be answered."""
    return field.hide is not None and value_of(field.hide, scope, now) is True


def value_of(expression: feel.Expression, scope: Mapping[str, object], now: datetime | None = None) -> object:
    """The result as JSON, or None where the expression cannot be worked out from these values."""
    try:
        return feel.to_json(expression(scope, now=now))
    except feel.FeelError:
        return None


def options(field: Field, data: Mapping[str, object], now: datetime | None = None) -> tuple[Option, ...]:
    """The options of a choice, those from the case data included."""
    choices = field.choices
    if choices.expression:
        listed = value_of(choices.expression, data, now)
    elif choices.data_key:
        listed = at(data, tuple(choices.data_key.split(".")))
    else:
        return choices.written
    return _listed(listed)


def read_options(field: Field, data: Mapping[str, object], now: datetime | None = None) -> tuple[Option, ...]:
    """The options of a choice with those that earlier answers may name and nobody can choose any more."""
    read = field.choices.read
    earlier = _listed(value_of(read, data, now)) if read else ()
    return (*earlier, *options(field, data, now))


def _listed(values: object) -> tuple[Option, ...]:
    found = [option for option in map(option_of, values) if option] if isinstance(values, list) else []
    return tuple({str(option.value): option for option in found[:MAX_OPTIONS]}.values())


def row_scope(scope: Mapping[str, object], row: Mapping[str, object], index: int) -> dict[str, object]:
    """What expressions in a repeated row see: all around it, its own values, and `this`, `parent` and `i` (from 1)."""
    return {**scope, **row, "this": dict(row), "parent": dict(scope), "i": index + 1}
