"""Log-in and log-out, and the door that every request passes: who is it, may they, did they mean it."""

from flask import Blueprint, Flask, g, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from engine import people
from engine.domain.errors import NotAllowed
from engine.work import NOBODY, begin, look
from web import i18n
from web.access import ACCESS, PUBLIC, may_open
from web.addresses import local
from web.i18n import gettext
from web.security import check_form_token
from web.work import actor, database, log_in, work_of_user

bp = Blueprint("auth", __name__)
COOKIE = "marchamo"


def guard(app: Flask) -> None:
    """Puts the door before every page."""

    @app.before_request
    def _admit() -> Response | None:
        if request.endpoint == "static":
            return None
        g.log_in = _recognise()
        held = log_in()
        g.language = held.account.language if held else str(session.get("language", i18n.DEFAULT))
        if request.endpoint is None:
            return None  # no page of ours: the answer is a 404 in the reader's language
        if ACCESS.get(request.endpoint) != PUBLIC and held is None:
            return redirect(url_for("auth.form", next=_here()))
        if not may_open(request.endpoint, actor().roles):
            raise NotAllowed("This page is not for your role.")
        check_form_token()
        return None


@bp.get("/login")
def form() -> Response | str:
    """The page on which somebody says who they are."""
    if log_in():
        return redirect(url_for("home.index"))
    return render_template("auth/login.html", username="", next=local(request.args.get("next", "")), error="")


@bp.post("/login")
def enter() -> Response | tuple[str, int]:
    """Logs in, or shows the page again with what was wrong; the name stays, the password does not."""
    username, goal = request.form.get("username", "").strip(), local(request.form.get("next", ""))
    try:
        with begin(database(), NOBODY) as work:
            login = people.log_in(work, username, request.form.get("password", ""))
    except NotAllowed as refusal:
        return _again(username, goal, gettext(refusal.message, **refusal.params))
    if login is None:
        return _again(username, goal, gettext("The user name or the password is not right."))
    session.clear()
    answer = redirect(goal or url_for("home.index"))
    answer.set_cookie(
        COOKIE,
        login.token,
        max_age=people.SESSION_LASTS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )
    return answer


@bp.post("/logout")
def leave() -> Response:
    """Ends the session here and in the database."""
    with work_of_user() as work:
        people.log_out(work, request.cookies.get(COOKIE, ""))
    session.clear()
    answer = redirect(url_for("auth.form"))
    answer.delete_cookie(COOKIE)
    return answer


def _recognise() -> people.LogIn | None:
    token = request.cookies.get(COOKIE)
    if not token:
        return None
    with look(database(), NOBODY) as work:
        return people.by_session(work, token)


def _again(username: str, goal: str, error: str) -> tuple[str, int]:
    return render_template("auth/login.html", username=username, next=goal, error=error), 422


def _here() -> str:
    return request.full_path.rstrip("?") if request.method == "GET" else ""
