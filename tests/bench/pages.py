"""The inbox of somebody with many open tasks, through the real server: one process, one or several visitors at once."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import partial
from http.client import HTTPConnection
from typing import Final

from engine import people
from engine.store.database import Database
from engine.work import NOBODY, begin
from tests.bench import commands, drawing
from tests.bench.measures import Line, ms
from tests.bench.places import Place
from tests.factories import PASSWORD, an_actor
from tests.serving import serving
from web.auth import COOKIE

OPEN: Final = 500
SECONDS: Final = 5.0
VISITORS: Final = (1, 4)
WARM_UP: Final = 20


def lines(place: Place) -> list[Line]:
    """Requests per second, by the number of visitors at once; only measured on SQLite, as `make run` serves it."""
    data = place.folder / "inbox"
    data.mkdir()
    token = _fill(place.within(data))
    with serving(data, place.folder / "served") as site:
        host = site.address.removeprefix("http://")
        _visit(host, token, count=WARM_UP)
        return [_line(host, token, visitors) for visitors in VISITORS]


def _line(host: str, token: str, visitors: int) -> Line:
    with ThreadPoolExecutor(visitors) as pool:
        begun = time.perf_counter()
        taken = [one for some in pool.map(partial(_visit, host), [token] * visitors) for one in some]
        rate = len(taken) / (time.perf_counter() - begun)
    what = f"inbox of {OPEN} open tasks, {visitors} at once, SQLite"
    return Line(what, f"{rate:.0f} requests/s", f"each {ms(taken)}")


def _fill(place: Place) -> str:
    """Opens the cases; the token of somebody who is logged in."""
    url = commands.prepared(place, "marchamo")
    with closing(Database(url)) as database:
        ana = an_actor(database, "ana", "analyst")
        for _number in range(OPEN):
            commands.new_case(database, ana)
        with begin(database, NOBODY) as work:
            login = people.log_in(work, "ana", PASSWORD)
    assert login is not None
    return login.token


def _visit(host: str, token: str, count: int | None = None) -> list[float]:
    """Asks for the inbox again and again on one connection; seconds of each answer."""
    with closing(HTTPConnection(host)) as connection:
        taken: list[float] = []
        end = time.perf_counter() + SECONDS
        while (len(taken) < count) if count else (time.perf_counter() < end):
            begun = time.perf_counter()
            connection.request("GET", "/inbox", headers={"Cookie": f"{COOKIE}={token}"})
            answer = connection.getresponse()
            page = answer.read()
            taken.append(time.perf_counter() - begun)
            assert answer.status == 200, answer.status
            assert drawing.people()[0].encode() in page
    return taken
