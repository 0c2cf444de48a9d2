"""What a programme says of a clock and of what may be added to it: caps, how often, and what silence does."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from engine.domain.clocks import Period
from engine.domain.errors import Conflict, Invalid, Problem
from engine.domain.programme import ClockRule, Programme, Words
from engine.domain.tables import LARGEST
from engine.store import models

VALIDITY, RETENTION, BAR = "validity", "retention", "bar_"
SPEAKS: Final = frozenset({"accepted", "granted", "refused", "not_accepted", "lapsed"})  # effects of silence
FIRM: Final = "firm"  # what becomes of an act that nobody appealed in time (domain page §3)
_OTHERS: Final = {VALIDITY: "lapsed", RETENTION: "purge_allowed", BAR: "ends"}


def of(programme: Programme, name: str) -> ClockRule:
    """The rule of a clock; also of `validity`, `retention` and `bar_<cause>`, which a programme sets elsewhere.

    Those end on their day, whether or not the office works. Invalid where the programme has none of that name. Of a term
    or a bar that only some types have, it is that of one of them: how long it is for a type, `term` says.
    """
    if name in programme.clocks:
        return programme.clocks[name]
    periods = _periods(programme, name)
    return _made(programme, name, periods[0]) if periods else programme.clock(name)


def term(programme: Programme, name: str, types: Sequence[str]) -> ClockRule | None:
    """The rule of `validity`, `retention` or `bar_<cause>` for these types; None where the programme sets no such time."""
    if name == VALIDITY:
        period: Period | None = programme.validity_of(types)
    else:
        period = programme.retention if name == RETENTION else programme.bar(name.removeprefix(BAR), types)
    return _made(programme, name, period) if period and period.count else None


def mirrors(name: str) -> bool:
    """Whether a clock only shows a day that stands in the register, on a certificate or in a decision: nothing moves it."""
    return name in {VALIDITY, RETENTION} or name.startswith(BAR)


def ends_itself(rule: ClockRule, name: str) -> bool:
    """Whether the law alone ends the clock: an act becomes firm, a term, a bar or a time to keep documents is over."""
    return rule.at_expiry == FIRM or mirrors(name)


def base(rule: ClockRule, days: int | None) -> int:
    """How many units the clock runs: those that an officer sets within the cap, or the programme's."""
    if days is not None:
        require_some(days)
        if rule.most is not None and days > rule.most:
            raise _unlawful("Give at most %(most)s days.", rule.most)
        return days
    if rule.open_ended:
        raise Invalid("This period is not lawful.", [Problem("days", "Say how many days: the law sets no number.")])
    return rule.period.count


def kind_of(programme: Programme, name: str, reason: str, kind: str) -> str:
    """The rule by which days are added to a clock; a reason that is the name of one that adds to it stands for it."""
    if kind:
        return kind
    return reason if reason in programme.additions_to(name) else ""


def require_within_caps(programme: Programme, kind: str, added: Period, before: Sequence[models.ClockAddition]) -> None:
    """Refuses what the rule does not allow: more days at once or in all, or one time more than it may be used."""
    rule = programme.clocks.get(kind)
    if rule is None:
        return
    same = [one for one in before if one.kind == kind and not one.late]
    if rule.times is not None and len(same) >= rule.times:
        raise Conflict("The law allows this at most so many times: %(times)s.", times=rule.times)
    if rule.most is not None and added.count > rule.most:
        raise _unlawful("Give at most %(most)s days.", rule.most)
    if rule.total is not None and sum(one.days for one in same) + added.count > rule.total:
        raise _unlawful("Give at most %(most)s days in all.", rule.total)


def require_some(days: int) -> None:
    """Refuses no days, fewer, and more than any period has."""
    if not 1 <= days <= LARGEST:
        raise _unlawful("Give at least 1 and at most %(most)s days.", LARGEST)


def silence_speaks(rule: ClockRule) -> bool:
    """Whether the law gives silence an effect once the clock is over: then nothing can be added any more."""
    return rule.at_expiry in SPEAKS


def english(programme: Programme, legal_basis: str) -> str:
    """The English words of a legal basis that the programme names in Spanish; the Spanish ones where it has none."""
    every = [*(rule.legal_basis for rule in programme.clocks.values()), programme.legal_basis]
    return next((words.en for words in every if words.es == legal_basis and words.en), legal_basis)


def _periods(programme: Programme, name: str) -> list[Period]:
    """Every length that such a time has in the programme, the general one first."""
    found: list[Period] = []
    if name == VALIDITY:
        found = [programme.validity, *programme.terms_of_types.values()]
    elif name == RETENTION:
        found = [programme.retention]
    elif name.startswith(BAR):
        cause = name.removeprefix(BAR)
        own = [period for (of_cause, _type), period in programme.bars_of_types.items() if of_cause == cause]
        found = [*([programme.bars[cause]] if cause in programme.bars else []), *own]
    return [period for period in found if period.count]


def _made(programme: Programme, name: str, period: Period) -> ClockRule:
    basis = programme.legal_basis
    if period.legal_basis:
        basis = Words(period.legal_basis, period.legal_basis_en)
    kind = name if name in _OTHERS else BAR
    count = replace(programme.day_count, moves_off_holidays=False, first_day_counts=False)
    words = Words(name, name)
    return ClockRule(
        words, period, basis, None, from_receipt=False, assumed=False, at_expiry=_OTHERS[kind], day_count=count
    )


def _unlawful(message: str, most: int) -> Invalid:
    return Invalid("This period is not lawful.", [Problem("days", message, {"most": most})])
