"""The rows of a SQLite file for an archive, and of an archive for a new file. See core.archive."""

from __future__ import annotations

import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from core.archive.folder import PORTION
from core.archive.rows import TABLES, Row, Table
from core.errors import TrunklineError
from core.sqlite import connection as opening
from core.sqlite.queries import migrations
from core.sqlite.rows import text

# Here a provider's id belongs to a message, and the message to a session.
_FROM = {
    "outbox_parts": "(SELECT o.session_id, p.* FROM outbox_parts p JOIN outbox o ON o.id = p.outbox_id)",
}
_LACKS = {"outbox_parts": {"session_id"}}


@contextmanager
def reading(path: str) -> Iterator[SqliteSource]:
    """One moment of the file; no server can start meanwhile.

    :raises ConfigError: a server uses it, or its schema is not this version's.
    """
    with _alone(path) as connection:
        newest = len(migrations())
        if opening.check_shape(connection, path, newest) != newest:
            raise TrunklineError(f"{path} has an older schema", hint="run trunkline migrate first")
        yield SqliteSource(connection)


@contextmanager
def filling(path: str) -> Iterator[SqliteTarget]:
    """A file that is made if it is absent; all rows come into it or none.

    :raises ConfigError: a server uses it. :raises TrunklineError: it holds rows already.
    """
    with _alone(path) as connection:
        opening.prepare(connection, path)
        connection.execute("BEGIN IMMEDIATE")
        for table in TABLES:
            if connection.execute(table.has_rows).fetchone()[0]:
                raise TrunklineError(
                    f"{path} is not empty: its table {table.name} has rows",
                    hint="import into a data folder of its own, with --data",
                )
        yield SqliteTarget(connection)
        connection.execute("COMMIT")


@contextmanager
def _alone(path: str) -> Iterator[sqlite3.Connection]:
    lock = opening.FileLock(path)
    lock.take()
    connection = None
    try:
        connection = opening.connect(path)
        opening.check_integrity(connection, path)
        yield connection
    except sqlite3.Error as error:
        raise opening.explain(error, path) from error
    finally:
        if connection is not None:
            connection.close()
        lock.give_back(clean=connection is not None)


class SqliteSource:
    """A ``core.archive.folder.Source``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def rows(self, table: Table) -> AsyncIterator[Sequence[Row]]:
        times, flags = table.columns_of(datetime), table.columns_of(bool)

        def value(name: str, found: Any) -> Any:
            if found is not None and name in times:
                return datetime.fromisoformat(found)
            return bool(found) if name in flags else found

        cursor = self._connection.execute(table.select(_FROM.get(table.name, "")))
        while found := cursor.fetchmany(PORTION):
            yield [table.row(*map(value, table.columns, row)) for row in found]


class SqliteTarget:
    """A ``core.archive.folder.Target``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    async def add(self, table: Table, rows: Sequence[Row]) -> None:
        columns = [name for name in table.columns if name not in _LACKS.get(table.name, ())]
        names, marks = ", ".join(columns), ", ".join("?" * len(columns))
        self._connection.executemany(
            f"INSERT INTO {table.name} ({names}) VALUES ({marks})",  # noqa: S608  every name is ours
            [[_bound(getattr(row, name)) for name in columns] for row in rows],
        )


def _bound(value: Any) -> Any:
    return text(value) if isinstance(value, datetime) else value
