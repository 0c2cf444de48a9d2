"""Business rule tasks: a decision is asked with all that the task sees; its answer is one value under one name."""

from typing import Any

from engine.workflow import variables
from engine.workflow.elements import Element
from engine.workflow.nodes import ServiceNode
from engine.workflow.records import ServiceCall

DECISION = "decision:"  # what a call of a decision begins with, where a call of a service has its name


class RuleNode(ServiceNode):
    """Asks a decision; the caller of the run hands its answer, whatever it is, to `answered`."""

    def call(self, task: Any) -> ServiceCall:
        """The decision sees the case data and, before them, what the input mappings make (Camunda 8, business rule tasks)."""
        variables.keep_inputs(task)
        seen = variables.plain(self.element.id, variables.visible(task))
        return ServiceCall(str(task.id), self.element.id, f"{DECISION}{self.element.decision}", seen)

    def answered(self, task: Any, result: Any) -> None:
        """Puts the answer under the result variable: for the output mappings where there are any, else into the case data."""
        variables.take_results(task, variables.plain(self.element.id, {self.element.result or "": result}))
        task.complete()


def node(spec: Any, element: Element, **more: Any) -> ServiceNode:
    """A business rule task asks a decision or, with a task definition, calls a service."""
    return (RuleNode if element.decision else ServiceNode)(spec, element, **more)
