"""Delivery: takes the outbox to the channels, in order per lane, and records what became of every part.

One worker per channel claims lanes and gives each to a task of its own, so that a slow or failing provider
holds up nothing but its own lanes. See core.delivery for what happens to one claim.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Protocol

import structlog

from core.adapter import Account, Adapter
from core.delivery import Delivery
from core.errors import StoreUnavailable
from core.messages import Attachment
from core.records import OutboxRow
from core.store import Store

log = structlog.get_logger("trunkline.delivery")

LANES = 16  # deliveries at once per channel
LEASE = 60.0  # seconds; longer than Delivery.SEND_TIMEOUT, so that one part always fits
POLL = 1.0  # seconds between looks at the outbox when nobody wakes us: another process may have written
SWITCHED_OFF = "the channel is off"


class SignsUrls(Protocol):
    """What the dispatcher needs of core.files."""

    def signed_url(self, attachment: Attachment) -> str: ...


class Dispatcher:
    """The outbox worker of this process.

    :param adapters: by channel name. Channels that answer from the log or in the body have no outbox rows.
    :param accounts: those that are switched on, by (channel, account).
    :param owner: names this process in leases.
    """

    def __init__(
        self,
        store: Store,
        adapters: Mapping[str, Adapter],
        accounts: Mapping[tuple[str, str], Account],
        files: SignsUrls,
        owner: str,
    ) -> None:
        self._store = store
        self._accounts = accounts
        self._owner = owner
        self._channels = sorted(name for name, each in adapters.items() if each.capabilities.reply == "push")
        self._delivery = Delivery(store, adapters, accounts, files)
        self._wakes = {name: asyncio.Event() for name in self._channels}
        self._tasks: dict[str, set[asyncio.Task[None]]] = {name: set() for name in self._channels}
        self._stopping = asyncio.Event()
        self._running = asyncio.Event()
        self._running.set()
        self._claims_nothing = asyncio.Event()  # no worker can come back with a claim any more
        self._claims_nothing.set()

    async def run(self) -> None:
        """Deliver until :meth:`drain`. Survives a store that is away for a while."""
        self._claims_nothing.clear()
        try:
            async with asyncio.TaskGroup() as group:
                for channel in self._channels:
                    group.create_task(self._work(channel), name=f"outbox:{channel}")
        finally:
            self._claims_nothing.set()

    def wake(self) -> None:
        """Something was committed to the outbox."""
        for event in self._wakes.values():
            event.set()

    def pause(self) -> None:
        """Claim nothing more until :meth:`resume`; what is under way goes on."""
        self._running.clear()

    def resume(self) -> None:
        self._running.set()
        self.wake()

    async def drain(self, timeout: float = 10.0) -> None:  # noqa: ASYNC109  (what is late is left, not an error)
        """Stop claiming and wait for what is under way; the rest is reconciled at the next start."""
        self._stopping.set()
        self._running.set()
        self.wake()
        deadline = asyncio.get_running_loop().time() + timeout
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._claims_nothing.wait(), timeout)
        tasks = [task for running in self._tasks.values() for task in running]
        if tasks:
            left = max(0.0, deadline - asyncio.get_running_loop().time())
            _, late = await asyncio.wait(tasks, timeout=left)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _work(self, channel: str) -> None:
        wake, tasks = self._wakes[channel], self._tasks[channel]
        trouble = False
        with contextlib.suppress(StoreUnavailable):
            await self._release_switched_on(channel)
        while not self._stopping.is_set():
            wake.clear()
            await self._running.wait()
            rows: Sequence[OutboxRow] = ()
            try:
                free = LANES - len(tasks)
                if free and not self._stopping.is_set():
                    rows = await self._store.claim_outbox(
                        self._owner, channels=(channel,), lease=LEASE, limit=free
                    )
                trouble = False
            except StoreUnavailable as error:
                if not trouble:
                    log.warning("outbox is waiting for the store", channel=channel, error=error.message)
                trouble = True
            except Exception:  # delivery of a channel must not end while the process lives
                log.exception("outbox worker failed", channel=channel)
                trouble = True
            for lane in lanes(rows):
                self._start(channel, lane)
            if not rows:
                await self._rest(wake, trouble)

    def _start(self, channel: str, rows: Sequence[OutboxRow]) -> None:
        tasks = self._tasks[channel]
        task = asyncio.create_task(self._deliver(rows), name=f"deliver:{rows[0].id}")
        tasks.add(task)

        def done(finished: asyncio.Task[None]) -> None:
            tasks.discard(finished)
            self._wakes[channel].set()  # the lane's next row, or a free place

        task.add_done_callback(done)

    async def _deliver(self, rows: Sequence[OutboxRow]) -> None:
        try:
            await self._delivery.deliver(rows)
        except StoreUnavailable as error:
            # The lease runs out; the row is reconciled then.
            log.warning("delivery could not be recorded", outbox_id=rows[0].id, error=error.message)
        except Exception:
            log.exception("delivery failed", outbox_id=rows[0].id, channel=rows[0].channel)

    async def _rest(self, wake: asyncio.Event, trouble: bool) -> None:
        delay = POLL
        if not trouble:
            with contextlib.suppress(StoreUnavailable):
                due = await self._store.next_outbox_at()
                # What is due and was not claimed is another channel's or another process's.
                ahead = (due - datetime.now(UTC)).total_seconds() if due is not None else 0.0
                delay = min(delay, ahead) if ahead > 0 else delay
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(wake.wait(), delay)

    async def _release_switched_on(self, channel: str) -> None:
        """Rows that were held because their channel was off go on once it is on again."""
        for row in await self._store.list_outbox(states=("held",), limit=10_000):
            on = (row.channel, row.account) in self._accounts
            if row.channel == channel and on and row.error == SWITCHED_OFF:
                await self._store.change_outbox(row.id, "ready")


def lanes(rows: Sequence[OutboxRow]) -> list[list[OutboxRow]]:
    """*rows* by lane, each in order."""

    def lane(row: OutboxRow) -> tuple[str, str, str, str]:
        return (row.session_id, row.channel, row.account, row.address)

    ordered = sorted(rows, key=lambda row: (*lane(row), row.seq))
    return [list(group) for _, group in groupby(ordered, key=lane)]
