"""A case that is played a little and then moved to another drawing, where the plan must agree with the move."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from engine.domain.errors import Invalid
from engine.workflow import Definition, Run, swap
from tests.workflow.drawing import drawn, node, path, task

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)
LATER = NOW + timedelta(days=2)
MESSAGES = '<message id="m_news" name="news"/><message id="m_word" name="word"/><signal id="s_bell" name="bell"/>'
NEWS = '<messageEventDefinition messageRef="m_news"/>'
WORD = '<messageEventDefinition messageRef="m_word"/>'
BELL = '<signalEventDefinition signalRef="s_bell"/>'
START, END = node("startEvent", "begin"), node("endEvent", "done")


def built(body: str, **called: str) -> Definition:
    others = {name: drawn(inner, process=name) for name, inner in called.items()}
    return Definition.build(drawn(body, root=MESSAGES), others)


def line(*middle: str, names: str) -> str:
    return "".join((START, *middle, END)) + path("begin", *names.split(), "done")


def timer(name: str, kind: str, text: str) -> str:
    return node("intermediateCatchEvent", name, inner=definition(kind, text))


def definition(kind: str, text: str) -> str:
    return f"<timerEventDefinition><{kind}>{text}</{kind}></timerEventDefinition>"


def boundary(name: str, host: str, inner: str, *, interrupting: bool = True) -> str:
    marks = f'attachedToRef="{host}" cancelActivity="{str(interrupting).lower()}"'
    return node("boundaryEvent", name, inner=inner, attributes=marks)


def begun(definition: Definition, data: Mapping[str, object] | None = None) -> Run:
    return advanced(Run.start(definition, data or {}, NOW))


def advanced(run: Run) -> Run:
    for call in run.advance():
        raise AssertionError(call)
    return run


def do(run: Run, element: str, **answers: object) -> Run:
    run.complete(next(task.id for task in run.open_tasks() if task.element == element), answers)
    return advanced(run)


def moved(run: Run, new: Definition, again: tuple[str, ...] = (), **mapping: str) -> Run:
    """The case in the new drawing two days later; the plan must agree with the move."""
    planned = swap.plan(run.definition, new, run.dump(), mapping, LATER, again)
    assert [str(reason) for reason in planned.reasons] == []
    assert planned.missing == ()
    return advanced(Run.load(new, swap.swap(run.definition, new, run.dump(), mapping, LATER, again), LATER))


def refusals(run: Run, new: Definition, again: tuple[str, ...] = (), **mapping: str) -> list[str]:
    """Why the case cannot go; the move must refuse it too."""
    planned = swap.plan(run.definition, new, run.dump(), mapping, LATER, again)
    with pytest.raises(Invalid):
        swap.swap(run.definition, new, run.dump(), mapping, LATER, again)
    return [str(reason) for reason in planned.reasons]


def said(run: Run, new: Definition, kind: str, **mapping: str) -> list[str]:
    return [str(one) for one in getattr(swap.plan(run.definition, new, run.dump(), mapping, LATER), kind)]


def opened(run: Run) -> list[str]:
    return sorted(task.element for task in run.open_tasks())


def waiting(run: Run) -> dict[str, datetime | None]:
    return {wait.element: wait.due for wait in run.waits()}


ONE = line(task("one"), names="one")
