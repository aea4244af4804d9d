"""PostgresStore: the Store protocol over a connection that commits steps, one that hints, and a pool."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import orjson

from core.batching import Batcher, Done
from core.errors import ConfigError, StoreUnavailable
from core.failpoints import failpoint
from core.messages import DeliveryStatus, Message
from core.postgres import life, outbox, queue
from core.postgres.committer import Committer
from core.postgres.connections import Database
from core.postgres.hints import Hints
from core.postgres.migrating import Mode, migrate, migrations, version
from core.postgres.queries import load
from core.postgres.refusals import Refusals
from core.postgres.rows import codec, words
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
    step_keys,
)
from core.sealing import Sealer
from core.store import Heard

_SQL = load("sessions")
_WAITS = load("waits")
_LIFE = load("life")
_ABSENT = MemoryCell(None, 0)
_MOST = 2**63 - 1


class PostgresStore:
    """See ``core.store.Store``.

    :param url: ``postgresql://user:password@host:port/database``.
    :param migrate: ``auto`` applies pending migrations at the start, ``manual`` refuses to start while one is.
    :param read_only: for commands that only look: nothing is migrated.
    """

    def __init__(self, url: str, *, sealer: Sealer, migrate: Mode = "auto", read_only: bool = False) -> None:
        self.durable = False
        self.shared = True
        self._database = Database(url)
        self._sealer = sealer
        self._migrate = migrate
        self._read_only = read_only
        self._committer = Committer(self._database, sealer)
        self._commits: Batcher[StepCommit, Session | None] | None = None
        self._loads: Batcher[str, Session | None] | None = None
        self._loading: set[asyncio.Task[None]] = set()
        self._refusals = Refusals(self._database, sealer)
        self._hints: Hints | None = None
        self._releases: set[str] = set()  # asked for or put by this process: never pruned

    # --- opening ---

    async def open(self) -> None:
        if not self._read_only:
            await migrate(self._database, self._migrate)
        await self._database.open()
        try:
            if self._read_only:
                await self._check_schema()
            else:
                await self._database.write(life.make_partitions)
            self.durable = await self._database.read(lambda at: at.fetchval(_WAITS["durable"]))
        except BaseException:
            await self._database.close()
            raise
        self._commits = Batcher(self._committer.send, keys=step_keys)
        self._loads = Batcher(self._load)

    async def _check_schema(self) -> None:
        steps = migrations()
        found = await self._database.read(lambda at: version(at, self._database.name, len(steps)))
        if any(step.kind != "contract" for step in steps[found:]):
            raise ConfigError(
                f"{self._database.name} has an older schema",
                hint="start the server once, or run trunkline migrate",
            )

    async def close(self) -> None:
        """Finish what was asked, then close the connections."""
        for batcher in (self._loads, self._commits):
            if batcher is not None:
                await batcher.drained()
        self._commits = self._loads = None
        hints, self._hints = self._hints, None
        if hints is not None:
            await hints.close()
        await self._committer.close()
        await self._database.close()

    async def ping(self) -> datetime:
        found: datetime = await self._database.write(lambda at: at.fetchval(_WAITS["ping"]))
        return found

    # --- wake-ups ---

    def listen(self, heard: Heard, watched: Callable[[], Collection[str]]) -> None:
        self._hints = Hints(self._database, heard, watched)

    def tell(self, session_id: str, signal: Mapping[str, Any]) -> None:
        if self._hints is not None:
            self._hints.tell(session_id, signal)

    # --- sessions ---

    async def create(self, session: Session, *, address: Address | None, token: Token | None) -> Session:
        return await self._database.write(lambda at: queue.create(at, self._sealer, session, address, token))

    async def load(self, session_id: str) -> Session | None:
        found: Session | None = await self._open(self._loads).submit(session_id)
        return found

    def _load(self, ids: Sequence[str], done: Done[Session | None]) -> None:
        task = asyncio.create_task(self._load_all(ids, done), name="store-load")
        self._loading.add(task)
        task.add_done_callback(self._loading.discard)

    async def _load_all(self, ids: Sequence[str], done: Done[Session | None]) -> None:
        try:
            rows = await self._database.read(lambda at: at.fetch(_SQL["load"], list({*ids})))
            found = {row[0]: codec.session(row, self._sealer) for row in rows}
        except BaseException as error:
            done([error if isinstance(error, Exception) else StoreUnavailable("is being closed")] * len(ids))
            if not isinstance(error, Exception):
                raise
        else:
            done([found.get(session_id) for session_id in ids])

    def _open(self, batcher: Batcher[Any, Any] | None) -> Batcher[Any, Any]:
        if batcher is None:
            raise StoreUnavailable(f"{self._database.name} is not open")
        return batcher

    async def load_memory(self, keys: Sequence[MemoryKey]) -> Mapping[MemoryKey, MemoryCell]:
        columns = [key.bot for key in keys], [key.scope for key in keys], [key.key for key in keys]
        rows = await self._database.read(lambda at: at.fetch(_SQL["memory"], *columns))
        found = {MemoryKey(row[0], row[1], row[2]): MemoryCell(row[3], row[4]) for row in rows}
        return {key: found.get(key, _ABSENT) for key in keys}

    async def find(self, key: AddressKey) -> Address | None:
        row = await self._row(_SQL["address"], key.bot, key.channel, key.account, key.address)
        return None if row is None else codec.address(row)

    async def user_session(self, bot: str, user_id: str) -> str | None:
        row = await self._row(_SQL["user_session"], bot, user_id)
        return None if row is None else str(row[0])

    async def commit(self, step: StepCommit) -> Outcome:
        if self._read_only:
            raise StoreUnavailable(f"{self._database.name} is opened for reading only")
        failpoint("in.before_insert")
        committed = await self._open(self._commits).submit(step)
        if committed is None and await self._refusals.lacks_identity(step):
            committed = await self._open(self._commits).submit(step)
        failpoint("commit.after")
        if committed is None:
            return await self._refusals.outcome(step)
        return Outcome(kind="ok", session=committed)

    async def event(self, session_id: str, key: EventKey) -> InboxRow | None:
        return await self._database.read(lambda at: queue.event(at, self._sealer, session_id, key))

    async def backlog(self, session_id: str, *, limit: int = 50) -> Sequence[InboxRow]:
        return [
            codec.inbox(row, self._sealer) for row in await self._rows(_SQL["backlog"], session_id, limit)
        ]

    async def messages(self, session_id: str, *, after: int = 0, limit: int = 100) -> Sequence[Message]:
        rows = await self._rows(_SQL["messages"], session_id, min(max(after, 0), _MOST), limit)
        return [codec.message(row) for row in rows]

    async def list_sessions(
        self, *, bot: str | None = None, state: str | None = None, limit: int = 100
    ) -> Sequence[Session]:
        rows = await self._rows(_SQL["list_sessions"], bot, state, limit)
        return [codec.session(row, self._sealer) for row in rows]

    # --- failures of a step ---

    async def note_failure(self, row: InboxRow, error: str) -> int:
        return await self._database.write(lambda at: queue.note_failure(at, self._sealer, row, error))

    async def bury(self, session_id: str, key: EventKey, error: str) -> None:
        await self._database.write(lambda at: queue.bury(at, session_id, key, error))

    async def suspect(self, keys: Sequence[tuple[str, EventKey]]) -> None:
        await self._database.write(lambda at: queue.suspect(at, keys))

    async def dead_letters(self, *, limit: int = 100) -> Sequence[InboxRow]:
        return [codec.inbox(row, self._sealer) for row in await self._rows(_SQL["dead_letters"], limit)]

    # --- tokens ---

    async def token(self, sha256: bytes) -> Token | None:
        row = await self._row(_SQL["token"], sha256)
        return None if row is None else codec.token(row)

    async def add_token(self, token: Token) -> None:
        await self._database.write(lambda at: at.execute(_SQL["insert_token"], *codec.token_row(token)))

    async def redeem(self, sha256: bytes) -> Token | None:
        return await self._database.write(lambda at: queue.redeem(at, sha256))

    # --- outbox ---

    async def claim_outbox(
        self, owner: str, *, channels: Sequence[str], lease: float, limit: int = 100
    ) -> Sequence[OutboxRow]:
        return await self._database.write(
            lambda at: outbox.claim(at, self._sealer, owner, channels, lease, limit)
        )

    async def mark_part(self, row: OutboxRow, provider_id: str) -> bool:
        return await self._database.write(lambda at: outbox.mark_part(at, row, provider_id))

    async def settle_outbox(self, rows: Sequence[OutboxRow]) -> None:
        await self._database.write(lambda at: outbox.settle(at, rows))

    async def apply_delivery(self, channel: str, account: str, report: DeliveryStatus) -> OutboxRow | None:
        return await self._database.write(
            lambda at: outbox.apply_delivery(at, self._sealer, channel, account, report)
        )

    async def list_outbox(self, *, states: Sequence[str], limit: int = 100) -> Sequence[OutboxRow]:
        return await self._database.read(lambda at: outbox.listed(at, self._sealer, states, limit))

    async def change_outbox(self, row_id: str, state: str) -> bool:
        return await self._database.write(lambda at: outbox.change(at, row_id, state))

    async def next_outbox_at(self) -> datetime | None:
        return await self._database.read(outbox.next_at)

    # --- timers and outside calls ---

    async def due_timers(self, *, limit: int = 100) -> Sequence[Timer]:
        return [codec.timer(row) for row in await self._rows(_WAITS["due_timers"], limit)]

    async def next_timer_at(self) -> datetime | None:
        row = await self._row(_WAITS["next_timer_at"])
        return row[0] if row else None

    async def claim_effects(self, owner: str, *, lease: float, limit: int = 20) -> Sequence[Effect]:
        rows = await self._database.write(lambda at: at.fetch(_WAITS["claim_effects"], owner, lease, limit))
        return [codec.effect(row, self._sealer) for row in rows]

    async def renew_effect(self, effect: Effect, *, lease: float) -> bool:
        place = (effect.session_id, effect.suspension, effect.epoch)
        renewed = await self._database.write(lambda at: at.fetchval(_WAITS["renew_effect"], *place, lease))
        return renewed is not None

    async def sessions_with_backlog(self, *, idle_for: float, limit: int = 100) -> Sequence[str]:
        return [row[0] for row in await self._rows(_SQL["sessions_with_backlog"], idle_for, limit)]

    # --- files, releases, small things ---

    async def add_file(self, file: StoredFile) -> None:
        values = (file.id, file.session_id, words(file.name), file.mime, file.size, file.created_at)
        await self._database.write(lambda at: at.execute(_WAITS["add_file"], *values))

    async def file(self, file_id: str) -> StoredFile | None:
        row = await self._row(_WAITS["file"], file_id)
        return None if row is None else codec.file(row)

    async def file_bytes(self, session_id: str) -> int:
        row = await self._row(_WAITS["file_bytes"], session_id)
        return int(row[0])

    async def put_release(self, digest: str, sources: Mapping[str, str]) -> None:
        self._releases.add(digest)
        text = orjson.dumps(dict(sources)).decode()
        await self._database.write(lambda at: at.execute(_WAITS["put_release"], digest, text))

    async def release(self, digest: str) -> Mapping[str, str] | None:
        self._releases.add(digest)
        row = await self._row(_WAITS["release"], digest)
        return None if row is None else orjson.loads(row[0])

    async def get_cache(self, scope: str, key: str) -> str | None:
        row = await self._row(_WAITS["get_cache"], scope, key)
        return None if row is None else str(row[0])

    async def put_cache(self, scope: str, key: str, value: str) -> None:
        await self._database.write(lambda at: at.execute(_WAITS["put_cache"], scope, key, value))

    # --- life cycle ---

    async def idle_candidates(self, *, bot: str, idle_after: float, limit: int = 500) -> Sequence[Session]:
        rows = await self._rows(_LIFE["idle"], bot, idle_after, limit)
        return [codec.session(row, self._sealer) for row in rows]

    async def expiry_candidates(self, *, limit: int = 500) -> Sequence[Session]:
        rows = await self._rows(_LIFE["expired"], life.QUIET, life.UNUSED, limit)
        return [codec.session(row, self._sealer) for row in rows]

    async def removable(self, *, gone_for: float, limit: int = 500) -> Sequence[str]:
        return [row[0] for row in await self._rows(_LIFE["removable"], gone_for, limit)]

    async def remove(self, session_id: str) -> Sequence[str]:
        return await self._database.write(lambda at: life.remove(at, session_id))

    async def prune(self, *, inbox_older_than: float, limit: int = 1000) -> int:
        await self._database.write(life.make_partitions)
        kept = frozenset(self._releases)
        return await self._database.write(lambda at: life.prune(at, inbox_older_than, limit, kept))

    # --- reading ---

    async def _rows(self, query: str, *values: Any) -> Sequence[Any]:
        return await self._database.read(lambda at: at.fetch(query, *values))

    async def _row(self, query: str, *values: Any) -> Any:
        return await self._database.read(lambda at: at.fetchrow(query, *values))
