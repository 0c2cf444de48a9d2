"""What a diagram hands to a service is checked by name and by kind before anything happens."""

import pytest

from engine import services
from engine.domain.errors import Invalid
from engine.store.database import Database
from tests.engine.desk import Desk

LISTS = {"types", "items", "grounds", "findings", "actions", "verifications", "letters"}
OBJECTS = {"change", "incident", "facts"}
NUMBERS = {"days"}


def a_value(name: str) -> object:
    """Something of the right kind."""
    return ["x"] if name in LISTS else {"x": 1} if name in OBJECTS else 5 if name in NUMBERS else "x"


@pytest.fixture
def desk(office: Database) -> Desk:
    return Desk(office)


def wrong(desk: Desk, service: str, arguments: dict[str, object]) -> list[str]:
    """The places of what is complained about."""
    desk.known = {}
    with pytest.raises(Invalid) as refused:
        desk.do("ernesto", service, **arguments)
    return [problem.where for problem in refused.value.problems]


EVERY = [(service, name) for service, names in services.parameters().items() for name in sorted(names)]
UNLIKE: dict[str, list[object]] = {"text": [["x"], 3, True, {"x": 1}], "other": ["", "5", 1.5, True]}


@pytest.mark.parametrize(("service", "name"), EVERY, ids=lambda value: value)
def test_a_value_of_another_kind_is_refused_by_name(desk: Desk, service: str, name: str) -> None:
    given = {one: a_value(one) for one in services.parameters()[service] - services.optional()[service]}
    text = isinstance(a_value(name), str)

    for value in UNLIKE["text" if text else "other"]:
        fits = service == "measures.start_revocation_hearing" and name == "grounds" and isinstance(value, str | list)
        if not fits:
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
