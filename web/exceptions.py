"""Exceptions from rules that keep duties apart: what waits for a second person, and what they decide."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import overrides
from engine.domain.errors import Invalid
from web import errors
from web.i18n import N_
from web.work import look_of_user, work_of_user

bp = Blueprint("exceptions", __name__)


@bp.get("/exceptions")
def index() -> str:
    """What waits for a second person, oldest first."""
    return _render("", "")


@bp.post("/exceptions/<override_id>")
def decide(override_id: str) -> Response | tuple[str, int]:
    """Grants or refuses, with a reason."""
    granted, reason = request.form.get("answer") == "grant", request.form.get("reason", "")
    try:
        with work_of_user() as work:
            overrides.decide(work, override_id, granted=granted, reason=reason)
    except Invalid as refusal:
        return _render(override_id, refusal.problems[0].message), errors.status(refusal)
    flash(N_("The exception is granted.") if granted else N_("The exception is refused."))
    return redirect(url_for(".index"))


def _render(wrong_id: str, wrong: str) -> str:
    with look_of_user() as work:
        return render_template(
            "exceptions/index.html",
            waiting=overrides.waiting(work),
            me=work.actor.id,
            wrong_id=wrong_id,
            wrong=wrong,
            today=work.today,
        )
