"""The clocks, day counts, terms and bars of a programme, read from its file."""

from collections.abc import Mapping
from typing import Final

from engine.domain.calendars import Unit
from engine.domain.clocks import END_OF_DAY, DayCount, Period, Receipt
from engine.domain.programme_parts import EVENT, RECEIPT, ClockRule, Renewal, Terms, Words
from engine.domain.tables import Reader, Table

NEEDED_CLOCKS: Final = ("acceptance", "reply", "decision", "information", "hearing", "suspension", "review")
STARTS: Final = (EVENT, RECEIPT, "completeness", "communication", "effect", "knowledge", "end_of_validity")
AT_EXPIRY: Final = (
    "none",
    "alert",
    "accepted",
    "granted",
    "refused",
    "not_accepted",
    "lapsed",
    "decide_without",
    "by_ground",
    "ends",
    "revoke",
    "firm",
    "ask_self_assessment",
    "extended",
    "purge_allowed",
)
RENEWAL_MODELS: Final = ("none_monitoring", "fixed_term", "annual_declaration", "revalidation")
MARKS: Final = ("assumption", "note", "note_es", "note_en", "question")
NEXT_WORKING_DAY: Final = "next_working_day"
AGAIN, RESUMES = "begins_again", "resumes"  # a clock that waited
_CLOCK_WORDS: Final = ("es", "en", "legal_basis_es", "legal_basis_en")
_CLOCK_RULES: Final = ("base", "most", "unit", "starts", "adds_to", "at_expiry", "when_complete_is_asked")
_CLOCK_MORE: Final = ("open_ended", "times", "total", "notice", "day_count", "when_complete")
_CLOCK_KEYS: Final = frozenset({*_CLOCK_WORDS, *_CLOCK_RULES, *_CLOCK_MORE, *MARKS})
_COUNT_KEYS: Final = frozenset(
    {"first_day_counts", "last_day_on_holiday", "deemed_receipt_days", "deemed_receipt_unit", "receipt", "cut_off"}
)
CHANNELS: Final = ("portal", "mail", "post", "hand", "edict")
DAYS: Final = (Unit.CALENDAR, Unit.WORKING)  # what a receipt is counted in
_BASES: Final = ("legal_basis_es", "legal_basis_en")
_PERIOD_KEYS: Final = ("base", "unit", "legal_basis_es", "legal_basis_en", *MARKS)
_MONTH_DAY: Final = 5  # characters of 10-01


def words(reader: Reader, table: Table, place: str, stem: str = "") -> Words:
    """A text in both languages: the keys `es` and `en`, after the stem."""
    return Words(reader.text(table, place, f"{stem}es"), reader.text(table, place, f"{stem}en"))


def some_words(reader: Reader, table: Table, place: str, stem: str) -> Words:
    """A text in both languages that may be missing."""
    return words(reader, table, place, stem) if f"{stem}es" in table or f"{stem}en" in table else Words("", "")


def day_count(reader: Reader, table: Table, place: str, base: DayCount | None = None) -> DayCount:
    """How days are counted; what the table does not say is as in `base`."""
    before = base or DayCount()
    usual = NEXT_WORKING_DAY if before.moves_off_holidays else "stays"
    end = reader.choice(table, place, "last_day_on_holiday", (NEXT_WORKING_DAY, "stays"), usual)
    first = reader.flag(table, place, "first_day_counts") if "first_day_counts" in table else before.first_day_counts
    deemed = before.deemed_receipt_days
    if base is None or "deemed_receipt_days" in table:
        deemed = reader.number(table, place, "deemed_receipt_days")
    return DayCount(
        first_day_counts=first,
        moves_off_holidays=end == NEXT_WORKING_DAY,
        deemed_receipt_days=deemed,
        cut_off=reader.clock_time(table, place, "cut_off", before.cut_off if base else END_OF_DAY),
        deemed_receipt_unit=Unit(reader.choice(table, place, "deemed_receipt_unit", DAYS, before.deemed_receipt_unit)),
        receipts=_receipts(reader, place) if "receipt" in table else before.receipts,
    )


def _receipts(reader: Reader, place: str) -> tuple[tuple[str, Receipt], ...]:
    """After how many days a notice counts as received, by the channel through which it went."""
    found = []
    for channel in reader.names(f"{place}.receipt"):
        here = f"{place}.receipt.{channel}"
        table = reader.table(here)
        if channel not in CHANNELS:
            message = "This channel is not known: choose one of %(channels)s."
            reader.wrong(here, message, None, channels=", ".join(CHANNELS))
        unit = Unit(reader.choice(table, here, "unit", DAYS, Unit.CALENDAR))
        found.append((channel, Receipt(reader.number(table, here, "days"), unit)))
    return tuple(found)


def clocks(reader: Reader, new: Reader, count: DayCount) -> Mapping[str, ClockRule]:
    """All clocks by name; `new` takes the complaints that 0.2.0 did not make, so that its files can still be read."""
    found = {name: _clock(reader, new, f"clocks.{name}", count) for name in reader.names("clocks")}
    for name in NEEDED_CLOCKS:
        if name not in found:
            reader.wrong(f"clocks.{name}", "The services need a clock of this name.", None)
    for name, rule in found.items():
        if rule.adds_to and rule.adds_to not in found:
            message = "There is no clock of this name: choose one of %(clocks)s."
            new.wrong(f"clocks.{name}.adds_to", message, None, clocks=", ".join(sorted(found)))
    return found


def period(reader: Reader, place: str, key: str = "base", least: int = 0) -> Period:
    """So many units of a table: its number stands under `key`."""
    table = reader.table(place)
    basis, english = (found if isinstance(found, str) else "" for found in map(table.get, _BASES))
    unit = reader.choice({"unit": "", **table}, place, "unit", frozenset(Unit), Unit.CALENDAR)
    return Period(reader.number(table, place, key, least), Unit(unit), basis, english)


def bars(reader: Reader, new: Reader) -> tuple[Mapping[str, Period], Terms]:
    """The bars by cause, and those that are different for a type."""
    found = {name: period(reader, f"bars.{name}") for name in reader.names("bars")}
    own = {}
    for cause in found:
        new.only(new.table(f"bars.{cause}"), f"bars.{cause}", (*_PERIOD_KEYS, "types"))
        for name in new.inner(f"bars.{cause}.types"):
            own[cause, name] = period(new, f"bars.{cause}.types.{name}")
    return found, own


def terms(new: Reader) -> Terms:
    """The terms of validity that are different for a type."""
    return {("", name): period(new, f"validity.types.{name}", "term") for name in new.inner("validity.types")}


def renewal(new: Reader) -> Renewal:
    """How an authorisation goes on after its term, or without one."""
    if "renewal" not in new.root:
        return Renewal()
    place, table = "renewal", new.table("renewal")
    new.only(table, place, (*_RENEWAL_KEYS, *MARKS))
    days = [new.number(table, place, key) if key in table else 0 for key in ("window_opens", "window_closes")]
    if days[0] < days[1]:
        new.wrong("renewal.window_closes", "The window closes after it opens: write fewer days before the end.", None)
    return Renewal(
        model=new.choice(table, place, "model", RENEWAL_MODELS, RENEWAL_MODELS[0]),
        window_opens=days[0],
        window_closes=days[1],
        while_pending=new.choice(table, place, "while_pending", ("stays", "ends"), "stays"),
        late=new.choice(table, place, "late", ("not_filed", "accepted"), "not_filed"),
        declaration=(_month_day(new, table, "declaration_from"), _month_day(new, table, "declaration_to")),
        cycle=period(new, place, "cycle", least=1) if "cycle" in table else None,
    )


_RENEWAL_KEYS: Final = (
    *("model", "window_opens", "window_closes", "while_pending", "late"),
    *("declaration_from", "declaration_to", "cycle", "unit", "legal_basis_es", "legal_basis_en"),
)


def _clock(reader: Reader, new: Reader, place: str, count: DayCount) -> ClockRule:
    table = reader.table(place)
    reader.only(table, place, _CLOCK_KEYS)
    open_ended = new.flag(table, place, "open_ended")
    base = _as_needed(reader, place) if open_ended else period(reader, place, least=1)
    starts = reader.choice(table, place, "starts", STARTS, EVENT)
    own = new.table(f"{place}.day_count") if "day_count" in table else {}
    new.only(own, f"{place}.day_count", _COUNT_KEYS)
    return ClockRule(
        name=words(reader, table, place),
        period=base,
        legal_basis=words(reader, table, place, "legal_basis_"),
        most=reader.number(table, place, "most", max(base.count, 1)) if "most" in table else None,
        from_receipt=starts == RECEIPT,
        assumed=table.get("assumption") not in (None, False, []),
        starts=starts,
        adds_to=new.text(table, place, "adds_to", empty=True),
        at_expiry=new.choice(table, place, "at_expiry", AT_EXPIRY, "none"),
        open_ended=open_ended,
        times=new.number(table, place, "times", 1) if "times" in table else None,
        notice=new.text(table, place, "notice", empty=True),
        waits_for_completion=new.choice(table, place, "when_complete_is_asked", ("waits", "runs"), "runs") == "waits",
        day_count=day_count(new, own, f"{place}.day_count", count),
        total=new.number(table, place, "total", 1) if "total" in table else None,
        resumes=new.choice(table, place, "when_complete", (AGAIN, RESUMES), AGAIN) == RESUMES,
    )


def _as_needed(reader: Reader, place: str) -> Period:
    """A period that lasts as long as is needed: no number, but a unit in which a cap may be given."""
    table = reader.table(place)
    if "base" in table:
        reader.wrong(f"{place}.base", "Leave this out: the period lasts as long as is needed.", None)
    unit = reader.choice(table, place, "unit", frozenset(Unit), Unit.CALENDAR)
    return Period(0, Unit(unit), str(table.get("legal_basis_es", "")))


def _month_day(new: Reader, table: Table, key: str) -> str:
    text = new.text(table, "renewal", key, empty=True)
    month, dash, day = text.partition("-")
    sound = len(text) == _MONTH_DAY and dash and month.isdecimal() and day.isdecimal()
    if text and not (sound and 1 <= int(month) <= 12 and 1 <= int(day) <= 31):  # noqa: PLR2004 - months, days
        return new.wrong(f"renewal.{key}", "Write month and day: 10-01.", "")
    return text
