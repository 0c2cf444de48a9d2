"""What the codes of a programme's page are called, and how its values read."""

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Final
from zoneinfo import ZoneInfo

from engine.domain.clocks import Period
from engine.domain.programme import Words
from engine.queries.programme_sheet import Code, Value
from web import dates, registry_words, words
from web.i18n import N_, gettext, said

NO_ZONE: Final = ZoneInfo("UTC")  # a day has none
GROUPS: Final = {
    "identity": N_("Name and office"),
    "types": N_("Types and operators"),
    "conditions": N_("What is asked"),
    "counting": N_("How days are counted"),
    "clocks": N_("Legal periods"),
    "validity": N_("Effect and validity"),
    "bars": N_("Bars on applying again"),
    "suspension": N_("Suspension"),
    "grounds": N_("Grounds"),
    "dependents": N_("Decisions that depend on it"),
    "people": N_("Who signs and who advises"),
    "duties": N_("Duties kept apart"),
    "letters": N_("Letters"),
    "appeal": N_("Appeal"),
    "reminders": N_("Reminders"),
    "benefits": N_("Benefits"),
    "holder": N_("What the holder must tell of"),
    "consents": N_("Consents"),
    "partners": N_("Other authorities and partners"),
    "states": N_("States that it does not have"),
}
LABELS: Final = {
    "called": N_("Title"),
    "since": N_("Since"),
    "country": N_("Country"),
    "zone": N_("Time zone"),
    "language": N_("Language"),
    "name": N_("Name"),
    "unit": N_("Unit"),
    "address": N_("Address"),
    "city": N_("City"),
    "portal": N_("Portal"),
    "email": N_("E-mail"),
    "phone": N_("Telephone"),
    "says": N_("Text"),
    "series_application": N_("Applications"),
    "series_certificate": N_("Certificates"),
    "series_letter": N_("Letters"),
    "tier": N_("Rank"),
    "includes": N_("Stands for"),
    "kinds": N_("Operators"),
    "types": N_("Types"),
    "set": N_("Set"),
    "levels": N_("Levels"),
    "criteria": N_("Criteria"),
    "decision": N_("Table"),
    "years_of_operation": N_("Years of operation at least"),
    "look_back": N_("Years looked back upon"),
    "infringement_share": N_("Infringements at most, of the taxes declared"),
    "period": N_("Period"),
    "most": N_("At most"),
    "times": N_("Times at most"),
    "starts": N_("Counts from"),
    "adds_to": N_("Lengthens"),
    "at_expiry": N_("If it runs out"),
    "waits": N_("Waits while something is missing"),
    "notice": N_("Told by the letter"),
    "legal_basis": N_("Legal basis"),
    "first_day_counts": N_("The day of the event counts"),
    "moves_off_holidays": N_("An end on a holiday moves to the next working day"),
    "deemed_receipt_days": N_("Days until a notice counts as received"),
    "cut_off": N_("What is filed later counts for the next working day"),
    "holidays": N_("Holidays of"),
    "closed": N_("Own free days"),
    "opens": N_("Opens"),
    "closes": N_("Closes"),
    "term": N_("Term"),
    "of_type": N_("But for"),
    "after_grant": N_("A grant takes effect"),
    "after_adverse": N_("An adverse act takes effect"),
    "model": N_("How it goes on"),
    "window_opens": N_("Window opens, days before the end"),
    "window_closes": N_("Window closes, days before the end"),
    "declaration": N_("Yearly declaration, month and day"),
    "cycle": N_("Revalidation every"),
    "while_pending": N_("While a renewal is pending"),
    "late": N_("A late renewal"),
    "kept": N_("Kept after the end"),
    "bar": N_("Bar"),
    "until_established": N_("Without a limit, where the doubt is on"),
    "extendable": N_("Can be prolonged"),
    "verification": N_("Days to verify the measures"),
    "if_cured": N_("If cured"),
    "if_not_cured": N_("If not cured"),
    "grounds": N_("Grounds"),
    "follows": N_("On suspension it is"),
    "on_revocation": N_("On revocation it is"),
    "after": N_("It takes effect"),
    "bar_follows": N_("The bar follows the successor"),
    "reaches_back": N_("Suspending one of them suspends the authorisation"),
    "post": N_("Post"),
    "delegable": N_("May be delegated"),
    "exists": N_("There is one"),
    "members": N_("Members"),
    "quorum": N_("Quorum"),
    "binding": N_("Its opinion binds"),
    "on": N_("Applies"),
    "months": N_("Months"),
    "template": N_("Template"),
    "signatory": N_("Signed by"),
    "languages": N_("Languages"),
    "body": N_("Body"),
    "suspensive": N_("Stays the effect"),
    "clause": N_("Clause in letters"),
    "before": N_("Days before"),
    "system": N_("Applied by"),
    "benefit_on": N_("Switched on by"),
    "benefit_off": N_("Switched off by"),
    "touches": N_("Criteria it touches"),
    "reassess": N_("Opens a re-assessment"),
    "young_holder_years": N_("Established for fewer years than"),
    "close_months": N_("Months of close monitoring"),
    "required": N_("Needed for the grant"),
    "silence": N_("Silence of the authority"),
    "recognised": N_("Messages are sent"),
    "tin": N_("Trader number"),
    "frequency": N_("Sent"),
    "fields": N_("What is told"),
    "without": N_("States"),
}
ITEMS: Final = {
    "programme": N_("Place"),
    "office": N_("Office"),
    "legal_basis": N_("Legal basis"),
    "numbers": N_("How numbers begin"),
    "kinds": N_("Operators that may enter"),
    "criteria": N_("Set of criteria"),
    "hard_fails": N_("What no score outvotes"),
    "entry": N_("Conditions of entry"),
    "decisions": N_("Decision tables"),
    "day_count": N_("Day count"),
    "validity": N_("Validity"),
    "effect": N_("Effect"),
    "renewal": N_("Renewal"),
    "retention": N_("Retention of documents"),
    "dependencies": N_("The other way round"),
    "committee": N_("Committee"),
    "appeal": N_("Appeal"),
    "expiry": N_("End of the term"),
    "monitoring": N_("Young holders"),
    "consultation": N_("Consultation of authorities"),
    "mutual_recognition": N_("Mutual recognition"),
    "states": N_("States"),
    "succession": N_("Legal successors"),
}
CODES: Final[Mapping[str, Mapping[str, str]]] = {
    "items": ITEMS,
    "answers": {"yes": N_("yes"), "no": N_("no"), "none": N_("none")},
    "levels": {"must": N_("must be met"), "should": N_("should be met"), "info": N_("for information")},
    "languages": {"es": N_("Spanish"), "en": N_("English")},
    "periods": {
        "open_ended": N_("as long as is needed"),
        "unlimited": N_("without end"),
        "no_bar": N_("no bar"),
        "by_holder": N_("as long as the holder says it takes"),
        "same_day": N_("on the same day"),
    },
    "starts": {
        "event": N_("the act"),
        "receipt": N_("the day on which the notice counts as received"),
        "completeness": N_("the day on which everything was held"),
        "communication": N_("the day on which the question was communicated"),
        "effect": N_("the day of effect"),
        "knowledge": N_("the event, or knowledge of it"),
        "end_of_validity": N_("the end of validity"),
    },
    "effects": {
        "none": N_("nothing by itself"),
        "alert": N_("the office is warned"),
        "accepted": N_("deemed accepted"),
        "granted": N_("deemed granted"),
        "refused": N_("deemed refused"),
        "not_accepted": N_("not accepted"),
        "lapsed": N_("lapses"),
        "decide_without": N_("the procedure goes on without an answer"),
        "by_ground": N_("depends on the ground and the evidence"),
        "ends": N_("ends by itself"),
        "revoke": N_("revocation follows"),
        "firm": N_("the act becomes final"),
        "ask_self_assessment": N_("the self-assessment is asked for"),
        "extended": N_("goes on"),
        "purge_allowed": N_("documents may be deleted"),
    },
    "renewals": {
        "none_monitoring": N_("no renewal, but monitoring"),
        "fixed_term": N_("renewed for a fixed term"),
        "annual_declaration": N_("goes on with a yearly declaration"),
        "revalidation": N_("revalidated in cycles"),
    },
    "pending": {"stays": N_("the old one holds"), "ends": N_("the old one ends")},
    "late": {"not_filed": N_("counts as not filed"), "accepted": N_("is accepted")},
    "bars": {
        "revoked": N_("After a revocation"),
        "annulled": N_("After an annulment"),
        "own_request": N_("After leaving at one's own request"),
        "refused": N_("After a refusal"),
        "not_accepted": N_("After a non-acceptance"),
        "other_decision": N_("After the revocation of another decision"),
    },
    "outcomes": {"lift": N_("it is lifted"), "end": N_("it ends by itself"), "revoke": N_("revocation follows")},
    "follows": {"suspended": N_("suspended"), "revoked": N_("revoked"), "reviewed": N_("reviewed"), "kept": N_("kept")},
    "acts": {
        "suspended": N_("Effect of a suspension"),
        "revoked": N_("Effect of a revocation"),
        "annulled": N_("Effect of an annulment"),
        "restricted": N_("Effect of a restriction"),
    },
    "roles": words.ROLES,
    "duties": {
        "proposer_not_approver": N_("Who proposes does not decide"),
        "validator_not_approver": N_("Who visits does not decide"),
        "action_author_not_verifier": N_("Who wrote a corrective action does not verify it"),
        "change_author_not_publisher": N_("Who wrote a change does not publish it"),
        "complaint_subject_not_handler": N_("Who a complaint is about does not handle it"),
        "no_two_controls_in_a_row": N_("Nobody does two controls in a row"),
        "committee_without_visitors": N_("Who visited does not sit on the committee"),
        "monitoring_not_verifier": N_("Who monitors does not close the verification of their own plan"),
        "account_manager_not_adverse": N_("The account manager takes no part in adverse acts"),
        "cooling_off": N_("Who advised or audited an operator waits before validating it"),
    },
    "switches": {
        "grant": N_("the grant"),
        "take_effect": N_("taking effect"),
        "lift": N_("the lift of a suspension"),
        "lapse_suspension": N_("the end of a suspension"),
        "reinstate": N_("reinstatement"),
        "renew": N_("renewal"),
        "suspend": N_("suspension"),
        "intend_to_revoke": N_("the intention to revoke"),
        "revoke": N_("revocation"),
        "annul": N_("annulment"),
        "surrender": N_("surrender"),
        "expire": N_("the end of the term"),
        "succeed": N_("succession"),
        "open_action_plan": N_("a corrective plan"),
    },
    "silence": {"answer_obligatory": N_("is not allowed: it must answer"), "tolerated": N_("counts as no objection")},
    "frequencies": {"each_change": N_("at each change"), "daily": N_("daily"), "monthly": N_("monthly")},
    "told": {
        "tin": N_("number"),
        "name": N_("name"),
        "type": N_("type"),
        "status": N_("status"),
        "valid_from": N_("valid from"),
        "valid_to": N_("valid to"),
        "last_change": N_("last change"),
        "consent": N_("consent"),
        "reason_class": N_("class of reason"),
    },
    "states": {**registry_words.APPLICATIONS, **registry_words.AUTHORISATIONS},
}
COUNTED: Final = {  # msgid of one, msgid of several
    "calendar": (N_("%(num)s calendar day"), N_("%(num)s calendar days")),
    "working": (N_("%(num)s working day"), N_("%(num)s working days")),
    "months": (N_("%(num)s month"), N_("%(num)s months")),
    "years": (N_("%(num)s year"), N_("%(num)s years")),
}


def label(what: str) -> str:
    """What a line is called; its code where it has no word."""
    return gettext(LABELS[what]) if what in LABELS else what


def value(given: Value | None) -> str:
    """A value as it reads in the reader's language; a dash for none."""
    if given is None:
        return "—"
    if isinstance(given, tuple):
        return ", ".join(value(one) for one in given)
    return _WRITTEN[type(given)](given)


def _code(given: Code) -> str:
    known = CODES.get(given.table, {})
    return gettext(known[given.code]) if given.code in known else given.code


def _period(given: Period) -> str:
    one, many = COUNTED[given.unit]
    return gettext(one if given.count == 1 else many, num=given.count)


_WRITTEN: Final[Mapping[type, Callable[..., str]]] = {
    Code: _code,
    Period: _period,
    Words: lambda given: said(given.es, given.en),
    bool: lambda given: gettext("yes") if given else gettext("no"),
    date: lambda given: dates.day(given, NO_ZONE),
    time: lambda given: given.strftime("%H:%M"),
    int: str,
    str: str,
}
