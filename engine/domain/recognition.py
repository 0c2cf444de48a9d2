"""What a partner of mutual recognition is told of a state, and by which class of reason (domain page §2.2 and §11.5)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

FIELDS: Final = ("tin", "name", "type", "status", "valid_from", "valid_to", "last_change", "consent", "reason_class")
STATUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        **dict.fromkeys(("B1", "B2", "B3", "B5", "B6", "B10"), "active"),
        "B4": "suspended",
        **dict.fromkeys(("B7", "B8"), "revoked"),
        **dict.fromkeys(("B9", "B13"), "ended"),
        "B11": "expired",
        "B12": "new version",
    }
)
_CLASSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "B4": "suspension",
        "B5": "suspension",
        "B7": "adverse act",
        "B8": "adverse act",
        "B9": "own request",
        "B11": "end of term",
        "B12": "new version",
        "B13": "succession",
    }
)


def status_of(state: str, own: Mapping[str, str]) -> str | None:
    """The partner's word for a state, by its own map or else the common one; None for what no partner is told (B0)."""
    return own.get(state, STATUSES.get(state))


def reason_class(state: str) -> str:
    """Why a status is what it is, as far as a partner may know: a class, never the reason itself; empty where in force."""
    return _CLASSES.get(state, "")
