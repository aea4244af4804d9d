"""What runs inside the writer's transaction gets this: the connection, the sealer and the database's time."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from core.sealing import Sealer
from core.sqlite.rows import text


@dataclass(frozen=True)
class Transaction:
    """Also serves readers, which have no transaction but the same needs.

    :param seconds: the database's clock, read once a batch, so that everything in it agrees.
    """

    connection: sqlite3.Connection
    sealer: Sealer
    seconds: float

    @cached_property
    def now(self) -> str:
        return self.after(0)

    def after(self, seconds: float) -> str:
        """The time so many seconds from now; negative: ago."""
        return text(datetime.fromtimestamp(self.seconds, UTC) + timedelta(seconds=seconds))

    def execute(self, query: str, *values: Any) -> sqlite3.Cursor:
        return self.connection.execute(query, values)

    def one(self, query: str, *values: Any) -> Any:
        return self.connection.execute(query, values).fetchone()

    def all(self, query: str, *values: Any) -> list[Any]:
        return self.connection.execute(query, values).fetchall()

    def exists(self, query: str, *values: Any) -> bool:
        return self.one(query, *values) is not None

    def changes(self, query: str, *values: Any) -> int:
        return self.connection.execute(query, values).rowcount
