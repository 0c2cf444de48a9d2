"""The sum of a legal clock in words, line by line, as an auditor would write it; in the reader's language, or in both."""

from collections.abc import Mapping, Sequence
from typing import Final

from engine.queries.sums import Step, Told
from web import dates, registry_words, words
from web.i18n import N_, gettext, said, speaking
from web.work import database

_AMOUNTS: Final = {
    "calendar": (N_("%(num)s calendar day"), N_("%(num)s calendar days")),
    "working": (N_("%(num)s working day"), N_("%(num)s working days")),
    "months": (N_("%(num)s month"), N_("%(num)s months")),
    "years": (N_("%(num)s year"), N_("%(num)s years")),
}
_SENTENCES: Final = {
    "start": N_("Begins on %(day)s."),
    "complete": N_("Received on %(before)s, complete ⇒ accepted on %(day)s."),
    "incomplete": N_("Received on %(before)s, incomplete, last item on %(complete)s ⇒ accepted on %(day)s."),
    "base": N_("Base: %(amount)s (%(basis)s) ⇒ %(day)s."),
    "addition": N_("%(name)s: %(amount)s (%(basis)s; %(notice)s) ⇒ %(day)s."),
    "wait": N_("Waited for what was missing: %(amount)s (%(basis)s) ⇒ %(day)s."),
    "holiday": N_("The office is closed on %(before)s ⇒ %(day)s."),
    "late": N_(
        "%(name)s: %(amount)s (%(basis)s; %(notice)s). It came after the last day, %(before)s, and adds nothing."
    ),
    "unlawful": N_(
        "%(name)s: %(amount)s (%(basis)s; %(notice)s) ⇒ %(day)s. Unlawful: it was told after the last day, %(before)s."
    ),
}


def amount(count: int, unit: str) -> str:
    """«20 días naturales»."""
    one, many = _AMOUNTS.get(unit, _AMOUNTS["calendar"])
    return gettext(one if count == 1 else many, num=count)


def sentence(step: Step) -> str:
    """One line of the sum."""
    zone = database().zone
    days = {"day": step.day, "before": step.before or step.day, "complete": step.complete or step.day}
    values = {name: dates.short_day(day, zone) for name, day in days.items()}
    values |= {
        "amount": amount(step.count, step.unit),
        "basis": said(step.basis.es, step.basis.en),
        "name": name(step),
        "notice": notice(step),
    }
    return gettext(_SENTENCES[_kind(step)], **values)


def name(step: Step) -> str:
    """What the days are that were added: the rule's name, or the reason that was given."""
    return said(step.name.es, step.name.en) or step.reason or gettext("Addition")


def notice(step: Step) -> str:
    """By which letter, and when, the addressee was told."""
    if not step.notice:
        return gettext("no notice yet")
    if step.notified_on is None:
        return gettext("notice %(number)s, not notified yet", number=step.notice)
    day = dates.short_day(step.notified_on, database().zone)
    return gettext("notice %(number)s, notified on %(day)s", number=step.notice, day=day)


def text(told: Told) -> str:
    """The whole sum as one text."""
    return " ".join(sentence(step) for step in told.steps)


def rows(found: Sequence[Told]) -> list[Mapping[str, object]]:
    """The clocks of a case as rows that leave the house: dates as ISO, the sum in both languages."""
    listed: list[Mapping[str, object]] = []
    for told in found:
        clock = told.clock
        row: dict[str, object] = {
            "clock": clock.name,
            "state": clock.state,
            "starts_on": clock.starts_on.isoformat(),
            "base": clock.base,
            "unit": clock.unit,
            "added": clock.added,
            "due_on": clock.due_on.isoformat(),
            "ended_on": clock.ended_on.isoformat() if clock.ended_on else None,
            "days_left": told.days_left if clock.live else None,
            "working_days_left": told.working_days_left if clock.live else None,
            "at_expiry": told.at_expiry,
            "next_reminder": told.next_reminder.isoformat() if told.next_reminder else None,
        }
        for code in ("es", "en"):
            with speaking(code):
                row[f"sum_{code}"] = text(told)
        listed.append(row)
    return listed


def follows(told: Told) -> str:
    """What happens when the clock runs out."""
    return words.of(registry_words.AT_EXPIRY, told.at_expiry)


def came_to(told: Told) -> str:
    """What became of a clock that the law alone ended; empty for one that runs, or that somebody ended."""
    sentence = registry_words.CAME_TO.get(told.at_expiry, "") if told.clock.state == "expired" else ""
    return gettext(sentence, day=dates.day(told.clock.due_on, database().zone)) if sentence else ""


def _kind(step: Step) -> str:
    if step.what == "received":
        return "complete" if step.complete in (None, step.before) else "incomplete"
    return "unlawful" if step.unlawful else step.what
