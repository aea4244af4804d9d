"""The WebSocket ``/ws``: one task reads, one writes, and what is written is read from the session's log.

The log is the queue: a connection remembers only how far it has shown it, so that a slow reader costs nothing
and every tab of a session sees the same. Frames are in docs/reference/http.md. An ``ack`` leaves before the log lines
that its message led to.
"""

from __future__ import annotations

import asyncio
import socket as sockets
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

from adapters.web.connections import Connections, cut_off
from adapters.web.endpoints import Handler
from adapters.web.frames import GuardedSocket
from adapters.web.origins import origin_of, require_bot_origin
from adapters.web.views import view
from adapters.web.wire import ChatInput, inbound
from trunkline import Caller, Port, Refused, StoreUnavailable, Subscription, convert, parse_json

PROTOCOL = "trunkline.v1"
MAX_FRAME = 65_536  # bytes
HEARTBEAT = 20.0  # seconds between pings; half of it without an answer ends the connection
SEND_SECONDS = 10.0  # a reader that takes nothing for so long is cut off
MAX_ANSWERS = 100  # acks and errors waiting to be sent
BUFFER = 65_536  # bytes that the kernel and the transport may hold for one connection, each
PAGE = 100  # log lines read at a time

_encode = msgspec.json.Encoder().encode


def accept(connections: Connections) -> Handler:
    """The endpoint. The Origin has been checked; then the ticket; then the handshake."""

    async def handle(request: web.Request, port: Port) -> web.StreamResponse:
        offered = _offered(request)
        ticket = next((word.removeprefix("ticket.") for word in offered if word.startswith("ticket.")), "")
        if not ticket:
            raise Refused(401, "E_TICKET", "A WebSocket needs the subprotocol ticket.<ticket>.")
        caller = await port.redeem_ticket(ticket, origin=origin_of(request) or "")
        require_bot_origin(request, port, caller.bot)
        if PROTOCOL not in offered:
            raise Refused(400, "E_WS_PROTOCOL", f"Offer the subprotocol {PROTOCOL}.")
        socket = GuardedSocket(
            protocols=(PROTOCOL,),
            heartbeat=HEARTBEAT,
            max_msg_size=MAX_FRAME + 1,
            compress=False,
            timeout=5.0,
        )
        if not socket.can_prepare(request):
            raise Refused(400, "E_WS_HANDSHAKE", "This is not a WebSocket handshake.")
        connection = SocketConnection(socket, request, caller, port)
        per_address = port.bot(caller.bot)["ws_per_address"]
        remote = request.remote or ""
        with connections.hold(connection, caller.session_id, remote=remote, per_address=per_address):
            await socket.prepare(request)
            await connection.run()
        return socket

    return handle


class SocketConnection:
    def __init__(
        self, socket: web.WebSocketResponse, request: web.Request, caller: Caller, port: Port
    ) -> None:
        self._socket = socket
        self._transport = request.transport
        self._caller = caller
        self._port = port
        self._wake = asyncio.Event()
        self._answers: deque[Mapping[str, Any]] = deque()
        self._shown: int | None = None  # seq of the last log line sent; None before hello
        self._is_log_due = False
        self._is_submitting = False
        self._close_code = 0

    async def run(self) -> None:
        """Serve until either side closes."""
        self._bound_buffers()
        subscription = self._port.subscribe(self._caller)
        tasks = (asyncio.create_task(self._write()), asyncio.create_task(self._listen(subscription)))
        try:
            await self._read()
        finally:
            subscription.close()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def end(self, code: int) -> None:
        with suppress(TimeoutError, ConnectionError, RuntimeError):
            async with asyncio.timeout(2.0):
                await self._socket.close(code=code)

    # --- in ---

    async def _read(self) -> None:
        async for frame in self._socket:
            if frame.type is WSMsgType.TEXT:
                await self._take(frame.data)
            elif frame.type is WSMsgType.BINARY:
                await self._socket.close(code=1003, message=b"text frames only")

    async def _take(self, text: str) -> None:
        """One frame. A mistake is answered and costs nothing more."""
        client_id: str | None = None
        try:
            frame = parse_json(text.encode())
            kind = frame.get("type") if isinstance(frame, dict) else None
            match kind:
                case "message":
                    del frame["type"]
                    client_id = frame["client_id"] if isinstance(frame.get("client_id"), str) else None
                    await self._submit(convert(frame, ChatInput))
                case "hello":
                    await self._hello(frame.get("after", 0))
                case "ping":
                    self._answer({"type": "pong"})
                case "typing":
                    pass  # the bot does not watch people type
                case _:
                    raise Refused(422, "E_WS_TYPE", "A frame's type is hello, message, typing or ping.")
        except Refused as refused:
            self._answer(_error(refused.code, refused.message, refused.retry_after, refused.field, client_id))
            if refused.status == 401:
                self._close(4401)
        except StoreUnavailable:
            text = "The message could not be stored. Send it again."
            self._answer(_error("E_UNAVAILABLE", text, 2, "", client_id))

    async def _hello(self, after: Any) -> None:
        seq: int = (await self._port.describe(self._caller))["seq"]
        if not isinstance(after, int) or isinstance(after, bool) or not 0 <= after <= seq:
            raise Refused(422, "E_SEQ", f"after must be a whole number from 0 to {seq}.", field="after")
        self._answer({"type": "welcome", "session": self._caller.session_id, "seq": seq})
        self._shown = after
        self._is_log_due = True
        self._wake.set()

    async def _submit(self, content: ChatInput) -> None:
        event = inbound(content, self._caller)
        if self._shown is None:  # a client that does not care for the past: it sees what comes from here on
            await self._hello((await self._port.describe(self._caller))["seq"])
        self._is_submitting = True
        try:
            reply = await self._port.submit(event, bot=self._caller.bot, caller=self._caller, wait=False)
            self._answer({"type": "ack", "client_id": content.client_id, "seq": reply.accepted})
        finally:
            self._is_submitting = False
            self._wake.set()

    async def _listen(self, subscription: Subscription) -> None:
        async for signal in subscription:
            match signal["type"]:
                case "log":
                    self._is_log_due = True
                    self._wake.set()
                case "closed":
                    self._close(signal.get("code", 1001))
                case _:  # typing, delta: shown as they are, and forgotten
                    self._answer(signal)

    # --- out ---

    def _answer(self, frame: Mapping[str, Any]) -> None:
        self._answers.append(frame)
        if len(self._answers) > MAX_ANSWERS:
            cut_off(self._transport)
        self._wake.set()

    def _close(self, code: int) -> None:
        self._close_code = self._close_code or code
        self._wake.set()

    async def _write(self) -> None:
        try:
            while True:
                await self._wake.wait()
                self._wake.clear()
                while self._answers:
                    await self._send(self._answers.popleft())
                if self._is_log_due and not self._is_submitting and self._shown is not None:
                    await self._send_log(self._shown)
                if self._close_code:
                    await self.end(self._close_code)
                    return
        except (TimeoutError, ConnectionError):
            cut_off(self._transport)
        except Refused:  # the token went while its log was being read
            await self.end(4401)
        except StoreUnavailable:
            await self.end(1013)  # try again later: the client resumes by seq

    async def _send_log(self, shown: int) -> None:
        self._is_log_due = False
        while lines := await self._port.log(self._caller, after=shown, limit=PAGE):
            for line in lines:
                await self._send({"type": "message", **msgspec.structs.asdict(view(line))})
                self._shown = shown = line.seq
            # Only ever raised here: what was committed while these lines went out has raised it, too.
            is_rest_due = len(lines) == PAGE
            self._is_log_due = self._is_log_due or is_rest_due
            if not is_rest_due or self._answers or self._is_submitting:
                if self._is_log_due:
                    self._wake.set()
                return

    async def _send(self, frame: Mapping[str, Any]) -> None:
        async with asyncio.timeout(SEND_SECONDS):
            await self._socket.send_frame(_encode(frame), WSMsgType.TEXT)

    def _bound_buffers(self) -> None:
        if self._transport is None:
            return
        self._transport.set_write_buffer_limits(high=BUFFER)
        raw = self._transport.get_extra_info("socket")
        if raw is not None and raw.family in (sockets.AF_INET, sockets.AF_INET6):
            raw.setsockopt(sockets.SOL_SOCKET, sockets.SO_SNDBUF, BUFFER)


def _offered(request: web.Request) -> list[str]:
    header = ",".join(request.headers.getall("Sec-WebSocket-Protocol", []))
    return [word.strip() for word in header.split(",") if word.strip()]


def _error(code: str, message: str, retry_after: float, field: str, client_id: str | None) -> dict[str, Any]:
    frame: dict[str, Any] = {
        "type": "error",
        "code": code,
        "message": message,
        "retry_after": retry_after or None,
    }
    if field:
        frame["field"] = field
    if client_id is not None:
        frame["client_id"] = client_id  # so that a client knows which of its messages was refused
    return frame
