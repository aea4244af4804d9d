"""``SIGTERM`` while everybody talks: the drain refuses nobody half-way, and loses, doubles and reorders nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import aiohttp

from tests.faults.servers import HERE, Person, Zygote, free_port, violations

STOPS = 5
PEOPLE = 20
START_SECONDS = 60


async def _talk(person: Person, said: asyncio.Semaphore, stop: asyncio.Event) -> None:
    await person.arrive()
    while not stop.is_set():
        await person.say_next()
        said.release()


async def test_a_server_that_is_stopped_under_load_answers_what_it_took_and_takes_no_more(
    tmp_path: Path,
) -> None:
    port, log = free_port(), tmp_path / "server.log"
    command = ("serve", "--bots", str(HERE / "bots"), "--data", str(tmp_path / "data"), "--port", str(port))
    said, stop = asyncio.Semaphore(0), asyncio.Event()
    # Connections are kept alive, as proxies keep them: they go on bringing requests while the server drains.
    async with Zygote() as zygote, aiohttp.ClientSession() as http:
        people = [Person(http, [f"http://127.0.0.1:{port}"]) for _ in range(PEOPLE)]
        talks = [asyncio.create_task(_talk(person, said, stop)) for person in people]
        for _ in range(STOPS):
            server = await zygote.start(*command, log=log)
            async with asyncio.timeout(START_SECONDS):
                for _ in range(2 * PEOPLE):
                    await said.acquire()
            assert await zygote.terminate(server) == 0, log.read_text()
        server = await zygote.start(*command, log=log)
        stop.set()
        await asyncio.gather(*talks)
        logs = [await person.log() for person in people]
        assert await zygote.terminate(server) == 0
    found = [
        line for person, messages in zip(people, logs, strict=True) for line in violations(person, messages)
    ]
    assert not found, "\n".join(found)
    assert '"level":"error"' not in log.read_text()
    assert "did not close the database" not in log.read_text()
