"""Periods in working time that are counted again, from the moment at which they began, by a calendar that was changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from engine.domain.worktime import WorkingTime
from engine.workflow import moments, variables
from engine.workflow.records import Recount

KEPT: Final = ("since", "period")  # what a token remembers of such a period: when it began, and how long it is


def keep(task: Any, value: object, office: WorkingTime | None) -> None:
    """Lets a token remember from when it waits, and how long; nothing of what no calendar can move."""
    forget(task)
    text = moments.period(value) if office is not None else None
    if text is not None:
        now: datetime = task.workflow.top_workflow.script_engine.now
        task.internal_data.update(since=now.isoformat(), period=text)


def forget(task: Any) -> None:
    """A period that somebody set otherwise by hand is not counted again."""
    for name in KEPT:
        task.internal_data.pop(name, None)


def counted(task: Any) -> Iterator[Recount]:
    """The period of a waiting token as the calendar in force gives it, where that is another moment; none for others.

    Of a cycle it is the next round to come, counted as all of them from the first.
    """
    facts, element = task.internal_data, task.task_spec.element
    if "due" not in facts or element.clock or not ("period" in facts or "every" in facts):
        return
    engine, scope = task.workflow.top_workflow.script_engine, variables.visible(task)
    office = engine.office(element, scope)
    if office is None:
        return
    before, after = datetime.fromisoformat(facts["due"]), _again(facts, engine, office)
    if before > engine.now and after != before:
        yield Recount(str(task.id), element.id, engine.programme(scope), before, after)


def _again(facts: Any, engine: Any, office: WorkingTime) -> datetime:
    if "period" in facts:
        return moments.due(facts["period"], datetime.fromisoformat(facts["since"]), engine.zone, office)
    due = datetime.fromisoformat(facts["due"])
    first = datetime.fromisoformat(facts.get("counted", facts["due"]))
    return due if first == due else moments.following(first, facts["every"], engine.now, engine.zone, office)
