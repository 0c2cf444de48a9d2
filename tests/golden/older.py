"""An office of an earlier release, with its cases: what people wrote then into the forms of then."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import select

from engine import outlooks, pins, releases, upgrades
from engine.demo import answers
from engine.demo.office import LEMPA
from engine.outlooks import Choice
from engine.store import models
from engine.store.database import Database
from engine.work import SYSTEM, Work, begin, look
from tests import factories
from tests.conftest import ROOT
from tests.processes.lives import DAY, Life

CONTENT: Final = Path(__file__).parent / "content"
_CRITERIA: Final = [
    (code, ())
    for letter, count in zip("ABCDEFGHIJKLM", (4, 6, 3, 2, 2, 2, 3, 1, 2, 2, 2, 1, 1), strict=True)
    for code in (f"{letter}.{number}" for number in range(1, count + 1))
]
_CHECKS: Final = ["established", "identified", "authority", "no_bar", "assessment", "solvency"]
WRITTEN: Final[Mapping[str, Mapping[str, object]]] = {  # by task, in the words of release 0.2.0
    "assess_self": {"self_assessment": answers.self_assessment({}, _CRITERIA)},
    "sign_and_submit": {"signature": "submit", "declaration": True},
    "check_admissibility": {"admission_checks": _CHECKS, "admissibility": "complete"},
    "review_application": {
        "scores": answers.scores(_CRITERIA),
        "risk_level": "medium",
        "review_summary": "Cumple.",
        "review_outcome": "sufficient",
    },
    "plan_validation": {
        "visits": [{"site": LEMPA.sites[0][0], "day": "2026-04-21", "time": "08:30"}],
        "team": [
            {"name": "Valeria Hernández", "post": "Validadora jefe"},
            {"name": "Mauricio Rivas", "post": "Validador"},
        ],
        "focus_criteria": ["G.2"],
        "documents_to_prepare": "Libro de marchamos.",
        "no_conflict": True,
    },
    "write_minutes": {
        "visited_on": "2026-04-21",
        "attendees": [{"name": "Valeria Hernández", "on_behalf_of": "Dirección General de Aduanas"}],
        "facts_seen": "Se siguieron 40 despachos.",
        "findings": [],
    },
    "countersign_minutes": {"minutes_signature": "sign"},
    "write_report": {
        "conclusions": answers.conclusions(_CRITERIA),
        "validation_summary": "Cumple.",
        "validation_recommendation": "grant",
    },
    "countersign_report": {"report_agreement": "sign"},
    "write_proposal": {
        "proposal_summary": "Catorce años de operación.",
        "remaining_risks": "Ninguno.",
        "proposal": "grant",
        "proposal_reasons": "Se cumplen las condiciones.",
    },
    "give_opinion": {
        "met_on": "2026-06-11",
        "members": [{"name": "Carmen Villalta", "vote": "for"}],
        "opinion": "favourable",
        "opinion_reasons": "El expediente está completo.",
    },
    "decide_on_proposal": {"decision": "grant", "decision_reasons": "Se acoge el dictamen."},
    "plan_monitoring": {"watch_points": [{"criterion": "G.2", "what": "Custodia", "frequency": "quarterly"}]},
    "propose_suspension": {
        "ground": "b",
        "suspension_reasons": "La custodia dejó de cumplir.",
        "measures_asked": "Custodia bajo llave.",
        "suspension_days": 60,
    },
    "decide_suspension": {"suspension_decision": "suspend", "suspension_decision_reasons": "Está probado."},
    "propose_measures": {"measures": [{"measure": "Caja fuerte con doble llave.", "done_on": "2026-06-20"}]},
    "answer_intention": {"arguments": []},
    "decide_revocation": {"argument_answers": [], "revocation_decision": "revoke", "revocation_reasons": "No subsanó."},
}
TICKED: Final[Mapping[str, Mapping[str, object]]] = {  # boxes of then, which are questions today
    "prepare_application": {"consent_publication": True, "consent_sharing": True},
}


class Older(Life):
    """Lives in an office that works with the content of an earlier release."""

    def __init__(self, database: Database, release: str) -> None:
        with begin(database, SYSTEM) as work:
            releases.install(work, CONTENT / release)
        super().__init__(database)
        self.asks = factories.an_actor(database, "dora", "process_owner")
        self.approves = factories.an_actor(database, "pablo", "process_owner")
        self.renewed = False

    def until(self, element: str, number: str = "") -> "Older":
        """The case comes to a task; whatever stands at one of its tasks before is done by who does it, the first by name."""
        while element not in (waiting := self.tasks(number)):
            self.pass_time(self.now + DAY)
            self.complete(next(iter(waiting.values())), {})
        return self

    def finish(self, element: str, number: str = "") -> "Older":
        """The case comes to a task, and that is done too."""
        self.until(element, number).pass_time(self.now + DAY)
        self.complete(self.tasks(number)[element], {})
        return self

    def tasks(self, number: str = "") -> dict[str, str]:
        """The open tasks of a case (the newest, if none is named) by element."""
        with look(self.database, SYSTEM, self.now) as work:
            newest = select(models.Case.number).order_by(models.Case.id.desc()).limit(1)
            wanted = number or work.session.scalars(newest).one()
            query = select(models.Task).join(models.Case, models.Case.id == models.Task.case_id)
            query = query.where(models.Case.number == wanted, models.Task.status == "open")
            return {task.element: task.id for task in work.session.scalars(query.order_by(models.Task.element))}

    def renew(self) -> None:
        """The office installs the Marchamo of today; the cases stay with what they began with."""
        with begin(self.database, SYSTEM, self.now) as work:
            releases.install(work, ROOT)
        self.renewed = True

    def outlooks(self, process: str) -> Sequence[outlooks.Outlook]:
        """What the move of every case of a process to today's drawing would do."""
        with look(self.database, SYSTEM, self.now) as work:
            return outlooks.of_cases(work, pins.current(work, process), Choice(), {}, ())

    def move(self, process: str) -> dict[str, str]:
        """One process owner asks for the move of the cases of a process, another approves; what became of each that can."""
        with begin(self.database, self.asks, self.now) as work:
            target = pins.current(work, process)
            upgrade_id = upgrades.ask(work, target.id, Choice(), {}, (), "Rige el dibujo nuevo.").id
        with begin(self.database, self.approves, self.now) as work:
            upgrades.approve(work, upgrade_id)
        self.rest()
        with look(self.database, SYSTEM, self.now) as work:
            query = select(models.UpgradeCase).where(models.UpgradeCase.upgrade_id == upgrade_id)
            return {
                work.session.get_one(models.Case, row.case_id).number: row.status for row in work.session.scalars(query)
            }

    def states(self, table: type[models.Application] | type[models.Authorisation]) -> list[str]:
        """The states of all applications or certificates, in the order in which they were made."""
        with look(self.database, SYSTEM, self.now) as work:
            return list(work.session.scalars(select(table.state).order_by(table.id)))

    def _usual(self, work: Work, task_id: str) -> Mapping[str, object]:
        """What is written depends on whether the case goes by the content of then or by that of today."""
        task = work.session.get_one(models.Task, task_id)
        case = work.session.get_one(models.Case, task.case_id)
        today = self.renewed and pins.current(work, case.process).id == case.release_id
        if today or task.element not in WRITTEN:
            return {**super()._usual(work, task_id), **({} if today else TICKED.get(task.element, {}))}
        return WRITTEN[task.element]
