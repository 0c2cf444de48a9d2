"""A desk in the office at which services are asked for one by one: by whom, on which day, each in a work of its own."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select, text

from engine import findings, operators, pins, services
from engine.operators import Details
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Actor, Work, begin, look

Row = TypeVar("Row", bound=models.Model)

SECOND: Final = timedelta(seconds=1)
ZONE: Final = ZoneInfo("America/El_Salvador")
SYSTEM_ITSELF: Final = "marchamo"
PEOPLE: Final[Mapping[str, str]] = {
    "ana": "preparer",
    "rosa": "signatory",
    "irene": "intake_officer",
    "luis": "analyst",
    "valeria": "validator",
    "mauricio": "validator",
    "ernesto": "director",
    "sonia": "monitoring_officer",
}
ROAD: Final[
    Sequence[tuple[str, str, str]]
] = (  # the shortest way of an application: the state, who brings it there, how
    ("A0", "ana", "applications.open"),
    ("A1", "rosa", "applications.submit"),
    ("A4", "irene", "applications.accept"),
    ("A5", "luis", "applications.start_review"),
    ("A8", "valeria", "applications.plan_validation"),
    ("A9", "valeria", "applications.start_visit"),
    ("A11", "mauricio", "applications.evaluate"),
    ("A13", "ernesto", "authorisations.grant"),
)


class Desk:
    """One case of an operator, without a running process: `known` keeps what services answered, as case data does."""

    def __init__(
        self,
        database: Database,
        day: date = date(2026, 1, 12),
        tax_id: str = "0614-120190-101-4",
        programme: str = "sv",
        types: Sequence[str] = ("exporter",),
    ) -> None:
        self.database = database
        self.on(day)
        with begin(database, SYSTEM, self.now) as work:
            operator = operators.register(work, tax_id, Details("Exportadora Lempa", "exporter"))
            self.known: dict[str, object] = {"operator_id": operator.id, "programme": programme, "types": [*types]}
        self.new_case()

    def on(self, day: date, hour: time = time(9)) -> None:
        """It is now this day and hour in the office."""
        self.now = datetime.combine(day, hour, ZONE).astimezone(UTC)

    def new_case(self) -> None:
        """Opens another case of the same operator, of the release that is current now."""
        with begin(self.database, SYSTEM, self.now) as work:
            count = len(work.session.scalars(select(models.Case.id)).all())
            case = models.Case(
                id=work.new_id(),
                number=f"OC-{work.today.year}-{count:04}",
                process="application",
                release_id=pins.current(work, "application").id,
                status="active",
                operator_id=str(self.known["operator_id"]),
                started_by="ana",
                created_at=work.now,
                updated_at=work.now,
                state=b"",
            )
            work.session.add(case)
            self.case_id = case.id

    def do(self, who: str, service: str, **arguments: object) -> dict[str, object]:
        """What the service answers; ids that are known already need not be given. Each act comes a second after the last."""
        self.now += SECOND
        with begin(self.database, self.actor(who), self.now) as work:
            case = work.session.get_one(models.Case, self.case_id)
            wanted = services.parameters()[service] & set(self.known) - services.optional()[service]
            given = {name: self.known[name] for name in wanted}
            result = services.perform(work, case, service, {**given, **arguments})
        self.known |= result
        return result

    def reach(self, state: str) -> None:
        """Brings an application from nothing to a state on the shortest way."""
        for reached, who, service in ROAD:
            self.do(who, service)
            if reached == state:
                return

    def announce(self, template: str, **facts: object) -> None:
        """Issues the letter that announces an adverse act (D14, D24)."""
        usual = {
            "grounds": [{"criterion": "A.3", "ground": "Hay tributos vencidos."}],
            "documents": [{"document": "Acta de la visita"}],
            "hearing_due": "2026-12-31",
        }
        more = {"decision_due": "2026-12-31"} if template == "D14_hearing" else {}
        self.do("ernesto", "letters.issue", template=template, facts={**usual, **more, **facts})

    def hear(self, grounds: object = "No subsanó.", arguments: object = None) -> None:
        """The holder of a suspended certificate is heard about its revocation."""
        self.do("ernesto", "measures.start_revocation_hearing", grounds=grounds)
        self.announce("D24_intention_to_revoke")
        self.do("rosa", "measures.end_hearing", arguments=arguments)

    def actor(self, who: str) -> Actor:
        """Somebody of the office by name; `ernesto+luis` is one person who holds the roles of both."""
        if who == SYSTEM_ITSELF:
            return SYSTEM
        names = who.split("+")
        return Actor(names[-1], names[-1].capitalize(), frozenset(PEOPLE[name] for name in names))

    def application(self) -> models.Application:
        """The application as the register has it."""
        with look(self.database, SYSTEM) as work:
            return work.session.get_one(models.Application, str(self.known["application_id"]))

    def authorisation(self) -> models.Authorisation:
        """The authorisation as the register has it."""
        with look(self.database, SYSTEM) as work:
            return work.session.get_one(models.Authorisation, str(self.known["authorisation_id"]))

    def certificates(self) -> list[models.Authorisation]:
        """The operator's authorisations, by number."""
        with look(self.database, SYSTEM) as work:
            query = select(models.Authorisation).where(models.Authorisation.operator_id == self.known["operator_id"])
            return list(work.session.scalars(query.order_by(models.Authorisation.number)))

    def rows(self, model: type[Row]) -> list[Row]:
        """Every row of a table, by id."""
        with look(self.database, SYSTEM) as work:
            return list(work.session.scalars(select(model).order_by(text("id"))))

    def work(self, who: str) -> AbstractContextManager[Work]:
        """Work of somebody of the office, now."""
        self.now += SECOND
        return begin(self.database, self.actor(who), self.now)

    def measure(self) -> models.Measure:
        """The measure as the register has it."""
        with look(self.database, SYSTEM) as work:
            return work.session.get_one(models.Measure, str(self.known["measure_id"]))

    def findings(self) -> list[str]:
        """The ids of the findings of the case, as they were recorded."""
        with look(self.database, SYSTEM) as work:
            return [finding.id for finding in findings.of_case(work, self.case_id)]

    def clocks(self) -> list[tuple[str, str]]:
        """Every clock with its state, in the order in which they began."""
        with look(self.database, SYSTEM) as work:
            query = select(models.LegalClock).order_by(models.LegalClock.created_at, models.LegalClock.name)
            return [(clock.name, clock.state) for clock in work.session.scalars(query)]

    def moves(self, subject: str) -> list[tuple[str, str, date]]:
        """The moves of a machine: number, state reached, the day from which it is valid."""
        with look(self.database, SYSTEM) as work:
            query = select(models.StatusChange).where(models.StatusChange.subject == subject)
            rows = work.session.scalars(query.order_by(models.StatusChange.recorded_at, models.StatusChange.id))
            return [(row.transition, row.to_state, row.valid_from) for row in rows]

    def events(self) -> list[str]:
        """The kinds of events of the case, in order."""
        with look(self.database, SYSTEM) as work:
            query = select(models.Event.type).where(models.Event.case_id == self.case_id).order_by(models.Event.seq)
            return list(work.session.scalars(query))
