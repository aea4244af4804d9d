"""``trunkline serve --workers``: one port, several processes, each started again when it dies."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from gateway.operator import ask, ask_socket
from tests.faults.servers import Person, violations
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
PROCESS = "gateway.workers.process"
SECONDS = 30.0


@pytest.fixture
async def settings(postgres: Postgres, tmp_path: Path) -> dict[str, str]:
    """The environment of a command on an empty database."""
    write_bot(tmp_path / "bots", "default", COUNTER)
    return {"TRUNKLINE_STORE": await postgres.new_database(), "TRUNKLINE_SECRET_KEY": KEY.hex()}


def workers(folder: Path, settings: dict[str, str]) -> Server:
    return Server(folder, "--workers", "2", **settings)


def processes(server: Server) -> set[int]:
    """The workers of a server, by their process ids."""
    listed = subprocess.run(
        ["ps", "--ppid", str(server.process.pid), "-o", "pid=,args="],
        capture_output=True,
        text=True,
        check=False,
    )
    return {int(line.split()[0]) for line in listed.stdout.splitlines() if PROCESS in line}


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.02)


def ready(folder: Path) -> dict[str, Any]:
    return dict(asyncio.run(ask(folder / "data", "GET", "/readyz")) or {})


def alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_workers_share_a_port_and_any_of_them_serves_any_session(
    settings: dict[str, str], tmp_path: Path
) -> None:
    with workers(tmp_path, settings) as server:
        assert server.ready.endswith("(bots: default; channels on: web; workers: 2)")
        session = server.open()
        assert [server.say(session, f"m{k}") for k in range(20)] == [[f"m{k}:{k + 1}"] for k in range(20)]
        served = set(re.findall(r'"event":"turn".*"worker":(\d)', server.errors))
        assert served == {"1", "2"}, "one of them did nothing"
        assert len(processes(server)) == 2
        assert server.stop() == 0
        assert "Traceback" not in server.errors


async def test_what_is_acknowledged_survives_the_death_of_workers_one_after_the_other(
    settings: dict[str, str], tmp_path: Path
) -> None:
    """The port is never refused: whoever waits to be let in is let in by another."""
    with workers(tmp_path, settings) as server:
        async with aiohttp.ClientSession() as http:
            people = [Person(http, [f"http://127.0.0.1:{server.port}"]) for _ in range(4)]
            await asyncio.gather(*(person.arrive() for person in people))
            killed: set[int] = set()

            async def kill_some() -> None:
                while len(killed) < 6:
                    (victim, *_) = sorted(await asyncio.to_thread(processes, server) - killed) or [0]
                    if victim:
                        os.kill(victim, signal.SIGKILL)
                        killed.add(victim)
                    said = sum(person.sent for person in people)
                    while sum(person.sent for person in people) < said + 8:  # noqa: ASYNC110  on progress, not on time
                        await asyncio.sleep(0.01)

            async def talk(person: Person, until: asyncio.Task[None]) -> None:
                while not until.done():
                    await person.say_next()

            killing = asyncio.create_task(kill_some())
            await asyncio.gather(killing, *(talk(person, killing) for person in people))
            for person in people:
                assert violations(person, await person.log()) == []
        wait_until(lambda: len(processes(server)) == 2)
        assert len(re.findall('"event":"worker_ended"', server.errors)) >= len(killed) - 1
        assert server.stop() == 0


def test_a_worker_that_is_stopped_alone_is_started_again(settings: dict[str, str], tmp_path: Path) -> None:
    with workers(tmp_path, settings) as server:
        session, before = server.open(), processes(server)
        os.kill(min(before), signal.SIGTERM)
        wait_until(
            lambda: len(processes(server) - before) == 1 and ready(tmp_path)["workers"]["1"] == "ready"
        )
        assert server.say(session, "x") == ["x:1"]
        assert ready(tmp_path)["workers"] == {"1": "ready", "2": "ready"}


def test_a_stop_drains_every_worker_even_if_each_is_signalled_too(
    settings: dict[str, str], tmp_path: Path
) -> None:
    """As systemd and terminals do it: the whole group gets the signal."""
    write_bot(tmp_path / "bots", "default", 'TALK "Wait"\nHEAR x\nTALK "So far"\nWAIT 1\nTALK "Done"\n')
    with workers(tmp_path, settings) as server:
        session = server.open()
        pids = processes(server)
        body = json.dumps({"text": "go"}).encode()
        head = (
            f"POST /api/chat HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            f"Authorization: Bearer {session['token']}\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            position = len(server.errors)
            connection.sendall(head.encode() + body)
            server.wait_for('"channel":"web"', after=position)
            for how in (signal.SIGINT, signal.SIGTERM):
                for pid in pids:
                    os.kill(pid, how)
            server.process.send_signal(signal.SIGTERM)
            answer = connection.recv(65_536)
        assert answer.startswith(b"HTTP/1.1 200"), answer
        assert b'"So far"' in answer
        assert server.process.wait(30) == 0
        assert not any(map(alive, pids))


def test_a_second_signal_ends_them_all_at_once(settings: dict[str, str], tmp_path: Path) -> None:
    with workers(tmp_path, settings) as server:
        pids = processes(server)
        server.process.send_signal(signal.SIGTERM)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) in {0, 128 + signal.SIGTERM}
        wait_until(lambda: not any(map(alive, pids)))


def test_workers_end_when_their_supervisor_is_killed(settings: dict[str, str], tmp_path: Path) -> None:
    with workers(tmp_path, settings) as server:
        session, pids = server.open(), processes(server)
        server.process.kill()
        wait_until(lambda: not any(map(alive, pids)))
    with workers(tmp_path, settings) as server:
        assert server.say(session, "still here?") == ["still here?:1"]


def test_one_door_answers_for_all(settings: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with workers(tmp_path, settings | {"TRUNKLINE_OPERATOR__PORT": str(port)}) as server:
        session, other = server.open(), server.open()
        for k in range(20):
            server.say(session, str(k))
        public, server.port = server.port, port
        text = server.request("GET", "/metrics")[2].decode()
        status, _, report = server.request("GET", "/readyz")
        server.port = public
        turns = re.findall(
            r'^trunkline_turns_total\{channel="web",outcome="ok",worker="(\d)"\} (\d+)', text, re.M
        )
        assert {worker for worker, _ in turns} == {"1", "2"}
        assert sum(int(count) for _, count in turns) == 20
        assert "trunkline_workers 2.0" in text
        assert "# TYPE trunkline_http_request_seconds histogram" in text
        assert (status, report["workers"]) == (200, {"1": "ready", "2": "ready"})
        assert report["checks"]["store"] == "ok"
        assert run("sessions", "end", other["session_id"], cwd=tmp_path, **settings).returncode == 0
        for _ in range(10):  # whichever worker is asked
            assert server.request("GET", "/api/session", token=other["token"])[0] == 401
        missing = run("outbox", "retry", "nothing", cwd=tmp_path, **settings)
        assert (missing.returncode, "no outbox row nothing" in missing.stderr) == (1, True)
        doctor = json.loads(run("doctor", "--json", cwd=tmp_path, **settings).stdout)
        assert [line["state"] for line in doctor["checks"] if line["check"] == "clock"] == ["ok"]


def test_all_reload_their_bots(settings: dict[str, str], tmp_path: Path) -> None:
    with workers(tmp_path, settings) as server:
        write_bot(tmp_path / "bots", "default", 'TALK "Changed"\nHEAR x')
        server.process.send_signal(signal.SIGHUP)
        wait_until(lambda: server.errors.count('"event":"bot_reloaded"') == 2)
        assert {server.open()["messages"][0]["text"] for _ in range(10)} == {"Changed"}
        write_bot(tmp_path / "bots", "default", 'TALK "Again"\nHEAR x')
        answer = asyncio.run(ask_socket(tmp_path / "data" / "operator.sock", "POST", "/bots/reload"))
        assert answer == (200, b'{"changed":["default"]}')
        assert {server.open()["messages"][0]["text"] for _ in range(10)} == {"Again"}


def test_what_is_wrong_with_the_settings_is_said_once(settings: dict[str, str], tmp_path: Path) -> None:
    wrong = settings | {"TRUNKLINE_STORE": "postgresql://postgres@127.0.0.1:1/nowhere"}
    done = run("serve", "--port", "0", "--workers", "3", cwd=tmp_path, **wrong)
    assert (done.returncode, done.stderr.count("127.0.0.1:1/nowhere")) == (1, 1), done.stderr
    assert "Traceback" not in done.stderr
    write_bot(tmp_path / "bots", "bad", "IF x THEN")
    strict = run("serve", "--port", "0", "--workers", "3", "--strict", cwd=tmp_path, **settings)
    assert (strict.returncode, strict.stderr.count("bot_does_not_compile")) == (65, 1)


def test_a_data_folder_has_one_server(settings: dict[str, str], tmp_path: Path) -> None:
    with workers(tmp_path, settings):
        for more in ((), ("--workers", "2")):
            done = run("serve", "--port", "0", *more, cwd=tmp_path, **settings)
            assert (done.returncode, "is in use by another server" in done.stderr) == (78, True), done.stderr


def test_a_worker_that_cannot_start_again_is_tried_until_it_can(
    settings: dict[str, str], postgres: Postgres, tmp_path: Path
) -> None:
    """Nothing that is asked of the others is lost meanwhile."""
    with workers(tmp_path, settings) as server:
        session = server.open()
        bots = tmp_path / "bots"
        bots.rename(tmp_path / "away")
        os.kill(max(processes(server)), signal.SIGKILL)
        server.wait_for("worker_cannot_start")
        assert server.say(session, "one") == ["one:1"]
        (tmp_path / "away").rename(bots)
        wait_until(lambda: set(ready(tmp_path)["workers"].values()) == {"ready"})
