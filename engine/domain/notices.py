"""What a programme says of its letters: how they travel, who signs which, and what of a certificate the public is told."""

from dataclasses import dataclass
from typing import Final

from engine.domain.tables import Reader

PORTAL: Final = "portal"
MAIL: Final = "mail"
PAPER: Final = "paper"
CHANNELS: Final = (PORTAL, MAIL)
ACTS: Final = frozenset(
    {"D15", "D16", "D17", "D21", "D23", "D25", "D32", "D33"}
)  # domain page §2.3: competent authority
AUTOMATIC: Final = frozenset({"D16", "D23", "D30"})  # what the law does by itself when a period ends; nobody signs
PUBLIC: Final = frozenset(
    {"B0", "B1", "B4", "B5", "B7", "B8", "B9", "B11", "B12", "B13"}
)  # what is only meant is nobody's
STATES: Final = frozenset(f"B{number}" for number in range(14))
FIELDS: Final = ("holder", "types", "validity")
_KEYS: Final = ("channels", "authority", "acts", "delegable", "public", "public_fields", "assumption", "note")


@dataclass(frozen=True, slots=True)
class Notices:
    """`language` is that of the authentic text; `authority` the role that signs the `acts`, or lets somebody sign them.

    `public` are the states of an authorisation that are named to anybody, `fields` what else is told of it; both only
    with the holder's consent to publication. `benefits` are what acts list as given or stopped, in Spanish and English.
    """

    language: str = "es"
    channels: tuple[str, ...] = (PORTAL,)
    authority: str = "director"
    acts: frozenset[str] = ACTS
    delegable: bool = True
    public: frozenset[str] = PUBLIC
    fields: tuple[str, ...] = FIELDS
    benefits: tuple[tuple[str, str], ...] = ()


def read(reader: Reader) -> Notices:
    """The table `[notices]` of a programme, and its language; what is not said is as in `Notices`."""
    head = reader.table("programme")
    language = reader.choice(head, "programme", "language", ("es", "en"), "es")
    benefits = _benefits(reader)
    if "notices" not in reader.root:
        return Notices(language=language, benefits=benefits)
    table = reader.table("notices")
    reader.only(table, "notices", _KEYS)
    authority = table.get("authority", "director")
    return Notices(
        language=language,
        channels=_words(reader, "channels", (PORTAL,), CHANNELS),
        authority=authority if isinstance(authority, str) else reader.wrong("notices.authority", "Write a text.", ""),
        acts=frozenset(_words(reader, "acts", tuple(ACTS), ())),
        delegable=reader.flag({"delegable": True, **table}, "notices", "delegable"),
        public=frozenset(_words(reader, "public", tuple(PUBLIC), STATES)),
        fields=_words(reader, "public_fields", FIELDS, FIELDS),
        benefits=benefits,
    )


def _benefits(reader: Reader) -> tuple[tuple[str, str], ...]:
    rows = reader.root.get("benefits")
    tables = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return tuple((str(row.get("es", "")), str(row.get("en", ""))) for row in tables)


def _words(
    reader: Reader, key: str, instead: tuple[str, ...], known: frozenset[str] | tuple[str, ...]
) -> tuple[str, ...]:
    """A list of words, each of `known` if any are."""
    value = reader.table("notices").get(key, list(instead))
    if isinstance(value, list) and all(isinstance(one, str) and (not known or one in known) for one in value):
        return tuple(value)
    return reader.wrong(f"notices.{key}", "Write a list of: %(choices)s.", instead, choices=", ".join(sorted(known)))
