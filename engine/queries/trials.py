"""Trying a decision out before it goes to work: what it asks for, and what it would answer to what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine import business_rules, checking, decisions
from engine.decisions import Model, Question, asking
from engine.domain.errors import Invalid, NotFound, Problem
from engine.feel import FeelError
from engine.queries import studio
from engine.queries.studio import VersionView
from engine.work import Work

Texts = tuple[str, str]  # Spanish, English


@dataclass(frozen=True, slots=True)
class Trial:
    """A decision to be tried: which others its file has (id, name), what it asks for, and how it answered, if it did.

    `problems` are about fields, by their place among the questions (`q0`), or about the decision.
    """

    choices: Sequence[tuple[str, Texts]]
    decision: str
    questions: Sequence[Question]
    problems: Sequence[Problem] = ()
    told: Mapping[str, object] | None = None


def trial(work: Work, view: VersionView, decision: str, typed: Mapping[str, str] | None) -> Trial:
    """The decision of that id (else the last one) of a version; with what was `typed`, by field, also its answer."""
    if view.kind != "decision":
        raise NotFound("Only decisions can be tried out.")
    try:
        model = checking.decision_model(studio.among(work, view), view.key)
        return _trial(work, model, decision, typed)
    except Invalid as refused:
        return Trial((), decision, (), refused.problems or (Problem("", refused.message, refused.params),))


def _trial(work: Work, model: Model, decision: str, typed: Mapping[str, str] | None) -> Trial:
    found = {id_: model.own[id_] for id_ in reversed(model.order) if id_ in model.own and not model.own[id_].knowledge}
    chosen = decision if decision in found else next(iter(found))
    choices = [(id_, (one.name, one.name_en or one.name)) for id_, one in found.items()]
    questions = decisions.questions(model, chosen)
    if typed is None:
        return Trial(choices, chosen, questions)
    values: dict[str, object] = {}
    problems = []
    for place, question in enumerate(questions):
        try:
            _tell(values, question, decisions.answered(question, typed.get(f"q{place}", "")))
        except (FeelError, ValueError) as error:
            problems.append(asking.problem(f"q{place}", question, error))
    if problems:
        return Trial(choices, chosen, questions, problems)
    try:
        explained = decisions.explain(model, chosen, values, work.local)
    except Invalid as refused:
        return Trial(choices, chosen, questions, refused.problems)
    steps = list(business_rules.named_steps(model, explained))
    told = {"value": explained.value, "steps": steps, "more_steps": explained.more_steps}
    return Trial(choices, chosen, questions, told=told)


def _tell(values: dict[str, object], question: Question, value: object) -> None:
    """Puts an answer among the values: that of an imported file within the names of the imports that lead to it."""
    for name in question.path:
        inner = values.setdefault(name, {})
        if not isinstance(inner, dict):
            raise TypeError(name)
        values = inner
    values[question.name] = value
