"""What an act reaches, by type and by ground, and what a holder is entitled to in each state."""

from datetime import date
from pathlib import Path

import pytest

from engine.domain import dependencies, entitlements, programme, recognition, renewing
from engine.domain.dependencies import Reached
from engine.domain.programme_parts import Renewal
from engine.domain.states import STATES, Machine

EU = programme.read((Path(__file__).parents[2] / "bpmn" / "programmes" / "eu.toml").read_bytes())
BOTH = ("AEOC", "AEOS")


@pytest.mark.parametrize(
    ("type_", "criteria", "parts"),
    [
        ("AEOF", (), BOTH),
        ("AEOF", ("compliance",), BOTH),
        ("AEOF", ("records",), BOTH),
        ("AEOF", ("solvency",), BOTH),
        ("AEOF", ("competence",), ("AEOC",)),
        ("AEOF", ("security",), ("AEOS",)),
        ("AEOF", ("competence", "security"), BOTH),
        ("AEOC", ("competence",), ("AEOC",)),
        ("AEOC", ("security",), ()),
        ("AEOS", ("competence",), ()),
    ],
)
def test_a_lost_criterion_reaches_the_types_that_rest_on_it(
    type_: str, criteria: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    assert dependencies.parts_reached(EU, type_, criteria) == parts


@pytest.mark.parametrize("kind", sorted(EU.dependent_decisions))
@pytest.mark.parametrize("act", ["suspended", "revoked"])
def test_a_decision_that_rests_on_the_status_follows_it(kind: str, act: str) -> None:
    rule = EU.dependent_decisions[kind]
    follows = rule.follows if act == "suspended" else rule.on_revocation
    expected = {"reviewed": "under_review", "kept": None}.get(follows, follows)

    found = dependencies.reached(EU, act, BOTH, (), kind)

    assert (found.state if found else None) == expected


@pytest.mark.parametrize("kind", [kind for kind, rule in EU.dependent_decisions.items() if rule.types == ("AEOC",)])
def test_what_rests_on_the_customs_side_is_not_reached_by_the_loss_of_security(kind: str) -> None:
    assert dependencies.reached(EU, "suspended", ("AEOS",), ("security",), kind) is None


def test_a_decision_of_a_kind_that_nobody_described_is_looked_at_by_a_person() -> None:
    assert dependencies.reached(EU, "revoked", BOTH, (), "sealing") == Reached("under_review", "")


@pytest.mark.parametrize(
    ("state", "stopped", "parts"),
    [
        *((state, (), BOTH) for state in ("B1", "B2", "B3", "B10", "B6")),
        *((state, (), ()) for state in ("B0", "B4", "B7", "B8", "B9", "B11", "B12", "B13")),
        ("B5", ("AEOS",), ("AEOC",)),
        ("B6", ("AEOS",), ("AEOC",)),
        ("B6", BOTH, ()),
    ],
)
def test_the_parts_that_give_benefits_by_state(state: str, stopped: tuple[str, ...], parts: tuple[str, ...]) -> None:
    assert entitlements.live_parts(EU, state, "AEOF", stopped) == parts
    assert entitlements.any_due(EU, state, "AEOF", stopped) == bool(parts)


def test_in_every_state_the_benefits_due_are_some_of_those_of_the_live_parts() -> None:
    for state in STATES[Machine.AUTHORISATION] - {"B0"}:
        live = entitlements.live_parts(EU, state, "AEOF", ())
        most = {one.code for one in EU.benefits_for(live, "exporter")} if live else set()
        assert entitlements.due(EU, state, "AEOF", "exporter", ()) <= most


def test_what_belongs_to_security_alone_goes_with_it() -> None:
    whole = entitlements.due(EU, "B1", "AEOF", "exporter", ())
    customs = entitlements.due(EU, "B5", "AEOF", "exporter", ("AEOS",))

    assert customs == {one.code for one in EU.benefits_for(("AEOC",), "exporter")}
    assert customs < whole


def test_partners_are_told_of_every_state_but_the_one_before_the_effect() -> None:
    told = {state: recognition.status_of(state, {}) for state in STATES[Machine.AUTHORISATION]}

    assert {state for state, status in told.items() if status is None} == {"B0"}
    assert (told["B4"], told["B8"], told["B11"]) == ("suspended", "revoked", "expired")


def test_a_partner_may_have_words_of_its_own() -> None:
    assert recognition.status_of("B4", {"B4": "SUSP"}) == "SUSP"


@pytest.mark.parametrize(
    ("rules", "day", "stands"),
    [
        (Renewal("fixed_term", 180, 30), "2028-12-31", "early"),
        (Renewal("fixed_term", 180, 30), "2029-07-05", "open"),
        (Renewal("fixed_term", 180, 30), "2029-12-01", "open"),
        (Renewal("fixed_term", 180, 30), "2029-12-02", "late"),
        (Renewal("fixed_term", 180, 30, late="accepted"), "2029-12-02", "open"),
        (Renewal("fixed_term", 180, 30, late="accepted"), "2030-01-01", "late"),
        (Renewal("none_monitoring", 180, 30), "2029-07-05", "none"),
        (Renewal("fixed_term"), "2026-01-01", "open"),
    ],
)
def test_a_renewal_is_filed_inside_its_window(rules: Renewal, day: str, stands: str) -> None:
    assert renewing.window(rules, date.fromisoformat(day), date(2029, 12, 31)) == stands


DECLARED = Renewal("annual_declaration", declaration=("10-01", "12-31"))
OVER_NEW_YEAR = Renewal("annual_declaration", declaration=("12-01", "01-31"))


@pytest.mark.parametrize(
    ("rules", "day", "opens", "stands"),
    [
        (DECLARED, "2028-09-30", "2028-10-01", "early"),
        (DECLARED, "2028-12-31", "2028-10-01", "open"),
        (DECLARED, "2029-01-01", "2029-10-01", "early"),
        (OVER_NEW_YEAR, "2029-01-31", "2028-12-01", "open"),
        (OVER_NEW_YEAR, "2029-02-01", "2029-12-01", "early"),
        (Renewal("revalidation", 90), "2029-06-01", "2029-10-02", "early"),
    ],
)
def test_the_window_is_the_yearly_declaration_or_comes_before_the_next_turn(
    rules: Renewal, day: str, opens: str, stands: str
) -> None:
    at, turn = date.fromisoformat(day), date(2029, 12, 31)
    found = renewing.filing(rules, at, None, turn)

    assert found is not None
    assert (found.opens_on.isoformat(), renewing.window(rules, at, None, turn)) == (opens, stands)


def test_a_certificate_without_an_end_is_not_renewed() -> None:
    assert renewing.window(Renewal("fixed_term"), date(2026, 1, 1), None) == "none"
