"""Findings and corrective actions: recorded by who visited, corrected by the operator, verified by somebody else."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from engine import arguments, history, programmes
from engine.arguments import Row
from engine.domain import duties
from engine.domain.errors import Conflict, Invalid, NotFound, Problem
from engine.domain.events import ActionExtended, ActionPlanned, ActionVerified, FindingExplained, FindingRecorded
from engine.domain.programme import Programme
from engine.store import models
from engine.work import Work

Result = dict[str, object]
SEVERITIES = ("observation", "minor", "major", "critical")
CORRECTED = "corrected"
RESULTS = (CORRECTED, "not_corrected")
OBSERVATION = "observation"  # worth saying, nothing to correct
PROPOSED = "proposed"
INSUFFICIENT = "insufficient"  # verified, and not enough: it is carried out anew if it gets more time
REPLACED = "replaced"  # by another plan for the same finding
CORRECTIVE = "corrective"  # the clock by which a programme says how often an action may have more time


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
    for index, row in enumerate(arguments.rows(findings, "findings")):
        where = f"findings[{index}]"
        finding = models.Finding(
            id=work.new_id(),
            case_id=case.id,
            operator_id=case.operator_id,
            criterion=arguments.needed(row, "criterion", where),
            site=arguments.text(row, "site"),
            severity=arguments.choice(row, "severity", SEVERITIES, where),
            text=arguments.needed(row, "text", where),
            state="open",
            author_id=work.actor.id,
            created_at=work.now,
        )
        work.session.add(finding)
        work.session.flush()
        history.record(work, FindingRecorded(finding.id, finding.criterion, finding.severity), case=case)
    return _state(work, case)


def plan_actions(work: Work, case: models.Case, actions: Sequence[Row], application_id: str | None = None) -> Result:
    """Writes down what the operator does about findings; each row names its `finding`, the action, who and by when.

    `cause` is the root cause of the finding, where the row tells it. What was proposed for the same finding before and not
    carried out is replaced: a plan that was sent back is written anew.
    """
    del application_id
    rows = arguments.rows(actions, "actions")
    _replace(work, case, {str(row.get("finding")) for row in rows})
    for index, row in enumerate(rows):
        finding = _finding(work, case, row, f"actions[{index}].finding")
        _explain(work, case, finding, arguments.text(row, "cause"))
        action = models.Action(
            id=work.new_id(),
            finding_id=finding.id,
            text=arguments.needed(row, "action", f"actions[{index}]"),
            owner=arguments.text(row, "responsible"),
            due_on=arguments.day(row, "due_on", f"actions[{index}]"),
            evidence=arguments.texts(row, "evidence"),
            state=PROPOSED,
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
    for index, row in enumerate(arguments.rows(verifications, "verifications")):
        finding = _finding(work, case, row, f"verifications[{index}].finding")
        actions = [action for action in finding.actions if action.state == PROPOSED]
        duties.require_other({action.author_id for action in actions}, work.actor.id)
        corrected = arguments.choice(row, "result", RESULTS, f"verifications[{index}]") == CORRECTED
        for action in actions:
            action.state = "verified" if corrected else INSUFFICIENT
            action.verified_by, action.verified_at = work.actor.id, work.now
        if corrected:
            finding.state, finding.closed_at, finding.closed_on = "closed", work.now, work.today
        history.record(
            work, ActionVerified(finding.id, arguments.text(row, "result"), arguments.text(row, "note")), case=case
        )
    return _state(work, case)


def extend_action(work: Work, case: models.Case, action_id: str, due_on: str, reason: str) -> Result:
    """Gives a corrective action more time, until `due_on`; each extension counts, and the programme may say how many there are.

    One that was found insufficient is open again.

    The cap is how often (`times`) a clock may be used that adds to the programme's clock `corrective`, else that of the
    clock itself (domain page §11.4: Indonesia, once).
    """
    action = _open_action(work, case, action_id)
    day = arguments.day({"due_on": due_on}, "due_on", "action")
    if day is None or day <= max(work.today, action.due_on or work.today):
        raise Invalid(
            "This is no extension.", [Problem("due_on", "Give a day after the present one, and after today.")]
        )
    if not reason.strip():
        raise Invalid("The act needs a reason.", [Problem("reason", "Write why.")])
    most = _most_extensions(programmes.of_case(work, case))
    if most is not None and action.extensions >= most:
        raise Conflict("This action was extended %(most)s times already: the programme allows no more.", most=most)
    _extend(work, case, action, day, reason.strip())
    return {"extensions": action.extensions, "action_due": day.isoformat()}


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


def _replace(work: Work, case: models.Case, findings: set[str]) -> None:
    for finding in of_case(work, case.id):
        for action in finding.actions if finding.id in findings else ():
            action.state = REPLACED if action.state == PROPOSED else action.state


def _explain(work: Work, case: models.Case, finding: models.Finding, cause: str) -> None:
    if cause and cause != finding.root_cause:
        finding.root_cause = cause
        history.record(work, FindingExplained(finding.id, cause), case=case)


def _open_action(work: Work, case: models.Case, action_id: str) -> models.Action:
    action = work.session.get(models.Action, action_id, with_for_update=True)
    if action is None or action.finding.case_id != case.id:
        raise Invalid("An action is not known.", [Problem("action_id", "Choose an action of this case.")])
    if action.state not in {PROPOSED, INSUFFICIENT}:
        raise Conflict("This action is not open any more.")
    return action


def _most_extensions(rules: Programme) -> int | None:
    """How often one action may have more time; None where the programme does not say."""
    adding = [rule.times for rule in rules.additions_to(CORRECTIVE).values() if rule.times is not None]
    own = rules.clocks[CORRECTIVE].times if CORRECTIVE in rules.clocks else None
    return max(adding) if adding else own


def _most_in(work: Work, case: models.Case) -> int | None:
    """As the programme of the case says; a case about nothing goes by none."""
    about = case.application_id or case.authorisation_id
    return _most_extensions(programmes.of_case(work, case)) if about else None


def _extend(work: Work, case: models.Case, action: models.Action, day: date, reason: str) -> None:
    before, action.due_on = action.due_on, day
    action.extensions, action.state = action.extensions + 1, PROPOSED
    row = models.ActionExtension(
        id=work.new_id(),
        action_id=action.id,
        number=action.extensions,
        due_before=before,
        due_on=day,
        reason=reason,
        actor_id=work.actor.id,
        recorded_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    was = before.isoformat() if before else None
    event = ActionExtended(action.id, action.finding_id, action.extensions, was, day.isoformat(), reason)
    history.record(work, event, case=case)


def _state(work: Work, case: models.Case) -> Result:
    rows = of_case(work, case.id)
    described = [
        {"id": f.id, "criterion": f.criterion, "site": f.site, "severity": f.severity, "text": f.text, "state": f.state}
        for f in rows
    ]
    planned = [
        {
            "id": action.id,
            "finding": action.finding_id,
            "action": action.text,
            "responsible": action.owner,
            "due_on": action.due_on.isoformat() if action.due_on else None,
            "extensions": action.extensions,
            "state": action.state,
        }
        for finding in rows
        for action in finding.actions
    ]
    return {
        "findings": described,
        "open_findings": unsolved(work, case.id),
        "planned_actions": planned,
        "extensions_most": _most_in(work, case),
    }


def _finding(work: Work, case: models.Case, row: Row, where: str) -> models.Finding:
    finding = work.session.get(models.Finding, str(row.get("finding")))
    if finding is None or finding.case_id != case.id:
        raise Invalid("A finding is not known.", [Problem(where, "Choose a finding of this case.")])
    return finding
