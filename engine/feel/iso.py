"""Dates, times, date-times and durations as ISO 8601 text, the way FEEL reads and writes them."""

import re
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.feel import durations
from engine.feel.calendar import (
    Date,
    FarDate,
    FineMoment,
    FineTime,
    Moment,
    Time,
    date_at,
    date_of,
    make_date,
    make_moment,
    make_time,
    nanosecond,
    ordinal,
    time_of,
)
from engine.feel.durations import Duration

_DATE = re.compile(r"(-?(?:[0-9]{4}|[1-9][0-9]{4,8}))-([0-9]{2})-([0-9]{2})")
_TIME = re.compile(r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9})[0-9]*)?(Z|[+-][0-9:]+|@.+)?", re.IGNORECASE)
_OFFSET = re.compile(r"([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
_MOST_AHEAD = timedelta(hours=18)
_SIXTY = 60


def parse(text: str) -> Date | Time | Moment | Duration | None:
    """The value of an `@"…"` literal, or None when the text is none of them."""
    return parse_date(text) or parse_moment(text) or parse_time(text) or durations.parse(text)


def parse_date(text: str) -> Date | None:
    """`2026-11-23`."""
    if match := _DATE.fullmatch(text):
        year, month, day = match.groups()
        return make_date(int(year), int(month), int(day))
    return None


def parse_time(text: str) -> Time | None:
    """`10:30:00`, with a fraction, and `Z`, an offset or `@` and a zone's name."""
    match = _TIME.fullmatch(text)
    if not match:
        return None
    hour, minute, second, fraction, zone_text = match.groups()
    zone = parse_zone(zone_text) if zone_text else None
    if zone_text and zone is None:
        return None
    return make_time(int(hour), int(minute), int(second), int((fraction or "").ljust(9, "0")), zone)


def parse_moment(text: str) -> Moment | None:
    """`2026-11-23T10:30:00` with what a time may carry."""
    day_text, mark, clock_text = text.partition("T")
    if not mark:
        return None
    day = parse_date(day_text)
    if clock_text.startswith("24:00:00") and day is not None:  # midnight at the end of the day
        day, clock_text = date_at(ordinal(day) + 1), clock_text.replace("24", "00", 1)
    clock = parse_time(clock_text)
    return make_moment(day, clock) if day is not None and clock is not None else None


@lru_cache(maxsize=512)
def parse_zone(text: str) -> tzinfo | None:
    """The zone of `Z`, `+02:00` or `@Europe/Madrid`; None when there is none of that name."""
    if text in ("Z", "z"):
        return UTC
    if text.startswith("@"):
        return named_zone(text[1:])
    match = _OFFSET.fullmatch(text)
    if not match:
        return None
    sign, hours, minutes, seconds = match.group(1), *(int(part or 0) for part in match.groups()[1:])
    ahead = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    if ahead > _MOST_AHEAD or minutes >= _SIXTY or seconds >= _SIXTY:
        return None
    return fixed_zone(-ahead if sign == "-" else ahead)


def fixed_zone(ahead: timedelta) -> tzinfo:
    """The zone that is always so far ahead of UTC."""
    return timezone(ahead) if ahead else UTC


def named_zone(name: str) -> tzinfo | None:
    """The zone of the IANA database, or None; it never reads outside that database."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown; not a plain key; a folder of zones
        return None


def text_of(value: Date | Time | Moment) -> str:
    """The ISO text of a date, time or date and time."""
    if isinstance(value, datetime) and value.fold:  # only an offset tells the second pass of a repeated hour
        value = value.replace(tzinfo=fixed_zone(value.utcoffset() or timedelta(0))) if value.tzinfo else value
    if isinstance(value, datetime | FineMoment):
        return f"{text_of(date_of(value))}T{text_of(time_of(value))}"
    if isinstance(value, date | FarDate):
        return f"{'-' * (value.year < 0)}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"
    return _time_text(value) + _zone_text(value.tzinfo)


def _time_text(value: time | FineTime) -> str:
    text = f"{value.hour:02d}:{value.minute:02d}:{value.second:02d}"
    fraction = nanosecond(value)
    return f"{text}.{fraction:09d}".rstrip("0") if fraction else text


def _zone_text(zone: tzinfo | None) -> str:
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    seconds = int((zone.utcoffset(None) or timedelta(0)).total_seconds())
    if not seconds:
        return "Z"
    minutes, second = divmod(abs(seconds), 60)
    text = f"{'-' if seconds < 0 else '+'}{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{second:02d}" if second else text
