"""Thousands of random processes against the token games: python -m tests.workflow.long_run --processes 10000 --both."""

import argparse
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from random import Random
from traceback import format_exc

from tests.workflow import block_walk, graph_walk
from tests.workflow.blocks import random_block
from tests.workflow.graph_game import TooMany
from tests.workflow.graphs import random_graph

CHUNK = 100


def main() -> None:
    """Prints what disagreed, with the seed that brings it back, and the counts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--processes", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0, help="where to begin")
    parser.add_argument("--both", action="store_true", help="use two cores")
    asked = parser.parse_args()
    seeds = range(asked.seed, asked.seed + asked.processes, CHUNK)
    total: Counter[str] = Counter()
    with ProcessPoolExecutor(2 if asked.both else 1) as pool:
        for counts, mismatches in pool.map(play_some, seeds):
            total += counts
            print(*mismatches, sep="\n", end="\n" if mismatches else "")  # noqa: T201 - a program that tells
    print(", ".join(f"{count} {what}" for what, count in sorted(total.items())))  # noqa: T201 - as above


def play_some(first: int) -> tuple[Counter[str], list[str]]:
    """What came of these seeds, and what disagreed."""
    counts: Counter[str] = Counter()
    mismatches = []
    for seed in range(first, first + CHUNK):
        for what, steps in play(seed):
            if isinstance(steps, str):
                mismatches.append(f"{what} {seed}: {steps}")
                counts[f"{what}s that disagree"] += 1
            else:
                counts[f"{what}s"] += 1
                counts[f"{what} steps"] += steps
    return counts, mismatches


def play(seed: int) -> Iterator[tuple[str, int | str]]:
    """A block and a graph, each with reloads and without: how many steps agreed, or what went wrong."""
    for reload in (True, False):
        choose = Random(seed).randrange  # noqa: S311 - a walk, not a secret
        try:
            yield "block", len(block_walk.walk(random_block(choose, 3 + seed % 10), choose, reload=reload))
        except Exception:  # noqa: BLE001 - whatever it is, it is told with its seed
            yield "block", format_exc(limit=-2)
        choose = Random(seed).randrange  # noqa: S311 - as above
        try:
            yield "graph", graph_walk.walk(random_graph(choose, 6 + seed % 15), choose, reload=reload)
        except TooMany:
            yield "graph left out", 0
        except Exception:  # noqa: BLE001 - as above
            yield "graph", format_exc(limit=-2)


if __name__ == "__main__":
    main()
