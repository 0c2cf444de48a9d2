"""What a diagram may call: one line per service; each checks its arguments, acts lawfully, and returns a JSON object."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Final, get_args, get_origin, get_type_hints

from engine import (
    adverse,
    amendments,
    answers,
    appeals,
    applications,
    authorisations,
    bars,
    benefits,
    clock_services,
    committees,
    consents,
    consultations,
    dependents,
    findings,
    grounds,
    hearings,
    letters,
    measures,
    partners,
    refusals,
    renewals,
    risks,
    silence,
    sites,
    successions,
)
from engine.domain.errors import Invalid, NotFound, Problem
from engine.store import models
from engine.work import Work

Service = Callable[..., dict[str, object]]

SERVICES: Final[Mapping[str, Service]] = {
    "applications.outline": applications.outline,
    "applications.open": applications.open_new,
    "applications.submit": applications.submit,
    "applications.request_completion": applications.request_completion,
    "applications.receive_completion": applications.receive_completion,
    "applications.accept": applications.accept,
    "applications.not_accept": applications.not_accept,
    "applications.apply_silence": silence.apply,
    "applications.start_review": applications.start_review,
    "applications.request_information": applications.request_information,
    "applications.receive_information": applications.receive_information,
    "applications.plan_validation": applications.plan_validation,
    "applications.start_visit": applications.start_visit,
    "applications.require_actions": applications.require_actions,
    "applications.visit_again": applications.visit_again,
    "applications.evaluate": applications.evaluate,
    "applications.extend": applications.extend,
    "applications.extend_for_proceedings": applications.extend_for_proceedings,
    "applications.start_hearing": refusals.start_hearing,
    "applications.end_hearing": refusals.end_hearing,
    "applications.refuse": refusals.refuse,
    "applications.withdraw": applications.withdraw,
    "answers.record": answers.record,
    "answers.score": answers.score,
    "appeals.lodge": appeals.lodge,
    "appeals.stay": appeals.stay,
    "appeals.uphold": appeals.uphold,
    "appeals.dismiss": appeals.dismiss,
    "appeals.withdraw": appeals.withdraw,
    "authorisations.grant": authorisations.grant,
    "authorisations.next_review": authorisations.next_review,
    "authorisations.look_up": authorisations.look_up,
    "authorisations.open_reassessment": authorisations.open_reassessment,
    "authorisations.close_reassessment": authorisations.close_reassessment,
    "authorisations.record_change": authorisations.record_change,
    "authorisations.record_incident": authorisations.record_incident,
    "authorisations.intend": adverse.intend,
    "authorisations.end_hearing": adverse.end_hearing,
    "authorisations.give_up": adverse.give_up,
    "authorisations.drop": adverse.drop,
    "authorisations.revoke": adverse.revoke,
    "authorisations.annul": adverse.annul,
    "authorisations.revoke_unheard": adverse.revoke_unheard,
    "authorisations.annul_unheard": adverse.annul_unheard,
    "authorisations.surrender": adverse.surrender,
    "authorisations.succeed": adverse.succeed,
    "authorisations.amend": amendments.amend,
    "authorisations.change_site": sites.change,
    "bars.check": bars.check,
    "benefits.deliver": benefits.deliver,
    "committees.convene": committees.convene,
    "committees.close": committees.close,
    "consents.missing": consents.lacking,
    "consents.record": partners.consent,
    "consultations.plan": consultations.plan,
    "consultations.silence": consultations.silence,
    "consultations.ask": consultations.ask,
    "consultations.prolong": consultations.prolong,
    "consultations.receive": consultations.receive,
    "consultations.close_unanswered": consultations.close_unanswered,
    "dependents.register": dependents.register,
    "dependents.change": dependents.change,
    "clocks.start": clock_services.start,
    "clocks.wait": clock_services.wait,
    "clocks.resume": clock_services.resume,
    "clocks.extend": clock_services.extend,
    "clocks.meet": clock_services.meet,
    "clocks.stop": clock_services.stop,
    "clocks.due": clock_services.due,
    "clocks.additions": clock_services.additions,
    "clocks.working_days": clock_services.working_days,
    "clocks.last_day": clock_services.last_day,
    "clocks.day_over": clock_services.day_over,
    "clocks.reminders": clock_services.reminders,
    "clocks.renewal_window": clock_services.renewal_window,
    "clocks.end_of_suspension": clock_services.end_of_suspension,
    "findings.record": findings.record,
    "findings.plan_actions": findings.plan_actions,
    "findings.verify": findings.verify,
    "findings.extend_action": findings.extend_action,
    "grounds.gather": grounds.gather,
    "hearings.answer": hearings.answer,
    "letters.issue": letters.issue,
    "letters.issue_together": letters.issue_together,
    "measures.conditions": measures.conditions,
    "measures.open_suspension": measures.open_suspension,
    "measures.prolong": measures.prolong,
    "measures.end_hearing": measures.end_hearing,
    "measures.lift": measures.lift,
    "measures.start_revocation_hearing": measures.start_revocation_hearing,
    "measures.open_plan": measures.open_plan,
    "measures.close_plan": measures.close_plan,
    "measures.fail_plan": measures.fail_plan,
    "renewals.begin": renewals.begin,
    "renewals.reminder": renewals.reminder,
    "renewals.refuse": renewals.refuse,
    "renewals.file": renewals.file,
    "renewals.renew": renewals.renew,
    "renewals.withdraw": renewals.withdraw,
    "risks.assess": risks.assess,
    "successions.identify": successions.identify,
    "successions.free": successions.free,
    "successions.record": successions.register,
}


def perform(work: Work, case: models.Case, service: str, arguments: Mapping[str, object]) -> dict[str, object]:
    """Does what a service task asks for, in this work; Invalid names each argument that is missing, unknown or no such value.

    An argument that is null counts as not given.
    """
    if service not in SERVICES:
        raise NotFound("There is no service %(service)s.", service=service)
    given = {name: value for name, value in arguments.items() if value is not None}
    problems = [*_unknown(service, arguments), *_missing(service, given), *_misfits(service, given)]
    if problems:
        raise Invalid("The service %(service)s was called wrongly.", problems, service=service)
    return SERVICES[service](work, case, **given)


def parameters() -> Mapping[str, frozenset[str]]:
    """What each service takes, by name."""
    return {service: frozenset(one.name for one in _parameters(service)) for service in SERVICES}


def optional() -> Mapping[str, frozenset[str]]:
    """What each service can do without."""
    return {service: frozenset(one.name for one in _parameters(service) if not one.mandatory) for service in SERVICES}


@dataclass(frozen=True, slots=True)
class _Parameter:
    """What a service takes: a name, whether it must be given, and the Python types that a JSON value of it has."""

    name: str
    mandatory: bool
    types: tuple[type, ...]


@cache
def _parameters(service: str) -> tuple[_Parameter, ...]:
    """The parameters after work and case."""
    function = SERVICES[service]
    hints = get_type_hints(function)
    found = list(inspect.signature(function).parameters.values())[2:]
    return tuple(_Parameter(one.name, one.default is one.empty, _types(hints[one.name])) for one in found)


def _types(hint: object) -> tuple[type, ...]:
    """`str | Sequence[object]` takes a text or a list; None only says that the parameter may be left out."""
    choices = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    return tuple(_JSON[get_origin(choice) or choice] for choice in choices if choice is not NoneType)


_JSON: Final[Mapping[object, type]] = {str: str, int: int, bool: bool, Sequence: list, Mapping: dict}
_WORDS: Final[Mapping[type, str]] = {
    str: "text",
    int: "whole number",
    bool: "true or false",
    list: "list",
    dict: "object",
}


def _unknown(service: str, arguments: Mapping[str, object]) -> Iterator[Problem]:
    known = {parameter.name for parameter in _parameters(service)}
    for name in arguments:
        if name not in known:
            yield Problem(name, "The service %(service)s does not know this.", {"service": service})


def _missing(service: str, given: Mapping[str, object]) -> Iterator[Problem]:
    for parameter in _parameters(service):
        if parameter.mandatory and parameter.name not in given:
            yield Problem(parameter.name, "The service %(service)s needs this.", {"service": service})


def _misfits(service: str, given: Mapping[str, object]) -> Iterator[Problem]:
    for parameter in _parameters(service):
        value = given.get(parameter.name)
        fits = isinstance(value, parameter.types) and (bool in parameter.types or not isinstance(value, bool))
        if value is not None and not fits:
            wanted = ", ".join(_WORDS[one] for one in parameter.types)
            yield Problem(parameter.name, "This must be: %(wanted)s.", {"wanted": wanted})
