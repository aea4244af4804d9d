"""The one writer: a thread that turns each batch into one transaction.

A failed statement rolls the batch back, and halves of it are tried until the culprit stands alone. A failure
of the file leaves the batch *unknown*: the file is opened again, made durable, and the outcome read back.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from core.errors import StoreCorrupt, StoreUnavailable, TrunklineError
from core.failpoints import failpoint
from core.records import Outcome, StepCommit, step_keys
from core.sealing import Sealer
from core.sqlite import connection as opening
from core.sqlite.steps import Steps
from core.sqlite.transaction import Transaction

log = structlog.get_logger("trunkline.store")

CHECKPOINT_PAGES = 1000  # in the write-ahead log; SQLite's own default
STUCK_PAGES = 16_000  # readers kept it from starting over: now it waits for them
PAGE_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Job:
    """A small write. May run more than once before it is committed once: it touches only the database."""

    run: Callable[[Transaction], Any]


Write = StepCommit | Job


def write_keys(write: Write) -> Sequence[Hashable]:
    return step_keys(write) if isinstance(write, StepCommit) else ()


class _Log:
    """How long the write-ahead log has grown. Its file keeps its size when it starts over, so pages are estimated
    from the writes, and the estimate is corrected at each checkpoint."""

    def __init__(self) -> None:
        self.writes = 0
        self._pages_each = 6.0
        self._pages = 0
        self._size = 0

    def is_due(self, size: int) -> bool:
        grown = size - self._size >= CHECKPOINT_PAGES * PAGE_BYTES
        return grown or self.writes * self._pages_each >= CHECKPOINT_PAGES

    def checkpoint(self, connection: sqlite3.Connection) -> None:
        mode = "RESTART" if self._pages >= STUCK_PAGES else "PASSIVE"
        _, pages, _ = connection.execute(f"PRAGMA wal_checkpoint({mode})").fetchone()
        added = pages - self._pages if pages > self._pages else pages
        self._pages_each = max(added / max(self.writes, 1), 1.0)
        self._pages, self.writes, self._size = pages, 0, max(self._size, pages * PAGE_BYTES)


class Writer:
    """Owns the writing connection. Every method runs in the writer's thread."""

    def __init__(self, path: str, sealer: Sealer, synchronous: str, clock: Callable[[], float]) -> None:
        self._path = path
        self._sealer = sealer
        self._synchronous = synchronous
        self._clock = clock
        self._connection: sqlite3.Connection | None = None
        self._corrupt: StoreCorrupt | None = None
        self._failure: BaseException | None = None
        self._log = _Log()
        self.opened = 0

    def open(self, *, check: bool) -> None:
        """:raises TrunklineError: the file cannot be used; the message says what to do."""
        opening.check_file(self._path)
        try:
            connection = opening.connect(self._path, synchronous=self._synchronous)
            try:
                if check:
                    opening.check_integrity(connection, self._path)
                opening.prepare(connection, self._path)
            except BaseException:
                connection.close()
                raise
        except (sqlite3.Error, OSError) as error:
            raise opening.explain(error, self._path) from error
        self._connection = connection

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()  # the last one out checkpoints and removes the write-ahead log
            self._connection = None

    def run(self, batch: Sequence[Write]) -> list[Any]:
        """A result or an exception for each write of the batch."""
        try:
            connection = self._usable()
        except TrunklineError as error:
            return [error] * len(batch)
        return self._attempt(connection, batch)

    def between(self) -> None:
        """What is due between two batches: the checkpoint, so that no COMMIT waits for it."""
        if self._connection is None or self._path == opening.MEMORY:
            return
        try:
            if self._log.is_due(os.stat(f"{self._path}-wal").st_size):
                failpoint("checkpoint.before")
                self._log.checkpoint(self._connection)
                failpoint("checkpoint.after")
        except FileNotFoundError:
            self._rescue(self._connection)
        except sqlite3.Error as error:
            log.error("checkpoint failed", error=str(error))

    # --- one transaction ---

    def _attempt(self, connection: sqlite3.Connection, batch: Sequence[Write]) -> list[Any]:
        results: list[Any] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            results = self._fill(connection, batch)
            failpoint("commit.before")
        except Exception as error:
            if opening.is_storage_failure(error):
                return self._lost(batch, error)
            self._roll_back(connection)
            if len(batch) == 1:
                return [error]
            middle = len(batch) // 2
            return self.run(batch[:middle]) + self.run(batch[middle:])
        try:
            connection.execute("COMMIT")
        except Exception as error:
            return self._unknown(batch, results, error)
        failpoint("commit.sent")
        self._log.writes += len(batch)
        return results

    def _fill(self, connection: sqlite3.Connection, batch: Sequence[Write]) -> list[Any]:
        """Steps first, then their rows, then the small writes, which so see them."""
        transaction = Transaction(connection, self._sealer, self._clock())
        results: list[Any] = [None] * len(batch)
        steps = Steps(transaction)
        jobs: list[tuple[int, Job]] = []
        for index, write in enumerate(batch):
            if isinstance(write, StepCommit):
                results[index] = steps.apply(write)
            else:
                jobs.append((index, write))
        steps.flush()
        for index, job in jobs:
            results[index] = job.run(transaction)
        return results

    @staticmethod
    def _roll_back(connection: sqlite3.Connection) -> None:
        if connection.in_transaction:
            connection.execute("ROLLBACK")

    # --- failures of the file ---

    def _usable(self) -> sqlite3.Connection:
        if self._corrupt is not None:
            raise self._corrupt
        if self._connection is None:
            self._reopen()
        if self._corrupt is not None:
            raise self._corrupt
        if self._connection is None:
            raise unavailable(self._path, self._failure or OSError("it is not open"))
        return self._connection

    def _lost(self, batch: Sequence[Write], error: BaseException) -> list[Any]:
        """Before the COMMIT: nothing of the batch has happened."""
        log.error("a batch was not written", error=str(error), writes=len(batch))
        self._reopen(damaged=opening.code(error) in opening.DAMAGE)
        return [self._corrupt or unavailable(self._path, error)] * len(batch)

    def _unknown(self, batch: Sequence[Write], results: list[Any], error: BaseException) -> list[Any]:
        """The COMMIT failed: it may have been carried out. A batch is whole, so one step tells for all."""
        log.error("a commit failed and is read back", error=str(error), writes=len(batch))
        self._reopen(damaged=opening.code(error) in opening.DAMAGE)
        committed = any(
            isinstance(result, Outcome) and result.kind == "ok" and self._is_stored(write)
            for write, result in zip(batch, results, strict=True)
            if isinstance(write, StepCommit)
        )
        return results if committed else [self._corrupt or unavailable(self._path, error)] * len(batch)

    def _is_stored(self, step: StepCommit) -> bool:
        """By version: there is no other writer, so a version past what the step read is the step's own."""
        if self._connection is None:
            return False
        try:
            row = self._connection.execute(
                "SELECT version FROM sessions WHERE id = ?", (step.session.id,)
            ).fetchone()
        except sqlite3.Error:
            return False
        return row is not None and row[0] > step.expected

    def _rescue(self, connection: sqlite3.Connection) -> None:
        """The write-ahead log was removed while it was in use: only this connection still sees what is in it.

        Once that is in the database, log and index are made anew. Readers that have the old ones open learn of it
        by ``opened``; until they are done with what they read, this is tried again after each batch.
        """
        log.error("the write-ahead log was removed while it was in use", path=self._path)
        try:
            busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.Error as error:
            log.error("checkpoint failed", error=str(error))
            return
        if not busy:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(f"{self._path}-shm")
            self._reopen()

    def _reopen(self, *, damaged: bool = False) -> None:
        """A fresh connection, or none if the file refuses.

        The checkpoint writes and syncs once more all that the new connection sees, so that nothing is
        believed that a failed sync has left in the page cache only.
        """
        previous, self._connection = self._connection, None
        if self._path == opening.MEMORY:
            self._connection = previous
            if previous is not None:
                self._roll_back(previous)
            return
        try:
            if previous is not None:
                previous.close()
            connection = opening.connect(self._path, synchronous=self._synchronous, mode="rw")
            try:
                if damaged:
                    opening.check_integrity(connection, self._path)
                busy = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
                if busy:
                    raise StoreUnavailable(f"{self._path}: readers hold the write-ahead log")
            except BaseException:
                connection.close()
                raise
        except StoreCorrupt as error:
            self._corrupt = error
        except (sqlite3.Error, OSError, StoreUnavailable) as error:
            log.error("the database cannot be opened again", error=str(error))
            self._failure = error
        else:
            self._connection = connection
            self.opened += 1


def unavailable(path: str, error: BaseException) -> StoreUnavailable:
    full = opening.code(error) == sqlite3.SQLITE_FULL
    return StoreUnavailable(
        f"{path} cannot be written: {error}",
        hint="free some space on that disk"
        if full
        else "look at the disk and at the rights of the data folder",
    )
