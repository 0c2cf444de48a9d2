"""Guards: each is asked with facts that satisfy it and facts that do not, and every move of the table asks all of its own."""

from dataclasses import replace
from datetime import date

import pytest

from engine.domain import guards
from engine.domain.errors import Conflict, Invalid, Refusal
from engine.domain.guards import GUARDS, Facts
from engine.domain.states import TRANSITIONS, Transition

TODAY = date(2026, 3, 2)
# All guards of the law hold for these facts, but for those that exclude each other (see EXAMPLES).
SOUND = Facts(
    today=TODAY,
    valid_from=TODAY,
    earliest=date(2026, 3, 1),
    reasons="No se cumple A.3.",
    outcome="cured",
    items=1,
    actions=1,
    heard=True,
    intended=True,
    exception="UCC art. 22(6)(d)",
    by_team=True,
    window="open",
)
EXAMPLES: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "no_bar": ({"bar_until": date(2026, 3, 1)}, {"bar_until": TODAY}),
    "items_named": ({}, {"items": 0}),
    "acceptance_open": ({"silence": "none"}, {"over": frozenset({"acceptance"}), "silence": "accepted"}),
    "reply_over": ({"over": frozenset({"reply"})}, {"over": frozenset({"acceptance"})}),
    "reason_given": ({}, {"reasons": "  "}),
    "date_lawful": ({"valid_from": date(2026, 3, 1)}, {"valid_from": date(2026, 3, 3)}),
    "acceptance_over": ({"over": frozenset({"acceptance"})}, {"over": frozenset()}),
    "silence_accepts": ({"silence": "accepted"}, {"silence": "none"}),
    "silence_refuses": ({"silence": "refused"}, {"silence": "granted"}),
    "silence_grants": ({"silence": "granted"}, {"silence": "refused"}),
    "decision_over": ({"over": frozenset({"decision"})}, {"over": frozenset()}),
    "decision_runs": ({}, {"over": frozenset({"decision"})}),
    "consultations_closed": ({}, {"consultations": 1}),
    "by_team": ({}, {"by_team": False}),
    "findings_solved": ({}, {"findings": 2}),
    "criteria_scored": ({}, {"unscored": ("G.2 (Bodega)",)}),
    "grounds_announced": ({}, {"unannounced": ("B.2",)}),
    "gates_met": ({}, {"failed": ("A.2", "G.2 (Bodega)")}),
    "actions_agreed": ({}, {"actions": 0}),
    "committee_agrees": ({"committee": "agrees"}, {"committee": "opposes"}),
    "consents_known": ({}, {"consents_missing": 1}),
    "grounds_named": ({}, {"items": 0}),
    "heard": ({}, {"heard": False}),
    "heard_if_adverse": ({"adverse": False, "heard": False}, {"adverse": True, "heard": False}),
    "answered_if_adverse": ({"adverse": False, "unanswered": 1}, {"adverse": True, "unanswered": 1}),
    "intention_sent": ({}, {"intended": False}),
    "arguments_answered": ({}, {"unanswered": 1}),
    "reasoned": ({}, {"unreasoned": 1}),
    "exception_recorded": ({}, {"exception": ""}),
    "lifting_known": ({"outcome": "expired"}, {"outcome": "because"}),
    "suspension_over": ({"over": frozenset({"suspension"})}, {"over": frozenset()}),
    "suspension_runs": ({}, {"over": frozenset({"suspension"})}),
    "window_open": ({}, {"window": "late"}),
    "term_over": ({"earliest": TODAY}, {"earliest": date(2026, 3, 3)}),
    "appeal_in_time": ({}, {"over": frozenset({"appeal"})}),
}
GUARDED = [(t, name) for t in TRANSITIONS for name in t.guards]


def facts(changes: dict[str, object]) -> Facts:
    return replace(SOUND, **changes)  # type: ignore[arg-type]  # names are checked by the dataclass


def satisfying(transition: Transition) -> Facts:
    """Facts under which the move is lawful; clocks that ran out add up."""
    found, over = SOUND, frozenset[str]()
    for name in transition.guards:
        found = replace(found, **EXAMPLES[name][0])  # type: ignore[arg-type]  # names are checked by the dataclass
        over |= found.over
    return replace(found, over=over)


def test_every_guard_has_its_two_examples() -> None:
    assert set(EXAMPLES) == set(GUARDS)


def test_every_guard_is_asked_by_a_move() -> None:
    assert {name for _transition, name in GUARDED} == set(GUARDS)


@pytest.mark.parametrize("name", sorted(GUARDS))
def test_a_guard_holds_or_refuses_with_its_own_sentence(name: str) -> None:
    guard = GUARDS[name]
    satisfied, failed = EXAMPLES[name]

    guard.require(facts(satisfied))

    with pytest.raises(Invalid if guard.where else Conflict) as refused:
        guard.require(facts(failed))
    assert refused.value.message == guard.sentence
    if isinstance(refused.value, Invalid):
        assert [(one.where, one.message) for one in refused.value.problems] == [(guard.where, guard.advice)]


@pytest.mark.parametrize("transition", TRANSITIONS, ids=lambda t: f"{t.number}-{t.trigger}")
def test_a_move_is_lawful_once_all_of_its_guards_hold(transition: Transition) -> None:
    guards.require(transition.guards, satisfying(transition))


@pytest.mark.parametrize(("transition", "name"), GUARDED, ids=lambda one: getattr(one, "trigger", one))
def test_a_move_is_refused_by_each_guard_that_does_not_hold(transition: Transition, name: str) -> None:
    broken = replace(satisfying(transition), **EXAMPLES[name][1])  # type: ignore[arg-type]  # names are checked by the dataclass

    with pytest.raises(Refusal):
        guards.require(transition.guards, broken)


@pytest.mark.parametrize("transition", TRANSITIONS, ids=lambda t: f"{t.number}-{t.trigger}")
def test_what_nobody_looked_up_counts_against_an_adverse_act(transition: Transition) -> None:
    if "heard" in transition.guards:
        with pytest.raises(Refusal):
            guards.require(transition.guards, Facts())


def test_a_bar_names_its_last_day_and_can_be_caught_by_a_diagram() -> None:
    with pytest.raises(Conflict, match="2026-03-02") as refused:
        GUARDS["no_bar"].require(facts({"bar_until": TODAY}))

    assert refused.value.code == "barred"


def test_a_bar_ends_with_its_last_day() -> None:
    GUARDS["no_bar"].require(replace(facts({"bar_until": TODAY}), today=date(2026, 3, 3)))
