"""The rows of a PostgreSQL database for an archive, and of an archive for an empty one. See core.archive."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import asyncpg

from core.archive.folder import PORTION
from core.archive.rows import TABLES, Row, Table
from core.errors import TrunklineError
from core.postgres import life
from core.postgres.connections import SETTINGS, Connection, Database
from core.postgres.failures import is_failure, unavailable
from core.postgres.migrating import migrate, migrations, version
from core.postgres.rows import words

# Cells that somebody was about to write for the first time are not there yet.
_FROM = {"bot_memory": "bot_memory WHERE version > 0"}
_JSONB = {"session_state": {"variables", "context"}}
# A copy takes its time.
_PATIENT = {
    "application_name": "trunkline archive",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
_OTHERS = """SELECT count(*) FROM pg_stat_activity
WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()"""
_CLAIM = """INSERT INTO identities (bot, user_id, session_id)
SELECT bot, user_id, id FROM sessions WHERE user_id IS NOT NULL AND state IN ('active', 'idle')"""


@asynccontextmanager
async def reading(url: str) -> AsyncIterator[PostgresSource]:
    """One moment of the database; a node that starts meanwhile waits until it is over.

    :raises ConfigError: the URL is wrong, or the database another program's.
    :raises TrunklineError: nodes are running, or its schema is not this version's.
    """
    database = Database(url)
    async with _alone(database, "SHARE", isolation="repeatable_read") as connection:
        newest = len(migrations())
        if await version(connection, database.name, newest) != newest:
            raise TrunklineError(f"{database.name} has an older schema", hint="run trunkline migrate first")
        yield PostgresSource(connection)


@asynccontextmanager
async def filling(url: str) -> AsyncIterator[PostgresTarget]:
    """An empty database, whose schema is made if it is absent; all rows come into it or none.

    :raises ConfigError: the URL is wrong, or the database another program's.
    :raises TrunklineError: nodes are running, or it holds rows already.
    """
    database = Database(url)
    await migrate(database, "all")
    async with _alone(database, "ACCESS EXCLUSIVE") as connection:
        for table in TABLES:
            if await connection.fetchval(table.has_rows):
                raise TrunklineError(
                    f"{database.name} is not empty: its table {table.name} has rows",
                    hint="import into a database of its own",
                )
        await life.make_partitions(connection)
        yield PostgresTarget(connection)
        await connection.execute(_CLAIM)


@asynccontextmanager
async def _alone(database: Database, lock: str, **transaction: Any) -> AsyncIterator[Connection]:
    """A transaction in which nobody else writes sessions."""
    connection = await database.connect(**_PATIENT)
    try:
        async with connection.transaction(**transaction):
            if await connection.fetchval("SELECT to_regclass('sessions') IS NOT NULL"):
                await connection.execute(f"LOCK TABLE sessions IN {lock} MODE")
            if running := await connection.fetchval(_OTHERS, SETTINGS["application_name"]):
                raise TrunklineError(
                    f"{database.name} is in use: Trunkline has {running} connections to it",
                    hint="stop every server on it",
                )
            yield connection
    except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
        raise unavailable(database.name, error) if is_failure(error) else error from error
    finally:
        connection.terminate()


class PostgresSource:
    """A ``core.archive.folder.Source``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def rows(self, table: Table) -> AsyncIterator[Sequence[Row]]:
        cursor = await self._connection.cursor(table.select(_FROM.get(table.name, "")))
        while found := await cursor.fetch(PORTION):
            yield [table.row(*row) for row in found]


class PostgresTarget:
    """A ``core.archive.folder.Target``."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def add(self, table: Table, rows: Sequence[Row]) -> None:
        jsonb = _JSONB.get(table.name, ())

        def value(name: str, found: Any) -> Any:
            if not isinstance(found, str):
                return found
            return found.replace("\\u0000", "\\ufffd") if name in jsonb else words(found)

        await self._connection.copy_records_to_table(
            table.name,
            columns=table.columns,
            records=[tuple(map(value, table.columns, table.values(row))) for row in rows],
        )
