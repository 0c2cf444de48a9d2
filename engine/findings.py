"""Findings and corrective actions: recorded by who visited, corrected by the operator, verified by somebody else."""

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from engine import history
from engine.domain.errors import Invalid, NotAllowed, NotFound, Problem
from engine.domain.events import ActionPlanned, ActionVerified, FindingRecorded
from engine.store import models
from engine.work import Work

Result = dict[str, object]
Row = Mapping[str, object]
SEVERITIES = ("observation", "minor", "major", "critical")
CORRECTED = "corrected"


def record(
    work: Work,
    case: models.Case,
    findings: Sequence[Row] | None,
    application_id: str | None = None,
    authorisation_id: str | None = None,
) -> Result:
    """Writes down what a visit found; each row has criterion, site, severity and text. Observations ask for no action."""
    del application_id, authorisation_id  # the case knows whom it is about
    if case.operator_id is None:
        raise NotFound("There is no such operator.")
    for index, row in enumerate(findings or ()):
        if row.get("severity") not in SEVERITIES:
            message = "Choose observation, minor, major or critical."
            raise Invalid("A finding is incomplete.", [Problem(f"findings[{index}].severity", message)])
        finding = models.Finding(
            id=work.new_id(),
            case_id=case.id,
            operator_id=case.operator_id,
            criterion=_text(row, "criterion"),
            site=_text(row, "site"),
            severity=_text(row, "severity"),
            text=_text(row, "text"),
            state="open",
            author_id=work.actor.id,
            created_at=work.now,
        )
        work.session.add(finding)
        work.session.flush()
        history.record(work, FindingRecorded(finding.id, finding.criterion, finding.severity), case=case)
    return _state(work, case)


def plan_actions(work: Work, case: models.Case, actions: Sequence[Row], application_id: str | None = None) -> Result:
    """Writes down what the operator does about findings; each row names its `finding`, the action, who and by when."""
    del application_id
    for index, row in enumerate(actions):
        finding = _finding(work, case, row, f"actions[{index}].finding")
        action = models.Action(
            id=work.new_id(),
            finding_id=finding.id,
            text=_text(row, "action"),
            owner=_text(row, "responsible"),
            due_on=_date(row.get("due_on")),
            evidence=_texts(row.get("evidence")),
            state="proposed",
            author_id=work.actor.id,
            created_at=work.now,
        )
        work.session.add(action)
        work.session.flush()
        history.record(work, ActionPlanned(action.id, finding.id), case=case)
    return _state(work, case)


def verify(work: Work, case: models.Case, verifications: Sequence[Row], application_id: str | None = None) -> Result:
    """Closes what is corrected. Nobody verifies an action that they wrote themselves (domain page §4)."""
    del application_id
    for index, row in enumerate(verifications):
        finding = _finding(work, case, row, f"verifications[{index}].finding")
        actions = [action for action in finding.actions if action.state == "proposed"]
        if any(action.author_id == work.actor.id for action in actions):
            raise NotAllowed("You wrote this corrective action: another person must verify it.")
        corrected = row.get("result") == CORRECTED
        for action in actions:
            action.state = "verified" if corrected else "insufficient"
            action.verified_by, action.verified_at = work.actor.id, work.now
        if corrected:
            finding.state, finding.closed_at = "closed", work.now
        history.record(work, ActionVerified(finding.id, _text(row, "result"), _text(row, "note")), case=case)
    return _state(work, case)


def of_case(work: Work, case_id: str) -> Sequence[models.Finding]:
    """The findings of a case in the order in which they were recorded."""
    query = (
        select(models.Finding).where(models.Finding.case_id == case_id).options(selectinload(models.Finding.actions))
    )
    return work.session.scalars(query.order_by(models.Finding.created_at, models.Finding.id)).all()


def _state(work: Work, case: models.Case) -> Result:
    rows = of_case(work, case.id)
    described = [
        {"id": f.id, "criterion": f.criterion, "site": f.site, "severity": f.severity, "text": f.text, "state": f.state}
        for f in rows
    ]
    unsolved = sum(1 for finding in rows if finding.state == "open" and finding.severity != "observation")
    return {"findings": described, "open_findings": unsolved}


def _finding(work: Work, case: models.Case, row: Row, where: str) -> models.Finding:
    finding = work.session.get(models.Finding, str(row.get("finding")))
    if finding is None or finding.case_id != case.id:
        raise Invalid("A finding is not known.", [Problem(where, "Choose a finding of this case.")])
    return finding


def _text(row: Row, key: str) -> str:
    value = row.get(key)
    return value if isinstance(value, str) else ""


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else None
