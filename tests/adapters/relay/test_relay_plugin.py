"""The example plugin as somebody else's: installed from its folder, used by a server, and gone again."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from tests.adapters.serve_kit import ROOT, Serve

PLUGIN = ROOT / "examples" / "plugins" / "relay"
SECRET = "a secret to share with the relay"
SCRIPT = """
TALK "What is your card number?"
HEAR card
TALK "I will remember " + MASK(card)
hours = ASK SERVICE "opening hours?"
TALK "We are open " + hours
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The plugin, built and installed into a folder of its own."""
    folder = tmp_path_factory.mktemp("relay")
    shutil.copytree(
        PLUGIN, folder / "source", ignore=shutil.ignore_patterns("__pycache__", "build", "*.egg-info")
    )
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--no-build-isolation",
    ]
    done = subprocess.run(
        [*command, "--target", str(folder / "installed"), str(folder / "source")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder / "installed"


class OtherSide:
    """What the relay is connected to: takes deliveries, answers the service; remembers both."""

    def __init__(self) -> None:
        self.url = ""
        self.said: list[str] = []
        self.asked: list[tuple[str, str]] = []
        self.arrived = asyncio.Event()

    async def deliver(self, request: web.Request) -> web.Response:
        body = await request.read()
        assert request.headers["X-Relay-Signature"] == _sign(body)
        self.said.append(json.loads(body)["text"])
        self.arrived.set()
        return web.Response()

    async def ask(self, request: web.Request) -> web.Response:
        self.asked.append((request.headers["Idempotency-Key"], (await request.json())["question"]))
        return web.json_response({"answer": "from 9 to 5"})

    async def hears(self, *texts: str) -> None:
        async with asyncio.timeout(20):
            while len(self.said) < len(texts):
                self.arrived.clear()
                await self.arrived.wait()
        assert self.said == list(texts)


def _sign(body: bytes) -> str:
    return "sha256=" + hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()


@pytest.fixture
async def other_side() -> AsyncIterator[OtherSide]:
    side = OtherSide()
    application = web.Application()
    application.add_routes([web.post("/deliver", side.deliver), web.post("/ask", side.ask)])
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    side.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield side
    await runner.cleanup()


def _config(url: str) -> dict[str, Any]:
    account = {"bot": "default", "secret": SECRET, "deliver_url": f"{url}/deliver"}
    return {"plugins": {"web": {}, "relay": {"service_url": f"{url}/ask", "accounts": {"main": account}}}}


async def _post(server: Serve, key: str, text: str, signature: str | None = None) -> int:
    body = json.dumps({"id": key, "from": "ana", "text": text}).encode()
    headers = {"X-Relay-Signature": _sign(body) if signature is None else signature}
    url = f"{server.url}/channels/relay/main/inbound"
    async with aiohttp.ClientSession() as session, session.post(url, data=body, headers=headers) as answer:
        return answer.status


async def test_a_conversation_over_the_plugins_channel_with_its_keywords(
    installed: Path, other_side: OtherSide, tmp_path: Path
) -> None:
    server = Serve(tmp_path, _config(other_side.url), {"start.bas": SCRIPT}, path=(installed,))
    await server.start()
    try:
        assert await _post(server, "1", "hi", signature="sha256=0") == 403
        assert await _post(server, "1", "hi") == 200
        question = "What is your card number?"
        await other_side.hears(question)
        assert [await _post(server, "2", "4111111111111111") for _ in range(2)] == [200, 200]
        remembered = "I will remember ************1111"
        await other_side.hears(question, remembered, "We are open from 9 to 5")
        ((key, asked),) = other_side.asked
        assert (asked, bool(key)) == ("opening hours?", True)
    finally:
        await server.kill()


def test_its_own_tests_pass_against_the_installed_package(installed: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=installed.parent / "source",
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(installed), str(ROOT)])},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _plugins(path: list[Path], folder: Path) -> dict[str, dict[str, Any]]:
    (folder / "plugins.yaml").write_text(json.dumps(_config("https://other.example")))
    done = subprocess.run(
        [sys.executable, "-m", "trunkline", "plugins", "--json"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(str(each) for each in (*path, ROOT))},
        capture_output=True,
        text=True,
        check=True,
    )
    return {plugin["name"]: plugin for plugin in json.loads(done.stdout)["plugins"]}


def test_without_its_entry_point_only_this_channel_is_gone(installed: Path, tmp_path: Path) -> None:
    there, gone = _plugins([installed], tmp_path), _plugins([], tmp_path)
    assert (there["relay"]["state"], there["relay"]["adapters"]) == ("on", ["relay"])
    assert there["relay"]["keywords"] == ["MASK", "ASK SERVICE"]
    assert gone["relay"]["state"] == "failed"
    assert {name: each["state"] for name, each in gone.items() if name != "relay"} == {
        name: each["state"] for name, each in there.items() if name != "relay"
    }
