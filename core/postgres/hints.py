"""Wake-ups between the nodes: NOTIFY after a commit, from a connection of its own, many hints in one statement.

A hint that is lost costs at most POLL: whoever is waited for here is looked at in the database as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import Callable, Collection, Mapping
from typing import Any

import asyncpg
import orjson
import structlog

from core.errors import TrunklineError
from core.postgres.connections import Database
from core.postgres.failures import is_failure
from core.postgres.queries import load
from core.store import Heard

log = structlog.get_logger("trunkline.store")

CHANNEL = "trunkline"
POLL = 1.0  # s between looks at the sessions that somebody waits for
AGAIN = 1.0  # s after a failure
LARGEST = 7900  # bytes of a payload; PostgreSQL takes less than 8000
LOG = {"type": "log"}

_SQL = load("sessions")


class Hints:
    """:param heard: given what other nodes say.
    :param watched: the sessions that somebody waits for in this process.
    """

    def __init__(self, database: Database, heard: Heard, watched: Callable[[], Collection[str]]) -> None:
        self._database = database
        self._heard = heard
        self._watched = watched
        self._node = secrets.token_hex(8)
        self._pending: dict[tuple[str, str], Mapping[str, Any]] = {}
        self._event = asyncio.Event()
        self._versions: dict[str, int] = {}
        self._closing = False
        self._tasks = [asyncio.create_task(work, name="hints") for work in (self._connected(), self._poll())]

    def tell(self, session_id: str, signal: Mapping[str, Any]) -> None:
        self._pending[session_id, str(signal["type"])] = signal
        self._event.set()

    async def close(self) -> None:
        """Send what is pending, if that is quick."""
        self._closing = True
        self._event.set()
        sender, poller = self._tasks
        poller.cancel()
        await asyncio.wait([sender], timeout=2.0)
        sender.cancel()
        await asyncio.gather(sender, poller, return_exceptions=True)

    # --- the connection ---

    async def _connected(self) -> None:
        """Listen and send, on a new connection whenever the last one has failed."""
        while not self._closing or self._pending:
            try:
                connection = await self._database.connect()
                try:
                    await connection.add_listener(CHANNEL, self._notified)
                    await self._send(connection)
                finally:
                    connection.terminate()
            except Exception as error:
                if not isinstance(error, TrunklineError) and not is_failure(error):
                    log.error("hints failed", exc_info=error)
                if self._closing:
                    return
                await asyncio.sleep(AGAIN)

    async def _send(self, connection: asyncpg.Connection) -> None:
        connection.add_termination_listener(lambda _: self._event.set())
        while not connection.is_closed():
            await self._event.wait()
            self._event.clear()
            while self._pending and not connection.is_closed():
                await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, self._payload())
            if self._closing:
                return

    def _payload(self) -> str:
        """As many hints as fit."""
        size = 64
        said: list[tuple[str, Mapping[str, Any]]] = []
        while self._pending:
            (session_id, _), signal = next(iter(self._pending.items()))
            size += len(session_id) + len(orjson.dumps(signal)) + 8
            if said and size > LARGEST:
                break
            self._pending.pop((session_id, str(signal["type"])))
            said.append((session_id, signal))
        return orjson.dumps([self._node, said]).decode()

    def _notified(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        with contextlib.suppress(ValueError, TypeError):
            node, said = orjson.loads(payload)
            if node != self._node:
                for session_id, signal in said:
                    self._heard(session_id, signal)

    # --- what a lost hint would have said ---

    async def _poll(self) -> None:
        while True:
            await asyncio.sleep(POLL)
            watched = list(self._watched())
            if not watched:
                self._versions.clear()
                continue
            try:
                async with self._database.connection() as connection:
                    rows = await connection.fetch(_SQL["versions"], watched)
            except Exception as error:
                if not isinstance(error, TrunklineError) and not is_failure(error):
                    log.error("hints failed", exc_info=error)
                continue
            for session_id, version in rows:
                if (
                    self._versions.get(session_id) != version
                ):  # also at the first look: it may have been too late
                    self._heard(session_id, LOG)
            self._versions = {row[0]: row[1] for row in rows}
