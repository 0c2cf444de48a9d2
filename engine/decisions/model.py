"""What a DMN file says, as plain frozen values: decisions, what they require, and the logic of each, as drawn."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType


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
    """A type that the file defines: built on `base` or of `parts`, perhaps a list, of the allowed values only."""

    base: str = ""
    parts: Mapping[str, "Type"] = field(default_factory=lambda: MappingProxyType({}))
    several: bool = False
    allowed: str = ""
    function: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """What a decision is told: the name under which it sees it, and its type."""

    id: str
    name: str
    type: str


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision, or (`knowledge`) a function that decisions call. `name` is how people and expressions call it.

    `requires` are the ids of the decisions, inputs and functions that it needs.
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


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """One file: its decisions and functions by id, what they are told, and the types it defines.

    `order` are the ids of the decisions and functions, each after all that it requires.
    """

    id: str
    name: str
    name_en: str
    decisions: Mapping[str, Decision]
    facts: Mapping[str, Fact]
    types: Mapping[str, Type]
    order: tuple[str, ...]
