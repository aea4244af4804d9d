"""Wake-ups between two processes on one database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from core.postgres import PostgresStore
from core.postgres.hints import CHANNEL, LOG
from tests.postgres.server import Postgres
from tests.postgres.stores import make_store
from trunkline.testing.store_values import new_session, step


class Node:
    """A store that listens, and what it has heard."""

    def __init__(self, folder: Path) -> None:
        self.store: PostgresStore = make_store(folder)
        self.watched: set[str] = set()
        self.heard: asyncio.Queue[tuple[str, Mapping[str, Any]]] = asyncio.Queue()

    async def open(self, *, listening: bool = True) -> None:
        await self.store.open()
        if listening:
            self.store.listen(
                lambda session, signal: self.heard.put_nowait((session, signal)), lambda: self.watched
            )

    async def next(self) -> tuple[str, Mapping[str, Any]]:
        async with asyncio.timeout(10):
            return await self.heard.get()


async def listening(postgres: Postgres, database: str, count: int) -> None:
    """Return once so many connections listen."""
    name = database.rpartition("/")[2]
    query = (
        "SELECT count(*) FROM pg_stat_activity "
        f"WHERE datname = '{name}' AND query ILIKE 'LISTEN %{CHANNEL}%' AND state = 'idle'"
    )
    async with asyncio.timeout(10):
        while (await postgres.execute(query))[0][0] < count:
            pass


@pytest.fixture
async def nodes(database: str, postgres: Postgres, tmp_path: Path) -> AsyncIterator[tuple[Node, Node]]:
    pair = Node(tmp_path), Node(tmp_path)
    for node in pair:
        await node.open()
    await listening(postgres, database, 2)
    yield pair
    for node in pair:
        await node.store.close()


async def test_what_one_node_tells_the_others_hear(nodes: tuple[Node, Node]) -> None:
    a, b = nodes
    a.store.tell("s1", {"type": "closed", "code": "E_REVOKED"})
    assert await b.next() == ("s1", {"type": "closed", "code": "E_REVOKED"})
    assert a.heard.empty()


async def test_more_hints_than_a_notification_holds_all_arrive(nodes: tuple[Node, Node]) -> None:
    a, b = nodes
    told = {f"session-{number:04}" for number in range(1000)}
    for session in told:
        a.store.tell(session, LOG)
    assert {(await b.next())[0] for _ in told} == told


async def test_hints_come_again_after_the_connections_were_cut(
    nodes: tuple[Node, Node], postgres: Postgres, database: str
) -> None:
    a, b = nodes
    assert await postgres.disconnect_all(database) >= 2
    await listening(postgres, database, 2)
    a.store.tell("s2", LOG)
    assert await b.next() == ("s2", LOG)


async def test_a_hint_that_is_lost_costs_a_second(database: str, tmp_path: Path) -> None:
    silent, waiting = Node(tmp_path), Node(tmp_path)
    await silent.open(listening=False)
    await waiting.open()
    session = await silent.store.create(new_session(), address=None, token=None)
    waiting.watched.add(session.id)
    assert await waiting.next() == (session.id, LOG)  # the first look
    assert (await silent.store.commit(step(session))).kind == "ok"
    assert await waiting.next() == (session.id, LOG)
    for node in (silent, waiting):
        await node.store.close()
