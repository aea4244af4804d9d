"""The connection that commits batches of steps: one statement each, one in flight.

An error that is the statement's own bisects the batch, so that a step costs its neighbours nothing. Any other
ends the connection, and the outcome of the batch is read back on a new one. What was not written is sent once
more: should the old statement still come through, its rows make the repetition a duplicate or a miss.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import asyncpg
import structlog
from msgspec.structs import replace

from core.batching import Done
from core.errors import StoreUnavailable, TrunklineError
from core.failpoints import failpoint
from core.postgres.batch import Batch
from core.postgres.connections import COMMITTING, RACES, Database
from core.postgres.failures import is_failure, is_lost_race, is_own_fault, unavailable
from core.postgres.queries import load
from core.postgres.rows import codec
from core.records import Session, StepCommit
from core.sealing import Sealer

log = structlog.get_logger("trunkline.store")

_SQL = load("steps")
_SELECT = load("sessions")

Committed = Session | BaseException | None
"""The session as committed; None: the step was refused."""


class Committer:
    """Sends batches; see ``core.batching.Batcher``."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer
        self._connection: asyncpg.Connection | None = None
        self._task: asyncio.Task[None] | None = None

    def send(self, steps: Sequence[StepCommit], done: Done[Session | None]) -> None:
        self._task = asyncio.create_task(self._carry(steps, done), name="store-commit")

    async def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(Exception):
                await connection.close(timeout=2)

    async def _carry(self, steps: Sequence[StepCommit], done: Done[Session | None]) -> None:
        results: Sequence[Committed]
        try:
            results = await self._commit(steps)
        except Exception as error:  # every caller waits for an answer
            results = [error] * len(steps)
        except BaseException:
            self._give_up()
            done([StoreUnavailable(f"{self._database.name} is being closed")] * len(steps))
            raise
        done(results)

    async def _commit(self, steps: Sequence[StepCommit]) -> list[Committed]:
        resent = False
        races = 0
        while True:
            batch = Batch(steps, self._sealer)
            try:
                return await self._send(batch, steps)
            except TrunklineError as error:  # no connection is to be had: nothing was sent
                return [error] * len(steps)
            except Exception as error:
                if is_own_fault(error):
                    return await self._bisected(steps, error)
                if not is_failure(error):
                    self._give_up()
                    raise
                self._give_up()
                if is_lost_race(error):
                    races += 1
                    if races < RACES:
                        continue
                    return [unavailable(self._database.name, error)] * len(steps)
                log.warning(
                    "a commit is read back", error=str(error) or type(error).__name__, steps=len(steps)
                )
                known = await self._read_back(batch, steps)
                if known is not None:
                    return known
                if resent:
                    return [unavailable(self._database.name, error)] * len(steps)
                resent = True

    async def _send(self, batch: Batch, steps: Sequence[StepCommit]) -> list[Committed]:
        connection = await self._usable()
        cells = batch.new_cells()
        if cells is not None:
            await connection.execute(_SQL["make_cells"], *cells)
        text, arguments = batch.statement()
        failpoint("commit.before")
        written = {row[0]: row for row in await connection.fetch(text, *arguments)}
        failpoint("commit.sent")
        return [_as_written(step, written.get(step.session.id)) for step in steps]

    async def _bisected(self, steps: Sequence[StepCommit], error: Exception) -> list[Committed]:
        if len(steps) == 1:
            return [error]
        middle = len(steps) // 2
        return [*await self._commit(steps[:middle]), *await self._commit(steps[middle:])]

    async def _usable(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._database.connect(**COMMITTING)
        return self._connection

    def _give_up(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.terminate()

    async def _read_back(self, batch: Batch, steps: Sequence[StepCommit]) -> list[Committed] | None:
        """What the batch has written, or None if that is nothing.

        A step that shows no mark of a batch that was committed was refused, or others have written over both its
        marks since; then its event's row answers as a duplicate.
        """
        try:
            connection = await self._usable()
            ids = [step.session.id for step in steps]
            keys = [(step.session.id, step.inbox.key) for step in steps if step.inbox is not None]
            marked = {
                row[0]
                for row in await connection.fetch(
                    _SQL["marked"],
                    ids,
                    batch.id,
                    [session_id for session_id, _ in keys],
                    [key.channel for _, key in keys],
                    [key.account for _, key in keys],
                    [key.external_id for _, key in keys],
                )
            }
            if not marked:
                return None
            rows = await connection.fetch(_SELECT["load"], list(marked))
        except Exception as error:
            self._give_up()
            if isinstance(error, TrunklineError):
                return [error] * len(steps)
            if not is_failure(error):
                raise
            return [unavailable(self._database.name, error)] * len(steps)
        found = {row[0]: codec.session(row, self._sealer) for row in rows}
        return [found.get(step.session.id) for step in steps]


def _as_written(step: StepCommit, row: Any) -> Session | None:
    if row is None:
        return None
    return replace(
        step.session,
        version=step.expected + 1,
        accept_seq=row[1],
        backlog=row[2],
        rate_start=row[3],
        rate_count=row[4],
        rate_previous=row[5],
    )
