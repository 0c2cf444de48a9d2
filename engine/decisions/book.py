"""A file compiled: the code of each decision, function and service, and what each of them sees (DMN 1.5, 10.4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from engine import feel
from engine.decisions import code, names
from engine.decisions.bench import Bench, Code
from engine.decisions.model import Decision, FunctionLogic, Logic, Model, named
from engine.decisions.types import Types
from engine.domain.errors import Problem

KEPT: Final = 256  # compiled files
Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A decision or function, compiled: `names` are those that its texts use, `sees` where it sees what it requires.

    `outside` names the languages of the code outside FEEL that it would call (Java, PMML).
    """

    code: Code
    names: frozenset[str]
    sees: tuple[tuple[str, Path], ...]
    type: str
    types: Types
    outside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Book:
    """A file ready to decide: each decision and function by id, the types of each home, and what is wrong with the file."""

    model: Model
    made: Mapping[str, Made]
    types: Mapping[str, Types]
    known: frozenset[str]
    problems: tuple[Problem, ...]

    def outside(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The languages of the code outside that these decisions and functions would call."""
        return tuple(sorted({kind for id_ in ids if id_ in self.made for kind in self.made[id_].outside}))


@lru_cache(KEPT)
def book(model: Model) -> Book:
    """The file compiled, with every text in it that is not FEEL among the problems."""
    known = names.known(model)
    problems: list[Problem] = list(model.problems)
    types = {key: Types(home.types, lambda text: feel.tests(text, known)) for key, home in model.homes.items()}
    made = {
        id_: _made(model, model.decisions[id_], known, types, problems) for id_ in model.order if id_ in model.decisions
    }
    for service in model.services.values():
        Bench(service.id, known, types[service.home], problems).require_type(service.type)
    problems += _of_types(model, known, types[""])
    return Book(model, made, types, known, tuple(problems))


def unseen(model: Model, decision: Decision, used: frozenset[str]) -> Sequence[str]:
    """The names that a decision's texts use and the file has, but that no line to the decision lets it see."""
    required = [model.element(id_) for id_ in decision.requires if _exists(model, id_)]
    seen = {decision.variable, *map(named, required)}
    seen.update(part for one in required for part in model.homes[one.home].path)
    return sorted({named(one) for one in model.elements() if one.home == decision.home} & used - seen)


def _made(
    model: Model, drawn: Decision, known: frozenset[str], types: Mapping[str, Types], problems: list[Problem]
) -> Made:
    bench = Bench(drawn.id, known, types[drawn.home], problems)
    bench.require_type(drawn.type)
    logic = _typed(drawn)
    compiled = code.compiled(logic, bench) if logic is not None else _undrawn
    required = [id_ for id_ in drawn.requires if _exists(model, id_)]
    if drawn.knowledge and drawn.id not in required:
        required.append(drawn.id)  # a function may call itself
    sees = tuple((id_, _way(model, drawn.home, id_)) for id_ in required)
    return Made(compiled, frozenset(bench.names), sees, drawn.type, bench.types, tuple(bench.outside))


def _typed(drawn: Decision) -> Logic | None:
    """The logic; that of a function answers in the type of its variable, where it names none itself."""
    if isinstance(drawn.logic, FunctionLogic) and not drawn.logic.type:
        return replace(drawn.logic, type=drawn.type)
    return drawn.logic


def _undrawn(_frame: feel.Frame) -> object:
    return None


def _exists(model: Model, id_: str) -> bool:
    return id_ in model.decisions or id_ in model.services or id_ in model.facts


def _way(model: Model, home: str, id_: str) -> Path:
    """The names by which an element of that home gets to the value of another one."""
    other = model.element(id_)
    before = model.homes[home].path
    way = model.homes[other.home].path
    inside = way[len(before) :] if way[: len(before)] == before else way
    return (*inside, *named(other).split("."))


def _of_types(model: Model, known: frozenset[str], types: Types) -> list[Problem]:
    problems: list[Problem] = []
    todo = [(name, one) for name, one in model.types.items() if not name.startswith("{")]
    while todo:
        name, one = todo.pop()
        todo += [(name, part) for part in one.parts.values()]
        bench = Bench(name, known, types, problems)
        for used in (one.base, one.result, *one.parameters):
            bench.require_type(used)
        bench.tests(one.allowed, "allowed values")
        bench.tests(one.constraint, "allowed values")
    return problems
