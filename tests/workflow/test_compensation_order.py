"""Whatever is nested in whatever: what was completed is undone in exactly the reverse order, once each."""

from dataclasses import dataclass, field
from itertools import count

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.workflow.drawing import node, path, plain, task
from tests.workflow.playing import Play
from tests.workflow.test_compensation import EACH, compensable, throwing, undoing, undone

ITEMS = [1, 2]


@dataclass
class Part:
    """A task, or a sub-process of several parts, perhaps for each item; `undoes` says that it has a handler itself."""

    undoes: bool
    parts: list["Part"] = field(default_factory=list)
    repeated: bool = False
    name: str = ""


def _inner(parts: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    return st.builds(Part, st.booleans(), st.lists(parts, min_size=1, max_size=3), st.booleans())


PARTS = st.recursive(st.builds(Part, st.booleans()), _inner, max_leaves=5)


def draw(part: Part, names: "count[int]") -> str:
    """The BPMN of a part, which gets its name here."""
    part.name = f"p{next(names)}"
    loop = EACH.format(' isSequential="true"') if part.repeated else ""
    if not part.parts:
        return compensable(part.name, loop) if part.undoes else task(part.name, inner=loop)
    inner = "".join(draw(one, names) for one in part.parts)
    begin, end = f"{part.name}_b", f"{part.name}_e"
    around = node("startEvent", begin) + node("endEvent", end) + path(begin, *(one.name for one in part.parts), end)
    drawn = node("subProcess", part.name, inner=inner + around + loop)
    return drawn + undone(part.name, undoing(f"undo_{part.name}")) if part.undoes else drawn


def undo_order(part: Part) -> list[str]:
    """What the standard says: the last one first, a handler instead of what is inside, and once for each instance."""
    inside = [name for one in reversed(part.parts) for name in undo_order(one)]
    once = [f"undo_{part.name}"] if part.undoes else inside
    return once * (len(ITEMS) if part.repeated else 1)


@settings(max_examples=40, deadline=None)
@given(parts=st.lists(PARTS, min_size=1, max_size=3))
def test_what_was_completed_is_undone_in_reverse_order(parts: list[Part]) -> None:
    names = count(1)
    body = "".join(draw(part, names) for part in parts)
    play = Play(plain(body + throwing(), names=" ".join([*(part.name for part in parts), "throw"])), {"items": ITEMS})

    undone_now = []
    while play.open:
        (name,) = play.open
        play.do(name)
        if name.startswith("undo_"):
            undone_now.append(name)

    assert undone_now == undo_order(Part(undoes=False, parts=parts))
    assert play.run.finished
    assert play.run._case.records == []  # noqa: SLF001 - nothing may be left to undo
