"""Carries events through the pure turn: load, run, commit; again on a miss; and what a failure leads to.

The state of a session is in its row; this process keeps the last committed one, so that a step normally costs
one commit and no read. Rules (ARCHITECTURE.md, "A step"):

- one step of a session at a time in this process, in order of arrival; between processes the version decides;
- NeedRead loads the keys and runs the step again with the same event, time and seed; so does a miss;
- Overrun runs it again in a thread, whole; that release then starts there for an hour;
- an unexpected exception is noted and tried again, five times in all; then the event is a dead letter.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Literal

import msgspec
import structlog
from msgspec.structs import replace

from core import events, metrics, ratelimit, turn
from core.bots import Bots
from core.contention import Contention
from core.errors import Refused, StoreCorrupt, StoreUnavailable
from core.events import Event, Fired, Heard, Settled
from core.failpoints import failpoint
from core.host import NeedRead
from core.limits import OncePerMinute
from core.messages import Capabilities, Inbound
from core.poison import InFlight, Isolation
from core.randomness import random_bytes
from core.records import Address, EventKey, InboxRow, MemoryCell, MemoryKey, Session, StepCommit, Token
from core.releases import Releases
from core.running import Turn
from core.scene import Scene
from core.sessions import SessionCache, SessionQueue
from core.store import Store
from interpreter.effects import Overrun
from interpreter.errors import SnapshotError
from interpreter.keywords import KeywordTable
from interpreter.program import Compiler

LIVE = ("active", "idle")
ATTEMPTS = 5  # failures of one event before it is a dead letter
ROUNDS = 600  # times that one step may run again for reads and misses
SLOW_FOR = 3600.0  # s; a release that overran starts in a thread for so long
THREADS = 2  # long steps at once; each may hold the interpreter lock, so more would only slow the loop

log = structlog.get_logger("trunkline.turn")
script_log = structlog.get_logger("trunkline.script")


def has_expired(session: Session, request: Request) -> bool:
    """An anonymous session past its date, though no sweeper has come by yet."""
    at = session.expires_at
    return at is not None and at <= request.row.accepted_at and isinstance(request.event, Heard)


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """One event on its way to its session. Fields as in Scene."""

    session_id: str
    event: Event
    row: InboxRow
    capabilities: Capabilities = Capabilities(reply="log")
    address: Address | None = None
    token: bytes | None = None
    strict: bool = False
    draining: bool = False
    consumed: tuple[InboxRow, ...] = ()
    album: tuple[Inbound, ...] = ()
    tokens: tuple[Token, ...] = ()


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of it.

    :param kind: ``ok`` committed; ``queued`` stored for later; ``dup``, ``reuse``; ``nothing`` no effect;
        ``unauthorised``; ``ended``; ``dead`` given up.
    :param duplicate: the stored row of a repetition, or of an attempt that failed and was stored for later.
    """

    kind: Literal["ok", "queued", "dup", "reuse", "nothing", "unauthorised", "ended", "dead"]
    session: Session | None = None
    commit: StepCommit | None = None
    duplicate: InboxRow | None = None


class Driver:
    """Runs steps.

    :param committed: called after every commit, with the request, what was written, and the row as committed.
    :param address_of: the address that a session's messages go to when nobody wrote (cached).
    """

    def __init__(
        self,
        *,
        store: Store,
        bots: Bots,
        table: KeywordTable,
        compiler: Compiler,
        in_flight: InFlight,
        committed: Callable[[Request, StepCommit, Session], None],
        dev: bool = False,
    ) -> None:
        self._dev = dev
        self.cache = SessionCache()
        self.queue = SessionQueue()
        self.releases = Releases(store, table, compiler)
        self.in_flight = in_flight
        self.told = OncePerMinute()
        self._contention = Contention()
        self._isolation = Isolation(table)
        self._store = store
        self._bots = bots
        self._table = table
        self._committed = committed
        self._slow: dict[str, float] = {}
        self._failures: dict[tuple[str, EventKey], int] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="step")

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)
        self.in_flight.close()

    async def session(self, session_id: str) -> Session | None:
        """The session's row, from memory or the store."""
        row = self.cache.get(session_id)
        if row is None:
            row = await self._store.load(session_id)
            if row is not None:
                self.cache.put(row)
        return row

    async def process(self, request: Request) -> Result:
        """Carry one event through.

        :raises Refused: the caller's fault (``request.strict``), or the bot is broken.
        :raises StoreUnavailable: it may or may not have been processed; the same key may come again.
        """
        await self.queue.enter(request.session_id)
        held: list[str] = []
        try:
            return await self._advance(request, held)
        except asyncio.CancelledError:
            self.cache.drop(request.session_id)  # the commit may have happened
            raise
        finally:
            self._contention.leave(held)
            self.queue.leave(request.session_id)

    async def _advance(self, request: Request, held: list[str]) -> Result:
        cells: dict[MemoryKey, MemoryCell] = {}
        for _ in range(ROUNDS):
            session = self.cache.get(request.session_id) or await self.session(request.session_id)
            if session is None:
                return Result(kind="unauthorised")
            if session.state not in LIVE or has_expired(session, request):
                return Result(kind="ended", session=session)
            try:
                scene = await self._scene(session, request, cells)
                step = await self._take(session, request.event, scene)
            except NeedRead as need:
                metrics.READS.inc()
                cells.update(await self._store.load_memory(need.keys))
                continue
            except Refused:
                duplicate = await self._duplicate(request)
                if duplicate is None:
                    raise
                return duplicate
            except (StoreUnavailable, StoreCorrupt):
                raise
            except Exception as error:
                given_up = await self._failed(session, request, error)
                if given_up is None:
                    return Result(kind="queued", session=session, duplicate=replace(request.row, state="new"))
                step = given_up
            if step.commit is None:
                metrics.FENCED.inc()
                return Result(kind="nothing", session=session)
            if not held and await self._contention.queue_up(step.commit, held):
                if cells:
                    cells.update(await self._store.load_memory(tuple(cells)))
                continue
            result = await self._commit(request, session, step, cells)
            if result is not None:
                return result
        raise StoreUnavailable("the session is too busy", hint="try again")

    # --- one attempt ---

    async def _scene(self, session: Session, request: Request, cells: dict[MemoryKey, MemoryCell]) -> Scene:
        bot = self._bots.get(session.bot)
        pinned = session.release
        restart = False
        broken = ""
        release = self.releases.known(bot, pinned)
        if release is None:
            try:
                release = await self.releases.find(bot, pinned)
            except SnapshotError as error:
                release, broken = await self.releases.find(bot, ""), str(error)
        if (
            pinned
            and bot.settings.on_change == "restart"
            and bot.release is not None
            and pinned != bot.release.digest
            and session.waiting.kind == "hear"
        ):
            release, restart = bot.release, True
        may_tell = not isinstance(request.event, Heard) or self.told.due(session.id)
        return Scene(
            row=request.row,
            bot=bot,
            release=release,
            table=self._table,
            capabilities=request.capabilities,
            cells=cells,
            restart=restart,
            broken=broken,
            inline=self._slow.get(release.digest, 0.0) < time.monotonic() if self._slow else True,
            address=request.address,
            token=request.token,
            draining=request.draining,
            consumed=request.consumed,
            album=request.album,
            strict=request.strict,
            may_tell=may_tell,
            tokens=request.tokens,
            dev=self._dev,
        )

    async def _take(self, session: Session, event: Event, scene: Scene) -> Turn:
        """Run the pure turn: here, in a thread if it is long, in a child process if it has killed one."""
        if isinstance(event, Heard) and not scene.draining and not turn.opts_out(event, scene):
            rate = ratelimit.charge(
                session.rate_start,
                session.rate_count,
                session.rate_previous,
                limit=scene.bot.settings.session_rate_limit,
                now=scene.now.timestamp(),
            )
            if not rate.allowed:
                return turn.limited(session, event, replace(scene, retry_after=rate.retry_after))
        key = scene.row.key
        if self.in_flight.suspects and (session.id, key) in self.in_flight.suspects:
            return await self._isolation.take(session, event, scene)
        if scene.inline:
            try:
                return self._taken(session, event, scene)
            except Overrun:
                metrics.OVERRUNS.inc()
                self._slow[scene.release.digest] = time.monotonic() + SLOW_FOR
            scene = replace(scene, inline=False)
        return await asyncio.get_running_loop().run_in_executor(
            self._threads, self._taken, session, event, scene
        )

    def _taken(self, session: Session, event: Event, scene: Scene) -> Turn:
        """The pure turn; whoever comes after our death finds noted what we were at."""
        slot = self.in_flight.enter(session.id, scene.row.key)
        try:
            failpoint("vm.mid")
            return turn.take(session, event, scene)
        finally:
            self.in_flight.leave(slot)

    async def _commit(
        self, request: Request, session: Session, step: Turn, cells: dict[MemoryKey, MemoryCell]
    ) -> Result | None:
        """Commit; None to run again."""
        commit = step.commit
        assert commit is not None
        try:
            outcome = await self._store.commit(commit)
        except BaseException:
            self.cache.drop(session.id)
            raise
        if outcome.kind == "ok":
            assert outcome.session is not None
            self.cache.put(outcome.session)
            if self._failures:
                self._failures.pop((session.id, request.row.key), None)
            if self.in_flight.suspects:
                self.in_flight.suspects.discard((session.id, request.row.key))
            self._tell(request, session, step)
            self._committed(request, commit, outcome.session)
            state = commit.inbox.state if commit.inbox else "done"
            kind: Any = {"new": "queued", "dead": "dead"}.get(state, "ok")
            return Result(kind=kind, session=outcome.session, commit=commit)
        self.cache.drop(session.id)
        if outcome.kind == "miss":
            metrics.MISSES.inc()
            self._contention.note(commit)
            if cells:
                cells.update(await self._store.load_memory(tuple(cells)))
            return None
        if outcome.kind == "limited":
            return None  # the fresh row's counter refuses it
        if outcome.kind == "stale":
            metrics.FENCED.inc()
            return Result(kind="nothing", session=outcome.session)
        if outcome.kind in ("dup", "reuse"):
            metrics.DUPLICATES.labels(request.row.key.channel).inc()
        return Result(kind=outcome.kind, session=outcome.session, duplicate=outcome.duplicate)

    async def _duplicate(self, request: Request) -> Result | None:
        """A refused event that was processed before is answered as it was then."""
        stored = await self._store.event(request.session_id, request.row.key)
        if stored is None or stored.state == "suspect":
            return None
        metrics.DUPLICATES.labels(request.row.key.channel).inc()
        reused = request.strict and stored.body_hash != request.row.body_hash
        session = await self.session(request.session_id)
        return Result(kind="reuse" if reused else "dup", session=session, duplicate=stored)

    # --- failures ---

    async def _failed(self, session: Session, request: Request, error: Exception) -> Turn | None:
        """Note an attempt that raised. None: it will be tried again; else what giving up writes."""
        metrics.FAILURES.inc()
        key = (session.id, request.row.key)
        log.error(
            "step failed", session=session.id, bot=session.bot, error=type(error).__name__, exc_info=error
        )
        reason = f"{type(error).__name__}: {error}"[:500]
        self.cache.drop(session.id)
        if isinstance(request.event, Heard):
            attempts = await self._store.note_failure(
                replace(request.row, state="new", body=events.encode(request.event)), reason
            )
            if attempts < ATTEMPTS:
                return None
            fresh = await self.session(session.id) or session
            request = replace(request, draining=True)
            session = fresh
        else:
            attempts = self._failures[key] = self._failures.get(key, 0) + 1
            if attempts < ATTEMPTS and isinstance(request.event, Fired | Settled):
                raise StoreUnavailable("the step failed and will be tried again") from error
        metrics.DEAD.inc()
        scene = await self._scene(session, request, {})
        return turn.gave_up(session, request.event, scene, reason)

    # --- the log line ---

    def _tell(self, request: Request, session: Session, step: Turn) -> None:
        """One canonical line a turn: never a word of what was said."""
        row = request.row
        seconds = max(0.0, time.time() - row.accepted_at.timestamp())
        metrics.TURNS.count(row.key.channel, step.outcome, seconds, step.units)
        if step.outcome == "refused":
            self.told.done(session.id)
        elif step.outcome == "broken":
            metrics.DEAD.inc()
        log.info(
            "turn",
            channel=row.key.channel,
            session=session.id,
            bot=session.bot,
            ms=round(seconds * 1000, 2),
            units=step.units,
            outcome=step.outcome,
        )
        for line in step.logged:
            script_log.info(
                "script", level_of_script=line.level, logged=line.text, line=line.line, session=session.id
            )
        if step.error is not None:
            error = step.error
            script_log.warning(
                "script error",
                session=session.id,
                bot=session.bot,
                code=error.code,
                number=error.number,
                error=error.message,
                trace=[f"{script}.bas:{line}" for script, line in error.trace],
                report=step.report,
            )


def now() -> datetime:
    """The time of acceptance: aware UTC."""
    return datetime.now(UTC)


def own_row(session_id: str, key: EventKey, kind: str, at: datetime) -> InboxRow:
    """The inbox row of an event that no person sent."""
    return InboxRow(
        session_id=session_id, key=key, kind=kind, state="done", accepted_at=at, seed=fresh_seed()
    )


def fresh_seed() -> bytes:
    """256 random bits: the randomness of one event."""
    return random_bytes(32)
