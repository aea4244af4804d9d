"""Connections: their settings, and a small pool that never gives a doubtful one out again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar
from urllib.parse import urlsplit

import asyncpg

from core.errors import ConfigError, StoreUnavailable
from core.postgres.failures import is_failure, is_lost_race, is_own_fault, is_wrong_setting, unavailable

Connection = asyncpg.Connection
Value = TypeVar("Value")
Work = Callable[[Any], Awaitable[Value]]

CONNECT_SECONDS = 5.0
COMMAND_SECONDS = 10.0
ACQUIRE_SECONDS = 2.0
POOL = 8
RACES = 5  # times that a transaction is run again because it lost one

# Ends what hangs: a peer that died without a word else holds its locks for up to two hours.
SETTINGS = {
    "application_name": "trunkline",
    "statement_timeout": "10s",
    "lock_timeout": "2s",
    "idle_in_transaction_session_timeout": "15s",
    "tcp_user_timeout": "10s",
    "tcp_keepalives_idle": "15",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "3",
    "timezone": "UTC",
    "jit": "off",
}
# Of the connection that commits batches: one plan, made once, that finds every row by an index.
COMMITTING = {"plan_cache_mode": "force_generic_plan", "enable_seqscan": "off"}


async def _keep(_connection: Any) -> None:
    """We change no setting of a pooled connection, so nothing is reset: that saves a round trip a use."""


class Database:
    """Where the database is, and the connections to it.

    :param url: ``postgresql://user:password@host:port/database?…`` as libpq and asyncpg read it.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self.name = shown(url)
        self._pool: asyncpg.Pool | None = None

    async def open(self) -> None:
        """:raises ConfigError: the URL, the user, the password or the database's name is wrong.
        :raises StoreUnavailable: nobody answers."""
        try:
            self._pool = await asyncpg.create_pool(
                self._url,
                min_size=1,
                max_size=POOL,
                timeout=CONNECT_SECONDS,
                command_timeout=COMMAND_SECONDS,
                server_settings=SETTINGS,
                max_inactive_connection_lifetime=300.0,
                max_cacheable_statement_size=0,
                reset=_keep,
            )
        except Exception as error:
            raise self._refused(error) from error

    async def close(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                async with asyncio.timeout(ACQUIRE_SECONDS):
                    await pool.close()
            except Exception:
                pool.terminate()

    async def connect(self, **more: str) -> asyncpg.Connection:
        """A connection of one's own. :raises ConfigError, StoreUnavailable: as :meth:`open`."""
        try:
            return await asyncpg.connect(
                self._url,
                timeout=CONNECT_SECONDS,
                command_timeout=COMMAND_SECONDS,
                server_settings={**SETTINGS, **more},
                max_cacheable_statement_size=0,
                max_cached_statement_lifetime=0,
            )
        except Exception as error:
            raise self._refused(error) from error

    def _refused(self, error: Exception) -> Exception:
        if is_wrong_setting(error) or (isinstance(error, ValueError) and not isinstance(error, OSError)):
            return ConfigError(
                f"{self.name}: {error}", hint="set store to postgresql://user:password@host/database"
            )
        return unavailable(self.name, error) if is_failure(error) else error

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """One of the pool's. After an error that is not the statement's own it is closed, whatever it looks like."""
        if self._pool is None:
            raise StoreUnavailable(f"{self.name} is not open")
        try:
            connection = await self._pool.acquire(timeout=ACQUIRE_SECONDS)
        except Exception as error:
            raise unavailable(self.name, error) from error
        try:
            yield connection
        except BaseException as error:
            if not is_own_fault(error):
                connection.terminate()
            raise
        finally:
            await self._pool.release(connection)

    async def read(self, work: Work[Value]) -> Value:
        """Run *work* on a connection; once more on another if that one was lost."""
        try:
            return await self._run(work)
        except StoreUnavailable:
            return await self._run(work)

    async def write(self, work: Work[Value]) -> Value:
        """Run *work* in a transaction. It runs again after a lost race; after a lost connection nobody knows."""

        async def transact(connection: asyncpg.Connection) -> Value:
            async with connection.transaction():
                return await work(connection)

        return await self._run(transact)

    async def _run(self, work: Work[Value]) -> Value:
        for race in range(RACES):
            try:
                async with self.connection() as connection:
                    return await work(connection)
            except Exception as error:
                if is_lost_race(error) and race + 1 < RACES:
                    continue
                if is_own_fault(error) or not is_failure(error):
                    raise
                raise unavailable(self.name, error) from error
        raise AssertionError


def shown(url: str) -> str:
    """The database's address without user and password."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or "localhost"
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "postgresql://"
    return f"postgresql://{host}{port}{parts.path}"
