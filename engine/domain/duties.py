"""Who may do a lawful move: some are reserved to an office, and nobody decides on what they worked on (domain page §4)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from engine.domain.errors import NotAllowed
from engine.domain.states import Transition

AUTHORITY: Final = "director"  # the competent authority, in the words of the law
SYSTEM: Final = "system"
SUBMISSION: Final = "submit"  # a preparer prepares, and must never submit
# Proposer, validator and intake officer are never the one who decides: whoever did one of these moves of an application
# (admission, requests, visits, proposal) may not grant it, refuse it or announce its refusal.
_WORKED_ON: Final = frozenset({"T2", "T4", "T5", "T6", "T9", "T10", "T11", "T12", "T13", "T14", "T15"})
APART: Final[Mapping[str, frozenset[str]]] = {"T16": _WORKED_ON, "T17": _WORKED_ON, "T19": _WORKED_ON}


def reserved(transition: Transition) -> bool:
    """Whether only the roles that the table names may do it; the others follow from where the diagram stands."""
    return AUTHORITY in transition.actors or transition.trigger == SUBMISSION


def require_office(transition: Transition, roles: Collection[str], *, system: bool) -> None:
    """NotAllowed, naming the roles, for a reserved act of somebody who does not hold the office.

    The system does it only where the table says so: when a legal period has run out.
    """
    if not reserved(transition):
        return
    lawful = SYSTEM in transition.actors if system else not transition.actors.isdisjoint(roles)
    if not lawful:
        raise only(*sorted(transition.actors - {SYSTEM}))


def only(*roles: str) -> NotAllowed:
    """The refusal of an act that is reserved to others."""
    return NotAllowed("Only the role %(role)s may do this.", role=", ".join(roles))


def require_apart(transition: Transition, actor: str, past: Iterable[tuple[str, str]]) -> None:
    """NotAllowed if the actor did one of the moves whose doer must not decide; `past` are (number, actor) of the subject."""
    barred = APART.get(transition.number, frozenset())
    if any(number in barred and doer == actor for number, doer in past):
        raise NotAllowed("You worked on this application: another person must decide on it.")


def require_other(authors: Collection[str], actor: str) -> None:
    """NotAllowed if the actor wrote what is to be verified: the author of a corrective action is never its verifier."""
    if actor in authors:
        raise NotAllowed("You wrote this corrective action: another person must verify it.")
