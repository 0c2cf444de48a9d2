"""The editor offers what the checks accept, and nothing that they refuse for its kind."""

import pytest

from engine.workflow import offers


@pytest.mark.parametrize(
    "name",
    [
        "userTask",
        "callActivity",
        "parallelGateway",
        "startEvent",
        "startEvent message",
        "startEvent signal in eventSubProcess not interrupting",
        "boundaryEvent timer not interrupting",
        "endEvent terminate",
        "loop multiInstance",
        "eventSubProcess",
    ],
)
def test_what_runs_is_offered(name: str) -> None:
    assert name in offers()


@pytest.mark.parametrize(
    "name",
    ["startEvent error", "startEvent message in subProcess", "intermediateThrowEvent timer", "endEvent conditional"],
)
def test_what_is_refused_is_not_offered(name: str) -> None:
    assert name not in offers()


def test_choices_of_people_and_loops_are_offered() -> None:
    assert {"adHocSubProcess", "complexGateway", "manualTask", "loop standard"} <= offers()
