"""What must hold before a lawful move: each guard is a named question to the facts, with the sentence that refuses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from engine.domain.committees import OPPOSES
from engine.domain.errors import Conflict, Invalid, Problem, Refusal

NO_EFFECT: Final = "none"
ACCEPTED: Final = "accepted"
GRANTED: Final = "granted"
REFUSED: Final = "refused"
SILENT: Final = frozenset({GRANTED, REFUSED})  # effects of silence that end an application as A16
LIFTING: Final = frozenset({"cured", "no_ground", "not_revoked", "upheld", "expired"})  # why a suspension may end


@dataclass(frozen=True, slots=True)
class Facts:
    """What the register knows at the moment of a move; whatever nobody looked up counts against it.

    `over` are the clocks whose last day has passed, `earliest` is the first day from which the move may be valid, `filed`
    the one that counts for what was filed last (the next working day, where that came after the cut-off hour),
    `silence` is what the programme makes of it, `unanswered` and `unreasoned` count arguments and criteria left out,
    `failed` names the criteria, each with its site, that stand in the way whatever the scores, `unscored` those that nobody judged though others were, `committee` is what a
    binding opinion says of the act (`agrees`, `opposes`).
    """

    today: date = date.min
    valid_from: date = date.min
    earliest: date | None = None
    filed: date | None = None
    reasons: str = ""
    outcome: str = ""
    items: int = 0
    bar_until: date | None = None
    over: frozenset[str] = frozenset()
    silence: str = ""
    consultations: int = 0
    findings: int = 0
    actions: int = 0
    heard: bool = False
    intended: bool = False
    unanswered: int = 0
    unreasoned: int = 0
    adverse: bool = False
    exception: str = ""
    consents_missing: int = 0
    by_team: bool = False
    window: str = ""
    failed: tuple[str, ...] = ()
    unscored: tuple[str, ...] = ()
    committee: str = ""


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition of the law: it holds or not; if not, `sentence` says what fails and what to do.

    `where` names the argument that is wrong and `advice` what to write there; the refusal is then Invalid. `code` is what
    a diagram may catch it by.
    """

    holds: Callable[[Facts], bool]
    sentence: str
    where: str = ""
    advice: str = ""
    code: str = ""

    def require(self, facts: Facts) -> None:
        """Raises the refusal where the guard does not hold."""
        if not self.holds(facts):
            raise self._refusal(facts)

    def _refusal(self, facts: Facts) -> Refusal:
        if self.where:
            return Invalid(self.sentence, [Problem(self.where, self.advice)])
        said = {"day": facts.bar_until.isoformat() if facts.bar_until else "", "failed": "; ".join(facts.failed)}
        said["unscored"] = "; ".join(facts.unscored)
        refusal = Conflict(self.sentence, **{name: one for name, one in said.items() if f"%({name})s" in self.sentence})
        return refusal.named(self.code) if self.code else refusal


def _latest(facts: Facts) -> date:
    """Until when an application may be accepted: today, or as of what was filed after the cut-off hour."""
    silent = "acceptance" in facts.over and facts.silence == ACCEPTED
    return facts.filed if facts.filed and silent else max(facts.today, facts.filed or facts.today)


GUARDS: Final[Mapping[str, Guard]] = {
    # UCC art. 22(2) with DA art. 11(1)(d): who may not apply is not accepted.
    "no_bar": Guard(
        lambda f: f.bar_until is None or f.bar_until < f.today,
        "A new application is barred until %(day)s.",
        code="barred",
    ),
    "items_named": Guard(
        lambda f: f.items > 0,
        "Nothing is asked for.",
        "items",
        "Name at least one item, and why it is needed.",
    ),
    # Once silence has an effect, it has taken the place of the request (IA art. 12(3)).
    "acceptance_open": Guard(
        lambda f: "acceptance" not in f.over or f.silence == NO_EFFECT,
        "The acceptance period is over: nothing can be asked for any more, the effect of silence applies.",
    ),
    "reply_over": Guard(
        lambda f: "reply" in f.over,
        "The applicant may still reply: the period to complete is not over.",
    ),
    "reason_given": Guard(
        lambda f: bool(f.reasons.strip()),
        "The act needs a reason.",
        "reason",
        "Write why.",
    ),
    # IA art. 12(2)-(3): the day on which all information was held; never before it came, never in the future, and not
    # later than that day once silence has accepted.
    "date_lawful": Guard(
        lambda f: (f.earliest or f.valid_from) <= f.valid_from <= _latest(f),
        "This date is not lawful.",
        "accepted_on",
        "Give a day from the submission until today, and no later one than that of the last item once silence has accepted.",
    ),
    "acceptance_over": Guard(
        lambda f: "acceptance" in f.over,
        "The acceptance period is not over yet: silence has no effect before.",
    ),
    "silence_accepts": Guard(
        lambda f: f.silence == ACCEPTED,
        "In this programme silence does not accept an application: the officer decides.",
    ),
    "silence_refuses": Guard(
        lambda f: f.silence == REFUSED,
        "In this programme silence does not refuse: the office decides.",
    ),
    "silence_grants": Guard(
        lambda f: f.silence == GRANTED,
        "In this programme silence does not grant: the office decides.",
    ),
    "decision_over": Guard(
        lambda f: "decision" in f.over,
        "The decision period is not over yet: silence has no effect before.",
    ),
    "decision_runs": Guard(
        lambda f: "decision" not in f.over,
        "The decision period is over: it can no longer be extended.",
    ),
    "consultations_closed": Guard(
        lambda f: f.consultations == 0,
        "A consultation is still open: wait for the reply, or close it with the reason why none came.",
    ),
    "by_team": Guard(
        lambda f: f.by_team,
        "A correction is verified by a validator of the team, never declared by the operator.",
    ),
    "findings_solved": Guard(
        lambda f: f.findings == 0,
        "A finding is still open: it must be corrected and verified first.",
    ),
    # No score outvotes a criterion that must be met: it is a gate, the score only a priority (domain page §8).
    "gates_met": Guard(
        lambda f: not f.failed,
        "What must be met was judged as not met: %(failed)s. No score makes up for it.",
        code="gate",
    ),
    # A dossier is complete when every criterion was judged, at every site it was asked of (domain page §2.3 T15, §12).
    "criteria_scored": Guard(
        lambda f: not f.unscored,
        "Not everything that was asked has been judged: %(unscored)s.",
        code="unscored",
    ),
    "actions_agreed": Guard(
        lambda f: f.actions > 0,
        "A corrective plan needs actions.",
        "actions",
        "Name at least one action, who carries it out, and by when.",
    ),
    # Where the programme says that the committee's opinion binds, nobody decides against it (domain page §14.9).
    "committee_agrees": Guard(
        lambda f: f.committee != OPPOSES,
        "The committee's opinion binds here, and it is another one: return the proposal.",
    ),
    # Publication and mutual recognition are asked for separately, each with its own yes or no (domain page §14).
    "consents_known": Guard(
        lambda f: f.consents_missing == 0,
        "The holder has not yet said whether the status may be published: ask for the consent first.",
    ),
    "grounds_named": Guard(
        lambda f: f.items > 0,
        "An adverse act needs grounds.",
        "grounds",
        "Name each ground and what it rests on.",
    ),
    # UCC art. 22(6): nobody is decided against unheard.
    "heard": Guard(
        lambda f: f.heard,
        "Nobody is decided against unheard: the hearing must be held, waived, or have run out.",
    ),
    "heard_if_adverse": Guard(
        lambda f: f.heard or not f.adverse,
        "This amendment is adverse: the holder must be heard first.",
    ),
    # An adverse amendment is an adverse act like others (domain page §14.10).
    "answered_if_adverse": Guard(
        lambda f: not f.adverse or (f.intended and f.unanswered == 0),
        "This amendment is adverse: its intention must have been notified, and each argument of the holder answered.",
    ),
    "intention_sent": Guard(
        lambda f: f.intended,
        "The intention was not notified: send the letter that announces the act first.",
    ),
    "arguments_answered": Guard(
        lambda f: f.unanswered == 0,
        "An argument of the hearing has no answer: answer each of them.",
        "answers",
        "Write an answer to every argument that was put forward.",
    ),
    "reasoned": Guard(
        lambda f: bool(f.reasons.strip()) and f.unreasoned == 0,
        "The act needs reasons.",
        "reasons",
        "Write why, criterion by criterion; each ground of the hearing needs its own reason.",
    ),
    "exception_recorded": Guard(
        lambda f: bool(f.exception.strip()),
        "Without a hearing the act needs the exception of the law on which it rests.",
        "exception",
        "Name the exception, and why it applies.",
    ),
    "lifting_known": Guard(
        lambda f: f.outcome in LIFTING,
        "A suspension ends because it is cured, has no ground, or ran out.",
        "reason",
        "Choose cured, no_ground, not_revoked or expired.",
    ),
    "suspension_over": Guard(lambda f: "suspension" in f.over, "The suspension period is not over yet."),
    "suspension_runs": Guard(
        lambda f: "suspension" not in f.over,
        "The suspension period is over: it can no longer be prolonged.",
    ),
    "window_open": Guard(
        lambda f: f.window == "open",
        "The renewal window is not open: what is filed outside of it counts as not filed.",
    ),
    "term_over": Guard(
        lambda f: f.earliest is not None and f.earliest <= f.today,
        "The certificate has not reached the end of its term.",
    ),
    "appeal_in_time": Guard(
        lambda f: "appeal" not in f.over,
        "The appeal period is over: the act is final.",
    ),
}


def require(names: tuple[str, ...], facts: Facts) -> None:
    """Asks the guards in order; the first that does not hold refuses: Conflict, or Invalid for a wrong argument."""
    for name in names:
        GUARDS[name].require(facts)
