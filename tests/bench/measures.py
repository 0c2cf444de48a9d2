"""What is measured, and how a table of it looks."""

import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median, quantiles


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table; `target` is empty where the figure only stands beside another."""

    what: str
    measured: str
    against: str = ""
    ratio: str = ""
    target: str = ""


@contextmanager
def undisturbed() -> Iterator[None]:
    """No collection of garbage while the clock runs."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def ms(seconds: Sequence[float]) -> str:
    """The median, and the time that 19 of 20 stay under."""
    return f"{median(seconds) * 1000:.2f} ms (p95 {quantiles(seconds, n=20)[-1] * 1000:.2f})"


def microseconds(seconds: Sequence[float]) -> str:
    """The same for what takes less than a millisecond."""
    return f"{median(seconds) * 1e6:.1f} µs (p95 {quantiles(seconds, n=20)[-1] * 1e6:.1f})"


def times(one: Sequence[float], other: Sequence[float]) -> str:
    """How many times the median of the other the first one's is."""
    return f"{median(one) / median(other):.2f} x"


def table(lines: Sequence[Line]) -> str:
    """The lines under their headings, in columns."""
    rows = [("what", "measured", "against", "ratio", "target")]
    rows += [(line.what, line.measured, line.against, line.ratio, line.target) for line in lines]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    shown = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([shown[0], "-" * len(shown[0]), *shown[1:]])
