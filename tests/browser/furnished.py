"""Cases that are there before a visitor comes: made by the same use cases that the pages call."""

from collections.abc import Callable, Mapping
from contextlib import closing

from sqlalchemy import func, select

from engine import cases, evidence, messages, people, resources, starters, starts, tasks
from engine.demo import answers, story
from engine.demo.acts import Act
from engine.demo.office import LEMPA
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, Work, begin, look
from tests.factories import a_diagram, flow, publish
from tests.serving import Site

Write = Callable[[Work, models.Case], Mapping[str, object]]


def a_draft(site: Site) -> str:
    """The number of an application that its operator has begun: «Preparar la solicitud» is open."""
    with closing(Database(site.database)) as database:
        return begin_application(database)


def an_application(site: Site) -> str:
    """The number of an application that was submitted: «Comprobar la admisibilidad» is open."""
    with closing(Database(site.database)) as database:
        number = begin_application(database)
        _do(database, number, "preparador", _prepared)
        _do(database, number, "preparador", lambda _work, _case: {"self_assessment": answers.self_assessment({})})
        _do(database, number, "representante", lambda _work, _case: {"signature": "submit", "declaration": True})
        return number


def a_file_to_propose(site: Site) -> str:
    """The number of an application that was visited and reported on: «Elaborar el dictamen (D13)» is open."""
    with closing(Database(site.database)) as database:
        number = begin_application(database)
        acts = iter([act for act in story.script() if isinstance(act, Act) and act.task != "start"])
        while (act := next(acts)).task != "write_proposal":
            perform(database, number, act)
        return number


def what_goes_wrong(site: Site) -> str:
    """The number of a case that an error has stopped, beside a timer; and a message that nobody waited for."""
    failed = (
        '<bpmn:endEvent id="failed" name="Sin mercancía"><bpmn:errorEventDefinition errorRef="none"/></bpmn:endEvent>'
    )
    late = (
        '<bpmn:intermediateCatchEvent id="later" name="Más tarde"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P30D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:intermediateCatchEvent>"
    )
    body = f'<bpmn:startEvent id="begun"/>{failed}{late}{flow("begun", "failed")}{flow("begun", "later")}'
    root = '<bpmn:error id="none" name="Sin mercancía" errorCode="NONE"/>'
    with closing(Database(site.database)) as database:
        publish(database, ("process", "trip", a_diagram(body, root=root)))
        with begin(database, SYSTEM) as work:
            messages.deliver(work, "notice-1", "notice", "0614", {"said": "something"})
            return cases.start(work, "trip", {}).number


def a_decision_draft(site: Site) -> str:
    """The id of a process owner's draft of a table that asks for a score."""
    with closing(Database(site.database)) as database, begin(database, actor_of(database, "procesos")) as work:
        known = work.session.scalar(select(models.Resource.id).where(models.Resource.key == "risk"))
        if known is not None:
            return resources.open_draft(work, "decision", "risk").id
        content = starters.content("decision", "risk", "Riesgo", "Risk")
        return resources.create(work, "decision", "risk", content, ("Riesgo", "Risk")).id


def acts_done(site: Site, number: str) -> int:
    """How many completed tasks the history of the case tells of."""
    query = (
        select(func.count())
        .select_from(models.Event)
        .join(models.Case, models.Case.id == models.Event.case_id)
        .where(models.Case.number == number, models.Event.type == "TaskCompleted")
    )
    with closing(Database(site.database)) as database, look(database, SYSTEM) as work:
        return work.session.scalars(query).one()


def begin_application(database: Database) -> str:
    with begin(database, actor_of(database, "preparador")) as work:
        operator = work.session.scalars(select(models.Operator.id).where(models.Operator.tax_id == LEMPA.tax_id)).one()
        asked = {"programme": "sv", "types": ["exporter"]}
        return starts.begin(work, "application", asked, operator_id=operator).number


def _do(database: Database, number: str, username: str, write: Write) -> None:
    """Completes the one open task of the case."""
    with begin(database, actor_of(database, username)) as work:
        case = work.session.scalars(select(models.Case).where(models.Case.number == number)).one()
        waiting = select(models.Task.id).where(models.Task.case_id == case.id, models.Task.status == "open")
        tasks.complete(work, work.session.scalars(waiting).one(), write(work, case))


def perform(database: Database, number: str, act: Act) -> None:
    """Somebody does what the demonstration tells; the first of several tasks of that kind."""
    with begin(database, actor_of(database, act.who)) as work:
        case = work.session.scalars(select(models.Case).where(models.Case.number == number)).one()
        waiting = select(models.Task.id).where(models.Task.case_id == case.id, models.Task.status == "open")
        task = work.session.scalars(
            waiting.where(models.Task.element == act.task).order_by(models.Task.id).limit(1)
        ).one()
        tasks.complete(work, task, act.write(work, case, tasks.known(work, task)))


def actor_of(database: Database, username: str) -> Actor:
    with look(database, SYSTEM) as work:
        return people.actor(people.by_username(work, username))


def _prepared(work: Work, case: models.Case) -> Mapping[str, object]:
    register = evidence.store(work, case, "matricula.pdf", answers.certificate_of("inscripción", LEMPA.name))
    return {
        "activity": "Confección y exportación de prendas de vestir.",
        "years_of_operation": 14,
        "has_group": "no",
        "contact_name": "Ana Beatriz Lemus",
        "contact_post": "Jefa de cumplimiento aduanero",
        "contact_email": LEMPA.email,
        "contact_phone": LEMPA.phone,
        "sites": [{"name": name, "address": address, "use": "Producción"} for name, address in LEMPA.sites],
        "registration_documents": [register],
        "consent_publication": "yes",
        "consent_sharing": "yes",
    }
