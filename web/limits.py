"""How often one address may ask what is open to anybody: codes cannot be guessed, and nobody gets to try."""

import time
from collections import OrderedDict, deque
from threading import Lock
from typing import Final

from flask import current_app, request

from engine.domain.errors import NotAllowed

MOST: Final = 60  # questions
WITHIN: Final = 60.0  # seconds
KEPT: Final = 10_000  # addresses that are remembered at a time


class Limiter:
    """The latest questions of each address; of one process, and forgotten with it."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._asked: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def allows(self, who: str) -> bool:
        """Whether the address may ask now; if so, it has."""
        now = time.monotonic()
        with self._lock:
            asked = self._asked.setdefault(who, deque())
            self._asked.move_to_end(who)
            while asked and asked[0] <= now - WITHIN:
                asked.popleft()
            while len(self._asked) > KEPT:
                self._asked.popitem(last=False)
            if len(asked) >= self._most:
                return False
            asked.append(now)
            return True


def require_patience() -> None:
    """NotAllowed for an address that has asked too often within the last minute."""
    limiter = current_app.extensions["marchamo.limiter"]
    if not isinstance(limiter, Limiter):
        raise TypeError(limiter)
    if not limiter.allows(request.remote_addr or ""):
        raise NotAllowed("Too many checks from your address. Wait a minute and try again.")
