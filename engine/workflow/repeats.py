"""An activity done several times: one instance for each item of a collection, at once or one after the other."""

from collections import ChainMap
from decimal import Decimal
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.multiinstance_task import LoopTask
from SpiffWorkflow.util.task import TaskState

from engine import feel
from engine.domain.errors import Invalid, Problem
from engine.workflow import compact, variables
from engine.workflow.elements import Element, Loop
from engine.workflow.nodes import Node

MOST = 500


class MultiNode(Node, LoopTask):  # type: ignore[misc]  # SpiffWorkflow has no types
    """The whole; its instances hang under it, each with its item and `loopCounter` (from 1) as local values.

    Names that only the result expression knows are local to each instance, so that parallel instances do not
    overwrite each other's results (Camunda 8 does so for a single name).
    """

    repeats = True

    def __init__(self, spec: Any, element: Element, loop: Loop, each: Node) -> None:
        super().__init__(spec, element)
        self.loop = loop
        self.each = each
        self.task_spec = each.name
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
            value = self._evaluate(instance, self.loop.result)
            facts["results"][instance.internal_data["index"] - 1] = value
        enough = self._enough(task, instance)
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
            raise Invalid("This process cannot run.", [Problem(self.element.id, str(error))]) from error

    def _evaluate(self, instance: Any, text: str, **more: int) -> Any:
        scope = ChainMap(dict(more), variables.visible(instance))
        engine = instance.workflow.top_workflow.script_engine
        return engine.json(self.element.id, f"={text.lstrip().removeprefix('=')}", scope)

    def _enough(self, task: Any, instance: Any) -> bool:
        if not self.loop.until:
            return False
        facts = task.internal_data
        counts = {
            "numberOfInstances": len(facts["items"]),
            "numberOfActiveInstances": facts["begun"] - facts["done"],
            "numberOfCompletedInstances": facts["done"],
            "numberOfTerminatedInstances": 0,
        }
        return self._evaluate(instance, self.loop.until, **counts) is True

    def _write_results(self, task: Any) -> None:
        if self.loop.results:
            variables.write(task, {self.loop.results: task.internal_data["results"]})
