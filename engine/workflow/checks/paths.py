"""By which way a token comes to an element without a variable, told by where that way parts from those that set it."""

from collections.abc import Mapping

from engine.workflow.checks import graph
from engine.workflow.checks.flowing import Survey
from engine.workflow.diagram import Diagram


def without(diagram: Diagram, survey: Survey, target: str, name: str) -> str | None:
    """The last element on such a way from which one could still have gone where the variable is set, or the first of all.

    None where no way of the flows shows it: then it is left out that something may be missing.
    """
    flowing = survey.flowing(diagram)
    lacking = {id_ for id_, after in flowing.after.items() if name not in after.must}
    following = graph.successors(diagram)
    came: dict[str, str] = {}
    todo = [target]
    leading = _leading(following)
    while todo:
        id_ = todo.pop(0)
        for before in leading.get(id_, ()):
            if before in lacking and before not in came and before != target:
                came[before] = id_
                todo.append(before)
    setting = [id_ for id_, after in flowing.after.items() if name in after.may - flowing.before[id_].may]
    for id_, then in came.items():
        beyond = graph.reached_from(diagram, following.get(id_, ()), without=then)
        if any(one in beyond for one in setting):
            return id_
    around = diagram.elements[target].scope
    return next(reversed(came), around if around in diagram.elements else None)


def _leading(following: Mapping[str, tuple[str, ...]]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for id_, targets in following.items():
        for target in targets:
            found.setdefault(target, []).append(id_)
    return found
