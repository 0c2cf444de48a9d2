"""A case may run for twenty years: however often it has been round, its state holds what is there now and nothing else."""

from datetime import timedelta

import pytest

from engine.workflow import Definition, Run
from tests.workflow.drawing import drawn, flow, node, path, task
from tests.workflow.playing import NOW
from tests.workflow.sizes import unpacked

MARGIN = 16  # bytes: numbers have more digits later


def looped(middle: str, *, into: str, out_of: str) -> Definition:
    """A loop around `middle` that never ends."""
    begins = node("startEvent", "begin") + node("exclusiveGateway", "again") + path("begin", "again", into)
    ends = node("exclusiveGateway", "more", attributes='default="more__again"') + node("endEvent", "done")
    leads = path(out_of, "more", "again") + flow("more", "done", "=over")
    return Definition.build(drawn(begins + middle + ends + leads), {})


def forked() -> Definition:
    """Two tasks at once, one with a reminder every month, the other in a sub-process with a deadline."""
    monthly = "<timerEventDefinition><timeCycle>R/P1M</timeCycle></timerEventDefinition>"
    deadline = "<timerEventDefinition><timeDuration>P20D</timeDuration></timerEventDefinition>"
    inside = node("startEvent", "in") + task("visit") + node("endEvent", "out") + path("in", "visit", "out")
    parts = (
        node("parallelGateway", "fork"),
        node("parallelGateway", "join"),
        task("report"),
        node("boundaryEvent", "remind", inner=monthly, attributes='attachedToRef="report" cancelActivity="false"'),
        node("endEvent", "reminded"),
        node("subProcess", "monitor", inner=inside),
        node("boundaryEvent", "late", inner=deadline, attributes='attachedToRef="monitor"'),
        path("fork", "report", "join"),
        node("exclusiveGateway", "either"),
        path("fork", "monitor", "either", "join"),
        path("late", "either"),
        path("remind", "reminded"),
    )
    return looped("".join(parts), into="fork", out_of="join")


def repeated(sequential: str) -> Definition:
    """Three instances, one after the other or all at once."""
    each = (
        f'<multiInstanceLoopCharacteristics isSequential="{sequential}"><extensionElements><zeebe:loopCharacteristics '
        'inputCollection="=[1, 2, 3]" inputElement="site" outputCollection="found" outputElement="=seen"/>'
        "</extensionElements></multiInstanceLoopCharacteristics>"
    )
    return looped(task("visit", inner=each), into="visit", out_of="visit")


def gone_round(definition: Definition, turns: int) -> list[int]:
    """The sizes of the state after each of these many turns; now and then a month passes."""
    now, sizes = NOW, []
    run = Run.start(definition, {"over": False, "seen": "good"}, now)
    settled(run)
    while len(sizes) < turns:
        if len(sizes) % 100 == 99:
            now += timedelta(days=32)
            run = Run.load(definition, run.dump(), now)
            run.fire_due()
            settled(run)
        run.complete(run.open_tasks()[0].id, {})
        if ("completed", "more") in settled(run):
            sizes.append(unpacked(run.dump()))
    return sizes


def settled(run: Run) -> list[tuple[str, str]]:
    assert list(run.advance()) == []
    return [(step.kind, step.element) for step in run.take_steps()]


def test_the_state_of_a_loop_is_as_small_after_10_000_turns_as_after_one() -> None:
    sizes = gone_round(forked(), 10_000)

    assert max(sizes) <= max(sizes[:100]) + MARGIN


@pytest.mark.parametrize("sequential", ["true", "false"])
def test_the_state_of_a_repeated_task_does_not_grow_with_the_turns(sequential: str) -> None:
    sizes = gone_round(repeated(sequential), 1_000)

    assert max(sizes) <= max(sizes[:100]) + MARGIN
