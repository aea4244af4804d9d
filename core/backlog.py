"""The backlog of a session: messages that could not be processed at once, in the order of their acceptance.

They wait behind a busy run, for the rest of an album, for their files, or for another attempt. Whoever
commits a step that leaves a backlog drains it; the sweeper finds sessions whose owner died.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol

import structlog
from msgspec.structs import replace

from core import events, metrics
from core.adapter import Account, Adapter
from core.bots import Bots
from core.driver import ATTEMPTS, Driver, Request
from core.errors import PLUGIN_ERRORS, Refused, StoreUnavailable
from core.events import Heard
from core.messages import Attachment, Inbound
from core.reception import is_busy, needs_fetching
from core.records import InboxRow, Session
from core.store import Store

FETCH_TRIES = 3
FETCH_TIMEOUT = 20.0  # s a try
FETCH_PAUSE = 0.5  # s, doubled after each failure
LOOK_AHEAD = 25  # rows read at once
RETRY_PAUSE = 0.2  # s, doubled with each failed attempt

log = structlog.get_logger("trunkline.backlog")


class KeepsFiles(Protocol):
    """What the drain needs of core.files."""

    async def keep(
        self, session_id: str, name: str, mime: str, chunks: AsyncIterator[bytes], max_bytes: int
    ) -> Attachment: ...

    def signed_url(self, attachment: Attachment) -> str: ...


class Backlog:
    """Drains sessions, one task a session.

    :param prepare: builds the request of a stored row.
    """

    def __init__(
        self,
        *,
        store: Store,
        driver: Driver,
        bots: Bots,
        files: KeepsFiles,
        adapters: Mapping[str, Adapter],
        accounts: Mapping[tuple[str, str], Account],
        prepare: Callable[[InboxRow, Heard], Awaitable[Request]],
    ) -> None:
        self._store = store
        self._driver = driver
        self._bots = bots
        self._files = files
        self._adapters = adapters
        self._accounts = accounts
        self._prepare = prepare
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._closed = False

    def drain(self, session_id: str) -> None:
        """See to it that the session's backlog is worked off."""
        if self._closed:
            return
        if session_id in self._tasks:
            self._again.add(session_id)
            return
        task = asyncio.create_task(self._run(session_id), name="drain")
        self._tasks[session_id] = task
        task.add_done_callback(lambda _: self._ended(session_id))

    def _ended(self, session_id: str) -> None:
        del self._tasks[session_id]
        if session_id in self._again:
            self._again.discard(session_id)
            self.drain(session_id)

    async def close(self, within: float) -> None:
        """Let what is running finish; rows that remain are drained after the next start."""
        self._closed = True
        tasks = list(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=within)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, session_id: str) -> None:
        try:
            while not self._closed and await self._next(session_id):
                pass
        except (StoreUnavailable, Refused) as error:  # the sweeper comes back to it
            log.warning("backlog waits", session=session_id, error=type(error).__name__)
        except Exception as error:
            log.error("backlog failed", session=session_id, error=type(error).__name__, exc_info=error)

    async def _next(self, session_id: str) -> bool:
        """Process the head; False when there is nothing (more) to do now."""
        session = await self._driver.session(session_id)
        if (
            session is None
            or session.state not in ("active", "idle")
            or not session.backlog
            or is_busy(session)
        ):
            return False
        rows = await self._store.backlog(session_id, limit=LOOK_AHEAD)
        if not rows:
            return False
        head = rows[0]
        if await self._hold(head):
            rows = await self._store.backlog(session_id, limit=LOOK_AHEAD)
            if not rows or rows[0].key != head.key:
                return True
        event = await self._decoded(session_id, head)
        if event is None:
            return True
        if head.attempts >= ATTEMPTS:
            metrics.DEAD.inc()
            await self._bury(session_id, head, head.error)
            return True
        followers = album(event, rows[1:])
        prepared = await self._with_files(session, event.inbound)
        more = [await self._with_files(session, inbound) for _, inbound in followers]
        request = await self._prepare(head, Heard(inbound=prepared, shown=event.shown))
        result = await self._driver.process(
            replace(request, draining=True, consumed=tuple(row for row, _ in followers), album=tuple(more))
        )
        if result.kind == "queued":  # the attempt failed and was noted
            await asyncio.sleep(RETRY_PAUSE * 2 ** min(head.attempts, 5))
        return True

    async def _hold(self, head: InboxRow) -> bool:
        """Wait until the head is ready; whether it had to wait."""
        if head.ready_at is None:
            return False
        pause = (head.ready_at - datetime.now(UTC)).total_seconds()
        if pause > 0:
            await asyncio.sleep(pause)
        return True

    async def _decoded(self, session_id: str, row: InboxRow) -> Heard | None:
        """The event of a stored row. A body that cannot be read makes a dead letter."""
        try:
            event = events.decode(row.body)
        except ValueError as error:
            await self._bury(session_id, row, f"body: {error}")
            return None
        if not isinstance(event, Heard):
            await self._bury(session_id, row, f"unexpected event {type(event).__name__}")
            return None
        return event

    async def _bury(self, session_id: str, row: InboxRow, error: str) -> None:
        await self._store.bury(session_id, row.key, error)
        self._driver.cache.drop(session_id)

    # --- files ---

    async def _with_files(self, session: Session, inbound: Inbound) -> Inbound:
        """The event with its files kept here; one that cannot be had carries a reason instead."""
        if not any(needs_fetching(file) for file in inbound.attachments):
            return inbound
        files = await asyncio.gather(*(self._fetched(session, inbound, file) for file in inbound.attachments))
        return replace(inbound, attachments=tuple(files))

    async def _fetched(self, session: Session, inbound: Inbound, file: Attachment) -> Attachment:
        if not needs_fetching(file):
            return file
        adapter = self._adapters.get(inbound.channel)
        account = self._accounts.get((inbound.channel, inbound.account))
        fetch = getattr(adapter, "fetch", None)
        if fetch is None or account is None:
            return replace(file, url="", reason="this channel cannot fetch files")
        reason = ""
        for attempt in range(FETCH_TRIES):
            try:
                async with asyncio.timeout(FETCH_TIMEOUT):
                    fetched = await fetch(file, account)
                most = self._bots.get(session.bot).settings.upload_max_size
                if len(fetched.body) > most:
                    return replace(
                        file, url="", size=len(fetched.body), reason=f"the file is larger than {most} bytes"
                    )
                kept = await self._files.keep(
                    session.id, fetched.name, fetched.mime, once(fetched.body), most
                )
                return replace(kept, url=self._files.signed_url(kept))
            except Refused as error:
                return replace(file, url="", reason=error.message)
            except StoreUnavailable:
                raise
            except PLUGIN_ERRORS as error:
                reason = str(error) or type(error).__name__
                await asyncio.sleep(FETCH_PAUSE * 2**attempt)
        log.warning("attachment not fetched", channel=inbound.channel, reason=reason[:200])
        return replace(file, url="", reason="the file could not be fetched")


def album(event: Heard, rows: Sequence[InboxRow]) -> list[tuple[InboxRow, Inbound]]:
    """The rows that belong to the head's album: media that directly follow it from the same address."""
    found: list[tuple[InboxRow, Inbound]] = []
    if not event.inbound.attachments:
        return found
    for row in rows:
        try:
            other = events.decode(row.body)
        except ValueError:
            break
        if not isinstance(other, Heard) or not other.inbound.attachments:
            break
        if place(other.inbound) != place(event.inbound):
            break
        found.append((row, other.inbound))
    return found


def place(inbound: Inbound) -> tuple[str, str, str]:
    return inbound.channel, inbound.account, inbound.address


async def once(body: bytes) -> AsyncIterator[bytes]:
    yield body
