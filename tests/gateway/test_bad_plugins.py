"""A plugin that misbehaves while the server runs: its own message suffers, everybody else's do not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.gateway.kit import Server, write_bot

PLUGIN = """
import asyncio, msgspec, sys, threading
from trunkline import Capabilities, HttpAnswer, Inbound, Keyword, Parsed, Part, Route, Sent, hookimpl

def trip(text, where):
    if where + "-exit" in text: sys.exit("enough of " + where)
    if where + "-raise" in text: raise RuntimeError("trouble in " + where)

async def stray():
    sys.exit("a stray task")

class Pigeon:
    name = "pigeon"
    capabilities = Capabilities(coalesce="turn")
    settings = msgspec.defstruct("Settings", [])
    def routes(self):
        trip(TROUBLE, "routes")
        return [Route(method="POST", path="/in")]
    async def start(self):
        trip(TROUBLE, "start")
        if TROUBLE == "thread": threading.Thread(target=threading.Event().wait).start()
    async def close(self):
        trip(TROUBLE, "close")
    async def verify(self, webhook, account):
        trip(webhook.body.decode(), "verify")
    def parse(self, webhook, account):
        text = webhook.body.decode()
        trip(text, "parse")
        if "parse-none" in text: return None
        return Parsed(events=(Inbound(channel="pigeon", account="main", address=text, external_id=text, text=text),))
    def render(self, outbound, capabilities):
        trip(outbound.address, "render")
        return [Part(index=0, payload={"to": outbound.address, "text": " ".join(outbound.texts)})]
    async def send(self, part, context):
        trip(part.payload["to"], "send")
        if "task-exit" in part.payload["to"]: await asyncio.wait_for(stray(), 1)
        print("flew:", part.payload["text"], file=sys.stderr, flush=True)
        return Sent("1")

@hookimpl
def register_adapters():
    return [Pigeon()]

@hookimpl
def register_keywords():
    def coo(host, text):
        trip(text, "keyword")
        return "coo " + text
    return [Keyword(phrase="COO", forms=("text",), effect="local", handler=coo, description="x")]
"""
SETTINGS = "plugins: {web: {}, pigeon: {module: pigeon, accounts: {main: {}}}}\n"


def folder_with_pigeon(folder: Path, trouble: str = "") -> Path:
    (folder / "pigeon.py").write_text(f"TROUBLE = {trouble!r}\n{PLUGIN}", "utf-8")
    (folder / "plugins.yaml").write_text(SETTINGS, "utf-8")
    talk = '"Hello"' if "-" in trouble else "COO(message)"
    script = f"TALK {talk}\nHEAR x\n"
    write_bot(folder / "bots", "default", script)
    return folder


def post(server: Server, text: str) -> int:
    return server.request("POST", "/channels/pigeon/main/in", text.encode())[0]


def test_whatever_it_raises_while_it_serves_the_others_are_served(tmp_path: Path) -> None:
    with Server(folder_with_pigeon(tmp_path)) as server:
        for how in ("exit", "raise"):
            assert post(server, f"verify-{how}") == 403
            assert post(server, f"parse-{how}") == 422
            assert post(server, f"keyword-{how}") == 200
            assert post(server, f"render-{how}") == 200
            assert post(server, f"send-{how}") == 200
            server.wait_for("trouble in send" if how == "raise" else "enough of send")
        assert post(server, "parse-none") == 422
        assert post(server, "fine") == 200
        server.wait_for("flew: coo fine")
        assert server.request("GET", "/readyz")[0] == 200
        assert server.stop() == 0


def test_a_task_of_its_own_that_ends_the_program_ends_it(tmp_path: Path) -> None:
    """A supervisor starts what has ended; it cannot see that a process has stopped to listen."""
    with Server(folder_with_pigeon(tmp_path, "thread")) as server:
        assert post(server, "task-exit") == 200
        assert server.process.wait(20) == 1
    assert "ended_by_a_plugin" in server.errors
    assert "a stray task" in server.errors


def test_a_thread_of_its_own_does_not_keep_a_server_that_was_stopped(tmp_path: Path) -> None:
    with Server(folder_with_pigeon(tmp_path, "thread")) as server:
        server.open()
        assert server.stop() == 0


@pytest.mark.parametrize("trouble", ["routes-raise", "routes-exit", "start-raise", "start-exit"])
def test_a_channel_that_cannot_start_is_named_and_the_others_are_on(tmp_path: Path, trouble: str) -> None:
    with Server(folder_with_pigeon(tmp_path, trouble)) as server:
        assert server.ready.endswith("channels on: web)")
        channels = server.request("GET", "/readyz")[2]["checks"]["channels"]
        assert (channels["web"], channels["pigeon"].startswith("failed: ")) == ("on", True)
        assert trouble.partition("-")[0] in channels["pigeon"]
        assert post(server, "fine") == 404
        assert server.open()["messages"][0]["text"] == "Hello"
        assert server.stop() == 0


def test_a_channel_that_cannot_close_does_not_spoil_the_end(tmp_path: Path) -> None:
    with Server(folder_with_pigeon(tmp_path, "close-raise")) as server:
        session = server.open()
        assert server.stop() == 0
    with Server(tmp_path) as server:
        assert "did not close the database" not in server.errors
        assert server.request("GET", "/api/session", token=session["token"])[0] == 200
