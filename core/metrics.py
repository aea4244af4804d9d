"""Counters of this process, in Prometheus' form. Labels never carry ids, addresses or words of people."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator

from prometheus_client import REGISTRY, Counter
from prometheus_client.core import CounterMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

BOUNDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # s


class Turns(Collector):
    """What is counted at every turn: plain numbers, made into metrics only when they are read.

    Only the event loop's thread counts, so no lock is needed (a Counter takes one each time).
    """

    def __init__(self) -> None:
        self._outcomes: defaultdict[tuple[str, str], int] = defaultdict(int)
        self._buckets = [0] * (len(BOUNDS) + 1)
        self._seconds = 0.0
        self._units = 0

    def count(self, channel: str, outcome: str, seconds: float, units: int) -> None:
        self._outcomes[channel, outcome] += 1
        self._buckets[bisect_left(BOUNDS, seconds)] += 1
        self._seconds += seconds
        self._units += units

    def collect(self) -> Iterator[Metric]:
        turns = CounterMetricFamily(
            "trunkline_turns", "Steps that were committed", labels=("channel", "outcome")
        )
        for labels, count in self._outcomes.items():
            turns.add_metric(labels, count)
        yield turns
        yield CounterMetricFamily("trunkline_script_units", "Budget units that scripts spent", self._units)
        seconds = HistogramMetricFamily("trunkline_turn_seconds", "From acceptance to commit")
        total = 0
        buckets = []
        for bound, count in zip((*map(str, BOUNDS), "+Inf"), self._buckets, strict=True):
            total += count
            buckets.append((bound, total))
        seconds.add_metric((), buckets, self._seconds)
        yield seconds


TURNS = Turns()
REGISTRY.register(TURNS)

DUPLICATES = Counter("trunkline_duplicates_total", "Events that were seen before", ("channel",))
MISSES = Counter("trunkline_misses_total", "Steps that ran again because another was first")
READS = Counter("trunkline_reads_total", "Steps that ran again because they needed memory")
OVERRUNS = Counter("trunkline_overruns_total", "Steps that were too long for the event loop")
FENCED = Counter("trunkline_fenced_total", "Late results and timers that were dropped")
FAILURES = Counter("trunkline_failures_total", "Attempts of a step that failed")
DEAD = Counter("trunkline_dead_letters_total", "Events that were given up")
REFUSED = Counter("trunkline_refused_total", "Inputs that were turned away", ("code",))
CREATED = Counter("trunkline_sessions_created_total", "Sessions", ("channel",))
