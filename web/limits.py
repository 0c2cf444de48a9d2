"""How often one address may ask what is open to anybody: codes cannot be guessed, and nobody gets to try."""

import hashlib
import hmac
from typing import Final

from flask import current_app, request

from engine import patience
from engine.domain.errors import NotAllowed
from web.work import work_of_user

MOST: Final = 60  # questions within a minute


def require_patience() -> None:
    """NotAllowed for an address that has asked too often within the last minute, whichever process of the server it asked."""
    with work_of_user() as work:
        allowed = patience.allows(work, _who(), MOST)
    if not allowed:
        raise NotAllowed("Too many checks from your address. Wait a minute and try again.")


def _who() -> str:
    """The address as only we could name it: all processes have the same secret."""
    secret = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(secret, (request.remote_addr or "").encode(), hashlib.sha256).hexdigest()
