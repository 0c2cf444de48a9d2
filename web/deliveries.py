"""How a letter reached its addressee, what an officer does if it did not, and who may sign for the competent authority."""

from datetime import date
from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine import delegations, deliveries
from engine.domain.errors import Invalid, Problem
from engine.queries import deliveries as queries
from engine.queries import dossiers
from engine.work import Work
from web import errors
from web.i18n import N_
from web.work import look_of_user, work_of_user

bp = Blueprint("deliveries", __name__)
Page = str | tuple[str, int]
_MISSING: Final = {
    "programme": N_("Choose the programme."),
    "account_id": N_("Choose who signs."),
    "from_day": N_("Write the first day."),
    "to_day": N_("Write the last day."),
}


@bp.get("/letters/<letter_id>/delivery")
def show(letter_id: str) -> str:
    """One letter, by which ways it went and what became of each."""
    with look_of_user() as work:
        return _letter(work, letter_id)


@bp.post("/letters/<letter_id>/delivery/<delivery_id>/bounce")
def bounce(letter_id: str, delivery_id: str) -> Answer | Page:
    """Records that it came back."""
    try:
        with work_of_user() as work:
            dossiers.require_letter(work, letter_id)
            deliveries.bounce(work, letter_id, delivery_id, request.form.get("reason", ""))
    except Invalid as refusal:
        return _again(letter_id, refusal)
    flash(N_("It is recorded that the letter came back."))
    return redirect(url_for(".show", letter_id=letter_id))


@bp.post("/letters/<letter_id>/delivery/<delivery_id>/again")
def again(letter_id: str, delivery_id: str) -> Answer | Page:
    """Sends it once more."""
    try:
        with work_of_user() as work:
            dossiers.require_letter(work, letter_id)
            deliveries.again(work, letter_id, delivery_id, request.form.get("address", ""))
    except Invalid as refusal:
        return _again(letter_id, refusal)
    flash(N_("The letter is sent again."))
    return redirect(url_for(".show", letter_id=letter_id))


@bp.post("/letters/<letter_id>/delivery/paper")
def paper(letter_id: str) -> Answer | Page:
    """Records that it was handed over on paper."""
    try:
        with work_of_user() as work:
            dossiers.require_letter(work, letter_id)
            deliveries.confirm(work, letter_id, request.form.get("note", ""), _day("on"))
    except Invalid as refusal:
        return _again(letter_id, refusal)
    flash(N_("The delivery on paper is recorded."))
    return redirect(url_for(".show", letter_id=letter_id))


@bp.get("/delegations")
def delegated() -> str:
    """Who may sign for the competent authority, for which letters, from when to when, by which act."""
    with look_of_user() as work:
        return _delegations(work)


@bp.post("/delegations")
def delegate() -> Answer | Page:
    """Records a delegation, in the name of the competent authority."""
    given = {name: request.form.get(name, "").strip() for name in ("programme", "account_id", "templates", "act")}
    codes = [code.upper() for code in given["templates"].replace(",", " ").split()]
    try:
        with work_of_user() as work:
            days = _days()
            rules = queries.rules(work, given["programme"])
            delegations.grant(work, rules, given["account_id"], codes, given["act"], *days)
    except Invalid as refusal:
        with look_of_user() as work:
            return _delegations(work, refusal), errors.status(refusal)
    flash(N_("The delegation is recorded."))
    return redirect(url_for(".delegated"))


@bp.post("/delegations/<delegation_id>/end")
def take_back(delegation_id: str) -> Answer | Page:
    """Takes a delegation back."""
    try:
        with work_of_user() as work:
            rules = queries.rules(work, request.form.get("programme", ""))
            delegations.end(work, rules, delegation_id, request.form.get("reason", ""))
    except Invalid as refusal:
        with look_of_user() as work:
            return _delegations(work, refusal, delegation_id), errors.status(refusal)
    flash(N_("The delegation was taken back."))
    return redirect(url_for(".delegated"))


def _again(letter_id: str, refusal: Invalid) -> Page:
    with look_of_user() as work:
        return _letter(work, letter_id, refusal), errors.status(refusal)


def _letter(work: Work, letter_id: str, refusal: Invalid | None = None) -> str:
    dossiers.require_letter(work, letter_id)
    problems = refusal.problems if refusal else ()
    letter = queries.letter(work, letter_id)
    return render_template(
        "deliveries/show.html", letter=letter, problems=problems, typed=request.form, today=work.today
    )


def _delegations(work: Work, refusal: Invalid | None = None, ended: str = "") -> str:
    """The page, with what was wrong in the form of a new delegation or in that which ends the one of this id."""
    return render_template(
        "deliveries/delegations.html",
        rows=queries.empowered(work),
        officers=queries.officers(work),
        programmes=queries.programmes(work),
        problems=refusal.problems if refusal else (),
        ended=ended,
        typed=request.form,
        today=work.today,
    )


def _days() -> tuple[date, date]:
    """The first and the last day of what is delegated; Invalid with all that was left open of what must be said."""
    first, last = _day("from_day"), _day("to_day")
    wanted = {name: request.form.get(name, "").strip() for name in _MISSING} | {"from_day": first, "to_day": last}
    missing = [Problem(name, sentence) for name, sentence in _MISSING.items() if not wanted[name]]
    if missing or first is None or last is None:
        raise Invalid("Something is missing.", missing)
    return first, last


def _day(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise errors.not_a_day(name) from error
