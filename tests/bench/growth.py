"""What age and number do to a step: a loop in its ten-thousandth turn, and a task for each of many people at once."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from sqlalchemy import select

from engine import starts, tasks
from engine.store import models
from engine.store.database import Database
from engine.work import Actor, begin, look
from engine.workflow import Definition, Run
from tests.bench.measures import Line, ms, times, undisturbed
from tests.bench.places import Place
from tests.factories import a_diagram, a_form, a_line, an_actor, an_operator, flow, publish, user_task

YOUNG: Final = 10
OLD: Final = 10_000
SAMPLES: Final = 40  # turns, or instances, around the one that is measured
CROWDS: Final = (100, 1_000)
NOW: Final = datetime(2026, 3, 2, 15, tzinfo=UTC)


def lines() -> list[Line]:
    """A monitoring cycle with two branches, a reminder and a sub-process, turn after turn, as nobody's database."""
    definition = Definition.build(a_diagram(_cycle(), "cycle"), {})
    state = _to_rest(Run.start(definition, {"again": True}, NOW)).dump()
    kept = {}
    for turn in range(1, OLD + 1):
        state, _seconds = _turn(definition, state)
        if turn in (YOUNG, OLD):
            kept[turn] = state
    young, old = [], []
    with undisturbed():
        for _sample in range(SAMPLES):  # one after the other, so that a slow moment of the machine meets both
            young.append(_turn(definition, kept[YOUNG])[1])
            old.append(_turn(definition, kept[OLD])[1])
    small, large = len(kept[YOUNG]), len(kept[OLD])
    what = f"a loop's turn (3 tasks), cycle {OLD:,}"
    return [
        Line(what, ms(old), f"cycle {YOUNG}: {ms(young)}", times(old, young), "<= 1.2 x"),
        Line(
            f"its state, cycle {OLD:,}", f"{large} B", f"cycle {YOUNG}: {small} B", f"{large / small:.2f} x", "<= 1.2 x"
        ),
    ]


def crowd_lines(place: Place) -> list[Line]:
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


def _turn(definition: Definition, state: bytes) -> tuple[bytes, float]:
    begun = time.perf_counter()
    for element in ("left", "right", "inside"):
        run = Run.load(definition, state, NOW)
        run.complete(next(task.id for task in run.open_tasks() if task.element == element), {})
        state = _to_rest(run).dump()
    return state, time.perf_counter() - begun


def _to_rest(run: Run) -> Run:
    for call in run.advance():
        message = f"the measured diagrams call no service, this one called {call.service}"
        raise RuntimeError(message)
    run.take_steps()
    return run


def _cycle() -> str:
    reminder = (
        '<bpmn:boundaryEvent id="late" name="late" attachedToRef="inner" cancelActivity="false">'
        "<bpmn:timerEventDefinition><bpmn:timeDuration>P30D</bpmn:timeDuration></bpmn:timerEventDefinition>"
        '</bpmn:boundaryEvent><bpmn:endEvent id="reminded"/>'
    )
    inner = a_line(("inside", user_task("inside"))).replace('"begun', '"inner_begun').replace('"ended', '"inner_ended')
    nodes = (
        '<bpmn:startEvent id="begun"/><bpmn:exclusiveGateway id="turn"/><bpmn:parallelGateway id="fork"/>',
        user_task("left"),
        user_task("right"),
        f'<bpmn:parallelGateway id="join"/><bpmn:subProcess id="inner" name="inner">{inner}</bpmn:subProcess>',
        f'{reminder}<bpmn:exclusiveGateway id="enough" name="enough" default="enough_to_ended"/>',
        '<bpmn:endEvent id="ended"/>',
    )
    flows = (
        *(flow(*pair) for pair in _pairs("begun turn fork left join inner enough ended")),
        *(flow(*pair) for pair in _pairs("fork right join")),
        flow("late", "reminded"),
        flow("enough", "turn", "=again"),
    )
    return "".join((*nodes, *flows))


def _pairs(text: str) -> Iterator[tuple[str, str]]:
    return pairwise(text.split())


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
