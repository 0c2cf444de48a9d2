"""One certificate: where it stood on a day as it was known on another, and what hangs on it; the exchange with partners."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import partners
from engine.domain.errors import NotFound
from engine.queries import certificates, criteria, operators
from web.i18n import N_
from web.work import look_of_user, work_of_user

bp = Blueprint("certificates", __name__)
DONE = {
    "sent": N_("It is on record that the message left."),
    "confirmed": N_("It is on record that the partner confirmed the message."),
    "again": N_("The message was written once more."),
}


@bp.get("/operators/<operator_id>/certificates/<authorisation_id>")
def show(operator_id: str, authorisation_id: str) -> str:
    """The certificate with its history."""
    with look_of_user() as work:
        day, known = _day("day", work.today), _day("known", work.today)
        return render_template(
            "certificates/show.html",
            operator=operators.profile(work, operator_id),
            found=criteria.of_certificate(work, authorisation_id),
            life=certificates.life(work, operator_id, authorisation_id, day, known),
            day=day,
            known=known,
        )


@bp.post("/operators/<operator_id>/certificates/<authorisation_id>/messages/<message_id>/<act>")
def exchange(operator_id: str, authorisation_id: str, message_id: str, act: str) -> Response:
    """A message to a partner left, was confirmed, or is written once more."""
    if act not in DONE:
        raise NotFound("There is no such message.")
    with work_of_user() as work:
        if act == "sent":
            partners.send(work, message_id)
        elif act == "confirmed":
            partners.acknowledge(work, message_id, request.form.get("reference", ""))
        else:
            partners.resend(work, message_id)
    flash(DONE[act])
    return redirect(url_for(".show", operator_id=operator_id, authorisation_id=authorisation_id))


def _day(name: str, instead: date) -> date:
    """The day in the address; today where there is none, or no such day."""
    try:
        return date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return instead
