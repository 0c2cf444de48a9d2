"""A programme as one value: what its file says, and what follows for a type, a kind of operator, a ground, a day."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from typing import Final

from engine.domain.calendars import Unit
from engine.domain.clocks import DayCount, Period
from engine.domain.errors import Invalid
from engine.domain.notices import Notices
from engine.domain.programme_parts import (
    Appeal,
    Benefit,
    Change,
    ClockRule,
    Committee,
    Consent,
    CriteriaUse,
    DependentDecision,
    Duty,
    Entry,
    Ground,
    HardFails,
    Kind,
    LetterRule,
    Monitoring,
    MutualRecognition,
    Remark,
    Renewal,
    SuspensionGround,
    Terms,
    Words,
)

DAYS: Final[Mapping[Unit, int]] = {Unit.CALENDAR: 1, Unit.WORKING: 1, Unit.MONTHS: 30, Unit.YEARS: 365}  # to compare


@dataclass(frozen=True, slots=True)
class Programme:
    """A certification programme of one customs administration, as in force in one version of its file.

    `holidays` is the country, or country and part (`SV`, `SV-SS`), whose holidays count; `closed` are the office's own days;
    it works from `opens` to `closes`. `states_off` are states that it does not know. What a file of release 0.2 does not
    say yet has the value that the office worked by then.
    """

    id: str
    country: str
    zone: str
    language: str
    names: tuple[tuple[date, Words], ...]
    office: Mapping[str, str]
    signatories: Mapping[str, Words]
    types: Mapping[str, Words]
    legal_basis: Words
    numbers: Mapping[str, str]
    day_count: DayCount
    holidays: str
    closed: frozenset[date]
    opens: time
    closes: time
    clocks: Mapping[str, ClockRule]
    bars: Mapping[str, Period]
    effect: Period
    validity: Period
    appeal: Words
    type_rules: Mapping[str, Kind]
    kinds: Mapping[str, Words]
    criteria: tuple[CriteriaUse, ...]
    hard_fails: HardFails
    bars_of_types: Terms
    terms_of_types: Terms
    adverse_effect: Period
    effects: Mapping[str, Period]
    bar_follows: bool
    renewal: Renewal
    suspension: Mapping[str, SuspensionGround]
    grounds: Mapping[str, Ground]
    dependent_decisions: Mapping[str, DependentDecision]
    reaches_back: bool
    duties: Mapping[str, Duty]
    committee: Committee
    languages: tuple[str, ...]
    letters: Mapping[str, LetterRule]
    delegable: frozenset[str]
    consents: Mapping[str, Consent]
    benefits: tuple[Benefit, ...]
    changes: tuple[Change, ...]
    reminders: Mapping[str, tuple[int, ...]]
    retention: Period
    mutual_recognition: MutualRecognition
    review: Appeal
    consultation: tuple[tuple[date, str], ...]
    entry: Entry
    monitoring: Monitoring
    states_off: frozenset[str]
    decisions: Mapping[str, str]
    notices: Notices = field(default_factory=Notices)
    remarks: tuple[Remark, ...] = field(default=(), compare=False)

    def name_on(self, day: date) -> Words:
        """What the programme was called on that day."""
        called = [words for since, words in self.names if since <= day]
        return called[-1] if called else self.names[0][1]

    def clock(self, name: str) -> ClockRule:
        """The rule of a clock; Invalid where the programme has none of that name."""
        if name not in self.clocks:
            raise Invalid("The programme %(programme)s has no clock %(clock)s.", programme=self.id, clock=name)
        return self.clocks[name]

    def letter(self, number: str) -> LetterRule:
        """The rule of a letter (`D21`); Invalid where the programme does not send it."""
        if number not in self.letters:
            raise Invalid("The programme %(programme)s has no letter %(letter)s.", programme=self.id, letter=number)
        return self.letters[number]

    def additions_to(self, name: str) -> Mapping[str, ClockRule]:
        """The clocks whose days lengthen the clock of that name."""
        return {own: rule for own, rule in self.clocks.items() if rule.adds_to == name}

    def includes(self, name: str) -> tuple[str, ...]:
        """The types that a type stands for: AEOF for AEOC and AEOS; itself where it stands alone."""
        rule = self.type_rules.get(name)
        return rule.includes if rule and rule.includes else (name,)

    def criteria_sets(self, types: Collection[str], kind: str = "") -> tuple[str, ...]:
        """The sets of criteria that are asked of somebody who applies for these types, each once, in order."""
        asked = {one.set: None for one in self.criteria if self._meant(one.types, one.kinds, types, kind)}
        return tuple(asked)

    def bar(self, cause: str, types: Collection[str] = ()) -> Period | None:
        """The bar on a new application after an end for that cause, the longest of these types; None where there is none."""
        own = [self.bars_of_types[cause, name] for name in types if (cause, name) in self.bars_of_types]
        found = own or ([self.bars[cause]] if cause in self.bars else [])
        longest = max(found, key=_days, default=None)
        return longest if longest and longest.count else None

    def validity_of(self, types: Collection[str]) -> Period:
        """The term of an authorisation of these types, the shortest of them; a count of 0 is without end."""
        own = [self.terms_of_types["", name] for name in types if ("", name) in self.terms_of_types]
        limited = [one for one in own if one.count]
        return min(limited, key=_days) if limited else own[0] if own else self.validity

    def effect_of(self, act: str) -> Period:
        """How long after an adverse act (suspended, revoked, annulled, restricted) it takes effect."""
        return self.effects.get(act, self.adverse_effect)

    def benefits_for(self, types: Collection[str], kind: str = "") -> tuple[Benefit, ...]:
        """The benefits to which a holder of these types, of that kind, is entitled."""
        return tuple(one for one in self.benefits if self._meant(one.types, one.kinds, types, kind))

    def types_reached(self, ground: str) -> tuple[str, ...]:
        """The types that the loss of a condition reaches, those that include one of them among them."""
        rule = self.grounds.get(ground)
        reached = rule.types if rule and rule.types else tuple(self.types)
        return tuple(name for name in self.types if name in reached or set(self.includes(name)) & set(reached))

    def dependents(self, types: Collection[str], ground: str = "") -> Mapping[str, DependentDecision]:
        """The kinds of decisions that rest on authorisations of these types and are reached by the ground."""
        return {
            name: one
            for name, one in self.dependent_decisions.items()
            if self._meant(one.types, (), types, "") and (not one.grounds or not ground or ground in one.grounds)
        }

    def duty(self, name: str) -> Duty:
        """Whether a rule that keeps duties apart is on; it is off where neither the file nor the default says."""
        return self.duties.get(name, Duty(on=False))

    def enables(self, state: str) -> bool:
        """Whether the programme knows this state of an application or authorisation (`B11`)."""
        return state not in self.states_off

    def consultation_silence_on(self, day: date) -> str:
        """What silence of a consulted authority meant on that day: `answer_obligatory` or `tolerated`."""
        ruled = [silence for since, silence in self.consultation if since <= day]
        return ruled[-1] if ruled else "tolerated"

    @property
    def assumptions(self) -> tuple[Remark, ...]:
        """What is ours and waits for confirmation."""
        return tuple(one for one in self.remarks if one.assumed)

    def _meant(self, of_types: Sequence[str], of_kinds: Sequence[str], types: Collection[str], kind: str) -> bool:
        held = {inner for name in types for inner in (name, *self.includes(name))}
        return (not of_types or bool(held & set(of_types))) and (not of_kinds or not kind or kind in of_kinds)


def _days(period: Period) -> int:
    return period.count * DAYS[period.unit]
