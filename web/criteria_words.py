"""What answers, judgements, levels, bands of risk and the ends of evidence are called; by their English msgids."""

from typing import Final

from web.i18n import N_

ANSWERS: Final = {
    "yes": N_("Yes"),
    "partly": N_("Partly"),
    "no": N_("No"),
    "na": N_("Does not apply"),
}
JUDGEMENTS: Final = {
    "3": N_("3 of 3: meets it and proves it"),
    "2": N_("2 of 3: small reservations"),
    "1": N_("1 of 3: only in part"),
    "0": N_("0 of 3: does not meet it"),
    "conforms": N_("Conforms"),
    "minor": N_("Minor non-conformity"),
    "major": N_("Major non-conformity"),
}
SCORE_TONES: Final = ("stop", "warn", "wait", "ok")  # by score, 0 to 3
LEVELS: Final = {
    "must": N_("mandatory"),
    "should": N_("recommended"),
    "info": N_("for information"),
}
BANDS: Final = {
    "low": N_("Low"),
    "moderate": N_("Moderate"),
    "high": N_("High"),
    "critical": N_("Critical"),
}
BAND_TONES: Final = {"low": "ok", "moderate": "wait", "high": "warn", "critical": "stop"}
IMPACTS: Final = {
    "1": N_("Negligible"),
    "2": N_("Minor"),
    "3": N_("Moderate"),
    "4": N_("Serious"),
    "5": N_("Very serious"),
}
LIKELIHOODS: Final = {
    "1": N_("Very unlikely"),
    "2": N_("Unlikely"),
    "3": N_("Possible"),
    "4": N_("Likely"),
    "5": N_("Almost certain"),
}
FINDINGS: Final = {
    "open": N_("open finding"),
    "closed": N_("closed finding"),
}
ACTIONS: Final = {
    "proposed": N_("to be verified"),
    "verified": N_("verified"),
    "insufficient": N_("not sufficient"),
    "replaced": N_("replaced"),
}
EVIDENCE: Final = {
    "valid": N_("valid until %(date)s"),
    "soon": N_("ends soon: valid until %(date)s"),
    "over": N_("expired: was valid until %(date)s"),
}
EVIDENCE_TONES: Final = {"valid": "ok", "soon": "warn", "over": "stop"}
