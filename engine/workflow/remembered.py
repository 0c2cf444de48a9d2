"""What a case remembers of completed activities, to undo them later, goes over to another drawing with it."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol


class Way(Protocol):
    """From one drawing to another: see `fitting.Journey`."""

    @property
    def old(self) -> Any:
        """The definition that the case comes from."""

    @property
    def new(self) -> Any:
        """The definition that it comes to."""

    def to(self, name: str) -> str:
        """The id that an element has there."""


class Reasons(Protocol):
    """Where to say why a case cannot move: see `fitting.Notes`."""

    def refuse(self, where: str, message: str, **params: object) -> None:
        """A reason why the case cannot move."""


def carried(
    way: Way, specs: tuple[Any, Any], records: Sequence[Mapping[str, Any]], reasons: Reasons
) -> list[dict[str, Any]]:
    """The records as the new drawing names them; one that could not be undone there as it could be here is a reason."""
    return [_carried(way, specs, record, reasons) for record in records]


def _carried(way: Way, specs: tuple[Any, Any], record: Mapping[str, Any], reasons: Reasons) -> dict[str, Any]:
    old = specs[0].task_specs[record["at"]]
    name, _, role = old.name.removeprefix("#").partition(" ")
    new = specs[1].task_specs.get(f"#{way.to(name)}{f' {role}' if role else ''}")
    if new is None or type(new) is not type(old) or (new.handler is None) != (old.handler is None):
        message = "It was completed and can still be compensated; the new drawing does not say how."
        reasons.refuse(old.element.id, message)
        return dict(record)
    moved = {**record, "at": new.name}
    if "records" in record:
        inside = (way.old.specs[old.spec], way.new.specs[new.spec])
        moved["records"] = carried(way, inside, record["records"], reasons)
    return moved
