"""The operator's door: a socket in the data folder (mode 0600, always there), and metrics over TCP if wanted.

What changes something goes only through the socket, whose file permissions are the authentication.
"""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
import orjson
from aiohttp import web

from core.errors import Refused, TrunklineError
from core.store import Store
from gateway.health import Health
from gateway.http.errors import answer_errors
from gateway.metrics import Metrics

SOCKET = "operator.sock"
TIMEOUT_SECONDS = 30.0
OUTBOX_STATES = {"retry": "ready", "drop": "dead"}


def operator_app(
    *,
    store: Store,
    health: Health,
    metrics: Metrics,
    end_session: Callable[[str], Awaitable[None]],
    wake: Callable[[], None],
    reload: Callable[[], list[str]],
) -> web.Application:
    """What the command line asks of a running server."""

    async def end(request: web.Request) -> web.Response:
        await end_session(request.match_info["id"])
        return _json({"ended": request.match_info["id"]})

    async def change(request: web.Request) -> web.Response:
        row, verb = request.match_info["id"], request.match_info["verb"]
        if verb not in OUTBOX_STATES or not await store.change_outbox(row, OUTBOX_STATES[verb]):
            raise Refused(404, "E_NOT_FOUND", f"There is no outbox row {row} that could be changed.")
        wake()
        return _json({"row": row, "state": OUTBOX_STATES[verb]})

    async def again(request: web.Request) -> web.Response:
        return _json({"changed": await asyncio.to_thread(reload)})

    app = metrics_app(health, metrics)
    app.router.add_post("/sessions/{id}/end", end)
    app.router.add_post("/outbox/{id}/{verb}", change)
    app.router.add_post("/bots/reload", again)
    return app


def metrics_app(health: Health, metrics: Metrics) -> web.Application:
    """What is served over TCP: figures only."""
    app = web.Application(middlewares=[answer_errors])
    app.router.add_get("/metrics", metrics.show)
    app.router.add_get("/healthz", health.alive)
    app.router.add_get("/readyz", health.ready)
    return app


def bind_socket(path: Path) -> socket.socket:
    """The listening socket; one that a dead process left is replaced (its folder is of one server)."""
    with suppress(FileNotFoundError):
        path.unlink()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    old = os.umask(0o177)
    try:
        with _short(path) as name:
            listener.bind(name)
    except OSError:
        listener.close()
        raise
    finally:
        os.umask(old)
    listener.listen()
    listener.setblocking(False)
    return listener


async def ask(data: Path, method: str, path: str) -> Any:
    """Ask the server that runs over *data*.

    :returns: its answer, or None if no server runs.
    :raises TrunklineError: it refused; the text says why.
    """
    found = await ask_socket(data / SOCKET, method, path)
    if found is None:
        return None
    status, body = found
    answer = orjson.loads(body)
    if status >= 400 and "error" in answer:
        raise TrunklineError(answer["error"]["message"])
    return answer


async def ask_socket(file: Path, method: str, path: str) -> tuple[int, bytes] | None:
    """The status and the body of an answer; None if nobody listens at the socket *file*."""
    timeout = aiohttp.ClientTimeout(total=TIMEOUT_SECONDS)
    try:
        with _short(file) as name:
            connector = aiohttp.UnixConnector(path=name)
            async with (
                aiohttp.ClientSession(connector=connector, timeout=timeout) as client,
                client.request(method, f"http://operator{path}") as response,
            ):
                return response.status, await response.read()
    except (aiohttp.ClientConnectionError, aiohttp.ClientPayloadError, ConnectionError, FileNotFoundError):
        return None


class _short:
    """A name for *path* that fits a socket address (108 bytes), whatever the length of the folder's."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._folder = -1

    def __enter__(self) -> str:
        if len(os.fsencode(self._path)) < 100 or not Path("/proc/self/fd").is_dir():
            return str(self._path)
        self._folder = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY)
        return f"/proc/self/fd/{self._folder}/{self._path.name}"

    def __exit__(self, *_: object) -> None:
        if self._folder >= 0:
            os.close(self._folder)


def _json(value: Any) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")
