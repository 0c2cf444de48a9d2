"""The parts of a programme, as plain values: clocks, grounds, letters, benefits, and what else its file says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from engine.domain.calendars import Unit
from engine.domain.clocks import DayCount, Period

EVENT: Final = "event"
RECEIPT: Final = "receipt"


@dataclass(frozen=True, slots=True)
class Words:
    """A name in Spanish and English."""

    es: str
    en: str


NOTHING: Final = Words("", "")


@dataclass(frozen=True, slots=True)
class ClockRule:
    """What the programme says of a clock (domain page §3).

    `most` is the cap of what an officer may set, `times` how often it may be used in one procedure; `starts` is what it
    counts from (`receipt`: the day on which the notice is deemed received, `from_receipt`); `adds_to` names the clock that
    grows by its days, by at most `total` of them in all; `resumes`: after a wait it runs on, else it begins again; `open_ended`: it lasts as long as is needed, and its period is only a cap or nothing; `at_expiry` is
    the effect of silence; `notice` is the letter that tells of it; `day_count` is the programme's, or the clock's own.
    `assumed`: the value is ours, and unconfirmed.
    """

    name: Words
    period: Period
    legal_basis: Words
    most: int | None
    from_receipt: bool
    assumed: bool
    starts: str = EVENT
    adds_to: str = ""
    at_expiry: str = "none"
    open_ended: bool = False
    times: int | None = None
    notice: str = ""
    waits_for_completion: bool = False
    day_count: DayCount = field(default_factory=DayCount)
    total: int | None = None
    resumes: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A type or tier of authorisation: who may hold it, its rank where there are tiers, and the types it stands for."""

    words: Words
    kinds: tuple[str, ...] = ()
    tier: int = 0
    includes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CriteriaUse:
    """A set of criteria that the programme asks of some types and kinds; of all where none is named."""

    set: str
    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HardFails:
    """What no score outvotes: a criterion of one of these levels, or one of these criteria, that is not met."""

    levels: tuple[str, ...] = ("must",)
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """A condition whose loss is a ground of an adverse act, and the types that it reaches (EU: DA art. 30)."""

    words: Words
    types: tuple[str, ...]
    legal_basis: Words


@dataclass(frozen=True, slots=True)
class DependentDecision:
    """A kind of decision that rests on an authorisation, and what becomes of it when that one is suspended.

    `grounds` are those that reach it; any where none is named. `follows`: suspended, reviewed or kept; `on_revocation`,
    where that one is revoked or annulled: revoked, reviewed or kept.
    """

    words: Words
    types: tuple[str, ...]
    grounds: tuple[str, ...] = ()
    follows: str = "suspended"
    on_revocation: str = "revoked"
    legal_basis: Words = NOTHING


@dataclass(frozen=True, slots=True)
class SuspensionGround:
    """A ground of suspension: its longest period, and the outcome of its end (EU: DA art. 16 to 18).

    `days` is the longest period in `unit`, None where the holder's own plan sets it; `verification` are days to verify
    measures; `until_established` are grounds for which there is no longest period; `if_cured` and `if_not_cured` are what
    follows at the end: lift, end or revoke.
    """

    words: Words
    days: int | None
    unit: Unit
    extendable: bool = False
    verification: int = 0
    until_established: tuple[str, ...] = ()
    if_cured: str = "lift"
    if_not_cured: str = "end"


@dataclass(frozen=True, slots=True)
class Duty:
    """A rule that keeps duties apart: whether it is on, and after how many months somebody may again (cooling-off)."""

    on: bool = True
    months: int = 0


@dataclass(frozen=True, slots=True)
class Committee:
    """The technical committee: whether there is one, how many sit on it, how many decide, and whether that binds."""

    exists: bool = False
    members: int = 0
    quorum: int = 0
    binding: bool = False


@dataclass(frozen=True, slots=True)
class LetterRule:
    """A letter by its number (D01 to D35): its template, the role that signs it, and its languages.

    `audience` is whom it is for (operator, authority, internal); empty where the programme leaves it as usual.
    """

    template: str
    signatory: str = ""
    languages: tuple[str, ...] = ("es", "en")
    audience: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the applicant is asked to agree to, each by itself; `required`: without it nothing is granted."""

    words: Words
    required: bool = False


@dataclass(frozen=True, slots=True)
class Benefit:
    """A benefit, who is entitled to it, the system that applies it, and what switches it on and off."""

    code: str
    words: Words
    legal_basis: Words = NOTHING
    types: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    system: str = ""
    on: tuple[str, ...] = ()
    off: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A change that the holder must tell of; `criteria` are what it touches, `reassess` whether it opens a re-assessment."""

    code: str
    words: Words
    criteria: tuple[str, ...] = ()
    reassess: bool = False


@dataclass(frozen=True, slots=True)
class Renewal:
    """How an authorisation goes on: monitored without end, for a fixed term, by a yearly declaration, by revalidation.

    The window opens and closes so many calendar days before the end; `declaration` are the first and last day of the year
    (`10-01`) on which the yearly declaration is filed; `cycle` is the time between two revalidations.
    """

    model: str = "none_monitoring"
    window_opens: int = 0
    window_closes: int = 0
    while_pending: str = "stays"
    late: str = "not_filed"
    declaration: tuple[str, str] = ("", "")
    cycle: Period | None = None


@dataclass(frozen=True, slots=True)
class Partner:
    """A partner of mutual recognition, by country code, and since when.

    `address` is where messages go; `statuses` are its own words for states of an authorisation (`B4`), where they differ.
    """

    code: str
    words: Words
    since: date | None = None
    address: str = ""
    statuses: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MutualRecognition:
    """What goes to partners: `tin` is the format of the trader number (`{country}{tax_id}`), `fields` what is told."""

    on: bool = False
    tin: str = "{country}{tax_id}"
    frequency: str = "each_change"
    fields: tuple[str, ...] = ()
    partners: tuple[Partner, ...] = ()


@dataclass(frozen=True, slots=True)
class Appeal:
    """Whether acts may be appealed, to whom, whether that stays their effect, and `against` which acts; the period is the clock `appeal`."""

    exists: bool = True
    body: Words = NOTHING
    suspensive: bool = False
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What is asked of who wants to enter: years of operation, years looked back upon, share of infringements in percent."""

    years_of_operation: int = 0
    look_back: int = 0
    infringement_share: int | None = None


@dataclass(frozen=True, slots=True)
class Monitoring:
    """How long after the grant, and for holders established for less than how many years, monitoring is close."""

    young_holder_years: int = 0
    close_months: int = 0


@dataclass(frozen=True, slots=True)
class Remark:
    """What the file says about one of its own values: a note, and whether the value is ours and waits for confirmation.

    `keys` are the keys of the table at `place` that it is about, all where none is named; `question` is the number of the
    open question that settles it (domain page §15), 0 where there is none.
    """

    place: str
    keys: tuple[str, ...]
    note: Words
    question: int
    assumed: bool
    line: int | None = None

    def concerns(self, place: str) -> bool:
        """Whether the value at a dotted place is one that this is about."""
        if not self.keys:
            return place == self.place or place.startswith((f"{self.place}.", f"{self.place}["))
        return any(place == f"{self.place}.{key}" or place.startswith(f"{self.place}.{key}.") for key in self.keys)


Terms = Mapping[tuple[str, str], Period]  # by cause or "", and type
