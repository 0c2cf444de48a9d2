"""What anybody may ask without an account: whether a letter or a certificate is ours, and how it stands today."""

import json

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.domain.errors import NotFound
from engine.queries import public as queries
from web.limits import require_patience
from web.work import look_of_user

bp = Blueprint("public", __name__, url_prefix="/check")


@bp.get("/")
def form() -> str | Answer:
    """Asks for the number and the code that are printed on the document."""
    number, code = (request.args.get(name, "").strip() for name in ("number", "code"))
    if number and code:
        return redirect(url_for(".letter", number=number, code=code))
    if number:
        return redirect(url_for(".check", number=number))
    return render_template("public/form.html", number="", code="")


@bp.get("/<number>")
def check(number: str) -> str:
    """A certificate by its number, where its holder agreed to that; of anything else not even that it exists."""
    require_patience()
    with look_of_user() as work:
        return render_template(
            "public/check.html", number=number, found=None, standing=queries.certificate(work, number)
        )


@bp.get("/<number>/<code>")
def letter(number: str, code: str) -> str:
    """A letter or certificate by number and code: genuine or not, and the status of today; no content."""
    require_patience()
    with look_of_user() as work:
        found = queries.letter(work, number, code)
        standing = found.certificate if found else None
        return render_template("public/check.html", number=number, code=code, found=found, standing=standing)


@bp.get("/<number>/<code>/certificate.json")
def document(number: str, code: str) -> Response:
    """The signed facts of a certificate, to be checked without us."""
    require_patience()
    with look_of_user() as work:
        text = queries.document(work, number, code)
    if text is None:
        raise NotFound("There is no signed certificate of that number and code.")
    answer = Response(text, mimetype="application/json")
    answer.headers["Content-Disposition"] = "attachment; filename=certificate.json"
    return answer


@bp.get("/keys.json")
def keys() -> Response:
    """The public keys (Ed25519, base64) with which certificates were signed, by their ids."""
    with look_of_user() as work:
        return Response(json.dumps(queries.keys(work), indent=2, sort_keys=True), mimetype="application/json")
