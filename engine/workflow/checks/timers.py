"""A timer says a time that can be reckoned with: what is written out is checked now, not when a case depends on it."""

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from engine import feel
from engine.feel.calendar import FarDate, FineMoment
from engine.feel.nodes import Call, Comparison, Conjunction, Disjunction, Name, Node
from engine.workflow import moments
from engine.workflow.checks.complaints import Complaint, Known, Rule, error
from engine.workflow.diagram import Diagram
from engine.workflow.elements import Element, Event, EventKind, TimerKind

_ZONE: Final = ZoneInfo("UTC")
_SOME_DAY: Final = datetime(2026, 1, 1, tzinfo=UTC)
_CRON: Final = re.compile(r"@\w+( .*)?|[\w*?/,#-]+( +[\w*?/,#-]+){4,6}")
_NEGATIVE: Final = re.compile(r"(R\d*/([^/]*/)?)?-.*")
_UNCOUNTED: Final = re.compile(r"P[^T]*[YMW].*|\d{4}-.*|R\d*/.*P[^T]*[YMW].*")
_SENDS: Final = {"sendTask", "intermediateThrowEvent", "endEvent"}
_PERIOD, _MOMENT, _TRUTH = "period", "moment", "truth"
_MADE_BY: Final[Mapping[str, str]] = {
    "duration": _PERIOD,
    "years and months duration": _PERIOD,
    "date": _MOMENT,
    "date and time": _MOMENT,
    "now": _MOMENT,
    "today": _MOMENT,
}


def timers(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """A timer is a period, a moment or a cycle of ISO 8601, written out or computed, and never negative or nothing."""
    for element, event in _timers(diagram):
        if event.timer is None or not event.text:
            yield error(element.id, "The timer %(id)s says no time; enter a period such as PT1H.", id=element.id)
        elif event.text.startswith("="):
            yield from _computed(element, event.timer, event.text)
        else:
            yield from _written(element, event.timer, event.text)


def endless_cycles(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """Only what does not interrupt, or begins a case, can happen again and again."""
    for element, event in _timers(diagram):
        if event.timer is TimerKind.CYCLE and not _may_repeat(diagram, element):
            message = "The cycle of %(id)s would happen once only; use a period, or an event that does not interrupt."
            yield error(element.id, message, id=element.id)


def working_days(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """The property days=working lets P10D count ten working days, and PT8H eight working hours, of the programme's office."""
    for element in diagram.elements.values():
        days = element.properties.get("days", "calendar")
        texts = [event.text for event in element.events if event.kind is EventKind.TIMER]
        texts += [element.due] if element.due else []
        if days not in {"calendar", "working"}:
            message = "The value %(days)s of the property days is not known; write working to count working days and hours, or remove it."
            yield error(element.id, message, days=days)
        elif "days" in element.properties and not texts:
            yield error(element.id, "The property days counts for timers and due dates only; remove it here.")
        elif days == "working" and (wrong := next(filter(_UNCOUNTED.fullmatch, texts), None)):
            message = (
                "With days=working, P10D is ten working days and PT8H eight working hours of the office; "
                "%(text)s has no working days to count: write days or hours, or remove the property."
            )
            yield error(element.id, message, text=wrong)


def times_to_live(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """The property time_to_live of what sends a message says how long it is kept where nobody waits; 0: not at all."""
    for element in diagram.elements.values():
        text = element.properties.get("time_to_live")
        if text is None:
            continue
        if element.kind not in _SENDS or not element.catches(EventKind.MESSAGE):
            yield error(element.id, "%(id)s sends no message that could be kept; remove time_to_live.", id=element.id)
        elif not text.startswith("=") and text != "0" and not _ahead(text):
            message = (
                "The time to live %(text)s is no period; write one such as P30D, or 0 to keep the message for nobody."
            )
            yield error(element.id, message, text=text)


def reaches(diagram: Diagram, _known: Known) -> Iterator[Complaint]:
    """The property reaches of what sends a message: every case that waits hears it, not one of each process."""
    for element in diagram.elements.values():
        text = element.properties.get("reaches")
        if text is None:
            continue
        if element.kind not in _SENDS or not element.catches(EventKind.MESSAGE):
            yield error(element.id, "%(id)s sends no message that could reach a case; remove reaches.", id=element.id)
        elif text != "every case":
            message = "The value %(text)s of the property reaches is not known; write every case, or remove it."
            yield error(element.id, message, text=text)


def _ahead(text: str) -> bool:
    return _readable(TimerKind.DURATION, text) and not _stands_still(TimerKind.DURATION, text)


def _written(element: Element, kind: TimerKind, text: str) -> Iterator[Complaint]:
    message = ""
    if _NEGATIVE.fullmatch(text):
        message = "The time %(text)s of the timer %(id)s is negative; enter one that lies ahead."
    elif _CRON.fullmatch(text):
        message = "The timer %(id)s cannot read %(text)s; for each Monday at nine, write R/2027-01-04T09:00/P1W."
    elif not _readable(kind, text):
        message = "The timer %(id)s cannot read %(text)s; write a period (PT1H, P10D, P1M), a date or R3/P1D."
    elif _stands_still(kind, text):
        message = "The time %(text)s of the timer %(id)s is nothing at all; enter one that lies ahead, such as PT1H."
    if message:
        yield error(element.id, message, text=text, id=element.id)


def _computed(element: Element, kind: TimerKind, text: str) -> Iterator[Complaint]:
    """What an expression gives is judged where it is the same for every case; its type where that can be seen."""
    try:
        expression = feel.compile(text)
        value = None if expression.names else expression({}, now=_SOME_DAY)
    except feel.FeelError:
        return  # told by the rule for expressions
    found = _made(expression.node) if expression.names else _type(value)
    if isinstance(value, str):
        yield from _written(element, kind, value)
    elif (found is not None or not expression.names) and found not in _FITS[kind]:
        message = "The timer %(id)s needs %(needed)s, and %(text)s gives none; write for example %(example)s."
        needed, example = _NEEDS[kind]
        yield error(element.id, message, id=element.id, text=text, needed=needed, example=example)
    elif isinstance(value, feel.DaysDuration | feel.MonthsDuration) and _not_ahead(value):
        message = "The time %(text)s of the timer %(id)s is nothing or negative; enter one that lies ahead."
        yield error(element.id, message, text=text, id=element.id)


_FITS: Final[Mapping[TimerKind, frozenset[str]]] = {
    TimerKind.DURATION: frozenset({_PERIOD}),
    TimerKind.DATE: frozenset({_MOMENT}),
    TimerKind.CYCLE: frozenset({_PERIOD}),
}
_NEEDS: Final[Mapping[TimerKind, tuple[str, str]]] = {
    TimerKind.DURATION: ("timeDuration", '=duration("P10D")'),
    TimerKind.DATE: ("timeDate", '=date("2027-01-31")'),
    TimerKind.CYCLE: ("timeCycle", '="R3/P1M"'),
}


def _type(value: object) -> str | None:
    if isinstance(value, feel.DaysDuration | feel.MonthsDuration):
        return _PERIOD
    return _MOMENT if isinstance(value, date | FarDate | FineMoment) else None


def _made(node: Node) -> str | None:
    """What an expression gives, whatever the data are, where its outermost part tells."""
    if isinstance(node, Call) and isinstance(node.function, Name):
        return _MADE_BY.get(node.function.name)
    return _TRUTH if isinstance(node, Comparison | Conjunction | Disjunction) else None


def _not_ahead(value: feel.DaysDuration | feel.MonthsDuration) -> bool:
    return (value.nanoseconds if isinstance(value, feel.DaysDuration) else value.months) <= 0


def _readable(kind: TimerKind, text: str) -> bool:
    """Whether a case could reckon with the text."""
    try:
        if kind is TimerKind.DATE:
            return not text.startswith("P") and bool(moments.due(text, _SOME_DAY, _ZONE))
        if kind is TimerKind.CYCLE:
            return text.startswith("R") and bool(moments.due(moments.shape(text)[1], _SOME_DAY, _ZONE))
        return text.startswith("P") and bool(moments.due(text, _SOME_DAY, _ZONE))
    except (ValueError, OverflowError):
        return False


def _stands_still(kind: TimerKind, text: str) -> bool:
    """Whether a period or cycle that can be read is no longer than nothing, or never comes."""
    if kind is TimerKind.DATE:
        return False
    times, every = moments.shape(text) if kind is TimerKind.CYCLE else (None, text)
    return times == 0 or moments.due(every, _SOME_DAY, _ZONE) <= _SOME_DAY


def _may_repeat(diagram: Diagram, element: Element) -> bool:
    if element.kind == "startEvent":
        return element.scope == diagram.process_id or not element.interrupting
    return element.kind == "boundaryEvent" and not element.interrupting


def _timers(diagram: Diagram) -> Iterator[tuple[Element, Event]]:
    for element in diagram.elements.values():
        for event in element.events:
            if event.kind is EventKind.TIMER:
                yield element, event


RULES: tuple[Rule, ...] = (timers, endless_cycles, working_days, times_to_live, reaches)
