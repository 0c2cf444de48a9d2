"""The reader's own page, and the language switch."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from engine import people
from engine.queries import operators
from web.addresses import local
from web.i18n import LANGUAGES
from web.work import log_in, look_of_user, work_of_user

bp = Blueprint("account", __name__)


@bp.get("/account")
def show() -> str:
    """Who the reader is here: name, roles, operators, language."""
    held = log_in()
    with look_of_user() as work:
        return render_template(
            "account/show.html", account=held.account if held else None, operators=operators.mine(work)
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
