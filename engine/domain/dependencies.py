"""What a suspension or revocation reaches, by type and by ground: a lost criterion hits the types that rest on it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from engine.domain.programme import Programme
from engine.domain.programme_parts import DependentDecision

SUSPENDED: Final = "suspended"
REVOKED: Final = "revoked"
REVIEWED: Final = "reviewed"
KEPT: Final = "kept"
UNDER_REVIEW: Final = "under_review"
IN_FORCE: Final = "in_force"


@dataclass(frozen=True, slots=True)
class Reached:
    """What becomes of a dependent decision: the state it comes into, and the provision."""

    state: str
    legal_basis: str


def parts_reached(rules: Programme, name: str, criteria: Collection[str]) -> tuple[str, ...]:
    """Which types within a type lose their footing with these criteria; all of them where none is named.

    EU: Art. 39(d) is a criterion of AEOC only, 39(e) of AEOS only, 39(a) to (c) of both (domain page §5.1).
    """
    parts = rules.includes(name)
    if not criteria:
        return parts
    return tuple(part for part in parts if any(part in rules.types_reached(one) for one in criteria))


def reached(rules: Programme, act: str, parts: Collection[str], criteria: Collection[str], kind: str) -> Reached | None:
    """What an act (`suspended`, `revoked`) about these types makes of a decision of a kind; None if it is left alone.

    A kind that the programme does not know is looked at by a person. EU: DA art. 30.
    """
    rule = rules.dependent_decisions.get(kind)
    if rule is None:
        return Reached(UNDER_REVIEW, "")
    hit: Mapping[str, object] = {}
    for ground in criteria or ("",):
        hit = {**hit, **rules.dependents(parts, ground)}
    follows = rule.follows if act == SUSPENDED else rule.on_revocation
    if kind not in hit or follows == KEPT:
        return None
    return Reached(UNDER_REVIEW if follows == REVIEWED else follows, _basis(rules, rule, criteria))


def lost(rules: Programme, before: Collection[str], after: Collection[str], kind: str) -> Reached | None:
    """What becomes of a decision where types go and others stay (a new version): as revoked, if it rests on none that stays."""
    gone = [part for part in before if part not in after]
    if not gone or kind in rules.dependents(after):
        return None
    return reached(rules, REVOKED, gone, (), kind)


def _basis(rules: Programme, rule: DependentDecision, criteria: Collection[str]) -> str:
    """The provision: that of the dependency, else that of the condition which was lost."""
    known = (rules.grounds[one].legal_basis.es for one in criteria if one in rules.grounds)
    return rule.legal_basis.es or next((text for text in known if text), "")
