"""A step and its persistence alone, young and old: our state codec against the library's whole JSON, on the same table."""

import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from engine.workflow import Definition, Run
from tests.bench import drawing
from tests.bench.bare import States, connect, transaction
from tests.bench.measures import Line, ms, times, undisturbed
from tests.bench.naive import Naive
from tests.bench.places import Place

YOUNG: Final = 20  # tasks that the library's case holds
OLD: Final = 700
SAMPLES: Final = 15
NAME: Final = "old"
TARGETS: Final = {YOUNG: ">= 3 x", OLD: ">= 20 x"}


@dataclass(frozen=True, slots=True)
class Samples:
    """Seconds of a step, ours and theirs, one after the other."""

    ours: list[float] = field(default_factory=list)
    naive: list[float] = field(default_factory=list)


def lines(place: Place) -> list[Line]:
    """The loop on this kind of database, at both ages."""
    found = _measure(place)
    return [
        Line(
            f"a step and its state, {age} tasks old, {place.name}",
            ms(samples.ours),
            f"naive JSON: {ms(samples.naive)}",
            f"{times(samples.naive, samples.ours)} faster",
            TARGETS[age],
        )
        for age, samples in found.items()
    ]


def _measure(place: Place) -> Mapping[int, Samples]:
    url = place.make("states")
    definition = Definition.build(drawing.loop(drawing.OURS), {})
    found = {YOUNG: Samples(), OLD: Samples()}
    with closing(connect(url)) as connection, Naive(url, drawing.LOOP, drawing.loop(drawing.PLAIN)) as naive:
        states = States(connection)
        states.new(NAME, _begun(definition))
        size = naive.start(f"{NAME}-naive")
        for age, samples in found.items():
            while size < age:
                _step(definition, states)
                _seconds, size = naive.step(f"{NAME}-naive", drawing.answers(drawing.AGAIN))
            _sample(definition, states, naive, samples)
    return found


def _sample(definition: Definition, states: States, naive: Naive, samples: Samples) -> None:
    """The library's case grows with each of its steps, by four tasks: a few samples more do not change its age much."""
    with undisturbed():
        for _number in range(SAMPLES):
            samples.ours.append(_step(definition, states))
            samples.naive.append(naive.step(f"{NAME}-naive", drawing.answers(drawing.AGAIN))[0])


def _begun(definition: Definition) -> bytes:
    run = Run.start(definition, {}, datetime.now(UTC))
    for _call in run.advance():
        pass
    return run.dump()


def _step(definition: Definition, states: States) -> float:
    answers = drawing.answers(drawing.AGAIN)
    begun = time.perf_counter()
    with transaction(states.connection):
        run = Run.load(definition, states.load(NAME), datetime.now(UTC))
        run.complete(run.open_tasks()[0].id, answers)
        for _call in run.advance():
            pass
        states.save(NAME, run.dump())
    return time.perf_counter() - begun
