"""The two durations of FEEL: days and time (exact nanoseconds), and years and months (exact months)."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Self

NANOS = 1_000_000_000
DAY = 86_400 * NANOS
# Seconds of Java's Duration and months of its Period bound what other engines accept; more is no legal period.
MOST_NANOS = 2**63 * NANOS
MOST_MONTHS = 2**63

_DAYS = re.compile(
    r"(-?)P(?=.)(?:([0-9]{1,40})D)?(?:T(?=.)(?:([0-9]{1,40})H)?(?:([0-9]{1,40})M)?(?:([0-9]{1,40})(?:\.([0-9]{1,9})[0-9]*)?S)?)?"
)
_MONTHS = re.compile(r"(-?)P(?=.)(?:([0-9]{1,40})Y)?(?:([0-9]{1,40})M)?")


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """A days and time duration: a length of time, signed, in nanoseconds."""

    nanoseconds: int

    @classmethod
    def of(cls, length: timedelta) -> Self:
        """The duration that Python calls `timedelta`."""
        return cls((length.days * 86_400 + length.seconds) * NANOS + length.microseconds * 1000)

    @property
    def timedelta(self) -> timedelta:
        """The same length for Python, to the microsecond; raises OverflowError beyond its range."""
        return timedelta(microseconds=self.nanoseconds // 1000)

    @property
    def parts(self) -> tuple[int, int, int, int, int]:
        """Days, hours, minutes, seconds and nanoseconds; all carry the sign of the duration."""
        sign = -1 if self.nanoseconds < 0 else 1
        seconds, nanos = divmod(abs(self.nanoseconds), NANOS)
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        days, hour = divmod(hours, 24)
        return sign * days, sign * hour, sign * minute, sign * second, sign * nanos

    def __str__(self) -> str:
        days, hours, minutes, seconds, nanos = (abs(part) for part in self.parts)
        fraction = f"{seconds}.{nanos:09d}".rstrip("0") if nanos else str(seconds)
        clock = f"{hours}H" * bool(hours) + f"{minutes}M" * bool(minutes) + f"{fraction}S" * (fraction != "0")
        if not days and not clock:
            return "PT0S"
        return "-" * (self.nanoseconds < 0) + "P" + f"{days}D" * bool(days) + f"T{clock}" * bool(clock)


@dataclass(frozen=True, slots=True, order=True)
class MonthsDuration:
    """A years and months duration, signed, in months."""

    months: int

    def __str__(self) -> str:
        years, months = divmod(abs(self.months), 12)
        if not self.months:
            return "P0M"
        return "-" * (self.months < 0) + "P" + f"{years}Y" * bool(years) + f"{months}M" * bool(months)


Duration = DaysDuration | MonthsDuration


def parse(text: str) -> Duration | None:
    """The duration that an ISO 8601 text names, or None: years and months do not mix with days and time."""
    if match := _MONTHS.fullmatch(text):
        sign, years, months = match.groups()
        return months_of(int(sign + "1") * (int(years or 0) * 12 + int(months or 0)))
    if match := _DAYS.fullmatch(text):
        sign, days, hours, minutes, seconds, fraction = match.groups()
        whole = ((int(days or 0) * 24 + int(hours or 0)) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
        return days_of(int(sign + "1") * (whole * NANOS + int((fraction or "").ljust(9, "0"))))
    return None


def days_of(nanoseconds: int) -> DaysDuration | None:
    """A days and time duration, or None when it is beyond all reason."""
    return DaysDuration(nanoseconds) if abs(nanoseconds) <= MOST_NANOS else None


def months_of(months: int) -> MonthsDuration | None:
    """A years and months duration, or None when it is beyond all reason."""
    return MonthsDuration(months) if abs(months) <= MOST_MONTHS else None
