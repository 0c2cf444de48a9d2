"""What each service answers, by name and kind: whoever draws a process may rely on it, and the checks of diagrams do.

A service that is not here may answer anything; then nothing is said of names that are read after it.
"""

from collections.abc import Mapping
from typing import Final

_TEXT: Final = "string"
_NOTHING: Final[Mapping[str, str]] = {}


def _texts(*names: str) -> Mapping[str, str]:
    return dict.fromkeys(names, _TEXT)


def _lists(*names: str) -> Mapping[str, str]:
    return dict.fromkeys(names, "list")


def _due(*clocks: str) -> Mapping[str, str]:
    """What `clocks.due` says of each clock: its last day, and the instant at which that day is over."""
    return _texts(*(f"{clock}_{what}" for clock in clocks for what in ("due", "due_at")))


_CHANGED: Final = (
    "in_force_id",
    "in_force_number",
    "ended_id",
)  # which certificate is watched from now on, and which not

_FINDINGS: Final[Mapping[str, str]] = {
    **_lists("findings", "planned_actions"),
    "open_findings": "number",
    "extensions_most": "number",
}

_ADVERSE: Final[Mapping[str, str]] = {
    **_texts("revoked_on", "annulled_from", "bar_until"),
    **_lists("argument_answers", "grounds", "dependents"),
    "publication": "boolean",
    **_due("appeal"),
}

ANSWERS: Final[Mapping[str, Mapping[str, str]]] = {
    "applications.open": _texts("application_id", "application_number"),
    "applications.submit": {**_texts("submitted_on"), **_due("acceptance")},
    "applications.request_completion": _due("reply"),
    "applications.receive_completion": _due("acceptance"),
    "applications.accept": {**_texts("accepted_on"), **_due("decision")},
    "applications.not_accept": _texts("bar_until"),
    "applications.start_review": _NOTHING,
    "applications.request_information": {"information_days": "number", **_due("information", "decision")},
    "applications.receive_information": _NOTHING,
    "applications.plan_validation": _NOTHING,
    "applications.start_visit": _NOTHING,
    "applications.require_actions": _NOTHING,
    "applications.evaluate": _NOTHING,
    "applications.extend": {**_texts("former_due"), **_due("decision")},
    "applications.start_hearing": {**_lists("stated_grounds"), **_due("hearing", "decision")},
    "applications.end_hearing": {"unanswered": "number", **_lists("argument_answers")},
    "applications.outline": {**_texts("operator_kind"), **_lists("open_types")},
    "applications.refuse": {
        **_texts("refused_on", "bar_until"),
        **_lists("refused_types", "argument_answers"),
        **_due("appeal"),
    },
    "applications.withdraw": _texts("withdrawn_on"),
    "authorisations.grant": {
        **_texts("authorisation_id", "certificate_number", "effective_on", "granted_on"),
        **_lists("authorisations"),
    },
    "applications.extend_for_proceedings": {**_texts("former_due"), **_due("decision")},
    "applications.visit_again": _NOTHING,
    "authorisations.intend": _due("hearing"),
    "authorisations.end_hearing": {"unanswered": "number", **_lists("argument_answers")},
    "authorisations.give_up": {**_lists("affected"), "suspension_goes_on": "boolean"},
    "authorisations.drop": {**_lists("affected"), "suspension_goes_on": "boolean"},
    "authorisations.surrender": {**_texts("surrendered_on", "bar_until"), **_lists("affected")},
    "authorisations.succeed": {**_texts("succession_id", "ended_on"), **_lists("affected")},
    "authorisations.amend": {
        **_texts("authorisation_id", "certificate_number", "effective_on"),
        "version": "number",
        **_lists("changes", "affected"),
        **_due("appeal"),
    },
    "authorisations.change_site": _lists("sites"),
    "authorisations.next_review": _due("review"),
    "authorisations.look_up": {
        **dict.fromkeys(("in_force", "reassessed", "suspended", "renewing", "over", "expired", "renews"), "boolean"),
        **_texts("state", "granted_on", "effective_on", "expires_on"),
        **_lists("types", "other_types", "sites", "operator_sites"),
        "next_version": "number",
    },
    "authorisations.open_reassessment": _texts("opened_on"),
    "authorisations.close_reassessment": _NOTHING,
    "authorisations.record_change": _NOTHING,
    "authorisations.record_incident": _NOTHING,
    **dict.fromkeys(("authorisations.revoke", "authorisations.annul"), _ADVERSE),
    **dict.fromkeys(("authorisations.revoke_unheard", "authorisations.annul_unheard"), _ADVERSE),
    "answers.record": {"answered": "number"},
    "answers.score": _lists("unscored", "blocking"),
    "appeals.lodge": _texts("appeal_id", "act_challenged", "lodged_on", "effect", *_CHANGED),
    "appeals.stay": _texts("stayed_on", *_CHANGED),
    "appeals.uphold": _texts("outcome", "decided_on", "effect_from", "act_challenged", "set_aside_key", *_CHANGED),
    "appeals.dismiss": _texts("outcome", "decided_on", "act_challenged", *_CHANGED),
    "appeals.withdraw": _texts("outcome", *_CHANGED),
    "bars.check": {"barred": "boolean", **_texts("bar_until", "bar_cause", "bar_basis")},
    "benefits.deliver": _texts("delivered_on"),
    "committees.convene": {
        **dict.fromkeys(("committee_exists", "committee_binding"), "boolean"),
        "committee_quorum": "number",
        **_lists("committee_seats"),
    },
    "committees.close": {
        **_texts("opinion"),
        **dict.fromkeys(("votes_for", "votes_against", "votes_abstained"), "number"),
        **_lists("committee_votes", "minority"),
    },
    "consents.missing": {"consents_missing": "number", "publication": "boolean", "mutual_recognition": "boolean"},
    "clocks.last_day": _texts("day"),
    "clocks.day_over": _texts("day_over_at"),
    "consents.record": {"publication": "boolean", "mutual_recognition": "boolean"},
    "consultations.plan": _lists("authorities"),
    "consultations.silence": {"silence_closes": "boolean"},
    "consultations.ask": {**_texts("consultation_id", "reply_due"), **_due("consultation")},
    "consultations.prolong": {**_texts("reply_due", "former_due"), **_due("consultation", "decision")},
    "consultations.receive": {**_texts("replied_on", "result"), "open_consultations": "number"},
    "consultations.close_unanswered": {**_texts("replied_on", "result"), "open_consultations": "number"},
    "dependents.register": _texts("dependent_id"),
    "dependents.change": _NOTHING,
    "findings.record": _FINDINGS,
    "findings.extend_action": {"extensions": "number", **_texts("action_due")},
    "findings.plan_actions": _FINDINGS,
    "findings.verify": _FINDINGS,
    "grounds.gather": _lists("possible_grounds"),
    "hearings.answer": {"unanswered": "number", **_lists("argument_answers")},
    "letters.issue": _texts("letter_id", "letter_number"),
    "letters.issue_together": _lists("letter_ids", "letter_numbers"),
    "clocks.end_of_suspension": _texts(
        "suspension_outcome", "suspension_why", "verification_due", "verification_due_at"
    ),
    "measures.conditions": _lists("conditions"),
    "measures.open_suspension": {
        **_texts("measure_id", "suspended_on"),
        "suspension_extendable": "boolean",
        **_lists("suspended_types", "affected"),
        **_due("suspension", "appeal"),
    },
    "measures.open_plan": _texts("measure_id", "agreed_on"),
    "measures.close_plan": _texts("closed_on"),
    "measures.fail_plan": _texts("closed_on"),
    "measures.prolong": _due("suspension"),
    "measures.end_hearing": _NOTHING,
    "measures.lift": {**_texts("lifted_on"), **_lists("affected")},
    "measures.start_revocation_hearing": _due("hearing"),
    "renewals.begin": {
        **dict.fromkeys(("by_declaration", "by_revalidation", "has_term"), "boolean"),
        **_texts("window_opens_on", "window_opens_at", "window_closes_on", "filing_until", "filing_until_at"),
        **_texts("expires_on", "term_ends_at"),
    },
    "renewals.reminder": {
        **_texts("reminder_on", "reminder_at", "reminds_of"),
        "reminder_left": "boolean",
        "days_left": "number",
    },
    "renewals.file": {
        **_texts("measure_id", "received_on", "expires_on"),
        "validity_holds": "boolean",
        **_due("renewal"),
    },
    "renewals.refuse": {
        **_texts("refused_on", "expires_on"),
        **_lists("grounds", "argument_answers"),
        **_due("appeal"),
    },
    "renewals.renew": _texts("renewed_on", "expires_on"),
    "renewals.withdraw": _texts("expires_on"),
    "risks.assess": {**_lists("risks", "sites_to_visit"), **_texts("highest_band")},
    "successions.identify": _texts("successor_id", "successor_name"),
    "successions.free": _texts("freed_on"),
}
