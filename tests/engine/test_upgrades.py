"""Running cases go on in a newer release: what they keep, who may move them, and how long it can be taken back."""

from collections.abc import Mapping
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import undefer

from engine import cases, history, outlooks, pins, starts, tasks, upgrades
from engine.domain.errors import Conflict, Invalid, NotAllowed, Refusal
from engine.outlooks import Choice
from engine.queries import dossiers
from engine.queries import tasks as task_pages
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin, look
from engine.worker import Worker
from tests.factories import (
    MORNING,
    a_case,
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

NOON = MORNING + timedelta(hours=3)
LATE = (
    '<bpmn:boundaryEvent id="late" attachedToRef="one" cancelActivity="false"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">{}</bpmn:timeDuration></bpmn:timerEventDefinition>'
    '</bpmn:boundaryEvent><bpmn:endEvent id="told"/>' + flow("late", "told")
)


def line(*names: str, **forms: str) -> str:
    return a_line(*((name, user_task(name, form=forms.get(name, "note"))) for name in names))


def redraw(database: Database, body: str) -> str:
    """Publishes another drawing of the process; the id of the release that this makes."""
    publish(database, ("process", "trip", a_diagram(body)), now=MORNING)
    with look(database, SYSTEM) as work:
        return pins.current(work, "trip").id


def dora(database: Database) -> Actor:
    return an_actor(database, "dora", "process_owner")


def pablo(database: Database) -> Actor:
    return an_actor(database, "pablo", "process_owner")


def ana(database: Database) -> Actor:
    return an_actor(database, "ana", "analyst")


def asked(
    database: Database,
    release: str,
    choice: Choice | None = None,
    mapping: Mapping[str, str] | None = None,
    again: tuple[str, ...] = (),
) -> str:
    with begin(database, dora(database), NOON) as work:
        return upgrades.ask(work, release, choice or Choice(), mapping or {}, again, "the law has changed").id


def moved(
    database: Database, release: str, mapping: Mapping[str, str] | None = None, again: tuple[str, ...] = ()
) -> str:
    upgrade = asked(database, release, None, mapping, again)
    with begin(database, pablo(database), NOON) as work:
        upgrades.approve(work, upgrade)
    Worker(database, "one").drain(NOON)
    return upgrade


def row(database: Database, upgrade: str, case: str) -> models.UpgradeCase:
    with look(database, SYSTEM) as work:
        return work.session.get_one(models.UpgradeCase, (upgrade, case))


def case_of(database: Database, case: str) -> models.Case:
    with look(database, SYSTEM) as work:
        return work.session.get_one(models.Case, case, options=[undefer(models.Case.state)])


def task_of(database: Database, task: str) -> models.Task:
    with look(database, SYSTEM) as work:
        return work.session.get_one(models.Task, task, options=[undefer(models.Task.draft)])


def do(database: Database, case: str, element: str, **answers: object) -> None:
    with begin(database, ana(database), NOON) as work:
        tasks.complete(work, open_tasks(database, case)[element], answers)


def told(database: Database, case: str) -> list[str]:
    with look(database, SYSTEM) as work:
        return [link.type for link in history.events_of(work, f"case:{case}")]


def test_a_moved_case_goes_on_as_the_new_release_is_drawn(database: Database) -> None:
    case = a_case(database, line("one"))
    task = open_tasks(database, case)["one"]

    upgrade = moved(database, redraw(database, line("one", "two")))

    assert row(database, upgrade, case).status == "moved"
    assert open_tasks(database, case) == {"one": task}
    do(database, case, "one")
    assert list(open_tasks(database, case)) == ["two"]
    do(database, case, "two")
    assert case_of(database, case).status == "completed"


def test_the_history_says_who_moved_the_case_and_why(database: Database) -> None:
    case = a_case(database, line("one"))

    moved(database, redraw(database, line("one", "two")))

    with look(database, SYSTEM) as work:
        fact = dossiers.history(work, case, case_of(database, case).release_id).rows[0]
        assert history.verify(work, f"case:{case}")[1] is None
        kinds = [link.type for link in history.events_of(work, "resource:process:trip")]
    assert (fact.type, fact.data["before"], fact.data["after"]) == ("CaseUpgraded", 1, 2)
    assert (fact.data["asked_by"], fact.data["approved_by"]) == ("Dora", "Pablo")
    assert fact.data["reason"] == "the law has changed"
    assert kinds[-2:] == ["UpgradeAsked", "UpgradeApproved"]


def test_an_open_task_keeps_its_draft_its_holder_and_its_age_and_follows_the_drawing(database: Database) -> None:
    case = a_case(database, line("one"))
    task = open_tasks(database, case)["one"]
    with begin(database, ana(database), MORNING) as work:
        tasks.save_draft(work, task, {"remark": "half"})
    before = task_of(database, task)
    with_name = line("one", "two").replace('name="one"', 'name="Uno"')

    moved(database, redraw(database, with_name))

    after = task_of(database, task)
    assert (after.name, after.draft, after.draft_by) == ("Uno", {"remark": "half"}, before.draft_by)
    assert (after.assignee_id, after.claimed_at, after.opened_at) == (
        before.assignee_id,
        before.claimed_at,
        before.opened_at,
    )
    assert after.release_id == case_of(database, case).release_id


def test_answers_of_a_draft_that_the_new_form_does_not_ask_are_kept_and_told(database: Database) -> None:
    case = a_case(database, line("one"))
    task = open_tasks(database, case)["one"]
    with begin(database, ana(database), MORNING) as work:
        tasks.save_draft(work, task, {"remark": "half"})
    other = {"type": "textfield", "key": "opinion", "id": "opinion", "label": "Opinión"}
    publish(database, ("form", "view", a_form("view", other)))
    release = redraw(database, line("one", one="view"))

    with look(database, dora(database), NOON) as work:
        target = outlooks.release(work, release)
        (outlook,) = outlooks.of_cases(work, target, Choice(), {}, ())
    assert [str(one) for one in outlook.plan.warnings] == [
        "one: The draft answers what the new form does not ask: remark. It is kept beside the draft."
    ]
    upgrade = moved(database, release)

    assert row(database, upgrade, case).leftover == {task: {"remark": "half"}}
    assert task_of(database, task).draft == {"remark": "half"}
    do(database, case, "one", opinion="good")
    with look(database, ana(database), NOON) as work:
        assert task_pages.read(work, task).form.id == "view"


def test_a_task_that_is_for_another_role_now_is_given_back_with_its_draft(database: Database) -> None:
    case = a_case(database, line("one"))
    task = open_tasks(database, case)["one"]
    with begin(database, ana(database), MORNING) as work:
        tasks.save_draft(work, task, {"remark": "half"})

    moved(database, redraw(database, a_line(("one", user_task("one", role="director")))))

    after = task_of(database, task)
    assert (after.role, after.assignee_id, after.draft) == ("director", None, {"remark": "half"})


def test_a_due_date_stays_unless_it_is_to_be_reckoned_again(database: Database) -> None:
    case = a_case(database, line("one") + LATE.format("P5D"))
    release = redraw(database, line("one") + LATE.format("P9D"))

    def due() -> object:
        with look(database, SYSTEM) as work:
            return work.session.scalars(select(models.Wait.due_at).where(models.Wait.case_id == case)).one()

    moved(database, release)
    assert due() == MORNING + timedelta(days=5)
    moved(database, redraw(database, line("one") + LATE.format("P20D")), again=("late",))
    assert due() == NOON + timedelta(days=20)


def test_a_case_at_a_missing_element_moves_only_when_it_is_mapped(database: Database) -> None:
    case = a_case(database, line("one"))
    task = open_tasks(database, case)["one"]
    release = redraw(database, line("uno"))

    with pytest.raises(Conflict, match="None of these cases"):
        asked(database, release)
    moved(database, release, {"one": "uno"})

    assert open_tasks(database, case) == {"uno": task}


def test_what_stands_in_the_way_when_the_turn_comes_is_kept_with_the_case(database: Database) -> None:
    case = a_case(database, line("one", "two"))
    upgrade = asked(database, redraw(database, line("one")))
    do(database, case, "one")
    with begin(database, pablo(database), NOON) as work:
        upgrades.approve(work, upgrade)
    before = case_of(database, case)

    Worker(database, "one").drain(NOON)

    item = row(database, upgrade, case)
    assert item.status == "refused"
    assert item.problems == [["two", "The case stands here, and the new drawing has no such element.", {}]]
    assert (case_of(database, case).state, case_of(database, case).revision) == (before.state, before.revision)


def test_a_second_process_owner_must_approve_and_nobody_else_may_do_anything(database: Database) -> None:
    a_case(database, line("one"))
    release = redraw(database, line("one", "two"))
    upgrade = asked(database, release)

    with begin(database, dora(database), NOON) as work, pytest.raises(NotAllowed, match="another process owner"):
        upgrades.approve(work, upgrade)
    with begin(database, ana(database), NOON) as work:
        with pytest.raises(NotAllowed):
            upgrades.ask(work, release, Choice(), {}, (), "because")
        with pytest.raises(NotAllowed):
            upgrades.approve(work, upgrade)
        with pytest.raises(NotAllowed):
            upgrades.leave(work, upgrade, "because")
        with pytest.raises(NotAllowed):
            upgrades.undo(work, upgrade, "any", "because")


def test_every_act_needs_a_reason(database: Database) -> None:
    a_case(database, line("one"))
    release = redraw(database, line("one", "two"))
    upgrade = asked(database, release)

    with begin(database, pablo(database), NOON) as work:
        with pytest.raises(Invalid, match="Give a reason"):
            upgrades.ask(work, release, Choice(), {}, (), "  ")
        with pytest.raises(Invalid, match="Give a reason"):
            upgrades.leave(work, upgrade, "")
        with pytest.raises(Invalid, match="Give a reason"):
            upgrades.undo(work, upgrade, "any", "")


def test_a_move_that_is_left_moves_nobody_any_more(database: Database) -> None:
    case = a_case(database, line("one"))
    upgrade = asked(database, redraw(database, line("one", "two")))
    with begin(database, pablo(database), NOON) as work:
        upgrades.approve(work, upgrade)
        upgrades.leave(work, upgrade, "a mistake")

    Worker(database, "one").drain(NOON)

    assert row(database, upgrade, case).status == "left"
    assert "CaseUpgraded" not in told(database, case)
    with begin(database, pablo(database), NOON) as work, pytest.raises(Conflict):
        upgrades.leave(work, upgrade, "again")


def undone(database: Database, upgrade: str, case: str) -> None:
    with begin(database, dora(database), NOON + timedelta(hours=1)) as work:
        upgrades.undo(work, upgrade, case, "too early")


def test_a_move_can_be_taken_back_as_long_as_nothing_was_done(database: Database) -> None:
    case = a_case(database, line("one") + LATE.format("P5D"))
    before = case_of(database, case)
    upgrade = moved(database, redraw(database, line("uno")), {"one": "uno"})
    assert list(open_tasks(database, case)) == ["uno"]

    undone(database, upgrade, case)

    after = case_of(database, case)
    assert (after.release_id, after.state) == (before.release_id, before.state)
    assert list(open_tasks(database, case)) == ["one"]
    with look(database, SYSTEM) as work:
        wait = work.session.scalars(select(models.Wait).where(models.Wait.case_id == case)).one()
        assert (wait.element, wait.due_at) == ("late", MORNING + timedelta(days=5))
    assert told(database, case)[-2:] == ["CaseUpgraded", "CaseUpgradeUndone"]
    do(database, case, "one")
    assert case_of(database, case).status == "completed"


@pytest.mark.parametrize("act", ["claim", "draft", "complete", "move again"])
def test_once_somebody_did_something_the_move_stays(database: Database, act: str) -> None:
    case = a_case(database, line("one"))
    task = open_tasks(database, case)["one"]
    with begin(database, ana(database), MORNING) as work:
        tasks.save_draft(work, task, {"remark": "half"})
    upgrade = moved(database, redraw(database, line("one", "two")))
    with begin(database, ana(database), NOON + timedelta(minutes=1)) as work:
        if act == "claim":
            tasks.release(work, task)
        elif act == "draft":
            tasks.save_draft(work, task, {"remark": "more"})
        elif act == "complete":
            tasks.complete(work, task, {"remark": "done"})
    if act == "move again":
        moved(database, redraw(database, line("one", "two", "three")))

    with pytest.raises(Conflict):
        undone(database, upgrade, case)


def test_reading_and_incidents_do_not_hinder_taking_back(database: Database) -> None:
    case = a_case(database, line("one"))
    upgrade = moved(database, redraw(database, line("one", "two")))
    with begin(database, SYSTEM, NOON) as work:
        cases.incidents.report(work, work.session.get_one(models.Case, case), "", "standstill", "made up")

    undone(database, upgrade, case)

    assert row(database, upgrade, case).status == "undone"


def test_a_choice_names_release_place_operator_and_phase(database: Database) -> None:
    first = a_case(database, line("one", "two"))
    do(database, first, "one")
    middle = redraw(database, line("one", "two", "three"))
    other = an_operator(database, "0614-120190-102-2", "Cafetalera")
    with begin(database, ana(database), MORNING) as work:
        second = starts.begin(work, "trip", {}, operator_id=other).id
    last = redraw(database, line("one", "two", "three", "four"))

    def found(release: str, choice: Choice) -> set[str]:
        with look(database, dora(database)) as work:
            target = outlooks.release(work, release)
            return {one.case_id for one in outlooks.of_cases(work, target, choice, {}, ())}

    assert found(last, Choice()) == {first, second}
    assert found(middle, Choice()) == {first}
    assert found(last, Choice(release=2)) == {second}
    assert found(last, Choice(element="two")) == {first}
    assert found(last, Choice(operator=other)) == {second}
    assert found(last, Choice(phase="nowhere")) == set()


def test_who_proposed_under_the_old_name_may_not_decide_under_the_new(database: Database) -> None:
    def drawn(proposal: str) -> str:
        body = ((proposal, user_task(proposal)), ("decide", user_task("decide", not_by=proposal)))
        return a_line(*body)

    case = a_case(database, drawn("propose"))
    do(database, case, "propose")
    release = redraw(database, drawn("draw_up"))

    with look(database, dora(database), NOON) as work:
        target = outlooks.release(work, release)
        (outlook,) = outlooks.of_cases(work, target, Choice(), {}, ())
    assert outlook.plan.missing == ("propose",)
    moved(database, release, {"propose": "draw_up"})

    with pytest.raises(NotAllowed, match="another person"):
        do(database, case, "decide")


def test_what_was_done_before_the_move_is_read_as_it_was_then(database: Database) -> None:
    case = a_case(database, line("one", "two"))
    task = open_tasks(database, case)["one"]
    do(database, case, "one", remark="seen")
    other = {"type": "textfield", "key": "opinion", "id": "opinion", "label": "Opinión"}
    publish(database, ("form", "view", a_form("view", other)))

    moved(database, redraw(database, line("two", two="view")))

    with look(database, ana(database), NOON) as work:
        page = task_pages.read(work, task)
        facts = dossiers.history(work, case, case_of(database, case).release_id).rows
    assert (page.name, page.form.id, page.answers) == ("one", "note", {"remark": "seen"})
    assert [fact.name for fact in facts if fact.type == "TaskCompleted"] == ["one"]


def test_two_moves_one_after_the_other(database: Database) -> None:
    case = a_case(database, line("one"))
    moved(database, redraw(database, line("one", "two")))

    moved(database, redraw(database, line("one", "two", "three")))

    for one in ("one", "two", "three"):
        do(database, case, one)
    assert case_of(database, case).status == "completed"


def test_a_case_that_was_moved_meanwhile_is_left_alone(database: Database) -> None:
    case = a_case(database, line("one"))
    second = redraw(database, line("one", "two"))
    waiting = asked(database, second)
    moved(database, redraw(database, line("one", "two", "three")))
    with begin(database, pablo(database), NOON) as work:
        upgrades.approve(work, waiting)

    Worker(database, "one").drain(NOON)

    assert row(database, waiting, case).problems == [["", "The case was moved to another release meanwhile.", {}]]


def test_many_cases_move_each_in_a_transaction_of_its_own(database: Database) -> None:
    first = a_case(database, line("one"))
    operator = an_operator(database, "0614-120190-102-2", "Cafetalera")
    with begin(database, ana(database), MORNING) as work:
        others = [starts.begin(work, "trip", {}, operator_id=operator).id for _ in range(30)]

    upgrade = moved(database, redraw(database, line("one", "two")))

    assert {row(database, upgrade, case).status for case in (first, *others)} == {"moved"}
    assert all(told(database, case).count("CaseUpgraded") == 1 for case in (first, *others))


def test_a_move_that_is_asked_for_is_not_asked_for_again(database: Database) -> None:
    case = a_case(database, line("one"))
    release = redraw(database, line("one", "two"))
    with begin(database, dora(database), NOON) as work:
        upgrades.ask(work, release, Choice(), {}, (), "the law has changed")

    with pytest.raises(Conflict, match="asked for already"), begin(database, pablo(database), NOON) as work:
        upgrades.ask(work, release, Choice(), {}, (), "the law has changed")

    with look(database, SYSTEM) as work:
        assert work.session.scalars(select(models.UpgradeCase.case_id)).all() == [case]


def test_a_finished_case_of_the_choice_is_not_asked_for(database: Database) -> None:
    case = a_case(database, line("one"))
    release = redraw(database, line("one", "two"))
    do(database, case, "one")

    with pytest.raises(Refusal):
        asked(database, release)


def test_a_signal_that_is_called_otherwise_now_is_waited_for(database: Database) -> None:
    def waits(name: str) -> tuple[str, str]:
        event = f'<bpmn:signalEventDefinition signalRef="s_{name}"/>'
        hear = f'<bpmn:intermediateCatchEvent id="hear">{event}</bpmn:intermediateCatchEvent>'
        return a_line(("hear", hear)), f'<bpmn:signal id="s_{name}" name="{name}"/>'

    body, root = waits("news")
    case = a_case(database, body, root=root)
    body, root = waits("word")
    publish(database, ("process", "trip", a_diagram(body, root=root)), now=MORNING)
    with look(database, SYSTEM) as work:
        release = pins.current(work, "trip").id

    moved(database, release)

    with look(database, SYSTEM) as work:
        waits_for = work.session.scalars(select(models.Wait.name).where(models.Wait.case_id == case))
        assert list(waits_for) == ["word"]
