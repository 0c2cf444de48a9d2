"""A scenario as data: what is given, what is done when, what is then so; read from a TOML file that must say nothing else."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from engine.demo.office import LEMPA, Person
from tests.processes.offices import OPERATORS, Setting

Table = Mapping[str, object]

FOLDER: Final = Path(__file__).parent / "scenarios"
REACHED: Final = ("nothing", "filed", "admitted", "visited", "proposed", "heard", "granted", "suspended", "revoked")
GIVEN: Final = ("programme", "types", "kind", "sites", "people", "from", "reached", "answers")
HELD: Final = (  # what may be expected, after any act and at the end
    *(
        "open",
        "waiting",
        "letters",
        "ends",
        "passed",
        "states",
        "clocks",
        "dates",
        "sums",
        "benefits",
        "bar",
        "findings",
    ),
    *(
        "application",
        "authorisation",
        "measure",
        "appeal",
        "hearing",
        "consultation",
        "state_on",
        "incidents",
        "ledger",
        "partners",
        "action",
        "public",
        "said",
    ),
)
VERBS: Final[Mapping[str, Collection[str]]] = {  # and what each may say besides
    "do": ("answers", "each", "without", "nth", "where", "by", "on"),
    "start": ("answers", "about", "operator", "nth", "at", "by", "on"),
    "tell": ("key", "payload", "by", "on"),
    "report": ("answers", "nth", "by", "on"),
    "withdraw": ("answers", "nth", "by", "on"),
    "service": ("arguments", "by", "on"),  # what no page and no diagram asks yet, as a diagram would ask it
    "publish": ("replace",),
    "go_on": ("answers",),  # everybody does what is open, as in the demonstration, until that task is open
    "wait": (),
    "after": (),
    "until": (),
}


class Unreadable(ValueError):  # noqa: N818 - named by what it is, as refusals are
    """A scenario that says what nobody understands; the sentence names the file and the key."""


@dataclass(frozen=True, slots=True)
class Act:
    """One act: `verb` and what it is about, what it says besides, what is so right after it (`held`), or how it is refused."""

    verb: str
    what: str
    held: Table
    refused: str = ""
    by: str = ""
    nth: int = 0
    about: str = ""
    operator: str = "lempa"
    entry: str = ""
    key: str = ""
    on: date | None = None
    answers: Table | None = None
    each: Table | None = None
    where: Table | None = None
    payload: Table | None = None
    arguments: Table | None = None
    without: Sequence[str] = ()
    replace: Sequence[object] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """One file of `scenarios/<process>/<name>.toml`."""

    name: str
    story: str
    setting: Setting
    reached: str
    acts: Sequence[Act]
    then: Table

    @property
    def process(self) -> str:
        """The process that it is about: the folder in which it stands."""
        return self.name.partition("/")[0]

    @property
    def ends(self) -> Mapping[str, Sequence[str]]:
        """The end events that it comes to, by process."""
        held = _table("then", self.then, "ends")
        return {process: _texts("then.ends", held, process) for process in held}


def every() -> list[Scenario]:
    """All scenarios, in the order of their names."""
    return [read(f"{path.parent.name}/{path.stem}", path.read_bytes()) for path in sorted(FOLDER.glob("*/*.toml"))]


def read(name: str, content: bytes) -> Scenario:
    """The scenario of a file; Unreadable, with the file and the key, where it says something that has no meaning."""
    try:
        return _scenario(name, tomllib.loads(content.decode()))
    except (tomllib.TOMLDecodeError, Unreadable) as error:
        raise Unreadable(f"{name}: {error}") from error


def period(text: str) -> timedelta:
    """The time of «P10D» or «P2W»; Unreadable for anything else."""
    number, unit = text[1:-1], text[-1:]
    if not (text.startswith("P") and number.isdecimal() and unit in ("D", "W")):
        raise Unreadable(f"{text} is no number of days (P10D) or weeks (P2W)")
    return timedelta(days=int(number) * (7 if unit == "W" else 1))


def _scenario(name: str, table: Table) -> Scenario:
    _only("", table, ("story", "given", "when", "then"))
    story, given, then = _text("", table, "story"), _table("", table, "given"), _table("", table, "then")
    if not story.strip():
        raise Unreadable("story is missing: why this scenario exists, with the section of the law")
    _only("then", then, HELD)
    if not then:
        raise Unreadable("then is missing: what must be so at the end")
    reached = _text("given", given, "reached") or "nothing"
    if reached not in REACHED:
        raise Unreadable(f"given.reached must be one of {', '.join(REACHED)}")
    acts = [_act(f"when[{index}]", one) for index, one in enumerate(_rows("", table, "when"))]
    return Scenario(name, story, _setting(given), reached, acts, then)


def _setting(given: Table) -> Setting:
    _only("given", given, GIVEN)
    answers = _table("given", given, "answers")
    return Setting(
        programme=_text("given", given, "programme") or "sv",
        types=_texts("given", given, "types"),
        sites=[(one, one) for one in _texts("given", given, "sites")],
        kind=_text("given", given, "kind") or LEMPA.kind,
        people=[_person(f"given.people[{index}]", one) for index, one in enumerate(_rows("given", given, "people"))],
        begins=_day("given", given, "from"),
        answers={element: _table("given.answers", answers, element) for element in answers},
    )


def _person(place: str, table: Table) -> Person:
    _only(place, table, ("username", "name", "roles", "operators"))
    username, operators = _text(place, table, "username"), _texts(place, table, "operators")
    if not username or not set(operators) <= set(OPERATORS):
        raise Unreadable(f"{place} needs a username, and operators among {', '.join(OPERATORS)}")
    name = _text(place, table, "name") or username.capitalize()
    return Person(username, name, tuple(_texts(place, table, "roles")), tuple(OPERATORS[one] for one in operators))


def _act(place: str, table: Table) -> Act:
    verbs = [verb for verb in VERBS if verb in table]
    if len(verbs) != 1:
        raise Unreadable(f"{place} needs exactly one of {', '.join(VERBS)}, and has {', '.join(verbs) or 'none'}")
    (verb,) = verbs
    _only(place, table, (verb, "refused", *VERBS[verb], *HELD))
    day = _day(place, table, verb) if verb == "until" else None
    what = day.isoformat() if day else _text(place, table, verb)
    if verb == "after":
        period(what)
    return Act(
        verb,
        what,
        {key: value for key, value in table.items() if key in HELD},
        refused=_text(place, table, "refused"),
        by=_text(place, table, "by"),
        nth=_number(place, table, "nth"),
        about=_text(place, table, "about"),
        operator=_text(place, table, "operator") or "lempa",
        entry=_text(place, table, "at"),
        key=_text(place, table, "key"),
        on=_day(place, table, "on"),
        answers=_table(place, table, "answers"),
        each=_table(place, table, "each"),
        where=_table(place, table, "where"),
        payload=_table(place, table, "payload"),
        arguments=_table(place, table, "arguments"),
        without=_texts(place, table, "without"),
        replace=_list(place, table, "replace"),
    )


def _only(place: str, table: Table, known: Collection[str]) -> None:
    for key in table:
        if key not in known:
            where = f"{place}.{key}" if place else key
            raise Unreadable(f"{where} is not known here: choose from {', '.join(sorted(known))}")


def _wrong(place: str, key: str, wanted: str, value: object) -> Unreadable:
    return Unreadable(f"{place}.{key} must be {wanted}, not {value!r}".removeprefix("."))


def _text(place: str, table: Table, key: str) -> str:
    value = table.get(key, "")
    if not isinstance(value, str):
        raise _wrong(place, key, "a text", value)
    return value


def _number(place: str, table: Table, key: str) -> int:
    value = table.get(key, 0)
    if not isinstance(value, int):
        raise _wrong(place, key, "a whole number", value)
    return value


def _day(place: str, table: Table, key: str) -> date | None:
    value = table.get(key)
    if value is not None and type(value) is not date:
        raise _wrong(place, key, "a day (2026-01-31, without quotes)", value)
    return value


def _list(place: str, table: Table, key: str) -> list[object]:
    value = table.get(key, [])
    if not isinstance(value, list):
        raise _wrong(place, key, "a list", value)
    return value


def _texts(place: str, table: Table, key: str) -> list[str]:
    return [_wrong_unless_text(place, key, one) for one in _list(place, table, key)]


def _wrong_unless_text(place: str, key: str, value: object) -> str:
    if not isinstance(value, str):
        raise _wrong(place, key, "a list of texts", value)
    return value


def _table(place: str, table: Table, key: str) -> Table:
    value = table.get(key, {})
    if not isinstance(value, dict):
        raise _wrong(place, key, "a table", value)
    return value


def _rows(place: str, table: Table, key: str) -> list[Table]:
    value = table.get(key, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise _wrong(place, key, "a list of tables", value)
    return value
