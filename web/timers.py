"""Waiting timers: the administrator's list, and the page on which one is moved with a reason."""

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import timers
from engine.domain.errors import Invalid, Problem
from engine.queries import timers as pages
from engine.work import Work
from web import errors
from web.access import may_open
from web.addresses import number
from web.i18n import N_
from web.work import look_of_user, work_of_user

bp = Blueprint("timers", __name__)


@bp.get("/timers")
def index() -> str:
    """All timers that wait, the next first."""
    text = request.args.get("q", "").strip()
    with look_of_user() as work:
        page = pages.listing(work, text, number(request.args.get("page")))
        starts = pages.starts(work)
        return render_template("timers/index.html", page=page, starts=starts, text=text, today=work.today)


@bp.get("/timers/<path:wait_id>")
def form(wait_id: str) -> str:
    """The page on which a timer is moved."""
    with look_of_user() as work:
        timer = pages.one(work, wait_id)
        due = timer.due_at.astimezone(work.zone)
        return _render(work, wait_id, {"day": due.strftime("%Y-%m-%d"), "hour": due.strftime("%H:%M"), "reason": ""})


@bp.post("/timers/<path:wait_id>")
def postpone(wait_id: str) -> Response | tuple[str, int]:
    """Moves the timer, or shows what is wrong with what was typed."""
    typed = {name: request.form.get(name, "") for name in ("day", "hour", "reason")}
    try:
        with work_of_user() as work:
            case = pages.one(work, wait_id).case
            timers.postpone(work, wait_id, _moment(work, typed), typed["reason"])
            roles = work.actor.roles
    except Invalid as refusal:
        with look_of_user() as work:
            return _render(work, wait_id, typed, refusal), errors.status(refusal)
    flash(N_("The timer was moved, and the history tells why."))
    if may_open("cases.show", roles):
        return redirect(url_for("cases.show", number=case))
    return redirect(url_for(".index"))


def _moment(work: Work, typed: dict[str, str]) -> datetime:
    """The day and hour that were typed, on the office's clock."""
    try:
        local = datetime.fromisoformat(f"{typed['day'].strip()}T{typed['hour'].strip() or '00:00'}")
    except ValueError as error:
        problem = Problem("due_at", "Write the day and the time of day, such as 2027-01-31 and 09:00.")
        raise Invalid("The timer was not moved.", [problem]) from error
    return local.replace(tzinfo=work.zone)


def _render(work: Work, wait_id: str, typed: dict[str, str], refusal: Invalid | None = None) -> str:
    problems = {problem.where: problem for problem in refusal.problems} if refusal else {}
    return render_template("timers/form.html", timer=pages.one(work, wait_id), typed=typed, problems=problems)
