"""A task for each of many people at once: one of them done, the whole command."""

import time
from contextlib import closing
from typing import Final

from sqlalchemy import select

from engine import starts, tasks
from engine.store import models
from engine.store.database import Database
from engine.work import Actor, begin, look
from tests.bench.measures import Line, ms, times, undisturbed
from tests.bench.places import Place
from tests.factories import a_diagram, a_form, a_line, an_actor, an_operator, publish, user_task

SAMPLES: Final = 40
CROWDS: Final = (100, 1_000)


def lines(place: Place) -> list[Line]:
    """One of many parallel instances completed, the whole command."""
    url = place.make("crowd")
    found = []
    with closing(Database(url)) as database:
        count = {"type": "number", "key": "count", "id": "count", "label": "Cuántas"}
        publish(database, ("form", "note", a_form()), ("form", "choose", a_form("choose", count)))
        publish(database, ("process", "crowd", a_diagram(_crowd(), "crowd")))
        ana = an_actor(database, "ana", "analyst")
        operator = an_operator(database)
        few = _complete_each(database, ana, operator, 1)
        for number in CROWDS:
            taken = _complete_each(database, ana, operator, number)
            what = f"complete one of {number:,} parallel instances, {place.name}"
            found.append(Line(what, ms(taken), f"one alone: {ms(few)}", times(taken, few)))
    return found


def _crowd() -> str:
    many = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=for i in 1..number return i" inputElement="item"/>'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics></bpmn:userTask>"
    )
    number = (
        '<bpmn:extensionElements><zeebe:script expression="=count" resultVariable="number"/></bpmn:extensionElements>'
    )
    first = user_task("choose", form="choose")
    return a_line(
        ("choose", first),
        ("keep", f'<bpmn:scriptTask id="keep" name="keep">{number}</bpmn:scriptTask>'),
        ("each", user_task("each").replace("</bpmn:userTask>", many)),
    )


def _complete_each(database: Database, ana: Actor, operator: str, number: int) -> list[float]:
    """Seconds of some completions, in as many cases of so many instances as that needs."""
    taken: list[float] = []
    while len(taken) < SAMPLES:
        taken += _in_one_case(database, ana, operator, number)
    return taken[:SAMPLES]


def _in_one_case(database: Database, ana: Actor, operator: str, number: int) -> list[float]:
    taken = []
    with begin(database, ana) as work:
        case = starts.begin(work, "crowd", {}, operator_id=operator).id
    with begin(database, ana) as work:
        tasks.complete(work, _open(database, ana, case, 1)[0], {"count": number})
    todo = _open(database, ana, case, SAMPLES)
    with undisturbed():
        for task in todo:
            begun = time.perf_counter()
            with begin(database, ana) as work:
                tasks.complete(work, task, {})
            taken.append(time.perf_counter() - begun)
    return taken


def _open(database: Database, ana: Actor, case: str, most: int) -> list[str]:
    with look(database, ana) as work:
        query = select(models.Task.id).where(models.Task.case_id == case, models.Task.status == "open")
        return list(work.session.scalars(query.limit(most)))
