"""Which benefits a holder is entitled to: by the state of the authorisation, its type, and the parts that are suspended."""

from collections.abc import Collection

from engine.domain.programme import Programme
from engine.domain.states import BENEFITS, INTENDED, PARTLY

PLAN = "B2"
BEFORE_EFFECT = "B0"


def live_parts(rules: Programme, state: str, type_: str, stopped: Collection[str]) -> tuple[str, ...]:
    """The types within a type that give benefits now; none while nothing is in force.

    While an adverse act is intended (B6), the benefits stay as they were: off for what was suspended before.
    """
    parts = rules.includes(type_)
    if state in BENEFITS:
        return parts
    if state in {PARTLY, INTENDED}:
        return tuple(part for part in parts if part not in stopped)
    return ()


def any_due(rules: Programme, state: str, type_: str, stopped: Collection[str]) -> bool:
    """Whether the holder has benefits at all."""
    return bool(live_parts(rules, state, type_, stopped))


def due(rules: Programme, state: str, type_: str, kind: str, stopped: Collection[str]) -> frozenset[str]:
    """The codes of the benefits that are due in this state; a programme may take some away by what else happens (`off`)."""
    parts = live_parts(rules, state, type_, stopped)
    if state == BEFORE_EFFECT:
        early = rules.benefits_for(rules.includes(type_), kind)
        return frozenset(one.code for one in early if "grant" in one.on)
    if not parts:
        return frozenset()
    taken = {PLAN: "open_action_plan", INTENDED: "intend_to_revoke"}.get(state)
    return frozenset(one.code for one in rules.benefits_for(parts, kind) if taken not in one.off)
