"""The reader's own page, and the language switch."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from engine import absences, conflicts, people, staff
from engine.domain.errors import Invalid
from engine.queries import operators
from engine.work import Work
from web import errors, persons
from web.addresses import local
from web.i18n import LANGUAGES, N_
from web.work import log_in, look_of_user, work_of_user

bp = Blueprint("account", __name__)


@bp.get("/account")
def show() -> str:
    """Who the reader is here: name, roles, operators, language."""
    with look_of_user() as work:
        return _show(work, None)


@bp.post("/account/absence")
def absence() -> Response | tuple[str, int]:
    """Says that the reader is away, and who stands in."""
    try:
        with work_of_user() as work:
            absences.record(work, work.actor.id, persons.away())
    except Invalid as refusal:
        return _again(refusal)
    flash(N_("The absence is on the record."))
    return redirect(url_for(".show"))


@bp.post("/account/absence/<absence_id>/end")
def end_absence(absence_id: str) -> Response:
    """Calls an absence off."""
    with work_of_user() as work:
        absences.end(work, absence_id)
    flash(N_("The absence was called off."))
    return redirect(local(request.form.get("next", "")) or url_for(".show"))


@bp.post("/account/conflict")
def conflict() -> Response | tuple[str, int]:
    """Declares a conflict of interest with an operator."""
    try:
        with work_of_user() as work:
            conflicts.declare(work, work.actor.id, persons.operator(work), request.form.get("conflict_reason", ""))
    except Invalid as refusal:
        return _again(refusal)
    flash(N_("The conflict of interest is on the record."))
    return redirect(url_for(".show"))


@bp.post("/account/password")
def password() -> Response | tuple[str, int]:
    """Gives the reader another password; they log in again with it."""
    try:
        with work_of_user() as work:
            staff.set_own_password(work, request.form.get("old", ""), request.form.get("password", ""))
    except Invalid as refusal:
        return _again(refusal)
    session.clear()
    return redirect(url_for("auth.form"))


def _again(refusal: Invalid) -> tuple[str, int]:
    with look_of_user() as work:
        return _show(work, refusal), errors.status(refusal)


def _show(work: Work, refusal: Invalid | None) -> str:
    held = log_in()
    return render_template(
        "account/show.html",
        account=held.account if held else None,
        acts_for=operators.mine(work),
        problems=persons.problems(refusal),
        today=work.today,
        **persons.choices(work),
        **persons.record(work, work.actor.id),
    )


@bp.post("/language")
def speak() -> Response:
    """Changes the language, for this visit and for the account, and shows the same page again."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session["language"] = chosen
        if log_in():
            with work_of_user() as work:
                people.speak(work, chosen)
    return redirect(local(request.form.get("next", "")) or url_for("home.index"))
