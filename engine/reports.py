"""What an operator or an officer reports about a certificate: a change, an incident. Its monitoring case gets a message."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from engine import forms, messages, resources
from engine.domain.errors import Conflict, Invalid, NotFound
from engine.forms import Form
from engine.queries import visible
from engine.store import models
from engine.work import Work

KINDS: Final = {"change": "report_change", "incident": "report_incident"}  # and the form that asks about it


def form(work: Work, kind: str) -> Form:
    """The form in force on which this kind of thing is reported; NotFound for a kind that nobody reports."""
    if kind not in KINDS:
        raise NotFound("There is no such report.")
    return forms.read(_content(work, "form", KINDS[kind]), {})


def send(work: Work, authorisation_id: str, kind: str, answers: Mapping[str, object]) -> None:
    """Reports it; Invalid names the fields that are wrong. The case that watches the certificate takes it up."""
    authorisation = work.session.get(models.Authorisation, authorisation_id)
    seen = work.actor.holds(*visible.READERS) or (authorisation and authorisation.operator_id in work.actor.operators)
    if authorisation is None or not seen:
        raise NotFound("There is no such authorisation.")
    if authorisation.ended_on is not None:
        raise Invalid("This certificate is no longer in force.")
    checked = forms.check(form(work, kind), answers, {}, now=work.local)
    messages.post(work, f"{kind}_reported", authorisation.id, checked)


def watching_case(work: Work, authorisation_id: str) -> models.Case:
    """The case that watches the certificate, with which the report's documents are kept; Conflict if there is none yet."""
    query = select(models.Case).where(models.Case.authorisation_id == authorisation_id, models.Case.status == "active")
    waits = select(models.Wait.case_id).where(models.Wait.kind == "message", models.Wait.key == authorisation_id)
    case = work.session.scalars(query.where(models.Case.id.in_(waits)).order_by(models.Case.created_at)).first()
    if case is None:
        raise Conflict("Nobody watches this certificate yet. Send the documents a little later.")
    return case


def _content(work: Work, kind: str, key: str) -> bytes:
    version = resources.latest(work, resources.find(work, kind, key))
    if version is None:
        raise NotFound("There is no such report.")
    return version.content
