"""What a diagram may call: one line per service; each checks its arguments, acts lawfully, and returns a JSON object."""

import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import Final, get_args, get_origin, get_type_hints

from engine import applications, authorisations, findings, letters, measures
from engine.domain.errors import Invalid, NotFound, Problem
from engine.store import models
from engine.work import Work

Service = Callable[..., dict[str, object]]

SERVICES: Final[Mapping[str, Service]] = {
    "applications.open": applications.open_new,
    "applications.submit": applications.submit,
    "applications.request_completion": applications.request_completion,
    "applications.receive_completion": applications.receive_completion,
    "applications.accept": applications.accept,
    "applications.not_accept": applications.not_accept,
    "applications.start_review": applications.start_review,
    "applications.request_information": applications.request_information,
    "applications.receive_information": applications.receive_information,
    "applications.plan_validation": applications.plan_validation,
    "applications.start_visit": applications.start_visit,
    "applications.require_actions": applications.require_actions,
    "applications.evaluate": applications.evaluate,
    "applications.extend": applications.extend,
    "applications.start_hearing": applications.start_hearing,
    "applications.end_hearing": applications.end_hearing,
    "applications.refuse": applications.refuse,
    "applications.withdraw": applications.withdraw,
    "authorisations.grant": authorisations.grant,
    "authorisations.next_review": authorisations.next_review,
    "authorisations.open_reassessment": authorisations.open_reassessment,
    "authorisations.close_reassessment": authorisations.close_reassessment,
    "authorisations.record_change": authorisations.record_change,
    "authorisations.record_incident": authorisations.record_incident,
    "authorisations.revoke": measures.revoke,
    "findings.record": findings.record,
    "findings.plan_actions": findings.plan_actions,
    "findings.verify": findings.verify,
    "letters.issue": letters.issue,
    "letters.issue_together": letters.issue_together,
    "measures.open_suspension": measures.open_suspension,
    "measures.prolong": measures.prolong,
    "measures.end_hearing": measures.end_hearing,
    "measures.lift": measures.lift,
    "measures.start_revocation_hearing": measures.start_revocation_hearing,
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


_JSON: Final[Mapping[object, type]] = {str: str, int: int, Sequence: list, Mapping: dict}
_WORDS: Final[Mapping[type, str]] = {str: "text", int: "whole number", list: "list", dict: "object"}


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
        fits = isinstance(value, parameter.types) and not isinstance(value, bool)
        if value is not None and not fits:
            wanted = ", ".join(_WORDS[one] for one in parameter.types)
            yield Problem(parameter.name, "This must be: %(wanted)s.", {"wanted": wanted})
