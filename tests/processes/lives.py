"""Lives played on the real engine: real forms, services, letters and clocks; what the demonstration answers is the default."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from sqlalchemy import select

from engine import messages, people, starts, statuses, tasks
from engine.demo import story
from engine.demo.office import ACCOUNTS, LEMPA, Person
from engine.demo.story import Act
from engine.domain.states import Machine
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, begin, look
from engine.worker import Worker
from tests.factories import MORNING

DAY: Final = timedelta(days=1)
_ACTS: Final[Mapping[str, Act]] = {act.task: act for act in story.script() if isinstance(act, Act)}
_DOERS: Final = {  # who does what the demonstration never comes to
    "confirm_no_reply": "admision",
    "provide_information": "preparador",
    "submit_observations": "representante",
    "answer_observations": "analista",
    "decide_after_hearing": "director",
    "decide_appeal": "directora",
}
# Whoever revoked takes no part in the appeal: the office has a second person for it.
_PEOPLE: Final = (*ACCOUNTS, Person("directora", "Elena Funes", ("director",)))


class Life:
    """One operator's cases in an office with a person for each role; every act happens a day after the one before."""

    def __init__(self, office: Database) -> None:
        self.database, self.now = office, MORNING
        self._worker = Worker(office, "life")
        with begin(office, SYSTEM, self.now) as work:
            self.operator = work.new_id()
            work.session.add(
                models.Operator(
                    id=self.operator, tax_id=LEMPA.tax_id, name=LEMPA.name, kind=LEMPA.kind, created_at=work.now
                )
            )
            for person in _PEOPLE:
                operators = [models.AccountOperator(operator_id=self.operator)] if person.operators else []
                work.session.add(
                    models.Account(
                        id=work.new_id(),
                        username=person.username,
                        name=person.name,
                        password_hash="nobody logs in here",
                        language="es",
                        created_at=work.now,
                        roles=[models.AccountRole(role=role) for role in person.roles],
                        operators=operators,
                    )
                )

    def apply(self) -> "Life":
        """The operator begins an application."""
        with begin(self.database, self.actor("preparador"), self.now) as work:
            starts.begin(work, "application", {"programme": "sv", "types": ["exporter"]}, operator_id=self.operator)
        return self.rest()

    def begin_suspension(self) -> "Life":
        """An officer begins a suspension by hand."""
        self.now += DAY
        answers = {"proposed_reasons": "La custodia de marchamos dejó de cumplir la condición G.2."}
        with begin(self.database, self.actor("seguimiento"), self.now) as work:
            starts.begin(work, "suspension", answers, authorisation_id=self.authorisation().id)
        return self.rest()

    def appeal(self, days: int = 1) -> "Life":
        """The signatory appeals against what became of the authorisation, so many days later."""
        self.now += days * DAY
        answers = {"appeal_reasons": "La custodia se había corregido antes de la resolución."}
        with begin(self.database, self.actor("representante"), self.now) as work:
            starts.begin(work, "appeal", answers, authorisation_id=self.authorisation().id)
        return self.rest()

    def do(self, element: str, **answers: object) -> "Life":
        """Somebody of the right role does the open task, as in the demonstration but for these answers."""
        self.now += DAY
        act = _ACTS.get(element)
        with begin(self.database, self.actor(act.who if act else _DOERS[element]), self.now) as work:
            task = work.session.scalars(
                select(models.Task).where(models.Task.element == element, models.Task.status == "open")
            ).one()
            case = work.session.get_one(models.Case, task.case_id)
            usual = act.write(work, case, tasks.known(work, task.id)) if act else {}
            tasks.complete(work, task.id, {**usual, **answers})
        return self.rest()

    def wait(self, element: str) -> "Life":
        """Nobody does anything until the timer of that name has run out."""
        with look(self.database, SYSTEM, self.now) as work:
            due = work.session.scalars(select(models.Wait.due_at).where(models.Wait.element == element)).one()
        assert due is not None
        self.now = due
        return self.rest()

    def tell(self, message: str, key: str, **payload: object) -> "Life":
        """A message comes from outside."""
        self.now += DAY
        with begin(self.database, self.actor("preparador"), self.now) as work:
            messages.post(work, message, key, payload)
        return self.rest()

    def rest(self) -> "Life":
        """The worker does what is due."""
        self._worker.drain(self.now)
        return self

    def actor(self, username: str) -> Actor:
        """The person of that user name."""
        with look(self.database, SYSTEM, self.now) as work:
            return people.actor(people.by_username(work, username))

    @property
    def open(self) -> list[str]:
        """The ids of all open tasks, in the order of their names."""
        with look(self.database, SYSTEM, self.now) as work:
            return sorted(work.session.scalars(select(models.Task.element).where(models.Task.status == "open")))

    @property
    def letters(self) -> list[str]:
        """The codes of the letters that went out, in order; each has its document."""
        with look(self.database, SYSTEM, self.now) as work:
            rows = work.session.scalars(select(models.Letter).order_by(models.Letter.number)).all()
            assert all(row.sha256 for row in rows)
            return [row.template.partition("_")[0] for row in rows]

    def application(self) -> models.Application:
        """The only application."""
        with look(self.database, SYSTEM, self.now) as work:
            return work.session.scalars(select(models.Application)).one()

    def authorisation(self) -> models.Authorisation:
        """The only authorisation."""
        with look(self.database, SYSTEM, self.now) as work:
            return work.session.scalars(select(models.Authorisation)).one()

    def on(self, day: date) -> str | None:
        """The state of the authorisation on a day, as it is known now."""
        with look(self.database, SYSTEM, self.now) as work:
            return statuses.on(work, Machine.AUTHORISATION, self.authorisation().id, day)

    def measure(self) -> models.Measure:
        """The only measure."""
        with look(self.database, SYSTEM, self.now) as work:
            return work.session.scalars(select(models.Measure)).one()

    def bar(self) -> models.Bar:
        """The only bar on a new application, whether it runs or was lifted."""
        with look(self.database, SYSTEM, self.now) as work:
            return work.session.scalars(select(models.Bar)).one()

    def clocks(self) -> dict[str, str]:
        """The state of each legal clock, by name."""
        with look(self.database, SYSTEM, self.now) as work:
            return {clock.name: clock.state for clock in work.session.scalars(select(models.LegalClock))}

    def open_findings(self) -> list[str]:
        """The ids of the findings that are not closed and ask for an action."""
        with look(self.database, SYSTEM, self.now) as work:
            query = select(models.Finding.id).where(models.Finding.state == "open")
            return list(work.session.scalars(query.where(models.Finding.severity != "observation")))

    def passed(self) -> set[str]:
        """Every element that a token has gone through."""
        with look(self.database, SYSTEM, self.now) as work:
            moves = work.session.scalars(select(models.Event.data).where(models.Event.type == "TokensMoved"))
            return {element for data in moves for kind, element in json.loads(data)["steps"] if kind == "completed"}

    def ends(self, process: str) -> list[str]:
        """The end events that the cases of a process came to; empty while they go on."""
        with look(self.database, SYSTEM, self.now) as work:
            query = (
                select(models.Event.data)
                .join(models.Case, models.Case.id == models.Event.case_id)
                .where(models.Case.process == process, models.Event.type == "CaseCompleted")
            )
            return list(work.session.scalars(query))


def filed(office: Database) -> Life:
    """An application that was prepared, signed and filed."""
    return Life(office).apply().do("prepare_application").do("assess_self").do("sign_and_submit")


def admitted(office: Database) -> Life:
    """An application that was accepted."""
    return filed(office).do("check_admissibility", admissibility="complete")


def visited(office: Database) -> Life:
    """An application whose visit found nothing, with its minutes signed."""
    life = admitted(office).do("review_application").do("plan_validation")
    return life.do("write_minutes", findings=[]).do("countersign_minutes")


def proposed(office: Database) -> Life:
    """An application on which the director decides."""
    life = visited(office).do("write_report").do("countersign_report")
    return life.do("write_proposal").do("give_opinion")


def heard(office: Database) -> Life:
    """An application that the director means to refuse."""
    grounds = [{"criterion": "A.3", "ground": "Hay tributos vencidos."}]
    relied_on = [{"document": "Informe de validación"}]
    return proposed(office).do("decide_on_proposal", decision="refuse", refusal_grounds=grounds, relied_on=relied_on)


def granted(office: Database) -> Life:
    """An authorisation in force, its monitoring planned."""
    return proposed(office).do("decide_on_proposal").do("plan_monitoring")


def suspended(office: Database, ground: str = "b") -> Life:
    """An authorisation that was suspended, begun by hand."""
    life = granted(office).begin_suspension()
    return life.do("propose_suspension", ground=ground, suspension_days=30).do("decide_suspension")


def revoked(office: Database) -> Life:
    """An authorisation that was revoked, its holder kept silent."""
    life = suspended(office).wait("suspension_period_over").wait("revocation_hearing_over")
    return life.do("decide_revocation", argument_answers=[])
