"""The ad-hoc sub-process: people decide what is done next, and how often (BPMN 2.0.2, 13.3.5).

Every inner activity that no flow leads to is offered. A user task is offered as itself: doing it is choosing it. Any
other activity is offered as an open task with the activity's own form and role: doing that begins it. What is done or
interrupted is offered again, until the completion condition is true after an inner activity; without a condition, until
everything was done once and nothing runs. `zeebe:adHoc activeElementsCollection` (Camunda 8) chooses what begins: then
nothing is offered, unless a completion condition is still not true when nothing is left.

One at a time (`ordering="Sequential"`) means that while an activity runs that is no user task, nothing else is open.
With `cancelRemainingInstances="false"` what runs is let end: also user tasks that are open for the first time.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.workflow import variables
from engine.workflow.elements import ACTIVITIES, Element, begins_by_itself
from engine.workflow.nodes import Node, UserNode
from engine.workflow.scopes import SubNode


class OfferNode(UserNode):
    """Offers an activity that is no user task: a person who does this task begins it."""

    tells = False

    def __init__(self, spec: Any, real: Node) -> None:
        element = replace(real.element, inputs=(), outputs=(), start_quantity=1)
        super().__init__(spec, element, name=f"{real.name} [offer]")
        self.real = real

    def enter(self, _task: Any) -> bool:
        """Opens the task; who and until when is not settled before the activity begins."""
        return True

    def leave(self, task: Any) -> None:
        """Begins the activity."""
        task.workflow.put(self.real)


@dataclass(frozen=True, slots=True)
class Menu:
    """What may begin in an ad-hoc sub-process, by id: the nodes, what offers them to people, and events that wait."""

    nodes: Mapping[str, Any]
    offers: Mapping[str, Any]
    events: Mapping[str, Any]


def menu(spec: Any, made: Mapping[str, Any]) -> Menu:
    """What nothing leads to, among the nodes of a specification."""
    free = {id_: node for id_, node in made.items() if begins_by_itself(node.element)}
    doing = {id_: node for id_, node in free.items() if node.element.kind in ACTIVITIES}
    offers = {id_: node if isinstance(node, UserNode) else OfferNode(spec, node) for id_, node in doing.items()}
    for node in free.values():
        node.needs = 1  # no tokens come that could be counted
    events = {id_: node for id_, node in free.items() if node.element.kind == "intermediateCatchEvent"}
    return Menu(MappingProxyType(free), MappingProxyType(offers), MappingProxyType(events))


class AdHocNode(SubNode):
    """A sub-process without a drawn order."""

    def __init__(self, spec: Any, element: Element, inner: str, **more: Any) -> None:
        super().__init__(spec, element, inner, **more)
        self.rule = element.adhoc

    def enter(self, task: Any) -> bool:
        """Begins what the collection names; offers come when the case is at rest."""
        super().enter(task)
        task.internal_data.update(offered={}, once=[])
        scope = self._scope(task)
        for id_ in self._active(task):
            node = scope.spec.menu.nodes.get(id_) if isinstance(id_, str) else None
            if node is None:
                raise self.fail("%(name)s is no activity that may begin here.", name=str(id_)[:200])
            scope.put(node)
        return False

    def admits(self, task: Any) -> bool:
        """One at a time, an activity that runs keeps all others out."""
        counts = self.rule.sequential and task.parent is task.workflow.task_tree
        return not (counts and task.task_spec.element.kind in ACTIVITIES and self._busy(task.workflow))

    def inner_done(self, task: Any) -> bool:
        """Asks the completion condition after each inner activity; False: nothing follows it any more."""
        host, element = task.workflow.host, task.task_spec.element
        if element.kind not in ACTIVITIES or element.event_subprocess or isinstance(task.task_spec, OfferNode):
            return True
        if not host.internal_data.get("ending") and self.rule.until and self._complete(host):
            host.internal_data["ending"] = True
            for other in list(self._rest(host, task)):
                host.workflow.top_workflow.cancel_token(other)
        return not host.internal_data.get("ending")

    def settle(self, host: Any) -> bool:
        """Offers what may be done now, and takes back what may not; False if that is so already."""
        facts, scope = host.internal_data, self._scope(host)
        if facts.get("ending"):
            return False
        self._tick_off(facts, scope)
        others = [token for token in _tokens(scope) if str(token.id) not in facts["offered"].values()]
        if (
            not self.rule.until
            and not others
            and (self.rule.active or set(facts["once"]) >= set(scope.spec.menu.offers))
        ):
            return self._take_back(facts, scope)
        if self.rule.sequential and self._busy(scope):
            taken = self._take_back(facts, scope)
            return self._hold(scope) or taken
        if self._let_in(scope):
            return True
        chosen = self.rule.active and (others or not self.rule.until)
        return not chosen and self._offer(facts, scope)

    def _active(self, task: Any) -> list[Any]:
        if not self.rule.active:
            return []
        engine = task.workflow.top_workflow.script_engine
        chosen = engine.json(self.element.id, self.rule.active, variables.visible(task))
        if not isinstance(chosen, list):
            raise self.fail("The collection %(text)s is no list.", text=self.rule.active)
        return chosen

    def _complete(self, host: Any) -> bool:
        engine = host.workflow.top_workflow.script_engine
        value = engine.expression(self.element.id, self.rule.until, variables.visible(host))
        if value is None or isinstance(value, bool):
            return value is True
        raise self.fail("The condition %(text)s is neither true nor false.", text=self.rule.until[:200])

    def _rest(self, host: Any, done: Any) -> Iterator[Any]:
        """What ends with the sub-process: all but what still runs, where that is let end."""
        facts, scope = host.internal_data, self._scope(host)
        again = {token for id_, token in facts["offered"].items() if id_ in facts["once"]}
        stays = not (self.rule.sequential or self.rule.cancels)
        for token in _tokens(scope):
            if token is not done and not (stays and _running(token) and str(token.id) not in again):
                yield token

    def _tick_off(self, facts: dict[str, Any], scope: Any) -> None:
        for id_, token in list(facts["offered"].items()):
            if not any(str(other.id) == token for other in scope.live()):
                del facts["offered"][id_]
                facts["once"] = sorted({*facts["once"], id_})

    def _take_back(self, facts: dict[str, Any], scope: Any) -> bool:
        offered, facts["offered"] = set(facts["offered"].values()), {}
        for token in scope.live():
            if str(token.id) in offered:
                scope.top_workflow.cancel_token(token)
        return bool(offered)

    def _offer(self, facts: dict[str, Any], scope: Any) -> bool:
        menu = scope.spec.menu
        missing = [id_ for id_ in (*menu.offers, *menu.events) if id_ not in facts["offered"]]
        for id_ in missing:
            node = menu.offers.get(id_) or menu.events[id_]
            facts["offered"][id_] = str(scope.put(node).id)
        return bool(missing)

    def _hold(self, scope: Any) -> bool:
        """User tasks that a flow led to wait until what runs has ended."""
        opened = [token for token in _tokens(scope) if _open(token)]
        for token in opened:
            scope.top_workflow.cancel_token(token)
            scope.put(token.task_spec, **{key: it for key, it in token.internal_data.items() if key == "flow"})
        return bool(opened)

    def _let_in(self, scope: Any) -> bool:
        held = [token for token in _tokens(scope) if token.has_state(TaskState.FUTURE)]
        for token in held:
            if token.id in scope.tasks:
                token.task_spec._update(token)  # noqa: SLF001 - as when a token arrives
        return any(not token.has_state(TaskState.FUTURE) for token in held)

    def _busy(self, scope: Any) -> bool:
        return any(_running(token) and not _open(token) for token in _tokens(scope))

    def _scope(self, host: Any) -> Any:
        return host.workflow.top_workflow.subprocesses[host.id]


def settle(case: Any) -> bool:
    """Lets the first ad-hoc sub-process that has to change its offers do so."""
    hosts = [scope.host for scope in case.subprocesses.values() if isinstance(scope.host.task_spec, AdHocNode)]
    hosts = [host for host in hosts if "offered" in host.internal_data]  # of what is undone, nothing is offered
    return any(host.task_spec.settle(host) for host in hosts)


def _tokens(scope: Any) -> Iterator[Any]:
    """The tokens that stand in the sub-process itself, listeners and what hangs under others left out."""
    return (t for t in scope.live() if t.task_spec.keeps_alive and t.id in scope.tasks and t.parent is scope.task_tree)


def _running(token: Any) -> bool:
    """Whether an activity is under way: begun, not finished, and no offer."""
    element, begun = token.task_spec.element, not token.has_state(TaskState.FUTURE | TaskState.FINISHED_MASK)
    inner = element.kind in ACTIVITIES and not element.event_subprocess
    return begun and inner and not isinstance(token.task_spec, OfferNode)


def _open(token: Any) -> bool:
    return isinstance(token.task_spec, UserNode) and token.has_state(TaskState.READY)
