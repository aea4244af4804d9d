"""Who waits in this process for news of a session: sockets, streams, and requests until the run rests.

Wake-ups are hints: whoever is woken reads the log. Other processes are told as well, and tell us.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

LOG: Mapping[str, Any] = {"type": "log"}
TYPING: Mapping[str, Any] = {"type": "typing"}


class Subscription:
    """One listener. Signals that it has not yet taken are merged: a slow listener costs no memory."""

    def __init__(self, owner: Wakeups, session_id: str) -> None:
        self._owner = owner
        self._session_id = session_id
        self._pending: dict[str, Mapping[str, Any]] = {}
        self._event = asyncio.Event()
        self._closed = False

    def notify(self, signal: Mapping[str, Any]) -> None:
        self._pending[signal["type"]] = signal
        self._event.set()

    async def __aiter__(self) -> AsyncIterator[Mapping[str, Any]]:
        while not self._closed:
            await self._event.wait()
            self._event.clear()
            pending, self._pending = self._pending, {}
            for signal in pending.values():
                yield signal
            if "closed" in pending:
                return

    def close(self) -> None:
        self._closed = True
        self._event.set()
        self._owner.remove(self._session_id, self)


def _nobody(_session_id: str, _signal: Mapping[str, Any]) -> None: ...


class Wakeups:
    """The listeners of every session of this process.

    :param tell: lets the other processes know.
    """

    def __init__(self, tell: Callable[[str, Mapping[str, Any]], None] = _nobody) -> None:
        self._tell = tell
        self._listeners: dict[str, set[Subscription]] = {}
        self._futures: dict[str, list[asyncio.Future[None]]] = {}

    def subscribe(self, session_id: str) -> Subscription:
        subscription = Subscription(self, session_id)
        self._listeners.setdefault(session_id, set()).add(subscription)
        return subscription

    def remove(self, session_id: str, subscription: Subscription) -> None:
        listeners = self._listeners.get(session_id)
        if listeners is not None:
            listeners.discard(subscription)
            if not listeners:
                del self._listeners[session_id]

    def notify(self, session_id: str, signal: Mapping[str, Any] = LOG) -> None:
        """Something happened here: tell everyone who listens to this session, wherever that is."""
        self._tell(session_id, signal)
        self.heard(session_id, signal)

    def heard(self, session_id: str, signal: Mapping[str, Any]) -> None:
        """Tell everyone in this process who listens to this session."""
        for listener in tuple(self._listeners.get(session_id, ())):
            listener.notify(signal)
        for future in self._futures.pop(session_id, ()):
            if not future.done():
                future.set_result(None)

    async def changed(self, session_id: str, within: float) -> None:
        """Return when something was committed for the session, or after *within* seconds."""
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._futures.setdefault(session_id, []).append(future)
        try:
            async with asyncio.timeout(within):
                await future
        except TimeoutError:
            pass
        finally:
            waiting = self._futures.get(session_id)
            if waiting and future in waiting:
                waiting.remove(future)
                if not waiting:
                    del self._futures[session_id]

    def close_all(self, code: int) -> None:
        """The process is about to stop: sockets close with *code*, whoever waits for news looks again."""
        for session_id in list(self._futures):
            self.heard(session_id, LOG)
        for listeners in list(self._listeners.values()):
            for listener in tuple(listeners):
                listener.notify({"type": "closed", "code": code})

    def sessions(self) -> set[str]:
        """Sessions with an open socket or stream."""
        return set(self._listeners)

    def watched(self) -> set[str]:
        """Sessions that a socket, a stream or a request waits for."""
        return {*self._listeners, *self._futures}
