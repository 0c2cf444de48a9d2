"""The order in which decisions are made: each after all that it requires, none in a circle."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from engine.decisions.model import Model
from engine.domain.errors import Invalid, Problem


def sorted_model(model: Model) -> Model:
    """The model with its order and its tables frozen; Invalid where decisions require one another in a circle.

    Functions may call themselves and one another: what would never end is ended by the budget.
    """
    links = _links(model)
    placed = _placed(links)
    circle = [id_ for id_ in links if id_ not in placed]
    if circle:
        message = "The decision requires itself, through others or at once; remove one of the lines."
        raise Invalid("No decision could be read from this file.", [Problem(id_, message) for id_ in circle])
    return replace(
        model,
        decisions=MappingProxyType(dict(model.decisions)),
        facts=MappingProxyType(dict(model.facts)),
        services=MappingProxyType(dict(model.services)),
        homes=MappingProxyType(dict(model.homes)),
        order=tuple(placed),
    )


def needed(model: Model, *wanted: str, given: Iterable[str] = ()) -> tuple[str, ...]:
    """These decisions and all that they require, in order, but for what is `given` and what only that requires."""
    known = set(given)
    found, todo = set(wanted) - known, [id_ for id_ in wanted if id_ not in known]
    while todo:
        decision = model.decisions.get(todo.pop())
        for id_ in decision.requires if decision else ():
            if id_ not in found and id_ not in known and (id_ in model.decisions or id_ in model.services):
                found.add(id_)
                todo.append(id_)
    return tuple(id_ for id_ in model.order if id_ in found)


def _links(model: Model) -> Mapping[str, Collection[str]]:
    """Each decision, function and service with those that must be placed before it."""
    functions = {id_ for id_, one in model.decisions.items() if one.knowledge}
    links: dict[str, Collection[str]] = {}
    for id_, one in model.decisions.items():
        wanted = {each for each in one.requires if each in model.decisions or each in model.services}
        links[id_] = wanted - functions if id_ in functions else wanted
    for id_, service in model.services.items():
        links[id_] = {each for each in (*service.outputs, *service.encapsulated) if each in model.decisions}
    return links


def _placed(links: Mapping[str, Collection[str]]) -> Collection[str]:
    """What can be placed, in order; what is in a circle, and what hangs on it, is left out."""
    left = {id_: len(others) for id_, others in links.items()}
    users: dict[str, list[str]] = {}
    for id_, others in links.items():
        for other in others:
            users.setdefault(other, []).append(id_)
    ready = [id_ for id_, count in left.items() if count == 0]
    for id_ in ready:
        for user in users.get(id_, ()):
            left[user] -= 1
            if left[user] == 0:
                ready.append(user)
    return dict.fromkeys(ready)
