"""Dates as people read them: written out, in the office's zone and the reader's language."""

from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_time, get_timezone

from web.i18n import N_, gettext, language, ngettext

_DAY: Final = {"es": "d 'de' MMMM 'de' y", "en": "d MMMM y"}
_SHORT: Final = {"es": "d MMM y", "en": "d MMM y"}
_MOMENT: Final = {"es": "d 'de' MMMM 'de' y, H:mm", "en": "d MMMM y, H:mm"}
_NEAR: Final = {0: N_("today"), 1: N_("tomorrow"), -1: N_("yesterday")}


def day(value: date | datetime, zone: ZoneInfo) -> str:
    """«23 de noviembre de 2026»."""
    return format_date(_local(value, zone), _DAY[language()], locale=language())


def short_day(value: date | datetime, zone: ZoneInfo) -> str:
    """«23 nov 2026», where the line is narrow and the year matters."""
    return format_date(_local(value, zone), _SHORT[language()], locale=language())


def weekday(value: date, zone: ZoneInfo) -> str:
    """«lun, 23 nov 2026», in a list of days."""
    return format_date(_local(value, zone), f"EEE, {_SHORT[language()]}", locale=language())


def moment(value: datetime, zone: ZoneInfo) -> str:
    """«23 de noviembre de 2026, 9:12»."""
    return format_datetime(value, _MOMENT[language()], tzinfo=get_timezone(zone.key), locale=language())


def hour(value: datetime, zone: ZoneInfo) -> str:
    """«9:12»."""
    return format_time(value, "H:mm", tzinfo=get_timezone(zone.key), locale=language())


def beside(value: date | datetime, today: date, zone: ZoneInfo) -> str:
    """The same day in words that say how far it is: «hoy», «ayer», «hace 3 días», «en 4 días»."""
    days = (_local(value, zone) - today).days
    if days in _NEAR:
        return gettext(_NEAR[days])
    if days > 0:
        return ngettext("in %(num)s day", "in %(num)s days", days)
    return ngettext("%(num)s day ago", "%(num)s days ago", -days)


def _local(value: date | datetime, zone: ZoneInfo) -> date:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value
