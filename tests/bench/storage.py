"""What a case takes on the disk when it has ended, its whole history included."""

from contextlib import closing
from typing import Final

from engine.store.database import Database
from engine.work import Actor
from tests.bench import commands, drawing
from tests.bench.measures import Line, undisturbed
from tests.bench.places import Place
from tests.factories import an_actor

CASES: Final = 40
STEPS: Final = 2 + 2 * drawing.BLOCKS + 3 * (drawing.BLOCKS // drawing.EXTRA)  # elements that a case passes


def lines(place: Place) -> list[Line]:
    """Bytes per case on this kind of database, tidied up."""
    url = commands.prepared(place, "storage")
    before = place.size("storage")
    with closing(Database(url)) as database:
        ana = an_actor(database, "ana", "analyst")
        for _number in range(CASES):
            _live(database, ana)
    each = (place.size("storage") - before) / CASES
    what = f"bytes per case of {STEPS} steps, history included, {place.name}"
    return [Line(what, f"{each / 1000:.1f} kB", f"typed by people: {_typed() / 1000:.1f} kB", "", "<= 40 kB")]


def _live(database: Database, ana: Actor) -> None:
    case = commands.new_case(database, ana)
    with undisturbed():
        for element in drawing.people():
            commands.complete(database, ana, commands.open_task(database, ana, case), element)


def _typed() -> int:
    return sum(len(str(drawing.answers(element))) for element in drawing.people())
