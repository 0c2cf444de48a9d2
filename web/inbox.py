"""The inbox: what to do next, by when."""

from flask import Blueprint, render_template, request

from engine.queries import expiring, inbox
from engine.queries.inbox import View
from web.addresses import number
from web.work import look_of_user

bp = Blueprint("inbox", __name__)


@bp.get("/inbox")
def index() -> str:
    """The open tasks of the reader and their roles, in the view that the address names."""
    chosen = request.args.get("view", "")
    view = next((view for view in View if view == chosen), View.ALL)
    with look_of_user() as work:
        found = inbox.read(work, view, number(request.args.get("page")))
        return render_template("inbox/index.html", inbox=found, expiring=expiring.of_office(work), today=work.today)
