"""What anybody may ask without an account: whether a letter or a certificate is ours, and how it stands today."""

from flask import Blueprint, render_template

from engine.queries import public as queries
from web.work import look_of_user

bp = Blueprint("public", __name__)


@bp.get("/check/<number>")
def check(number: str) -> str:
    """Answers from the live record, never from the paper; no names, no reasons."""
    with look_of_user() as work:
        return render_template("public/check.html", number=number, found=queries.check(work, number))
