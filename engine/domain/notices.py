"""What a programme says of its letters: how they travel, who signs which, and what of a certificate the public is told."""

from dataclasses import dataclass
from typing import Final

from engine.domain.programme_clocks import MARKS
from engine.domain.tables import Reader

PORTAL: Final = "portal"
MAIL: Final = "mail"
PAPER: Final = "paper"
CHANNELS: Final = (PORTAL, MAIL)
DIRECTOR: Final = "director"
ACTS: Final = frozenset(
    {"D15", "D16", "D17", "D21", "D23", "D25", "D32", "D33"}
)  # domain page §2.3: competent authority
AUTOMATIC: Final = frozenset({"D16", "D23", "D30"})  # what the law does by itself when a period ends; nobody signs
OPERATOR, AUTHORITY, INTERNAL = "operator", "authority", "internal"  # whom a letter is for
WHOM: Final = (OPERATOR, AUTHORITY, INTERNAL)
AUDIENCES: Final = {
    "D07": AUTHORITY,
    "D08": INTERNAL,
    "D13": INTERNAL,
}  # domain page §9; every other is for the operator
STATES: Final = frozenset(f"B{number}" for number in range(14))
PUBLIC: Final = STATES - {"B2", "B3", "B6", "B10"}  # what is only meant, or looked into, is nobody's
FIELDS: Final = ("holder", "types", "validity")
_KEYS: Final = ("channels", "authority", "acts", "public", "public_fields", *MARKS)


@dataclass(frozen=True, slots=True)
class Notices:
    """`authority` is the role that signs the `acts`, or lets somebody sign them where its signature is delegable.

    `public` are the states of an authorisation that are named to anybody, `fields` what else is told of it; both only
    with the holder's consent to publication.
    """

    channels: tuple[str, ...] = (PORTAL,)
    authority: str = DIRECTOR
    acts: frozenset[str] = ACTS
    public: frozenset[str] = PUBLIC
    fields: tuple[str, ...] = FIELDS


def read(new: Reader) -> Notices:
    """The table `[notices]` of a programme; what is not said is as in `Notices`."""
    if "notices" not in new.root:
        return Notices()
    table = new.table("notices")
    new.only(table, "notices", _KEYS)
    authority = table.get("authority", DIRECTOR)
    return Notices(
        channels=_words(new, "channels", (PORTAL,), CHANNELS),
        authority=authority if isinstance(authority, str) else new.wrong("notices.authority", "Write a text.", ""),
        acts=frozenset(_words(new, "acts", tuple(ACTS), ())),
        public=frozenset(_words(new, "public", tuple(PUBLIC), STATES)),
        fields=_words(new, "public_fields", FIELDS, FIELDS),
    )


def audience(code: str, said: str = "") -> str:
    """Whom a letter of this number is for: as the programme says, else as the law of the programme's letters has it."""
    return said or AUDIENCES.get(code, OPERATOR)


def _words(new: Reader, key: str, instead: tuple[str, ...], known: frozenset[str] | tuple[str, ...]) -> tuple[str, ...]:
    """A list of words, each of `known` if any are."""
    value = new.table("notices").get(key, list(instead))
    if isinstance(value, list) and all(isinstance(one, str) and (not known or one in known) for one in value):
        return tuple(value)
    return new.wrong(f"notices.{key}", "Write a list of: %(choices)s.", instead, choices=", ".join(sorted(known)))
