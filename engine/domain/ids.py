"""Ids that sort by time: UUID version 7 (RFC 9562), as text."""

import secrets
from datetime import datetime
from typing import Final

_VERSION: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62
_LAST: Final = 4095


def new_id(now: datetime, number: int | None = None) -> str:
    """A fresh id whose first 48 bits are `now` in milliseconds; the other bits are random.

    Ids of the same millisecond sort by their `number` if they are given one (RFC 9562, 6.2, method 1; up to 4095).
    """
    milliseconds = int(now.timestamp() * 1000)
    after_time = secrets.randbits(12) if number is None else min(number, _LAST)
    value = (milliseconds << 80) | _VERSION | (after_time << 64) | _VARIANT | secrets.randbits(62)
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
