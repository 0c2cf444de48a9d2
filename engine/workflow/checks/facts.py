"""What publication knows of the things that diagrams name: what a form asks, a service answers, a decision needs."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from engine.feel import Type


@dataclass(frozen=True, slots=True)
class Asked:
    """An expression of a form: at which of its questions, what it is there for, and the names that the case must give."""

    where: str
    what: str
    names: Collection[str]


@dataclass(frozen=True, slots=True)
class FormFacts:
    """The answers of a form by their names, and what its expressions ask of the case."""

    fields: Mapping[str, Type] = field(default_factory=dict)
    asks: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What a decision must be told, by name, and the type of its answer as case data."""

    inputs: Mapping[str, Type]
    output: Type


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known; a form, service or decision that is missing here may bring anything and need anything.

    `every` is what every case knows, `started` what each knows that a person starts, `started_about` what it may know
    besides. `messages` are those that the office itself sends, with what they bring.
    """

    forms: Mapping[str, FormFacts] = field(default_factory=dict)
    services: Mapping[str, Mapping[str, Type]] = field(default_factory=dict)
    decisions: Mapping[str, DecisionFacts] = field(default_factory=dict)
    every: Mapping[str, Type] = field(default_factory=dict)
    started: Mapping[str, Type] = field(default_factory=dict)
    started_about: Mapping[str, Type] = field(default_factory=dict)
    messages: Mapping[str, Mapping[str, Type]] = field(default_factory=dict)
