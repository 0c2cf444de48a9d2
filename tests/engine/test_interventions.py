"""An administrator looks first at what an intervention would do, then does exactly that, with a reason, or not at all."""

import json
from collections.abc import Mapping

import pytest
from sqlalchemy import select

from engine import history, interventions, tasks
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.interventions import Act, Effect, Kind
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin, look
from engine.worker import Worker
from tests.engine import test_business_rules as rules
from tests.engine.test_calls import (
    DAY,
    MINUTE,
    REST,
    accepts,
    complete,
    events,
    failed_case,
    free_the_number,
    incidents,
    status,
)
from tests.factories import MORNING, a_case, a_form, a_line, an_actor, open_tasks, publish, user_task

TWO = a_line(("write", user_task("write")), ("check", user_task("check", not_by="write")), ("end", user_task("end")))
WHY = "The officer fell ill."


def adela(database: Database) -> Actor:
    return an_actor(database, "adela", "administrator")


def number(database: Database, case: str) -> str:
    with look(database, SYSTEM) as work:
        return work.session.get_one(models.Case, case).number


def token(database: Database, case: str, element: str) -> str:
    with look(database, adela(database), MORNING) as work:
        found = interventions.standing(work, number(database, case)).tokens
        return next(one.task_id for one in found if one.element == element)


def tried(database: Database, case: str, act: Act, actor: Actor | None = None) -> Effect:
    with look(database, actor or adela(database), MORNING) as work:
        return interventions.try_out(work, number(database, case), act)


def done(database: Database, case: str, act: Act, actor: Actor | None = None, reason: str = WHY) -> None:
    revision = tried(database, case, act).revision
    with begin(database, actor or adela(database), MORNING) as work:
        interventions.do(work, number(database, case), act, reason, revision)


def recorded(database: Database, case: str) -> Mapping[str, object]:
    with look(database, SYSTEM) as work:
        query = select(models.Event).where(models.Event.case_id == case, models.Event.type == "CaseIntervened")
        event = work.session.scalars(query).one()
        assert event.actor_id == adela(database).id
        assert history.verify(work, f"case:{case}")[1] is None
        said: dict[str, object] = json.loads(event.data)
        return said


def test_what_a_skip_would_do_is_shown_and_nothing_is_changed(database: Database) -> None:
    case = a_case(database, TWO)
    before = events(database, case)

    effect = tried(database, case, Act(Kind.SKIP, token(database, case, "write"), values={"remark": '"by hand"'}))

    assert (effect.opens, effect.vanishes, effect.ends) == (["check"], ["write"], False)
    assert (effect.before, effect.after) == (["write"], ["check"])
    assert effect.changed == [("remark", None, "by hand")]
    assert effect.steps == [("completed", "write"), ("entered", "check")]
    assert (effect.calls, effect.failures, effect.fault) == ([], [], None)
    assert list(open_tasks(database, case)) == ["write"]
    assert events(database, case) == before


def test_a_skip_is_done_as_it_was_shown_and_recorded_with_before_and_after(database: Database) -> None:
    case = a_case(database, TWO)

    done(database, case, Act(Kind.SKIP, token(database, case, "write"), values={"remark": '"by hand"'}))

    assert list(open_tasks(database, case)) == ["check"]
    said = recorded(database, case)
    assert (said["act"], said["element"], said["reason"]) == ("skip", "write", WHY)
    assert said["before"] == {"stands": ["write"], "values": {}}
    assert said["after"] == {"stands": ["check"], "values": {"remark": "by hand"}}
    with look(database, SYSTEM) as work:
        row = work.session.scalars(select(models.Task).where(models.Task.element == "write")).one()
        assert (row.status, row.done_by) == ("skipped", adela(database).id)


def test_who_let_a_task_go_by_does_not_do_the_one_that_needs_another_person(database: Database) -> None:
    both = an_actor(database, "ana", "analyst", "administrator")
    case = a_case(database, TWO, actor=both)
    done(database, case, Act(Kind.SKIP, token(database, case, "write")), both)

    with pytest.raises(NotAllowed, match="another person"), begin(database, both, MORNING) as work:
        tasks.complete(work, open_tasks(database, case)["check"], {})


@pytest.mark.parametrize("kind", [Kind.SKIP, Kind.MOVE])
def test_who_may_not_do_a_task_may_not_let_it_go_by_either(database: Database, kind: Kind) -> None:
    both = an_actor(database, "ana", "analyst", "administrator")
    case = a_case(database, TWO, actor=both)
    complete(database, case, "write", both)
    act = Act(kind, token(database, case, "check"), "end")

    with pytest.raises(NotAllowed, match="another person"):
        tried(database, case, act, both)
    with pytest.raises(NotAllowed, match="another person"):
        done(database, case, act, both)


@pytest.mark.parametrize("role", ["analyst", "auditor", "process_owner", "director"])
def test_only_an_administrator_intervenes(database: Database, role: str) -> None:
    case = a_case(database, TWO)
    act = Act(Kind.SKIP, token(database, case, "write"))
    other = an_actor(database, "olga", role)

    with pytest.raises(NotAllowed, match="Only an administrator"):
        tried(database, case, act, other)
    with pytest.raises(NotAllowed, match="Only an administrator"):
        done(database, case, act, other)


def test_an_auditor_sees_where_the_case_stands_and_an_officer_does_not(database: Database) -> None:
    case = a_case(database, TWO)

    with look(database, an_actor(database, "aldo", "auditor")) as work:
        found = interventions.standing(work, number(database, case))
    assert [(one.element, one.state) for one in found.tokens] == [("write", "open")]
    with pytest.raises(NotAllowed), look(database, an_actor(database, "ana", "analyst")) as work:
        interventions.standing(work, number(database, case))


def test_a_reason_is_given(database: Database) -> None:
    case = a_case(database, TWO)

    with pytest.raises(Invalid) as refusal:
        done(database, case, Act(Kind.SKIP, token(database, case, "write")), reason="  ")

    assert [problem.where for problem in refusal.value.problems] == ["reason"]


def test_what_has_moved_since_it_was_looked_at_is_looked_at_again(database: Database) -> None:
    case = a_case(database, TWO)
    act = Act(Kind.MOVE, token(database, case, "write"), "end")
    revision = tried(database, case, act).revision
    done(database, case, Act(Kind.CORRECT, values={"remark": "1"}))

    with pytest.raises(Conflict, match="has moved since"), begin(database, adela(database), MORNING) as work:
        interventions.do(work, number(database, case), act, WHY, revision)

    assert list(open_tasks(database, case)) == ["write"]


def test_a_token_is_moved(database: Database) -> None:
    case = a_case(database, TWO)

    done(database, case, Act(Kind.MOVE, token(database, case, "write"), "end"))

    assert list(open_tasks(database, case)) == ["end"]
    assert recorded(database, case)["to"] == "end"
    with look(database, SYSTEM) as work:
        row = work.session.scalars(select(models.Task).where(models.Task.element == "write")).one()
        assert (row.status, row.done_by) == ("cancelled", None)


def test_a_value_is_put_right_by_an_expression_over_what_the_case_knows(database: Database) -> None:
    case = a_case(database, TWO)
    act = Act(Kind.CORRECT, values={"operator_name": 'upper case(operator_name) + " S.A."'})

    assert tried(database, case, act).changed == [("operator_name", "Exportadora Lempa", "EXPORTADORA LEMPA S.A.")]
    done(database, case, act)

    said = recorded(database, case)
    assert said["before"] == {"stands": ["write"], "values": {"operator_name": "Exportadora Lempa"}}
    assert said["after"] == {"stands": ["write"], "values": {"operator_name": "EXPORTADORA LEMPA S.A."}}
    with look(database, SYSTEM) as work:
        assert work.session.get_one(models.Case, case).title == "EXPORTADORA LEMPA S.A."


@pytest.mark.parametrize(("values", "where"), [({}, "name"), ({"remark": "1 +"}, "value"), ({"remark": "x("}, "value")])
def test_a_value_that_cannot_be_read_is_refused_at_its_field(
    database: Database, values: Mapping[str, str], where: str
) -> None:
    case = a_case(database, TWO)

    with pytest.raises(Invalid) as refusal:
        tried(database, case, Act(Kind.CORRECT, values=values))

    assert [problem.where for problem in refusal.value.problems] == [where]


def test_a_service_is_not_called_when_a_retry_is_looked_at(office: Database, caplog: pytest.LogCaptureFixture) -> None:
    case = failed_case(office, retries=1)
    free_the_number(office)
    act = Act(Kind.RETRY, token(office, case, "open"))

    effect = tried(office, case, act)

    assert effect.calls == [("open", "applications.open")]
    assert (effect.opens, effect.failures, effect.after) == ([], [], ["open"])
    assert events(office, case, "StateChanged") == []
    done(office, case, act)
    assert list(open_tasks(office, case)) == ["then"]
    assert incidents(office) == []
    assert caplog.records


def test_a_retry_that_fails_once_more_leaves_one_incident(office: Database, caplog: pytest.LogCaptureFixture) -> None:
    case = failed_case(office, retries=1)

    done(office, case, Act(Kind.RETRY, token(office, case, "open")))

    assert len(incidents(office)) == 1
    assert len(events(office, case, "ServiceFailed")) == 2
    assert caplog.records


def test_a_refusal_is_told_to_the_administrator_who_tries_again(office: Database) -> None:
    case = a_case(office, a_line(("rest", REST), ("accept", accepts())))
    for minute in range(5):
        Worker(office, "one").drain(MORNING + (minute + 1) * MINUTE)

    with pytest.raises(NotFound):
        done(office, case, Act(Kind.RETRY, token(office, case, "accept")))

    assert len(incidents(office)) == 1


def test_skipping_what_failed_ends_its_incident_and_the_case(office: Database) -> None:
    case = a_case(office, a_line(("rest", REST), ("accept", accepts())))
    for minute in range(5):
        Worker(office, "one").drain(MORNING + (minute + 1) * MINUTE)
    act = Act(Kind.SKIP, token(office, case, "accept"))
    assert tried(office, case, act).ends

    done(office, case, act)

    assert status(office, case) == "completed"
    assert incidents(office) == []
    assert incidents(office, resolved=True)[0].resolution == "The case ended."


def test_what_would_go_wrong_is_shown_at_its_element(database: Database) -> None:
    untimed = REST.replace(">PT1M<", ">=operator_name<")
    case = a_case(database, a_line(("write", user_task("write")), ("rest", untimed)))

    effect = tried(database, case, Act(Kind.SKIP, token(database, case, "write")))

    assert effect.fault is not None
    assert (effect.fault.where, effect.opens, effect.changed) == ("rest", [], [])


def test_a_case_goes_on_with_what_is_due(database: Database) -> None:
    case = a_case(database, a_line(("rest", REST), ("then", user_task("then"))))
    act = Act(Kind.RESUME)

    with look(database, adela(database), MORNING + DAY) as work:
        effect = interventions.try_out(work, number(database, case), act)
    assert (effect.opens, [(kind, element) for kind, element, _due in effect.waits_no_more]) == (
        ["then"],
        [("timer", "rest")],
    )
    with begin(database, adela(database), MORNING + DAY) as work:
        interventions.do(work, number(database, case), act, WHY, effect.revision)

    assert list(open_tasks(database, case)) == ["then"]


def test_a_case_that_has_ended_is_left_alone(database: Database) -> None:
    case = a_case(database, a_line(("write", user_task("write"))))
    complete(database, case, "write", an_actor(database, "ana", "analyst"))

    with pytest.raises(Conflict, match="has ended"):
        tried(database, case, Act(Kind.RESUME))
    with pytest.raises(NotFound), look(database, adela(database)) as work:
        interventions.try_out(work, "TR-2026-9999", Act(Kind.RESUME))


def test_a_job_that_was_given_up_is_sent_again_and_its_incident_ends(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    with begin(database, SYSTEM, MORNING) as work:
        job = models.Outbox(id="job", kind="letter", payload={"letter_id": "none"}, created_at=work.now)
        work.session.add(job)
        job.attempts, job.last_error = 8, "it broke"
        told = models.Incident(id="told", cause="outbox", element="letter", message="m", at=work.now, outbox_id="job")
        work.session.add(told)

    with pytest.raises(NotAllowed), begin(database, an_actor(database, "ana", "analyst")) as work:
        interventions.send_again(work, "told")
    with begin(database, adela(database), MORNING) as work:
        interventions.send_again(work, "told")
    with pytest.raises(Conflict), begin(database, adela(database), MORNING) as work:
        interventions.send_again(work, "told")

    Worker(database, "one").once(MORNING)
    with look(database, SYSTEM) as work:
        assert work.session.get_one(models.Outbox, "job").attempts == 1
    assert caplog.records


def test_a_decision_is_made_when_an_intervention_is_looked_at_and_not_recorded(database: Database) -> None:
    form, table = ("form", "note", a_form("note", rules.SCORE)), ("decision", "bands", rules.FIRST)
    publish(database, form, table, ("process", "trip", rules.PROCESS))
    case = rules.a_case(database)
    act = Act(Kind.SKIP, token(database, case, "ask"), values={"score": "60"})

    effect = tried(database, case, act)

    assert (effect.opens, effect.calls) == (["see"], [])
    assert ("level", None, "high") in effect.changed
    assert events(database, case, "DecisionMadeV2") == []
    done(database, case, act)
    assert len(events(database, case, "DecisionMadeV2")) == 1
