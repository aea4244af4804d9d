"""The server dies at each named step of a commit, five times each; the conversation goes on as if nothing had been."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import aiohttp
import pytest

from tests.faults.servers import HERE, Person, Zygote, free_port, violations

TIMES = int(os.environ.get("TIMES", "5"))
PEOPLE = 3
OF_A_TURN = [
    "in.before_insert",
    "vm.mid",
    "commit.before",
    "commit.guarded",
    "commit.written",
    "commit.sent",
    "commit.after",
    "in.after_commit_before_200",
]


async def _say(person: Person, count: int) -> None:
    for _ in range(count):
        await person.say_next()


@pytest.mark.parametrize("failpoint", OF_A_TURN)
async def test_a_death_at_this_step_of_a_turn_loses_and_doubles_nothing(
    failpoint: str, tmp_path: Path
) -> None:
    port, log = free_port(), tmp_path / "server.log"
    command = ("serve", "--bots", str(HERE / "bots"), "--data", str(tmp_path / "data"), "--port", str(port))
    connector = aiohttp.TCPConnector(force_close=True)
    async with Zygote() as zygote, aiohttp.ClientSession(connector=connector) as http:
        people = [Person(http, [f"http://127.0.0.1:{port}"]) for _ in range(PEOPLE)]
        server = await zygote.start(*command, log=log)
        await asyncio.gather(*(person.arrive() for person in people))
        await zygote.kill(server)
        for hit in range(1, TIMES + 1):
            server = await zygote.start(*command, log=log, TRUNKLINE_FAIL=f"{failpoint}:kill@{hit}")
            talk = asyncio.gather(*(_say(person, 4) for person in people))
            assert await zygote.wait(server) == -9, f"{failpoint} was not reached: {log.read_text()}"
            server = await zygote.start(*command, log=log)
            await talk
            assert await zygote.kill(server) == -9
        server = await zygote.start(*command, log=log)
        logs = [await person.log() for person in people]
        await zygote.kill(server)
    found = [
        line for person, messages in zip(people, logs, strict=True) for line in violations(person, messages)
    ]
    assert not found, "\n".join(found)
    assert [person.sent for person in people] == [4 * TIMES] * PEOPLE
