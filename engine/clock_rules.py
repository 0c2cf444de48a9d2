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
_OTHERS: Final = {VALIDITY: "lapsed", RETENTION: "purge_allowed", BAR: "ends"}


def of(programme: Programme, name: str) -> ClockRule:
    """The rule of a clock; also of `validity`, `retention` and `bar_<cause>`, which a programme sets elsewhere.

    Those end on their day, whether or not the office works. Invalid where the programme has none of that name.
    """
    if name in programme.clocks:
        return programme.clocks[name]
    kind, period = _period(programme, name)
    if period is None or not period.count:
        return programme.clock(name)
    basis = Words(period.legal_basis, "") if period.legal_basis else programme.legal_basis
    count = replace(programme.day_count, moves_off_holidays=False, first_day_counts=False)
    words = Words(name, name)
    return ClockRule(
        words, period, basis, None, from_receipt=False, assumed=False, at_expiry=_OTHERS[kind], day_count=count
    )


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


def _period(programme: Programme, name: str) -> tuple[str, Period | None]:
    if name == VALIDITY:
        return VALIDITY, programme.validity
    if name == RETENTION:
        return RETENTION, programme.retention
    return BAR, programme.bars.get(name.removeprefix(BAR)) if name.startswith(BAR) else None


def _unlawful(message: str, most: int) -> Invalid:
    return Invalid("This period is not lawful.", [Problem("days", message, {"most": most})])
