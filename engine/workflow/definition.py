"""A process with all it calls, ready to run: read once, never changed, shared by every case and thread."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from engine.domain.errors import Invalid, Problem
from engine.domain.worktime import WorkingTime
from engine.workflow import dialect
from engine.workflow.diagram import Diagram, read
from engine.workflow.elements import Element

WORKING = "working"  # the property days of an element that counts them
OFFICE = ZoneInfo("America/El_Salvador")


def _nobody() -> Mapping[str, WorkingTime]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Definition:
    """`diagrams` by process id; `elements` of all of them by id; `zone` is the office's; `offices` say when who works, by programme."""

    process_id: str
    diagrams: Mapping[str, Diagram]
    elements: Mapping[str, Element]
    specs: Mapping[str, Any]
    zone: ZoneInfo
    offices: Mapping[str, WorkingTime] = field(default_factory=_nobody)

    @classmethod
    def build(
        cls,
        main: bytes,
        called: Mapping[str, bytes],
        *,
        process: str = "",
        zone: ZoneInfo = OFFICE,
        offices: Mapping[str, WorkingTime] = MappingProxyType({}),
    ) -> "Definition":
        """The definition of a process, the only one in `main` or the one of that id; Invalid for what cannot run.

        `called` are the files of the processes that it calls, by their ids; several may stand in the same file.
        """
        own = read(main, process=process)
        diagrams = {own.process_id: own} | {id_: read(data, name=id_, process=id_) for id_, data in called.items()}
        specs: dict[str, Any] = {}
        for diagram in diagrams.values():
            specs |= dialect.specifications(diagram)
        elements = {element.id: element for diagram in diagrams.values() for element in diagram.elements.values()}
        _require_called(elements, specs)
        frozen = MappingProxyType
        return cls(own.process_id, frozen(diagrams), frozen(elements), frozen(specs), zone, offices)

    @property
    def in_working_time(self) -> frozenset[str]:
        """The elements whose timers and due dates count working days or hours."""
        every = self.elements.values()
        return frozenset(element.id for element in every if element.properties.get("days") == WORKING)

    @property
    def main(self) -> Any:
        """The specification that a case begins with."""
        return self.specs[dialect.process_key(self.process_id)]


def _require_called(elements: Mapping[str, Element], specs: Mapping[str, Any]) -> None:
    missing = [e for e in elements.values() if e.called and dialect.process_key(e.called) not in specs]
    if missing:
        message = "The called process %(process)s is missing."
        raise Invalid("This process cannot run.", [Problem(e.id, message, {"process": e.called}) for e in missing])
