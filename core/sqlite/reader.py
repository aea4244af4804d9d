"""A reader: a connection of its own that never writes and never waits for the writer (WAL)."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any

from core.errors import StoreUnavailable
from core.sealing import Sealer
from core.sqlite import connection as opening
from core.sqlite.transaction import Transaction


class Reader:
    """Runs in its thread; the connection is opened at the first read, and again after the file failed.

    :param opened: how often the writer has opened the file: what was open before must not be read any more.
    """

    def __init__(
        self, path: str, sealer: Sealer, clock: Callable[[], float], opened: Callable[[], int] = lambda: 0
    ) -> None:
        self._path = path
        self._sealer = sealer
        self._clock = clock
        self._opened = opened
        self._seen = 0
        self._connection: sqlite3.Connection | None = None

    def run(self, batch: Sequence[Callable[[Transaction], Any]]) -> list[Any]:
        """A value or an exception for each read."""
        return [self._one(read) for read in batch]

    def _one(self, read: Callable[[Transaction], Any]) -> Any:
        try:
            if self._seen != self._opened():
                self.close()
                self._seen = self._opened()
            if self._connection is None:
                self._connection = opening.connect(self._path, mode="ro")
            return read(Transaction(self._connection, self._sealer, self._clock()))
        except Exception as error:
            if not opening.is_storage_failure(error):
                return error
            self.close()
            return StoreUnavailable(f"{self._path} cannot be read: {error}", hint="look at the disk")

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
