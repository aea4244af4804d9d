"""Watches a WebSocket's frame headers for what aiohttp tolerates: unmasked client frames, endless fragments.

``FrameWatch`` is sans-I/O: bytes in as they arrive, in pieces of any size; a close code out, or 0.
``GuardedSocket`` puts it in front of aiohttp's own reader.
Source: RFC 6455, 5.1 (a client masks every frame), 5.2 (the header), 5.4 (fragments).
"""

from __future__ import annotations

from typing import Any

from aiohttp import WebSocketError, web

MAX_FRAGMENTS = 100
UNMASKED, TOO_MANY = 1002, 1008
_CONTROL = 0x8


class FrameWatch:
    def __init__(self) -> None:
        self._header = bytearray()
        self._skip = 0  # bytes of the present frame's mask and payload still to come
        self._fragments = 0

    def feed(self, data: bytes) -> int:
        """:returns: the close code of the first offence, else 0."""
        position, end = 0, len(data)
        while position < end:
            if self._skip:
                step = min(self._skip, end - position)
                self._skip -= step
                position += step
                continue
            self._header.append(data[position])
            position += 1
            if self._is_header_whole() and (code := self._frame()):
                return code
        return 0

    def _is_header_whole(self) -> bool:
        if len(self._header) < 2:
            return False
        return len(self._header) == 2 + {126: 2, 127: 8}.get(self._header[1] & 0x7F, 0)

    def _frame(self) -> int:
        first, second = self._header[:2]
        length = int.from_bytes(self._header[2:], "big") if len(self._header) > 2 else second & 0x7F
        self._header.clear()
        if not second & 0x80:
            return UNMASKED
        self._skip = 4 + length
        if first & _CONTROL:
            return 0
        is_last = bool(first & 0x80)
        self._fragments += 1
        if self._fragments > MAX_FRAGMENTS:
            return TOO_MANY
        if is_last:
            self._fragments = 0
        return 0


class _WatchedReader:
    """Stands where aiohttp's frame reader stands; passes everything on until there is an offence."""

    def __init__(self, reader: Any, queue: Any) -> None:
        self._reader = reader
        self._queue = queue
        self._watch = FrameWatch()
        self._failed = False

    def feed_data(self, data: bytes) -> tuple[bool, bytes]:
        if self._failed:
            return True, b""
        if code := self._watch.feed(data):
            self._failed = True
            self._queue.set_exception(WebSocketError(code, "frame refused"))
            return True, b""
        fed: tuple[bool, bytes] = self._reader.feed_data(data)
        return fed

    def feed_eof(self) -> None:
        self._reader.feed_eof()


class GuardedSocket(web.WebSocketResponse):
    """aiohttp's WebSocket, with the frame headers watched.

    aiohttp has no public place for this: the reader is replaced right after the handshake, before it has
    seen a byte (whatever came with the handshake waits in the protocol's tail).
    """

    def _post_start(self, request: Any, protocol: str | None, writer: Any) -> None:
        connection = request.protocol
        tail, connection._message_tail = connection._message_tail, b""
        super()._post_start(request, protocol, writer)
        reader = _WatchedReader(self._parser, self._reader)
        connection._payload_parser = reader
        if tail:
            reader.feed_data(tail)
