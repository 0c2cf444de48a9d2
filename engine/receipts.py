"""What a letter tells of legal clocks: days that were added, and periods that run from the day on which it was received."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import clock_rules, clocks, history, programmes, sums
from engine.domain import templates
from engine.domain.clocks import WAIT
from engine.domain.events import ClockEnded, ClockFollowed, ClockToldLate
from engine.domain.notices import PORTAL
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

# Which letters tell of which period (domain page §9), beside the one that the programme itself names for it.
TELL: Final[Mapping[str, tuple[str, ...]]] = {
    "reply": ("D02",),
    "information": ("D05",),
    "hearing": ("D14", "D24"),
    "appeal": ("D17", "D21", "D25", "D33"),
}

DECISIONS: Final = ("D15", "D17")  # that end the decision period when they are notified (domain page §2.3 T16)


def notice(work: Work, case: models.Case, letter: models.Letter) -> None:
    """The letter is the notice of what was added to the case's clocks in the same command: the law asks for one each.

    And it is the one at whose receipt a clock starts that runs since then and is told of in such a letter.
    """
    query = (
        select(models.ClockAddition)
        .join(models.LegalClock, models.LegalClock.id == models.ClockAddition.clock_id)
        .where(
            models.LegalClock.case_id == case.id,
            models.ClockAddition.notice_id.is_(None),
            models.ClockAddition.kind != WAIT,
            models.ClockAddition.recorded_at == work.now,
        )
    )
    for addition in work.session.scalars(query):
        addition.notice_id = letter.id
    for clock in _that_wait_for_a_letter(work, case):
        if _tells(work, case, letter, clock):
            clock.notice_id = letter.id


def notified(work: Work, letter: models.Letter) -> Sequence[ClockFollowed]:
    """The addressee can read the letter: what it announced was notified today, and a period that it begins, begins.

    Told after the last day that the clock had before, an addition is unlawful: the history says so, and so does its sum.
    Answers the clocks that begin on another day than was thought when the letter was issued; the caller records them.
    """
    query = select(models.ClockAddition).where(models.ClockAddition.notice_id == letter.id)
    for addition in work.session.scalars(query):
        addition.notified_on = work.today
        if addition.due_before is not None and addition.due_before < work.today and not addition.late:
            clock = work.session.get_one(models.LegalClock, addition.clock_id)
            days = work.today.isoformat(), addition.due_before.isoformat()
            event = ClockToldLate(clock.name, clock.subject_id, letter.number, *days)
            history.record(work, event, case=work.session.get_one(models.Case, clock.case_id))
    if templates.code(letter.template) in DECISIONS:
        _decided(work, letter)
    found = select(models.LegalClock).where(models.LegalClock.notice_id == letter.id)
    moved = [_follow(work, letter, clock) for clock in work.session.scalars(found).all() if clock.state in clocks.LIVE]
    return [event for event in moved if event is not None]


def dues(work: Work, letter: models.Letter) -> dict[str, object]:
    """The last days of the periods that begin with the letter, under the names by which letters know them."""
    query = select(models.LegalClock).where(models.LegalClock.notice_id == letter.id)
    return {f"{clock.name}_due": clock.due_on.isoformat() for clock in work.session.scalars(query)}


def held(work: Work, case_id: str) -> frozenset[str]:
    """The clocks of a case of which nobody was told yet: nothing happens at the end of a period that has not begun."""
    query = (
        select(models.LegalClock.name)
        .join(models.Letter, models.Letter.id == models.LegalClock.notice_id)
        .where(models.LegalClock.case_id == case_id, models.LegalClock.state == clocks.RUNNING)
    )
    return frozenset(work.session.scalars(query.where(models.Letter.notified_at.is_(None))))


def _decided(work: Work, letter: models.Letter) -> None:
    """A decision that was taken with this letter, on an earlier day, is in time only if it is notified in time."""
    day = letter.issued_at.astimezone(work.zone).date()
    if day == work.today:
        return
    query = select(models.LegalClock).where(
        models.LegalClock.case_id == letter.case_id,
        models.LegalClock.name == "decision",
        models.LegalClock.state == clocks.MET,
        models.LegalClock.ended_on == day,
    )
    for clock in work.session.scalars(query):
        clock.state, clock.ended_on = clocks.EXPIRED if clock.due_at <= work.now else clocks.MET, work.today
        event = ClockEnded(clock.name, clock.subject_id, clock.state, work.today.isoformat())
        history.record(work, event, case=work.session.get_one(models.Case, clock.case_id))


def _that_wait_for_a_letter(work: Work, case: models.Case) -> Sequence[models.LegalClock]:
    query = select(models.LegalClock).where(
        models.LegalClock.case_id == case.id,
        models.LegalClock.state.in_(clocks.LIVE),
        models.LegalClock.at_receipt,
        models.LegalClock.notice_id.is_(None),
    )
    return work.session.scalars(query).all()


def _tells(work: Work, case: models.Case, letter: models.Letter, clock: models.LegalClock) -> bool:
    """Whether a letter of this kind tells of the clock; of a clock of the office's own, any letter sent with it does."""
    rule = clock_rules.of(programmes.of_clock(work, case, clock), clock.name)
    known = {*TELL.get(clock.name, ()), *([rule.notice] if rule.notice else [])}
    return templates.code(letter.template) in known or (not known and clock.sums[-1].recorded_at == work.now)


def _follow(work: Work, letter: models.Letter, clock: models.LegalClock) -> ClockFollowed | None:
    """Moves the beginning of a clock to the day on which the letter counts as received; None where it is that already."""
    case = work.session.get_one(models.Case, clock.case_id)
    rules = programmes.of_clock(work, case, clock)
    before, first = clock.starts_on, _received(work, rules, clock)
    if first == before:
        return None
    clock.starts_on = first
    lines = sums.anew(work, rules, clock_rules.of(rules, clock.name).day_count, clock)
    sums.keep(work, case, clock, lines, sums.NOTIFIED, letter.number)
    days = before.isoformat(), first.isoformat(), clock.due_on.isoformat()
    return ClockFollowed(clock.name, clock.subject_id, letter.number, *days)


def _received(work: Work, rules: Programme, clock: models.LegalClock) -> date:
    return clocks.received_on(work, rules, work.today, PORTAL, clock.name)
