"""What the codes of the registry are called: states, clocks, measures, bars, partners, letters; by their English msgids."""

from typing import Final

from web.i18n import N_

CASES: Final = {
    "active": N_("In progress"),
    "completed": N_("Closed"),
    "cancelled": N_("Cancelled"),
    "failed": N_("Stopped by an incident"),
}
TASKS: Final = {
    "open": N_("Open"),
    "done": N_("Done"),
    "cancelled": N_("No longer needed"),
    "skipped": N_("Skipped"),
}
APPLICATIONS: Final = {
    "A0": N_("Draft"),
    "A1": N_("Submitted"),
    "A2": N_("To be completed by the applicant"),
    "A3": N_("Not accepted"),
    "A4": N_("Accepted for processing"),
    "A5": N_("Desk review"),
    "A6": N_("Information requested"),
    "A7": N_("Consultation"),
    "A8": N_("Validation planned"),
    "A9": N_("Validation in progress"),
    "A10": N_("Actions required"),
    "A11": N_("Evaluation"),
    "A12": N_("Right to be heard"),
    "A13": N_("Granted"),
    "A14": N_("Refused"),
    "A15": N_("Withdrawn"),
    "A16": N_("Lapsed"),
}
AUTHORISATIONS: Final = {
    "B0": N_("Granted, not yet effective"),
    "B1": N_("In force"),
    "B2": N_("In force, with an action plan"),
    "B3": N_("In force, under re-assessment"),
    "B4": N_("Suspended"),
    "B5": N_("Partly suspended"),
    "B6": N_("In force, hearing before an adverse act"),
    "B7": N_("Revoked"),
    "B8": N_("Annulled"),
    "B9": N_("Surrendered"),
    "B10": N_("Renewal pending"),
    "B11": N_("Expired"),
    "B12": N_("Replaced"),
    "B13": N_("Succeeded by another entity"),
}
TONES: Final = {  # of a tag: ok, warn, stop, wait, idle, sea
    **dict.fromkeys(
        ("A13", "B1", "completed", "done", "met", "rendered", "notified", "filed", "sent", "delivered", "held"), "ok"
    ),
    **dict.fromkeys(("A2", "A6", "A10", "A12", "B2", "B3", "B6", "B10"), "warn"),
    **dict.fromkeys(("A3", "A14", "B4", "B5", "B7", "B8", "failed", "expired"), "stop"),
    **dict.fromkeys(("B0", "waiting", "queued", "coming"), "wait"),
    **dict.fromkeys(("A0", "A15", "A16", "B9", "B11", "B12", "B13", "cancelled", "stopped", "over", "ended"), "idle"),
}
CLOCKS: Final = {
    "acceptance": N_("Acceptance period"),
    "reply": N_("Period to complete"),
    "decision": N_("Decision period"),
    "information": N_("Period to answer"),
    "hearing": N_("Hearing period"),
    "suspension": N_("Suspension period"),
    "remedy": N_("Period to remedy"),
    "review": N_("Yearly review"),
    "self_assessment": N_("Yearly self-assessment"),
    "actions": N_("Corrective actions"),
    "consultation": N_("Consultation period"),
    "appeal": N_("Appeal period"),
    "renewal": N_("Renewal period"),
    "annual_answer": N_("Period to answer the yearly self-assessment"),
    "extension": N_("Extension of the decision period"),
    "general_extension": N_("General extension"),
    "criminal": N_("Pending criminal proceedings"),
    "adjustments": N_("Adjustments of the applicant"),
    "investigation": N_("Investigation of infringements"),
    "consultation_extension": N_("Longer consultation"),
    "suspension_cure": N_("Period to cure"),
    "suspension_verification": N_("Days to verify measures"),
    "change_notice": N_("Period to tell of a change"),
    "corrective": N_("Corrective actions"),
    "validity": N_("Validity"),
    "retention": N_("Retention of documents"),
    "bar_revoked": N_("Bar on a new application"),
    "bar_annulled": N_("Bar on a new application"),
    "bar_own_request": N_("Bar on a new application"),
    "bar_refused": N_("Bar on a new application"),
    "bar_not_accepted": N_("Bar on a new application"),
    "bar_other_decision": N_("Bar on a new application"),
}
UNITS: Final = {
    "calendar": N_("calendar days"),
    "working": N_("working days"),
    "months": N_("months"),
    "years": N_("years"),
}
AT_EXPIRY: Final = {
    "none": N_("The law gives silence no effect."),
    "alert": N_("Silence has no effect; the delay is reported to the supervisor."),
    "accepted": N_("Silence accepts the application."),
    "granted": N_("Silence grants what was asked for."),
    "refused": N_("Silence refuses what was asked for."),
    "not_accepted": N_("The application is not accepted."),
    "lapsed": N_("It lapses."),
    "decide_without": N_("It is decided without the answer."),
    "by_ground": N_(
        "The suspension ends by itself, is lifted or leads to revocation, by its ground and what was proved."
    ),
    "ends": N_("It ends by itself."),
    "revoke": N_("It leads to revocation."),
    "firm": N_("The act becomes final."),
    "ask_self_assessment": N_("The yearly self-assessment is asked for."),
    "extended": N_("The period grows."),
    "purge_allowed": N_("The documents may be deleted."),
}
DAY_KINDS: Final = {"closed": N_("closed"), "open": N_("open"), "half": N_("half a day")}
CHANGES: Final = {"asked": N_("Waits for approval"), "approved": N_("Approved"), "refused": N_("Refused")}
SUMS: Final = {
    "started": N_("Began"),
    "extended": N_("Lengthened"),
    "resumed": N_("Ran on after a wait"),
    "recounted": N_("Counted anew"),
    "notified": N_("Notified later"),
}
CAME_TO: Final = {  # what a clock that the law alone ends has come to
    "firm": N_("The act is firm since the end of %(day)s."),
    "ends": N_("It was over at the end of %(day)s."),
    "purge_allowed": N_("The documents may be deleted since the end of %(day)s."),
    "lapsed": N_("The term was over at the end of %(day)s."),
    "renewal_pending": N_(
        "The term was over at the end of %(day)s; the certificate holds until its renewal is decided."
    ),
}
ENDED_AS: Final = {  # the same in two words
    "firm": N_("firm act"),
    "ends": N_("over"),
    "purge_allowed": N_("documents may be deleted"),
    "lapsed": N_("term over"),
}
HARMLESS_ENDS: Final = frozenset({"ends", "firm", "purge_allowed", "lapsed"})  # nobody was too late
MEASURE_STATES: Final = {
    "open": N_("In force"),
    "lifted": N_("Lifted"),
    "lapsed": N_("Lapsed at the end of its period"),
    "revoked": N_("Ended in revocation"),
    "carried_out": N_("Carried out"),
    "upheld": N_("Decided for the holder"),
    "dismissed": N_("Dismissed"),
    "failed": N_("Not carried out"),
    "renewed": N_("Renewed"),
    "refused": N_("Refused"),
    "withdrawn": N_("Withdrawn"),
    "ended": N_("Ended with the certificate"),
}
MEASURES: Final = {
    "suspension": N_("Suspension"),
    "action_plan": N_("Action plan"),
    "renewal": N_("Renewal"),
}
BAR_CAUSES: Final = {
    "revoked": N_("After a revocation"),
    "annulled": N_("After an annulment"),
    "own_request": N_("After an own request"),
    "refused": N_("After a refusal"),
}
DEPENDENTS: Final = {
    "in_force": N_("In force"),
    "suspended": N_("Suspended"),
    "revoked": N_("Revoked"),
    "under_review": N_("Under review"),
}
PARTNER_STATUSES: Final = {
    "active": N_("active"),
    "suspended": N_("suspended"),
    "revoked": N_("revoked"),
    "ended": N_("ended"),
    "expired": N_("expired"),
    "new version": N_("new version"),
    "withdrawn": N_("takes part no more"),
}
KINDS: Final = {
    "exporter": N_("Exporter"),
    "importer": N_("Importer"),
    "carrier": N_("Carrier"),
    "broker": N_("Customs broker"),
    "customs_broker": N_("Customs broker"),
    "warehouse": N_("Warehouse keeper"),
    "other": N_("Other member of the logistics chain"),
    "manufacturer": N_("Manufacturer"),
    "free_zone": N_("Free zone user"),
    "consolidator": N_("Freight consolidator"),
    "port_operator": N_("Port or airport operator"),
}
LETTERS: Final = {
    "issued": N_("Being prepared"),
    "rendered": N_("Ready"),
    "notified": N_("Notified"),
    "filed": N_("Filed"),
}
AUDIENCES: Final = {
    "operator": N_("To the operator"),
    "authority": N_("To another authority"),
    "internal": N_("Internal"),
}
