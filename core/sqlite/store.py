"""SqliteStore: the Store protocol in front of the writer's and the readers' threads."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import orjson
import structlog

from core.batching import Batcher
from core.errors import ConfigError, StoreUnavailable
from core.failpoints import failpoint
from core.messages import DeliveryStatus, Message
from core.records import (
    Address,
    AddressKey,
    Effect,
    EventKey,
    InboxRow,
    MemoryCell,
    MemoryKey,
    OutboxRow,
    Outcome,
    Session,
    StepCommit,
    StoredFile,
    Timer,
    Token,
)
from core.sealing import Sealer
from core.sqlite import connection as opening
from core.sqlite import life, outbox, queue
from core.sqlite.queries import load, migrations
from core.sqlite.reader import Reader
from core.sqlite.rows import codec
from core.sqlite.transaction import Transaction
from core.sqlite.worker import Worker
from core.sqlite.writer import Job, Write, Writer, write_keys
from core.store import Heard

log = structlog.get_logger("trunkline.store")
Value = TypeVar("Value")
Read = Callable[[Transaction], Any]

_SQL = load("sessions")
_WAITS = load("waits")
_ABSENT = MemoryCell(None, 0)


class SqliteStore:
    """See ``core.store.Store``.

    :param path: the database file, or ``:memory:`` (then nothing survives, and ``durable`` is false).
    :param synchronous: SQLite's level; below ``FULL`` a power cut can lose acknowledged writes.
    :param read_only: for commands beside a running server: no lock, no migration; every write is refused.
    :param clock: seconds since the epoch: the time of the database.
    """

    def __init__(
        self,
        path: Path | str,
        *,
        sealer: Sealer,
        synchronous: str = "FULL",
        read_only: bool = False,
        clock: Callable[[], float] = time.time,
    ) -> None:
        if synchronous not in ("OFF", "NORMAL", "FULL", "EXTRA"):
            raise ConfigError(f"synchronous: {synchronous!r} is not one of OFF, NORMAL, FULL, EXTRA")
        self._path = str(path)
        self._in_memory = self._path == opening.MEMORY
        self.shared = False
        self.durable = not self._in_memory and synchronous in ("FULL", "EXTRA")
        self._sealer = sealer
        self._read_only = read_only
        self._clock = clock
        self._lock = opening.FileLock(self._path)
        self._writer = Writer(self._path, sealer, synchronous, clock)
        self._writer_thread: Worker[Write] | None = None
        self._writes: Batcher[Write, Any] | None = None
        self._readers: list[tuple[Reader, Worker[Read]]] = []
        self._quick: Batcher[Read, Any] | None = None
        self._slow: Batcher[Read, Any] | None = None
        self._prune_cursor = 0
        self._releases: set[str] = set()  # asked for or put by this process: never pruned

    # --- opening ---

    async def open(self) -> None:
        if self._read_only:
            self._check_readable()
        else:
            await self._open_writer()
        if not self._in_memory:
            self._quick = await self._open_reader("store-read")
            self._slow = await self._open_reader("store-scan")

    async def _open_writer(self) -> None:
        if not self._in_memory:
            try:
                self._lock.take()
            except OSError as error:
                raise opening.unwritable(Path(self._path).parent, error) from error
        unclean = self._lock.was_unclean
        self._writer_thread = Worker("store-write", self._writer.run, self._writer.between)
        self._writes = Batcher(self._writer_thread.send, keys=write_keys)
        try:
            lost = opening.check_log(self._path) if unclean else ""
            await self._writer_thread.call(lambda: self._writer.open(check=unclean))
            if unclean:
                log.warning(
                    "the last server did not close the database; it was checked and is whole", path=self._path
                )
            if lost:
                log.error("the write-ahead log of the last server is gone", path=self._path, reason=lost)
            await self._write(self._end_leases)
        except BaseException as error:
            await self._stop_writer(clean=False)
            if isinstance(error, StoreUnavailable):
                raise ConfigError(error.message, hint=error.hint) from error
            raise

    @staticmethod
    def _end_leases(at: Transaction) -> None:
        """This is the only server: whoever held a lease before is gone."""
        outbox.end_leases(at)
        at.execute(_WAITS["end_effect_leases"])
        at.execute(_WAITS["ping"], at.now)

    def _check_readable(self) -> None:
        if not os.path.isfile(self._path):
            raise ConfigError(
                f"there is no database {self._path}",
                hint="start the server once, or name its folder with --data",
            )
        try:
            connection = opening.connect(self._path, mode="ro")
            try:
                newest = len(migrations())
                if opening.check_shape(connection, self._path, newest) != newest:
                    raise ConfigError(
                        f"{self._path} has an older schema",
                        hint="start the server once: it migrates the file",
                    )
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise opening.explain(error, self._path) from error

    async def _open_reader(self, name: str) -> Batcher[Read, Any]:
        reader = Reader(self._path, self._sealer, self._clock, lambda: self._writer.opened)
        worker: Worker[Read] = Worker(name, reader.run)
        self._readers.append((reader, worker))
        return Batcher(worker.send)

    async def close(self) -> None:
        """Finish what was asked, then close the file; the next start need not check it."""
        for batcher in (self._quick, self._slow, self._writes):
            if batcher is not None:
                await batcher.drained()
        self._quick = self._slow = self._writes = None
        readers, self._readers = self._readers, []
        for reader, worker in readers:
            await worker.call(reader.close)
            await worker.stop()
        await self._stop_writer(clean=True)

    async def _stop_writer(self, *, clean: bool) -> None:
        thread, self._writer_thread, self._writes = self._writer_thread, None, None
        if thread is not None:
            await thread.call(self._writer.close)
            await thread.stop()
        self._lock.give_back(clean=clean)

    # --- the two ways in ---

    def _write(self, run: Callable[[Transaction], Value]) -> Awaitable[Value]:
        return self._submit(self._writes, Job(run))

    def _read(self, run: Callable[[Transaction], Value]) -> Awaitable[Value]:
        """Point reads. In memory there is one connection, and the writer has it."""
        return self._write(run) if self._in_memory else self._submit(self._quick, run)

    def _scan(self, run: Callable[[Transaction], Value]) -> Awaitable[Value]:
        """Reads that may take longer than a point read has time to wait."""
        return self._write(run) if self._in_memory else self._submit(self._slow, run)

    def _submit(self, batcher: Batcher[Any, Any] | None, item: Any) -> Awaitable[Any]:
        if batcher is not None:
            return batcher.submit(item)
        if self._read_only:
            raise StoreUnavailable(f"{self._path} is opened for reading only")
        raise StoreUnavailable(f"{self._path} is not open")

    def listen(self, heard: Heard, watched: Callable[[], Collection[str]]) -> None:
        """There is no other process."""

    def tell(self, session_id: str, signal: Mapping[str, Any]) -> None:
        """There is no other process."""

    async def ping(self) -> datetime:
        def run(at: Transaction) -> datetime:
            at.execute(_WAITS["ping"], at.now)
            return datetime.fromtimestamp(at.seconds, UTC)

        return await self._write(run)

    # --- sessions ---

    async def create(self, session: Session, *, address: Address | None, token: Token | None) -> Session:
        return await self._write(lambda at: queue.create(at, session, address, token))

    async def load(self, session_id: str) -> Session | None:
        return await self._read(lambda at: queue.load_session(at, session_id))

    async def load_memory(self, keys: Sequence[MemoryKey]) -> Mapping[MemoryKey, MemoryCell]:
        def run(at: Transaction) -> dict[MemoryKey, MemoryCell]:
            found = {key: at.one(_SQL["memory"], key.bot, key.scope, key.key) for key in keys}
            return {key: MemoryCell(*row) if row else _ABSENT for key, row in found.items()}

        return await self._read(run)

    async def find(self, key: AddressKey) -> Address | None:
        def run(at: Transaction) -> Address | None:
            row = at.one(_SQL["address"], key.bot, key.channel, key.account, key.address)
            return None if row is None else codec.address(row)

        return await self._read(run)

    async def user_session(self, bot: str, user_id: str) -> str | None:
        def run(at: Transaction) -> str | None:
            row = at.one(_SQL["user_session"], bot, user_id)
            return None if row is None else str(row[0])

        return await self._read(run)

    async def commit(self, step: StepCommit) -> Outcome:
        failpoint("in.before_insert")
        outcome: Outcome = await self._submit(self._writes, step)
        failpoint("commit.after")
        return outcome

    async def event(self, session_id: str, key: EventKey) -> InboxRow | None:
        return await self._read(lambda at: queue.event(at, session_id, key))

    async def backlog(self, session_id: str, *, limit: int = 50) -> Sequence[InboxRow]:
        return await self._read(
            lambda at: [codec.inbox(row, at.sealer) for row in at.all(_SQL["backlog"], session_id, limit)]
        )

    async def messages(self, session_id: str, *, after: int = 0, limit: int = 100) -> Sequence[Message]:
        after = min(max(after, 0), 2**63 - 1)
        return await self._read(
            lambda at: [codec.message(row) for row in at.all(_SQL["messages"], session_id, after, limit)]
        )

    async def list_sessions(
        self, *, bot: str | None = None, state: str | None = None, limit: int = 100
    ) -> Sequence[Session]:
        return await self._scan(
            lambda at: [
                codec.session(row, at.sealer) for row in at.all(_SQL["list_sessions"], bot, state, limit)
            ]
        )

    # --- failures of a step ---

    async def note_failure(self, row: InboxRow, error: str) -> int:
        return await self._write(lambda at: queue.note_failure(at, row, error))

    async def bury(self, session_id: str, key: EventKey, error: str) -> None:
        await self._write(lambda at: queue.bury(at, session_id, key, error))

    async def suspect(self, keys: Sequence[tuple[str, EventKey]]) -> None:
        await self._write(lambda at: queue.suspect(at, keys))

    async def dead_letters(self, *, limit: int = 100) -> Sequence[InboxRow]:
        return await self._scan(
            lambda at: [codec.inbox(row, at.sealer) for row in at.all(_SQL["dead_letters"], limit)]
        )

    # --- tokens ---

    async def token(self, sha256: bytes) -> Token | None:
        def run(at: Transaction) -> Token | None:
            row = at.one(_SQL["token"], sha256, at.now)
            return None if row is None else codec.token(row)

        return await self._read(run)

    async def add_token(self, token: Token) -> None:
        await self._write(lambda at: at.changes(_SQL["insert_token"], *codec.token_row(token)))

    async def redeem(self, sha256: bytes) -> Token | None:
        return await self._write(lambda at: queue.redeem(at, sha256))

    # --- outbox ---

    async def claim_outbox(
        self, owner: str, *, channels: Sequence[str], lease: float, limit: int = 100
    ) -> Sequence[OutboxRow]:
        return await self._write(lambda at: outbox.claim(at, owner, channels, lease, limit))

    async def mark_part(self, row: OutboxRow, provider_id: str) -> bool:
        return await self._write(lambda at: outbox.mark_part(at, row, provider_id))

    async def settle_outbox(self, settled: Sequence[OutboxRow]) -> None:
        await self._write(lambda at: outbox.settle(at, settled))

    async def apply_delivery(self, channel: str, account: str, report: DeliveryStatus) -> OutboxRow | None:
        return await self._write(lambda at: outbox.apply_delivery(at, channel, account, report))

    async def list_outbox(self, *, states: Sequence[str], limit: int = 100) -> Sequence[OutboxRow]:
        return await self._scan(lambda at: outbox.listed(at, states, limit))

    async def change_outbox(self, row_id: str, state: str) -> bool:
        return await self._write(lambda at: outbox.change(at, row_id, state))

    async def next_outbox_at(self) -> datetime | None:
        return await self._scan(outbox.next_at)

    # --- timers and outside calls ---

    async def due_timers(self, *, limit: int = 100) -> Sequence[Timer]:
        return await self._scan(
            lambda at: [codec.timer(row) for row in at.all(_WAITS["due_timers"], at.now, limit)]
        )

    async def next_timer_at(self) -> datetime | None:
        return await self._scan(lambda at: codec.maybe_moment(at.one(_WAITS["next_timer_at"])[0]))

    async def claim_effects(self, owner: str, *, lease: float, limit: int = 20) -> Sequence[Effect]:
        return await self._write(lambda at: life.claim_effects(at, owner, lease, limit))

    async def renew_effect(self, effect: Effect, *, lease: float) -> bool:
        return await self._write(lambda at: life.renew_effect(at, effect, lease))

    async def sessions_with_backlog(self, *, idle_for: float, limit: int = 100) -> Sequence[str]:
        def run(at: Transaction) -> list[str]:
            return [
                row[0] for row in at.all(_SQL["sessions_with_backlog"], at.after(-idle_for), at.now, limit)
            ]

        return await self._scan(run)

    # --- files, releases, small things ---

    async def add_file(self, file: StoredFile) -> None:
        values = (file.id, file.session_id, file.name, file.mime, file.size, codec.time(file.created_at))
        await self._write(lambda at: at.changes(_WAITS["add_file"], *values))

    async def file(self, file_id: str) -> StoredFile | None:
        def run(at: Transaction) -> StoredFile | None:
            row = at.one(_WAITS["file"], file_id)
            return None if row is None else codec.file(row)

        return await self._read(run)

    async def file_bytes(self, session_id: str) -> int:
        return await self._read(lambda at: int(at.one(_WAITS["file_bytes"], session_id)[0]))

    async def put_release(self, digest: str, sources: Mapping[str, str]) -> None:
        self._releases.add(digest)
        text = orjson.dumps(dict(sources)).decode()
        await self._write(lambda at: at.changes(_WAITS["put_release"], digest, text, at.now))

    async def release(self, digest: str) -> Mapping[str, str] | None:
        self._releases.add(digest)

        def run(at: Transaction) -> Mapping[str, str] | None:
            row = at.one(_WAITS["release"], digest)
            return None if row is None else orjson.loads(row[0])

        return await self._read(run)

    async def get_cache(self, scope: str, key: str) -> str | None:
        def run(at: Transaction) -> str | None:
            row = at.one(_WAITS["get_cache"], scope, key)
            return None if row is None else str(row[0])

        return await self._read(run)

    async def put_cache(self, scope: str, key: str, value: str) -> None:
        await self._write(lambda at: at.changes(_WAITS["put_cache"], scope, key, value))

    # --- life cycle ---

    async def idle_candidates(self, *, bot: str, idle_after: float, limit: int = 500) -> Sequence[Session]:
        return await self._scan(lambda at: life.idle(at, bot, idle_after, limit))

    async def expiry_candidates(self, *, limit: int = 500) -> Sequence[Session]:
        return await self._scan(lambda at: life.expired(at, limit))

    async def removable(self, *, gone_for: float, limit: int = 500) -> Sequence[str]:
        return await self._scan(lambda at: life.removable(at, gone_for, limit))

    async def remove(self, session_id: str) -> Sequence[str]:
        return await self._write(lambda at: life.remove(at, session_id))

    async def prune(self, *, inbox_older_than: float, limit: int = 1000) -> int:
        """Goes on where the last call stopped, and from the start once it has come round."""
        kept, cursor = frozenset(self._releases), self._prune_cursor
        removed, self._prune_cursor = await self._write(
            lambda at: life.prune(at, inbox_older_than, limit, cursor=cursor, kept=kept)
        )
        if not removed and self._prune_cursor == cursor:
            self._prune_cursor = 0
        return removed
