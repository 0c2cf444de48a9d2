"""What is wrong with a file, or could be better, before anybody decides by it: with the rules' numbers."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from engine.decisions import book as books
from engine.decisions.axes import Reading
from engine.decisions.findings import Finding
from engine.decisions.judging import judged
from engine.decisions.mistakes import mistakes
from engine.decisions.model import Context, Decision, FunctionLogic, Logic, Model, Table
from engine.decisions.types import Types

KEPT: Final = 64  # files whose findings are kept: a draft is asked about again with every page of the studio


@lru_cache(KEPT)
def check(model: Model) -> Sequence[Finding]:
    """Every finding of the file: texts that are not FEEL, and of each table overlaps, gaps and rules without effect."""
    book = books.book(model)
    found = [Finding(one.where, one.message, one.params) for one in book.problems]
    message = "The decision %(id)s has no table and no expression."
    found += [Finding(one.id, message, {"id": one.id}) for one in model.own.values() if one.logic is None]
    message = "The decision uses %(name)s, but no line leads from it to the decision; draw the requirement."
    found += [
        Finding(id_, message, {"name": name})
        for id_, one in model.own.items()
        for name in books.unseen(model, one, book.made[id_].names)
    ]
    if found:
        return tuple(found)
    reading = Reading(book.known, model.types)
    for drawn in model.own.values():
        table = _table(drawn.logic)
        if table is not None:
            found += _of_table(drawn, table, reading, book.types[""])
    return tuple(found)


def _table(logic: Logic | None) -> Table | None:
    """The table that a decision or a function is."""
    if isinstance(logic, FunctionLogic):
        return _table(logic.body)
    if isinstance(logic, Context) and not logic.entries:
        return _table(logic.result)
    return logic if isinstance(logic, Table) else None


def _of_table(drawn: Decision, table: Table, reading: Reading, types: Types) -> list[Finding]:
    wrong = list(mistakes(drawn, table, reading, types))
    rules = frozenset(int(str(one.params["rule"])) - 1 for one in wrong if "rule" in one.params)
    return [*wrong, *judged(drawn, table, reading, types, rules)]
