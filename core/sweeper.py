"""The sweeper: what time alone brings about. Idle, expiry, removal, pruning, and backlogs that nobody drains.

States change by an ordinary versioned step, so a person who writes in the same moment wins or loses cleanly.
Rows go in a second pass an hour after the session has ended. Every sweeper of several nodes may do all of it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Literal

import structlog
from msgspec.structs import replace

from core.bots import Bots, BotSettings
from core.errors import Refused, StoreUnavailable
from core.failpoints import failpoint
from core.files import Files
from core.records import Session, StepCommit
from core.store import Store

STRAYS_EVERY = 5.0  # seconds
STATES_EVERY = 30.0
PRUNE_EVERY = 600.0
DRAFTS_EVERY = 3600.0
ORPHANS_EVERY = 86_400.0
STRAY_AFTER = 10.0  # seconds in which whoever stored a row would have drained it
REMOVE_AFTER = 3600.0  # in a second pass: the state changes first, the rows go later
KEEP_KEYS = 9 * 86_400.0  # WhatsApp repeats a webhook for up to 7 days
BATCHES = 20  # of a pass, so that it comes to an end

log = structlog.get_logger("trunkline.sweeper")


class Sweeper:
    """:param drain: sees to it that a session's backlog is worked off.
    :param ended: told when a session has expired: its tokens are void.
    :param idled: told when a session has become idle: its sockets may close.
    """

    def __init__(
        self,
        *,
        store: Store,
        bots: Bots,
        files: Files,
        drain: Callable[[str], None],
        ended: Callable[[str], None],
        idled: Callable[[str], None] | None = None,
    ) -> None:
        self._store = store
        self._bots = bots
        self._files = files
        self._drain = drain
        self._ended = ended
        self._idled = idled or _ignore
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        self._stopping.set()

    async def run(self) -> None:
        """Sweep until :meth:`stop`."""
        duties: list[tuple[float, Callable[[], Awaitable[object]]]] = [
            (STRAYS_EVERY, self.find_strays),
            (STATES_EVERY, self.change_states),
            (STATES_EVERY, self.remove_gone),
            (PRUNE_EVERY, self.prune),
            (DRAFTS_EVERY, self._files.clear_drafts),
            (ORPHANS_EVERY, self._files.remove_orphans),
        ]
        due = [time.monotonic() + every for every, _ in duties]
        while not self._stopping.is_set():
            for index, (every, duty) in enumerate(duties):
                if time.monotonic() >= due[index]:
                    await self._safely(duty)
                    due[index] = time.monotonic() + every
            try:
                async with asyncio.timeout(max(min(due) - time.monotonic(), 0.0)):
                    await self._stopping.wait()
            except TimeoutError:
                continue

    async def _safely(self, duty: Callable[[], Awaitable[object]]) -> None:
        """One duty's failure does not keep the others from being done."""
        try:
            await duty()
        except StoreUnavailable as error:
            log.warning("sweeper waits for the store", error=error.message)
        except Exception as error:
            log.error("sweeper failed", duty=getattr(duty, "__name__", ""), exc_info=error)

    # --- duties ---

    async def find_strays(self) -> None:
        """Backlogs whose owner died go to the drain of this process."""
        for session_id in await self._store.sessions_with_backlog(idle_for=STRAY_AFTER):
            self._drain(session_id)

    async def change_states(self) -> None:
        """Active sessions become idle, anonymous ones that nobody needs expire."""
        for bot in self._bots.names():
            quiet = await self._store.idle_candidates(bot=bot, idle_after=self._timeout(bot))
            await self._all(self._become(session, "idle") for session in quiet)
        await self._all(self._become(session, "expired") for session in await self._store.expiry_candidates())

    async def _become(self, session: Session, state: Literal["idle", "expired"]) -> None:
        expired = state == "expired"
        outcome = await self._store.commit(
            StepCommit(
                guard="fast",
                expected=session.version,
                session=replace(session, state=state),
                cancel_timers=expired,
                cancel_effects=expired,
                revoke_tokens=expired,
            )
        )
        if outcome.kind == "ok":
            (self._ended if expired else self._idled)(session.id)

    async def remove_gone(self) -> None:
        """Everything of sessions that have been over for an hour, their files included."""
        for session_id in await self._store.removable(gone_for=REMOVE_AFTER):
            files = await self._store.remove(session_id)
            failpoint("sweep.removed")
            await self._files.remove(files)

    async def prune(self) -> None:
        for _ in range(BATCHES):
            if not await self._store.prune(inbox_older_than=KEEP_KEYS):
                return

    # --- small things ---

    def _timeout(self, bot: str) -> float:
        try:
            return self._bots.get(bot).settings.session_timeout
        except Refused:  # a broken bot's sessions still grow idle
            return BotSettings().session_timeout

    @staticmethod
    async def _all(steps: Iterable[Awaitable[None]]) -> None:
        """Together, so that they share batches."""
        await asyncio.gather(*steps)


def _ignore(_session_id: str) -> None: ...
