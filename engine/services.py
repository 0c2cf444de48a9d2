"""What a diagram may call: one line per service; each checks its arguments, acts lawfully, and returns a JSON object."""

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final

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
    "measures.open_suspension": measures.open_suspension,
    "measures.prolong": measures.prolong,
    "measures.end_hearing": measures.end_hearing,
    "measures.lift": measures.lift,
    "measures.start_revocation_hearing": measures.start_revocation_hearing,
}


def perform(work: Work, case: models.Case, service: str, arguments: Mapping[str, object]) -> dict[str, object]:
    """Does what a service task asks for, in this work; Invalid names each argument that is missing or unknown."""
    if service not in SERVICES:
        raise NotFound("There is no service %(service)s.", service=service)
    taken = {name for name, _mandatory in _parameters(service)}
    missing = [name for name, mandatory in _parameters(service) if mandatory and arguments.get(name) is None]
    problems = [
        *(Problem(name, "The service %(service)s needs this.", {"service": service}) for name in missing),
        *(
            Problem(n, "The service %(service)s does not know this.", {"service": service})
            for n in arguments
            if n not in taken
        ),
    ]
    if problems:
        raise Invalid("The service %(service)s was called wrongly.", problems, service=service)
    return SERVICES[service](work, case, **arguments)


def parameters() -> Mapping[str, frozenset[str]]:
    """What each service takes, by name."""
    return {service: frozenset(name for name, _mandatory in _parameters(service)) for service in SERVICES}


def optional() -> Mapping[str, frozenset[str]]:
    """What each service can do without."""
    return {
        service: frozenset(name for name, mandatory in _parameters(service) if not mandatory) for service in SERVICES
    }


@cache
def _parameters(service: str) -> tuple[tuple[str, bool], ...]:
    """The parameters after work and case, and whether each is mandatory."""
    found = list(inspect.signature(SERVICES[service]).parameters.values())[2:]
    return tuple((parameter.name, parameter.default is inspect.Parameter.empty) for parameter in found)
