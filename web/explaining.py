"""How a decision was made, as lines of text for a terminal."""

from collections.abc import Iterator

from engine import feel
from engine.decisions import Explained, Model
from engine.decisions.told import Matched, Seen, Step
from web import rule_words
from web.i18n import gettext


def lines(model: Model, found: Explained) -> Iterator[str]:
    """The answer first, then each step that led to it, the last one first."""
    yield gettext("It found: %(value)s.", value=_value(found.value))
    for step in reversed(found.steps):
        yield ""
        yield f"{model.decisions[step.decision].name}: {_value(step.value)}"
        yield from (f"  {line}" for line in (_table(step) if step.kind == "table" else _box(step)))


def _table(step: Step) -> Iterator[str]:
    if len(step.chosen) == 1:
        yield gettext("Rule %(number)s answered.", number=step.chosen[0])
    elif step.chosen:
        yield gettext("The rules %(numbers)s answered.", numbers=", ".join(map(str, step.chosen)))
    elif step.default:
        yield gettext("No rule matched: the default value answered.")
    else:
        yield gettext("No rule matched, and there is no default value.")
    yield gettext(rule_words.POLICIES[step.policy])
    for rule in step.matched:
        yield from _matched(rule)
    for one in step.missed:
        said = {"number": one.number, "column": one.column, "value": _value(one.value), "test": one.test}
        yield gettext("Rule %(number)s did not fit: %(column)s is %(value)s, and it asks for %(test)s.", **said)
    left_out = step.more_matched + step.more_missed + step.unasked
    if left_out:
        yield gettext("Rules that are not listed: %(number)s.", number=left_out)


def _matched(rule: Matched) -> Iterator[str]:
    notes = "".join(f" «{note}»" for note in rule.notes)
    yield f"{gettext('Rule %(number)s', number=rule.number)}{notes}"
    for cell in rule.because:
        yield f"  {cell.column} = {_value(cell.value)}: {cell.test}"
    for column, answer in rule.answers.items():
        yield f"  → {column} = {_value(answer)}"


def _box(step: Step) -> Iterator[str]:
    if step.text:
        yield step.text
    for one in (*step.entries, *step.inputs):
        yield _seen(one)


def _seen(one: Seen) -> str:
    return f"{one.name} = {_value(one.value)}" + (f" ({one.text})" if one.text not in {"", one.name} else "")


def _value(value: feel.Json) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name}: {_value(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return rule_words.value(feel.from_json(value))
