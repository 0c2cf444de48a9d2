"""The processor time that a thread spends on its own work: when the collector takes its turn, that is nobody's expression.

A full collection in a process that has run for days takes several times what an expression may take (measured: 0.36 s
against a budget of 0.075), and it falls on whoever happens to make an object just then.
"""

import gc
from threading import local
from time import thread_time


class _Collector(local):
    """When it began in this thread, and how long it took there in all; seconds of the processor."""

    begun = 0.0
    taken = 0.0


_COLLECTOR = _Collector()


def seconds() -> float:
    """Processor time of this thread without the collector's, in seconds, from some point on: only differences mean anything."""
    return thread_time() - _COLLECTOR.taken


def _watch(phase: str, _info: object) -> None:
    if phase == "start":
        _COLLECTOR.begun = thread_time()
    else:
        _COLLECTOR.taken += thread_time() - _COLLECTOR.begun


gc.callbacks.append(_watch)
