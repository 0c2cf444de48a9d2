"""`make bench`: measures on the machine it runs on, and prints one table; only the ratios travel to other machines."""

import os
import platform
import sys
import tempfile
from pathlib import Path

from tests.bench import commands, crowds, expressions, growth, letters, pages, states, storage, tables, workers
from tests.bench.measures import Line, table
from tests.bench.places import places


def main() -> None:
    """Measures everything, one thing after the other."""
    found: list[Line] = []
    with tempfile.TemporaryDirectory(prefix="marchamo-bench-") as folder, places(Path(folder)) as kinds:
        for place in kinds:
            for part in (commands, states, storage, crowds, workers):
                _say(f"{place.name}: {part.__name__.rpartition('.')[2]} ...")
                found += part.lines(place)
        _say("letters ...")
        found += letters.lines()
        _say("a loop of ten thousand turns ...")
        found += growth.lines()
        _say("expressions ...")
        found += expressions.lines()
        _say("decision tables ...")
        found += tables.lines()
        _say("inbox ...")
        found += pages.lines(kinds[0])
    load = os.getloadavg()[0]
    _say(f"\nPython {platform.python_version()}, {os.cpu_count()} cores, load {load:.1f}; medians.\n")
    sys.stdout.write(f"{table(found)}\n")


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


if __name__ == "__main__":
    main()
