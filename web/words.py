"""What codes are called: roles, statuses, states, kinds of events; each by its English msgid, translated where it is shown."""

from collections.abc import Mapping
from typing import Final

from engine.domain import wording
from engine.domain.errors import Problem
from web.i18n import N_, gettext
from web.registry_words import (  # noqa: F401 - pages ask `words` for every code
    APPLICATIONS,
    AT_EXPIRY,
    AUDIENCES,
    AUTHORISATIONS,
    BAR_CAUSES,
    CAME_TO,
    CASES,
    CHANGES,
    CLOCKS,
    DAY_KINDS,
    DEPENDENTS,
    ENDED_AS,
    HARMLESS_ENDS,
    KINDS,
    LETTERS,
    MEASURE_STATES,
    MEASURES,
    PARTNER_STATUSES,
    SUMS,
    TASKS,
    TONES,
    UNITS,
)

ROLES: Final = {
    "preparer": N_("preparer for the operator"),
    "signatory": N_("signatory for the operator"),
    "reader": N_("reader for the operator"),
    "intake_officer": N_("intake officer"),
    "analyst": N_("analyst"),
    "validator": N_("validator"),
    "committee": N_("committee member"),
    "director": N_("director"),
    "monitoring_officer": N_("monitoring officer"),
    "legal_officer": N_("legal officer"),
    "supervisor": N_("supervisor"),
    "process_owner": N_("process owner"),
    "administrator": N_("administrator"),
    "auditor": N_("auditor"),
}
HOLDERS: Final = {
    "preparer": N_("Whoever prepares or signs for the operator."),
    "signatory": N_("Whoever signs for the operator."),
    "reader": N_("Whoever reads for the operator."),
    "intake_officer": N_("Intake officers."),
    "analyst": N_("Analysts."),
    "validator": N_("Validators."),
    "committee": N_("Members of the committee."),
    "director": N_("The director."),
    "monitoring_officer": N_("Monitoring officers."),
    "legal_officer": N_("Legal officers."),
    "supervisor": N_("Supervisors."),
    "process_owner": N_("Process owners."),
    "administrator": N_("Administrators."),
    "auditor": N_("Auditors."),
}
RULES: Final = {
    "proposer_not_approver": N_("whoever proposes does not approve"),
    "validator_not_approver": N_("whoever validates does not approve"),
    "action_author_not_verifier": N_("whoever writes a corrective action does not verify it"),
    "monitoring_not_verifier": N_("whoever monitors does not close the verification"),
    "committee_without_visitors": N_("whoever made the visit does not sit on the committee"),
    "no_two_controls_in_a_row": N_("nobody does two controls in a row"),
    "account_manager_not_adverse": N_("the account manager takes no part in adverse decisions"),
    "appeal_by_another": N_("whoever took part in an adverse decision has no part in the appeal"),
    "cooling_off": N_("whoever advised an operator does not validate it for some time"),
    "complaint_subject_not_handler": N_("whom a complaint is about does not handle it"),
    "conflict_of_interest": N_("nobody works on an operator with whom they have a conflict of interest"),
    "not_by": N_("the diagram asks for another person"),
}
OVERRIDES: Final = {
    "asked": N_("it waits for a second person"),
    "granted": N_("granted"),
    "refused": N_("refused"),
}
CHANNELS: Final = {"portal": N_("Portal"), "mail": N_("Mail"), "paper": N_("Paper")}
DELIVERIES: Final = {
    "queued": N_("To be sent"),
    "sent": N_("Sent"),
    "delivered": N_("Arrived"),
    "failed": N_("Did not arrive"),
}
DELEGATIONS: Final = {
    "coming": N_("Not yet"),
    "held": N_("In force"),
    "over": N_("Over"),
    "ended": N_("Revoked"),
}

RESOURCES: Final = {
    "process": N_("Process"),
    "decision": N_("Decision"),
    "form": N_("Form"),
    "letter": N_("Letter"),
    "criteria": N_("Set of criteria"),
    "programme": N_("Programme"),
}
RESOURCES_MANY: Final = {
    "process": N_("Processes"),
    "decision": N_("Decisions"),
    "form": N_("Forms"),
    "letter": N_("Letters"),
    "criteria": N_("Sets of criteria"),
    "programme": N_("Programmes"),
}
MESSAGES: Final = {
    "authorisation_granted": N_("the authorisation was granted"),
    "authorisation_ended": N_("the authorisation ended"),
    "application_withdrawn": N_("the application was withdrawn"),
    "suspension_requested": N_("a suspension is proposed"),
    "change_reported": N_("a change was reported"),
    "incident_reported": N_("an incident was reported"),
    "amendment_requested": N_("an amendment is proposed"),
    "appeal_withdrawn": N_("the appeal was withdrawn"),
    "filing_closed": N_("the time to file is over"),
    "plan_requested": N_("a corrective plan is proposed"),
    "reassessment_requested": N_("a re-assessment is proposed"),
    "revocation_requested": N_("a revocation is proposed"),
    "suspension_set_aside": N_("the suspension was set aside"),
    "intention_given_up": N_("an intended act was given up"),
    "term_begun": N_("a term of the authorisation began"),
}
MESSAGE_STATES: Final = {
    "waiting": N_("Waiting"),
    "expired": N_("Has expired"),
    "delivered": N_("Delivered"),
    "dropped": N_("Not kept"),
    "discarded": N_("Discarded"),
}
STEPS: Final = {
    "entered": N_("reached"),
    "completed": N_("done"),
    "cancelled": N_("left"),
    "fired": N_("happened"),
    "compensated": N_("undone"),
}
MARKS: Final = {
    "failed": N_("stopped"),
    "now": N_("now"),
    "waiting": N_("waiting"),
    "done": N_("done"),
    "stopped": N_("left"),
}
EVENTS: Final = {
    "TokensMoved": N_("The process went on."),
    "LoggedIn": N_("Logged in."),
    "LogInFailed": N_("A log-in was refused."),
    "LoggedOut": N_("Logged out."),
    "AccountCreated": N_("An account was opened."),
    "AccountChanged": N_("An account was changed."),
    "MandateChanged": N_("A mandate to act for an operator was changed."),
    "PasswordSet": N_("A password was changed."),
    "AbsenceRecorded": N_("An absence was recorded."),
    "AbsenceEnded": N_("An absence was called off."),
    "ConflictDeclared": N_("A conflict of interest was declared."),
    "ConflictEnded": N_("A conflict of interest is over."),
    "UnitMade": N_("A unit was made."),
    "DraftSaved": N_("A draft was saved."),
    "DraftSubmitted": N_("A draft was sent for approval."),
    "DraftReturned": N_("A draft was sent back."),
    "ResourcePublished": N_("A version went to work."),
    "ReleaseMade": N_("A process got a new release."),
    "RecordExported": N_("A part of the record was taken away."),
    "RecordVerified": N_("A chain of the record was verified."),
    "CaseStarted": N_("A case was opened."),
    "CaseCompleted": N_("A case ended."),
    "CaseCancelled": N_("A case was cancelled."),
    "TaskClaimed": N_("A task was taken."),
    "TaskReleased": N_("A task was given back."),
    "TaskAssigned": N_("A task was given to a colleague."),
    "OverrideAsked": N_("An exception from a rule was asked for."),
    "OverrideDecided": N_("An exception from a rule was decided."),
    "TaskCompleted": N_("A task was done."),
    "TimerFired": N_("A period ran out."),
    "TaskDueMoved": N_("The due date of a task moved with its period."),
    "TimerMoved": N_("A timer moved with its period."),
    "TimerPostponed": N_("A timer was moved by hand."),
    "TimerRecounted": N_("A period in working time was counted anew."),
    "SignalSent": N_("A signal was sent to all that waited for it."),
    "SignalReceived": N_("A signal arrived."),
    "MessageRedirected": N_("A message was given to a case by hand."),
    "MessageReleased": N_("A case was started by hand with a message."),
    "MessageDiscarded": N_("A message was discarded."),
    "MessageSent": N_("A message was sent to other cases."),
    "MessageReceived": N_("A message arrived."),
    "IncidentRaised": N_("An incident was raised."),
    "IncidentResolved": N_("An incident was mended."),
    "ServiceFailed": N_("A service failed."),
    "ServiceRetried": N_("A service was tried again."),
    "CaseIntervened": N_("Somebody intervened in the case."),
    "ActRefused": N_("An act was refused."),
    "StateChanged": N_("A legal state changed."),
    "DecisionMade": N_("A decision was made by rules."),
    "DecisionMadeV2": N_("A decision was made by rules."),
    "ClockStarted": N_("A period began."),
    "ClockExtended": N_("Days were added to a period."),
    "ClockEnded": N_("A period ended."),
    "ClockRanOut": N_("A period ran out."),
    "ClockWaits": N_("A period waits."),
    "ClockResumed": N_("A period runs on after a wait."),
    "ClockAddedLate": N_("Days came too late for a period."),
    "ClockToldLate": N_("An addition to a period was told too late."),
    "ClocksRecounted": N_("Periods were counted anew."),
    "ClockFollowed": N_("A period began when its letter was really received."),
    "ClockRecounted": N_("A period was counted anew."),
    "CalendarChangeAsked": N_("A change of a calendar was asked for."),
    "CalendarChangeApproved": N_("A change of a calendar was approved."),
    "CalendarChangeRefused": N_("A change of a calendar was refused."),
    "LetterIssued": N_("A letter was issued."),
    "LetterRendered": N_("A letter became ready."),
    "LetterSent": N_("A letter was sent."),
    "LetterReceived": N_("A letter counts as received."),
    "LetterOpened": N_("The addressee opened a letter."),
    "DeliveryConfirmed": N_("The delivery of a letter was recorded by hand."),
    "DeliveryFailed": N_("A letter did not arrive."),
    "DelegationGranted": N_("The right to sign was delegated."),
    "DelegationEnded": N_("A delegation was taken back."),
    "CertificateSigned": N_("A certificate was signed."),
    "EvidenceStored": N_("A document was handed in."),
    "DocumentRead": N_("A document was opened."),
    "FindingRecorded": N_("A finding was recorded."),
    "ActionPlanned": N_("A corrective action was planned."),
    "ActionVerified": N_("A corrective action was verified."),
    "ActionExtended": N_("A corrective action got more time."),
    "FindingExplained": N_("The root cause of a finding was told."),
    "CriteriaAnswered": N_("Criteria were answered."),
    "CriteriaScored": N_("Criteria were judged."),
    "RisksAssessed": N_("The risk map was drawn."),
    "EvidenceDated": N_("A document got its last day."),
    "ChangeRecorded": N_("A change or incident was recorded."),
    "OperatorRegistered": N_("An operator was registered."),
    "OperatorChanged": N_("The register of an operator was changed."),
    "StatusCorrected": N_("A legal date was put right."),
    "ActDated": N_("An act counts from an earlier day."),
    "TypeDecided": N_("One of the types was decided."),
    "SitesChanged": N_("The sites of a certificate changed."),
    "HearingOpened": N_("A hearing was opened."),
    "HearingEnded": N_("A hearing ended."),
    "ArgumentsAnswered": N_("Arguments were answered."),
    "BarStarted": N_("A bar on a new application began."),
    "BarLifted": N_("A bar on a new application was lifted."),
    "BenefitSwitched": N_("A benefit was switched on or off."),
    "BenefitDelivered": N_("A benefit was confirmed."),
    "ConsentRecorded": N_("A consent was given or refused."),
    "PartnerToBeTold": N_("A message for a partner was written."),
    "PartnerNotTold": N_("A message to a partner did not leave."),
    "PartnerTold": N_("A message went to a partner."),
    "PartnerAcknowledged": N_("A partner confirmed a message."),
    "DependentRegistered": N_("A decision that rests on the certificate was registered."),
    "DependentReached": N_("A decision that rests on the certificate was affected."),
    "SuccessionRecorded": N_("A legal successor was recorded."),
    "SuccessorFreed": N_("A successor was freed from a bar."),
    "ConsultationOpened": N_("An authority was consulted."),
    "CommitteeConvened": N_("The committee is asked for its opinion."),
    "CommitteeClosed": N_("The committee gave its opinion."),
    "ConsultationClosed": N_("A consultation ended."),
    "TermRenewed": N_("The term of a certificate was renewed."),
    "VersionMade": N_("A certificate got a new version."),
    "SiteOpened": N_("A site was opened."),
    "SiteClosed": N_("A site was closed."),
    "UpgradeAsked": N_("A move of cases to another release was asked for."),
    "UpgradeApproved": N_("A move of cases to another release was approved."),
    "UpgradeLeft": N_("A move of cases to another release was given up."),
    "CaseUpgraded": N_("A case moved to another release."),
    "CaseUpgradeUndone": N_("A case went back to its release."),
}
UPGRADES: Final = {  # of a move, and of a case in it
    "asked": N_("Waits for approval"),
    "approved": N_("Approved"),
    "left": N_("Given up"),
    "waiting": N_("Still to move"),
    "moved": N_("Moved"),
    "refused": N_("Cannot move"),
    "undone": N_("Taken back"),
}
UPGRADE_TONES: Final = {
    "asked": "warn",
    "approved": "ok",
    "left": "idle",
    "waiting": "wait",
    "moved": "ok",
    "refused": "stop",
    "undone": "idle",
}
CAUSES: Final = {
    "service": N_("A service failed"),
    "error": N_("An error that nothing catches"),
    "engine": N_("The diagram cannot go on"),
    "standstill": N_("The case stands still"),
    "timer": N_("A timer does not fire"),
    "clock": N_("The end of a period is not recorded"),
    "outbox": N_("A job was given up"),
    "message": N_("A message found nobody"),
    "delivery": N_("A letter or message did not arrive"),
}
REMEDIES: Final = {
    "try_again": N_(
        "Remove what the message names, then try again. If the work was done in another way, skip the step."
    ),
    "mend_call": N_(
        "Put the value right that the service was given, then try again. If the diagram gives it wrongly, the process owner corrects the diagram."
    ),
    "catch_error": N_(
        "The process owner draws a boundary event that catches this error. This case is helped by moving its token to where it should go on."
    ),
    "mend_diagram": N_(
        "Put the value right that the expression needs, or let the process owner correct the diagram; then let the case go on."
    ),
    "move_on": N_(
        "The process owner corrects the diagram. This case is helped by moving a token to where it should go on."
    ),
    "see_timer": N_("See that a worker runs and why it cannot fire the timer; then let the case go on."),
    "see_period": N_(
        "See that a worker runs and remove what the message names: the end of the period is tried again by itself."
    ),
    "send_again": N_("Remove what the message names, then send it again."),
    "deliver_otherwise": N_(
        "An officer corrects the address and sends the letter again, or hands it over on paper and records that, among the letters of the case."
    ),
    "match_message": N_("See whether the case that the message was for exists, and whether it still waits."),
}
STANDS: Final = {
    "failed": N_("stopped"),
    "open": N_("task open"),
    "joining": N_("waits for others"),
    "running": N_("something runs inside"),
    "waiting": N_("waiting"),
}
INTERVENTIONS: Final = {
    "retry": N_("Try it again"),
    "skip": N_("Skip"),
    "move": N_("Move the token"),
    "correct": N_("Put a value right"),
    "resume": N_("Let the case go on"),
}
SUBJECTS: Final = {
    "application": N_("Application"),
    "authorisation": N_("Certificate"),
    "measure": N_("Measure"),
}
REASONS: Final = {  # the rest are sentences that somebody wrote
    "cured": N_("The measures were verified."),
    "expired": N_("The period ran out."),
    "not_revoked": N_("It was not revoked after the hearing."),
    "no_ground": N_("There was no ground for it."),
    "upheld": N_("It was decided for the holder on appeal."),
    "silence": N_("The office was silent."),
}
CLOCK_STATES: Final = {
    "running": N_("Runs"),
    "waiting": N_("Waits for the applicant"),
    "met": N_("Kept"),
    "expired": N_("Ran out"),
    "stopped": N_("Ended"),
}
SEVERITIES: Final = {
    "observation": N_("Observation"),
    "minor": N_("Minor"),
    "major": N_("Major"),
    "critical": N_("Critical"),
}
RESULTS: Final = {
    "corrected": N_("Corrected"),
    "not_corrected": N_("Not corrected"),
}
EVENT_TONES: Final = {
    **dict.fromkeys(("CaseCompleted", "TaskCompleted"), "ok"),
    **dict.fromkeys(
        (
            "IncidentRaised",
            "ServiceFailed",
            "ActRefused",
            "CaseCancelled",
            "TimerFired",
            "FindingRecorded",
            "ClockToldLate",
        ),
        "stop",
    ),
    **dict.fromkeys(("TokensMoved", "TaskClaimed", "TaskReleased", "DocumentRead"), "idle"),
}


TYPED: Final = {
    "number": N_("A number, such as 12.5"),
    "string": N_("Text, as it is"),
    "date": N_("A date, such as 2027-01-31"),
    "time": N_("A time, such as 14:30:00"),
    "date and time": N_("A date and a time, such as 2027-01-31T14:30:00"),
    "days and time duration": N_("A duration, such as P3DT12H"),
    "years and months duration": N_("A duration, such as P1Y6M"),
    "": N_('A FEEL value, such as 12, "text", true, [1, 2] or {name: "Ana"}'),
}


def of(table: Mapping[str, str], code: str) -> str:
    """What the code is called in the reader's language; a code that nobody named yet stands for itself, spaces for lines."""
    return gettext(table[code]) if code in table else code.replace("_", " ")


def state(code: str) -> str:
    """What a legal state of an application, an authorisation or a measure is called."""
    return of({**APPLICATIONS, **AUTHORISATIONS, **MEASURE_STATES}, code)


def tone(code: str) -> str:
    """The colour of the code's tag; sea where something is simply under way."""
    return TONES.get(code, "sea")


def event_tone(kind: str) -> str:
    """The colour of an event's dot in the timeline."""
    return EVENT_TONES.get(kind, "sea")


EXPRESSIONS: Final[Mapping[str, str]] = {
    one: one
    for one in (
        N_("condition"),
        N_("timer"),
        N_("script"),
        N_("assignee"),
        N_("due date"),
        N_("number of tries"),
        N_("time to live"),
        N_("correlation key"),
        N_("collection"),
        N_("number of instances"),
        N_("loop condition"),
        N_("completion condition"),
        N_("activation condition"),
        N_("output element"),
        N_("input"),
        N_("output"),
    )
}


def explain(message: str, params: Mapping[str, object]) -> str:
    """A refusal's or problem's sentence in the reader's language, with the reason in it, and roles called by their names."""
    return gettext(message, **{name: _told(name, value) for name, value in params.items()})


def _told(name: str, value: object) -> object:
    """A parameter as the reader calls it: words inside the sentence are translated like the sentence itself."""
    if found := wording.told(value):
        return explain(found.message, found.params)
    if isinstance(value, Problem):
        return explain(value.message, value.params)
    if name == "what":
        return _place(str(value))
    if name == "role_names":  # `roles` are codes that a process owner is to write
        return ", ".join(of(ROLES, role) for role in str(value).split(", "))
    return of(ROLES, str(value)) if name == "role" else value


def _place(what: str) -> str:
    """Where an expression stands; of a mapping, with the name that it maps to."""
    kind, blank, target = what.partition(" ") if what.partition(" ")[0] in {"input", "output"} else (what, "", "")
    if target == "element":  # the output element of a multi-instance is none of its mappings
        kind, blank, target = what, "", ""
    return f"{of(EXPRESSIONS, kind)}{blank}{target}" if kind in EXPRESSIONS else what
