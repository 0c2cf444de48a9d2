"""What each service answers, by name and kind: whoever draws a process may rely on it, and the checks of diagrams do.

A service that is not here may answer anything; then nothing is said of names that are read after it.
"""

from collections.abc import Mapping
from typing import Final

_TEXT: Final = "string"
_NOTHING: Final[Mapping[str, str]] = {}


def _texts(*names: str) -> Mapping[str, str]:
    return dict.fromkeys(names, _TEXT)


def _due(*clocks: str) -> Mapping[str, str]:
    """What `clocks.due` says of each clock: its last day, and the instant at which that day is over."""
    return _texts(*(f"{clock}_{what}" for clock in clocks for what in ("due", "due_at")))


_FINDINGS: Final[Mapping[str, str]] = {"findings": "list", "open_findings": "number"}

ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "applications.open": _texts("application_id", "application_number"),
    "applications.submit": {**_texts("submitted_on"), **_due("acceptance")},
    "applications.request_completion": _due("reply"),
    "applications.receive_completion": _due("acceptance"),
    "applications.accept": {**_texts("accepted_on"), **_due("decision")},
    "applications.not_accept": _NOTHING,
    "applications.start_review": _NOTHING,
    "applications.request_information": {"information_days": "number", **_due("information", "decision")},
    "applications.receive_information": _NOTHING,
    "applications.plan_validation": _NOTHING,
    "applications.start_visit": _NOTHING,
    "applications.require_actions": _NOTHING,
    "applications.evaluate": _NOTHING,
    "applications.extend": _due("decision"),
    "applications.start_hearing": _due("hearing", "decision"),
    "applications.end_hearing": _NOTHING,
    "applications.refuse": _texts("refused_on"),
    "applications.withdraw": _texts("withdrawn_on"),
    "authorisations.grant": _texts("authorisation_id", "certificate_number", "effective_on", "granted_on"),
    "authorisations.next_review": _due("review"),
    "authorisations.open_reassessment": _NOTHING,
    "authorisations.close_reassessment": _NOTHING,
    "authorisations.record_change": _NOTHING,
    "authorisations.record_incident": _NOTHING,
    "authorisations.revoke": _texts("revoked_on", "bar_until"),
    "findings.record": _FINDINGS,
    "findings.plan_actions": _FINDINGS,
    "findings.verify": _FINDINGS,
    "letters.issue": _texts("letter_id", "letter_number"),
    "measures.open_suspension": {**_texts("measure_id", "suspended_on"), **_due("suspension")},
    "measures.prolong": _due("suspension"),
    "measures.end_hearing": _NOTHING,
    "measures.lift": _texts("lifted_on"),
    "measures.start_revocation_hearing": _due("hearing"),
}
