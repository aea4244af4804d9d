"""The example client: a kill of the server between two of its messages costs it nothing."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from tests.e2e.gateway_process import Gateway

CLIENT = Path(__file__).parents[2] / "examples" / "clients" / "mobile.py"


async def start(gateway: Gateway, kept: Path, bot: str = "default") -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, str(CLIENT), gateway.url, bot, str(kept),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip


async def hears(client: asyncio.subprocess.Process, line: str) -> None:
    assert client.stdout is not None
    async with asyncio.timeout(20):
        assert (await client.stdout.readline()).decode().strip() == line


async def says(client: asyncio.subprocess.Process, line: str) -> None:
    assert client.stdin is not None
    client.stdin.write(f"{line}\n".encode())
    await client.stdin.drain()


async def ends(client: asyncio.subprocess.Process) -> None:
    assert client.stdin is not None
    client.stdin.close()
    async with asyncio.timeout(20):
        assert await client.wait() == 0


async def test_the_client_resumes_after_a_kill_and_after_its_own_end(
    own_gateway: Gateway, tmp_path: Path
) -> None:
    client = await start(own_gateway, tmp_path / "chat.json")
    await hears(client, "< Welcome! What is your **name**?")
    await says(client, "Ana")
    await hears(client, "> Ana")
    await hears(client, "< Nice to meet you, Ana.")
    for option in ("1. Small", "2. Medium", "3. Large"):
        await hears(client, option)
    own_gateway.kill()
    await says(client, "small")
    own_gateway.start()
    await hears(client, "> small")
    await hears(client, "< One Small coffee for Ana.")
    await ends(client)

    client = await start(own_gateway, tmp_path / "chat.json")
    await says(client, "ana@example.org")
    await hears(client, "> ana@example.org")
    await hears(client, "< The receipt goes to ana@example.org")
    await ends(client)


async def test_a_bot_that_is_not_there_is_said_rather_than_waited_for(
    own_gateway: Gateway, tmp_path: Path
) -> None:
    client = await start(own_gateway, tmp_path / "chat.json", bot="nobody")
    async with asyncio.timeout(20):
        _, complaint = await client.communicate()
    assert (client.returncode, b"404" in complaint) == (1, True), complaint


async def test_the_client_goes_on_in_a_new_conversation_when_its_session_is_over(
    own_gateway: Gateway, tmp_path: Path
) -> None:
    kept = tmp_path / "chat.json"
    kept.write_text('{"token": "' + "x" * 64 + '", "seq": 7, "unsent": {}}')
    client = await start(own_gateway, kept)
    await hears(client, "(that conversation is over; a new one begins)")
    await hears(client, "< Welcome! What is your **name**?")
    await ends(client)
