"""The page of constructs says what the checks say, and leaves no candidate of the checks out that BPMN has."""

from engine.workflow import verdicts
from tests.web.conftest import Office
from web import constructs


def test_every_activity_marker_and_gateway_is_listed_with_its_verdict(office: Office) -> None:
    with office.app.test_request_context():
        shown = [one for _heading, members in constructs.groups() for one in members]

    names = [name for members in constructs.GROUPS.values() for name in members]
    assert [not one.reason for one in shown] == [not verdicts()[name] for name in names]
    assert set(names) == {name for name in verdicts() if "Event" not in name}


def test_an_event_that_bpmn_has_runs_or_says_why_not(office: Office) -> None:
    with office.app.test_request_context():
        cells = [cell for _word, line in constructs.events() for cell in line if cell]

    assert len(cells) == sum(len(definitions) for *_place, definitions in constructs.PLACES)
    assert all(cell.word for cell in cells)
