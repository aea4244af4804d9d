"""The metrics of several workers on one page, each figure with the worker that it is of.

They are not summed: a worker that is started again counts from zero, and a sum that falls would look like a
restart of all. ``sum without (worker) (rate(…))`` adds them up where they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.core import Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector


def page(pages: Mapping[int, str], *, restarts: int) -> tuple[bytes, str]:
    """:param pages: what each worker shows, by its number.
    :returns: the page, and its Content-Type.
    """
    registry = CollectorRegistry()
    registry.register(_Labelled(pages))
    Gauge("trunkline_workers", "Worker processes that answer", registry=registry).set(len(pages))
    Counter("trunkline_worker_restarts", "Workers that were started again", registry=registry).inc(restarts)
    return generate_latest(registry), CONTENT_TYPE_LATEST


class _Labelled(Collector):
    def __init__(self, pages: Mapping[int, str]) -> None:
        self._pages = pages

    def collect(self) -> Iterable[Metric]:
        families: dict[str, Metric] = {}
        for number, text in self._pages.items():
            for family in text_string_to_metric_families(text):
                whole = families.setdefault(
                    family.name, Metric(family.name, family.documentation, family.type)
                )
                whole.samples += [
                    sample._replace(labels={**sample.labels, "worker": str(number)})
                    for sample in family.samples
                ]
        return families.values()

    def describe(self) -> Iterable[Metric]:
        return ()
