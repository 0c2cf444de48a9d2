"""Withdrawal: the legal representative desists from an application as long as nothing is decided (domain page, T20)."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from engine import forms, messages, resources
from engine.domain.errors import Conflict, NotAllowed, NotFound
from engine.forms import Form
from engine.store import models
from engine.work import Work

MESSAGE: Final = "application_withdrawn"
FORM: Final = "withdraw_application"
SIGNATORY: Final = "signatory"


def possible(work: Work, case_id: str) -> bool:
    """Whether the actor may withdraw here and now: they sign for the operator, and the case listens for it."""
    return (
        work.actor.holds(SIGNATORY)
        and _case(work, case_id).operator_id in work.actor.operators
        and _listens(work, case_id)
    )


def form(work: Work) -> Form:
    """What is asked of whoever withdraws."""
    version = resources.latest(work, resources.find(work, "form", FORM))
    if version is None:
        raise NotFound("There is no %(kind)s named %(key)s.", kind="form", key=FORM)
    return forms.read(version.content)


def send(work: Work, case_id: str, answers: Mapping[str, object]) -> None:
    """Withdraws the application of the case; Invalid names the fields that are wrong."""
    case = _case(work, case_id)
    if not work.actor.holds(SIGNATORY) or case.operator_id not in work.actor.operators:
        raise NotAllowed("Only who signs for the operator withdraws its application.")
    if not _listens(work, case_id):
        raise Conflict("The application cannot be withdrawn at this point of the case.")
    checked = forms.check(form(work), answers, {}, now=work.local)
    messages.post(work, MESSAGE, case.application_id or "", checked)


def _case(work: Work, case_id: str) -> models.Case:
    case = work.session.get(models.Case, case_id)
    if case is None:
        raise NotFound("There is no such case.")
    return case


def _listens(work: Work, case_id: str) -> bool:
    query = select(models.Wait.id).where(models.Wait.case_id == case_id, models.Wait.name == MESSAGE)
    return work.session.scalars(query).first() is not None
