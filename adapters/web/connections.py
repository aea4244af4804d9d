"""The open sockets and streams of this process: how many a session has, and an end to all at shutdown."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from trunkline import Refused

PER_SESSION = 20  # sockets and streams together
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # what has not been sent is thrown away


def cut_off(transport: asyncio.Transport | None) -> None:
    """Drop a connection whose peer reads nothing: a polite end would wait for it, here and in the kernel."""
    if transport is None:
        return
    raw = transport.get_extra_info("socket")
    if raw is not None and raw.family in (socket.AF_INET, socket.AF_INET6):
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
    transport.abort()


class Connection(Protocol):
    async def end(self, code: int) -> None:
        """Say goodbye and close; *code* as in a WebSocket close frame."""
        ...


class Connections:
    def __init__(self) -> None:
        self._open: defaultdict[str, set[Connection]] = defaultdict(set)

    @contextmanager
    def hold(self, session_id: str, connection: Connection) -> Iterator[None]:
        """Count *connection* while the block runs. :raises Refused: 429, the session has its share."""
        if len(self._open[session_id]) >= PER_SESSION:
            raise Refused(
                429, "E_SOCKETS", f"A session may have {PER_SESSION} open connections.", retry_after=30
            )
        self._open[session_id].add(connection)
        try:
            yield
        finally:
            self._open[session_id].discard(connection)
            if not self._open[session_id]:
                del self._open[session_id]

    async def close(self) -> None:
        every = [connection for connections in self._open.values() for connection in connections]
        await asyncio.gather(*(connection.end(1001) for connection in every), return_exceptions=True)
