"""What a programme says of grounds, suspension, duties kept apart, committee, consultation and appeal, read from its file."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Final

from engine.domain.calendars import Unit
from engine.domain.programme_clocks import MARKS, some_words, words
from engine.domain.programme_parts import (
    Appeal,
    Committee,
    DependentDecision,
    Duty,
    Entry,
    Ground,
    HardFails,
    Monitoring,
    SuspensionGround,
)
from engine.domain.states import STATES, Machine
from engine.domain.tables import Reader, Table

LEVELS: Final = ("must", "should", "info")
DUTIES: Final = (
    "proposer_not_approver",
    "validator_not_approver",
    "action_author_not_verifier",
    "change_author_not_publisher",
    "complaint_subject_not_handler",
    "no_two_controls_in_a_row",
    "committee_without_visitors",
    "monitoring_not_verifier",
    "account_manager_not_adverse",
    "appeal_by_another",
    "cooling_off",
)
FOLLOWS: Final = ("suspended", "reviewed", "kept")
ON_REVOCATION: Final = ("revoked", "reviewed", "kept")
CURED: Final = ("lift", "end")
NOT_CURED: Final = ("revoke", "end")
FINAL: Final = ("refused", "revoked", "annulled")  # acts that may be appealed where a programme does not say
APPEALED: Final = (*FINAL, "suspended", "amended")
SILENCE: Final = ("answer_obligatory", "tolerated")


def grounds(new: Reader, types: Collection[str]) -> Mapping[str, Ground]:
    """The conditions whose loss is a ground, and the types each of them reaches."""
    found = {}
    for name in new.inner("grounds"):
        place, table = f"grounds.{name}", new.table(f"grounds.{name}")
        new.only(table, place, ("es", "en", "types", "legal_basis_es", "legal_basis_en", *MARKS))
        basis = some_words(new, table, place, "legal_basis_")
        found[name] = Ground(words(new, table, place), new.texts(table, place, "types", types), basis)
    return found


def dependents(new: Reader, types: Collection[str], known: Collection[str]) -> Mapping[str, DependentDecision]:
    """The kinds of decisions that rest on an authorisation."""
    found = {}
    for name in new.inner("dependent_decisions"):
        place, table = f"dependent_decisions.{name}", new.table(f"dependent_decisions.{name}")
        new.only(table, place, _DEPENDENT_KEYS)
        follows = new.choice(table, place, "follows", FOLLOWS, FOLLOWS[0])
        usual = "revoked" if follows == "suspended" else follows
        found[name] = DependentDecision(
            words(new, table, place),
            new.texts(table, place, "types", types),
            new.texts(table, place, "grounds", known),
            follows,
            new.choice(table, place, "on_revocation", ON_REVOCATION, usual),
            some_words(new, table, place, "legal_basis_"),
        )
    return found


def reaches_back(new: Reader) -> bool:
    """Whether the suspension of a dependent decision suspends the authorisation, too (EU: it does not, DA art. 30)."""
    return "dependencies" in new.root and new.flag(new.table("dependencies"), "dependencies", "reaches_back")


def bar_follows(new: Reader) -> bool:
    """Whether a bar follows a legal successor until a person decides otherwise (domain page §14.7); it does by default."""
    if "succession" not in new.root:
        return True
    table = new.table("succession")
    new.only(table, "succession", ("bar_follows", *MARKS))
    return new.flag(table, "succession", "bar_follows") if "bar_follows" in table else True


def suspension(new: Reader, known: Collection[str]) -> Mapping[str, SuspensionGround]:
    """The grounds of suspension, by their letter."""
    return {name: _ground_of_suspension(new, f"suspension.{name}", known) for name in new.inner("suspension")}


def hard_fails(new: Reader) -> HardFails:
    """What no score outvotes; every criterion that must be met, where the file does not say."""
    if "hard_fails" not in new.root:
        return HardFails()
    place, table = "hard_fails", new.table("hard_fails")
    new.only(table, place, ("levels", "criteria", *MARKS))
    return HardFails(new.texts(table, place, "levels", LEVELS), new.texts(table, place, "criteria"))


def duties(new: Reader) -> Mapping[str, Duty]:
    """The rules that keep duties apart; all are on where the file does not say."""
    found = dict.fromkeys((name for name in DUTIES if name != "cooling_off"), Duty())
    for name in new.inner("duties"):
        place, table = f"duties.{name}", new.table(f"duties.{name}")
        new.only(table, place, ("on", "months", *MARKS))
        if name not in DUTIES:
            new.wrong(place, "There is no such rule: choose one of %(rules)s.", None, rules=", ".join(DUTIES))
        on = new.flag(table, place, "on") if "on" in table else True
        found[name] = Duty(on, _number(new, table, place, "months"))
    if found.get("cooling_off", Duty(months=1)) == Duty():
        new.wrong("duties.cooling_off.months", "Write after how many months somebody may validate again.", None)
    return found


def committee(new: Reader) -> Committee:
    """The technical committee; none where the file does not say."""
    if "committee" not in new.root:
        return Committee()
    place, table = "committee", new.table("committee")
    new.only(table, place, ("exists", "members", "quorum", "binding", *MARKS))
    found = Committee(
        new.flag(table, place, "exists"),
        _number(new, table, place, "members"),
        _number(new, table, place, "quorum"),
        new.flag(table, place, "binding"),
    )
    if found.exists and not found.quorum:
        new.wrong("committee.quorum", "Write how many members decide.", None)
    if found.members and found.quorum > found.members:
        new.wrong("committee.quorum", "The quorum is not larger than the committee.", None)
    return found


def consultation(new: Reader) -> tuple[tuple[date, str], ...]:
    """Since when silence of a consulted authority means what: the rule has been turned round before."""
    found = []
    for place, table in new.rows("consultation"):
        new.only(table, place, ("from", "silence", "legal_basis_es", "legal_basis_en", *MARKS))
        found.append((new.day(table, place, "from"), new.choice(table, place, "silence", SILENCE, SILENCE[0])))
    return tuple(sorted(found))


def appeal(new: Reader, clocks: Collection[str]) -> Appeal:
    """Whether and where acts are appealed."""
    place = "appeal"
    table = new.table(place)
    new.only(table, place, ("es", "en", "exists", "body_es", "body_en", "suspensive", "against", *MARKS))
    exists = new.flag(table, place, "exists") if "exists" in table else True
    if "exists" in table and exists and "appeal" not in clocks:
        new.wrong("clocks.appeal", "Acts may be appealed: write the clock that says how long.", None)
    against = new.texts(table, place, "against", APPEALED) if "against" in table else FINAL
    return Appeal(exists, some_words(new, table, place, "body_"), new.flag(table, place, "suspensive"), against)


def entry(new: Reader) -> Entry:
    """What is asked of who wants to enter."""
    if "entry" not in new.root:
        return Entry()
    place, table = "entry", new.table("entry")
    new.only(table, place, ("years_of_operation", "look_back", "infringement_share", *MARKS))
    share = new.number(table, place, "infringement_share") if "infringement_share" in table else None
    return Entry(_number(new, table, place, "years_of_operation"), _number(new, table, place, "look_back"), share)


def monitoring(new: Reader) -> Monitoring:
    """How close holders are watched who have not been established for long (EU: UCC art. 23(5))."""
    if "monitoring" not in new.root:
        return Monitoring()
    place, table = "monitoring", new.table("monitoring")
    new.only(table, place, ("young_holder_years", "close_months", *MARKS))
    return Monitoring(_number(new, table, place, "young_holder_years"), _number(new, table, place, "close_months"))


def states_off(new: Reader) -> frozenset[str]:
    """The states of applications and authorisations that the programme does not know."""
    if "states" not in new.root:
        return frozenset()
    new.only(new.table("states"), "states", ("without", *MARKS))
    known = sorted(STATES[Machine.APPLICATION] | STATES[Machine.AUTHORISATION])
    return frozenset(new.texts(new.table("states"), "states", "without", known))


def _ground_of_suspension(new: Reader, place: str, known: Collection[str]) -> SuspensionGround:
    table = new.table(place)
    new.only(table, place, (*_SUSPENSION_KEYS, *MARKS))
    unit = new.choice(table, place, "unit", frozenset(Unit), Unit.CALENDAR)
    return SuspensionGround(
        words(new, table, place),
        days=new.number(table, place, "most", 1) if "most" in table else None,
        unit=Unit(unit),
        extendable=new.flag(table, place, "extendable"),
        verification=_number(new, table, place, "verification"),
        until_established=new.texts(table, place, "until_established", known),
        if_cured=new.choice(table, place, "if_cured", CURED, CURED[0]),
        if_not_cured=new.choice(table, place, "if_not_cured", NOT_CURED, NOT_CURED[1]),
    )


_DEPENDENT_KEYS: Final = (
    *("es", "en", "types", "grounds", "follows", "on_revocation", "legal_basis_es", "legal_basis_en"),
    *MARKS,
)
_SUSPENSION_KEYS: Final = (
    *("es", "en", "most", "unit", "extendable", "verification", "until_established", "if_cured", "if_not_cured"),
    *("legal_basis_es", "legal_basis_en"),
)


def _number(new: Reader, table: Table, place: str, key: str) -> int:
    return new.number(table, place, key) if key in table else 0
