"""A service that fails undoes nothing but itself; it is tried again, then caught as an error, then somebody is told."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from engine import cases, history, tasks, timers
from engine.domain.errors import Conflict, NotFound
from engine.domain.events import CaseCancelled
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin, look
from engine.worker import Worker
from engine.workflow import Run
from tests.factories import MORNING, a_case, a_line, an_actor, flow, open_tasks, user_task

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
TAKEN = "SOL-2026-0001"


def service(name: str, kind: str, *inputs: tuple[str, str], retries: int | None = None) -> str:
    lines = "".join(f'<zeebe:input source="{source}" target="{target}"/>' for target, source in inputs)
    count = "" if retries is None else f' retries="{retries}"'
    return (
        f'<bpmn:serviceTask id="{name}" name="{name}"><bpmn:extensionElements><zeebe:taskDefinition type="{kind}"{count}/>'
        f"<zeebe:ioMapping>{lines}</zeebe:ioMapping></bpmn:extensionElements></bpmn:serviceTask>"
    )


def opens(**how: int) -> str:
    """Opens an application; it fails as long as the next number of the series is taken already."""
    inputs = ("operator_id", "=operator_id"), ("programme", "=&quot;sv&quot;"), ("types", "=[&quot;exporter&quot;]")
    return service("open", "applications.open", *inputs, retries=how.get("retries"))


def accepts() -> str:
    """Accepts an application that does not exist: the service says no."""
    return service("accept", "applications.accept", ("application_id", "=&quot;nothing&quot;"))


REST = (
    '<bpmn:intermediateCatchEvent id="rest" name="rest"><bpmn:timerEventDefinition id="rest_timer"><bpmn:timeDuration '
    'xsi:type="bpmn:tFormalExpression">PT1M</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>'
)


def caught(host: str, code: str = "") -> tuple[str, str]:
    """A boundary event for errors with this code (for all, if none is given), and the root element that it needs."""
    reference = f' errorRef="error_{code}"' if code else ""
    body = f'<bpmn:boundaryEvent id="bad" attachedToRef="{host}"><bpmn:errorEventDefinition id="bad_error"{reference}/>'
    body += f"</bpmn:boundaryEvent>{user_task('instead')}" + flow("bad", "instead") + flow("instead", "ended")
    return body, f'<bpmn:error id="error_{code}" name="{code}" errorCode="{code}"/>' if code else ""


def take_the_number(office: Database) -> None:
    """An application has the number that the series would give next."""
    with begin(office, SYSTEM, MORNING) as work:
        operator = models.Operator(id="other", tax_id="1", name="Otra", kind="exporter", created_at=work.now)
        work.session.add(operator)
        work.session.flush()
        work.session.add(
            models.Application(
                id="taken",
                number=TAKEN,
                operator_id="other",
                programme="sv",
                types=[],
                state="A0",
                created_at=work.now,
            )
        )


def free_the_number(office: Database) -> None:
    with begin(office, SYSTEM, MORNING) as work:
        work.session.execute(update(models.Application).where(models.Application.id == "taken").values(number="old"))


def complete(office: Database, case: str, element: str, actor: Actor) -> None:
    task = open_tasks(office, case)[element]
    with begin(office, actor, MORNING) as work:
        tasks.complete(work, task, {})


def failed_case(office: Database, *, retries: int | None = None, more: str = "", root: str = "") -> str:
    """A case whose officer did a task, after which the service failed in earnest."""
    take_the_number(office)
    how = {} if retries is None else {"retries": retries}
    line = a_line(("write", user_task("write")), ("open", opens(**how)), ("then", user_task("then")))
    case = a_case(office, line + more, root=root)
    complete(office, case, "write", ana(office))
    return case


def ana(office: Database) -> Actor:
    return an_actor(office, "ana", "analyst")


def events(office: Database, case: str, *kinds: str) -> list[tuple[str, str]]:
    with look(office, SYSTEM) as work:
        query = select(models.Event.type, models.Event.actor_id).where(models.Event.case_id == case)
        found = work.session.execute(query.order_by(models.Event.id)).all()
        assert history.verify(work, f"case:{case}")[1] is None
        return [(kind, actor) for kind, actor in found if not kinds or kind in kinds]


def jobs(office: Database) -> list[models.Outbox]:
    with look(office, SYSTEM) as work:
        query = select(models.Outbox).where(models.Outbox.kind == "service", models.Outbox.done_at.is_(None))
        return list(work.session.scalars(query))


def incidents(office: Database, *, resolved: bool = False) -> list[models.Incident]:
    with look(office, SYSTEM) as work:
        query = select(models.Incident).order_by(models.Incident.id)
        return [one for one in work.session.scalars(query) if (one.resolved_at is not None) == resolved]


def test_a_service_that_fails_undoes_itself_and_nothing_else(
    office: Database, caplog: pytest.LogCaptureFixture
) -> None:
    case = failed_case(office)

    assert open_tasks(office, case) == {}
    with look(office, SYSTEM) as work:
        assert work.session.scalars(select(models.StatusChange)).all() == []
        assert work.session.scalar(select(models.NumberSeries).where(models.NumberSeries.series == "SOL")) is None
        assert work.session.get_one(models.Case, case).application_id is None
        assert work.session.scalars(select(models.Task.status)).all() == ["done"]
    kinds = [kind for kind, _actor in events(office, case)]
    assert (kinds.count("ServiceFailed"), kinds.count("TaskCompleted"), kinds.count("StateChanged")) == (1, 1, 0)
    assert incidents(office) == []
    assert "the service applications.open failed" in caplog.text


def test_it_is_tried_again_later_in_the_name_of_who_asked_first(office: Database) -> None:
    case = failed_case(office)
    (job,) = jobs(office)
    assert job.next_attempt_at is not None
    assert timedelta(seconds=2) < job.next_attempt_at - MORNING <= timedelta(seconds=5)
    free_the_number(office)

    Worker(office, "one").drain(MORNING + MINUTE)

    assert list(open_tasks(office, case)) == ["then"]
    assert events(office, case, "StateChanged", "ServiceRetried") == [
        ("ServiceRetried", SYSTEM.id),
        ("StateChanged", ana(office).id),
    ]
    assert jobs(office) == []


def test_each_try_waits_longer_and_after_the_last_one_somebody_is_told(
    office: Database, caplog: pytest.LogCaptureFixture
) -> None:
    case, now, waits = failed_case(office), MORNING, []

    while (waiting := jobs(office)) and waiting[0].next_attempt_at is not None:
        waits.append(waiting[0].next_attempt_at - now)
        now = waiting[0].next_attempt_at
        Worker(office, "one").drain(now)

    assert len(waits) == 2
    assert waits[0] <= timedelta(seconds=5) <= waits[1] <= timedelta(seconds=10)
    (incident,) = incidents(office)
    assert (incident.case_id, incident.element, incident.cause) == (case, "open", "service")
    assert (incident.owner, incident.remedy) == ("administrator", "try_again")
    assert "UNIQUE" in incident.message.upper()
    assert "INSERT" not in incident.message
    assert len(caplog.records) == 3


def test_a_diagram_may_ask_for_no_second_try(office: Database, caplog: pytest.LogCaptureFixture) -> None:
    failed_case(office, retries=1)

    assert jobs(office) == []
    assert len(incidents(office)) == 1
    assert caplog.records


def test_after_the_last_try_the_diagram_catches_the_error(office: Database, caplog: pytest.LogCaptureFixture) -> None:
    body, root = caught("open")
    case = failed_case(office, retries=2, more=body, root=root)
    assert open_tasks(office, case) == {}

    Worker(office, "one").drain(MORNING + MINUTE)

    assert list(open_tasks(office, case)) == ["instead"]
    assert incidents(office) == []
    assert caplog.records


def test_an_incident_ends_itself_when_its_case_goes_on(office: Database, caplog: pytest.LogCaptureFixture) -> None:
    case = failed_case(office, retries=1)
    free_the_number(office)

    with begin(office, an_actor(office, "adela", "administrator"), MORNING + DAY) as work:
        row = cases.lock(work, case)
        cases.move(work, row, _again)

    (incident,) = incidents(office, resolved=True)
    assert (incident.resolution, incident.resolved_at) == ("The case went on from there.", MORNING + DAY)
    assert events(office, case, "StateChanged") == [("StateChanged", ana(office).id)]
    assert caplog.records


def _again(run: Run) -> CaseCancelled:
    run.retry(run.failures()[0].task_id)
    return CaseCancelled("by hand")


def test_a_job_whose_token_went_away_does_nothing(office: Database, caplog: pytest.LogCaptureFixture) -> None:
    timer = (
        '<bpmn:boundaryEvent id="late" attachedToRef="open"><bpmn:timerEventDefinition id="late_timer"><bpmn:timeDuration '
        'xsi:type="bpmn:tFormalExpression">PT1S</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>'
    )
    more = timer + user_task("instead") + flow("late", "instead") + flow("instead", "ended")
    case = failed_case(office, more=more)
    free_the_number(office)
    with begin(office, SYSTEM, MORNING + MINUTE) as work:
        timers.fire(work, case)

    Worker(office, "one").drain(MORNING + MINUTE)

    assert list(open_tasks(office, case)) == ["instead"]
    assert jobs(office) == []
    assert events(office, case, "StateChanged", "ServiceRetried") == []
    assert caplog.records


def test_a_refusal_is_read_by_whoever_acts_and_nothing_has_changed(office: Database) -> None:
    case = a_case(office, a_line(("write", user_task("write")), ("accept", accepts())))

    with pytest.raises(NotFound):
        complete(office, case, "write", ana(office))

    assert list(open_tasks(office, case)) == ["write"]
    assert events(office, case, "ServiceFailed", "TaskCompleted") == []


@pytest.mark.parametrize("code", ["not_found", ""])
def test_a_refusal_that_the_diagram_catches_is_no_bodys_to_read(office: Database, code: str) -> None:
    body, root = caught("accept", code)
    case = a_case(office, a_line(("write", user_task("write")), ("accept", accepts())) + body, root=root)

    complete(office, case, "write", ana(office))

    assert list(open_tasks(office, case)) == ["instead"]
    assert (jobs(office), incidents(office)) == ([], [])


def test_a_refusal_that_the_diagram_catches_by_another_code_is_read(office: Database) -> None:
    body, root = caught("accept", "barred")
    case = a_case(office, a_line(("write", user_task("write")), ("accept", accepts())) + body, root=root)

    with pytest.raises(NotFound):
        complete(office, case, "write", ana(office))


def test_a_refusal_that_nobody_reads_is_tried_again_and_then_told(office: Database) -> None:
    a_case(office, a_line(("rest", REST), ("accept", accepts())))

    for minute in range(5):
        Worker(office, "one").drain(MORNING + (minute + 1) * MINUTE)

    (incident,) = incidents(office)
    assert (incident.element, incident.owner, incident.remedy) == ("accept", "process_owner", "mend_call")


def test_a_bar_has_a_code_of_its_own() -> None:
    assert (Conflict("No.").code, Conflict("No.").named("barred").code, Conflict.code) == (
        "conflict",
        "barred",
        "conflict",
    )


def test_an_error_that_nothing_catches_is_told_and_the_case_does_not_end(office: Database) -> None:
    body = '<bpmn:startEvent id="begun"/>' + user_task("write") + flow("begun", "write") + flow("write", "bad")
    body += '<bpmn:endEvent id="bad"><bpmn:errorEventDefinition id="bad_error" errorRef="error_lost"/></bpmn:endEvent>'
    case = a_case(office, body, root='<bpmn:error id="error_lost" name="lost" errorCode="lost"/>')

    complete(office, case, "write", ana(office))

    (incident,) = incidents(office)
    assert (incident.cause, incident.element, incident.owner) == ("error", "bad", "process_owner")
    assert status(office, case) == "active"


def status(office: Database, case: str) -> str:
    with look(office, SYSTEM) as work:
        return work.session.get_one(models.Case, case).status


def test_an_escalation_that_nothing_catches_is_no_incident(office: Database) -> None:
    up = (
        '<bpmn:intermediateThrowEvent id="up" name="up"><bpmn:escalationEventDefinition id="up_it" escalationRef="late"/>'
        "</bpmn:intermediateThrowEvent>"
    )
    root = '<bpmn:escalation id="late" name="late" escalationCode="late"/>'
    case = a_case(office, a_line(("up", up), ("then", user_task("then"))), root=root)

    assert list(open_tasks(office, case)) == ["then"]
    assert incidents(office) == []
