"""An office some years old, in which every kind of page has something to show: made by the use cases behind the pages."""

import base64
from collections.abc import Mapping
from contextlib import closing
from datetime import timedelta
from typing import Final

from sqlalchemy import select

from engine import calendars, delegations, pins, programmes, releases, resources, starts, tasks, upgrades
from engine.calendars import Scope, Wish
from engine.demo import story
from engine.demo.acts import Act
from engine.demo.office import LEMPA
from engine.outlooks import Choice
from engine.signing import Signer
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Work, begin, look
from engine.worker import Worker
from tests.browser import furnished
from tests.factories import a_diagram, a_form, a_line, publish, user_task
from tests.serving import Site

SIGNER: Final = Signer.of(base64.b64encode(bytes(range(32))).decode())
LAST_ACT: Final = "decide_on_proposal"  # of the demonstration: with it the certificate is granted

OF_EACH_KIND: Final = {
    "process": "appeal",
    "decision": "risk_bands",
    "form": "decide_appeal",
    "letter": "D15_grant",
    "criteria": "sv",
    "programme": "sv",
}

Names = Mapping[str, str]


def an_office(site: Site) -> Names:
    """Fills the office; the names of what is in it, by which a page is addressed."""
    stopped = furnished.what_goes_wrong(site)
    with closing(Database(site.database)) as database:
        certified = _a_certificate(database)
        _an_exception(database)
        _a_delegation(database)
        _a_change_of_calendar(database)
        draft = furnished.begin_application(database)
        moves = {"move": _a_move(database), "asked": _a_move_asked_for(database)}
        found = {"certified": certified, "draft": draft, "stopped": stopped, **moves}
        return {**found, **_drafts(database), **_ids(database, certified), **_troubles(database, stopped)}


def _a_certificate(database: Database) -> str:
    """The number of an application that ended with a certificate; its letters were sent."""
    worker = Worker(database, "furnished", SIGNER)
    number = furnished.begin_application(database)
    for act in (one for one in story.script() if isinstance(one, Act) and one.task != "start"):
        furnished.perform(database, number, act)
        worker.drain()
        if act.task == LAST_ACT:
            return number
    raise LookupError(LAST_ACT)


def _an_exception(database: Database) -> None:
    """Somebody who may not do a task, because they did the one before, asks a second person for it."""
    line = a_line(("one", user_task("one")), ("two", user_task("two", not_by="one")))
    publish(database, ("form", "note", a_form()), ("process", "errand", a_diagram(line, "errand", {"series": "ER"})))
    with begin(database, furnished.actor_of(database, "analista")) as work:
        case = starts.begin(work, "errand", {}, operator_id=_lempa(work))
        for element in ("one", "two"):
            waiting = select(models.Task.id).where(models.Task.case_id == case.id, models.Task.element == element)
            task = work.session.scalars(waiting).one()
            if element == "one":
                tasks.complete(work, task, {})
            else:
                tasks.ask_exception(work, task, "Nadie más está esta semana.")


def _lempa(work: Work) -> str:
    return work.session.scalars(select(models.Operator.id).where(models.Operator.tax_id == LEMPA.tax_id)).one()


def _a_delegation(database: Database) -> None:
    with begin(database, furnished.actor_of(database, "directora")) as work:
        officer = work.session.scalars(select(models.Account.id).where(models.Account.username == "juridico")).one()
        rules = programmes.in_release(work, pins.current(work, "application").id, "sv")
        delegations.grant(work, rules, officer, [], "Acuerdo 12/2026", work.today, work.today + timedelta(days=30))


def _a_change_of_calendar(database: Database) -> None:
    with begin(database, furnished.actor_of(database, "procesos2")) as work:
        day = work.today + timedelta(days=60)
        calendars.ask(work, Scope(place="SV"), Wish(day, "closed", "Asueto", "Holiday", "Decreto 9", day))


def _a_move(database: Database) -> str:
    """The id of a move of a running application to a newer release; it was approved and done, and can be undone."""
    with begin(database, furnished.actor_of(database, "procesos")) as work:
        draft = resources.open_draft(work, "process", "application")
        resources.save(work, draft.id, draft.content + b"\n", draft.revision)
        resources.submit(work, draft.id, "Sin cambios de fondo")
    with begin(database, furnished.actor_of(database, "procesos2")) as work:
        releases.publish(work, draft.id)
    move = _asked(database, "application")
    with begin(database, furnished.actor_of(database, "procesos2")) as work:
        upgrades.approve(work, move)
    Worker(database, "furnished", SIGNER).drain()
    return move


def _a_move_asked_for(database: Database) -> str:
    """The id of a move that waits for a second process owner."""
    line = a_line(("one", user_task("one")), ("two", user_task("two", not_by="one")), ("three", user_task("three")))
    publish(database, ("process", "errand", a_diagram(line, "errand", {"series": "ER"})))
    return _asked(database, "errand")


def _asked(database: Database, process: str) -> str:
    with begin(database, furnished.actor_of(database, "procesos")) as work:
        return upgrades.ask(work, pins.current(work, process).id, Choice(), {}, [], "Nueva edición").id


def _drafts(database: Database) -> dict[str, str]:
    """The ids of a process owner's drafts, one of each kind of resource."""
    with begin(database, furnished.actor_of(database, "procesos")) as work:
        return {f"draft_{kind}": resources.open_draft(work, kind, key).id for kind, key in OF_EACH_KIND.items()}


def _ids(database: Database, certified: str) -> dict[str, str]:
    """The ids by which the pages are addressed that tell of the certificate, its letter, a person and a draft task."""
    with look(database, SYSTEM) as work:
        certificate = work.session.scalars(select(models.Authorisation)).one()
        case = work.session.scalars(select(models.Case).where(models.Case.number == certified)).one()
        granted = select(models.Letter).where(
            models.Letter.authorisation_id == certificate.id, models.Letter.code != ""
        )
        letter = work.session.scalars(granted.order_by(models.Letter.id)).first()
        task = select(models.Task.id).where(models.Task.element == "prepare_application", models.Task.status == "open")
        person = select(models.Account.id).where(models.Account.username == "analista")
        if letter is None:
            raise LookupError(certificate.number)
        return {
            "operator": certificate.operator_id,
            "certificate": certificate.id,
            "public": certificate.number,
            "case": case.id,
            "letter": letter.id,
            "printed": letter.number,
            "code": letter.code,
            "task": work.session.scalars(task).one(),
            "person": work.session.scalars(person).one(),
        }


def _troubles(database: Database, stopped: str) -> dict[str, str]:
    """The ids of what an administrator mends: an incident, the step that stands, a timer that waits."""
    with look(database, SYSTEM) as work:
        case = select(models.Case.id).where(models.Case.number == stopped).scalar_subquery()
        incident = work.session.scalars(select(models.Incident).where(models.Incident.case_id == case)).one()
        timer = select(models.Wait.id).where(models.Wait.case_id == case, models.Wait.due_at.is_not(None))
        return {
            "incident": incident.id,
            "step": incident.task_id,
            "timer": work.session.scalars(timer).one(),
        }
