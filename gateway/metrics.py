"""Prometheus metrics. Labels are names of routes, channels and outcomes; never ids, addresses or people."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

from aiohttp import web
from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, disable_created_metrics
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from gateway.http.errors import Handler

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

Stats = Callable[[], Mapping[str, float]]


class Metrics:
    """Metrics of HTTP, in a registry of their own; the page shows the core's (the default registry) as well.

    :param stats: figures of the engine by name, read when the page is asked for.
    """

    def __init__(self, stats: Stats) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        self.registry = CollectorRegistry()
        self.registry.register(_Gauges(stats))
        self._requests = Counter(
            "trunkline_http_requests", "HTTP requests", ("method", "route", "status"), registry=self.registry
        )
        self._seconds = Histogram(
            "trunkline_http_request_seconds",
            "Time to the end of the answer",
            ("route",),
            buckets=_SECONDS,
            registry=self.registry,
        )
        self._counted: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    @web.middleware
    async def observe(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Count the request and its time under the route's pattern."""
        started = time.perf_counter()
        status = 499  # the client went away
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as redirect:
            status = redirect.status
            raise
        finally:
            resource = request.match_info.route.resource
            self._count(
                request.method, resource.canonical if resource else "", status, time.perf_counter() - started
            )
        return response

    async def show(self, request: web.Request) -> web.Response:
        """``GET /metrics`` of the operator port and socket."""
        body = generate_latest(REGISTRY) + generate_latest(self.registry)
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE_LATEST})

    def _count(self, method: str, route: str, status: int, seconds: float) -> None:
        key = (method, route, status)
        pair = self._counted.get(key)
        if pair is None:  # methods are bounded by the routes; anything else is one label
            known = (
                method if method in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"} else "other"
            )
            pair = (self._requests.labels(known, route, str(status)), self._seconds.labels(route))
            if known == method:
                self._counted[key] = pair
        pair[0].inc()
        pair[1].observe(seconds)


class _Gauges(Collector):
    """Reads the engine's figures when they are asked for, instead of pushing each change."""

    def __init__(self, stats: Stats) -> None:
        self._stats = stats

    def collect(self) -> Iterable[Metric]:
        for name, value in self._stats().items():
            yield GaugeMetricFamily(f"trunkline_{name}", name.replace("_", " "), value=value)

    def describe(self) -> Iterable[Metric]:
        return ()
