"""What a decision has to be told before it can be made: its inputs, with their kinds and what they may be."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from engine import feel
from engine.decisions import book as books
from engine.decisions import order
from engine.decisions.axes import Reading
from engine.decisions.model import Context, FunctionLogic, Logic, Model, Table
from engine.domain.errors import Problem
from engine.feel.nodes import Name

_READ: Final = {
    "number": "number(text)",
    "date": "date(text)",
    "time": "time(text)",
    "date and time": "date and time(text)",
    "days and time duration": "duration(text)",
    "years and months duration": "duration(text)",
}
_Place = tuple[tuple[str, ...], str]  # the names of the imports on the way to a file, and a name in it
_TRUTHS: Final = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Question:
    """An input: the name by which the file knows it, its kind as FEEL calls it (empty: any), and the texts it may be.

    `path` are the names of the imports within which an imported file is told it: `base.score` is the `score` within `base`.
    """

    name: str
    kind: str
    choices: tuple[str, ...] = ()
    path: tuple[str, ...] = ()

    @property
    def called(self) -> str:
        """The name with those of the imports before it."""
        return ".".join((*self.path, self.name))


def questions(model: Model, decision: str) -> tuple[Question, ...]:
    """What the decision, and all that it requires, looks at and does not find itself."""
    book = books.book(model)
    ids = [id_ for id_ in order.needed(model, decision) if id_ in model.decisions]
    reading = Reading(book.known, model.types)
    made = {_place(model, one.home, one.variable) for one in model.decisions.values()} | {
        (home.path[:-1], home.path[-1]) for home in model.homes.values() if home.path
    }
    facts = {_place(model, fact.home, fact.name): fact for fact in model.facts.values()}
    asked = {id_: dict(_columns(model.decisions[id_].logic, reading)) for id_ in ids}
    columns = {_place(model, model.decisions[id_].home, name): said for id_ in ids for name, said in asked[id_].items()}
    needed = (model.facts[ref] for id_ in ids for ref in model.decisions[id_].requires if ref in model.facts)
    places = [_place(model, fact.home, fact.name) for fact in needed]
    places += [
        _place(model, model.decisions[id_].home, name)
        for id_ in ids
        for name in (*asked[id_], *sorted(book.made[id_].names))
        if not _within(model, model.decisions[id_].home, name)
    ]
    found: dict[_Place, Question] = {}
    for place in (one for one in places if one not in made):
        path, name = place
        said = columns.get(place, Question(name, ""))
        fact = facts.get(place)
        if fact is not None and fact.type and not said.choices:
            said = _question(name, fact.type, "", reading)
        found[place] = replace(said, path=path)
    return tuple(found.values())


def answered(question: Question, text: str) -> object:
    """The FEEL value of what was typed; nothing typed is null, and what has no kind is an expression.

    Raises FeelError for what is none, ValueError for what is not of the question's kind.
    """
    text = text.strip()
    if not text or question.kind == "string":
        return text or None
    if question.kind == "boolean":
        found: object = _TRUTHS.get(text)
    else:
        found = feel.evaluate(_READ.get(question.kind, text), {"text": text})
    if found is None and question.kind:
        raise ValueError(text)
    return found


def problem(name: str, question: Question, error: Exception) -> Problem:
    """What is wrong with what was typed, at the field of that name."""
    if isinstance(error, feel.FeelError):
        return Problem(name, "This is no FEEL expression (%(reason)s).", {"reason": error.reason})
    return Problem(name, "This is no %(type)s as FEEL writes it.", {"type": question.kind})


def _place(model: Model, home: str, name: str) -> _Place:
    return model.homes[home].path, name


def _within(model: Model, home: str, name: str) -> bool:
    """Whether a name that a text uses is something of an imported file, which has a place of its own: `base.score`."""
    path = model.homes[home].path
    below = (other.path[len(path) :] for other in model.homes.values() if other.path[: len(path)] == path)
    return any(name.startswith(f"{'.'.join(names)}.") for names in below if names)


def _columns(logic: Logic | None, reading: Reading) -> Iterator[tuple[str, Question]]:
    """What the columns of a table say of the names that they look at."""
    if isinstance(logic, FunctionLogic):
        return
    if isinstance(logic, Context) and logic.result is not None:
        yield from _columns(logic.result, reading)
    if isinstance(logic, Table):
        for column in logic.inputs:
            node = reading.node(column.text)
            if isinstance(node, Name):
                yield node.name, _question(node.name, column.type, column.allowed, reading)


def _question(name: str, type_: str, allowed: str, reading: Reading) -> Question:
    kind, limits, whole = reading.kind(type_)
    choices: tuple[str, ...] = ()
    for text in (*limits, allowed):
        cell = reading.cell(text)
        said = cell.compared if cell else None
        if said and not said.ordered and said.values and all(isinstance(one, str) for one in said.values):
            choices = tuple(str(one) for one in said.values)
    return Question(name, kind if whole else "", choices)
