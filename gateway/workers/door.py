"""The operator's door of several workers: one socket and one port that answer for all of them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import orjson
from aiohttp import web

from core.errors import Refused
from gateway.http.errors import answer_errors
from gateway.operator import ask_socket
from gateway.workers.child import Child
from gateway.workers.figures import page

ANSWER_SECONDS = 5.0
Answer = tuple[int, bytes]


class Door:
    """:param count: how many workers there should be; *children*: those that there are, by number.
    :ivar restarts: how often a worker was started again.
    """

    def __init__(self, count: int, children: Mapping[int, Child]) -> None:
        self._count = count
        self._children = children
        self.restarts = 0

    def app(self) -> web.Application:
        """What ``gateway.operator.operator_app`` offers, for all workers."""
        app = self.figures_app()
        app.router.add_post("/sessions/{id}/end", self._ask_one)
        app.router.add_post("/outbox/{id}/{verb}", self._ask_one)
        app.router.add_post("/bots/reload", self._reload)
        return app

    def figures_app(self) -> web.Application:
        app = web.Application(middlewares=[answer_errors])
        app.router.add_get("/metrics", self._metrics)
        app.router.add_get("/healthz", self._alive)
        app.router.add_get("/readyz", self._ready)
        return app

    # --- answers ---

    async def _ask_one(self, request: web.Request) -> web.Response:
        """Any of them will do: they share the database."""
        for child in self._serving():
            answer = await _ask(child, "POST", request.path)
            if answer is not None:
                status, body = answer
                return web.Response(status=status, body=body, content_type="application/json")
        raise Refused(503, "E_UNAVAILABLE", "No worker is running.", retry_after=1)

    async def _reload(self, request: web.Request) -> web.Response:
        answers = await self._ask_all("POST", "/bots/reload")
        changed = {name for _, body in answers.values() for name in orjson.loads(body)["changed"]}
        return _json(200, {"changed": sorted(changed)})

    async def _metrics(self, request: web.Request) -> web.Response:
        pages = {
            number: body.decode() for number, (_, body) in (await self._ask_all("GET", "/metrics")).items()
        }
        body, kind = page(pages, restarts=self.restarts)
        return web.Response(body=body, headers={"Content-Type": kind})

    async def _alive(self, request: web.Request) -> web.Response:
        return _json(200, {"status": "ok"})

    async def _ready(self, request: web.Request) -> web.Response:
        """Ready while any worker is. ``checks`` is what the worst off says, ``workers`` which of them are ready."""
        answers = await self._ask_all("GET", "/readyz")
        reports = {number: orjson.loads(body) for number, (_, body) in answers.items()}
        ready = {number: report["ready"] for number, report in reports.items()}
        worst = min(reports.values(), key=lambda report: bool(report["ready"]), default=None)
        report = {
            "ready": any(ready.values()),
            "durable": all(each["durable"] for each in reports.values()) and bool(reports),
            "checks": worst["checks"] if worst else {"store": "no worker is running", "clock": "unknown"},
            "workers": {str(number): _state(ready.get(number)) for number in range(1, self._count + 1)},
        }
        return _json(200 if report["ready"] else 503, report)

    # --- asking ---

    def _serving(self) -> Sequence[Child]:
        return [child for _, child in sorted(self._children.items()) if child.ready is not None]

    async def _ask_all(self, method: str, path: str) -> dict[int, Answer]:
        """By worker; one that does not answer is left out."""
        children = self._serving()
        answers = await asyncio.gather(*(_ask(child, method, path) for child in children))
        return {
            child.number: answer
            for child, answer in zip(children, answers, strict=True)
            if answer is not None
        }


async def _ask(child: Child, method: str, path: str) -> Answer | None:
    with suppress(TimeoutError):
        async with asyncio.timeout(ANSWER_SECONDS):
            return await ask_socket(child.operator, method, path)
    return None


def _state(ready: bool | None) -> str:
    return {None: "does not answer", False: "not ready", True: "ready"}[ready]


def _json(status: int, value: Any) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(value), content_type="application/json")
