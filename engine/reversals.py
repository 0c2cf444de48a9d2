"""What becomes of a certificate when an act about it waits for its appeal, falls, or has its effect again (T35, T36)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select

from engine import amendments, authorisations, bars, dependents, endings, programmes, statuses, terms
from engine.domain import dependencies
from engine.domain.dependencies import REVOKED
from engine.domain.errors import Conflict
from engine.domain.guards import Facts
from engine.domain.programme import Programme
from engine.domain.states import ENDS
from engine.store import models
from engine.work import Work

SUSPENDED: Final = "suspended"
SET_ASIDE: Final = "suspension_set_aside"  # the message by which its case hears that a suspension fell on appeal
AMENDED: Final = "amended"
ENDING: Final = {"revoked": "revoke_after_stay", "annulled": "annul_after_stay"}
STANDS: Final = {SUSPENDED: ("B4", "B5"), "revoked": ("B7",), "annulled": ("B8",)}  # the act has its effect in these
AMENDABLE: Final = ("B1", "B2", "B3")


@dataclass(frozen=True, slots=True)
class Changed:
    """Which certificate is watched from now on, and which no longer; neither where nothing changes for who watches."""

    in_force: models.Authorisation | None = None
    ended: models.Authorisation | None = None

    def told(self) -> dict[str, object]:
        """As services answer it: `in_force_id`, `in_force_number`, `ended_id`, each null where there is none."""
        return {
            "in_force_id": self.in_force.id if self.in_force else None,
            "in_force_number": self.in_force.number if self.in_force else None,
            "ended_id": self.ended.id if self.ended else None,
        }


def wait(
    work: Work, case: models.Case, appeal: models.Appeal, authorisation: models.Authorisation, reason: str
) -> Changed:
    """The act waits: the status, or the version before the amendment, is in force again; a bar does not run."""
    if appeal.act == AMENDED:
        return _put_back(work, case, authorisation, "stay_amendment", reason, work.today)
    left = _left(work, appeal, authorisation) if appeal.act == SUSPENDED else []
    _release(work, case, authorisation, left, ("stay", "stay_partly"), reason, None)
    if not left:
        dependents.restore(work, case, authorisation.id, reason)
    if appeal.act == SUSPENDED:
        return Changed()
    authorisation.ended_on = None
    terms.resume(work, case, programmes.of(work, case, authorisation.programme), authorisation)
    bars.lift(work, case, authorisation.id, bars.STAYED)
    return Changed(in_force=authorisation)


def back(work: Work, case: models.Case, appeal: models.Appeal, reason: str) -> Changed:
    """The stay is over and the act stands: it has its effect again from today, its bar until the same last day."""
    if appeal.stayed_on is None or appeal.authorisation_id is None:
        return Changed()
    authorisation = current(work, appeal)
    if authorisation.state in ENDS:
        return Changed()  # another act has ended it meanwhile
    if appeal.act == AMENDED:
        like = authorisations.get(work, appeal.authorisation_id)
        _require_amendable(authorisation)
        new = amendments.put_back(work, case, authorisation, like, "amend_after_stay", reason, work.today)
        return Changed(in_force=new, ended=authorisation)
    rules = programmes.of(work, case, authorisation.programme)
    if appeal.act == SUSPENDED:
        _suspend_again(work, case, authorisation, reason)
        reach_again(work, case, rules, authorisation)
        return Changed()
    statuses.move(work, case, authorisation, ENDING[appeal.act], reason=reason)
    reach_again(work, case, rules, authorisation)
    authorisation.ended_on = work.today
    terms.end(work, case, rules, authorisation, work.today)
    bars.resume(work, case, rules, authorisation)
    return Changed(ended=authorisation)


def fall(
    work: Work, case: models.Case, appeal: models.Appeal, authorisation: models.Authorisation, reasons: str, since: date
) -> Changed:
    """The act falls, from a day on; what it gave up is in force again. A stayed act had no effect that could be undone."""
    if appeal.act == AMENDED:
        if appeal.stayed_on is not None or authorisation.state in ENDS:
            return Changed()
        return _put_back(work, case, authorisation, "give_way", reasons, since)
    left: list[str] = []
    if appeal.act == SUSPENDED:
        measure = appealed_suspension(work, appeal)
        if measure is not None and measure.state == "open":
            statuses.move(work, case, measure, "lift", reason=reasons, facts=Facts(outcome="upheld"))
            endings.close(work, case, measure, "upheld")
        left = _left(work, appeal, authorisation)
    if authorisation.state in STANDS[appeal.act]:
        _release(work, case, authorisation, left, ("reinstate", "reinstate_partly"), reasons, since)
    if appeal.act in ENDING and authorisation.state not in ENDS:
        authorisation.ended_on = authorisation.bar_until = None
        terms.resume(work, case, programmes.of(work, case, authorisation.programme), authorisation)
    if not left and authorisation.state not in ENDS:
        dependents.restore(work, case, authorisation.id, reasons)
    return Changed()


def reach_again(work: Work, case: models.Case, rules: Programme, authorisation: models.Authorisation) -> None:
    """What other decisions suffer from the state in which the certificate is now: revoked, or suspended as it was before."""
    if authorisation.state in {"B7", "B8"}:
        dependents.reach(work, case, rules, authorisation, REVOKED, rules.includes(authorisation.type), ())
        return
    parts = authorisation.suspended_parts
    query = select(models.Measure.criteria).where(
        models.Measure.authorisation_id == authorisation.id, models.Measure.kind == endings.SUSPENSION
    )
    last = work.session.scalars(query.order_by(models.Measure.created_at.desc()).limit(1)).first()
    if parts:
        dependents.reach(work, case, rules, authorisation, dependencies.SUSPENDED, parts, last or ())


def current(work: Work, appeal: models.Appeal) -> models.Authorisation:
    """The certificate as it stands: where an amendment was stayed, the version that is in force meanwhile."""
    query = select(models.Authorisation.id).where(models.Authorisation.replaces_id == appeal.authorisation_id)
    newer = work.session.scalar(query) if appeal.act == AMENDED and appeal.stayed_on is not None else None
    return authorisations.get(work, newer or str(appeal.authorisation_id))


def appealed_suspension(work: Work, appeal: models.Appeal) -> models.Measure | None:
    """The suspension that the appeal is against: the newest that there was when it was lodged."""
    query = select(models.Measure).where(
        models.Measure.authorisation_id == appeal.authorisation_id,
        models.Measure.kind == endings.SUSPENSION,
        models.Measure.created_at <= appeal.created_at,
    )
    return work.session.scalars(query.order_by(models.Measure.created_at.desc(), models.Measure.id.desc())).first()


def waits_under(work: Work, appeal: models.Appeal) -> str:
    """The key under which the case of the appealed suspension hears that it was set aside; empty where none waits.

    Of several suspensions only this one ends. Cases of earlier releases wait under another key than those of today.
    """
    measure = appealed_suspension(work, appeal) if appeal.act == SUSPENDED else None
    if measure is None:
        return ""
    query = select(models.Wait.key).where(models.Wait.case_id == measure.case_id, models.Wait.name == SET_ASIDE)
    return work.session.scalars(query.limit(1)).first() or ""


def _put_back(
    work: Work, case: models.Case, authorisation: models.Authorisation, trigger: str, reason: str, since: date
) -> Changed:
    _require_amendable(authorisation)
    like = authorisations.get(work, str(authorisation.replaces_id))
    return Changed(amendments.put_back(work, case, authorisation, like, trigger, reason, since), authorisation)


def _require_amendable(authorisation: models.Authorisation) -> None:
    if authorisation.state not in AMENDABLE:
        raise Conflict("Another act about this certificate is under way: end it first, then its scope can be put back.")


def _left(work: Work, appeal: models.Appeal, authorisation: models.Authorisation) -> list[str]:
    """The parts that other suspensions hold than the one that is appealed."""
    own = appealed_suspension(work, appeal)
    others = endings.open_measures(work, authorisation.id, endings.SUSPENSION)
    return sorted({part for one in others if own is None or one.id != own.id for part in one.parts})


def _release(
    work: Work,
    case: models.Case,
    authorisation: models.Authorisation,
    left: list[str],
    triggers: tuple[str, str],
    reason: str,
    since: date | None,
) -> None:
    """In force again, but for the parts that are left to other suspensions; nothing moves where they hold the same."""
    if left and left == authorisation.suspended_parts:
        return
    wholly, partly = triggers
    authorisation.suspended_parts = left
    if not left or authorisation.state == "B4":
        statuses.move(work, case, authorisation, partly if left else wholly, valid_from=since, reason=reason)


def _suspend_again(work: Work, case: models.Case, authorisation: models.Authorisation, reason: str) -> None:
    open_ones = endings.open_measures(work, authorisation.id, endings.SUSPENSION)
    parts = sorted({part for one in open_ones for part in one.parts})
    if not parts or parts == authorisation.suspended_parts:
        return  # its period ran out while the appeal was pending, or others hold as much
    authorisation.suspended_parts = parts
    rules = programmes.of(work, case, authorisation.programme)
    wholly = set(rules.includes(authorisation.type)) <= set(parts)
    statuses.move(work, case, authorisation, "suspend_after_stay" if wholly else "suspend_part_after", reason=reason)
