"""The limits that an operator sets, at a running server: who is turned away, and that nobody else is."""

from __future__ import annotations

import base64
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.gateway.kit import Server, run, status_of, write_bot

ECHO = 'TALK "Yes?"\nDO\n  HEAR words\n  TALK words\nLOOP\n'


def folder(path: Path, settings: str = "", **csv: int) -> Path:
    lines = "".join(f"{name.replace('_', '-')},{value}\n" for name, value in csv.items())
    write_bot(path / "bots", "default", ECHO, config_csv=f"name,value\n{lines}")
    (path / "plugins.yaml").write_text(f"plugins: {{web: {{}}}}\n{settings}\n")
    return path


def opening(server: Server) -> tuple[int, Any, str]:
    status, headers, body = server.request("POST", "/api/session")
    return status, body.get("error", {}).get("code"), headers.get("retry-after", "")


def test_a_full_server_turns_new_sessions_away_and_serves_the_others(tmp_path: Path) -> None:
    with Server(folder(tmp_path, "server: {session_max_concurrent: 2}")) as server:
        first, _ = server.open(), server.open()
        assert opening(server) == (503, "E_CAPACITY", "10")
        assert server.say(first, "still here") == ["still here"]


def test_an_address_opens_so_many_sessions_a_minute(tmp_path: Path) -> None:
    with Server(folder(tmp_path, "server: {session-create-rate-limit: 2}")) as server:
        first, _ = server.open(), server.open()
        status, code, wait = opening(server)
        assert (status, code, int(wait) > 0) == (429, "E_SESSION_RATE", True)
        assert server.say(first, "still here") == ["still here"]


def test_zero_is_no_limit(tmp_path: Path) -> None:
    with Server(folder(tmp_path, "server: {session_create_rate_limit: 0}")) as server:
        assert {opening(server)[0] for _ in range(125)} == {201}


def test_a_bots_own_limits_win_over_those_of_the_server(tmp_path: Path) -> None:
    with Server(
        folder(tmp_path, "server: {session_create_rate_limit: 9}", session_create_rate_limit=1)
    ) as server:
        server.open()
        assert opening(server)[:2] == (429, "E_SESSION_RATE")


def test_requests_of_an_address_are_limited_if_the_bot_says_so(tmp_path: Path) -> None:
    with Server(folder(tmp_path, api_rate_limit=2)) as server:
        token = server.open()["token"]
        assert [server.request("GET", "/api/session", token=token)[0] for _ in range(3)] == [200, 200, 429]


def test_twenty_wrong_tokens_a_minute_and_right_ones_go_on(tmp_path: Path) -> None:
    with Server(folder(tmp_path)) as server:
        token = server.open()["token"]
        wrong = [server.request("GET", "/api/session", token="A" * 64) for _ in range(21)]
        assert [status for status, _, _ in wrong] == [401] * 20 + [429]
        assert int(wrong[-1][1]["retry-after"]) > 0
        assert server.request("GET", "/api/session", token=token)[0] == 200


@contextmanager
def socket_opened(server: Server, token: str) -> Iterator[int]:
    """A WebSocket. :returns: the status of its handshake."""
    ticket = server.request("POST", "/api/ws-ticket", token=token)[2]["ticket"]
    lines = (
        "GET /ws HTTP/1.1",
        "Host: x",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        f"Sec-WebSocket-Protocol: trunkline.v1, ticket.{ticket}",
    )
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall("\r\n".join((*lines, "", "")).encode())
        yield status_of(connection.recv(4096))


def test_sockets_of_an_address_are_limited_if_the_bot_says_so(tmp_path: Path) -> None:
    with Server(folder(tmp_path, ws_per_address=1)) as server:
        one, other = server.open()["token"], server.open()["token"]
        with socket_opened(server, one) as first, socket_opened(server, other) as second:
            assert (first, second) == (101, 429)


def test_a_stream_whose_reader_has_left_is_no_failure(tmp_path: Path) -> None:
    with Server(folder(tmp_path)) as server:
        session = server.open()
        head = f"GET /api/chat/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {session['token']}\r\n\r\n"
        assert status_of(server.raw(head.encode(), seconds=0.5)) == 200  # and it leaves
        server.say(session, "anybody there?")
        server.request("DELETE", "/api/session", token=session["token"])
        assert server.stop() == 0
        assert '"level":"error"' not in server.errors


def test_a_session_ends_by_command_whether_or_not_a_server_runs(tmp_path: Path) -> None:
    with Server(folder(tmp_path)) as server:
        live, later = server.open(), server.open()
        done = run("sessions", "end", live["session_id"], cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, f"ended {live['session_id']}\n", "")
        assert server.request("GET", "/api/session", token=live["token"])[0] == 401
        server.stop()
    done = run("sessions", "end", later["session_id"], cwd=tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"ended {later['session_id']}\n", "")
    again = run("sessions", "end", later["session_id"], cwd=tmp_path)
    assert (again.returncode, again.stdout, later["session_id"] in again.stderr) == (1, "", True)
    with server:
        assert server.request("GET", "/api/session", token=later["token"])[0] == 401
