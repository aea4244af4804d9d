"""``trunkline export`` and ``import``: conversations that go on in another database."""

from __future__ import annotations

import asyncio
import json
import re
import signal
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from core.archive import folder
from core.postgres import archive as postgres_archive
from core.sealing import Sealer
from core.sqlite import SqliteStore
from core.sqlite import archive as sqlite
from tests.adapters.serve_kit import Serve
from tests.adapters.whatsapp.whatsapp_kit import ACCOUNT_SID, PUBLIC, TOKEN, US
from tests.gateway.kit import Server, run, write_bot
from tests.postgres.server import Postgres
from tests.postgres.stores import KEY, make_store
from trunkline.testing.store_values import new_session
from trunkline.testing.twilio import Answer, FakeTwilio

INBOUND = f"{PUBLIC}/channels/whatsapp/main/inbound"
ANA, BEA = "whatsapp:+5511987650001", "whatsapp:+5511987650002"
START = """
TALK "Name?"
HEAR name
IF name = "sleeper" THEN
    WAIT 6
    TALK "Awake"
END IF
visits = GET BOT MEMORY "visits"
IF visits = NULL THEN visits = 0
visits = visits + 1
SET BOT MEMORY "visits", visits
TALK "Welcome, " + name
HEAR code AS PASSWORD
TALK "Noted"
HEAR photo AS FILE
TALK "A city?"
HEAR city
visits = GET BOT MEMORY "visits"
TALK name + ", " + city + ", " + LEN(code) + ", " + visits
TALK photo.url
"""


class House(Serve):
    """A server with the web and one WhatsApp account, on a store of its own."""

    def __init__(self, folder: Path, twilio: FakeTwilio, store: str) -> None:
        account = {
            "bot": "default", "account_sid": ACCOUNT_SID, "auth_token": TOKEN, "from": US,
            "api_base_url": twilio.url, "content_base_url": twilio.url,
        }  # fmt: skip
        plugins = {"web": {}, "whatsapp": {"accounts": {"main": account}}}
        config = {"public_url": PUBLIC, "plugins": plugins, "store": store}
        super().__init__(folder, config, {"start.bas": START})
        self.twilio = twilio

    async def ask(self, method: str, path: str, body: object = None, token: str = "") -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        payload = {"data": body} if isinstance(body, aiohttp.FormData) else {"json": body}
        async with (
            aiohttp.ClientSession() as http,
            http.request(method, self.url + path, headers=headers, **payload) as answer,  # type: ignore[arg-type]
        ):
            assert answer.status < 300, await answer.text()
            is_json = answer.content_type == "application/json"
            return await answer.json() if is_json else await answer.read()

    async def say(self, token: str, text: str, **more: str) -> dict[str, Any]:
        return dict(await self.ask("POST", "/api/chat", {"text": text, **more}, token))

    async def write(self, person: str, body: str, seed: int) -> int:
        form = self.twilio.inbound(person, US, body, seed=f"{person}{seed}")
        return await self.twilio.post(INBOUND, form, server=self.url)

    def said(self, person: str) -> list[str]:
        return [message.body for message in self.twilio.sent if message.form["To"] == person]

    async def tells(self, token: str, text: str) -> None:
        async with asyncio.timeout(20):
            while text not in str(await self.ask("GET", "/api/chat", token=token)):  # noqa: ASYNC110
                await asyncio.sleep(0.05)

    async def hears(self, person: str, *said: str) -> None:
        async with asyncio.timeout(20):
            while len(self.said(person)) < len(said):  # noqa: ASYNC110  another process tells us nothing
                await asyncio.sleep(0.02)
        assert self.said(person) == list(said)


@pytest.fixture
async def twilio(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeTwilio]:
    monkeypatch.setenv("TRUNKLINE_SECRET_KEY", KEY.hex())
    async with FakeTwilio(account_sid=ACCOUNT_SID, auth_token=TOKEN) as fake:
        yield fake


async def with_a_file(house: House, token: str) -> str:
    """Answer HEAR AS FILE. :returns: the bytes that were sent."""
    form = aiohttp.FormData()
    form.add_field("file", b"the plan", filename="plan.txt", content_type="text/plain")
    stored = await house.ask("POST", "/api/chat/upload", form, token)
    await house.ask("POST", "/api/chat", {"attachments": [stored["attachment_id"]]}, token)
    return "the plan"


@pytest.mark.parametrize("there", ["postgresql", "sqlite"])
async def test_conversations_go_on_in_the_other_database(
    there: str, twilio: FakeTwilio, postgres: Postgres, tmp_path: Path
) -> None:
    url = await postgres.new_database()
    stores = {"postgresql": ("", url), "sqlite": (url, "")}[there]
    old, new = (
        House(tmp_path / name, twilio, store) for name, store in zip(("old", "new"), stores, strict=True)
    )

    await old.start()
    web = await old.ask("POST", "/api/session", {})
    sleeper = await old.ask("POST", "/api/session", {})
    token = web["token"]
    named = await old.say(token, "Eva", client_id="k1")
    await old.say(token, "hunter2!")
    plan = await with_a_file(old, token)
    assert await old.write(ANA, "hi", 1) == 200
    assert await old.write(ANA, "Ana", 2) == 200
    await old.hears(ANA, "Name?", "Welcome, Ana")
    twilio.plan(Answer(status=429, retry_after=5))
    assert await old.write(BEA, "hi", 1) == 200
    await twilio.wait_for_attempts(3)
    await old.say(sleeper["token"], "sleeper")
    assert await old.kill(signal.SIGTERM) == 0

    said = await old.cli("export", str(tmp_path / "archive"))
    assert re.search(r"4 sessions, \d+ messages, 1 files$", said.strip()), said
    assert not re.search(
        "hunter2|the plan", "".join(map(Path.read_text, (tmp_path / "archive").glob("*.json*")))
    )
    assert "4 sessions" in await new.cli("import", str(tmp_path / "archive"))

    await new.start()
    try:
        assert (await new.say(token, "Eva", client_id="k1"))["messages"] == named["messages"]
        answer = await new.say(token, "Rio")
        assert answer["messages"][0]["text"] == "Eva, Rio, 8, 2"
        link = answer["messages"][1]["text"].removeprefix(PUBLIC)
        assert (await new.ask("GET", link)).decode() == plan
        assert await new.write(ANA, "Ana", 2) == 200  # the provider repeats it
        assert await new.write(ANA, "secret words", 3) == 200
        await new.hears(ANA, "Name?", "Welcome, Ana", "Noted")
        await new.hears(BEA, "Name?")
        await new.tells(sleeper["token"], "Awake")
        shown = json.loads(await new.cli("sessions", "show", web["session_id"], "--json"))
        assert [line["seq"] for line in shown["messages"]] == list(range(1, len(shown["messages"]) + 1))
        assert not any("Traceback" in line for line in new.lines)
    finally:
        await new.kill(signal.SIGTERM)


# --- archives ---


def conversation(place: Path, settings: Mapping[str, str]) -> None:
    write_bot(
        place / "bots",
        "default",
        'HEAR a\nSET BOT MEMORY "a", a\nHEAR b AS PASSWORD\nHEAR c\nTALK a + b + c\n',
    )
    with Server(place, **settings) as server:
        for number in range(3):
            session = server.open()
            server.say(session, f"one\u00a0{number}")
            server.say(session, "two")
        server.stop()


def tables(archive: Path) -> dict[str, list[Any]]:
    return {
        path.stem: [json.loads(line) for line in path.read_text().splitlines()]
        for path in archive.glob("*.jsonl")
    }


@pytest.fixture
def key() -> dict[str, str]:
    return {"TRUNKLINE_SECRET_KEY": KEY.hex()}


async def test_a_round_trip_changes_no_row(key: dict[str, str], postgres: Postgres, tmp_path: Path) -> None:
    conversation(tmp_path, key)
    on_postgres = key | {"TRUNKLINE_STORE": await postgres.new_database()}
    for step in (
        run("export", "first", cwd=tmp_path, **key),
        run("import", "first", "--data", "other", cwd=tmp_path, **on_postgres),
        run("export", "second", "--data", "other", cwd=tmp_path, **on_postgres),
        run("import", "second", "--data", "third", cwd=tmp_path, **key),
        run("export", "third-export", "--data", "third", cwd=tmp_path, **key),
    ):
        assert step.returncode == 0, step.stderr
    first, *others = [tables(tmp_path / name) for name in ("first", "second", "third-export")]
    assert len(first["sessions"]) == 3
    assert len(first["messages"]) == 9
    assert len(first["bot_memory"]) == 1
    for other in others:
        assert {**other, "session_state": parsed(other)} == {**first, "session_state": parsed(first)}


async def test_a_known_person_is_found_where_they_moved(database: str, tmp_path: Path) -> None:
    source = SqliteStore(tmp_path / "a.db", sealer=Sealer(KEY))
    await source.open()
    known = await source.create(new_session(user_id="eva"), address=None, token=None)
    await source.close()
    with sqlite.reading(str(tmp_path / "a.db")) as rows:
        counts = await folder.write(tmp_path, rows)
    folder.finish(tmp_path, made_by="", key="", rows=counts, files=0)
    async with postgres_archive.filling(database) as target:
        await folder.read(tmp_path, folder.open_archive(tmp_path), target)
    store = make_store(tmp_path)
    await store.open()
    try:
        assert await store.user_session(known.bot, "eva") == known.id
    finally:
        await store.close()


def parsed(archive: dict[str, list[Any]]) -> list[dict[str, Any]]:
    """JSONB keeps another order of keys."""
    columns = ("variables", "context")
    return [row | {name: json.loads(row[name]) for name in columns} for row in archive["session_state"]]


async def test_a_running_server_is_never_exported_or_filled(
    key: dict[str, str], postgres: Postgres, tmp_path: Path
) -> None:
    conversation(tmp_path, key)
    assert run("export", "whole", cwd=tmp_path, **key).returncode == 0
    on_postgres = key | {"TRUNKLINE_STORE": await postgres.new_database()}
    for settings in (key, on_postgres):
        with Server(tmp_path, **settings):
            for command in (("export", "running"), ("import", "whole")):
                for elsewhere in ((), ("--data", "elsewhere")) if settings is on_postgres else ((),):
                    done = run(*command, *elsewhere, cwd=tmp_path, **settings)
                    assert done.returncode in {1, 78}, done.stdout
                    assert "in use" in done.stderr
                    assert "stop" in done.stderr
    assert not (tmp_path / "running").exists()


async def test_a_target_that_holds_something_is_left_as_it_is(
    key: dict[str, str], postgres: Postgres, tmp_path: Path
) -> None:
    conversation(tmp_path, key)
    assert run("export", "whole", cwd=tmp_path, **key).returncode == 0
    on_postgres = key | {"TRUNKLINE_STORE": await postgres.new_database()}
    assert run("import", "whole", "--data", "p", cwd=tmp_path, **on_postgres).returncode == 0
    for settings in (key, on_postgres):
        again = run("import", "whole", cwd=tmp_path, **settings)
        assert (again.returncode, "is not empty" in again.stderr) == (1, True), again.stderr
    full = run("export", "whole", cwd=tmp_path, **key)
    assert (full.returncode, "whole is not empty" in full.stderr) == (1, True)


async def test_an_archive_that_is_not_whole_brings_no_row(
    key: dict[str, str], postgres: Postgres, tmp_path: Path
) -> None:
    conversation(tmp_path, key)
    assert run("export", "whole", cwd=tmp_path, **key).returncode == 0
    url = await postgres.new_database()
    targets = ((key, "empty"), (key | {"TRUNKLINE_STORE": url}, "other"))
    messages = tmp_path / "whole" / "messages.jsonl"
    text = messages.read_text()
    for damage, words in (
        (text[: len(text) - 20], "messages.jsonl:9"),
        ("".join(text.splitlines(keepends=True)[:-1]), "has 8 rows, and the manifest says 9"),
        (text.replace('"seq":1', '"seq":"one"', 1), "Expected `int`"),
    ):
        messages.write_text(damage)
        for settings, data in targets:
            done = run("import", "whole", "--data", data, cwd=tmp_path, **settings)
            assert (done.returncode, words in done.stderr) == (1, True), done.stderr
    messages.write_text(text)
    for settings, data in targets:
        assert run("import", "whole", "--data", data, cwd=tmp_path, **settings).returncode == 0
    (tmp_path / "whole" / "manifest.json").unlink()
    cut = run("import", "whole", "--data", "fresh", cwd=tmp_path, **key)
    assert (cut.returncode, "is no archive" in cut.stderr) == (1, True)


def test_an_archive_opens_only_with_its_key(key: dict[str, str], tmp_path: Path) -> None:
    conversation(tmp_path, key)
    assert run("export", "whole", cwd=tmp_path, **key).returncode == 0
    without = run("import", "whole", "--data", "new", cwd=tmp_path)
    other = run(
        "import", "whole", "--data", "new", cwd=tmp_path, TRUNKLINE_SECRET_KEY=bytes(reversed(KEY)).hex()
    )
    assert (without.returncode, "there is no secret key" in without.stderr) == (78, True)
    assert (other.returncode, "sealed with another secret key" in other.stderr) == (78, True)
    assert not (tmp_path / "new").exists()


def test_a_file_whose_name_leads_elsewhere_is_refused(key: dict[str, str], tmp_path: Path) -> None:
    conversation(tmp_path, key)
    assert run("export", "whole", cwd=tmp_path, **key).returncode == 0
    row = {"id": "../../../etc/passwd", "session_id": "s", "name": "n", "mime": "m", "size": 1}
    line = json.dumps(row | {"created_at": "2026-01-01T00:00:00Z"})
    (tmp_path / "whole" / "files.jsonl").write_text(line + "\n")
    done = run("import", "whole", "--data", "new", cwd=tmp_path, **key)
    assert (done.returncode, "files.jsonl:1" in done.stderr) == (1, True), done.stderr
