"""How the four refusals and the usual mishaps become pages: the one place that knows HTTP's numbers."""

import logging
import secrets
from collections.abc import Sequence
from typing import Final

from flask import Flask, Response, jsonify, render_template, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from engine import history
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Problem, Refusal
from engine.domain.events import ActRefused
from engine.work import begin
from web import words
from web.i18n import N_, gettext
from web.work import actor, database, log_in

log = logging.getLogger(__name__)

STATUS: Final[dict[type[Refusal], int]] = {NotFound: 404, NotAllowed: 403, Conflict: 409, Invalid: 422}
TITLES: Final = {
    403: N_("This is not allowed"),
    404: N_("This page does not exist"),
    405: N_("This page does not take that"),
    409: N_("Somebody was first"),
    413: N_("That is too large"),
    422: N_("Something is missing or wrong"),
    500: N_("Something went wrong on our side"),
}
ADVICE: Final = {
    403: N_("If you need it for your work, ask the administrator for the role, or the person named above."),
    404: N_(
        "Check the address, or look the case up by its number. It may also belong to an operator you do not act for."
    ),
    405: N_("Go back and use the buttons of the page."),
    409: N_("Open the page again: it shows how things stand now. Nothing that you sent was saved."),
    413: N_("Make the file smaller, or send the files one by one."),
    422: N_("Go back, correct what is listed here, and send it again."),
    500: N_("Nothing was saved. Try again; if it happens once more, tell the administrator its number."),
}
OURS: Final = 500
NOT_FOUND: Final = 404
TYPED_LIMIT: Final = 40  # fields of a form that an error page shows again


def answer_errors(app: Flask) -> None:
    """Puts a page behind every refusal and mishap."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _mishap)
    app.register_error_handler(Exception, _bug)


def status(refusal: Refusal) -> int:
    """The HTTP status of a refusal."""
    return next(number for kind, number in STATUS.items() if isinstance(refusal, kind))


def not_a_day(where: str) -> Invalid:
    """The refusal of a text that is no day, where one is asked for."""
    return Invalid("There is something to correct.", [Problem(where, "Write a day, such as 2027-01-31.")])


def _refused(refusal: Refusal) -> tuple[str | Response, int]:
    number = status(refusal)
    if isinstance(refusal, NotAllowed) and log_in():
        _remember(refusal)
    if request.accept_mimetypes.best == "application/json":
        return jsonify(message=words.explain(refusal.message, refusal.params)), number
    problems = refusal.problems if isinstance(refusal, Invalid) else ()
    return _page(number, words.explain(refusal.message, refusal.params), problems), number


def _mishap(error: HTTPException) -> tuple[str, int]:
    number = error.code or 500
    typed = not isinstance(error, RequestEntityTooLarge)
    return _page(number, "", (), typed=typed), number


def _bug(error: Exception) -> tuple[str, int]:
    reference = secrets.token_hex(4)
    log.error("%s: %s %s", reference, request.method, request.path, exc_info=error)
    return _page(500, gettext("The number of this error is %(reference)s.", reference=reference), ()), 500


def _remember(refusal: NotAllowed) -> None:
    """A refused attempt is a fact too; its own transaction, since that of the attempt was rolled back."""
    with begin(database(), actor()) as work:
        history.record(work, ActRefused(request.endpoint or "", request.path[:255], str(refusal)), stream="refused")


def _page(number: int, sentence: str, problems: Sequence[Problem], *, typed: bool = True) -> str:
    known = number if number in TITLES else OURS if number >= OURS else NOT_FOUND
    return render_template(
        "errors/refusal.html",
        title=gettext(TITLES[known]),
        sentence=sentence,
        advice=gettext(ADVICE[known]),
        problems=[(problem.where, words.explain(problem.message, problem.params)) for problem in problems],
        typed=_typed() if typed else [],
    )


def _typed() -> list[tuple[str, str]]:
    """What the reader had typed, so that nothing of it is lost: shown to be copied."""
    if request.method != "POST":
        return []
    fields = [(name, value) for name, value in request.form.items() if value and not _hidden(name)]
    return fields[:TYPED_LIMIT]


def _hidden(name: str) -> bool:
    return name.startswith("_") or name in {"csrf_token", "password", "next"}
