"""The head of a programme: names with history, office, signatories, number series, what acts take effect when; from its file."""

from collections.abc import Mapping
from datetime import date, time
from typing import Final

from engine.domain.clocks import Period
from engine.domain.programme_clocks import MARKS, period, words
from engine.domain.programme_offer import LETTERS
from engine.domain.programme_parts import Words
from engine.domain.tables import Reader, Table

OPENS: Final = time(8)  # where a programme does not say
CLOSES: Final = time(16)
ACTS: Final = ("suspended", "revoked", "annulled", "restricted")
_OFFICE: Final = ("name_es", "name_en", "unit_es", "unit_en", "city")
_TOP: Final = (
    *("title_es", "title_en", "programme", "office", "signatories", "types", "kinds", "legal_basis", "numbers"),
    *("day_count", "clocks", "validity", "effect", "bars", "appeal", "benefits", "criteria", "hard_fails", "renewal"),
    *("suspension", "grounds", "dependent_decisions", "dependencies", "duties", "committee", "letters", "consents"),
    *("changes", "reminders", "retention", "mutual_recognition", "consultation", "entry", "monitoring", "states"),
    *("decisions", "notices", "effects", "succession"),
)
_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "programme": ("id", "country", "zone", "language", "names"),
    "office": (*_OFFICE, "code", "address", "portal", "email", "phone", "paper", "tax_id_name"),
    "legal_basis": ("es", "en"),
    "numbers": ("application", "certificate", "letter", *(f"letter_{number}" for number in LETTERS)),
    "day_count": (
        *("first_day_counts", "last_day_on_holiday", "deemed_receipt_days", "cut_off", "holidays", "closed"),
        *("opens", "closes", "deemed_receipt_unit", "receipt", "legal_basis_es", "legal_basis_en"),
    ),
    "validity": ("term", "unit", "legal_basis_es", "legal_basis_en", "types"),
    "effect": ("days_after_grant", "days_after_adverse", "unit", "legal_basis_es", "legal_basis_en"),
    "retention": ("base", "unit", "legal_basis_es", "legal_basis_en"),
    "dependencies": ("reaches_back",),
}


def only_known(new: Reader) -> None:
    """Says of every key that nobody reads that it is not known, table by table; the other modules do so for theirs."""
    for key in new.root:
        if key not in _TOP:
            new.wrong(key, "This key is not known here.", None)
    for place, keys in _KEYS.items():
        if place in new.root:
            new.only(new.table(place), place, (*keys, *MARKS))
    for place, row in new.rows("programme.names"):
        new.only(row, place, ("from", "es", "en", *MARKS))
    for role in new.inner("signatories"):
        keys = ("post_es", "post_en", "delegable", *MARKS)
        new.only(new.table(f"signatories.{role}"), f"signatories.{role}", keys)


def names(reader: Reader, head: Table) -> tuple[tuple[date, Words], ...]:
    """What the programme was called, each name with its first day, the oldest first."""
    rows = head.get("names")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        message = "Write at least one name with its first day."
        return reader.wrong("programme.names", message, ((date.min, Words("", "")),))
    places = ((row, f"programme.names[{index}]") for index, row in enumerate(rows))
    found = [(reader.day(row, place, "from"), words(reader, row, place)) for row, place in places]
    return tuple(sorted(found, key=lambda pair: pair[0]))


def office(reader: Reader) -> Mapping[str, str]:
    """The texts about the office that letters quote."""
    table = reader.table("office")
    needed = {key: reader.text(table, "office", key) for key in _OFFICE}
    return {**{key: value for key, value in table.items() if isinstance(value, str)}, **needed}


def signatories(reader: Reader) -> Mapping[str, Words]:
    """The post in which each role signs."""
    found = {}
    for role in reader.names("signatories"):
        place = f"signatories.{role}"
        found[role] = words(reader, reader.table(place), place, "post_")
    return found


def delegable(new: Reader) -> frozenset[str]:
    """The roles whose signature may be delegated by a stored act."""
    places = ((role, f"signatories.{role}") for role in new.inner("signatories"))
    return frozenset(role for role, place in places if new.flag(new.table(place), place, "delegable"))


def numbers(reader: Reader) -> Mapping[str, str]:
    """What begins the numbers of each series."""
    table = reader.table("numbers")
    return {key: reader.text(table, "numbers", key) for key in table if key not in MARKS}


def adverse_effect(new: Reader, effect: Period) -> Period:
    """How long after an adverse act it takes effect; on the same day where the file does not say."""
    table = new.table("effect")
    days = new.number(table, "effect", "days_after_adverse") if "days_after_adverse" in table else 0
    return Period(days, effect.unit, effect.legal_basis)


def effects(new: Reader) -> Mapping[str, Period]:
    """How long after it an adverse act takes effect, where that is another time than for the others (India: next day)."""
    found = {}
    for act in new.inner("effects"):
        place = f"effects.{act}"
        new.only(new.table(place), place, ("days", "unit", "legal_basis_es", "legal_basis_en", *MARKS))
        if act not in ACTS:
            new.wrong(place, "There is no such act: choose one of %(acts)s.", None, acts=", ".join(ACTS))
        found[act] = period(new, place, "days")
    return found


def decisions(new: Reader) -> Mapping[str, str]:
    """The decision that the programme uses for a purpose (`risk_bands`)."""
    table = new.table("decisions") if "decisions" in new.root else {}
    return {purpose: new.text(table, "decisions", purpose) for purpose in table if purpose not in MARKS}
