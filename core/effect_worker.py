"""Outside calls: leased, made, their result recorded once.

The call's row is committed ``pending`` before anything leaves the process. Whoever holds its lease calls
and renews; the epoch of the lease fences a result that comes after another worker has taken over, or after
a control event.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec
import structlog
from msgspec.structs import replace

from core.bots import Bots
from core.errors import PLUGIN_ERRORS, Refused, StoreUnavailable
from core.events import Settled
from core.failpoints import failpoint
from core.records import Effect
from core.store import Store
from interpreter.errors import BasicError
from interpreter.keywords import KeywordTable

LEASE = 30.0  # s
RENEW = 10.0  # s
POLL = 1.0  # s between looks when nothing was committed here: another process may have died
AT_ONCE = 20  # calls of this process at the same time
RESULT_SIZE = 1_048_576  # bytes of JSON
RECORD_TRIES = 5

log = structlog.get_logger("trunkline.outside")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What the handler of an outside keyword is given besides its arguments.

    :param idempotency_key: the same for every attempt of this call; send it where the other side honours it.
    :param attempt: 1 for the first.
    :param now: aware UTC.
    """

    session_id: str
    bot: str
    idempotency_key: str
    attempt: int
    now: datetime
    config: Mapping[str, str] = field(default_factory=dict)


class EffectWorker:
    """Makes the outside calls of this process.

    :param settle: carries a result to its session; raises StoreUnavailable if it could not be recorded.
    :param bot_of: the bot of a session.
    """

    def __init__(
        self,
        *,
        store: Store,
        table: KeywordTable,
        bots: Bots,
        owner: str,
        bot_of: Callable[[str], Awaitable[str]],
        settle: Callable[[Settled], Awaitable[None]],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._table = table
        self._bots = bots
        self._owner = owner
        self._bot_of = bot_of
        self._settle = settle
        self._clock = clock
        self._event = asyncio.Event()
        self._running: dict[asyncio.Task[None], Effect] = {}
        self._stopping = False

    def wake(self) -> None:
        """An outside call was committed."""
        self._event.set()

    def stop(self) -> None:
        """Claim nothing more."""
        self._stopping = True
        self._event.set()

    async def finish(self, within: float) -> None:
        """Wait for calls under way; those that take longer are broken off and given back at once."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=within)
            given_back = [self._running[task] for task in late]
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
            with contextlib.suppress(StoreUnavailable):  # then the leases run out by themselves
                for effect in given_back:
                    await self._store.renew_effect(effect, lease=0.0)

    async def run(self) -> None:
        """Claim and call until :meth:`stop`."""
        while not self._stopping:
            self._event.clear()
            room = AT_ONCE - len(self._running)
            try:
                claimed = (
                    await self._store.claim_effects(self._owner, lease=LEASE, limit=room) if room else ()
                )
            except StoreUnavailable:
                claimed = ()
            for effect in claimed:
                task = asyncio.create_task(self._carry_out(effect), name=f"outside:{effect.phrase}")
                self._running[task] = effect
                task.add_done_callback(self._done)
            if self._stopping:
                return
            try:
                async with asyncio.timeout(POLL):
                    await self._event.wait()
            except TimeoutError:
                pass

    def _done(self, task: asyncio.Task[None]) -> None:
        del self._running[task]
        self._event.set()
        if not task.cancelled() and (error := task.exception()):
            log.error("outside call lost", error=type(error).__name__, exc_info=error)

    async def _carry_out(self, effect: Effect) -> None:
        lease = asyncio.create_task(self._hold(effect))
        work = asyncio.create_task(self._call(effect))
        try:
            await asyncio.wait((lease, work), return_when=asyncio.FIRST_COMPLETED)
            if not work.done():  # the lease is lost: somebody else calls, or nobody wants the result any more
                log.info("outside call fenced", session=effect.session_id, phrase=effect.phrase)
                return
            try:
                settled = work.result()
            except Refused as error:
                log.warning("outside call waits", session=effect.session_id, error=error.message)
                return
            failpoint("effect.after_call")
            await self._record(settled)
        finally:
            for task in (lease, work):
                task.cancel()
            await asyncio.gather(lease, work, return_exceptions=True)

    async def _hold(self, effect: Effect) -> None:
        """Renew the lease; return when it is lost."""
        while True:
            await asyncio.sleep(RENEW)
            try:
                if not await self._store.renew_effect(effect, lease=LEASE):
                    return
            except StoreUnavailable:
                continue

    async def _call(self, effect: Effect) -> Settled:
        keyword = self._table.find(effect.phrase)
        if keyword is None or keyword.handler is None:
            return failed(effect, f"{effect.phrase} is not available in this bot", 9002, "E_UNAVAILABLE")
        bot = await self._bot_of(effect.session_id)
        settings = self._bots.get(bot).settings  # Refused: not now; the result could not be used
        timeout = settings.outside_timeout
        call = Call(
            session_id=effect.session_id,
            bot=bot,
            idempotency_key=effect.idem_key,
            attempt=effect.attempts or 1,
            now=self._clock(),
            config=settings.config,
        )
        arguments = msgspec.json.decode(effect.arguments)
        failpoint("effect.before_call")
        try:
            async with asyncio.timeout(timeout):
                value = await keyword.handler(call, *arguments)
        except TimeoutError:
            return failed(
                effect, f"{effect.phrase} took longer than {timeout:g} seconds", 1001, "E_OUTSIDE_TIMEOUT"
            )
        except BasicError as error:
            return failed(effect, error.message, error.number, error.code)
        except PLUGIN_ERRORS as error:
            log.warning("outside call failed", phrase=effect.phrase, bot=bot, exc_info=error)
            return failed(effect, f"{effect.phrase} failed: {type(error).__name__}", 1002, "E_OUTSIDE")
        return succeeded(effect, value)

    async def _record(self, settled: Settled) -> None:
        """Hand the result over; a store that is away is tried again while the lease holds."""
        for attempt in range(1, RECORD_TRIES + 1):
            try:
                await self._settle(settled)
                return
            except StoreUnavailable:
                if attempt == RECORD_TRIES:
                    raise
                await asyncio.sleep(attempt * 0.5)


def succeeded(effect: Effect, value: Any) -> Settled:
    """The result as a plain value. A handler that returns something else has failed."""
    try:
        raw = msgspec.json.encode(value)
        if len(raw) > RESULT_SIZE:
            return failed(
                effect, f"{effect.phrase} returned more than {RESULT_SIZE} bytes", 9007, "E_OUTSIDE_SIZE"
            )
        plain = msgspec.json.decode(raw)
    except (TypeError, ValueError) as error:
        return failed(effect, f"{effect.phrase} returned no plain value: {error}", 9008, "E_OUTSIDE")
    return Settled(effect=replace(effect, state="done", result=raw), value=plain)


def failed(effect: Effect, message: str, number: int, code: str) -> Settled:
    raw = msgspec.json.encode({"failure": message})
    return Settled(
        effect=replace(effect, state="done", result=raw), failure=message, number=number, code=code
    )
