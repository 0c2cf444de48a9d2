"""A task is done once, by somebody who may, with answers that fit its form; whatever is refused changes nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import tasks
from engine.domain.errors import Conflict, Invalid, NotAllowed, NotFound, Refusal
from engine.history import verify
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin, look
from tests.factories import MORNING, a_case, a_line, an_actor, flow, open_tasks, user_task

LATER = MORNING + timedelta(hours=2)
TWO_TASKS = a_line(("write", user_task("write")), ("sign", user_task("sign", not_by="write")))


@pytest.fixture
def ana(database: Database) -> Actor:
    return an_actor(database, "ana", "analyst")


@pytest.fixture
def luis(database: Database) -> Actor:
    return an_actor(database, "luis", "analyst")


def attempt(database: Database, actor: Actor, act: Callable[..., None], *arguments: object) -> None:
    with begin(database, actor, LATER) as work:
        act(work, *arguments)


def types(database: Database, case_id: str) -> list[str]:
    with look(database, SYSTEM) as work:
        query = select(models.Event.type).where(models.Event.case_id == case_id).order_by(models.Event.id)
        return list(work.session.scalars(query))


def test_a_completed_task_moves_the_case_to_the_next(database: Database, ana: Actor) -> None:
    case = a_case(database, TWO_TASKS)
    assert list(open_tasks(database, case)) == ["write"]

    attempt(database, ana, tasks.complete, open_tasks(database, case)["write"], {"remark": "ready"})

    assert list(open_tasks(database, case)) == ["sign"]
    assert types(database, case) == ["CaseStarted", "TokensMoved", "TaskCompleted", "TokensMoved"]


def test_a_case_ends_with_its_last_task(database: Database, ana: Actor, luis: Actor) -> None:
    case = a_case(database, TWO_TASKS)
    attempt(database, ana, tasks.complete, open_tasks(database, case)["write"], {})

    attempt(database, luis, tasks.complete, open_tasks(database, case)["sign"], {})

    with look(database, SYSTEM) as work:
        row = work.session.get_one(models.Case, case)
        assert (row.status, row.completed_at) == ("completed", LATER)
        assert verify(work, f"case:{case}") == (7, None)
    assert types(database, case)[-1] == "CaseCompleted"


def test_the_history_tells_the_answers_and_what_stood_there_before(database: Database, ana: Actor, luis: Actor) -> None:
    case = a_case(database, TWO_TASKS)
    attempt(database, ana, tasks.complete, open_tasks(database, case)["write"], {"remark": "first"})
    attempt(database, luis, tasks.complete, open_tasks(database, case)["sign"], {"remark": "second"})

    with look(database, SYSTEM) as work:
        query = select(models.Event.data).where(models.Event.case_id == case, models.Event.type == "TaskCompleted")
        last = list(work.session.scalars(query.order_by(models.Event.id)))[-1]
    assert '"answers":{"remark":"second"}' in last
    assert '"before":{"remark":"first"}' in last


@pytest.mark.parametrize("act", [tasks.claim, tasks.release])
def test_there_is_nothing_to_do_with_a_task_that_does_not_exist(
    database: Database, ana: Actor, act: Callable[..., None]
) -> None:
    with pytest.raises(NotFound):
        attempt(database, ana, act, "no such task")


def test_a_task_is_only_for_its_role(database: Database) -> None:
    case = a_case(database, TWO_TASKS)
    stranger = an_actor(database, "vera", "validator", "auditor")

    for act, more in ((tasks.claim, ()), (tasks.complete, ({},)), (tasks.save_draft, ({},))):
        with pytest.raises(NotAllowed):
            attempt(database, stranger, act, open_tasks(database, case)["write"], *more)

    assert types(database, case) == ["CaseStarted", "TokensMoved"]


def test_who_wrote_may_not_sign(database: Database, ana: Actor, luis: Actor) -> None:
    case = a_case(database, TWO_TASKS)
    attempt(database, ana, tasks.complete, open_tasks(database, case)["write"], {})

    with pytest.raises(NotAllowed, match="another person"):
        attempt(database, ana, tasks.claim, open_tasks(database, case)["sign"])
    attempt(database, luis, tasks.claim, open_tasks(database, case)["sign"])


def test_an_operators_task_is_only_for_who_acts_for_that_operator(database: Database) -> None:
    case = a_case(database, a_line(("file", user_task("file", role="preparer"))))
    with look(database, SYSTEM) as work:
        operator = work.session.get_one(models.Case, case).operator_id
    own = an_actor(database, "rosa", "preparer", operators=[str(operator)])
    other = an_actor(database, "saul", "preparer")

    with pytest.raises(NotAllowed):
        attempt(database, other, tasks.complete, open_tasks(database, case)["file"], {})
    attempt(database, own, tasks.complete, open_tasks(database, case)["file"], {})


def test_a_claimed_task_is_closed_to_others_until_it_is_released(database: Database, ana: Actor, luis: Actor) -> None:
    case = a_case(database, TWO_TASKS)
    task = open_tasks(database, case)["write"]
    attempt(database, ana, tasks.claim, task)

    with pytest.raises(Conflict, match="Ana has taken this task"):
        attempt(database, luis, tasks.complete, task, {})
    with pytest.raises(Conflict):
        attempt(database, luis, tasks.release, task)
    attempt(database, ana, tasks.release, task)
    attempt(database, luis, tasks.complete, task, {})


def test_a_draft_is_kept_as_typed_and_takes_the_task(database: Database, ana: Actor, luis: Actor) -> None:
    case = a_case(database, TWO_TASKS)
    task = open_tasks(database, case)["write"]

    attempt(database, ana, tasks.save_draft, task, {"remark": "half a sen"})

    with look(database, SYSTEM) as work:
        row = work.session.get_one(models.Task, task)
        assert row.draft == {"remark": "half a sen"}
        assert row.assignee_id == ana.id
    with pytest.raises(Conflict):
        attempt(database, luis, tasks.save_draft, task, {"remark": "mine"})


def test_answers_that_the_form_does_not_know_are_refused_by_name(database: Database, ana: Actor) -> None:
    case = a_case(database, TWO_TASKS)

    with pytest.raises(Invalid) as refused:
        attempt(
            database, ana, tasks.complete, open_tasks(database, case)["write"], {"approved": True, "__class__": "x"}
        )

    assert {problem.where for problem in refused.value.problems} == {"approved", "__class__"}
    assert list(open_tasks(database, case)) == ["write"]


def test_a_task_done_twice_is_done_once_and_the_second_hears_who_was_first(
    database: Database, ana: Actor, luis: Actor
) -> None:
    case = a_case(database, TWO_TASKS)
    task = open_tasks(database, case)["write"]
    attempt(database, ana, tasks.complete, task, {"remark": "mine"})

    with pytest.raises(Conflict, match="Ana has already completed"):
        attempt(database, luis, tasks.complete, task, {"remark": "no, mine"})

    assert types(database, case).count("TaskCompleted") == 1


def test_the_same_command_sent_twice_is_answered_twice_and_done_once(database: Database, ana: Actor) -> None:
    case = a_case(database, TWO_TASKS)
    task = open_tasks(database, case)["write"]

    attempt(database, ana, tasks.complete, task, {}, "a key of one page")
    attempt(database, ana, tasks.complete, task, {}, "a key of one page")

    assert types(database, case).count("TaskCompleted") == 1


def test_of_two_people_at_once_one_does_the_task(database: Database, ana: Actor, luis: Actor) -> None:
    case = a_case(database, TWO_TASKS)
    task = open_tasks(database, case)["write"]

    def one(actor: Actor) -> str:
        try:
            attempt(database, actor, tasks.complete, task, {"remark": actor.name})
        except Refusal as refusal:
            return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(one, [ana, luis, ana, luis]))

    assert outcomes == ["Conflict", "Conflict", "Conflict", "done"]
    assert types(database, case).count("TaskCompleted") == 1


def test_two_branches_done_at_once_both_count(database: Database, ana: Actor, luis: Actor) -> None:
    body = (
        '<bpmn:startEvent id="begun"/><bpmn:parallelGateway id="split"/><bpmn:parallelGateway id="join"/>'
        + user_task("left")
        + user_task("right")
        + user_task("after")
        + '<bpmn:endEvent id="ended"/>'
        + "".join(
            flow(a, b)
            for a, b in [
                ("begun", "split"),
                ("split", "left"),
                ("split", "right"),
                ("left", "join"),
                ("right", "join"),
                ("join", "after"),
                ("after", "ended"),
            ]
        )
    )
    case = a_case(database, body)
    both = open_tasks(database, case)

    with ThreadPoolExecutor(2) as pool:
        pairs = [(ana, both["left"]), (luis, both["right"])]
        list(pool.map(lambda pair: attempt(database, pair[0], tasks.complete, pair[1], {}), pairs))

    assert list(open_tasks(database, case)) == ["after"]


def test_the_first_look_of_who_may_do_it_is_noted(database: Database, ana: Actor) -> None:
    case = a_case(database, TWO_TASKS)
    task = open_tasks(database, case)["write"]

    attempt(database, an_actor(database, "auda", "auditor"), tasks.view, task)
    with look(database, SYSTEM) as work:
        assert work.session.get_one(models.Task, task).viewed_at is None
    attempt(database, ana, tasks.view, task)
    with look(database, SYSTEM) as work:
        assert work.session.get_one(models.Task, task).viewed_at == LATER
