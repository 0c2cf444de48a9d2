"""What every template may use: translation, dates, words, components, and who is reading."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from flask import Flask, current_app, request
from jinja2 import StrictUndefined

from web import components, criteria_words, dates, i18n, rule_words, sums, words
from web.access import may_open
from web.assets import asset
from web.i18n import N_
from web.security import form_token
from web.work import actor, database, log_in


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation: where it leads, its msgid, and the endpoints that belong to it."""

    endpoint: str
    label: str
    section: tuple[str, ...]


NAVIGATION: Final = (
    NavItem("inbox.index", N_("Inbox"), ("inbox.", "tasks.")),
    NavItem("cases.index", N_("Cases"), ("cases.",)),
    NavItem("operators.index", N_("Operators"), ("operators.",)),
    NavItem("start.index", N_("Start"), ("start.",)),
    NavItem("studio.index", N_("Processes"), ("studio.", "upgrades.")),
    NavItem("programmes.index", N_("Programmes"), ("programmes.",)),
    NavItem("incidents.index", N_("Incidents"), ("incidents.",)),
    NavItem("audit.index", N_("Audit"), ("audit.",)),
    NavItem("messages.index", N_("Messages"), ("messages.",)),
    NavItem("timers.index", N_("Timers"), ("timers.",)),
    NavItem("calendars.index", N_("Calendars"), ("calendars.",)),
    NavItem("exceptions.index", N_("Exceptions"), ("exceptions.",)),
    NavItem("admin.index", N_("Administration"), ("admin.",)),
)


def dress(app: Flask) -> None:
    """Sets the templates up: strict about what is missing, trimmed, and speaking the reader's language."""
    env = app.jinja_env
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.add_extension("jinja2.ext.i18n")
    env.install_gettext_callables(i18n.plain_gettext, i18n.plain_ngettext, newstyle=True)  # type: ignore[attr-defined]  # added by the extension i18n
    env.globals.update(
        asset=asset,
        component=components.component,
        form_token=form_token,
        language=i18n.language,
        other_language=i18n.other_language,
        languages=i18n.LANGUAGES,
        said=i18n.said,
        words=words,
        criteria_words=criteria_words,
        rule_words=rule_words,
        sums=sums,
        navigation=_navigation,
        may=_may,
        reader=actor,
        logged_in=lambda: log_in() is not None,
        here=_here,
    )
    env.filters.update(
        day=_day,
        short_day=_short_day,
        weekday=_weekday,
        moment=_moment,
        hour=_hour,
        beside=_beside,
        iso=_iso,
        written=_written,
        instant=_instant,
    )


def first_page() -> str:
    """The endpoint of the first page in the reader's navigation; their account where they have none."""
    return next((item.endpoint for item, _here in _navigation()), "account.show")


def _navigation() -> list[tuple[NavItem, bool]]:
    """The entries that the reader may open, and whether this page belongs to each."""
    roles, endpoint = actor().roles, request.endpoint or ""
    return [
        (item, endpoint.startswith(item.section))
        for item in NAVIGATION
        if item.endpoint in current_app.view_functions and may_open(item.endpoint, roles)
    ]


def _may(endpoint: str) -> bool:
    return may_open(endpoint, actor().roles)


def _here() -> str:
    """The address of this page, to come back to after the language was changed."""
    return request.full_path.rstrip("?") if request.method == "GET" else "/"


def _day(value: date | datetime) -> str:
    return dates.day(value, database().zone)


def _short_day(value: date | datetime) -> str:
    return dates.short_day(value, database().zone)


def _weekday(value: date) -> str:
    return dates.weekday(value, database().zone)


def _moment(value: datetime) -> str:
    return dates.moment(value, database().zone)


def _hour(value: datetime) -> str:
    return dates.hour(value, database().zone)


def _beside(value: date | datetime, today: date) -> str:
    return dates.beside(value, today, database().zone)


def _written(value: str) -> str:
    """An ISO date of the history, written out."""
    return dates.day(date.fromisoformat(value), database().zone)


def _instant(value: str) -> str:
    """An ISO instant of the history, in the office's time."""
    return dates.moment(datetime.fromisoformat(value), database().zone)


def _iso(value: date | datetime) -> str:
    return value.isoformat()
