"""What age does to a step: a loop in its ten-thousandth turn against its tenth, in time and in state."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from typing import Final

from engine.workflow import Definition, Run
from tests.bench.measures import Line, ms, times, undisturbed
from tests.factories import a_diagram, a_line, flow, user_task

YOUNG: Final = 10
OLD: Final = 10_000
SAMPLES: Final = 40
NOW: Final = datetime(2026, 3, 2, 15, tzinfo=UTC)


def lines() -> list[Line]:
    """A monitoring cycle with two branches, a reminder and a sub-process, turn after turn; no database."""
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
