"""Business rule tasks: the decision that the case's release pinned answers, and the history keeps which rules said so."""

from collections.abc import Iterator, Mapping
from typing import Final

from engine import decisions, history, pins
from engine.decisions import Explained, Model
from engine.domain.errors import Invalid
from engine.domain.events import DecisionMadeV2
from engine.store import models
from engine.work import Work
from engine.workflow import DECISION, Failed, Fault, Run, ServiceCall

FAILURE: Final = "decision"  # the code of the error that a decision throws which cannot be made


def asked(call: ServiceCall) -> bool:
    """Whether the call asks a decision; the others are services."""
    return call.service.startswith(DECISION)


def decide(work: Work, case: models.Case, run: Run, call: ServiceCall) -> object:
    """The decision's answer on what the task sees; how it was found is recorded.

    Where none can be made: a failure with the code `decision` if the diagram catches that error, else a Fault at the task.
    """
    id_, pinned = _asked_of(work, case, call)
    try:
        found = decisions.explain(pinned.model, id_, call.arguments, work.local)
    except Invalid as refused:
        return _failed(run, call, refused)
    drawn = pinned.model.asked(id_)
    event = DecisionMadeV2(
        decision=id_,
        element=call.element,
        name=drawn.name if drawn else id_,
        name_en=drawn.name_en if drawn else "",
        version=pinned.version,
        number=pinned.number,
        inputs=found.inputs,
        outputs=found.value,
        steps=list(named_steps(pinned.model, found)),
        more_steps=found.more_steps,
    )
    history.record(work, event, case=case)
    return found.value


def would_answer(work: Work, case: models.Case, run: Run, call: ServiceCall) -> object:
    """What the decision would answer; nothing is recorded."""
    id_, pinned = _asked_of(work, case, call)
    try:
        return decisions.decide(pinned.model, id_, call.arguments, work.local).value
    except Invalid as refused:
        return _failed(run, call, refused)


def named_steps(model: Model, decided: Explained) -> Iterator[Mapping[str, object]]:
    """The steps of a decision with what each decision is called: what the history keeps may outlive the file."""
    for step, told in zip(decided.steps, decided.steps_told(), strict=True):
        drawn = model.decisions[step.decision]
        yield {"name": drawn.name, "name_en": drawn.name_en, **told}


def _asked_of(work: Work, case: models.Case, call: ServiceCall) -> tuple[str, pins.Pinned]:
    id_ = call.service.removeprefix(DECISION)
    return id_, pins.decision(work, case.release_id, id_)


def _failed(run: Run, call: ServiceCall, refused: Invalid) -> Failed:
    reason = "; ".join(str(problem) for problem in refused.problems)
    if run.catches(call.task_id, FAILURE):
        return Failed(FAILURE, reason)
    message = "The decision %(decision)s cannot be made (%(reason)s)."
    params = {"decision": call.service.removeprefix(DECISION), "reason": reason}
    raise Fault(call.element, message, params) from refused
