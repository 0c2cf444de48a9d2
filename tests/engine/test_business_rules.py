"""A business rule task asks the decision that its release pinned, and the history says which rule answered and why."""

import json

import pytest
from sqlalchemy import select

from engine import cases, history, pins, releases, resources, starters, starts, tasks
from engine.domain.errors import Conflict, Invalid
from engine.queries import dossiers, studio
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin, look
from engine.workflow import Run
from tests.decisions.drawn import a_decision, a_file, a_table, a_text
from tests.factories import (
    MORNING,
    a_diagram,
    a_form,
    a_line,
    an_actor,
    an_operator,
    flow,
    open_tasks,
    publish,
    user_task,
)

SCORE = {"type": "number", "key": "score", "id": "score", "label": "Puntos"}
RATE = (
    '<bpmn:businessRuleTask id="rate" name="Calificar"><bpmn:extensionElements>'
    '<zeebe:calledDecision decisionId="{0}" resultVariable="level"/>{1}</bpmn:extensionElements></bpmn:businessRuleTask>'
)
LINE = a_line(("ask", user_task("ask")), ("rate", RATE.format("risk", "")), ("see", user_task("see")))
PROCESS = a_diagram(LINE)


def the_table(*rules: list[str], name: str = "risk", policy: str = "U") -> bytes:
    return a_file(a_decision(name, a_table([("score", "number")], [("band", "string")], *rules, policy=policy)))


FIRST = the_table(["< 50", '"low"'], [">= 50", '"high"', "Art. 12"])
SECOND = the_table(["< 90", '"low"'], [">= 90", '"high"'])


@pytest.fixture
def published(database: Database) -> Database:
    """An office with the form, the table and the process that asks it."""
    content = [("form", "note", a_form("note", SCORE)), ("decision", "bands", FIRST), ("process", "trip", PROCESS)]
    publish(database, *content)
    return database


def analyst(database: Database) -> Actor:
    return an_actor(database, "ana", "analyst")


def a_case(database: Database) -> str:
    operator = an_operator(database)
    with begin(database, analyst(database), MORNING) as work:
        return starts.begin(work, "trip", {}, operator_id=operator).id


def answer(database: Database, case: str, score: int) -> None:
    task = open_tasks(database, case)["ask"]
    with begin(database, analyst(database), MORNING) as work:
        tasks.complete(work, task, {"score": score})


def made(database: Database, case: str) -> dict[str, object]:
    """What the history says of the one decision of a case."""
    with look(database, SYSTEM) as work:
        query = select(models.Event.data).where(models.Event.case_id == case, models.Event.type == "DecisionMadeV2")
        said: dict[str, object] = json.loads(work.session.scalars(query).one())
        return said


def level(database: Database, case: str) -> object:
    with begin(database, SYSTEM) as work:
        row = cases.lock(work, case)
        return Run.load(pins.definition(work, row.release_id), row.state, MORNING).data["level"]


def test_the_answer_of_the_decision_is_in_the_case_and_its_rule_in_the_history(published: Database) -> None:
    case = a_case(published)

    answer(published, case, 72)

    assert level(published, case) == "high"
    assert "see" in open_tasks(published, case)
    said = made(published, case)
    assert said["inputs"] == {"score": 72}
    assert said["outputs"] == "high"
    assert (said["decision"], said["element"], said["number"]) == ("risk", "rate", 1)
    assert said["steps"] == [
        {
            "decision": "risk",
            "name": "risk",
            "name_en": "",
            "kind": "table",
            "policy": "U",
            "rules": 2,
            "inputs": [{"name": "score", "text": "score", "value": 72}],
            "matched": [
                {
                    "number": 2,
                    "id": "r2",
                    "because": [{"column": "score", "value": 72, "test": ">= 50"}],
                    "answers": {"band": "high"},
                    "notes": ["Art. 12"],
                }
            ],
            "missed": [{"number": 1, "column": "score", "value": 72, "test": "< 50"}],
            "chosen": [2],
            "value": "high",
        }
    ]
    with look(published, SYSTEM) as work:
        assert history.verify(work, f"case:{case}")[1] is None


def test_a_running_case_keeps_the_decision_it_began_with(published: Database) -> None:
    old = a_case(published)
    publish(published, ("decision", "bands", SECOND))
    with begin(published, analyst(published), MORNING) as work:
        new = starts.begin(work, "trip", {}, operator_id=_operator(published)).id

    answer(published, old, 72)
    answer(published, new, 72)

    assert (level(published, old), level(published, new)) == ("high", "low")
    assert (made(published, old)["number"], made(published, new)["number"]) == (1, 2)


def test_a_release_pins_the_decisions_it_asks_and_no_others(published: Database) -> None:
    publish(published, ("decision", "other", the_table(["-", '"x"'], name="unrelated")))

    with look(published, SYSTEM) as work:
        release = pins.current(work, "trip")
        assert release.number == 1
        assert [pin.key for pin in release.pins if pin.kind == "decision"] == ["risk"]


def test_a_decision_of_a_called_process_is_pinned_too(published: Database) -> None:
    call = '<bpmn:callActivity id="go"><bpmn:extensionElements><zeebe:calledElement processId="trip"/></bpmn:extensionElements></bpmn:callActivity>'
    body = f'<bpmn:startEvent id="left"/>{call}<bpmn:endEvent id="back"/>{flow("left", "go")}{flow("go", "back")}'
    publish(published, ("process", "journey", a_diagram(body, process="journey")))

    with look(published, SYSTEM) as work:
        assert {"risk"} == {pin.key for pin in pins.current(work, "journey").pins if pin.kind == "decision"}


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (a_line(("rate", RATE.format("nowhere", ""))), "There is no decision nowhere"),
        (a_line(("rate", RATE.format("risk", "").replace("level", ""))), "needs a name for its result"),
    ],
)
@pytest.mark.usefixtures("published")
def test_a_diagram_that_asks_in_vain_is_refused(database: Database, body: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        publish(
            database, ("process", "lost", a_diagram(body.replace("begun", "b").replace("ended", "e"), process="lost"))
        )


@pytest.mark.parametrize(
    ("key", "content", "says"),
    [
        ("bands", the_table(["-", '"x"'], name="renamed"), "risk: The process trip asks the decision risk"),
        ("again", FIRST, "The decision risk stands in again, bands"),
        ("bands", the_table(["-", '"x"'], ["3", '"y"']), "Rules 1 and 2 match at once"),
        ("bands", the_table([">> 3", '"x"']), "Rule 1, column score: >> 3 is not FEEL"),
        ("bands", b"<not/>", r"choose a \.dmn file"),
    ],
)
@pytest.mark.usefixtures("published")
def test_a_decision_that_would_leave_cases_without_an_answer_is_refused(
    database: Database, key: str, content: bytes, says: str
) -> None:
    with pytest.raises(Invalid, match=says):
        publish(database, ("decision", key, content))


def test_a_decision_that_cannot_be_made_leaves_the_case_as_it_was_and_tells_the_administrators(
    database: Database,
) -> None:
    table = a_table([("score", "number", "[0..100]")], [("band", "string")], ["-", '"x"'])
    content = [("form", "note", a_form("note", SCORE)), ("decision", "bands", a_file(a_decision("risk", table)))]
    publish(database, *content, ("process", "trip", PROCESS))
    case = a_case(database)

    with pytest.raises(Conflict, match="cannot go on at «Calificar»"):
        answer(database, case, 700)

    with look(database, SYSTEM) as work:
        (incident,) = work.session.scalars(select(models.Incident)).all()
        assert "The input score is 700, which the table does not allow" in incident.message % incident.params
    assert list(open_tasks(database, case)) == ["ask"]


def test_an_error_event_catches_a_decision_that_cannot_be_made(database: Database) -> None:
    table = a_table([("score", "number", "[0..100]")], [("band", "string")], ["-", '"x"'])
    caught = '<bpmn:boundaryEvent id="odd" attachedToRef="rate"><bpmn:errorEventDefinition errorRef="e"/></bpmn:boundaryEvent>'
    body = f"{LINE}{caught}{user_task('mend')}{flow('odd', 'mend')}"
    drawn = a_diagram(body, root='<bpmn:error id="e" name="no decision" errorCode="decision"/>')
    content = [("form", "note", a_form("note", SCORE)), ("decision", "bands", a_file(a_decision("risk", table)))]
    publish(database, *content, ("process", "trip", drawn))
    case = a_case(database)

    answer(database, case, 700)

    assert list(open_tasks(database, case)) == ["mend"]


def test_the_moment_of_a_decision_is_the_offices_and_required_decisions_are_told_of(database: Database) -> None:
    inner = a_decision("base", a_table([("score", "number")], [("n", "number")], ["-", "score * 2"]))
    outer = a_decision("risk", a_text("{year: today().year, twice: base}"), "base")
    content = [("form", "note", a_form("note", SCORE)), ("decision", "bands", a_file(inner + outer))]
    publish(database, *content, ("process", "trip", PROCESS))
    case = a_case(database)

    answer(database, case, 4)

    said = made(database, case)
    assert said["outputs"] == {"year": 2026, "twice": 8}
    assert [(step["decision"], step["kind"], step.get("requires")) for step in said["steps"]] == [  # type: ignore[attr-defined]
        ("base", "table", None),
        ("risk", "expression", ["base"]),
    ]


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("", False),
        ('<zeebe:properties><zeebe:property name="shared_with_operator" value="true"/></zeebe:properties>', True),
    ],
)
def test_operators_read_how_the_office_decided_only_where_the_diagram_shares_it(
    database: Database,
    said: str,
    seen: bool,  # noqa: FBT001
) -> None:
    line = a_line(("ask", user_task("ask")), ("rate", RATE.format("risk", said)))
    content = [("form", "note", a_form("note", SCORE)), ("decision", "bands", FIRST)]
    publish(database, *content, ("process", "trip", a_diagram(line)))
    case = a_case(database)
    answer(database, case, 72)
    applicant = an_actor(database, "rosa", "signatory", operators=[_operator(database)])

    with look(database, applicant) as work:
        release = work.session.get_one(models.Case, case).release_id
        (fact,) = [one for one in dossiers.history(work, case, release).rows if one.type == "DecisionMadeV2"]

    assert bool(fact.data["steps"]) is seen
    assert (fact.data["outputs"] == "high") is seen


def test_a_new_decision_begins_as_one_that_can_be_published(database: Database) -> None:
    publish(database, ("decision", "first", starters.content("decision", "first", "Riesgo & más", "Risk")))

    with look(database, SYSTEM) as work:
        assert resources.find(work, "decision", "first").title_en == "Risk"
        assert ("decision", "first") in releases.published(work)


@pytest.mark.usefixtures("published")
def test_the_studio_offers_decisions_by_the_id_that_diagrams_ask(database: Database) -> None:
    with look(database, SYSTEM) as work:
        assert studio.known(work).decisions == [("risk", "risk", "risk")]


def _operator(database: Database) -> str:
    with look(database, SYSTEM) as work:
        return work.session.scalars(select(models.Operator.id)).one()
