"""A decision imports another file of the office by its namespace; the release pins both, and a case keeps them."""

import json
from collections.abc import Sequence

import pytest
from sqlalchemy import select

from engine import pins, starts, tasks
from engine.domain.errors import Invalid
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, begin, look
from tests.decisions.drawn import a_decision, a_library, a_text
from tests.factories import a_diagram, a_form, a_line, an_actor, an_operator, open_tasks, publish, user_task

SCORE = {"type": "number", "key": "score", "id": "score", "label": "Puntos"}
RATE = (
    '<bpmn:businessRuleTask id="rate" name="Calificar"><bpmn:extensionElements>'
    '<zeebe:calledDecision decisionId="risk" resultVariable="level"/></bpmn:extensionElements></bpmn:businessRuleTask>'
)
LINE = a_line(("ask", user_task("ask")), ("rate", RATE), ("see", user_task("see")))


def limits(floor: str, *, name: str = "floor", **imports: str) -> bytes:
    return a_library("urn:limits", a_decision(name, a_text(floor)), **imports)


def bands(requires: str = "urn:limits#floor", **imports: str) -> bytes:
    line = f'<informationRequirement><requiredDecision href="{requires}"/></informationRequirement>'
    text = a_text('if score >= limits.floor then "high" else "low"')
    body = f'<decision id="risk" name="risk"><variable name="risk"/>{line}{text}</decision>'
    return a_library("urn:bands", body, **(imports or {"limits": "urn:limits"}))


@pytest.fixture
def published(database: Database) -> Database:
    """An office whose process asks a decision that takes its limit from another file."""
    publish(
        database,
        ("form", "note", a_form("note", SCORE)),
        ("decision", "limits", limits("50")),
        ("decision", "bands", bands()),
        ("process", "trip", a_diagram(LINE)),
    )
    return database


def a_case(database: Database) -> str:
    with look(database, SYSTEM) as work:
        operator = work.session.scalar(select(models.Operator.id))
    with begin(database, an_actor(database, "ana", "analyst")) as work:
        return starts.begin(work, "trip", {}, operator_id=operator or an_operator(database)).id


def outcome(database: Database, case: str, score: int) -> object:
    """What the decision answers in the case, as its history says."""
    task = open_tasks(database, case)["ask"]
    with begin(database, an_actor(database, "ana", "analyst")) as work:
        tasks.complete(work, task, {"score": score})
    with look(database, SYSTEM) as work:
        query = select(models.Event.data).where(models.Event.case_id == case, models.Event.type == "DecisionMadeV2")
        return json.loads(work.session.scalars(query).one())["outputs"]


def refusal(database: Database, *content: tuple[str, str, bytes]) -> Sequence[str]:
    with pytest.raises(Invalid) as refused:
        publish(database, *content)
    return [str(one) for one in refused.value.problems]


def test_a_running_case_keeps_what_its_decision_imported_when_it_began(published: Database) -> None:
    old = a_case(published)
    publish(published, ("decision", "limits", limits("90")))
    new = a_case(published)

    assert (outcome(published, old, 72), outcome(published, new, 72)) == ("high", "low")


def test_a_release_pins_what_its_decisions_import(published: Database) -> None:
    with look(published, SYSTEM) as work:
        release = pins.current(work, "trip")

        pinned = {pin.key for pin in release.pins if pin.kind == "decision"}

        assert pinned == {"risk", pins.of_namespace("urn:limits")}


def test_a_new_text_of_an_imported_file_makes_a_new_release_of_what_asks(published: Database) -> None:
    publish(published, ("decision", "limits", limits("90")))

    with look(published, SYSTEM) as work:
        assert pins.current(work, "trip").number == 2


def test_an_import_that_nobody_put_to_work_is_refused_with_what_to_do(database: Database) -> None:
    said = refusal(database, ("decision", "bands", bands()))

    assert said == [
        (
            "Line 1 imports urn:limits, and no decision in force has that namespace; correct it, or put that decision to work"
            " first. There are: —."
        ),
    ]


def test_files_that_import_one_another_are_refused_with_their_names(published: Database) -> None:
    said = refusal(published, ("decision", "limits", limits("90", back="urn:bands")))

    assert said == [
        "These decisions import one another in a circle: limits → bands → limits. Remove one of the imports."
    ]


def test_what_another_file_imports_cannot_be_taken_away(published: Database) -> None:
    said = refusal(published, ("decision", "limits", limits("50", name="ceiling")))

    assert len(said) == 1
    assert said[0].startswith("The decision bands, which imports others, could not be made any more: ")
    assert "floor" in said[0]


def test_the_namespace_that_another_file_imports_cannot_be_changed(published: Database) -> None:
    said = refusal(published, ("decision", "limits", a_library("urn:moved", a_decision("floor", a_text("50")))))

    assert said == [
        (
            "The decision bands, which imports others, could not be made any more: Line 1 imports urn:limits, and no decision"
            " in force has that namespace; correct it, or put that decision to work first. There are: urn:moved."
        ),
    ]
