"""Servers that die on request, and people who keep talking to them."""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

HERE = Path(__file__).parent
ZYGOTE = HERE / "zygote.py"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Zygote:
    """Starts and kills servers through ``zygote.py``."""

    async def __aenter__(self) -> Zygote:
        self.process = await asyncio.create_subprocess_exec(
            sys.executable, str(ZYGOTE), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        self.lock = asyncio.Lock()
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self.process.stdin
        self.process.stdin.close()
        await self.process.wait()

    async def _ask(self, **request: Any) -> int:
        assert self.process.stdin
        assert self.process.stdout
        async with self.lock:
            self.process.stdin.write(json.dumps(request).encode() + b"\n")
            line = await self.process.stdout.readline()
        assert line, "the zygote has died"
        return int(line)

    async def start(self, *argv: str, log: Path, **env: str) -> int:
        return await self._ask(argv=list(argv), env=env, log=str(log))

    async def kill(self, pid: int) -> int:
        return await self._ask(kill=pid)

    async def terminate(self, pid: int) -> int:
        return await self._ask(terminate=pid)

    async def wait(self, pid: int) -> int:
        return await self._ask(wait=pid)


@dataclass
class Person:
    """Sends ``1``, ``2``, ``3`` … to a session, each until it is acknowledged, and reads what comes back.

    Every message carries a ``client_id``, so that a repetition is recognised.

    :param bases: the servers that are asked, one after the other; each serves every session.
    """

    http: aiohttp.ClientSession
    bases: Sequence[str]
    token: str = ""
    sent: int = 0
    answers: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    requests: int = 0

    async def _insist(self, method: str, path: str, body: object = None) -> Any:
        while True:
            base = self.bases[self.requests % len(self.bases)]
            self.requests += 1
            try:
                headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
                async with self.http.request(method, base + path, json=body, headers=headers) as answer:
                    if answer.status < 300:
                        return await answer.json()
                    if answer.status != 503:
                        self.refused.append(f"{answer.status} {await answer.text()}")
                        raise AssertionError(self.refused[-1])
            except (aiohttp.ClientError, ConnectionError, TimeoutError):
                pass
            await asyncio.sleep(0.005)  # the server is being started again

    async def arrive(self) -> None:
        self.token = (await self._insist("POST", "/api/session", {}))["token"]

    async def say_next(self) -> None:
        number = self.sent + 1
        reply = await self._insist("POST", "/api/chat", {"text": str(number), "client_id": f"k{number}"})
        self.sent = number
        self.answers += [m["text"] for m in reply["messages"]]

    async def log(self) -> list[dict[str, Any]]:
        messages: list[dict[str, Any]] = []
        while page := (await self._insist("GET", f"/api/chat?after={len(messages)}&limit=500"))["messages"]:
            messages += page
        return messages


def violations(person: Person, log: list[dict[str, Any]]) -> list[str]:
    """What is lost, doubled or out of order, in words; empty if all is well."""
    found = []
    said = [m["text"] for m in log if m["role"] == "user"]
    heard = [m["text"] for m in log if m["role"] != "user"]
    if person.answers != [f"{k}:{k}" for k in range(1, person.sent + 1)]:
        found.append(f"answers as received: {person.answers}")
    # One more than was acknowledged may be there: the last one, whose answer was cut off.
    if said != [str(k) for k in range(1, len(said) + 1)] or not person.sent <= len(said) <= person.sent + 1:
        found.append(f"inputs in the log: {said}, acknowledged: {person.sent}")
    if heard != [f"{k}:{k}" for k in range(1, len(said) + 1)]:
        found.append(f"replies in the log: {heard}")
    if [m["seq"] for m in log] != list(range(1, len(log) + 1)):
        found.append(f"sequence numbers: {[m['seq'] for m in log]}")
    return found
