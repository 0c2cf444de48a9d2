"""Lives played on the real engine: real forms, services, letters and clocks; what the demonstration answers is the default."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from engine import messages, people, pins, reports, rights, services, starts, tasks, timers, withdrawals
from engine.demo import story
from engine.demo.acts import Act
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, Work, begin, look
from engine.worker import Worker
from engine.workflow import Run
from tests.factories import MORNING
from tests.processes import offices
from tests.processes.offices import PEOPLE, Setting
from tests.processes.sights import Sight

DAY: Final = timedelta(days=1)
LONGEST: Final = 80  # acts after which a life that should have got somewhere goes in a circle
_DOERS: Final = {  # who does what the demonstration never comes to
    "confirm_no_reply": "admision",
    "provide_information": "preparador",
    "submit_observations": "representante",
    "answer_observations": "analista",
    "decide_after_hearing": "director",
    "decide_appeal": "directora",
    "decide_stay": "directora",
    "decide_prolongation": "director",
    "decide_surrender": "director",
}
_STARTERS: Final = {
    "application": "preparador",
    "suspension": "seguimiento",
    "revocation": "seguimiento",
    "appeal": "representante",
    "surrender": "representante",
}
_WRITTEN: Final[Mapping[str, Mapping[str, object]]] = {  # and what they write, unless a test says otherwise
    "verify_plan": {"second_visit_made": "no"},
    "record_reply": {
        "reply_state": "replied",
        "consultation_result": "fulfilled",
        "consultation_justification": "No consta nada en contra a la fecha.",
    },
}
_STARTED_WITH: Final[
    Mapping[str, Mapping[str, object]]
] = {  # what is written on a start form, unless a test says otherwise
    "suspension": {"proposed_reasons": "La custodia de marchamos dejó de cumplir la condición G.2."},
    "revocation": {"proposed_reasons": "El certificado se obtuvo con datos que no eran ciertos."},
    "surrender": {"surrender_reason": "Cierre de la línea de exportación.", "surrender_confirmed": True},
    "appeal": {"appeal_reasons": "La custodia se había corregido antes de la resolución."},
}


class Life(Sight):
    """One operator's cases in an office with a person for each role; every act happens a day after the one before."""

    def __init__(self, office: Database, setting: Setting | None = None) -> None:
        self.setting = setting or Setting()
        begins = self.setting.begins
        super().__init__(office, at(begins) if begins else MORNING)
        self._worker = Worker(office, "life")
        self._people = (*PEOPLE, *self.setting.people)
        self._acts = {act.task: act for act in story.script(self.setting.programme) if isinstance(act, Act)}
        with begin(office, SYSTEM, self.now) as work:
            self.operators = offices.found(work, self.setting)

    def apply(self) -> "Life":
        """The operator begins an application, at once."""
        return self.start("application", about="operator", on=self.now)

    def begin_suspension(self) -> "Life":
        """An officer begins a suspension by hand."""
        return self.start("suspension")

    def appeal(self, days: int = 1) -> "Life":
        """The signatory appeals against what became of the authorisation, so many days later."""
        return self.start("appeal", on=self.now + days * DAY)

    def start(
        self,
        process: str,
        answers: Mapping[str, object] | None = None,
        *,
        about: str = "certificate",
        operator: str = "lempa",
        nth: int = 0,
        by: str = "",
        entry: str | None = None,
        on: datetime | None = None,
    ) -> "Life":
        """Somebody begins a process by hand, `about` an operator, or the nth (0: the newest) certificate or application."""
        self.pass_time(on or self.now + DAY)
        usual = {} if entry else {**_STARTED_WITH.get(process, {})}  # what is written on the form of its first start
        if process == "application":
            usual = {"programme": self.setting.programme, "types": self.types}
        subject = {} if about == "operator" else {_ABOUT[about]: self.id_of(_SUBJECTS[about], nth)}
        doer = by or _STARTERS.get(process) or self._starter(process)
        with begin(self.database, self.actor(doer), self.now) as work:
            facts = {"operator_id": self.operators[operator]} if about == "operator" else subject
            starts.begin(work, process, {**usual, **(answers or {})}, **facts, at=entry)
        return self.rest()

    def do(self, element: str, **answers: object) -> "Life":
        """Somebody of the right role does the open task, as in the demonstration but for these answers."""
        self.pass_time(self.now + DAY)
        return self.complete(self.chosen(element), answers)

    def complete(
        self,
        task_id: str,
        answers: Mapping[str, object],
        *,
        by: str = "",
        without: Collection[str] = (),
        each: Mapping[str, object] | None = None,
    ) -> "Life":
        """Somebody does an open task now; `without` leaves answers out, `each` changes every row of an answer that is a list."""
        with look(self.database, SYSTEM, self.now) as work:
            doer = by or self._doer(work, work.session.get_one(models.Task, task_id))
        with begin(self.database, self.actor(doer), self.now) as work:
            written = {**self._usual(work, task_id), **answers}
            for name, change in (each or {}).items():
                written[name] = _changed(written[name], change)
            tasks.complete(work, task_id, {name: value for name, value in written.items() if name not in without})
        return self.rest()

    def chosen(self, element: str, nth: int = 0, where: Mapping[str, object] | None = None) -> str:
        """The id of the open task of an element: the only one, the nth (from 1), or the one that knows the data of `where`."""
        with look(self.database, SYSTEM, self.now) as work:
            query = select(models.Case).join(models.Task, models.Task.case_id == models.Case.id)
            query = query.where(models.Task.element == element, models.Task.status == "open")
            found = [
                task.id
                for case in sorted(set(work.session.scalars(query)), key=lambda case: case.id)
                for task in Run.load(pins.definition(work, case.release_id), case.state, work.now).open_tasks()
                if task.element == element
            ]
            if where:
                found = [one for one in found if where.items() <= tasks.known(work, one).items()]
        assert nth or len(found) == 1, f"{len(found)} open tasks {element}; open: {self.open}, waiting: {self.waiting}"
        assert len(found) >= nth, f"only {len(found)} open tasks {element}"
        return found[nth - 1]

    def wait(self, element: str) -> "Life":
        """Nobody does anything until the timer of that name has run out; the first of several."""
        with look(self.database, SYSTEM, self.now) as work:
            query = select(models.Wait.due_at).where(models.Wait.element == element, models.Wait.kind == "timer")
            due = work.session.scalars(query.order_by(models.Wait.due_at)).first()
        assert due is not None, f"nothing waits for {element}; open: {self.open}, waiting: {self.waiting}"
        return self.pass_time(due)

    def tell(self, message: str, key: str, **payload: object) -> "Life":
        """A message comes from outside."""
        return self.say(message, key, payload)

    def say(
        self, message: str, key: str, payload: Mapping[str, object], *, by: str = "", on: datetime | None = None
    ) -> "Life":
        """As `tell`, by somebody, at an instant."""
        self.pass_time(on or self.now + DAY)
        with begin(self.database, self.actor(by or "preparador"), self.now) as work:
            messages.post(work, message, key, payload)
        return self.rest()

    def report(
        self, kind: str, answers: Mapping[str, object], *, by: str = "", nth: int = 0, on: datetime | None = None
    ) -> "Life":
        """Somebody reports a change or an incident about the nth certificate (0: the newest), on its page."""
        self.pass_time(on or self.now + DAY)
        with begin(self.database, self.actor(by or "preparador"), self.now) as work:
            reports.send(work, self.id_of(models.Authorisation, nth), kind, answers)
        return self.rest()

    def withdraw(
        self,
        answers: Mapping[str, object],
        process: str = "application",
        *,
        by: str = "",
        nth: int = 0,
        on: datetime | None = None,
    ) -> "Life":
        """The signatory withdraws the nth application or appeal (0: the newest), on the page of its case."""
        self.pass_time(on or self.now + DAY)
        with begin(self.database, self.actor(by or "representante"), self.now) as work:
            query = select(models.Case.id).where(models.Case.process == process).order_by(models.Case.id)
            cases = work.session.scalars(query).all()
            withdrawals.send(work, cases[nth - 1], answers)
        return self.rest()

    def ask(self, service: str, arguments: Mapping[str, object], *, by: str = "", on: datetime | None = None) -> "Life":
        """A service is asked as a diagram would ask it, in the newest case about a certificate, else in the newest case."""
        self.pass_time(on or self.now + DAY)
        with begin(self.database, self.actor(by or "director"), self.now) as work:
            cases = work.session.scalars(select(models.Case).order_by(models.Case.id)).all()
            about = [case for case in cases if case.authorisation_id]
            services.perform(work, (about or cases)[-1], service, arguments)
        return self.rest()

    def pass_time(self, until: datetime) -> "Life":
        """Time passes until then; what comes due meanwhile happens at its own instant."""
        while (due := self._next_due()) is not None and self.now < due <= until:
            self.now = due
            self.rest()
        self.now = max(self.now, until)
        return self.rest()

    def rest(self) -> "Life":
        """The worker does what is due."""
        self._worker.drain(self.now)
        return self

    def go_on(self, wanted: Collection[str], answers: Mapping[str, Mapping[str, object]] | None = None) -> "Life":
        """Everybody does what is open, as in the demonstration but for `answers` by task, until a wanted task is open."""
        for _turn in range(LONGEST):
            waiting = self.open
            if not set(wanted).isdisjoint(waiting):
                return self
            self._next_act(answers or {})
        raise AssertionError(f"this never comes to {wanted}; open: {self.open}, waiting: {self.waiting}")

    def go_on_until(self, state: str, answers: Mapping[str, Mapping[str, object]] | None = None) -> "Life":
        """As `go_on`, until the application or the authorisation is in a state and, in the latter, nothing is open."""
        for _turn in range(LONGEST):
            if self._reached(state):
                return self
            self._next_act(answers or {})
        raise AssertionError(f"this never comes to {state}; open: {self.open}, waiting: {self.waiting}")

    def actor(self, username: str) -> Actor:
        """The person of that user name."""
        with look(self.database, SYSTEM, self.now) as work:
            return people.actor(people.by_username(work, username))

    @property
    def types(self) -> Sequence[str]:
        """What is applied for."""
        return self.setting.types or story.APPLIED_FOR[self.setting.programme]

    def _reached(self, state: str) -> bool:
        table = models.Application if state.startswith("A") else models.Authorisation
        with look(self.database, SYSTEM, self.now) as work:
            states = set(work.session.scalars(select(table.state)))
        return states == {state} and (table is models.Application or not self.open)

    def _next_act(self, answers: Mapping[str, Mapping[str, object]]) -> None:
        """One open task is done; where there is none, time passes to what comes due next."""
        waiting = self.open
        if waiting:
            first = waiting[0]
            self.pass_time(self.now + DAY)
            self.complete(self.chosen(first, 1), {**answers.get(first, {}), **self.setting.answers.get(first, {})})
            return
        due = self._next_due()
        assert due is not None, f"nobody does anything any more; waiting: {self.waiting}"
        self.pass_time(due)

    def _usual(self, work: Work, task_id: str) -> Mapping[str, object]:
        task = work.session.get_one(models.Task, task_id)
        act = self._acts.get(task.element)
        case = work.session.get_one(models.Case, task.case_id)
        return act.write(work, case, tasks.known(work, task_id)) if act else _WRITTEN.get(task.element, {})

    def _doer(self, work: Work, task: models.Task) -> str:
        """Who does it in the demonstration; where they may not, or it never comes there, the first who may."""
        act = self._acts.get(task.element)
        usual = act.who if act else _DOERS.get(task.element)
        able = [person.username for person in self._people if task.role in person.roles]
        assert usual or able, f"nobody in this office has the role {task.role}"
        first = [usual] if usual else []
        for name in (*first, *able):
            if rights.refusal(work, task, people.actor(people.by_username(work, name))) is None:
                return name
        return (*first, *able)[0]

    def _starter(self, process: str) -> str:
        with look(self.database, SYSTEM, self.now) as work:
            roles = pins.definition(work, pins.current(work, process).id).diagrams[process].start_roles
        return next(person.username for person in self._people if not set(roles).isdisjoint(person.roles))

    def _next_due(self) -> datetime | None:
        """When the next thing happens by itself: a timer, or what waits in the outbox for its day."""
        with look(self.database, SYSTEM, self.now) as work:
            jobs = select(models.Outbox.next_attempt_at).where(
                models.Outbox.done_at.is_(None), models.Outbox.next_attempt_at > self.now
            )
            later = work.session.scalars(jobs.order_by(models.Outbox.next_attempt_at).limit(1)).first()
            found = [due for due in (timers.next_due(work), later) if due is not None]
            return min(found, default=None)


_SUBJECTS: Final[Mapping[str, type[models.Model]]] = {
    "certificate": models.Authorisation,
    "application": models.Application,
}
_ABOUT: Final = {"certificate": "authorisation_id", "application": "application_id"}


def _changed(rows: object, change: object) -> object:
    assert isinstance(rows, list), "each changes the rows of a list"
    assert isinstance(change, Mapping), "each needs a table"
    return [{**row, **change} for row in rows]


def at(day: date) -> datetime:
    """Nine in the morning of a day, by the clock on the office's wall."""
    return MORNING.replace(year=day.year, month=day.month, day=day.day)


def filed(office: Database, setting: Setting | None = None) -> Life:
    """An application that was prepared, signed and filed."""
    return Life(office, setting).apply().go_on_until("A1")


def admitted(office: Database, setting: Setting | None = None) -> Life:
    """An application that was accepted."""
    return filed(office, setting).go_on_until("A5")


def visited(office: Database, setting: Setting | None = None) -> Life:
    """An application whose visit found nothing, with its minutes signed."""
    return admitted(office, setting).go_on(["write_report"], {"write_minutes": {"findings": []}})


def proposed(office: Database, setting: Setting | None = None) -> Life:
    """An application on which the director decides."""
    return visited(office, setting).go_on(["decide_on_proposal"])


def heard(office: Database, setting: Setting | None = None) -> Life:
    """An application that the director means to refuse."""
    grounds = [{"criterion": "A.3", "ground": "Hay tributos vencidos."}]
    relied_on = [{"document": "Informe de validación"}]
    life = proposed(office, setting)
    return life.do("decide_on_proposal", decision="refuse", refusal_grounds=grounds, relied_on=relied_on)


def granted(office: Database, setting: Setting | None = None) -> Life:
    """An authorisation in force, its monitoring planned."""
    return proposed(office, setting).go_on_until("B1")


def suspended(office: Database, ground: str = "b", setting: Setting | None = None) -> Life:
    """An authorisation that was suspended, begun by hand."""
    life = granted(office, setting).begin_suspension()
    return life.do("propose_suspension", ground=ground, suspension_days=30).do("decide_suspension")


def revoked(office: Database, setting: Setting | None = None) -> Life:
    """An authorisation that was revoked, its holder kept silent."""
    life = suspended(office, "b", setting).wait("suspension_period_over")
    life.do("propose_revocation").do("advise_revocation").do("decide_intention")
    return life.wait("revocation_hearing_over").do("decide_revocation")
