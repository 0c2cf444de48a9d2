"""Business rule tasks: the decision that the case's release pinned answers, and the history keeps which rules said so."""

from collections.abc import Iterator, Mapping
from typing import Final

from engine import decisions, history, pins
from engine.decisions import Decided, Model
from engine.domain.errors import Invalid
from engine.domain.events import DecisionMade
from engine.store import models
from engine.work import Work
from engine.workflow import DECISION, Failed, Fault, Run, ServiceCall

FAILURE: Final = "decision"  # the code of the error that a decision throws which cannot be made


def asked(call: ServiceCall) -> bool:
    """Whether the call asks a decision; the others are services."""
    return call.service.startswith(DECISION)


def decide(work: Work, case: models.Case, run: Run, call: ServiceCall) -> object:
    """The decision's answer on what the task sees.

    Where none can be made: a failure with the code `decision` if the diagram catches that error, else a Fault at the task.
    """
    found = _decided(work, case, run, call)
    if isinstance(found, Failed):
        return found
    id_, (pinned, decided) = call.service.removeprefix(DECISION), found
    drawn = pinned.model.decisions[id_]
    event = DecisionMade(
        decision=id_,
        element=call.element,
        name=drawn.name,
        name_en=drawn.name_en,
        version=pinned.version,
        number=pinned.number,
        inputs=decided.inputs,
        matched=list(_matched(pinned.model, decided)),
        outputs=decided.value,
    )
    history.record(work, event, case=case)
    return decided.value


def would_answer(work: Work, case: models.Case, run: Run, call: ServiceCall) -> object:
    """What the decision would answer; nothing is recorded."""
    found = _decided(work, case, run, call)
    return found if isinstance(found, Failed) else found[1].value


def _decided(work: Work, case: models.Case, run: Run, call: ServiceCall) -> tuple[pins.Pinned, Decided] | Failed:
    id_ = call.service.removeprefix(DECISION)
    pinned = pins.decision(work, case.release_id, id_)
    try:
        return pinned, decisions.decide(pinned.model, id_, call.arguments, work.local)
    except Invalid as refused:
        reason = "; ".join(str(problem) for problem in refused.problems)
        if run.catches(call.task_id, FAILURE):
            return Failed(FAILURE, reason)
        message = "The decision %(decision)s cannot be made (%(reason)s)."
        raise Fault(call.element, message, {"decision": id_, "reason": reason}) from refused


def _matched(model: Model, decided: Decided) -> Iterator[Mapping[str, object]]:
    """The rules that matched, in all tables that were asked: whose, which, why, and what they answered."""
    for table in decided.tables:
        drawn = model.decisions[table.decision]
        named = {"decision": drawn.id, "name": drawn.name, "name_en": drawn.name_en, "policy": str(table.policy)}
        for rule in table.matched:
            yield {
                **named,
                "rule": rule.number,
                "because": [{"column": one.column, "value": one.value, "test": one.test} for one in rule.because],
                "answers": dict(rule.answers),
                "notes": list(rule.notes),
            }
