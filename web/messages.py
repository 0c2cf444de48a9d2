"""Messages that nobody waited for: the administrator's list, and what can be done with each."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine import unmatched
from engine.domain.errors import Invalid
from engine.queries import unmatched as pages
from engine.work import Work
from web import errors
from web.addresses import number
from web.i18n import N_
from web.work import look_of_user, work_of_user

bp = Blueprint("messages", __name__)


@bp.get("/messages")
def index() -> str:
    """The messages that wait or have expired."""
    status = request.args.get("status", "")
    with look_of_user() as work:
        page = pages.listing(work, status, number(request.args.get("page")))
        return render_template("messages/index.html", page=page, status=status, today=work.today)


@bp.get("/messages/<message_id>")
def show(message_id: str) -> str:
    """One message, the cases it could go to, and the processes it could start."""
    with look_of_user() as work:
        return _render(work, message_id)


@bp.post("/messages/<message_id>/redirect")
def give(message_id: str) -> Response | tuple[str, int]:
    """Gives the message to the case that was chosen."""
    place = request.form.get("place", "")
    return _decide(message_id, lambda work, reason: unmatched.redirect(work, message_id, place, reason))


@bp.post("/messages/<message_id>/start")
def begin(message_id: str) -> Response | tuple[str, int]:
    """Starts a case of the process that was chosen."""
    process = request.form.get("process", "")
    return _decide(message_id, lambda work, reason: unmatched.release(work, message_id, process, reason))


@bp.post("/messages/<message_id>/discard")
def discard(message_id: str) -> Response | tuple[str, int]:
    """Discards the message."""
    return _decide(message_id, lambda work, reason: unmatched.discard(work, message_id, reason))


def _decide(message_id: str, act: Callable[[Work, str], object]) -> Response | tuple[str, int]:
    try:
        with work_of_user() as work:
            act(work, request.form.get("reason", ""))
    except Invalid as refusal:
        with look_of_user() as work:
            return _render(work, message_id, refusal), errors.status(refusal)
    flash(N_("It is done, and the history tells of it."))
    return redirect(url_for(".index"))


def _render(work: Work, message_id: str, refusal: Invalid | None = None) -> str:
    asked = request.endpoint if refusal else ""
    return render_template("messages/show.html", shown=pages.one(work, message_id), refusal=refusal, asked=asked)
