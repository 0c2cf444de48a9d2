"""What a diagram hands to a service is checked by name and by kind before anything happens."""

import pytest

from engine import services
from engine.domain.errors import Invalid
from engine.store.database import Database
from tests.engine.desk import Desk

LISTS = {"types", "items", "grounds", "findings", "actions", "verifications", "documents", "arguments", "answers"}
LISTS |= {
    "criteria",
    "changes",
    "sites_asked",
    "sites_granted",
    "sites_after",
    "letters",
    "authorities",
    "risks",
    "scores",
    "visits",
    "places",
}
OBJECTS = {"change", "incident", "facts"}
NUMBERS = {"days", "count"}
TRUTHS = {"consent_publication", "consent_sharing", "publication", "mutual_recognition", "adverse", "included"}
# Grounds of who may be suspended before, and reasons of an adverse act, are one text or a list, criterion by criterion.
BOTH = {"applications.refuse", "measures.start_revocation_hearing", "renewals.refuse"}
BOTH |= {f"authorisations.{act}" for act in ("intend", "revoke", "annul", "revoke_unheard", "annul_unheard")}


def a_value(name: str) -> object:
    """Something of the right kind."""
    if name in TRUTHS:
        return True
    return ["x"] if name in LISTS else {"x": 1} if name in OBJECTS else 5 if name in NUMBERS else "x"


def fits(service: str, name: str, value: object) -> bool:
    """Whether the parameter takes values of more than one kind, this one among them."""
    either = service in BOTH and name in {"grounds", "reasons"}
    return (either and isinstance(value, str | list)) or (name in TRUTHS and isinstance(value, bool))


@pytest.fixture
def desk(office: Database) -> Desk:
    return Desk(office)


def wrong(desk: Desk, service: str, arguments: dict[str, object]) -> list[str]:
    """The places of what is complained about."""
    desk.known = {}
    with pytest.raises(Invalid) as refused:
        desk.do("ernesto", service, **arguments)
    return [problem.where for problem in refused.value.problems]


UNLIKE: dict[str, list[object]] = {"text": [["x"], 3, True, {"x": 1}], "other": ["", "5", 1.5, True]}


@pytest.mark.parametrize("service", sorted(services.SERVICES))
def test_a_value_of_another_kind_is_refused_by_name(desk: Desk, service: str) -> None:
    given = {one: a_value(one) for one in services.parameters()[service] - services.optional()[service]}

    for name in services.parameters()[service]:
        text = isinstance(a_value(name), str)
        for value in UNLIKE["text" if text else "other"]:
            if not fits(service, name, value):
                assert wrong(desk, service, {**given, name: value}) == [name]


@pytest.mark.parametrize("service", sorted(services.SERVICES))
def test_everything_that_is_missing_or_unknown_is_said_at_once(desk: Desk, service: str) -> None:
    needed = services.parameters()[service] - services.optional()[service]

    assert set(wrong(desk, service, {"siesta": "x"})) == {"siesta", *needed}


def test_null_is_not_given(desk: Desk) -> None:
    assert wrong(desk, "measures.lift", {"measure_id": None, "reason": None}) == ["measure_id", "reason"]
    assert desk.do("ernesto", "findings.record", findings=None, application_id=None)["open_findings"] == 0


def test_optional_parameters_are_among_the_parameters() -> None:
    assert all(names <= services.parameters()[service] for service, names in services.optional().items())
    assert services.optional()["applications.withdraw"] == {"reason"}
