"""Timers: WAIT and the time-out of a HEAR. One fires once, late rather than never; the store is the truth."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from core.errors import Refused, StoreUnavailable
from core.failpoints import failpoint
from core.records import Timer
from core.store import Store

POLL = 15.0  # s between looks at the store when nothing is due: another process may have set a timer
PAUSE = 1.0  # s after a failure
SOON = 0.02  # s; the least time between two looks

log = structlog.get_logger("trunkline.timers")


class Timers:
    """The timer worker of this process.

    :param fire: carries a due timer to its session; a timer that has become void is done without effect.
    :param clock: aware UTC.
    """

    def __init__(
        self, store: Store, fire: Callable[[Timer], Awaitable[None]], clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._clock = clock
        self._fire = fire
        self._event = asyncio.Event()
        self._next: datetime | None = None
        self._stopping = False

    def wake(self, fire_at: datetime) -> None:
        """A timer was committed."""
        if self._next is None or fire_at < self._next:
            self._next = fire_at
            self._event.set()

    def stop(self) -> None:
        self._stopping = True
        self._event.set()

    async def run(self) -> None:
        """Fire until :meth:`stop`."""
        while not self._stopping:
            try:
                busy = await self.fire_due()
                self._event.clear()
                pause = SOON if busy else await self._until_next()
            except StoreUnavailable:
                pause = PAUSE
            except Exception as error:
                log.error("timers failed", error=type(error).__name__, exc_info=error)
                pause = PAUSE
            if self._stopping:
                return
            try:
                async with asyncio.timeout(pause):
                    await self._event.wait()
            except TimeoutError:
                pass

    async def fire_due(self) -> bool:
        """Fire what is due; whether something may be left."""
        due = await self._store.due_timers()
        failed = False
        for timer in due:
            failpoint("timer.before_fire")
            try:
                await self._fire(timer)
            except (StoreUnavailable, Refused) as error:  # Refused: its bot is out of order
                failed = True
                log.warning("timer waits", session=timer.session_id, error=error.message)
            failpoint("timer.after_fire")
        if failed:
            await asyncio.sleep(PAUSE)
        return bool(due)

    async def _until_next(self) -> float:
        self._next = await self._store.next_timer_at()
        if self._next is None:
            return POLL
        return min(POLL, max(SOON, (self._next - self._clock()).total_seconds()))
