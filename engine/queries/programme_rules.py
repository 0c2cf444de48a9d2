"""What a programme says of time and of adverse acts: clocks, validity, bars, grounds, suspension, dependent decisions."""

from collections.abc import Iterator, Sequence

from engine.domain.clocks import DayCount, Period
from engine.domain.programme import ClockRule, Programme, Words
from engine.queries.programme_sheet import Code, Item, Said, Value, item, named, yes_or_no


def counting(rules: Programme) -> Iterator[Item]:
    """How days are counted, and when the office works."""
    hours: list[Said] = [
        ("holidays", rules.holidays or Code("answers", "none"), "holidays"),
        ("closed", tuple(sorted(rules.closed)), "closed"),
        ("opens", rules.opens, "opens"),
        ("closes", rules.closes, "closes"),
    ]
    yield from item(rules, "day_count", Code("items", "day_count"), [*_counting(rules.day_count), *hours])


def clocks(rules: Programme) -> Iterator[Item]:
    """The legal clocks."""
    for name, rule in rules.clocks.items():
        yield from item(rules, f"clocks.{name}", rule.name, _clock(rules, rule))


def validity(rules: Programme) -> Iterator[Item]:
    """Since when and how long an authorisation holds, and how it goes on."""
    term: Value = rules.validity if rules.validity.count else Code("periods", "unlimited")
    said: list[Said] = [("term", term, "term"), *_by_type(rules, "", "term")]
    yield from item(rules, "validity", Code("items", "validity"), said)
    said = [
        ("after_grant", _after(rules.effect), "days_after_grant"),
        ("after_adverse", _after(rules.adverse_effect), "days_after_adverse"),
    ]
    yield from item(rules, "effect", Code("items", "effect"), said)
    for act, period in rules.effects.items():
        said = [("after", _after(period), "days")]
        yield from item(rules, f"effects.{act}", Code("acts", act), said)
    yield from item(rules, "renewal", Code("items", "renewal"), _renewal(rules))
    if rules.retention.count:
        yield from item(rules, "retention", Code("items", "retention"), [("kept", rules.retention, "base")])


def bars(rules: Programme) -> Iterator[Item]:
    """How long who lost an authorisation may not apply again, by cause."""
    for cause, bar in rules.bars.items():
        period: Value = bar if bar.count else Code("periods", "no_bar")
        said: list[Said] = [("bar", period, "base"), *_by_type(rules, cause, "base")]
        yield from item(rules, f"bars.{cause}", Code("bars", cause), said)
    follows: list[Said] = [("bar_follows", yes_or_no(rules.bar_follows), "bar_follows")]
    yield from item(rules, "succession", Code("items", "succession"), follows)


def grounds(rules: Programme) -> Iterator[Item]:
    """The conditions whose loss is a ground, and what each reaches."""
    for name, ground in rules.grounds.items():
        said: list[Said] = [
            ("types", named(ground.types, rules.types), "types"),
            ("legal_basis", ground.legal_basis, "legal_basis_es"),
        ]
        yield from item(rules, f"grounds.{name}", ground.words, said)


def suspension(rules: Programme) -> Iterator[Item]:
    """The grounds of suspension, with the outcomes of its end."""
    for name, one in rules.suspension.items():
        longest: Value = Period(one.days, one.unit, "") if one.days else Code("periods", "by_holder")
        said: list[Said] = [
            ("most", longest, "most"),
            ("until_established", _grounds(rules, one.until_established), "until_established"),
            ("extendable", one.extendable, "extendable"),
            ("verification", one.verification, "verification"),
            ("if_cured", Code("outcomes", one.if_cured), "if_cured"),
            ("if_not_cured", Code("outcomes", one.if_not_cured), "if_not_cured"),
        ]
        title = Words(f"{name}) {one.words.es}", f"({name}) {one.words.en}")
        yield from item(rules, f"suspension.{name}", title, said)


def dependents(rules: Programme) -> Iterator[Item]:
    """The decisions that rest on an authorisation."""
    for name, decision in rules.dependent_decisions.items():
        said: list[Said] = [
            ("types", named(decision.types, rules.types), "types"),
            ("grounds", _grounds(rules, decision.grounds), "grounds"),
            ("follows", Code("follows", decision.follows), "follows"),
            ("on_revocation", Code("follows", decision.on_revocation), "on_revocation"),
            ("legal_basis", decision.legal_basis, "legal_basis_es"),
        ]
        yield from item(rules, f"dependent_decisions.{name}", decision.words, said)
    if rules.dependent_decisions:
        back: list[Said] = [("reaches_back", yes_or_no(rules.reaches_back), "reaches_back")]
        yield from item(rules, "dependencies", Code("items", "dependencies"), back)


def _clock(rules: Programme, rule: ClockRule) -> list[Said]:
    own = rule.day_count != rules.day_count
    longer: Value = rules.clocks[rule.adds_to].name if rule.adds_to in rules.clocks else rule.adds_to
    return [
        ("period", Code("periods", "open_ended") if rule.open_ended else rule.period, "base"),
        ("most", Period(rule.most, rule.period.unit, "") if rule.most else "", "most"),
        ("times", rule.times or 0, "times"),
        ("starts", "" if rule.adds_to and rule.starts == "event" else Code("starts", rule.starts), "starts"),
        ("adds_to", longer, "adds_to"),
        (
            "at_expiry",
            "" if rule.at_expiry == "none" and rule.adds_to else Code("effects", rule.at_expiry),
            "at_expiry",
        ),
        ("waits", rule.waits_for_completion, "when_complete_is_asked"),
        ("notice", rule.notice, "notice"),
        ("legal_basis", rule.legal_basis, "legal_basis_es"),
        *((what, value, "day_count") for what, value, _key in (_counting(rule.day_count) if own else ())),
    ]


def _counting(count: DayCount) -> list[Said]:
    return [
        ("first_day_counts", yes_or_no(count.first_day_counts), "first_day_counts"),
        ("moves_off_holidays", yes_or_no(count.moves_off_holidays), "last_day_on_holiday"),
        ("deemed_receipt_days", str(count.deemed_receipt_days), "deemed_receipt_days"),
        ("cut_off", count.cut_off, "cut_off"),
    ]


def _renewal(rules: Programme) -> list[Said]:
    renewal = rules.renewal
    said: list[Said] = [
        ("model", Code("renewals", renewal.model), "model"),
        ("window_opens", renewal.window_opens, "window_opens"),
        ("window_closes", renewal.window_closes, "window_closes"),
        ("declaration", " / ".join(one for one in renewal.declaration if one), "declaration_from"),
        ("cycle", renewal.cycle or "", "cycle"),
    ]
    if renewal.window_opens:
        said.append(("while_pending", Code("pending", renewal.while_pending), "while_pending"))
        said.append(("late", Code("late", renewal.late), "late"))
    return said


def _after(period: Period) -> Value:
    return period if period.count else Code("periods", "same_day")


def _by_type(rules: Programme, cause: str, key: str) -> list[Said]:
    """What is different for a type."""
    found = rules.bars_of_types if cause else rules.terms_of_types
    own = [(name, period) for (of, name), period in found.items() if of == cause]
    return [("of_type", (rules.types.get(name, name), period), f"types.{name}.{key}") for name, period in own]


def _grounds(rules: Programme, names: Sequence[str]) -> tuple[Value, ...]:
    return named(names, {name: one.words for name, one in rules.grounds.items()})
