"""The timers that start cases of a process: when each is due next, reckoned without a case."""

from dataclasses import dataclass, replace
from datetime import datetime

from engine.workflow import moments
from engine.workflow.definition import Definition
from engine.workflow.elements import Beginning, Element, TimerKind
from engine.workflow.faults import Fault
from engine.workflow.script import FeelEngine


@dataclass(frozen=True, slots=True)
class Planned:
    """The next start by the timer of an element; a cycle goes on `every` so long, counted from `counted`.

    `times` is how often it still starts a case (None: for ever).
    """

    element: str
    due: datetime
    every: str = ""
    times: int | None = None
    counted: datetime | None = None


def schedule(definition: Definition, now: datetime) -> list[Planned]:
    """What a definition that goes to work `now` plans; Fault where a timer says no time.

    A date that has passed starts nothing: another version of the diagram would otherwise start it again.
    """
    timers = definition.diagrams[definition.process_id].timers_started
    planned = (_planned(definition, one, now) for one in timers)
    return [one for one in planned if one is not None]


def following(definition: Definition, last: Planned, now: datetime) -> Planned | None:
    """What comes after a start that has been made; rounds that were missed are skipped. None where nothing does."""
    if last.counted is None or last.times == 1:
        return None
    element = definition.elements[last.element]
    office = FeelEngine(now, definition.zone, definition.offices).office(element, {})
    due = moments.following(last.counted, last.every, max(last.due, now), definition.zone, office)
    return replace(last, due=due, times=None if last.times is None else last.times - 1)


def _planned(definition: Definition, begins: Beginning, now: datetime) -> Planned | None:
    element, event, zone = begins.element, begins.event, definition.zone
    if event is None:
        return None
    engine = FeelEngine(now, zone, definition.offices)
    value, office = engine.value(element.id, event.text, {}), engine.office(element, {})
    try:
        if event.timer is TimerKind.CYCLE:
            cycle = moments.cycle(value, zone)
            counted, due = moments.first(cycle, now, zone, office)
            return Planned(element.id, due, cycle.every, cycle.times, counted)
        due = moments.due(value, now, zone, office)
    except (ValueError, OverflowError) as error:
        raise _no_time(element, value) from error
    return Planned(element.id, due) if due > now else None


def _no_time(element: Element, value: object) -> Fault:
    return Fault(element.id, "The timer's value %(value)s is no date or duration.", {"value": str(value)})
