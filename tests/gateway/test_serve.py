"""``trunkline serve``: how it starts, what survives a kill, how it stops, and what it refuses."""

from __future__ import annotations

import json
import re
import signal
import socket
import stat
import time
from pathlib import Path

import pytest

from core.bots import SORRY
from core.code_cache import CodeCache
from core.errors import ConfigError
from core.sealing import load_or_create_key
from gateway.config import load
from gateway.plugins import keyword_table
from gateway.serve import serve
from interpreter.program import compile_sources
from tests.gateway.kit import READY, Server, run, status_of, write_bot

ASK_NAME = 'TALK "Who?"\nHEAR person\nTALK "Hello, ${person}"\nHEAR more\nTALK "${person}: ${more}"\n'


def folder_with_bot(folder: Path, start: str = ASK_NAME, **files: str) -> Path:
    write_bot(folder / "bots", "default", start, **files)
    return folder


def test_the_last_line_of_the_start_says_where_to_go(tmp_path: Path) -> None:
    folder_with_bot(tmp_path)
    write_bot(tmp_path / "bots", "support")
    with Server(tmp_path) as server:
        found = READY.search(server.ready)
        assert found
        assert found.groups()[1:2] == ("127.0.0.1",)
        assert (found[4], found[5]) == ("default, support", "web")
        assert server.errors.endswith(server.ready + "\n")
        assert server.request("GET", "/healthz")[0] == 200
        assert server.stop() == 0


def test_a_killed_server_goes_on_at_the_same_statement(tmp_path: Path) -> None:
    folder_with_bot(tmp_path)
    server = Server(tmp_path)
    with server:
        session = server.open()
        assert server.say(session, "Ana") == ["Hello, Ana"]
        server.process.send_signal(signal.SIGKILL)
    with server:
        assert server.say(session, "still here?") == ["Ana: still here?"]


def test_a_stop_is_quick_and_answers_what_is_under_way(tmp_path: Path) -> None:
    folder_with_bot(tmp_path, 'TALK "Wait"\nHEAR x\nTALK "So far"\nWAIT 1\nTALK "Done"\n')
    with Server(tmp_path) as server:
        session = server.open()
        body = json.dumps({"text": "go"}).encode()
        lines = ("POST /api/chat HTTP/1.1", "Host: x", "Content-Type: application/json")
        head = "\r\n".join((*lines, f"Content-Length: {len(body)}", ""))
        with socket.create_connection(("127.0.0.1", server.port), timeout=20) as connection:
            position = len(server.errors)
            connection.sendall(f"{head}Authorization: Bearer {session['token']}\r\n\r\n".encode() + body)
            server.wait_for('"channel":"web"', after=position)  # its first step is done, and it waits
            started = time.monotonic()
            server.process.send_signal(signal.SIGTERM)
            answer = connection.recv(65_536)
        assert server.process.wait(30) == 0
        assert time.monotonic() - started < 10
        assert status_of(answer) == 200
        assert b'"So far"' in answer
        assert b'"pending":true' in answer
    with Server(tmp_path) as server:
        server.wait_for('"channel":"timer"')
        assert "Done" in str(server.request("GET", "/api/chat", token=session["token"])[2])


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    folder_with_bot(tmp_path)
    with Server(tmp_path) as server:
        server.process.send_signal(signal.SIGTERM)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(10) in {0, 128 + signal.SIGTERM}


def test_an_interrupt_stops_it_like_a_termination(tmp_path: Path) -> None:
    folder_with_bot(tmp_path)
    with Server(tmp_path) as server:
        assert server.stop(signal.SIGINT) == 0
        assert "Traceback" not in server.errors


# --- changed bots ---


def said_at_start(server: Server) -> str:
    return str(server.open()["messages"][0]["text"])


def test_in_development_a_changed_script_is_served_within_two_seconds(tmp_path: Path) -> None:
    folder_with_bot(tmp_path)
    with Server(tmp_path, "--dev") as server:
        assert said_at_start(server) == "Who?"
        position = len(server.errors)
        write_bot(tmp_path / "bots", "default", 'TALK "Changed"\nHEAR x')
        started = time.monotonic()
        server.wait_for("bot_reloaded", after=position)
        assert time.monotonic() - started < 2
        assert said_at_start(server) == "Changed"
        position = len(server.errors)
        write_bot(tmp_path / "bots", "default", "IF x THEN")
        server.wait_for("bot_does_not_compile", after=position)
        assert said_at_start(server) == "Changed"
        assert "last good version" in server.request("GET", "/readyz")[2]["checks"]["bots"]["default"]


def test_otherwise_a_hang_up_signal_reloads(tmp_path: Path) -> None:
    folder_with_bot(tmp_path)
    with Server(tmp_path) as server:
        write_bot(tmp_path / "bots", "default", 'TALK "Changed"\nHEAR x')
        assert said_at_start(server) == "Who?"
        position = len(server.errors)
        server.process.send_signal(signal.SIGHUP)
        server.wait_for("bot_reloaded", after=position)
        assert said_at_start(server) == "Changed"


def test_in_development_the_author_sees_what_went_wrong_and_where(tmp_path: Path) -> None:
    folder_with_bot(tmp_path, 'TALK "Who?"\nHEAR x\n  PRINT 1 / 0\n')
    for arguments in ((), ("--dev",)):
        with Server(tmp_path, *arguments) as server:
            session = server.open()
            _, _, answer = server.request("POST", "/api/chat", {"text": "go"}, token=session["token"])
            (said,) = answer["messages"]
            assert (said["role"], answer["waiting"]) == ("system", False)
            assert said["text"].startswith(SORRY)
            assert ("at start.bas:3" in said["text"]) == bool(arguments)
            assert any("<pre>" in part.get("html", "") for part in said["parts"]) == bool(arguments)
            server.wait_for("at start.bas:3")


# --- what ends a start ---


def refused(folder: Path, *arguments: str, **environ: str) -> tuple[int, str]:
    done = run("serve", "--port", "0", *arguments, cwd=folder, **environ)
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_a_port_in_use_exits_1_and_is_named(tmp_path: Path) -> None:
    folder_with_bot(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("serve", "--port", str(port), cwd=tmp_path)
    assert (done.returncode, f"port {port}" in done.stderr) == (1, True)
    assert not (tmp_path / "data" / "trunkline.db").exists()


def test_two_servers_over_one_folder_are_one_too_many(tmp_path: Path) -> None:
    folder_with_bot(tmp_path)
    with Server(tmp_path):
        code, errors = refused(tmp_path)
        assert (code, "is in use by another server" in errors) == (78, True)


def test_two_servers_with_folders_of_their_own_share_nothing(tmp_path: Path) -> None:
    folder_with_bot(tmp_path)
    with Server(tmp_path, "--data", "one") as one, Server(tmp_path, "--data", "two") as two:
        session = one.open()
        assert two.request("GET", "/api/session", token=session["token"])[0] == 401


@pytest.mark.parametrize(
    ("environ", "message"),
    [
        ({"TRUNKLINE_STORE": "postgresql://u:p@h/d"}, "TRUNKLINE_SECRET_KEY is not set"),
        ({"TRUNKLINE_STORE": "mysql://h/d"}, "the scheme 'mysql' is not available"),
        ({"TRUNKLINE_CACHE": "redis://h"}, "cache: the scheme 'redis' is not available"),
        ({"TRUNKLINE_SERVER__PORT": "http"}, "TRUNKLINE_SERVER__PORT"),
        ({"TRUNKLINE_SERVER__HOST": "no.such.host.invalid"}, "server.host"),
        ({"TRUNKLINE_SECRET_KEY": "changeme"}, "TRUNKLINE_SECRET_KEY"),
        ({"TRUNKLINE_SECRET_KEY": "dG9vIHNob3J0"}, "TRUNKLINE_SECRET_KEY"),
        ({"TRUNKLINE_BOTS": "nowhere"}, "cannot read the bots' folder"),
        ({"TRUNKLINE_DATA": "/dev/null/data"}, "data folder"),
        ({"TRUNKLINE_BOT_DEFAULT__SESSION_TIMEOUT": "-1"}, "session-timeout"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str], message: str
) -> None:
    monkeypatch.chdir(folder_with_bot(tmp_path))
    with pytest.raises(ConfigError) as error:
        serve(load(environ={"TRUNKLINE_SERVER__PORT": "0"} | environ))
    assert message in error.value.message
    assert "u:p@" not in error.value.message


def test_a_machine_whose_clock_is_not_set_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder_with_bot(tmp_path))
    config = load(environ={"TRUNKLINE_SERVER__PORT": "0"})
    monkeypatch.setattr(time, "time", lambda: 0.0)
    with pytest.raises(ConfigError, match="clock is not set"):
        serve(config)


def test_a_lost_secret_key_is_asked_for_and_not_made_anew(tmp_path: Path) -> None:
    """With a new key every waiting message and secret answer of the old one would be unreadable."""
    folder_with_bot(tmp_path, "HEAR word AS PASSWORD\nHEAR more\nTALK more\n")
    server, key = Server(tmp_path), tmp_path / "data" / "secret.key"
    with server:
        session = server.open()
        server.say(session, "a secret word")
        assert server.stop() == 0
    kept = key.read_bytes()
    key.unlink()
    code, errors = refused(tmp_path)
    assert (code, f"{key} is missing" in errors, key.exists()) == (78, True, False)
    assert "restore the file" in errors
    code, errors = refused(tmp_path, TRUNKLINE_SECRET_KEY="ab" * 31 + "cd")
    assert (code, "is not the one that this store was written with" in errors) == (78, True)
    assert "secret key" in run("doctor", cwd=tmp_path, TRUNKLINE_SECRET_KEY="ab" * 31 + "cd").stdout
    key.write_bytes(kept)
    key.chmod(0o600)
    with server:
        assert server.say(session, "go on") == ["go on"]


def test_a_refusal_is_one_line_and_exit_78(tmp_path: Path) -> None:
    code, errors = refused(folder_with_bot(tmp_path), TRUNKLINE_STORE="mysql://u:p@h/d")
    assert (code, errors.splitlines()[0]) == (
        78, "Error: plugins.yaml: store: the scheme 'mysql' is not available in this version",
    )  # fmt: skip
    assert refused(tmp_path, TRUNKLINE_LOG="loudly")[0] == 78


def test_a_start_and_run_take_up_what_an_earlier_start_compiled(tmp_path: Path) -> None:
    """The file is given the code of another script: what is said tells where the code is from."""
    start = tmp_path / "bots" / "default" / "start.bas"
    with Server(folder_with_bot(tmp_path, 'TALK "compiled"\nHEAR x')):
        (file,) = (tmp_path / "data" / "code").iterdir()
    cache = CodeCache(file.parent, load_or_create_key(tmp_path / "data" / "secret.key"))
    cache.write(file.name, compile_sources({"start": 'TALK "from the file"\nHEAR x'}, keyword_table()))
    with Server(tmp_path) as server:
        assert server.open()["messages"][0]["text"] == "from the file"
    assert run("run", str(start), cwd=tmp_path).stdout == "from the file\n"
    file.write_bytes(b"\0" * 200)
    assert run("run", str(start), cwd=tmp_path).stdout == "compiled\n"


def test_run_makes_no_data_folder(tmp_path: Path) -> None:
    write_bot(tmp_path, "bot")
    assert run("run", "bot/start.bas", cwd=tmp_path).stdout == "Hello\n"
    assert not (tmp_path / "data").exists()


def test_a_script_that_does_not_compile_ends_only_a_strict_start(tmp_path: Path) -> None:
    folder_with_bot(tmp_path)
    write_bot(tmp_path / "bots", "bad", "IF x THEN")
    code, errors = refused(tmp_path, "--strict")
    assert (code, "start.bas:1:1: error:" in errors) == (65, True)
    with Server(tmp_path) as server:
        assert "bad (broken)" in server.ready


def test_more_than_one_process_needs_another_store(tmp_path: Path) -> None:
    code, errors = refused(folder_with_bot(tmp_path), "--workers", "2")
    assert (code, "set store to postgresql://" in errors) == (78, True)
    assert not (tmp_path / "data").exists()


def test_a_failed_plugin_is_named_and_the_web_is_on(tmp_path: Path) -> None:
    folder_with_bot(tmp_path)
    (tmp_path / "bad.py").write_text("raise RuntimeError('no key')")
    (tmp_path / "plugins.yaml").write_text("plugins: {web: {}, bad: {module: bad}}")
    with Server(tmp_path) as server:
        assert "RuntimeError: no key" in server.errors
        assert server.open()["waiting"] is True


# --- the store, taken away ---


def test_whatever_becomes_of_the_database_it_is_503_and_readiness_says_why(tmp_path: Path) -> None:
    folder_with_bot(tmp_path, "DO\nHEAR x\nTALK x\nLOOP\n")
    with Server(tmp_path) as server:
        session = server.open()
        assert server.say(session, "1") == ["1"]
        for each in (tmp_path / "data").glob("trunkline.db*"):
            each.unlink()
        answers = [server.request("POST", "/api/chat", {"text": "2"}, token=session["token"]) for _ in "12"]
        status, headers, body = answers[-1]
        assert (status, body["error"]["code"], headers["retry-after"]) == (503, "E_STORE", "2")
        status, _, report = server.request("GET", "/readyz")
        assert (status, report["ready"]) == (503, False)
        assert "trunkline.db cannot be written" in report["checks"]["store"]
        assert server.request("GET", "/healthz")[0] == 200
        assert server.request("POST", "/api/session", {})[0] == 503
        assert "Traceback" not in server.errors


# --- the operator's door ---


def test_the_data_folder_and_the_socket_are_for_the_owner_only(tmp_path: Path) -> None:
    with Server(folder_with_bot(tmp_path)):
        data = tmp_path / "data"
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert stat.S_IMODE((data / "operator.sock").stat().st_mode) == 0o600
        assert stat.S_IMODE((data / "secret.key").stat().st_mode) == 0o600


def test_the_socket_works_in_a_folder_with_a_long_name(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100) / ("y" * 100)
    deep.mkdir(parents=True)
    with Server(folder_with_bot(deep)) as server:
        session = server.open()
        assert run("sessions", "end", session["session_id"], cwd=deep).returncode == 0
        assert server.request("GET", "/api/session", token=session["token"])[0] == 401


def test_metrics_are_on_a_port_of_their_own_without_any_id(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with Server(folder_with_bot(tmp_path), TRUNKLINE_OPERATOR__PORT=str(port)) as server:
        session = server.open()
        server.say(session, "Ana")
        assert server.request("GET", "/metrics")[0] == 404
        public, server.port = server.port, port
        status, _, page = server.request("GET", "/metrics")
        assert status == 200
        assert server.request("POST", f"/sessions/{session['session_id']}/end")[0] == 404
        server.port = public
        text = page.decode()
        assert re.search(
            r'trunkline_http_requests_total\{method="POST",route="/api/chat",status="200"\} 1\.0', text
        )
        assert re.search(r"trunkline_turns_total", text)
        assert session["session_id"] not in text


# --- what is written down ---


def test_there_is_one_line_a_turn_and_no_word_of_what_was_said(tmp_path: Path) -> None:
    with Server(folder_with_bot(tmp_path)) as server:
        session = server.open()
        server.say(session, "a very private word")
        server.request("POST", "/api/chat", {"text": "x" * 200_000}, token=session["token"])
        server.request("GET", "/api/session", token="z" * 64)
        assert server.stop() == 0
    lines = [json.loads(line) for line in server.errors.splitlines() if line.startswith("{")]
    turns = [line for line in lines if line["event"] == "turn" and line["session"] == session["session_id"]]
    assert [turn["outcome"] for turn in turns] == ["ok", "ok"]
    for secret in ("a very private word", session["token"], "z" * 64):
        assert secret not in server.errors


@pytest.mark.parametrize(
    ("statement", "logged"),
    [
        ("n = CINT(x)", "“…” is not a number"),
        ('d = DATEADD("d", x, NOW())', "“…” is not a number"),
        ('THROW "no room for " + x', "…"),
        ("ASSERT FALSE, x", "…"),
    ],
)
def test_a_script_error_shows_the_statement_and_to_its_author_only_the_value(
    tmp_path: Path, statement: str, logged: str
) -> None:
    folder_with_bot(tmp_path, f"HEAR x\n{statement}\n")
    for arguments in ((), ("--dev",)):
        with Server(tmp_path, *arguments) as server:
            server.say(server.open(), "zebra ” stripes")
            server.wait_for(statement.replace('"', '\\"'))
            (line,) = [json.loads(each) for each in server.errors.splitlines() if "script error" in each]
        dev = bool(arguments)
        assert ("zebra" in server.errors, "stripes" in server.errors) == (dev, dev)
        assert dev or line["error"] == logged
