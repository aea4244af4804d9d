"""``GET /api/chat/events``: the session's log as server-sent events, resumed with Last-Event-ID.

Source: HTML Living Standard, 9.2 Server-sent events (an event's ``id`` comes back as Last-Event-ID).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import msgspec
from aiohttp import web

from adapters.web.connections import Connections, cut_off
from adapters.web.endpoints import Handler, authenticated
from adapters.web.views import view
from trunkline import Caller, Port, Refused, StoreUnavailable, Subscription, answer_headers, whole_number

HEARTBEAT = 20.0  # seconds between comments on a quiet stream
SEND_SECONDS = 10.0
RETRY = 3000  # milliseconds after which a browser reconnects
PAGE = 100
HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
MAX_SEQ = 2**53

_encode = msgspec.json.Encoder().encode


def stream(connections: Connections) -> Handler:
    async def handle(request: web.Request, port: Port) -> web.StreamResponse:
        caller = await authenticated(request, port)
        after = _after(request)
        response = web.StreamResponse(headers={**HEADERS, **answer_headers(request)})
        connection = EventStream(response, request, caller, port)
        per_address = port.bot(caller.bot)["ws_per_address"]
        remote = request.remote or ""
        with connections.hold(connection, caller.session_id, remote=remote, per_address=per_address):
            await response.prepare(request)
            await connection.run(after)
        return response

    return handle


class EventStream:
    def __init__(
        self, response: web.StreamResponse, request: web.Request, caller: Caller, port: Port
    ) -> None:
        self._response = response
        self._transport = request.transport
        self._caller = caller
        self._port = port
        self._task: asyncio.Task[None] | None = None

    async def run(self, after: int) -> None:
        subscription = self._port.subscribe(self._caller)
        self._task = asyncio.create_task(self._serve(subscription, after))
        try:
            await asyncio.wait([self._task])
        finally:
            self._task.cancel()
            subscription.close()
        if not self._task.cancelled() and (error := self._task.exception()):
            if not isinstance(error, (TimeoutError, ConnectionError)):
                raise error
            cut_off(self._transport)

    async def end(self, code: int) -> None:
        if self._task is not None:
            self._task.cancel()

    async def _serve(self, subscription: Subscription, shown: int) -> None:
        await self._write(f"retry: {RETRY}\n\n".encode())
        signals = subscription.__aiter__()
        try:
            shown = await self._send_log(shown)
            coming = asyncio.ensure_future(anext(signals))
            try:
                while True:
                    done, _ = await asyncio.wait([coming], timeout=HEARTBEAT)
                    if not done:
                        await self._write(b": heartbeat\n\n")
                        continue
                    signal = coming.result()
                    if signal["type"] == "closed":
                        await self._event("closed", {"code": signal.get("code", 1001)})
                        return
                    if signal["type"] == "log":
                        shown = await self._send_log(shown)
                    else:
                        await self._event(signal["type"], signal)
                    coming = asyncio.ensure_future(anext(signals))
            finally:
                coming.cancel()
        except (StopAsyncIteration, Refused, StoreUnavailable):
            return  # the client reconnects and hears the reason as a plain answer

    async def _send_log(self, shown: int) -> int:
        while lines := await self._port.log(self._caller, after=shown, limit=PAGE):
            for line in lines:
                data = _encode(view(line))
                await self._write(b"id: %d\nevent: message\ndata: %s\n\n" % (line.seq, data))
                shown = line.seq
            if len(lines) < PAGE:
                break
        return shown

    async def _event(self, name: str, data: Mapping[str, Any]) -> None:
        await self._write(b"event: %s\ndata: %s\n\n" % (name.encode(), _encode(data)))

    async def _write(self, data: bytes) -> None:
        async with asyncio.timeout(SEND_SECONDS):
            await self._response.write(data)


def _after(request: web.Request) -> int:
    """Where to go on. :raises Refused: 422 ``E_SEQ``."""
    field = "Last-Event-ID" if "Last-Event-ID" in request.headers else "after"
    text = request.headers.get("Last-Event-ID") if field == "Last-Event-ID" else request.query.get("after")
    try:
        return whole_number(text, field=field, default=0, low=0, high=MAX_SEQ)
    except Refused as refused:
        raise Refused(422, "E_SEQ", refused.message, field=field) from None
