"""Calendars: which there are, a year of one, changes that one person asks for and another approves, and recounts."""

from datetime import date

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import calendars, recounts
from engine.calendars import Scope, Wish
from engine.domain.errors import Invalid, NotFound
from engine.queries import calendars as queries
from engine.work import Work
from web import errors
from web.i18n import N_
from web.work import look_of_user, work_of_user

bp = Blueprint("calendars", __name__, url_prefix="/calendars")

FIELDS = ("day", "kind", "name_es", "name_en", "closes_at", "effective_from", "reason")
Page = str | tuple[str, int]


@bp.get("/")
def index() -> str:
    """The calendars that the published programmes go by."""
    with look_of_user() as work:
        return render_template("calendars/index.html", lines=queries.listing(work), package=queries.PACKAGE)


@bp.get("/<kind>/<key>")
def show(kind: str, key: str) -> str:
    """A year of a calendar: its free days, where each comes from, what waits for approval, what was changed."""
    with look_of_user() as work:
        return _page(work, kind, key, {})


@bp.post("/<kind>/<key>")
def ask(kind: str, key: str) -> Response | Page:
    """Asks for a change of one day, or shows what is wrong with what was typed."""
    typed = {name: request.form.get(name, "") for name in FIELDS}
    try:
        with work_of_user() as work:
            row = calendars.ask(work, _scope(kind, key), _wish(typed))
            year = row.day.year
    except Invalid as refusal:
        with look_of_user() as work:
            return _page(work, kind, key, typed, refusal), errors.status(refusal)
    flash(N_("Asked. Another person approves the change on this page."))
    return redirect(url_for(".show", kind=kind, key=key, year=year))


@bp.post("/<kind>/<key>/<change_id>/approve")
def approve(kind: str, key: str, change_id: str) -> Response:
    """Lets a change count."""
    with work_of_user() as work:
        calendars.approve(work, change_id)
    flash(N_("Approved: it counts for what is computed from its date of effect."))
    return redirect(url_for(".show", kind=kind, key=key))


@bp.post("/<kind>/<key>/<change_id>/refuse")
def refuse(kind: str, key: str, change_id: str) -> Response:
    """Refuses a change, with a reason."""
    with work_of_user() as work:
        calendars.refuse(work, change_id, request.form.get("reason", ""))
    flash(N_("Refused. The calendar stays as it was."))
    return redirect(url_for(".show", kind=kind, key=key))


@bp.get("/office/<key>/recount")
def recount(key: str) -> str:
    """The dry run: which running periods of an office would end on another day by the calendar in force."""
    with look_of_user() as work:
        return _dry_run(work, key)


@bp.post("/office/<key>/recount")
def order(key: str) -> Response | Page:
    """Has the running periods counted anew, with a reason."""
    try:
        with work_of_user() as work:
            recounts.order(work, key, request.form.get("reason", ""))
    except Invalid as refusal:
        with look_of_user() as work:
            return _dry_run(work, key, refusal), errors.status(refusal)
    flash(N_("Ordered. The cases are counted anew one after the other; the history of each says so."))
    return redirect(url_for(".show", kind="office", key=key))


def _scope(kind: str, key: str) -> Scope:
    if kind not in ("place", "office"):
        raise NotFound("There is no such calendar.")
    return Scope(office=key) if kind == "office" else Scope(place=key)


def _wish(typed: dict[str, str]) -> Wish:
    """What was typed; a date that is none is the first day there is, which the rules refuse at its field."""
    return Wish(
        day=_day(typed["day"]),
        kind=typed["kind"],
        name_es=typed["name_es"],
        name_en=typed["name_en"],
        reason=typed["reason"],
        effective_from=_day(typed["effective_from"]),
        closes_at=typed["closes_at"] or None,
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return date.min


def _page(work: Work, kind: str, key: str, typed: dict[str, str], refusal: Invalid | None = None) -> str:
    asked = request.args.get("year", "")
    number = int(asked) if asked.isdecimal() and len(asked) == len("2026") else work.today.year
    usual = dict.fromkeys(FIELDS, "") | {"kind": "closed", "effective_from": work.today.isoformat()}
    return render_template(
        "calendars/show.html",
        kind=kind,
        key=key,
        page=queries.year(work, _scope(kind, key), number),
        package=queries.PACKAGE,
        typed=usual | typed,
        problems={problem.where: problem for problem in refusal.problems} if refusal else {},
        may_change=queries.may_change(work),
        me=work.actor.id,
    )


def _dry_run(work: Work, key: str, refusal: Invalid | None = None) -> str:
    found = queries.dry_run(work, key)
    error = refusal.problems[0].message if refusal else None
    return render_template(
        "calendars/recount.html", key=key, found=found, error=error, may_change=queries.may_change(work)
    )
