"""PostgreSQL and the nodes on it die at random moments; nothing acknowledged is lost, doubled or reordered.

``KILLS`` and ``SEED`` in the environment change how many, and which moments.
"""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.faults.servers import HERE, Person, Zygote, free_port, violations
from tests.postgres.fixtures import programs
from tests.postgres.server import Postgres
from tests.postgres.stores import KEY

KILLS = int(os.environ.get("KILLS", "500")) // 10
SEED = int(os.environ.get("SEED", "1"))
NODES = 2
PEOPLE = 6


@pytest.fixture
def mortal() -> Iterator[Postgres]:
    """A server of the test's own."""
    server = Postgres(programs())
    try:
        server.start()
        yield server
    finally:
        server.destroy()


class Cluster:
    """Nodes on one database, each with a data folder of its own."""

    def __init__(self, zygote: Zygote, folder: Path, url: str) -> None:
        self._zygote = zygote
        self._environment = {"TRUNKLINE_STORE": url, "TRUNKLINE_SECRET_KEY": KEY.hex()}
        self.folder = folder
        self.ports = [free_port() for _ in range(NODES)]
        self.running = [0] * NODES

    async def start(self, node: int) -> None:
        data, port = str(self.folder / f"data{node}"), str(self.ports[node])
        command = ("serve", "--bots", str(HERE / "bots"), "--data", data, "--port", port)
        self.running[node] = await self._zygote.start(*command, log=self.log(node), **self._environment)

    async def start_all(self) -> None:
        for node in range(NODES):
            await self.start(node)

    async def kill(self, node: int) -> None:
        assert await self._zygote.kill(self.running[node]) == -9, self.log(node).read_text()

    async def kill_all(self) -> None:
        for node in range(NODES):
            await self.kill(node)

    def log(self, node: int) -> Path:
        return self.folder / f"node{node}.log"

    @property
    def bases(self) -> list[str]:
        return [f"http://127.0.0.1:{port}" for port in self.ports]


@asynccontextmanager
async def talking(cluster: Cluster, people: int = PEOPLE) -> AsyncIterator[Sequence[Person]]:
    """People who go from node to node while the block runs, and what they found when it is over."""
    stop = asyncio.Event()

    async def talk(person: Person) -> None:
        await person.arrive()
        while not stop.is_set():
            await person.say_next()

    connector = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=connector) as http:
        crowd = [Person(http, cluster.bases) for _ in range(people)]
        async with asyncio.TaskGroup() as talks:
            for person in crowd:
                talks.create_task(talk(person))
            yield crowd
            stop.set()
        found = [line for person in crowd for line in violations(person, await person.log())]
    assert not found, f"SEED={SEED}\n" + "\n".join(found)
    for node in range(NODES):
        assert '"level":"error"' not in cluster.log(node).read_text()


async def until_they_have_said(more: int, people: Sequence[Person]) -> None:
    before = sum(person.sent for person in people)
    while sum(person.sent for person in people) < before + more:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


@pytest.mark.timeout(max(300, KILLS * 10))
async def test_nodes_that_die_are_replaced_by_those_that_live(mortal: Postgres, tmp_path: Path) -> None:
    moments = random.Random(SEED)
    async with Zygote() as zygote:
        cluster = Cluster(zygote, tmp_path, mortal.url())
        await cluster.start_all()
        async with talking(cluster) as people:
            for number in range(KILLS):
                await until_they_have_said(10, people)
                await asyncio.sleep(moments.uniform(0.0, 0.1))  # the moment of the kill
                await cluster.kill(number % NODES)
                await cluster.start(number % NODES)
        await cluster.kill_all()


@pytest.mark.timeout(max(300, KILLS * 10))
async def test_a_database_that_dies_costs_nothing_that_was_acknowledged(
    mortal: Postgres, tmp_path: Path
) -> None:
    moments = random.Random(SEED)
    async with Zygote() as zygote:
        cluster = Cluster(zygote, tmp_path, mortal.url())
        await cluster.start_all()
        async with talking(cluster) as people:
            for _ in range(max(KILLS // 5, 3)):
                await until_they_have_said(10, people)
                await asyncio.sleep(moments.uniform(0.0, 0.1))  # the moment of the kill
                await asyncio.to_thread(mortal.kill)
                await asyncio.to_thread(mortal.start)
        await cluster.kill_all()
