"""Messages to partners that have an address, as mail: what is sent, what is not sent any more, and what the server said."""

import json
from typing import Final

from sqlalchemy import select

from engine import consents, history, incidents, partners, programmes
from engine.domain.events import PartnerNotTold, PartnerTold
from engine.domain.programme import Programme, Words
from engine.mailing import Mail, Refused
from engine.store import models
from engine.work import Work

JSON: Final = "application/json"
LONGEST: Final = 500  # characters that are kept of why it failed
NO_CONSENT: Final = "The holder does not agree that partners are told."
NEWER: Final = "A newer message to this partner takes its place."
UNTOLD: Final = "The partner was never told of this certificate."
NO_ADDRESS: Final = "The partner has no address."


def compose(work: Work, job: models.Outbox) -> Mail | None:
    """The mail that a job sends; None for a message that left already, or that may not leave any more."""
    message = work.session.get_one(models.PartnerMessage, str(job.payload["message_id"]))
    if message.sent_at is not None or _why_not(work, message):
        return None
    authorisation = work.session.get_one(models.Authorisation, message.authorisation_id)
    rules, name = _rules(work, message), str(message.facts["number"])
    title = rules.name_on(work.today)
    office = Words(rules.office.get("name_es", ""), rules.office.get("name_en", ""))
    text = _TEXT.format(title=title.en, office=office.en, titulo=title.es, oficina=office.es)
    subject = f"{authorisation.number}: {message.status}"
    content = json.dumps(message.facts, ensure_ascii=False, indent=2, sort_keys=True).encode()
    return Mail(message.id, _address(rules, message.partner), subject, text, f"{name}.json", content, JSON)


def sent(work: Work, job: models.Outbox, answer: str | Refused | None) -> None:
    """Records what the mail server said, or why nothing was sent; what failed is an incident until it is told otherwise."""
    message = work.session.get_one(models.PartnerMessage, str(job.payload["message_id"]), with_for_update=True)
    if message.sent_at is not None:
        return
    if isinstance(answer, str):
        message.sent_at, message.message_id, message.failed_at, message.failure = work.now, answer, None, ""
        history.record(work, PartnerTold(message.id, message.partner), stream=partners.stream(message))
        partners.mended(work, message)
        return
    message.failed_at, message.failure = work.now, str(answer)[:LONGEST] if answer else _why_not(work, message)
    event = PartnerNotTold(message.id, message.partner, message.failure)
    history.record(work, event, stream=partners.stream(message))
    if answer is not None:
        params = {"partner": message.partner, "reason": message.failure}
        told = "The partner %(partner)s could not be told (%(reason)s)."
        case = work.session.get(models.Case, message.case_id) if message.case_id else None
        incidents.report(work, case, "", incidents.DELIVERY, told, task_id=message.id, params=params)


def _why_not(work: Work, message: models.PartnerMessage) -> str:
    """Why a message that was written does not leave any more; empty where it does."""
    authorisation = work.session.get_one(models.Authorisation, message.authorisation_id)
    consent = consents.given(work, authorisation.operator_id, authorisation.programme, consents.MUTUAL_RECOGNITION)
    about = models.PartnerMessage.authorisation_id == message.authorisation_id
    sent_to = select(models.PartnerMessage.id).where(
        about, models.PartnerMessage.partner == message.partner, models.PartnerMessage.sent_at.is_not(None)
    )
    later = models.PartnerMessage.created_at > message.created_at
    if message.status != partners.WITHDRAWN and not consent:
        return NO_CONSENT
    if message.status == partners.WITHDRAWN and work.session.scalars(sent_to.limit(1)).first() is None:
        return UNTOLD
    if work.session.scalars(sent_to.where(later).limit(1)).first() is not None:
        return NEWER
    return "" if _address(_rules(work, message), message.partner) else NO_ADDRESS


def _rules(work: Work, message: models.PartnerMessage) -> Programme:
    authorisation = work.session.get_one(models.Authorisation, message.authorisation_id)
    case = work.session.get_one(models.Case, message.case_id)
    return programmes.of(work, case, authorisation.programme)


def _address(rules: Programme, code: str) -> str:
    return next((one.address for one in rules.mutual_recognition.partners if one.code == code), "")


_TEXT: Final = (
    "{title}, {office}: the status of an authorised operator is attached. Please confirm that you have taken it over.\n\n"
    "{titulo}, {oficina}: se adjunta el estado de un operador autorizado. Le rogamos confirmar que lo ha incorporado.\n"
)
