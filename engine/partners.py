"""Mutual recognition: what partners are told of an authorisation, and whether they confirmed it (domain page §11.5)."""

from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select

from engine import consents, history, incidents, outbox, programmes
from engine.domain.errors import Conflict, NotAllowed, NotFound
from engine.domain.events import PartnerAcknowledged, PartnerToBeTold, PartnerTold
from engine.domain.programme import Programme
from engine.domain.recognition import FIELDS, reason_class, status_of
from engine.domain.states import PARTLY
from engine.store import models
from engine.work import SYSTEM, Work

SENDERS: Final = ("monitoring_officer", "director")
WITHDRAWN: Final = "withdrawn"
IN_FORCE, WHOLLY, INTENDED = "B1", "B4", "B6"
JOB: Final = "partner mail"  # the kind of an outbox job that mails a message to a partner with an address


def tell(work: Work, case: models.Case, authorisation: models.Authorisation, change: models.StatusChange) -> None:
    """Writes a message to every partner where the status that they know changes; nothing without the holder's consent."""
    rules = programmes.of(work, case, authorisation.programme)
    if rules.mutual_recognition.on and consents.given(
        work, authorisation.operator_id, authorisation.programme, consents.MUTUAL_RECOGNITION
    ):
        _tell_all(work, case, rules, authorisation, change)


def consent(
    work: Work,
    case: models.Case,
    operator_id: str,
    programme: str,
    publication: bool | None = None,  # noqa: FBT001 - what the holder said, not a switch
    mutual_recognition: bool | None = None,  # noqa: FBT001 - as above
) -> dict[str, object]:
    """Keeps what the holder said, yes or no; what was not asked stays as it was. Partners are told accordingly."""
    said = {consents.PUBLICATION: publication, consents.MUTUAL_RECOGNITION: mutual_recognition}
    for kind, value in said.items():
        before = consents.given(work, operator_id, programme, kind)
        if value is not None and value is not before:
            consents.say(work, case, operator_id, programme, kind, given_=value)
            if kind == consents.MUTUAL_RECOGNITION:
                _follow(work, case, operator_id, programme, agreed=value)
    return {kind: consents.given(work, operator_id, programme, kind) for kind in said}


def send(work: Work, message_id: str) -> None:
    """The message left for the partner, by whatever way is agreed with it; said once."""
    message = _message(work, message_id)
    if message.sent_at is not None:
        raise Conflict("This message was sent already.")
    message.sent_at, message.failed_at, message.failure = work.now, None, ""
    mended(work, message)
    history.record(work, PartnerTold(message.id, message.partner), stream=stream(message))


def acknowledge(work: Work, message_id: str, reference: str = "") -> None:
    """The partner confirmed the message: from now on it is the last that it is known to know."""
    message = _message(work, message_id)
    if message.sent_at is None:
        raise Conflict("This message was not sent yet.")
    if message.acknowledged_at is not None:
        raise Conflict("The partner confirmed this message already.")
    message.acknowledged_at, message.reference = work.now, reference.strip()
    event = PartnerAcknowledged(message.id, message.partner, message.reference)
    history.record(work, event, stream=stream(message))


def resend(work: Work, message_id: str) -> models.PartnerMessage:
    """The same message once more, where the partner did not confirm it."""
    message = _message(work, message_id)
    if message.acknowledged_at is not None:
        raise Conflict("The partner confirmed this message already.")
    newest = latest(work, message.authorisation_id, message.partner)
    if newest is not None and newest.id != message.id:
        raise Conflict("A newer message to this partner takes its place: send that one.")
    case = work.session.get_one(models.Case, message.case_id)
    authorisation = work.session.get_one(models.Authorisation, message.authorisation_id)
    _require_consent(work, authorisation, message)
    return _write(work, case, authorisation, message.partner, message.status, message.facts, resends=message.id)


def latest(work: Work, authorisation_id: str, partner: str) -> models.PartnerMessage | None:
    """The newest message about an authorisation to a partner."""
    rows = [row for row in messages(work, [authorisation_id]) if row.partner == partner]
    return rows[-1] if rows else None


def messages(work: Work, authorisation_ids: Sequence[str]) -> Sequence[models.PartnerMessage]:
    """The messages about these authorisations, oldest first."""
    query = select(models.PartnerMessage).where(models.PartnerMessage.authorisation_id.in_(authorisation_ids))
    return work.session.scalars(query.order_by(models.PartnerMessage.created_at, models.PartnerMessage.id)).all()


def mended(work: Work, message: models.PartnerMessage) -> None:
    """The partner was told after all: what was reported of this message, or of the one that it repeats, is over."""
    about = {message.id, message.resends}
    for incident in incidents.open_of(work, message.case_id or "", incidents.DELIVERY):
        if incident.task_id in about:
            incidents.close(work, incident, "The partner was told.")


def stream(message: models.PartnerMessage) -> str:
    """The chain of the history in which the exchange with a partner stands."""
    return f"partner:{message.partner}"


def _follow(work: Work, case: models.Case, operator_id: str, programme: str, *, agreed: bool) -> None:
    """Who agrees lets partners know where each certificate stands; who no longer does, that they take part no more.

    The last message says nothing but the number, and goes only to who was told before.
    """
    rules = programmes.of(work, case, programme)
    for authorisation, change in _certificates(work, operator_id, programme):
        if agreed and rules.mutual_recognition.on:
            _tell_all(work, case, rules, authorisation, change)
        for partner in () if agreed else rules.mutual_recognition.partners:
            before = latest(work, authorisation.id, partner.code)
            if before is not None and before.status != WITHDRAWN:
                facts: dict[str, object] = {"number": authorisation.number, "status": WITHDRAWN, "consent": False}
                _write(work, case, authorisation, partner.code, WITHDRAWN, facts)


def _tell_all(
    work: Work,
    case: models.Case,
    rules: Programme,
    authorisation: models.Authorisation,
    change: models.StatusChange,
) -> None:
    for partner in rules.mutual_recognition.partners:
        status = status_of(_standing(rules, authorisation), partner.statuses)
        if status is None or (partner.since and partner.since > work.today):
            continue
        facts = _facts(work, rules, authorisation, change, status)
        before = latest(work, authorisation.id, partner.code)
        if before is None or _without_date(before.facts) != _without_date(facts):
            _write(work, case, authorisation, partner.code, status, facts)


def _facts(
    work: Work,
    rules: Programme,
    authorisation: models.Authorisation,
    change: models.StatusChange,
    status: str,
) -> dict[str, object]:
    """What the programme lets a partner know; the class of the reason at most, never the reason."""
    operator = work.session.get_one(models.Operator, authorisation.operator_id)
    since = authorisation.effective_on if authorisation.state != "B8" else authorisation.granted_on
    tin = rules.mutual_recognition.tin.format(
        country=operator.country, tax_id=operator.tax_id, number=authorisation.number
    )
    known: dict[str, object] = {
        "tin": tin,
        "name": operator.name,
        "type": authorisation.type,
        "status": status,
        "valid_from": since.isoformat(),
        "valid_to": authorisation.expires_on.isoformat() if authorisation.expires_on else None,
        "last_change": change.valid_from.isoformat(),
        "consent": True,
        "reason_class": reason_class(_standing(rules, authorisation)),
    }
    told = {*(rules.mutual_recognition.fields or FIELDS), "status", "consent"}
    facts = {"number": authorisation.number, **{name: value for name, value in known.items() if name in told}}
    if _standing(rules, authorisation) == PARTLY:
        stopped = authorisation.suspended_parts
        parts = rules.includes(authorisation.type)
        facts["parts"] = {part: "suspended" if part in stopped else "active" for part in parts}
    return facts


def _standing(rules: Programme, authorisation: models.Authorisation) -> str:
    """The state as partners see it: an act that is only intended (B6) leaves it as it was, suspended or not (§2.2)."""
    if authorisation.state != INTENDED:
        return authorisation.state
    stopped = set(authorisation.suspended_parts)
    if not stopped:
        return IN_FORCE
    return WHOLLY if set(rules.includes(authorisation.type)) <= stopped else PARTLY


def _without_date(facts: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in facts.items() if name not in {"last_change", "reason_class"}}


def _certificates(
    work: Work, operator_id: str, programme: str
) -> list[tuple[models.Authorisation, models.StatusChange]]:
    query = select(models.Authorisation).where(
        models.Authorisation.operator_id == operator_id, models.Authorisation.programme == programme
    )
    rows = work.session.scalars(query.order_by(models.Authorisation.number)).all()
    return [(row, _last_change(work, row.id)) for row in rows]


def _last_change(work: Work, authorisation_id: str) -> models.StatusChange:
    query = select(models.StatusChange).where(models.StatusChange.subject_id == authorisation_id)
    newest = query.order_by(models.StatusChange.recorded_at.desc(), models.StatusChange.id.desc())
    return work.session.scalars(newest.limit(1)).one()


def _require_consent(work: Work, authorisation: models.Authorisation, message: models.PartnerMessage) -> None:
    consent = consents.given(work, authorisation.operator_id, authorisation.programme, consents.MUTUAL_RECOGNITION)
    if message.status != WITHDRAWN and not consent:
        raise NotAllowed("The holder does not agree that partners are told.")


def _message(work: Work, message_id: str) -> models.PartnerMessage:
    if work.actor.id != SYSTEM.id and not work.actor.holds(*SENDERS):
        raise NotAllowed("Only officers who keep the exchange with partners may do this.")
    message = work.session.get(models.PartnerMessage, message_id, with_for_update=True)
    if message is None:
        raise NotFound("There is no such message.")
    return message


def _write(
    work: Work,
    case: models.Case,
    authorisation: models.Authorisation,
    partner: str,
    status: str,
    facts: dict[str, object],
    resends: str | None = None,
) -> models.PartnerMessage:
    message = models.PartnerMessage(
        id=work.new_id(),
        authorisation_id=authorisation.id,
        partner=partner,
        status=status,
        facts=facts,
        created_at=work.now,
        resends=resends,
        case_id=case.id,
    )
    work.session.add(message)
    work.session.flush()
    history.record(work, PartnerToBeTold(message.id, authorisation.id, partner, status), case=case)
    known = programmes.of(work, case, authorisation.programme).mutual_recognition.partners
    if any(one.address for one in known if one.code == partner):
        outbox.add(work, JOB, {"message_id": message.id}, case)
    return message
