"""``kill -9`` at random moments of running conversations: nothing acknowledged is lost, doubled or reordered.

``KILLS`` and ``SEED`` in the environment change how many, and which moments.
"""

from __future__ import annotations

import asyncio
import os
import random
from pathlib import Path

import aiohttp
import pytest

from tests.faults.servers import HERE, Person, Zygote, free_port, violations

KILLS = int(os.environ.get("KILLS", "500"))
SEED = int(os.environ.get("SEED", "1"))
PEOPLE = 8
ENOUGH = min(KILLS // 4, 100)  # messages that must be acknowledged between the kills


async def _talk(person: Person, stop: asyncio.Event) -> None:
    await person.arrive()
    while not stop.is_set():
        await person.say_next()


@pytest.mark.timeout(max(300, KILLS))
async def test_nothing_is_lost_doubled_or_reordered_when_the_server_is_killed_at_random(
    tmp_path: Path,
) -> None:
    moments = random.Random(SEED)
    port, log = free_port(), tmp_path / "server.log"
    command = ("serve", "--bots", str(HERE / "bots"), "--data", str(tmp_path / "data"), "--port", str(port))
    stop = asyncio.Event()
    connector = aiohttp.TCPConnector(force_close=True)
    async with Zygote() as zygote, aiohttp.ClientSession(connector=connector) as http:
        people = [Person(http, [f"http://127.0.0.1:{port}"]) for _ in range(PEOPLE)]
        talks = [asyncio.create_task(_talk(person, stop)) for person in people]
        kills = 0
        while kills < KILLS or sum(person.sent for person in people) < ENOUGH:  # a slow machine takes more
            server = await zygote.start(*command, log=log)
            await asyncio.sleep(moments.uniform(0.0, 0.16))  # the moment of the kill
            assert await zygote.kill(server) == -9, log.read_text()
            kills += 1
        server = await zygote.start(*command, log=log)
        stop.set()
        await asyncio.gather(*talks)
        logs = [await person.log() for person in people]
        await zygote.kill(server)
    found = [
        line for person, messages in zip(people, logs, strict=True) for line in violations(person, messages)
    ]
    assert not found, f"SEED={SEED}\n" + "\n".join(found)
    assert "Traceback" not in log.read_text()
