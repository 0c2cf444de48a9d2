"""Compares what a scenario expects with what the registry, the clocks and the open tasks say."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from sqlalchemy import select

from engine.queries import public, sums
from engine.store import models
from engine.work import SYSTEM, look
from tests.processes import drawings, meaning
from tests.processes.lives import Life
from web import create_app
from web.settings import Settings
from web.sums import rows

Table = Mapping[str, object]
_STATES: Final[Mapping[str, type[models.Model]]] = {
    "application": models.Application,
    "authorisation": models.Authorisation,
    "measure": models.Measure,
    "appeal": models.Appeal,
    "consultation": models.Consultation,
    "type": models.ApplicationType,
    "dependent": models.DependentDecision,
}
_FIELDS: Final[Mapping[str, type[models.Model]]] = {**_STATES, "hearing": models.Hearing, "action": models.Action}


def differences(life: Life, held: Table, sent: int = 0) -> Iterator[str]:
    """One line for everything that is not as expected; letters are those that went out after the first `sent`."""
    for key, expected in meaning.of_table(life, held).items():
        if key == "letters":
            yield from _same("letters", expected, life.letters[sent:])
        elif key in _FIELDS:
            yield from _each(key, expected, _fields(life, key))
        else:
            yield from _KINDS[key](life, expected)


def _same(what: str, expected: object, found: object) -> Iterator[str]:
    if expected != found:
        yield f"{what}: expected {expected!r}, found {found!r}"


def _each(what: str, expected: object, found: Table) -> Iterator[str]:
    """Only what is named; one value stands for the newest of several, a list for all of them in order."""
    assert isinstance(expected, Mapping), f"{what} needs a table"
    for key, value in expected.items():
        now = found.get(key, [])
        assert isinstance(now, list)
        yield from _same(f"{what}.{key}", value, now if isinstance(value, list) else (now[-1] if now else "none"))


def _plain(value: object) -> object:
    """A value of a column as a scenario writes it."""
    if value is None:
        return "none"
    return value.isoformat() if isinstance(value, date) else value


def _rows(life: Life, table: type[models.Model]) -> Sequence[models.Model]:
    with look(life.database, SYSTEM, life.now) as work:
        return work.session.scalars(select(table).order_by(table.id)).all()  # type: ignore[attr-defined]


def _of(row: models.Model, column: str) -> object:
    value: object = getattr(row, column)
    return value


def _fields(life: Life, subject: str) -> Table:
    """Every column with its values, of all rows in the order in which they were made."""
    table = _FIELDS[subject]
    rows = _rows(life, table)
    return {name: [_plain(_of(row, name)) for row in rows] for name in table.__table__.columns.keys()}  # noqa: SIM118 - a column collection iterates over columns


def _states(life: Life, expected: object) -> Iterator[str]:
    found = {name: [_of(row, "state") for row in _rows(life, table)] for name, table in _STATES.items()}
    yield from _each("states", expected, found)


def _clocks(column: str) -> Callable[[Life, object], Iterator[str]]:
    def compare(life: Life, expected: object) -> Iterator[str]:
        found: dict[str, list[object]] = {}
        for clock in _rows(life, models.LegalClock):
            found.setdefault(str(_of(clock, "name")), []).append(_plain(_of(clock, column)))
        yield from _each("clocks" if column == "state" else "dates", expected, found)

    return compare


def _sums(life: Life, expected: object) -> Iterator[str]:
    """How the page of the case explains the newest clock of a name, in Spanish (es) and English (en)."""
    with TemporaryDirectory() as folder:
        app = create_app(
            Settings(data=Path(folder), database="", secret="of the tests only, long enough"), life.database
        )
        assert isinstance(expected, Mapping), "sums needs a table"
        for name, wanted in expected.items():
            with app.test_request_context(), look(life.database, SYSTEM, life.now) as work:
                query = select(models.LegalClock).where(models.LegalClock.name == name).order_by(models.LegalClock.id)
                clock = work.session.scalars(query).all()[-1]
                told = [one for one in sums.of_case(work, clock.case_id) if one.clock.name == name][-1]
                row = rows([told])[0]
            yield from _each(f"sums.{name}", wanted, {"es": [row["sum_es"]], "en": [row["sum_en"]]})


def _ends(life: Life, expected: object) -> Iterator[str]:
    """The end events that were come to, by the process in which they are drawn, also where another case called it."""
    path = [element for _process, element in life.path()]
    found = {name: [one for one in path if one in drawings.ends(name)] for name in drawings.NAMES}
    assert isinstance(expected, Mapping), "ends needs a table"
    for process, ends in expected.items():
        yield from _same(f"ends.{process}", ends, found.get(process, "no such process"))


def _benefits(life: Life, expected: object) -> Iterator[str]:
    found = ["on" if _of(row, "benefits_on") else "off" for row in _rows(life, models.Authorisation)]
    yield from _same("benefits", expected, found if isinstance(expected, list) else (found[-1] if found else "none"))


def _alike(what: str, expected: object, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """A list that is the same for everybody it is about, or a difference for each for whom it is another."""
    found: dict[str, list[str]] = {}
    for whose, word in rows:
        found.setdefault(whose, []).append(word)
    for whose, words in (found or {"anybody": []}).items():
        yield from _same(f"{what} ({whose})", expected, words)


def _partners(life: Life, expected: object) -> Iterator[str]:
    """What every partner of mutual recognition was told, in order."""
    told = [(str(_of(row, "partner")), str(_of(row, "status"))) for row in _rows(life, models.PartnerMessage)]
    yield from _alike("partners", expected, told)


def _ledger(life: Life, expected: object) -> Iterator[str]:
    """When every benefit was switched on, off, or said never to have been due."""
    rows = _rows(life, models.BenefitEntry)
    words = [(_of(row, "code"), "never" if _of(row, "never") else "on" if _of(row, "on") else "off") for row in rows]
    yield from _alike("ledger", expected, [(str(code), word) for code, word in words])


def _bar(life: Life, expected: object) -> Iterator[str]:
    """The newest bar on a new application: its cause and last day, and when it was lifted."""
    rows = _rows(life, models.Bar)
    if expected == "none" or not rows:
        yield from _same("bar", expected, [_of(row, "cause") for row in rows] or "none")
        return
    names = {"cause": "cause", "from": "starts_on", "until": "ends_on", "lifted": "lifted_on"}
    yield from _each("bar", expected, {name: [_plain(_of(rows[-1], column))] for name, column in names.items()})


def _findings(life: Life, expected: object) -> Iterator[str]:
    counted = Counter(_of(row, "state") for row in _rows(life, models.Finding))
    yield from _each(
        "findings", expected, {state: [number] for state, number in {"open": 0, "closed": 0, **counted}.items()}
    )


def _passed(life: Life, expected: object) -> Iterator[str]:
    assert isinstance(expected, list)
    yield from (f"passed: no token went through {one}" for one in expected if one not in life.passed())


def _state_on(life: Life, expected: object) -> Iterator[str]:
    """The state of the authorisation on some days."""
    assert isinstance(expected, Mapping)
    for day, state in expected.items():
        yield from _same(f"state_on.{day}", state, life.on(date.fromisoformat(day)))


def _said(life: Life, expected: object) -> Iterator[str]:
    """Facts of the newest letter of a kind, by the code of the kind."""
    rows = _rows(life, models.Letter)
    assert isinstance(expected, Mapping), "said needs a table"
    for code, facts in expected.items():
        found = [row for row in rows if str(_of(row, "template")).startswith(f"{code}_")]
        said = _of(max(found, key=lambda row: str(_of(row, "number"))), "facts") if found else {}
        assert isinstance(facts, Mapping)
        assert isinstance(said, Mapping)
        for name, value in facts.items():
            yield from _same(f"said.{code}.{name}", value, _filled(said.get(name, "none")))


def _filled(value: object) -> object:
    """A value without what is null in it, which a scenario cannot write."""
    if isinstance(value, list):
        return [_filled(one) for one in value]
    if isinstance(value, Mapping):
        return {key: _filled(one) for key, one in value.items() if one is not None}
    return value


def _public(life: Life, expected: object) -> Iterator[str]:
    """The state that anybody is told of the newest certificate who asks for its number; "none" where it is not published."""
    held = _rows(life, models.Authorisation)[-1]
    with look(life.database, SYSTEM, life.now) as work:
        found = public.certificate(work, str(_of(held, "number")))
    yield from _same("public", expected, found.state if found else "none")


def _incidents(life: Life, expected: object) -> Iterator[str]:
    """The elements that stand still."""
    found = [f"{_of(row, 'element')} ({_of(row, 'message')})" for row in _rows(life, models.Incident)]
    assert isinstance(expected, list)
    if len(found) != len(expected) or not all(line.startswith(one) for line, one in zip(found, expected, strict=True)):
        yield f"incidents: expected {expected}, found {found}"


_KINDS: Final[Mapping[str, Callable[[Life, object], Iterator[str]]]] = {
    "open": lambda life, expected: _same("open", expected, life.open),
    "waiting": lambda life, expected: _same("waiting", expected, life.waiting),
    "sums": _sums,
    "ends": _ends,
    "passed": _passed,
    "states": _states,
    "clocks": _clocks("state"),
    "dates": _clocks("due_on"),
    "benefits": _benefits,
    "ledger": _ledger,
    "partners": _partners,
    "public": _public,
    "said": _said,
    "bar": _bar,
    "findings": _findings,
    "state_on": _state_on,
    "incidents": _incidents,
}
