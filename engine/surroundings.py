"""What the other resources tell the checks of a diagram: the answers of forms and services, the needs of decisions."""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from engine import feel, forms, outcomes
from engine.decisions import library, order
from engine.decisions import model as drawn
from engine.decisions.types import BASIC
from engine.domain.errors import Invalid
from engine.feel import Type, typed
from engine.forms.records import CHOICES, CONTAINERS, Field, Form, Kind, level
from engine.workflow import Asked, DecisionFacts, Facts, FormFacts

Texts = Mapping[tuple[str, str], bytes]

_TEXT: Final = typed.of_kind("string")
EVERY: Final[Mapping[str, Type]] = {"case_number": _TEXT}  # as `cases.start` has it
STARTED: Final[Mapping[str, Type]] = {"operator_id": _TEXT, "operator_name": _TEXT}  # as `starts.begin` has it
STARTED_ABOUT: Final[Mapping[str, Type]] = dict.fromkeys(
    ("authorisation_id", "certificate_number", "authorisation_state", "application_id", "programme"), _TEXT
)
# As reports, withdrawals and authorisations send them: the answers of a form, or what is told.
MESSAGE_FORMS: Final = {
    "change_reported": "report_change",
    "incident_reported": "report_incident",
    "application_withdrawn": "withdraw_application",
    "appeal_withdrawn": "withdraw_appeal",
}
MESSAGES: Final[Mapping[str, Mapping[str, Type]]] = {"authorisation_ended": {"ended_by": _TEXT, "ended_on": _TEXT}}
OFFERED: Final = frozenset({"offered_types", "registered_sites"})  # what `starts.offer` tells a start form
_OF_ROWS: Final = frozenset({"this", "parent", "i"})
_KINDS: Final[Mapping[Kind, Type]] = {
    Kind.TEXT: _TEXT,
    Kind.LONG_TEXT: _TEXT,
    Kind.NUMBER: typed.of_kind("number"),
    Kind.DATE_TIME: _TEXT,
    Kind.CHECKBOX: typed.of_kind("boolean"),
    Kind.FILES: typed.list_of(_TEXT),
}
_LISTS: Final = frozenset({drawn.Policy.RULE_ORDER, drawn.Policy.OUTPUT_ORDER, drawn.Policy.COLLECT})


def facts(texts: Texts, shown: Iterable[str], asked: Mapping[str, str]) -> Facts:
    """What is known of the forms `shown` and the decisions `asked` (which file each stands in); what cannot be read is not."""
    criteria = tuple(sorted((key, content) for (kind, key), content in texts.items() if kind == "criteria"))
    wanted = {*shown, *MESSAGE_FORMS.values()}
    read = {key: _form(texts["form", key], criteria) for key in wanted if ("form", key) in texts}
    sent = {name: form.fields for name, key in MESSAGE_FORMS.items() if (form := read.get(key))}
    files = {key: content for (kind, key), content in texts.items() if kind == "decision"}
    told = {id_: _decision(files, file, id_) for id_, file in asked.items()}
    return Facts(
        forms={key: form for key, form in read.items() if form is not None},
        services={
            service: {name: typed.of_kind(kind) for name, kind in answers.items()}
            for service, answers in outcomes.ANSWERS.items()
        },
        decisions={id_: one for id_, one in told.items() if one is not None},
        every=EVERY,
        started=STARTED,
        started_about=STARTED_ABOUT,
        messages={**sent, **MESSAGES},
    )


@lru_cache(512)
def _form(content: bytes, criteria: tuple[tuple[str, bytes], ...]) -> FormFacts | None:
    try:
        form = forms.read(content, dict(criteria))
    except Invalid:
        return None
    return FormFacts(_answers(form.fields), tuple(_asks(form)))


@lru_cache(512)
def by_programme(content: bytes, criteria: tuple[tuple[str, bytes], ...]) -> bool:
    """Whether a form asks the criteria of the case's own programme; False for one that cannot be read."""
    try:
        return forms.read(content, dict(criteria)).by_programme
    except Invalid:
        return False


def _answers(fields: tuple[Field, ...]) -> dict[str, Type]:
    """The answers that the fields of one level give, by key; a group whose fields may all be hidden still gives its own."""
    return {one.key: _answer(one) for one in level(fields) if one.answered or one.fields or one.kind is Kind.COMPUTED}


def _answer(one: Field) -> Type:
    if one.kind in CONTAINERS:
        inside = typed.context_of(_answers(one.fields))
        return typed.list_of(inside) if one.kind is Kind.ROWS else inside
    if one.kind in CHOICES:
        known = one.choices.written
        chosen = typed.joined(typed.of_kind("string" if isinstance(each.value, str) else "number") for each in known)
        return typed.list_of(chosen) if one.kind in {Kind.CHECKLIST, Kind.TAGLIST} else chosen
    return _KINDS.get(one.kind, typed.ANY)


def _asks(form: Form) -> Iterator[Asked]:
    """What the expressions of a form name that none of its own questions answers."""
    own = frozenset(one.key for one in form.walk()) | _OF_ROWS | OFFERED
    for one in form.walk():
        for what, expression in (
            ("hide", one.hide),
            ("required_if", one.rules.required_if),
            ("valuesExpression", one.choices.expression),
            ("read_values", one.choices.read),
            ("expression", one.expression),
        ):
            if expression is not None:
                certain = {each.name for each in feel.analyse(expression).names if each.certain}
                yield Asked(one.key or one.id, what, certain - own)
        if one.choices.data_key:
            yield Asked(one.key, "valuesKey", {one.choices.data_key.partition(".")[0]} - own)


def _decision(files: library.Files, key: str, id_: str) -> DecisionFacts | None:
    try:
        return _asked(library.model(files, key), id_)
    except Invalid:
        return None


@lru_cache(256)
def _asked(model: drawn.Model, id_: str) -> DecisionFacts | None:
    """What a decision looks at, that of an imported file within the import's name, and what it answers; not of a service."""
    if id_ not in model.decisions:
        return None
    needed = [model.decisions[one] for one in order.needed(model, id_) if one in model.decisions]
    required = {other for one in needed for other in one.requires}
    inputs: dict[str, Type] = {}
    for one in (each for each in model.facts.values() if each.id in required):
        path = model.homes[one.home].path
        inputs[path[0] if path else one.name] = (
            typed.ANY if path else typed.stored(typed.of_kind(BASIC.get(one.type, "Any")))
        )
    return DecisionFacts(inputs, _output(model.decisions[id_]))


def _output(decision: drawn.Decision) -> Type:
    """The type of the answer, where it is a plain value or a table of them."""
    logic = decision.logic
    if not isinstance(logic, drawn.Table):
        return typed.stored(typed.of_kind(BASIC.get(decision.type, "Any")))
    if logic.policy in {drawn.Policy.SUM, drawn.Policy.COUNT}:
        return typed.of_kind("number") if logic.policy is drawn.Policy.COUNT else typed.ANY
    answers = {one.name: typed.stored(typed.of_kind(BASIC.get(one.type, "Any"))) for one in logic.outputs}
    one = next(iter(answers.values())) if len(answers) == 1 else typed.context_of(answers)
    return typed.list_of(one) if logic.policy in _LISTS else one
