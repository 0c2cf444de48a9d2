"""Amendments: a new version takes the place of the old one; an adverse one only after a hearing (T37, T31 restrict)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from engine import authorisations, dependents, hearings, history, programmes, refusals, sites, statuses, terms
from engine.domain.errors import Invalid, Problem
from engine.domain.events import VersionMade
from engine.domain.guards import Facts
from engine.domain.programme import Programme
from engine.domain.states import INTENDED, UNBORN
from engine.store import models
from engine.work import Work

Result = dict[str, object]


def amend(
    work: Work,
    case: models.Case,
    authorisation_id: str,
    changes: Sequence[object],
    reason: str,
    adverse: bool,  # noqa: FBT001 - what the act is
    sites_after: Sequence[object] | None = None,
    type_after: str | None = None,
) -> Result:
    """→ B12 and a new version in B1; each change is an object with field, before and after.

    `adverse`: it takes something away from the holder (sites, conditions, a type), who is heard first (B6). The new
    version has its own number, the sites of the old one unless `sites_after` says otherwise, and the same term.
    """
    old = authorisations.get(work, authorisation_id)
    if not changes:
        raise Invalid("Nothing is changed.", [Problem("changes", "Write each field with its value before and after.")])
    statuses.move(work, case, old, "amend", reason=reason, facts=_facts(work, case, old, reason, adverse=adverse))
    rules = programmes.of(work, case, old.programme)
    new = _version(work, case, old, rules, type_after or old.type, "replace", work.today)
    terms.hand_on(work, case, rules, old, new)
    old.ended_on = work.today
    _sites(work, case, old, new, sites_after, reason)
    affected = dependents.narrow(work, case, rules, new, old.type)
    told = [dict(one) if isinstance(one, Mapping) else one for one in changes]
    history.record(work, VersionMade(new.id, old.id, new.version, told), case=case)
    return {
        "authorisation_id": new.id,
        "certificate_number": new.number,
        "version": new.version,
        "effective_on": work.today.isoformat(),
        "changes": told,
        "affected": affected,
        **(refusals.appeal_begins(work, case, rules, new.id, "amended") if adverse else {}),
    }


def put_back(
    work: Work,
    case: models.Case,
    current: models.Authorisation,
    like: models.Authorisation,
    trigger: str,
    reason: str,
    since: date,
) -> models.Authorisation:
    """A version in place of `current` with the type and the sites of `like`: what an appeal makes of an adverse amendment.

    `trigger` is the move of `current`; both moves are valid `since` a day that the appeal may set back.
    """
    statuses.move(work, case, current, trigger, valid_from=since, reason=reason)
    rules = programmes.of(work, case, current.programme)
    new = _version(work, case, current, rules, like.type, "put_back", since)
    terms.hand_on(work, case, rules, current, new)
    current.ended_on = since
    places = sites.within(work, like.id, like.ended_on or work.today)
    sites.include(work, case, new.id, places, since, reason)
    history.record(work, VersionMade(new.id, current.id, new.version, []), case=case)
    return new


def _facts(work: Work, case: models.Case, old: models.Authorisation, reason: str, *, adverse: bool) -> Facts:
    """A hearing counts for the act that is intended now (B6), never one about something that is long decided."""
    found = hearings.facts(work, case, old.id, reason)
    return replace(found, adverse=adverse, heard=found.heard and old.state == INTENDED)


def _version(
    work: Work,
    case: models.Case,
    old: models.Authorisation,
    rules: Programme,
    type_: str,
    trigger: str,
    since: date,
) -> models.Authorisation:
    if type_ not in rules.types:
        raise Invalid("The programme does not know what is applied for.", [Problem("type_after", "Write a text.")])
    new = models.Authorisation(
        id=work.new_id(),
        number=f"{old.number.partition('-V')[0]}-V{old.version + 1}",
        operator_id=old.operator_id,
        application_id=old.application_id,
        programme=old.programme,
        type=type_,
        state=UNBORN,
        granted_on=old.granted_on,
        effective_on=since,
        expires_on=old.expires_on,
        next_review_on=old.next_review_on,
        version=old.version + 1,
        replaces_id=old.id,
        suspended_parts=[],
        created_at=work.now,
    )
    work.session.add(new)
    work.session.flush()
    statuses.move(work, case, new, trigger, valid_from=since)
    authorisations.look_to_calendar(work, case, new)
    case.authorisation_id = new.id if case.authorisation_id == old.id else case.authorisation_id
    return new


def _sites(
    work: Work,
    case: models.Case,
    old: models.Authorisation,
    new: models.Authorisation,
    after: Sequence[object] | None,
    reason: str,
) -> None:
    day: date = work.today
    places = sites.within(work, old.id, day) if after is None else sites.named(work, old.operator_id, after)
    sites.include(work, case, new.id, places, day, reason)
