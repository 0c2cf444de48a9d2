"""Ids that sort by time: UUID version 7 (RFC 9562), as text."""

import secrets
from datetime import datetime
from typing import Final

_VERSION: Final = 0x7 << 76
_VARIANT: Final = 0b10 << 62


def new_id(now: datetime) -> str:
    """A fresh id whose first 48 bits are `now` in milliseconds; the other bits are random."""
    milliseconds = int(now.timestamp() * 1000)
    noise = secrets.randbits(74)
    value = (milliseconds << 80) | _VERSION | ((noise >> 62) << 64) | _VARIANT | (noise & ((1 << 62) - 1))
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
