"""What a DMN file says, as plain frozen values: decisions, what they require, and the logic of each, as drawn."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from engine.domain.errors import Problem


class Policy(StrEnum):
    """What a table answers where several rules match; the value is the letter that people write in its corner."""

    UNIQUE = "U"
    ANY = "A"
    PRIORITY = "P"
    FIRST = "F"
    RULE_ORDER = "R"
    OUTPUT_ORDER = "O"
    COLLECT = "C"
    SUM = "C+"
    LEAST = "C<"
    MOST = "C>"
    COUNT = "C#"


LISTS = frozenset({Policy.RULE_ORDER, Policy.OUTPUT_ORDER, Policy.COLLECT})
ORDERED_BY_OUTPUT = frozenset({Policy.PRIORITY, Policy.OUTPUT_ORDER})


@dataclass(frozen=True, slots=True)
class Logic:
    """How a value is found; `type` is the name of its type, empty where none is written."""

    type: str = field(default="", kw_only=True)


@dataclass(frozen=True, slots=True)
class Literal(Logic):
    """A FEEL text."""

    text: str


@dataclass(frozen=True, slots=True)
class Input:
    """A column that is asked: `text` is what is looked at, `allowed` the unary tests of what it may be."""

    text: str
    label: str
    type: str = ""
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class Output:
    """A column that is answered; `allowed` lists the possible values, for P and O from the first in rank to the last."""

    name: str
    label: str
    type: str = ""
    allowed: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A line of a table: a unary test a column asked, an expression a column answered, a remark a column of remarks."""

    id: str
    tests: tuple[str, ...]
    answers: tuple[str, ...]
    notes: tuple[str, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Table(Logic):
    """A decision table; its rules count from 1, as people see them."""

    policy: Policy
    inputs: tuple[Input, ...]
    outputs: tuple[Output, ...]
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Context(Logic):
    """Named values, each of which sees those before it; with a `result`, the value is that alone."""

    entries: tuple[tuple[str, Logic], ...]
    result: Logic | None = None


@dataclass(frozen=True, slots=True)
class Items(Logic):
    """A list, one expression an element."""

    items: tuple[Logic, ...]


@dataclass(frozen=True, slots=True)
class Invocation(Logic):
    """A call of a function by its name, with named arguments."""

    called: str
    arguments: tuple[tuple[str, Logic], ...]


@dataclass(frozen=True, slots=True)
class FunctionLogic(Logic):
    """A function: its parameters with the names of their types, and what it answers."""

    parameters: tuple[tuple[str, str], ...]
    body: Logic


@dataclass(frozen=True, slots=True)
class Outside(Logic):
    """What would call code outside FEEL (`kind` is Java or PMML); it is read, so that it can be named, and never run."""

    kind: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Choice(Logic):
    """`if` in boxes."""

    condition: Logic
    yes: Logic
    no: Logic


@dataclass(frozen=True, slots=True)
class Loop(Logic):
    """`for`, `some` or `every` in boxes, or a filter: `kind` says which."""

    kind: str
    name: str
    domain: Logic
    body: Logic


@dataclass(frozen=True, slots=True)
class Type:
    """A type that the file defines: built on `base` or of `parts`, perhaps a list, of the allowed values only.

    `allowed` are unary tests of one value (of each element of a list), `constraint` those of the whole
    (DMN 1.5, 7.3.3). A `function` is one of so many `parameters`; what it answers is of the type `result`.
    """

    base: str = ""
    parts: Mapping[str, "Type"] = field(default_factory=lambda: MappingProxyType({}))
    several: bool = False
    allowed: str = ""
    constraint: str = ""
    function: bool = False
    parameters: tuple[str, ...] = ()
    result: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """What a decision is told: the name under which it sees it, and its type."""

    id: str
    name: str
    type: str
    home: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision, or (`knowledge`) a function that decisions call. `name` is how people and expressions call it.

    `requires` are the ids of the decisions, inputs, functions and services that it needs.
    """

    id: str
    name: str
    name_en: str
    variable: str
    type: str
    logic: Logic | None
    requires: tuple[str, ...]
    line: int
    knowledge: bool = False
    home: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """A decision service: a function of its inputs (input data, then decisions) that makes the decisions `outputs`.

    Asked outright or called from an expression; `encapsulated` are the decisions that it may make on the way.
    """

    id: str
    name: str
    name_en: str
    variable: str
    type: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...]
    line: int = 0
    home: str = ""


Element = Decision | Fact | Service


def named(one: Element) -> str:
    """The name under which expressions know an element."""
    return one.name if isinstance(one, Fact) else one.variable


@dataclass(frozen=True, slots=True)
class Home:
    """One file at its place in the tree of imports: the names on the way to it (an import without a name adds none).

    `types` are those that it can name, its own and those it imports.
    """

    path: tuple[str, ...]
    namespace: str
    types: Mapping[str, Type]


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """One file: its decisions and functions by id, what they are told, its services, and the types it defines.

    What it imports is in there too, once for each place where it is imported, with the place (the key of `homes`) before
    its ids: "fees/rate". `order` are the ids of decisions, functions and services, each after all that it requires.
    `problems` are what must be mended before the file decides anything in earnest.
    """

    id: str
    name: str
    name_en: str
    decisions: Mapping[str, Decision]
    facts: Mapping[str, Fact]
    services: Mapping[str, Service]
    homes: Mapping[str, Home]
    order: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def types(self) -> Mapping[str, Type]:
        """The types that the file itself can name."""
        return self.homes[""].types

    def elements(self) -> Iterator[Element]:
        """Decisions, functions, services and inputs, also those that are imported."""
        yield from self.decisions.values()
        yield from self.services.values()
        yield from self.facts.values()

    def asked(self, id_: str) -> Decision | Service | None:
        """What a process may ask by that id: a decision or a service of the file itself; None where there is none."""
        found: Decision | Service | None = self.decisions.get(id_) or self.services.get(id_)
        return None if found is None or found.home or (isinstance(found, Decision) and found.knowledge) else found

    def askable(self) -> Sequence[str]:
        """The ids of all that a process may ask."""
        return [id_ for id_ in (*self.decisions, *self.services) if self.asked(id_) is not None]

    def element(self, id_: str) -> Element:
        """The decision, function, service or input of an id."""
        return self.decisions.get(id_) or self.services.get(id_) or self.facts[id_]

    @property
    def own(self) -> Mapping[str, Decision]:
        """The decisions and functions that stand in the file itself."""
        return {id_: one for id_, one in self.decisions.items() if not one.home}
