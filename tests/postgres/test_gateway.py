"""The commands on PostgreSQL, and two servers that share a database."""

from __future__ import annotations

import json
import threading
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.gateway.kit import Server, run, write_bot
from tests.postgres.server import Postgres
from tests.postgres.stores import KEY

COUNTER = """n = 0
WHILE TRUE
    HEAR answer
    n = n + 1
    TALK answer + ":" + n
WEND
"""


@pytest.fixture
async def settings(postgres: Postgres, tmp_path: Path) -> dict[str, str]:
    """The environment of a command on an empty database."""
    write_bot(tmp_path / "bots", "default", COUNTER)
    return {"TRUNKLINE_STORE": await postgres.new_database(), "TRUNKLINE_SECRET_KEY": KEY.hex()}


def node(folder: Path, name: str, settings: dict[str, str]) -> Server:
    return Server(folder, "--data", str(folder / name), **settings)


class Stream:
    """The log of a session as a server sends it, event by event."""

    def __init__(self, server: Server, token: str) -> None:
        url = f"http://127.0.0.1:{server.port}/api/chat/events"
        request = urllib.request.Request(url, headers={"Authorization": f"Bearer {token}"})
        self._answer = urllib.request.urlopen(request, timeout=20)

    def messages(self) -> Iterator[dict[str, Any]]:
        for line in self._answer:
            if line.startswith(b"data:"):
                found = json.loads(line[5:])
                if "text" in found:
                    yield found

    def close(self) -> None:
        self._answer.close()


def test_a_conversation_goes_on_after_a_restart(settings: dict[str, str], tmp_path: Path) -> None:
    with Server(tmp_path, **settings) as server:
        session = server.open()
        assert server.say(session, "one") == ["one:1"]
        server.stop()
    with Server(tmp_path, **settings) as server:
        assert server.say(session, "two") == ["two:2"]
        status, _, report = server.request("GET", "/readyz")
        assert (status, report["checks"]["store"]) == (200, "ok")
        assert not (tmp_path / "data" / "trunkline.db").exists()


def test_any_node_serves_any_session(settings: dict[str, str], tmp_path: Path) -> None:
    with node(tmp_path, "a", settings) as a, node(tmp_path, "b", settings) as b:
        session = a.open()
        answers = [(a, b)[number % 2].say(session, f"m{number}") for number in range(10)]
        assert answers == [[f"m{number}:{number + 1}"] for number in range(10)]


def test_a_stream_on_one_node_shows_what_another_caused(settings: dict[str, str], tmp_path: Path) -> None:
    with node(tmp_path, "a", settings) as a, node(tmp_path, "b", settings) as b:
        session = a.open()
        stream = Stream(a, session["token"])
        messages = stream.messages()
        assert b.say(session, "hello") == ["hello:1"]
        assert [next(messages)["text"], next(messages)["text"]] == ["hello", "hello:1"]
        stream.close()


def test_a_file_given_to_one_node_is_read_on_the_other(settings: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "shared").mkdir()
    for name in "ab":
        (tmp_path / name).mkdir()
        (tmp_path / name / "files").symlink_to(tmp_path / "shared")
    with node(tmp_path, "a", settings) as a, node(tmp_path, "b", settings) as b:
        token = a.open()["token"]
        form = (
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="n.txt"\r\n\r\nhello\r\n--x--\r\n'
        )
        kind = "multipart/form-data; boundary=x"
        status, _, stored = a.request("POST", "/api/chat/upload", form, token=token, Content_Type=kind)
        assert status == 201, stored
        said = b.request("POST", "/api/chat", {"attachments": [stored["attachment_id"]]}, token=token)
        assert said[0] == 200, said
        log = a.request("GET", "/api/chat", token=token)[2]["messages"]
        (url,) = [part["url"] for line in log for part in line["parts"] if "url" in part]
        assert [server.request("GET", url)[2] for server in (a, b)] == [b"hello", b"hello"]


def test_a_session_ended_on_one_node_is_closed_on_the_other(settings: dict[str, str], tmp_path: Path) -> None:
    with node(tmp_path, "a", settings) as a, node(tmp_path, "b", settings) as b:
        session = a.open()
        stream = Stream(a, session["token"])
        rest: list[Any] = []
        reader = threading.Thread(target=lambda: rest.extend(stream.messages()))
        reader.start()
        assert b.request("DELETE", "/api/session", token=session["token"])[0] == 204
        reader.join(15)
        assert not reader.is_alive(), "the stream was left open"
        assert a.request("GET", "/api/session", token=session["token"])[0] == 401


def test_commands_work_beside_the_server_and_without_it(settings: dict[str, str], tmp_path: Path) -> None:
    with Server(tmp_path, **settings) as server:
        first, second = server.open(), server.open()
        shown = run("sessions", "show", first["session_id"], "--json", cwd=tmp_path, **settings)
        assert json.loads(shown.stdout)["waiting"].startswith("hear")
        elsewhere = run(
            "sessions", "end", first["session_id"], "--data", "elsewhere", cwd=tmp_path, **settings
        )
        assert elsewhere.returncode == 0, elsewhere.stderr
        assert server.request("GET", "/api/session", token=first["token"])[0] == 401
    ended = run("sessions", "end", second["session_id"], cwd=tmp_path, **settings)
    assert ended.returncode == 0, ended.stderr
    listed = run("sessions", "list", "--state", "ended", "--json", cwd=tmp_path, **settings)
    found = {session["session_id"] for session in json.loads(listed.stdout)["sessions"]}
    assert found == {first["session_id"], second["session_id"]}
    assert json.loads(run("outbox", "list", "--json", cwd=tmp_path, **settings).stdout) == {"outbox": []}
    doctor = json.loads(run("doctor", "--json", cwd=tmp_path, **settings).stdout)
    states = {line["check"]: line["state"] for line in doctor["checks"]}
    assert (doctor["ok"], states["clock"], states["secret key"]) == (True, "ok", "ok")


def test_a_database_that_does_not_sync_is_reported(settings: dict[str, str], tmp_path: Path) -> None:
    """The tests' own is one."""
    with Server(tmp_path, **settings) as server:
        assert "a power cut can lose acknowledged writes" in server.errors
        assert server.request("GET", "/readyz")[2]["durable"] is False
        doctor = json.loads(run("doctor", "--json", cwd=tmp_path, **settings).stdout)
        warned = [
            line["fix"] for line in doctor["checks"] if line["state"] == "warn" and line["check"] == "store"
        ]
        assert warned == ["set fsync, full_page_writes and synchronous_commit of the database to on"]


def test_the_start_is_refused_without_the_key_of_the_nodes(settings: dict[str, str], tmp_path: Path) -> None:
    done = run("serve", "--port", "0", cwd=tmp_path, TRUNKLINE_STORE=settings["TRUNKLINE_STORE"])
    assert (done.returncode, "TRUNKLINE_SECRET_KEY" in done.stderr) == (78, True)


async def test_migrations_by_hand(settings: dict[str, str], postgres: Postgres, tmp_path: Path) -> None:
    by_hand = settings | {"TRUNKLINE_MIGRATE": "manual"}
    refused = run("serve", "--port", "0", cwd=tmp_path, **by_hand)
    assert (refused.returncode, "trunkline migrate" in refused.stderr) == (78, True), refused.stderr
    assert run("migrate", cwd=tmp_path, **settings).stdout == "applied: 1\n"
    assert run("migrate", cwd=tmp_path, **settings).stdout == "nothing was pending\n"
    with Server(tmp_path, **by_hand) as server:
        assert server.say(server.open(), "x") == ["x:1"]
    database = settings["TRUNKLINE_STORE"].rpartition("/")[2]
    await postgres.execute("INSERT INTO schema_version VALUES (99, now())", database)
    for command in (("serve", "--port", "0"), ("migrate",), ("sessions", "list")):
        newer = run(*command, cwd=tmp_path, **settings)
        assert (newer.returncode, "newer" in newer.stderr) == (78, True), newer.stderr


@pytest.mark.parametrize(
    ("url", "code", "said"),
    [
        ("postgresql://postgres@127.0.0.1:1/nowhere", 1, "127.0.0.1:1/nowhere"),
        ("postgresql://postgres:hunter2@127.0.0.1:{port}/not_there", 78, "not_there"),
        ("postgresql://postgres@127.0.0.1:many/x", 78, "postgresql://"),
    ],
)
def test_a_database_that_cannot_be_used_is_named(
    url: str, code: int, said: str, settings: dict[str, str], postgres: Postgres, tmp_path: Path
) -> None:
    wrong = settings | {"TRUNKLINE_STORE": url.replace("{port}", str(postgres.port))}
    done = run("serve", "--port", "0", cwd=tmp_path, **wrong)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr
    assert "Traceback" not in done.stderr
    assert "hunter2" not in done.stderr
