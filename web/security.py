"""What every answer says to the browser: run no script but ours, show us in no frame, guess no types, keep no copy."""

import secrets
from typing import Final

from flask import Flask, Response, request, session

from engine.domain.errors import NotAllowed
from web.settings import Settings
from web.work import log_in

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
CHANGING: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
YEAR: Final = 365 * 24 * 3600


def protect(app: Flask, settings: Settings) -> None:
    """Puts the headers on every answer; over HTTPS, tells browsers to stay there."""

    @app.after_request
    def _headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.secure:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR}; includeSubDomains")
        if request.endpoint == "static" and request.path.startswith("/static/dist/"):
            response.headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        elif request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def form_token() -> str:
    """What every form carries so that no other site can send it: one per log-in, or per visit before log-in."""
    held = log_in()
    if held:
        return held.csrf
    if "csrf" not in session:
        session["csrf"] = secrets.token_urlsafe(32)
    return str(session["csrf"])


def check_form_token() -> None:
    """Refuses a changing request that does not carry the token of its log-in."""
    if request.method not in CHANGING:
        return
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf_token", "")
    if not secrets.compare_digest(given.encode(), form_token().encode()):
        raise NotAllowed("This form has expired. Open the page again and send it once more.")
