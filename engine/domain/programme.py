"""A programme as data: its names, types, clocks, day count, bars and signatories, read from TOML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Final

from engine.domain import notices
from engine.domain.calendars import Unit
from engine.domain.clocks import END_OF_DAY, DayCount, Period
from engine.domain.errors import Invalid
from engine.domain.notices import Notices
from engine.domain.tables import Reader, Table

NEEDED_CLOCKS: Final = ("acceptance", "reply", "decision", "information", "hearing", "suspension", "review")
OPENS: Final = time(8)  # where a programme does not say
CLOSES: Final = time(16)
EVENT: Final = "event"
RECEIPT: Final = "receipt"
NEXT_WORKING_DAY: Final = "next_working_day"
_OFFICE: Final = ("name_es", "name_en", "unit_es", "unit_en", "city")
_CLOCK_WORDS: Final = ("es", "en", "legal_basis_es", "legal_basis_en")
_CLOCK_RULES: Final = ("base", "most", "unit", "starts", "adds_to", "at_expiry", "when_complete_is_asked")
_CLOCK_KEYS: Final = frozenset({*_CLOCK_WORDS, *_CLOCK_RULES, "assumption", "note"})


@dataclass(frozen=True, slots=True)
class Words:
    """A name in Spanish and English."""

    es: str
    en: str


@dataclass(frozen=True, slots=True)
class ClockRule:
    """What the programme says of a clock.

    `most` is the cap of what an officer may set; `from_receipt`: it counts from the day on which the notice is deemed
    received, not from the act; `assumed`: the value is ours, and unconfirmed.
    """

    name: Words
    period: Period
    legal_basis: Words
    most: int | None
    from_receipt: bool
    assumed: bool


@dataclass(frozen=True, slots=True)
class Programme:
    """A certification programme of one customs administration, as in force in one version of its file.

    `holidays` is the country, or country and part (`SV`, `SV-SS`), whose holidays count; `closed` are the office's own days;
    it works from `opens` to `closes`.
    """

    id: str
    names: tuple[tuple[date, Words], ...]
    office: Mapping[str, str]
    signatories: Mapping[str, Words]
    types: Mapping[str, Words]
    legal_basis: Words
    numbers: Mapping[str, str]
    day_count: DayCount
    holidays: str
    closed: frozenset[date]
    opens: time
    closes: time
    clocks: Mapping[str, ClockRule]
    bars: Mapping[str, Period]
    effect: Period
    validity: Period
    appeal: Words
    notices: Notices = field(default_factory=Notices)

    def name_on(self, day: date) -> Words:
        """What the programme was called on that day."""
        called = [words for since, words in self.names if since <= day]
        return called[-1] if called else self.names[0][1]

    def clock(self, name: str) -> ClockRule:
        """The rule of a clock; Invalid where the programme has none of that name."""
        if name not in self.clocks:
            raise Invalid("The programme %(programme)s has no clock %(clock)s.", programme=self.id, clock=name)
        return self.clocks[name]


def read(content: bytes) -> Programme:
    """The programme in a TOML file; Invalid names every key that is missing or wrong, with its line."""
    reader = Reader.of(content, "The programme cannot be read.")
    programme = _programme(reader)
    if programme.closes <= programme.opens:
        reader.wrong("day_count.closes", "The office closes after it opens.", None)
    if reader.problems:
        raise Invalid("The programme cannot be read.", reader.problems)
    return programme


def _programme(reader: Reader) -> Programme:
    head, count = reader.table("programme"), reader.table("day_count")
    return Programme(
        id=reader.text(head, "programme", "id"),
        names=_names(reader, head),
        office=_office(reader),
        signatories={
            role: _words(reader, reader.table(f"signatories.{role}"), f"signatories.{role}", "post_")
            for role in reader.names("signatories")
        },
        types={name: _words(reader, reader.table(f"types.{name}"), f"types.{name}") for name in reader.names("types")},
        legal_basis=_words(reader, reader.table("legal_basis"), "legal_basis"),
        numbers={key: reader.text(reader.table("numbers"), "numbers", key) for key in reader.table("numbers")},
        day_count=_day_count(reader, count),
        holidays=reader.text(count, "day_count", "holidays", empty=True),
        closed=reader.days(count, "day_count", "closed"),
        opens=reader.clock_time(count, "day_count", "opens", OPENS),
        closes=reader.clock_time(count, "day_count", "closes", CLOSES),
        clocks=_clocks(reader),
        bars={name: _period(reader, f"bars.{name}") for name in reader.names("bars")},
        effect=_period(reader, "effect", "days_after_grant"),
        validity=_period(reader, "validity", "term"),
        appeal=_words(reader, reader.table("appeal"), "appeal"),
        notices=notices.read(reader),
    )


def _words(reader: Reader, table: Table, place: str, stem: str = "") -> Words:
    return Words(reader.text(table, place, f"{stem}es"), reader.text(table, place, f"{stem}en"))


def _names(reader: Reader, head: Table) -> tuple[tuple[date, Words], ...]:
    rows = head.get("names")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        message = "Write at least one name with its first day."
        return reader.wrong("programme.names", message, ((date.min, Words("", "")),))
    places = ((row, f"programme.names[{index}]") for index, row in enumerate(rows))
    found = [(reader.day(row, place, "from"), _words(reader, row, place)) for row, place in places]
    return tuple(sorted(found, key=lambda pair: pair[0]))


def _office(reader: Reader) -> Mapping[str, str]:
    table = reader.table("office")
    needed = {key: reader.text(table, "office", key) for key in _OFFICE}
    return {**{key: value for key, value in table.items() if isinstance(value, str)}, **needed}


def _day_count(reader: Reader, table: Table) -> DayCount:
    end = reader.choice(table, "day_count", "last_day_on_holiday", (NEXT_WORKING_DAY, "stays"), NEXT_WORKING_DAY)
    return DayCount(
        first_day_counts=reader.flag(table, "day_count", "first_day_counts"),
        moves_off_holidays=end == NEXT_WORKING_DAY,
        deemed_receipt_days=reader.number(table, "day_count", "deemed_receipt_days"),
        cut_off=reader.clock_time(table, "day_count", "cut_off", END_OF_DAY),
    )


def _clocks(reader: Reader) -> Mapping[str, ClockRule]:
    found = {name: _clock(reader, f"clocks.{name}") for name in reader.names("clocks")}
    for name in NEEDED_CLOCKS:
        if name not in found:
            reader.wrong(f"clocks.{name}", "The services need a clock of this name.", None)
    return found


def _clock(reader: Reader, place: str) -> ClockRule:
    table = reader.table(place)
    reader.only(table, place, _CLOCK_KEYS)
    period = _period(reader, place, least=1)
    most = reader.number(table, place, "most", period.count) if "most" in table else None
    return ClockRule(
        name=_words(reader, table, place),
        period=period,
        legal_basis=_words(reader, table, place, "legal_basis_"),
        most=most,
        from_receipt=reader.choice(table, place, "starts", (EVENT, RECEIPT), EVENT) == RECEIPT,
        assumed=reader.flag(table, place, "assumption"),
    )


def _period(reader: Reader, place: str, key: str = "base", least: int = 0) -> Period:
    table = reader.table(place)
    basis = table.get("legal_basis_es")
    unit = reader.choice({"unit": "", **table}, place, "unit", frozenset(Unit), Unit.CALENDAR)
    return Period(reader.number(table, place, key, least), Unit(unit), basis if isinstance(basis, str) else "")
