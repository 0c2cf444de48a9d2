"""The order in which decisions are made: each after all that it requires, none in a circle."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from engine.decisions.model import Decision, Model
from engine.domain.errors import Invalid, Problem


def sorted_model(model: Model) -> Model:
    """The model with its order and its tables frozen; Invalid where decisions require one another in a circle."""
    placed = _placed(model.decisions)
    circle = [id_ for id_ in model.decisions if id_ not in placed]
    if circle:
        message = "The decision requires itself, through others or at once; remove one of the lines."
        raise Invalid("No decision could be read from this file.", [Problem(id_, message) for id_ in circle])
    return replace(
        model,
        decisions=MappingProxyType(dict(model.decisions)),
        facts=MappingProxyType(dict(model.facts)),
        types=MappingProxyType(dict(model.types)),
        order=tuple(placed),
    )


def needed(model: Model, decision: str) -> tuple[str, ...]:
    """The decision and all that it requires, in order."""
    found, todo = {decision}, [decision]
    while todo:
        for id_ in model.decisions[todo.pop()].requires:
            if id_ in model.decisions and id_ not in found:
                found.add(id_)
                todo.append(id_)
    return tuple(id_ for id_ in model.order if id_ in found)


def _placed(decisions: Mapping[str, Decision]) -> Collection[str]:
    """The decisions that can be placed, in order; those in a circle, and what hangs on them, are left out."""
    left = {id_: sum(other in decisions for other in one.requires) for id_, one in decisions.items()}
    users: dict[str, list[str]] = {}
    for id_, one in decisions.items():
        for other in one.requires:
            users.setdefault(other, []).append(id_)
    ready = [id_ for id_, count in left.items() if count == 0]
    for id_ in ready:
        for user in users.get(id_, ()):
            left[user] -= 1
            if left[user] == 0:
                ready.append(user)
    return dict.fromkeys(ready)
