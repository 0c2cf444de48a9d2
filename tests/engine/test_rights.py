"""What keeps people from a task: every rule of separation of duties, substitution, conflicts of interest, exceptions."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from engine import absences, conflicts, overrides, people, rights, starts, tasks
from engine.absences import Away
from engine.domain import apart
from engine.domain.errors import Conflict, Invalid, NotAllowed
from engine.queries import studio
from engine.rights import Barred
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, Work, begin, look
from engine.worker import Worker
from tests.factories import MORNING, a_case, a_form, a_line, an_actor, an_operator, publish, user_task
from tests.factories import a_diagram as drawn

TODAY = MORNING.date()
WEEK = Away(TODAY, TODAY + timedelta(days=7), None)


def two(first: str, second: str, **more: str) -> str:
    """A task of one duty, and after it one of another."""
    return a_line(("one", user_task("one", duty=first)), ("two", user_task("two", duty=second, **more)))


def do(database: Database, actor: Actor, case: str, element: str) -> None:
    with begin(database, acting(database, actor), MORNING) as work:
        tasks.complete(work, found(work, case, element), {})


def found(work: Work, case: str, element: str) -> str:
    query = select(models.Task.id).where(
        models.Task.case_id == case, models.Task.element == element, models.Task.status == "open"
    )
    return work.session.scalars(query).one()


def acting(database: Database, actor: Actor) -> Actor:
    with look(database, SYSTEM, MORNING) as work:
        return people.by_id(work, actor.id)


def refused(database: Database, actor: Actor, case: str, element: str) -> Barred:
    with begin(database, acting(database, actor), MORNING) as work:
        task = work.session.get_one(models.Task, found(work, case, element))
        no = rights.refusal(work, task)
        assert isinstance(no, Barred)
        with pytest.raises(Barred):
            tasks.claim(work, task.id)
        with pytest.raises(Barred):
            tasks.complete(work, task.id, {})
    return no


@pytest.mark.parametrize("rule", [rule for rule in apart.RULES if not rule.of_operator], ids=lambda rule: rule.name)
def test_each_rule_keeps_one_human_being_from_both_duties(database: Database, rule: apart.Rule) -> None:
    ana, luis = an_actor(database, "ana", "analyst"), an_actor(database, "luis", "analyst")
    firsts = [(f"did_{duty}", user_task(f"did_{duty}", duty=duty)) for duty in sorted(rule.bars)]
    case = a_case(database, a_line(*firsts, ("two", user_task("two", duty=rule.wants))), actor=ana)
    for number, (element, _task) in enumerate(firsts):
        do(database, luis if number else ana, case, element)

    assert refused(database, ana if len(firsts) == 1 else luis, case, "two").rule == rule.name
    eva = an_actor(database, "eva", "analyst")
    do(database, eva, case, "two")


@pytest.mark.parametrize("rule", [rule for rule in apart.RULES if rule.of_operator], ids=lambda rule: rule.name)
def test_some_duties_bar_from_every_case_of_the_operator(database: Database, rule: apart.Rule) -> None:
    ana, luis = an_actor(database, "ana", "analyst"), an_actor(database, "luis", "analyst")
    before = a_case(database, two(min(rule.bars), "report"), actor=ana)
    do(database, ana, before, "one")
    publish(database, ("process", "later", drawn(a_line(("act", user_task("act", duty=rule.wants))), "later")))
    with begin(database, ana, MORNING) as work:
        operator = work.session.get_one(models.Case, before).operator_id
        later = starts.begin(work, "later", {}, operator_id=operator).id
    other = an_operator(database, "2", "Otra")
    with begin(database, ana, MORNING) as work:
        elsewhere = starts.begin(work, "later", {}, operator_id=other).id

    assert refused(database, ana, later, "act").rule == rule.name
    do(database, ana, elsewhere, "act")
    do(database, luis, later, "act")


def test_whom_a_complaint_is_about_does_not_handle_it(database: Database) -> None:
    ana, luis = an_actor(database, "ana", "analyst"), an_actor(database, "luis", "analyst")
    publish(
        database,
        ("form", "note", a_form("note", {"type": "textfield", "key": "against", "id": "against", "label": "Contra"})),
        (
            "process",
            "trip",
            drawn(a_line(("say", user_task("say")), ("handle", user_task("handle", about="against")))),
        ),
    )
    with begin(database, luis, MORNING) as work:
        case = starts.begin(work, "trip", {}, operator_id=an_operator(database)).id
    with begin(database, luis, MORNING) as work:
        tasks.complete(work, found(work, case, "say"), {"against": "ana"})

    assert refused(database, ana, case, "handle").rule == apart.SUBJECT
    with begin(database, luis, MORNING) as work:
        tasks.complete(work, found(work, case, "handle"), {"against": "ana"})


def test_whoever_stands_in_acts_in_place_of_the_absent_and_the_record_says_so(database: Database) -> None:
    eva, ana = an_actor(database, "eva", "director"), an_actor(database, "ana", "analyst")
    case = a_case(database, a_line(("sign", user_task("sign", "director"))), actor=ana)
    assert not acting(database, ana).holds("director")
    with begin(database, eva, MORNING) as work:
        absences.record(work, eva.id, Away(TODAY, TODAY, ana.id, "licencia", "Acuerdo 12/2026"))

    do(database, ana, case, "sign")

    with look(database, SYSTEM) as work:
        task = work.session.scalars(select(models.Task).where(models.Task.element == "sign")).one()
        assert (task.done_by, task.done_for) == (ana.id, eva.id)
        event = work.session.scalars(select(models.Event).where(models.Event.type == "TaskCompleted")).one()
        assert (event.actor_id, f'"in_place_of":"{eva.id}"' in event.data) == (ana.id, True)
    with look(database, SYSTEM, MORNING + timedelta(days=1)) as work:
        assert not people.by_id(work, ana.id).holds("director")


def test_substitution_goes_on_from_one_to_the_next(database: Database) -> None:
    eva, ana, luis = (
        an_actor(database, name, role)
        for name, role in (("eva", "validator"), ("ana", "analyst"), ("luis", "committee"))
    )
    with begin(database, eva, MORNING) as work:
        absences.record(work, eva.id, Away(TODAY, TODAY, ana.id))
    with begin(database, ana, MORNING) as work:
        absences.record(work, ana.id, Away(TODAY, TODAY, luis.id))

    assert {one.id for one in acting(database, luis).absent} == {eva.id, ana.id}
    assert acting(database, luis).roles == {"committee", "analyst", "validator"}


def test_nobody_stands_in_for_themselves_in_the_end(database: Database) -> None:
    eva, ana = an_actor(database, "eva", "validator"), an_actor(database, "ana", "analyst")
    with begin(database, eva, MORNING) as work:
        absences.record(work, eva.id, Away(TODAY, TODAY + timedelta(days=3), ana.id))

    for last, fails in ((TODAY + timedelta(days=3), True), (TODAY + timedelta(days=9), False)):
        first = last if not fails else TODAY
        with begin(database, ana, MORNING) as work:
            if fails:
                with pytest.raises(Invalid, match="themselves"):
                    absences.record(work, ana.id, Away(first, last, eva.id))
            else:
                absences.record(work, ana.id, Away(first, last, eva.id))  # other days: no circle


@pytest.mark.parametrize(
    "away",
    [
        Away(TODAY, TODAY - timedelta(days=1), None),
        Away(date(2020, 1, 1), date(2020, 1, 2), None),
        Away(TODAY, TODAY + timedelta(days=400), None),
        Away(TODAY, TODAY, "nobody"),
    ],
)
def test_an_absence_that_is_none_is_refused(database: Database, away: Away) -> None:
    eva = an_actor(database, "eva", "validator")
    with begin(database, eva, MORNING) as work, pytest.raises(Invalid):
        absences.record(work, eva.id, away)


def test_an_office_is_delegated_by_an_act_and_by_oneself(database: Database) -> None:
    eva, ana = an_actor(database, "eva", "director"), an_actor(database, "ana", "analyst")
    with begin(database, eva, MORNING) as work, pytest.raises(Invalid, match="act"):
        absences.record(work, eva.id, Away(TODAY, TODAY, ana.id))
    with begin(database, ana, MORNING) as work, pytest.raises(NotAllowed):
        absences.record(work, eva.id, Away(TODAY, TODAY, ana.id, act="12"))


def test_a_deputy_may_not_do_what_the_absent_person_may_not(database: Database) -> None:
    eva, ana = an_actor(database, "eva", "validator"), an_actor(database, "ana", "analyst")
    body = a_line(
        ("one", user_task("one", "validator", duty="propose")), ("two", user_task("two", "validator", duty="approve"))
    )
    case = a_case(database, body, actor=ana)
    do(database, eva, case, "one")
    with begin(database, eva, MORNING) as work:
        absences.record(work, eva.id, Away(TODAY, TODAY, ana.id))

    assert refused(database, ana, case, "two").rule == "proposer_not_approver"


def test_what_a_deputy_did_bars_both_of_them(database: Database) -> None:
    eva, ana = an_actor(database, "eva", "validator"), an_actor(database, "ana", "analyst")
    body = a_line(
        ("one", user_task("one", "validator", duty="visit")), ("two", user_task("two", "analyst", duty="committee"))
    )
    case = a_case(database, body, actor=ana)
    with begin(database, eva, MORNING) as work:
        absences.record(work, eva.id, Away(TODAY, TODAY, ana.id))
    do(database, ana, case, "one")

    assert refused(database, ana, case, "two").rule == "committee_without_visitors"


def test_whoever_has_a_conflict_of_interest_does_nothing_for_that_operator(database: Database) -> None:
    ana, luis, root = (
        an_actor(database, "ana", "analyst"),
        an_actor(database, "luis", "analyst"),
        an_actor(database, "root", "administrator"),
    )
    case = a_case(database, two("propose", "report"), actor=ana)
    with begin(database, ana, MORNING) as work:
        tasks.claim(work, found(work, case, "one"))
        operator = work.session.get_one(models.Case, case).operator_id
        declared = conflicts.declare(work, ana.id, operator, "Mi hermano es su contador.").id

    assert refused(database, ana, case, "one").rule == rights.INTEREST
    Worker(database, "w").once(MORNING)  # what she had taken goes back
    do(database, luis, case, "one")
    with begin(database, ana, MORNING) as work, pytest.raises(NotAllowed):
        conflicts.end(work, declared, "ya no")
    with begin(database, root, MORNING) as work:
        conflicts.end(work, declared, "El contador dejó la empresa.")
    do(database, ana, case, "two")


def test_an_exception_needs_a_second_person_and_reasons(database: Database) -> None:
    ana, eva = an_actor(database, "ana", "analyst", "director"), an_actor(database, "eva", "director")
    case = a_case(database, two("propose", "approve"), actor=ana)
    do(database, ana, case, "one")
    with begin(database, ana, MORNING) as work, pytest.raises(Invalid):
        tasks.ask_exception(work, found(work, case, "two"), " ")
    with begin(database, ana, MORNING) as work:
        tasks.ask_exception(work, found(work, case, "two"), "No hay nadie más esta semana.")
        asked = work.session.scalars(select(models.Override.id)).one()
    with begin(database, ana, MORNING) as work, pytest.raises(NotAllowed):
        overrides.decide(work, asked, granted=True, reason="yo misma")
    assert refused(database, ana, case, "two").rule == "proposer_not_approver"
    with begin(database, eva, MORNING) as work, pytest.raises(Invalid):
        overrides.decide(work, asked, granted=True, reason="")
    with begin(database, eva, MORNING) as work:
        overrides.decide(work, asked, granted=True, reason="Consta la ausencia de los demás.")
    with begin(database, eva, MORNING) as work, pytest.raises(Conflict):
        overrides.decide(work, asked, granted=False, reason="no")

    do(database, ana, case, "two")

    with look(database, SYSTEM) as work:
        assert work.session.get_one(models.Override, asked).used_at == MORNING
        last = work.session.scalars(
            select(models.Event.data).where(models.Event.type == "TaskCompleted").order_by(models.Event.id.desc())
        ).first()
        assert f'"overrides":["{asked}"]' in str(last)


def test_a_supervisor_gives_a_task_only_to_whom_the_rules_let(database: Database) -> None:
    ana, luis, sofia = (
        an_actor(database, "ana", "analyst"),
        an_actor(database, "luis", "analyst"),
        an_actor(database, "sofia", "supervisor"),
    )
    case = a_case(database, two("propose", "approve"), actor=ana)
    do(database, ana, case, "one")
    with begin(database, ana, MORNING) as work, pytest.raises(NotAllowed):
        tasks.assign(work, found(work, case, "two"), luis.id)
    with begin(database, sofia, MORNING) as work, pytest.raises(Conflict, match="may not"):
        tasks.assign(work, found(work, case, "two"), ana.id)
    with begin(database, sofia, MORNING) as work:
        tasks.assign(work, found(work, case, "two"), luis.id, "Tiene menos carga.")
        assert work.session.get_one(models.Task, found(work, case, "two")).assignee_id == luis.id


def test_whom_a_diagram_names_does_not_get_what_the_rules_keep_from_them(database: Database) -> None:
    ana = an_actor(database, "ana", "analyst")
    named = user_task("two", duty="approve").replace(
        'candidateGroups="analyst"', 'candidateGroups="analyst" assignee="ana"'
    )
    case = a_case(database, a_line(("one", user_task("one", duty="propose")), ("two", named)), actor=ana)
    do(database, ana, case, "one")

    with look(database, SYSTEM) as work:
        assert work.session.get_one(models.Task, found(work, case, "two")).assignee_id is None


def test_a_task_of_a_unit_is_for_its_people(database: Database) -> None:
    ana, luis = an_actor(database, "ana", "analyst"), an_actor(database, "luis", "analyst")
    with begin(database, SYSTEM, MORNING) as work:
        head = models.Unit(id="1", key="oea", name="Unidad OEA", parent_id=None)
        work.session.add(head)
        work.session.flush()
        work.session.add(models.Unit(id="2", key="santa_ana", name="Santa Ana", parent_id="1"))
        work.session.get_one(models.Account, ana.id).unit_id = "1"
    case = a_case(database, a_line(("one", user_task("one", unit="santa_ana"))), actor=ana)

    with look(database, acting(database, luis), MORNING) as work:
        task = work.session.get_one(models.Task, found(work, case, "one"))
        assert "unit" in str(rights.refusal(work, task))
    do(database, ana, case, "one")


def test_rules_that_nobody_could_meet_are_told(database: Database) -> None:
    an_actor(database, "ana", "analyst")
    publish(database, ("form", "note", a_form()), ("process", "trip", drawn(two("propose", "approve"))))

    with look(database, SYSTEM, MORNING) as work:
        (told,) = studio.understaffed(work)
    assert (told.where, told.severity, told.params["people"]) == ("two", "warning", "Ana")

    an_actor(database, "luis", "analyst")
    with look(database, SYSTEM, MORNING) as work:
        assert studio.understaffed(work) == []
