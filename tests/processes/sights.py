"""What can be seen of the lives in an office: open tasks, letters, states, clocks, the path of every token."""

import json
from datetime import date, datetime

from sqlalchemy import select

from engine import statuses
from engine.domain.states import Machine
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, look


class Sight:
    """What the registry and the running cases say at a moment of the virtual clock."""

    def __init__(self, office: Database, now: datetime) -> None:
        self.database, self.now = office, now

    @property
    def open(self) -> list[str]:
        """The ids of all open tasks, in the order of their names."""
        with look(self.database, SYSTEM, self.now) as work:
            return sorted(work.session.scalars(select(models.Task.element).where(models.Task.status == "open")))

    @property
    def waiting(self) -> list[str]:
        """The ids of the elements at which something waits, in the order of their names."""
        with look(self.database, SYSTEM, self.now) as work:
            return sorted(work.session.scalars(select(models.Wait.element)))

    @property
    def letters(self) -> list[str]:
        """The codes of the letters that went out, in order; each has its document."""
        with look(self.database, SYSTEM, self.now) as work:
            rows = work.session.scalars(
                select(models.Letter).order_by(models.Letter.issued_at, models.Letter.number)
            ).all()
            assert all(row.sha256 for row in rows)
            return [row.template.partition("_")[0] for row in rows]

    def id_of(self, table: type[models.Model], nth: int = 0) -> str:
        """The id of the nth row (from 1; 0: the newest) in the order in which they were made."""
        with look(self.database, SYSTEM, self.now) as work:
            found = work.session.scalars(select(table.id).order_by(table.id)).all()  # type: ignore[attr-defined]
        assert len(found) >= max(nth, 1), f"there are {len(found)} of {table.__name__}"
        return str(found[nth - 1])

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
        """The state of each legal clock, by name; of several of one name the newest."""
        with look(self.database, SYSTEM, self.now) as work:
            query = select(models.LegalClock).order_by(models.LegalClock.id)
            return {clock.name: clock.state for clock in work.session.scalars(query)}

    def open_findings(self) -> list[str]:
        """The ids of the findings that are not closed and ask for an action."""
        with look(self.database, SYSTEM, self.now) as work:
            query = select(models.Finding.id).where(models.Finding.state == "open")
            return list(work.session.scalars(query.where(models.Finding.severity != "observation")))

    def passed(self) -> set[str]:
        """Every element that a token has gone through."""
        return {element for _process, element in self.path()}

    def path(self) -> list[tuple[str, str]]:
        """Every element that a token has gone through, in order, with the process of its case."""
        with look(self.database, SYSTEM, self.now) as work:
            query = (
                select(models.Case.process, models.Event.data)
                .join(models.Case, models.Case.id == models.Event.case_id)
                .where(models.Event.type == "TokensMoved")
                .order_by(models.Event.id)
            )
            return [
                (process, element)
                for process, data in work.session.execute(query)
                for kind, element in json.loads(data)["steps"]
                if kind == "completed"
            ]

    def ends(self, process: str) -> list[str]:
        """The end events that the cases of a process came to; empty while they go on."""
        with look(self.database, SYSTEM, self.now) as work:
            query = (
                select(models.Event.data)
                .join(models.Case, models.Case.id == models.Event.case_id)
                .where(models.Case.process == process, models.Event.type == "CaseCompleted")
            )
            return list(work.session.scalars(query))
