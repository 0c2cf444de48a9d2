"""Timers, messages, signals and errors say exactly what they mean before a case depends on them."""

from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from engine.workflow import moments
from engine.workflow.checks.complaints import Complaint, Known, Rule, error
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, Event, EventKind, TimerKind

_CATCHING = {"intermediateCatchEvent", "boundaryEvent", "receiveTask", "startEvent"}
_ZONE = ZoneInfo("UTC")
_SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)


def timers(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A timer that is written out is a period, a moment or a cycle of ISO 8601, and never negative or nothing."""
    for element, event in _events(diagram, EventKind.TIMER):
        if event.timer is None or not event.text:
            yield error(element.id, "The timer %(id)s says no time; enter a period such as PT1H.", id=element.id)
        elif event.text.startswith("="):
            continue
        elif event.text.startswith("-") or "/-" in event.text:
            message = "The time %(text)s of the timer %(id)s is negative; enter one that lies ahead."
            yield error(element.id, message, text=event.text, id=element.id)
        elif not _readable(event.timer, event.text):
            message = "The timer %(id)s cannot read %(text)s; write a period (PT1H, P10D, P1M), a date or R3/P1D."
            yield error(element.id, message, text=event.text, id=element.id)


def endless_cycles(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Only a non-interrupting event can happen again and again."""
    for element, event in _events(diagram, EventKind.TIMER):
        repeating = element.kind in {"boundaryEvent", "startEvent"} and not element.interrupting
        if event.timer is TimerKind.CYCLE and not repeating:
            message = "The cycle of %(id)s would happen once only; use a period, or an event that does not interrupt."
            yield error(element.id, message, id=element.id)


def clocks(diagram: Diagram, known: Known) -> Iterator[Complaint]:
    """A legal clock moves a timer; and the programme knows it by that name."""
    for element in diagram.elements.values():
        if element.clock is None:
            continue
        if not element.catches(EventKind.TIMER):
            yield error(element.id, "The clock %(clock)s moves timers only; remove it here.", clock=element.clock)
        elif known.clocks and element.clock not in known.clocks:
            message = "No programme has a clock %(clock)s; choose one of: %(clocks)s."
            yield error(element.id, message, clock=element.clock, clocks=", ".join(sorted(known.clocks)))


def messages(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Messages have names; whoever waits for one says for which, by a correlation key."""
    for element, event in _events(diagram, EventKind.MESSAGE):
        begins = element.kind == "startEvent" and element.scope == diagram.process_id
        if not event.name:
            yield error(element.id, "%(id)s has no message; choose or name one.", id=element.id)
        elif element.kind in _CATCHING and not begins and not event.key:
            message = "The message %(name)s needs a correlation key, so that %(id)s catches its own and no other."
            yield error(element.id, message, name=event.name, id=element.id)


def signals(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Signals have names."""
    for element, event in _events(diagram, EventKind.SIGNAL):
        if not event.name:
            yield error(element.id, "%(id)s has no signal; choose or name one.", id=element.id)


def codes(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """What is thrown has a code; what catches names one that exists, or none at all to catch every code."""
    for kind in (EventKind.ERROR, EventKind.ESCALATION):
        for element, event in _events(diagram, kind):
            if not event.name and (element.kind not in _CATCHING or event.ref):
                yield error(
                    element.id, "The %(kind)s of %(id)s has no code; give it one.", kind=str(kind), id=element.id
                )


def interrupting_errors(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """An error always interrupts (BPMN 2.0.2, 10.5.6)."""
    for element, _ in _events(diagram, EventKind.ERROR):
        if element.kind in {"boundaryEvent", "startEvent"} and not element.interrupting:
            yield error(element.id, "An error always interrupts; make %(id)s interrupting.", id=element.id)


def conditions(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A conditional event says its condition."""
    for element, event in _events(diagram, EventKind.CONDITION):
        if not event.text:
            yield error(element.id, "%(id)s has no condition; enter one.", id=element.id)


def _readable(kind: TimerKind, text: str) -> bool:
    """Whether a case could reckon with the text, and a period or cycle is longer than nothing."""
    try:
        if kind is TimerKind.DATE:
            return not text.startswith("P") and bool(moments.due(text, _SOME_DAY, _ZONE))
        if kind is TimerKind.CYCLE:
            cycle = moments.cycle(text)
            return text.startswith("R") and cycle.times != 0 and moments.due(cycle.every, _SOME_DAY, _ZONE) > _SOME_DAY
        return text.startswith("P") and moments.due(text, _SOME_DAY, _ZONE) > _SOME_DAY
    except (ValueError, OverflowError):
        return False


def _events(diagram: Diagram, kind: EventKind) -> Iterator[tuple[Element, Event]]:
    for element in diagram.elements.values():
        for event in element.events:
            if event.kind is kind:
                yield element, event


RULES: tuple[Rule, ...] = (
    timers,
    endless_cycles,
    clocks,
    messages,
    signals,
    codes,
    interrupting_errors,
    conditions,
)
