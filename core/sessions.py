"""The sessions of this process: their last committed rows, and the queue of the steps of each."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict, deque

from core.records import Session

CACHE_BYTES = 64 * 1024 * 1024
ROW_BYTES = 1500  # a Session without snapshot and context, roughly, with its place in the cache


class SessionCache:
    """Committed rows, least recently used first out. Every step checks the version again when it commits."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._size = 0
        self._rows: OrderedDict[str, Session] = OrderedDict()

    def get(self, session_id: str) -> Session | None:
        row = self._rows.get(session_id)
        if row is not None:
            self._rows.move_to_end(session_id)
        return row

    def put(self, row: Session) -> None:
        """Keep *row* unless a newer version is kept already."""
        known = self._rows.get(row.id)
        if known is not None:
            if known.version > row.version:
                return
            self._size -= weight(known)
        self._rows[row.id] = row
        self._rows.move_to_end(row.id)
        self._size += weight(row)
        while self._size > self._limit:
            _, oldest = self._rows.popitem(last=False)
            self._size -= weight(oldest)

    def drop(self, session_id: str) -> None:
        row = self._rows.pop(session_id, None)
        if row is not None:
            self._size -= weight(row)

    def __len__(self) -> int:
        return len(self._rows)


def weight(row: Session) -> int:
    return ROW_BYTES + len(row.snapshot) + len(row.context)


class SessionQueue:
    """One step of a session at a time, in order of arrival. A session without steps takes no room."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[asyncio.Future[None]] | None] = {}

    async def enter(self, session_id: str) -> None:
        if session_id not in self._waiting:
            self._waiting[session_id] = None
            return
        turnstile: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        queue = self._waiting[session_id]
        if queue is None:
            queue = self._waiting[session_id] = deque()
        queue.append(turnstile)
        try:
            await turnstile
        except asyncio.CancelledError:
            if turnstile.done() and not turnstile.cancelled():
                self.leave(session_id)  # our turn had come
            raise

    def leave(self, session_id: str) -> None:
        queue = self._waiting[session_id]
        while queue:
            turnstile = queue.popleft()
            if not turnstile.done():
                turnstile.set_result(None)
                return
        del self._waiting[session_id]

    def __len__(self) -> int:
        return len(self._waiting)

    async def empty(self, within: float) -> None:
        """Return when no step is running, or after *within* seconds."""
        deadline = time.monotonic() + within
        while self._waiting and time.monotonic() < deadline:  # noqa: ASYNC110 - an event would cost every step
            await asyncio.sleep(0.01)
