"""Who works in the office: accounts, roles, units, absences and conflicts of others; an administrator's pages."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import absences, conflicts, mandates, people, staff, units
from engine.domain.errors import Invalid
from engine.queries import studio
from engine.work import Work
from web import errors, persons
from web.i18n import N_
from web.work import look_of_user, work_of_user

bp = Blueprint("admin", __name__)


@bp.get("/admin")
def index() -> str:
    """Everybody with their roles, the units, and the rules that the people there are cannot meet."""
    with look_of_user() as work:
        return render_template(
            "admin/index.html",
            accounts=staff.everybody(work),
            units=units.all_of(work),
            unmet=studio.understaffed(work),
        )


@bp.get("/admin/new")
def new() -> str:
    """The form for an account."""
    with look_of_user() as work:
        return _new(work, {"username": "", "name": "", "language": "es"}, frozenset(), None)


@bp.post("/admin/new")
def create() -> Response | tuple[str, int]:
    """Opens an account; what was typed stays where something is wrong, but for the password."""
    typed = {name: request.form.get(name, "") for name in ("username", "name", "language")}
    wanted = persons.position()
    try:
        with work_of_user() as work:
            account = staff.open_account(work, typed["username"].strip(), typed["name"], _password(), wanted)
            account.language = typed["language"] if typed["language"] in people.LANGUAGES else "es"
    except Invalid as refusal:
        with look_of_user() as work:
            return _new(work, typed, wanted.roles, refusal), errors.status(refusal)
    flash(N_("The account is open."))
    return redirect(url_for(".show", account_id=account.id))


@bp.get("/admin/people/<account_id>")
def show(account_id: str) -> str:
    """One account: what it may do, when it is away, its conflicts of interest."""
    with look_of_user() as work:
        return _show(work, account_id, None, "")


@bp.post("/admin/people/<account_id>")
def change(account_id: str) -> Response | tuple[str, int]:
    """Gives the account another position; what nobody could do then is told at once."""
    reason = request.form.get("reason", "")
    try:
        with work_of_user() as work:
            staff.change(work, account_id, persons.position(), reason)
            unmet = studio.understaffed(work)
    except Invalid as refusal:
        with look_of_user() as work:
            return _show(work, account_id, refusal, reason), errors.status(refusal)
    flash(N_("The account was changed."))
    if unmet:
        flash(N_("With these people some rules cannot be met any more: see the list."))
        return redirect(url_for(".index"))
    return redirect(url_for(".show", account_id=account_id))


@bp.post("/admin/people/<account_id>/password")
def set_password(account_id: str) -> Response | tuple[str, int]:
    """Gives the account another password."""
    try:
        with work_of_user() as work:
            staff.set_password(work, account_id, _password())
    except Invalid as refusal:
        with look_of_user() as work:
            return _show(work, account_id, refusal, ""), errors.status(refusal)
    flash(N_("The password was changed, and whoever was logged in with the old one is out."))
    return redirect(url_for(".show", account_id=account_id))


@bp.post("/admin/people/<account_id>/absence")
def absence(account_id: str) -> Response | tuple[str, int]:
    """Says that somebody is away."""
    try:
        with work_of_user() as work:
            absences.record(work, account_id, persons.away())
    except Invalid as refusal:
        with look_of_user() as work:
            return _show(work, account_id, refusal, ""), errors.status(refusal)
    flash(N_("The absence is on the record."))
    return redirect(url_for(".show", account_id=account_id))


@bp.post("/admin/people/<account_id>/mandates/<operator_id>")
def mandate(account_id: str, operator_id: str) -> Response | tuple[str, int]:
    """Says from which day to which somebody acts for an operator, and by which act."""
    try:
        with work_of_user() as work:
            mandates.change(work, account_id, operator_id, persons.mandate(), request.form.get("mandate_reason", ""))
    except Invalid as refusal:
        with look_of_user() as work:
            return _show(work, account_id, refusal, ""), errors.status(refusal)
    flash(N_("The mandate was changed."))
    return redirect(url_for(".show", account_id=account_id))


@bp.post("/admin/people/<account_id>/conflict")
def conflict(account_id: str) -> Response | tuple[str, int]:
    """Says that somebody has a conflict of interest."""
    try:
        with work_of_user() as work:
            conflicts.declare(work, account_id, persons.operator(work), request.form.get("conflict_reason", ""))
    except Invalid as refusal:
        with look_of_user() as work:
            return _show(work, account_id, refusal, ""), errors.status(refusal)
    flash(N_("The conflict of interest is on the record."))
    return redirect(url_for(".show", account_id=account_id))


@bp.post("/admin/conflicts/<conflict_id>/end")
def end_conflict(conflict_id: str) -> Response:
    """Says that a conflict of interest is over."""
    with work_of_user() as work:
        conflicts.end(work, conflict_id, request.form.get("end_reason", ""))
    flash(N_("The conflict of interest is over."))
    return redirect(url_for(".index"))


@bp.post("/admin/units")
def make_unit() -> Response:
    """Makes a unit."""
    said = {name: request.form.get(name, "").strip() for name in ("key", "name", "name_en", "parent")}
    with work_of_user() as work:
        units.make(work, said["key"], said["name"], said["name_en"], said["parent"] or None)
    flash(N_("The unit is made."))
    return redirect(url_for(".index"))


def _password() -> str:
    return request.form.get("password", "")


def _new(work: Work, typed: Mapping[str, str], roles: frozenset[str], refusal: Invalid | None) -> str:
    return render_template(
        "admin/new.html", typed=typed, chosen=roles, problems=persons.problems(refusal), **persons.choices(work)
    )


def _show(work: Work, account_id: str, refusal: Invalid | None, reason: str) -> str:
    account = staff.get(work, account_id)
    wanted = persons.position() if refusal and request.form.get("reason") is not None else staff.position(account)
    return render_template(
        "admin/show.html",
        account=account,
        wanted=wanted,
        reason=reason,
        problems=persons.problems(refusal),
        mine=account_id == work.actor.id,
        today=work.today,
        **persons.choices(work),
        **persons.record(work, account_id),
    )
