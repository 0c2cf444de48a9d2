"""What a server process holds for good is left out of the collector's full turns, and nothing is put aside for ever."""

import json
import subprocess
import sys
from itertools import pairwise

SCRIPT = """
import gc, json
from web.collecting import FEW, spare_what_stays

class Round:
    def __init__(self): self.me = self

spare_what_stays()
counts = [gc.get_freeze_count()]
kept = []
for _ in range(FEW + 2):
    kept.append(Round())
    counts.append([gc.collect(), gc.get_freeze_count()][1])
Round()
print(json.dumps([counts, gc.collect(), len(gc.get_objects())]))
"""


def test_what_survives_the_first_full_turns_is_put_aside_and_later_garbage_is_still_found() -> None:
    command = [sys.executable, "-c", SCRIPT]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own words

    counts, garbage, looked_at = json.loads(said)

    few = len(counts) - 3
    assert counts[0] > looked_at  # most of what there is
    assert all(before < after for before, after in pairwise(counts[: few + 1]))
    assert counts[few] == counts[-1]
    assert garbage >= 1
