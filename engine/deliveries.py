"""Delivery: by which way a letter went, whether it arrived, when it counts as received, and what is done if it did not."""

from datetime import date
from typing import Final

from sqlalchemy import select

from engine import clocks, history, incidents, outbox, programmes
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.events import DeliveryConfirmed, DeliveryFailed, LetterOpened, LetterReceived, LetterSent
from engine.domain.notices import INTERNAL, MAIL, OPERATOR, PAPER, PORTAL
from engine.domain.programme import Programme
from engine.mailing import Mail, Refused
from engine.store import models
from engine.work import Work

JOB: Final = "mail"  # the kind of an outbox job that hands a letter to the mail server
QUEUED, SENT, DELIVERED, FAILED = "queued", "sent", "delivered", "failed"
LONGEST: Final = 500  # characters that are kept of why it failed


def receipt(work: Work, case: models.Case, letter: models.Letter) -> date:
    """The day on which the letter counts as received if it is notified today, as its programme counts."""
    rules = _rules(work, case, letter)
    return clocks.received_on(work, rules, work.today, PORTAL) if rules else work.today


def dispatch(work: Work, case: models.Case, letter: models.Letter, received: date) -> None:
    """The letter goes out by every channel of its programme: the portal has it at once, mail is queued.

    From now on it is notified, and counts as received on the day `received`. What is for another authority does not go to
    the operator; an officer records how it was handed over.
    """
    rules = _rules(work, case, letter)
    theirs = letter.audience == OPERATOR
    address = _address(work, letter) if theirs else ""
    if theirs:
        _hand_over(work, case, letter, PORTAL)
    if rules and MAIL in rules.notices.channels and address:
        row = _new(work, letter, MAIL, address, QUEUED)
        outbox.add(work, JOB, {"delivery_id": row.id}, case)
    letter.notified_at, letter.received_on = work.now, received
    days = (work.today.isoformat(), received.isoformat())
    history.record(work, LetterReceived(letter.id, letter.number, *days), case=case)


def compose(work: Work, job: models.Outbox) -> Mail | None:
    """The mail that a job sends; None where the letter has gone out by it already."""
    row = work.session.get_one(models.Delivery, str(job.payload["delivery_id"]))
    if row.state != QUEUED:
        return None
    letter = work.session.get_one(models.Letter, row.letter_id)
    content = work.session.get_one(models.Blob, letter.sha256).content
    spanish = letter.language == "es"
    subject = f"{'Notificación' if spanish else 'Notice'} {letter.number}"
    text = _SPANISH if spanish else _ENGLISH
    return Mail(row.id, row.address, subject, text % letter.number, f"{letter.number}.pdf", content)


def sent(work: Work, job: models.Outbox, answer: str | Refused | None) -> None:
    """Records what the mail server said: it took the message of that Message-ID, or refused it for good (None: nothing)."""
    row = work.session.get_one(models.Delivery, str(job.payload["delivery_id"]), with_for_update=True)
    if answer is None or row.state != QUEUED:
        return
    if isinstance(answer, Refused):
        _fail(work, row, str(answer))
        return
    letter, case = _of(work, row)
    row.state, row.sent_at, row.message_id = SENT, work.now, answer
    history.record(work, LetterSent(letter.id, letter.number, row.id, MAIL, row.address, answer), case=case)


def opened(work: Work, letter: models.Letter) -> None:
    """Somebody of the addressee opened the letter in the portal; the first time is kept."""
    if letter.operator_id not in work.actor.operators:
        return
    query = select(models.Delivery).where(models.Delivery.letter_id == letter.id, models.Delivery.channel == PORTAL)
    row = work.session.scalars(query.with_for_update()).first()
    if row is not None and row.read_at is None:
        row.read_at = work.now
        history.record(work, LetterOpened(letter.id, letter.number), case=_of(work, row)[1])


def bounce(work: Work, letter_id: str, delivery_id: str, reason: str) -> None:
    """An officer records that a letter came back; it is an incident until it has reached its addressee otherwise."""
    row = _get(work, letter_id, delivery_id)
    if row.channel == PORTAL or row.state not in {SENT, DELIVERED}:
        raise Conflict("Only what was sent by mail or on paper can come back.")
    if not reason.strip():
        raise Invalid("Something is missing.", [Problem("reason", "Write what came back and why.")])
    _fail(work, row, reason.strip())


def again(work: Work, letter_id: str, delivery_id: str, address: str = "") -> None:
    """An officer sends a letter once more by mail, to another address if one is given."""
    row = _get(work, letter_id, delivery_id)
    if row.channel != MAIL or row.state != FAILED:
        raise Conflict("Only a mail that failed is sent again.")
    if address and "@" not in address:
        raise Invalid("Something is to be corrected.", [Problem("address", "Write an e-mail address.")])
    letter, case = _of(work, row)
    fresh = _new(work, letter, MAIL, address.strip() or row.address, QUEUED)
    outbox.add(work, JOB, {"delivery_id": fresh.id}, case)
    _over(work, case, row, "The letter was sent again.")


def confirm(work: Work, letter_id: str, note: str, on: date | None = None) -> None:
    """An officer records that the letter was handed over on paper, and what shows it (a signed copy, a registered letter)."""
    letter = work.session.get(models.Letter, letter_id, with_for_update=True)
    if letter is None or letter.sha256 is None:
        raise NotFound("There is no such letter, or it is still being prepared.")
    if letter.audience == INTERNAL:
        raise Conflict("This document stays in the office: it is delivered to nobody.")
    if not note.strip():
        raise Invalid("Something is missing.", [Problem("note", "Write what shows that it was handed over.")])
    if on is not None and on > work.today:
        raise Invalid("Something is to be corrected.", [Problem("on", "This day has not come yet.")])
    row = _new(work, letter, PAPER, "", DELIVERED)
    row.reason, row.sent_at, row.delivered_at = note.strip(), work.now, work.now
    _letter, case = _of(work, row)
    day = (on or work.today).isoformat()
    event = DeliveryConfirmed(letter.id, letter.number, row.id, PAPER, f"{day}: {row.reason}")
    history.record(work, event, case=case)
    failed = select(models.Delivery).where(models.Delivery.letter_id == letter.id, models.Delivery.state == FAILED)
    for one in work.session.scalars(failed):
        _over(work, case, one, "The letter was handed over on paper.")


_SPANISH: Final = (
    "Adjuntamos la comunicación %s. También puede leerla y comprobarla en el portal.\n\nNo responda a este correo.\n"
)
_ENGLISH: Final = "Please find attached the notice %s. You can also read and check it in the portal.\n\nPlease do not answer this message.\n"


def _hand_over(work: Work, case: models.Case, letter: models.Letter, channel: str) -> None:
    row = _new(work, letter, channel, "", DELIVERED)
    row.sent_at = row.delivered_at = work.now
    history.record(work, LetterSent(letter.id, letter.number, row.id, channel, ""), case=case)


def _new(work: Work, letter: models.Letter, channel: str, address: str, state: str) -> models.Delivery:
    row = models.Delivery(
        id=work.new_id(), letter_id=letter.id, channel=channel, address=address, state=state, created_at=work.now
    )
    row.reason, row.message_id = "", ""
    work.session.add(row)
    work.session.flush()
    return row


def _fail(work: Work, row: models.Delivery, reason: str) -> None:
    letter, case = _of(work, row)
    row.state, row.failed_at, row.reason = FAILED, work.now, reason[:LONGEST]
    history.record(work, DeliveryFailed(letter.id, letter.number, row.id, row.channel, row.reason), case=case)
    message = "The letter %(number)s did not reach its addressee (%(reason)s)."
    params = {"number": letter.number, "reason": row.reason}
    incidents.report(work, case, letter.template, incidents.DELIVERY, message, task_id=row.id, params=params)


def _over(work: Work, case: models.Case, row: models.Delivery, resolution: str) -> None:
    for incident in incidents.open_of(work, case.id, incidents.DELIVERY):
        if incident.task_id == row.id:
            incidents.close(work, incident, resolution)


def _get(work: Work, letter_id: str, delivery_id: str) -> models.Delivery:
    row = work.session.get(models.Delivery, delivery_id, with_for_update=True)
    if row is None or row.letter_id != letter_id:
        raise NotFound("There is no such delivery.")
    return row


def _of(work: Work, row: models.Delivery) -> tuple[models.Letter, models.Case]:
    letter = work.session.get_one(models.Letter, row.letter_id)
    return letter, work.session.get_one(models.Case, letter.case_id)


def _rules(work: Work, case: models.Case, letter: models.Letter) -> Programme | None:
    """The programme by which the letter was issued; none for letters of releases before 0.3.0, which do not say it."""
    said = letter.facts.get("programme")
    key = said.get("id") if isinstance(said, dict) else None
    return programmes.of(work, case, str(key)) if key else None


def _address(work: Work, letter: models.Letter) -> str:
    operator = work.session.get(models.Operator, letter.operator_id) if letter.operator_id else None
    return operator.email if operator else ""
