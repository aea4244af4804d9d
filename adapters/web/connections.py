"""The open sockets and streams of this process: how many a session has, and an end to all at shutdown."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from trunkline import Refused

PER_SESSION = 20  # sockets and streams together
RESET_ON_CLOSE = struct.pack("ii", 1, 0)  # what has not been sent is thrown away


def cut_off(transport: asyncio.Transport | None) -> None:
    """Drop a connection whose peer reads nothing: a polite end would wait for it, here and in the kernel."""
    if transport is None or transport.is_closing():  # then its socket may be gone already
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
        self._open: dict[str, set[Connection]] = {}
        self._addresses: Counter[str] = Counter()

    @contextmanager
    def hold(
        self, connection: Connection, session_id: str, *, remote: str = "", per_address: int = 0
    ) -> Iterator[None]:
        """Count *connection* while the block runs.

        :param per_address: how many *remote* may have; 0: any number.
        :raises Refused: 429, the session or the address has its share.
        """
        if len(self._open.get(session_id, ())) >= PER_SESSION:
            raise _enough("A session", PER_SESSION)
        if 0 < per_address <= self._addresses[remote]:
            raise _enough("An address", per_address)
        self._open.setdefault(session_id, set()).add(connection)
        self._addresses[remote] += 1
        try:
            yield
        finally:
            self._open[session_id].discard(connection)
            if not self._open[session_id]:
                del self._open[session_id]
            self._addresses[remote] -= 1
            if not self._addresses[remote]:
                del self._addresses[remote]

    async def close(self) -> None:
        every = [connection for connections in self._open.values() for connection in connections]
        await asyncio.gather(*(connection.end(1001) for connection in every), return_exceptions=True)


def _enough(who: str, limit: int) -> Refused:
    return Refused(429, "E_SOCKETS", f"{who} may have {limit} open connections.", retry_after=30)
