"""An activity done several times: for each item of a collection, at once or in turn, or as long as a condition holds."""

from collections import ChainMap
from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.domain.errors import Invalid, Problem
from engine.workflow import compact, variables
from engine.workflow.elements import Element, Event, EventKind, Loop
from engine.workflow.nodes import Node
from engine.workflow.records import Thrown
from engine.workflow.throwing import climb, send_signal

MOST = 1_000


class RepeatedNode(Node, LoopTask):  # type: ignore[misc]  # SpiffWorkflow has no types
    """The whole; its instances hang under it, each with its number, `loopCounter` (from 1), as a local value."""

    repeats = True

    def __init__(self, spec: Any, element: Element, loop: Loop, each: Node) -> None:
        super().__init__(spec, element)
        self.loop = loop
        self.each = each
        self.task_spec = each.name

    def instance_done(self, task: Any, instance: Any) -> None:
        """An instance is completed; the next one begins, or the whole is completed."""
        raise NotImplementedError

    def evaluate(self, task: Any, text: str, **more: int) -> Any:
        """The value of a text at the whole or at one of its instances."""
        scope = ChainMap({name: Decimal(count) for name, count in more.items()}, variables.visible(task))
        return task.workflow.top_workflow.script_engine.expression(self.element.id, text, scope)

    def holds(self, task: Any, text: str, **more: int) -> bool:
        """Whether a condition is true; null is not, and what is neither is a fault."""
        value = self.evaluate(task, text, **more)
        if value is None or isinstance(value, bool):
            return value is True
        raise self.fail("The condition %(text)s is neither true nor false.", text=text[:200])


class LoopNode(RepeatedNode):
    """A standard loop (BPMN 2.0.2, 13.3.6): one turn after the other, as long as its condition is true."""

    def enter(self, task: Any) -> bool:
        """Begins the first turn; where the condition is asked before, there may be none."""
        task.internal_data["done"] = 0
        if self.loop.before and not self._goes_on(task):
            return True
        task._set_state(TaskState.STARTED)  # noqa: SLF001 - as SpiffWorkflow does while instances run
        self._begin(task)
        return False

    def instance_done(self, task: Any, instance: Any) -> None:
        """Begins the next turn, or ends the loop."""
        task.internal_data["done"] += 1
        compact.remove(instance)
        if self._goes_on(task):
            self._begin(task)
        else:
            task.complete()

    def _begin(self, task: Any) -> None:
        turn = task.internal_data["done"] + 1
        task.workflow.hang(task, self.each, local={"loopCounter": turn}, index=turn)

    def _goes_on(self, task: Any) -> bool:
        done = task.internal_data["done"]
        if self.loop.most is not None and done >= self.loop.most:
            return False
        return not self.loop.condition or self.holds(task, self.loop.condition, loopCounter=done)


class MultiNode(RepeatedNode):
    """Multi-instance (BPMN 2.0.2, 13.3.7): an instance for each item, which it sees as a local value.

    Names that only the result expression knows are local to each instance, so that parallel instances do not
    overwrite each other's results (Camunda 8 does so for a single name).
    """

    def __init__(self, spec: Any, element: Element, loop: Loop, each: Node) -> None:
        super().__init__(spec, element, loop, each)
        self.result_names = self._names(loop.result)

    def enter(self, task: Any) -> bool:
        """Begins the first instance, or all of them; with nothing to do the token goes on."""
        items = self._items(task)
        task.internal_data.update(items=items, begun=0, done=0, results=[None] * len(items))
        if not items:
            self._write_results(task)
            return True
        task._set_state(TaskState.STARTED)  # noqa: SLF001 - as SpiffWorkflow does while instances run
        for _ in range(len(items) if self.loop.kind == "parallel" else 1):
            self._begin_next(task)
        return False

    def instance_done(self, task: Any, instance: Any) -> None:
        """Keeps the result; begins the next one, or ends the whole."""
        facts = task.internal_data
        facts["done"] += 1
        if self.loop.result:
            text = f"={self.loop.result.lstrip().removeprefix('=')}"
            engine, scope = task.workflow.top_workflow.script_engine, variables.visible(instance)
            facts["results"][instance.internal_data["index"] - 1] = engine.json(self.element.id, text, scope)
        counts = self._counts(facts)
        enough = bool(self.loop.until) and self.holds(instance, self.loop.until, **counts)
        self._announce(task, instance, counts)
        if task.id not in task.workflow.tasks:
            return
        compact.remove(instance)
        if facts["done"] == len(facts["items"]) or enough:
            self._write_results(task)
            task.complete()
        elif self.loop.kind != "parallel":
            self._begin_next(task)

    def _items(self, task: Any) -> list[Any]:
        engine, scope = task.workflow.top_workflow.script_engine, variables.visible(task)
        if self.loop.collection:
            items = engine.json(self.element.id, self.loop.collection, scope)
            if items is None:
                raise self.fail("The collection %(text)s is null.", text=self.loop.collection)
            if not isinstance(items, list):
                raise self.fail("The collection %(text)s is no list.", text=self.loop.collection)
        else:
            count = engine.expression(self.element.id, self.loop.cardinality, scope)
            if not isinstance(count, Decimal) or count < 0 or count != int(count):
                raise self.fail("%(text)s is no number of instances.", text=self.loop.cardinality)
            items = list(range(1, min(int(count), MOST + 1) + 1))
        if len(items) > MOST:
            raise self.fail("There are more than %(most)s instances.", most=MOST)
        return items

    def _begin_next(self, task: Any) -> None:
        facts = task.internal_data
        index = facts["begun"]
        facts["begun"] += 1
        local = {self.loop.item: facts["items"][index]} if self.loop.item else {}
        declared = [name for name in self.result_names if name not in variables.visible(task) and name not in local]
        local |= dict.fromkeys(declared) | {"loopCounter": index + 1}
        task.workflow.hang(task, self.each, local=local, declared=declared, index=index + 1)

    def _names(self, text: str) -> tuple[str, ...]:
        try:
            return tuple(sorted(feel.names(text) - {"loopCounter"})) if text else ()
        except feel.FeelError as error:
            raise Invalid(
                "This process cannot run.", [Problem(self.element.id, error.told.message, error.told.params)]
            ) from error

    def _counts(self, facts: dict[str, Any]) -> dict[str, int]:
        return {
            "numberOfInstances": len(facts["items"]),
            "numberOfActiveInstances": facts["begun"] - facts["done"],
            "numberOfCompletedInstances": facts["done"],
            "numberOfTerminatedInstances": 0,
        }

    def _announce(self, task: Any, instance: Any, counts: dict[str, int]) -> None:
        """Throws what the diagram wants thrown when an instance is done, to be caught at the border of the whole."""
        for said in self.loop.announced:
            if task.id in task.workflow.tasks and self.holds(instance, said.when, **counts):
                _throw(task, said.event)

    def _write_results(self, task: Any) -> None:
        if self.loop.results:
            variables.write(task, {self.loop.results: task.internal_data["results"]})


def _throw(whole: Any, event: Event) -> None:
    """A signal reaches all that wait for it, an escalation or error climbs from the border of the whole."""
    top, element = whole.workflow.top_workflow, whole.task_spec.element
    if event.kind is EventKind.SIGNAL:
        caught = send_signal(top, event.name, {})
    else:
        caught = climb(whole, event.kind, event.name, {})
    if not caught:
        top.thrown.append(Thrown(element.id, event.kind.value, event.name, None, {}))
