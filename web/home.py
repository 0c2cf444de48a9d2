"""Where everybody begins, and the search in the header."""

from flask import Blueprint, redirect, render_template, request, send_from_directory, url_for
from werkzeug.wrappers import Response

from engine.queries import cases
from web.pages import first_page
from web.work import look_of_user

bp = Blueprint("home", __name__)


@bp.get("/")
def index() -> Response:
    """Sends everybody to the first page of their navigation."""
    return redirect(url_for(first_page()))


@bp.get("/search")
def search() -> Response | str:
    """Cases and operators by number, name or tax number; a single exact case number opens the case."""
    text = request.args.get("q", "").strip()
    with look_of_user() as work:
        found = cases.search(work, text)
        if found.exact:
            return redirect(url_for("cases.show", number=found.exact))
        return render_template("home/search.html", text=text, found=found, today=work.today)


@bp.get("/favicon.ico")
def icon() -> Response:
    """Browsers ask for it here, whatever the pages say."""
    return send_from_directory("static", "favicon.svg", mimetype="image/svg+xml")
