"""Every name that a file gives to anything: expressions may use those with signs or keywords in them."""

from engine.decisions.model import (
    Choice,
    Context,
    FunctionLogic,
    Invocation,
    Items,
    Logic,
    Loop,
    Model,
    Table,
    Type,
    named,
)


def known(model: Model) -> frozenset[str]:
    """The names of a file that are more than one plain word."""
    found = {named(one) for one in model.elements()}
    for home in model.homes.values():
        found.update(home.path)
        found |= _of_types([*home.types.values()])
    boxes = [one.logic for one in model.decisions.values() if one.logic is not None]
    while boxes:
        names, inner = _parts(boxes.pop())
        found |= names
        boxes += inner
    return frozenset(name for name in found if not name.isidentifier() and "." not in name) - {""}


def _of_types(types: list[Type]) -> set[str]:
    found: set[str] = set()
    while types:
        one = types.pop()
        found |= set(one.parts)
        types += one.parts.values()
    return found


def _parts(box: Logic) -> tuple[set[str], list[Logic]]:
    """The names that a box gives, and the boxes in it."""
    names: set[str] = set()
    inner: list[Logic | None] = []
    if isinstance(box, Table):
        names = {output.name for output in box.outputs}
    elif isinstance(box, Context):
        names, inner = {name for name, _ in box.entries}, [box.result, *(one for _, one in box.entries)]
    elif isinstance(box, Items):
        inner = [*box.items]
    elif isinstance(box, Invocation):
        names, inner = {name for name, _ in box.arguments}, [one for _, one in box.arguments]
    elif isinstance(box, FunctionLogic):
        names, inner = {name for name, _ in box.parameters}, [box.body]
    elif isinstance(box, Loop):
        names, inner = {box.name}, [box.domain, box.body]
    elif isinstance(box, Choice):
        inner = [box.condition, box.yes, box.no]
    return names, [one for one in inner if one is not None]
