"""Finding one's way in a long form: the error summary, and the list of sections with what is still open in each."""

from collections.abc import Iterator, Mapping

from engine.domain.errors import Problem
from engine.forms.checking import blank, required
from engine.forms.records import Kind
from web.forms.page import Level, Page, anchor
from web.forms.views import Content, Item, Wrong

LONG = 3  # from this many sections on, a list of contents stands on top


def summary(items: tuple[Item, ...], problems: Mapping[str, Problem]) -> Iterator[Wrong]:
    """The problems in the order of the page, each with its question; those of no question last."""
    placed = set()
    for one, heading in _questions(items, ""):
        if one.problem:
            placed.add(one.problem.where)
            yield Wrong(" · ".join(part for part in (heading, one.label) if part), one.problem, one.name)
    yield from (Wrong(where, problem) for where, problem in problems.items() if where not in placed)


def sections(page: Page, top: Level) -> tuple[Content, ...]:
    """The sections, where there are enough of them to get lost."""
    found = tuple(_sections(page, top))
    return found if len(found) >= LONG else ()


def _sections(page: Page, here: Level) -> Iterator[Content]:
    for one in here.fields:
        if one.kind != Kind.GROUP or page.hidden(one, here.scope):
            continue
        inside = page.inside(here, one, here.values)
        if not one.section:
            yield from _sections(page, inside)
            continue
        asked = list(_asked(page, inside))
        still_open = sum(is_open for _, is_open in asked)
        wrong = sum(where in page.problems for where, _ in asked)
        yield Content(anchor(one, here.place(one)), page.said(one.label, here.scope), still_open, wrong)


def _asked(page: Page, here: Level) -> Iterator[tuple[str, bool]]:
    """Each question that shows: its place, and whether it still must be answered."""
    for one in here.fields:
        if page.hidden(one, here.scope):
            continue
        value = here.values.get(one.key)
        if one.kind == Kind.GROUP:
            yield from _asked(page, page.inside(here, one, here.values))
        elif one.kind == Kind.ROWS:
            yield here.place(one), one.rules.required and blank(value)
            for row in page.rows(here, one):
                if not blank(row.values):
                    yield from _asked(page, row)
        elif one.answered:
            yield here.place(one), blank(value) and required(one, here.scope, page.now)


def _questions(items: tuple[Item, ...], heading: str) -> Iterator[tuple[Item, str]]:
    for one in items:
        if one.kind in ("group", "section"):
            yield from _questions(one.items, one.label or heading)
        else:
            yield one, heading
        for row in one.rows:
            yield from _questions(row.items, f"{one.row or one.label} {row.number}".strip())
