"""What a programme offers and asks: types, kinds, criteria, letters, consents, benefits, changes, partners; from its file."""

from collections.abc import Collection, Mapping
from typing import Final

from engine.domain import notices
from engine.domain.programme_clocks import MARKS, some_words, words
from engine.domain.programme_parts import (
    Benefit,
    Change,
    Consent,
    CriteriaUse,
    Kind,
    LetterRule,
    MutualRecognition,
    Partner,
    Words,
)
from engine.domain.states import STATES, Machine
from engine.domain.tables import Reader, Table

LANGUAGES: Final = ("es", "en")
LETTERS: Final = tuple(f"D{number:02}" for number in range(1, 36))  # domain page §9
FREQUENCIES: Final = ("each_change", "daily", "monthly")
TOLD: Final = (  # what a message of mutual recognition may say of a holder (domain page §11.5)
    *("tin", "name", "type", "status", "valid_from", "valid_to", "last_change", "consent", "reason_class"),
)
SWITCHES: Final = (  # what may switch a benefit on and off: moves of an authorisation
    *("grant", "take_effect", "lift", "lapse_suspension", "reinstate", "renew"),
    *("suspend", "intend_to_revoke", "revoke", "annul", "surrender", "expire", "succeed", "open_action_plan"),
)
_TIN_PLACES: Final = ("{country}", "{tax_id}", "{number}")


def types(reader: Reader, new: Reader) -> Mapping[str, Kind]:
    """The types or tiers of authorisation."""
    found = {}
    names, kinds = reader.names("types"), new.inner("kinds")
    for name in names:
        place, table = f"types.{name}", reader.table(f"types.{name}")
        new.only(table, place, ("es", "en", "kinds", "tier", "includes", "legal_basis_es", "legal_basis_en", *MARKS))
        found[name] = Kind(
            words(reader, table, place),
            new.texts(table, place, "kinds", kinds),
            new.number(table, place, "tier") if "tier" in table else 0,
            new.texts(table, place, "includes", names),
        )
    return found


def kinds(new: Reader) -> Mapping[str, Words]:
    """The kinds of operators that may enter."""
    found = {}
    for name in new.inner("kinds"):
        new.only(new.table(f"kinds.{name}"), f"kinds.{name}", ("es", "en", *MARKS))
        found[name] = words(new, new.table(f"kinds.{name}"), f"kinds.{name}")
    return found


def criteria(new: Reader, types: Collection[str], kinds: Collection[str]) -> tuple[CriteriaUse, ...]:
    """The sets of criteria, and of whom each is asked."""
    found = []
    for place, table in new.rows("criteria"):
        new.only(table, place, ("set", "types", "kinds", *MARKS))
        asked = new.texts(table, place, "types", types), new.texts(table, place, "kinds", kinds)
        found.append(CriteriaUse(new.text(table, place, "set"), *asked))
    return tuple(found)


def languages(new: Reader) -> tuple[str, ...]:
    """The languages of the letters; Spanish and English where the file does not say."""
    table = new.table("letters") if "letters" in new.root else {}
    return new.texts(table, "letters", "languages", LANGUAGES) or LANGUAGES


def letters(new: Reader) -> Mapping[str, LetterRule]:
    """The letters that the programme sends, by number."""
    found = {}
    for name in new.inner("letters"):
        place, table = f"letters.{name}", new.table(f"letters.{name}")
        new.only(table, place, ("template", "signatory", "languages", "audience", *MARKS))
        if name not in LETTERS:
            new.wrong(place, "Letters have the numbers D01 to D35.", None)
        spoken = new.texts(table, place, "languages", LANGUAGES) or languages(new)
        signatory = new.text(table, place, "signatory", empty=True)
        whom = new.choice(table, place, "audience", notices.WHOM, "") if "audience" in table else ""
        found[name] = LetterRule(new.text(table, place, "template"), signatory, spoken, whom)
    return found


def consents(new: Reader) -> Mapping[str, Consent]:
    """What the applicant is asked to agree to; publication and mutual recognition apart (domain page §14)."""
    found = {}
    for name in new.inner("consents"):
        place, table = f"consents.{name}", new.table(f"consents.{name}")
        new.only(table, place, ("es", "en", "required", *MARKS))
        found[name] = Consent(words(new, table, place), new.flag(table, place, "required"))
    return found


def benefits(new: Reader, types: Collection[str], kinds: Collection[str]) -> tuple[Benefit, ...]:
    """The catalogue of benefits (domain page §6.1)."""
    found = []
    for place, table in new.rows("benefits"):
        new.only(table, place, _BENEFIT_KEYS)
        found.append(
            Benefit(
                new.text(table, place, "code"),
                words(new, table, place),
                some_words(new, table, place, "legal_basis_"),
                new.texts(table, place, "types", types),
                new.texts(table, place, "kinds", kinds),
                new.text(table, place, "system", empty=True),
                new.texts(table, place, "on", SWITCHES),
                new.texts(table, place, "off", SWITCHES),
            )
        )
    _once(new, "benefits", [one.code for one in found])
    return tuple(found)


def changes(new: Reader) -> tuple[Change, ...]:
    """The changes that a holder must tell of (domain page §11.1; EU: Annex 4 of the guidelines)."""
    found = []
    for place, table in new.rows("changes"):
        new.only(table, place, ("code", "es", "en", "criteria", "reassess", *MARKS))
        code, said = new.text(table, place, "code"), words(new, table, place)
        found.append(Change(code, said, new.texts(table, place, "criteria"), new.flag(table, place, "reassess")))
    _once(new, "changes", [one.code for one in found])
    return tuple(found)


def reminders(new: Reader, clocks: Collection[str]) -> Mapping[str, tuple[int, ...]]:
    """How many days before its end each clock, or the term of an authorisation (`expiry`), is called to mind."""
    table = new.table("reminders") if "reminders" in new.root else {}
    new.only(table, "reminders", ("expiry", *clocks, *MARKS))
    named = [name for name in table if name not in MARKS]
    return {name: tuple(sorted(new.numbers(table, "reminders", name), reverse=True)) for name in named}


def mutual_recognition(new: Reader) -> MutualRecognition:
    """What goes to partners abroad; nothing where the file does not say."""
    if "mutual_recognition" not in new.root:
        return MutualRecognition()
    place, table = "mutual_recognition", new.table("mutual_recognition")
    new.only(table, place, ("on", "tin", "frequency", "fields", "partners", *MARKS))
    tin = new.text(table, place, "tin") if "tin" in table else "{country}{tax_id}"
    if not any(one in tin for one in _TIN_PLACES):
        message = "Say where the number stands: write %(places)s into it."
        new.wrong("mutual_recognition.tin", message, None, places=", ".join(_TIN_PLACES))
    return MutualRecognition(
        on=new.flag(table, place, "on"),
        tin=tin,
        frequency=new.choice(table, place, "frequency", FREQUENCIES, FREQUENCIES[0]),
        fields=new.texts(table, place, "fields", TOLD),
        partners=tuple(_partner(new, *row) for row in new.rows("mutual_recognition.partners")),
    )


def _partner(new: Reader, place: str, table: Table) -> Partner:
    new.only(table, place, ("code", "es", "en", "since", "address", "statuses", *MARKS))
    since = new.day(table, place, "since") if "since" in table else None
    address = new.text(table, place, "address", empty=True)
    return Partner(
        new.text(table, place, "code"), words(new, table, place), since, address, _statuses(new, place, table)
    )


def _statuses(new: Reader, place: str, table: Table) -> Mapping[str, str]:
    """The words that a partner has for states of an authorisation."""
    said = table.get("statuses", {})
    if not isinstance(said, dict):
        return new.wrong(f"{place}.statuses", "Write a table.", {})
    new.only(said, f"{place}.statuses", STATES[Machine.AUTHORISATION])
    return {state: new.text(said, f"{place}.statuses", state) for state in said}


def _once(new: Reader, place: str, codes: list[str]) -> None:
    for index, code in enumerate(codes):
        if code in codes[:index]:
            new.wrong(f"{place}[{index}].code", "This code stands here twice: choose another.", None)


_BENEFIT_KEYS: Final = (
    *("code", "es", "en", "legal_basis_es", "legal_basis_en", "types", "kinds", "system", "on", "off"),
    *MARKS,
)
