"""Withdrawal: the legal representative desists from an application, or from an appeal, as long as nothing is decided (T20, T35)."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from engine import forms, messages, resources
from engine.domain.errors import Conflict, NotAllowed, NotFound
from engine.forms import Form
from engine.store import models
from engine.work import Work

# What a case listens for, and what is asked of whoever withdraws.
FORMS: Final[Mapping[str, str]] = {
    "application_withdrawn": "withdraw_application",
    "appeal_withdrawn": "withdraw_appeal",
}
SIGNATORY: Final = "signatory"


def possible(work: Work, case_id: str) -> str | None:
    """What the actor may withdraw here and now (the message); None: they do not sign for the operator, or it is too late."""
    if not work.actor.holds(SIGNATORY) or _case(work, case_id).operator_id not in work.actor.operators:
        return None
    wait = _listens(work, case_id)
    return wait.name if wait else None


def form(work: Work, case_id: str) -> Form:
    """What is asked of whoever withdraws what the case is about."""
    wait = _listens(work, case_id)
    key = FORMS[wait.name if wait else "application_withdrawn"]
    version = resources.latest(work, resources.find(work, "form", key))
    if version is None:
        raise NotFound("There is no %(kind)s named %(key)s.", kind="form", key=key)
    return forms.read(version.content)


def send(work: Work, case_id: str, answers: Mapping[str, object]) -> None:
    """Withdraws what the case is about; Invalid names the fields that are wrong."""
    case = _case(work, case_id)
    if not work.actor.holds(SIGNATORY) or case.operator_id not in work.actor.operators:
        raise NotAllowed("Only who signs for the operator withdraws its application.")
    wait = _listens(work, case_id)
    if wait is None:
        raise Conflict("The application cannot be withdrawn at this point of the case.")
    checked = forms.check(form(work, case_id), answers, {}, now=work.local)
    messages.post(work, wait.name, wait.key or "", checked)


def _case(work: Work, case_id: str) -> models.Case:
    case = work.session.get(models.Case, case_id)
    if case is None:
        raise NotFound("There is no such case.")
    return case


def _listens(work: Work, case_id: str) -> models.Wait | None:
    query = select(models.Wait).where(models.Wait.case_id == case_id, models.Wait.name.in_(FORMS))
    return work.session.scalars(query.order_by(models.Wait.id)).first()
