"""The term of a certificate as a legal clock: it begins with the grant, and at its end the documents are kept for a time."""

from datetime import date

from engine import clocks
from engine.clock_rules import RETENTION, VALIDITY
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work


def begin(
    work: Work, case: models.Case, rules: Programme, authorisation: models.Authorisation, starts_on: date | None = None
) -> None:
    """Starts the clock `validity`: on the day of effect, or where the term before ended; none without a term."""
    since = starts_on or authorisation.effective_on
    clocks.start_term(work, case, rules, VALIDITY, authorisation.id, since, [authorisation.type])


def renew(
    work: Work, case: models.Case, rules: Programme, authorisation: models.Authorisation, before: date | None
) -> None:
    """One term has passed, the next follows on its last day; each has its own sum."""
    clocks.meet(work, case, VALIDITY, authorisation.id)
    begin(work, case, rules, authorisation, before or work.today)


def hand_on(
    work: Work, case: models.Case, rules: Programme, old: models.Authorisation, new: models.Authorisation
) -> None:
    """A new version has the term of the one that it replaces: the same first day, and so the same last one."""
    before = clocks.find(work, old.id, VALIDITY)
    clocks.end_all(work, case, old.id)
    if before is not None:
        clocks.start_term(work, case, rules, VALIDITY, new.id, before.starts_on, [new.type])


def end(work: Work, case: models.Case, rules: Programme, authorisation: models.Authorisation, day: date) -> None:
    """The certificate is over on a day: its clocks end, and from that day its documents are kept (domain page §3)."""
    if clocks.is_over(work, authorisation.id, VALIDITY):
        clocks.meet(work, case, VALIDITY, authorisation.id)
    clocks.end_all(work, case, authorisation.id)
    clocks.start_term(work, case, rules, RETENTION, authorisation.id, day, [authorisation.type])


def resume(work: Work, case: models.Case, rules: Programme, authorisation: models.Authorisation) -> None:
    """What had ended goes on (an appeal): its documents are not kept for an end yet, and its term ends when it would have."""
    clocks.end(work, case, RETENTION, authorisation.id, clocks.STOPPED)
    before = clocks.find(work, authorisation.id, VALIDITY)
    if before is not None and before.state == clocks.STOPPED:
        clocks.start_term(work, case, rules, VALIDITY, authorisation.id, before.starts_on, [authorisation.type])
