"""By which way a token comes to an element without a variable, told by where that way parts from those that set it."""

from collections.abc import Iterable, Mapping

from engine.workflow.checks import graph
from engine.workflow.checks.flowing import Flowing
from engine.workflow.diagram import Diagram


class Ways:
    """The ways of one diagram, there and back."""

    def __init__(self, diagram: Diagram, flowing: Flowing) -> None:
        self._diagram = diagram
        self._flowing = flowing
        self._following = graph.successors(diagram)
        self._leading = _turned(self._following)

    def without(self, target: str, name: str) -> str | None:
        """The last element on such a way from which one could still have gone where the variable is set, or the first of all.

        None where no way of the flows shows it: then it is left out that something may be missing.
        """
        came = self._lacking(target, name)
        setting = self._backwards(self._setting(name))
        for id_, then in came.items():
            if any(other in setting for other in self._following.get(id_, ()) if other != then):
                return id_
        around = self._diagram.elements[target].scope
        return next(reversed(came), around if around in self._diagram.elements else None)

    def _setting(self, name: str) -> list[str]:
        flowing = self._flowing
        return [
            id_ for id_, after in flowing.after.items() if name in after.may and name not in flowing.before[id_].may
        ]

    def _lacking(self, target: str, name: str) -> dict[str, str]:
        """The elements on ways to the target after which the variable may be missing, nearest first, and which comes next."""
        came: dict[str, str] = {}
        todo = [target]
        for id_ in todo:
            for before in self._leading.get(id_, ()):
                after = self._flowing.after.get(before)
                if after is not None and name not in after.must and before not in came and before != target:
                    came[before] = id_
                    todo.append(before)
        return came

    def _backwards(self, ids: Iterable[str]) -> set[str]:
        """These elements and all from which some way leads to one of them."""
        todo = list(ids)
        found = set(todo)
        for id_ in todo:
            for before in self._leading.get(id_, ()):
                if before not in found:
                    found.add(before)
                    todo.append(before)
        return found


def _turned(following: Mapping[str, tuple[str, ...]]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for id_, targets in following.items():
        for target in targets:
            found.setdefault(target, []).append(id_)
    return found
