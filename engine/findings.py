"""Findings and corrective actions: recorded by who visited, corrected by the operator, verified by somebody else."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from engine import history
from engine.domain import duties
from engine.domain.errors import Invalid, NotFound, Problem
from engine.domain.events import ActionPlanned, ActionVerified, FindingRecorded
from engine.store import models
from engine.work import Work

Result = dict[str, object]
Row = Mapping[str, object]
SEVERITIES = ("observation", "minor", "major", "critical")
CORRECTED = "corrected"
RESULTS = (CORRECTED, "not_corrected")
OBSERVATION = "observation"  # worth saying, nothing to correct


def record(
    work: Work,
    case: models.Case,
    findings: Sequence[Row] | None = None,
    application_id: str | None = None,
    authorisation_id: str | None = None,
) -> Result:
    """Writes down what a visit found; each row has criterion, site, severity and text. Observations ask for no action."""
    del application_id, authorisation_id  # the case knows whom it is about
    if case.operator_id is None:
        raise NotFound("There is no such operator.")
    for index, row in enumerate(_rows(findings, "findings")):
        where = f"findings[{index}]"
        finding = models.Finding(
            id=work.new_id(),
            case_id=case.id,
            operator_id=case.operator_id,
            criterion=_needed(row, "criterion", where),
            site=_text(row, "site"),
            severity=_choice(row, "severity", SEVERITIES, where),
            text=_needed(row, "text", where),
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
    for index, row in enumerate(_rows(actions, "actions")):
        finding = _finding(work, case, row, f"actions[{index}].finding")
        action = models.Action(
            id=work.new_id(),
            finding_id=finding.id,
            text=_needed(row, "action", f"actions[{index}]"),
            owner=_text(row, "responsible"),
            due_on=_date(row, "due_on", f"actions[{index}]"),
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
    for index, row in enumerate(_rows(verifications, "verifications")):
        finding = _finding(work, case, row, f"verifications[{index}].finding")
        actions = [action for action in finding.actions if action.state == "proposed"]
        duties.require_other({action.author_id for action in actions}, work.actor.id)
        corrected = _choice(row, "result", RESULTS, f"verifications[{index}]") == CORRECTED
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


def unsolved(work: Work, case_id: str) -> int:
    """How many findings of the case still ask for a correction."""
    query = select(func.count()).where(
        models.Finding.case_id == case_id,
        models.Finding.state == "open",
        models.Finding.severity != OBSERVATION,
    )
    return work.session.scalars(query).one()


def _state(work: Work, case: models.Case) -> Result:
    rows = of_case(work, case.id)
    described = [
        {"id": f.id, "criterion": f.criterion, "site": f.site, "severity": f.severity, "text": f.text, "state": f.state}
        for f in rows
    ]
    return {"findings": described, "open_findings": unsolved(work, case.id)}


def _rows(rows: Sequence[Row] | None, where: str) -> Sequence[Row]:
    for index, row in enumerate(rows or ()):
        if not isinstance(row, Mapping):
            raise Invalid("A row is incomplete.", [Problem(f"{where}[{index}]", "Write an object with named values.")])
    return rows or ()


def _finding(work: Work, case: models.Case, row: Row, where: str) -> models.Finding:
    finding = work.session.get(models.Finding, str(row.get("finding")))
    if finding is None or finding.case_id != case.id:
        raise Invalid("A finding is not known.", [Problem(where, "Choose a finding of this case.")])
    return finding


def _text(row: Row, key: str) -> str:
    value = row.get(key)
    return value.strip() if isinstance(value, str) else ""


def _needed(row: Row, key: str, where: str) -> str:
    text = _text(row, key)
    if not text:
        raise Invalid("A row is incomplete.", [Problem(f"{where}.{key}", "Write a text.")])
    return text


def _choice(row: Row, key: str, choices: Collection[str], where: str) -> str:
    text = _text(row, key)
    if text not in choices:
        problem = Problem(f"{where}.{key}", "Write one of %(choices)s.", {"choices": ", ".join(choices)})
        raise Invalid("A row is incomplete.", [problem])
    return text


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []


def _date(row: Row, key: str, where: str) -> date | None:
    text = _text(row, key)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        problem = Problem(f"{where}.{key}", "Write a date: 2026-01-31.")
        raise Invalid("A row is incomplete.", [problem]) from error
