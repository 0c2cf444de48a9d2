"""A programme as data: names, types, criteria, clocks, grounds, letters, benefits: all that its TOML file says."""

from functools import lru_cache
from typing import Final

from engine.domain import notices, programme_clocks, programme_law, programme_offer, programme_office
from engine.domain.calendars import Unit
from engine.domain.clocks import Period
from engine.domain.errors import Invalid
from engine.domain.programme_clocks import NEEDED_CLOCKS, period, words
from engine.domain.programme_parts import ClockRule, Words
from engine.domain.programme_record import Programme
from engine.domain.programme_remarks import remarks
from engine.domain.tables import Reader

__all__ = ["NEEDED_CLOCKS", "ClockRule", "Programme", "Words", "check", "read"]

REFUSAL: Final = "The programme cannot be read."
REMEMBERED: Final = 64  # programmes as they were read: a publication asks each some fifty times, 12 ms a reading


@lru_cache(REMEMBERED)
def read(content: bytes) -> Programme:
    """The programme in a TOML file; Invalid names every key that is missing or wrong, with its line.

    A file that release 0.2 accepted can always be read: what is asked of files since then is asked by `check`.
    """
    programme, reader, _later = _read(content)
    if reader.problems:
        raise Invalid(REFUSAL, reader.problems)
    return programme


def check(content: bytes) -> Programme:
    """The programme in a file that is to go to work: without keys that nobody knows, and whole in what is newer, too."""
    programme, reader, later = _read(content)
    said = {problem.where for problem in reader.problems}
    if problems := [*reader.problems, *(problem for problem in later.problems if problem.where not in said)]:
        raise Invalid(REFUSAL, problems)
    return programme


def _read(content: bytes) -> tuple[Programme, Reader, Reader]:
    """The programme, with the reader of what was always asked, and that of what is asked since release 0.2."""
    reader = Reader.of(content, REFUSAL)
    later = Reader(reader.root, reader.lines, [])
    programme = _programme(reader, later)
    if programme.closes <= programme.opens:
        reader.wrong("day_count.closes", "The office closes after it opens.", None)
    return programme, reader, later


def _programme(reader: Reader, new: Reader) -> Programme:
    head, count = reader.table("programme"), reader.table("day_count")
    counted = programme_clocks.day_count(reader, count, "day_count")
    clocks = programme_clocks.clocks(reader, new, counted)
    types, kinds = programme_offer.types(reader, new), programme_offer.kinds(new)
    bars, bars_of_types = programme_clocks.bars(reader, new)
    grounds = programme_law.grounds(new, types)
    effect = period(reader, "effect", "days_after_grant")
    programme_office.only_known(new)
    return Programme(
        id=reader.text(head, "programme", "id"),
        country=new.text(head, "programme", "country", empty=True),
        zone=new.text(head, "programme", "zone", empty=True),
        language=new.choice(head, "programme", "language", programme_offer.LANGUAGES, "es"),
        names=programme_office.names(reader, head),
        office=programme_office.office(reader),
        signatories=programme_office.signatories(reader),
        types={name: one.words for name, one in types.items()},
        legal_basis=words(reader, reader.table("legal_basis"), "legal_basis"),
        numbers=programme_office.numbers(reader),
        day_count=counted,
        holidays=reader.text(count, "day_count", "holidays", empty=True),
        closed=reader.days(count, "day_count", "closed"),
        opens=reader.clock_time(count, "day_count", "opens", programme_office.OPENS),
        closes=reader.clock_time(count, "day_count", "closes", programme_office.CLOSES),
        clocks=clocks,
        bars=bars,
        effect=effect,
        validity=period(reader, "validity", "term"),
        appeal=words(reader, reader.table("appeal"), "appeal"),
        type_rules=types,
        kinds=kinds,
        criteria=programme_offer.criteria(new, types, kinds),
        hard_fails=programme_law.hard_fails(new),
        bars_of_types=bars_of_types,
        terms_of_types=programme_clocks.terms(new),
        adverse_effect=programme_office.adverse_effect(new, effect),
        effects=programme_office.effects(new),
        bar_follows=programme_law.bar_follows(new),
        renewal=programme_clocks.renewal(new),
        suspension=programme_law.suspension(new, grounds),
        grounds=grounds,
        dependent_decisions=programme_law.dependents(new, types, grounds),
        reaches_back=programme_law.reaches_back(new),
        duties=programme_law.duties(new),
        committee=programme_law.committee(new),
        languages=programme_offer.languages(new),
        letters=programme_offer.letters(new),
        delegable=programme_office.delegable(new),
        consents=programme_offer.consents(new),
        benefits=programme_offer.benefits(new, types, kinds),
        changes=programme_offer.changes(new),
        reminders=programme_offer.reminders(new, clocks),
        retention=period(new, "retention") if "retention" in new.root else Period(0, Unit.YEARS, ""),
        mutual_recognition=programme_offer.mutual_recognition(new),
        review=programme_law.appeal(new, clocks),
        consultation=programme_law.consultation(new),
        entry=programme_law.entry(new),
        monitoring=programme_law.monitoring(new),
        states_off=programme_law.states_off(new),
        decisions=programme_office.decisions(new),
        notices=notices.read(new),
        remarks=remarks(new),
    )
