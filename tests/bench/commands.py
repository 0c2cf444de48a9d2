"""One task completed, the whole command: form check, engine, projections, history, commit; against floor and naive use.

What runs right after something alike finds its code and data in the processor's caches (measured: a command takes
0.25 ms again and again, four times as long between other work). So command and floor are met alike, as an office meets
them: each after a step of somebody else's work, which is the naive use, and the query of a page.
"""

import time
from contextlib import closing
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import select

from engine import pins, starts, tasks
from engine.store import models
from engine.store.database import Database
from engine.work import Actor, begin, look
from engine.workflow import Definition
from tests.bench import drawing
from tests.bench.floor import InMemory, Shadow
from tests.bench.measures import Line, ms, times, undisturbed
from tests.bench.naive import Naive
from tests.bench.places import Place
from tests.factories import an_actor, an_operator, publish

CASES: Final = 12


@dataclass(frozen=True, slots=True)
class Samples:
    """Seconds of each step, measured one after the other so that a slow moment of the machine meets all alike."""

    command: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    naive: list[float] = field(default_factory=list)


def lines(place: Place) -> list[Line]:
    """The whole command on this kind of database."""
    samples = _measure(place)
    what = f"complete a task, whole command, {place.name}"
    return [
        Line(
            what, ms(samples.command), f"floor: {ms(samples.floor)}", times(samples.command, samples.floor), "<= 1.5 x"
        ),
        Line("", "", f"naive JSON: {ms(samples.naive)}", times(samples.command, samples.naive)),
    ]


def prepared(place: Place, name: str) -> str:
    """The URL of a new database in which the permit is published."""
    url = place.make(name)
    with closing(Database(url)) as database:
        forms = {drawing.form_of(element) for element in drawing.people()}
        publish(database, *[("form", key, content) for key, content in sorted(forms)])
        publish(database, ("process", drawing.PERMIT, drawing.permit(drawing.OURS)))
        an_actor(database, "ana", "analyst")
        an_operator(database)
    return url


def new_case(database: Database, ana: Actor) -> str:
    """The id of a case that was begun by hand."""
    with look(database, ana) as work:
        operator = work.session.scalars(select(models.Operator.id)).one()
    with begin(database, ana) as work:
        return starts.begin(work, drawing.PERMIT, {}, operator_id=operator).id


def open_task(database: Database, ana: Actor, case: str) -> str:
    """The id of the one open task of the case; empty where it has none any more."""
    with look(database, ana) as work:
        query = select(models.Task.id).where(models.Task.case_id == case, models.Task.status == "open")
        return work.session.scalars(query).one_or_none() or ""


def complete(database: Database, ana: Actor, task: str, element: str) -> float:
    """The command as a page gives it; seconds."""
    answers = drawing.answers(element)
    begun = time.perf_counter()
    with begin(database, ana) as work:
        tasks.complete(work, task, answers, key=f"bench-{task}")
    return time.perf_counter() - begun


def _measure(place: Place) -> Samples:
    url = prepared(place, "command")
    copy = place.copy("command", "command_copy")
    place.make("command_naive")
    plain = drawing.permit(drawing.PLAIN)
    naive_url = place.url("command_naive")
    samples = Samples()
    with (
        closing(Database(url)) as database,
        closing(Shadow(database, copy)) as shadow,
        Naive(naive_url, drawing.PERMIT, plain) as naive,
    ):
        ana = an_actor(database, "ana", "analyst")
        for number in range(CASES):
            _case(database, ana, shadow, naive, f"case-{number}", samples)
    return samples


def _case(database: Database, ana: Actor, shadow: Shadow, naive: Naive, name: str, samples: Samples) -> None:
    case = new_case(database, ana)
    shadow.follow()
    others = [f"{name}-{half}" for half in ("command", "floor")]
    for other in others:
        naive.start(other)
    memory = InMemory(_definition(database, ana), {})
    with undisturbed():
        for element in drawing.people():
            samples.naive.append(naive.step(others[0], drawing.answers(element))[0])
            task = open_task(database, ana, case)
            samples.command.append(complete(database, ana, task, element))
            samples.naive.append(naive.step(others[1], drawing.answers(element))[0])
            open_task(database, ana, case)
            samples.floor.append(shadow.follow() + memory.step(drawing.answers(element)))


def _definition(database: Database, ana: Actor) -> Definition:
    with look(database, ana) as work:
        return pins.definition(work, pins.current(work, drawing.PERMIT).id)
