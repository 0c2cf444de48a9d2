"""Keeps what a server process holds for good out of the garbage collector's full turns, which make whoever asks wait."""

import gc
from collections.abc import Mapping
from typing import Final

OLDEST: Final = 2  # the generation that a full turn collects
FEW: Final = 8  # full turns after which what survived is put aside, too: by then the caches are filled


def spare_what_stays() -> None:
    """Puts aside all that is there now, once a server is ready, and what survives each of the next few full turns.

    A full turn looks at every object: 0.2 s with 300,000 of them, nearly all of them code and parsed diagrams that stay. What
    is put aside is still freed when nothing refers to it, but for circles, which stay: hence only a few times.
    """
    left = FEW

    def put_aside(phase: str, told: Mapping[str, int]) -> None:
        nonlocal left
        if phase == "stop" and told["generation"] == OLDEST and left:
            left -= 1
            gc.freeze()

    gc.collect()
    gc.freeze()
    gc.callbacks.append(put_aside)
