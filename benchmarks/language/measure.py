"""Times, ratios and rounds. CPU time of this thread, since other work runs on the machine."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence

Work = Callable[[], object]


def seconds(work: Work) -> float:
    gc.collect()
    gc.disable()
    started = time.thread_time()
    work()
    taken = time.thread_time() - started
    gc.enable()
    return taken


def ratios(ours: Work, theirs: Work, rounds: int) -> list[float]:
    """Ours over theirs, round by round, one after the other."""
    found = []
    for _ in range(rounds):
        taken = seconds(ours)
        found.append(taken / seconds(theirs))
    return found


def spread(figures: Sequence[float], digits: int = 2) -> str:
    """Median, least and greatest."""
    median, least, greatest = statistics.median(figures), min(figures), max(figures)
    return f"{median:.{digits}f} ({least:.{digits}f}-{greatest:.{digits}f})"


def times(count: int, work: Work) -> Work:
    """The work, so often."""

    def repeated() -> None:
        for _ in range(count):
            work()

    return repeated
