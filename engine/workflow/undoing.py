"""What a case remembers so that it can be undone, told in the words of another drawing."""

from collections.abc import Iterable, Mapping
from typing import Any

from engine.workflow.journey import Journey, Notes

_RECORD = {"at", "local", "data", "records"}


def fit(
    journey: Journey, specs: tuple[Any, Any], records: Iterable[Mapping[str, Any]], notes: Notes
) -> list[dict[str, Any]]:
    """The records of completed activities, each at its place in the new drawing; what could not be undone there is a reason."""
    return [placed for record in records if (placed := _record(journey, specs, record, notes)) is not None]


def _record(journey: Journey, specs: tuple[Any, Any], record: Mapping[str, Any], notes: Notes) -> dict[str, Any] | None:
    old, new = specs[0].task_specs[record["at"]], specs[1].task_specs.get(journey.node(record["at"]))
    where = old.element.id
    for fact in sorted(set(record) - _RECORD):
        notes.refuse(where, "The case remembers «%(fact)s» here, which cannot move.", fact=fact)
    if new is None:
        notes.lack(where)
        notes.refuse(where, "This was done and may have to be undone; the new drawing has no such element.")
        return None
    if type(old) is not type(new) or (old.handler is None) != (new.handler is None):
        notes.lack(where)
        notes.refuse(
            where, "This was done and may have to be undone; the new drawing does not say in the same way how."
        )
        return None
    placed = {**record, "at": new.name}
    if "records" in record:
        inner = (journey.old.specs[old.spec], journey.new.specs[new.spec])
        placed["records"] = fit(journey, inner, record["records"], notes)
    return placed
