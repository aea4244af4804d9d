"""The HTTP server: whatever arrives, the answer has one JSON shape; slow clients are cut off."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from core import http_input
from core.errors import Refused, StoreUnavailable
from gateway.http.errors import answer_errors
from gateway.http.server import Runner
from tests.gateway.kit import Server, status_of

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n"


def assert_alive(server: Server) -> None:
    assert server.request("GET", "/healthz")[2] == {"status": "ok"}


# --- malformed requests ---


@pytest.mark.parametrize(
    ("request_bytes", "statuses"),
    [
        (b"GET /healthz\r\n\r\n", {400}),
        (b"G\0T / HTTP/1.1\r\nHost: x\r\n\r\n", {400}),
        (b"\x16\x03\x01\x02\x00\x01\x00", {400}),
        (b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", {400}),
        (b"GET / HTTP/2.0\r\nHost: x\r\nConnection: close\r\n\r\n", {400}),
        (b"GET / HTTP/2.0\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n", {400}),
        (GET + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", {400}),
        (GET + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
        (GET + b"Content-Length: -1\r\n\r\n", {400}),
        (GET + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", {400}),
        (GET + b"Transfer-Encoding: gzip, chunked\r\nConnection: close\r\n\r\n0\r\n\r\n", {400}),
        (b"GET /healthz HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", {400}),
        (b"GET /api/session HTTP/1.1\r\nHost: x\r\nExpect: a-lot\r\nConnection: close\r\n\r\n", {417}),
        (GET + b"X: " + b"a" * 9000 + b"\r\n\r\n", {431}),
        (GET + b"".join(b"X%d: y\r\n" % n for n in range(10_000)) + b"\r\n", {400}),
        (b"GET /" + b"a" * 65_536 + b" HTTP/1.1\r\nHost: x\r\n\r\n", {414}),
        (b"TRACE /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", {405}),
        (b"PUT /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", {405}),
    ],
)
def test_a_malformed_request_gets_its_status_and_our_json(
    server: Server, request_bytes: bytes, statuses: set[int]
) -> None:
    answer = server.raw(request_bytes, seconds=3)
    assert status_of(answer) in statuses, answer[:300]
    head, body = answer.split(b"\r\n\r\n", 1)
    assert b"nosniff" in head
    assert b"Content-Security-Policy: default-src 'none'" in head
    error = json.loads(body)["error"]
    assert set(error) == {"code", "message", "field", "request_id"}
    assert error["code"].startswith("E_")
    assert b"Traceback" not in answer
    assert_alive(server)


@pytest.mark.parametrize(
    "path",
    ["/../etc/passwd", "/%2e%2e%2fetc/passwd", "//evil", "/default%00", "/default/../../x", "/.git/config",
     "/DEFAULT", "/__proto__", "/%F0%9F%98%80", "/" + "x" * 300, "/channels/web/main/in", "/channels/x",
     "/metrics"],
)  # fmt: skip
def test_a_path_that_leads_nowhere_is_404(server: Server, path: str) -> None:
    answer = server.raw(f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
    assert status_of(answer) == 404
    assert_alive(server)


def test_a_wrong_method_is_told_the_right_ones(server: Server) -> None:
    status, headers, body = server.request("PUT", "/api/session")
    assert (status, body["error"]["code"]) == (405, "E_METHOD")
    assert {"GET", "POST", "DELETE"} <= set(headers["allow"].split(", "))


def test_requests_of_one_connection_are_answered_in_their_order(server: Server) -> None:
    paths = ["/healthz", "/nothing/here"] * 500
    requests = [f"GET {path} HTTP/1.1\r\nHost: x\r\n\r\n" for path in paths]
    requests[-1] = requests[-1].replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
    answers = server.raw("".join(requests).encode(), seconds=20).split(b"HTTP/1.1 ")[1:]
    assert [int(answer[:3]) for answer in answers] == [200, 404] * 500


def test_every_answer_has_its_id_and_the_common_headers(server: Server) -> None:
    for path in ("/healthz", "/readyz", "/nothing/here", "/api/session", "/"):
        _, headers, body = server.request("GET", path)
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "content-security-policy" in headers
        assert headers["server"] == "trunkline"
        if isinstance(body, dict) and "error" in body:
            assert headers["x-request-id"] == body["error"]["request_id"]


def test_a_refused_token_names_the_scheme(server: Server) -> None:
    status, headers, body = server.request("GET", "/api/session")
    assert (status, headers["www-authenticate"]) == (401, "Bearer")
    assert body["error"]["code"] == "E_TOKEN_MISSING"


def test_a_body_too_large_is_refused_before_it_is_sent(server: Server) -> None:
    head = b"POST /api/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    answer = server.raw(head + b"Content-Length: 10000000000\r\n\r\n", seconds=5)
    assert status_of(answer) == 413
    assert_alive(server)


@pytest.mark.parametrize("path", ["/api/chat", "/api/chat/upload"])
def test_a_body_too_large_is_not_even_asked_for(server: Server, path: str) -> None:
    head = f"POST {path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: ".encode()
    assert status_of(server.raw(head + b"10000000000\r\n\r\n", seconds=5)) == 413
    assert status_of(server.raw(head + b"10\r\nConnection: close\r\n\r\n0123456789", seconds=5)) == 100


PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
CHUNK = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"


@pytest.mark.parametrize(
    ("framing", "body", "status", "code"),
    [
        (
            b"Content-Length: 100",
            PART + b"x" * 5000 + b"\r\n--b--\r\n",
            400,
            b"E_",
        ),  # whichever parser sees it first
        (b"Content-Length: 10000000000", b"", 413, b"E_FILE_TOO_LARGE"),
        (b"Transfer-Encoding: chunked", b"46\r\n" + PART + b"\r\n" + CHUNK * 12, 413, b"E_FILE_TOO_LARGE"),
    ],
    ids=["more than it says", "says too much", "endless"],
)
def test_an_upload_is_as_long_as_it_may_be(
    server: Server, framing: bytes, body: bytes, status: int, code: bytes
) -> None:
    head = (
        b"POST /api/chat/upload HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
        b"Authorization: Bearer " + server.open()["token"].encode() + b"\r\n"
    )
    answer = server.raw(head + framing + b"\r\n\r\n" + body, seconds=5)
    assert (status_of(answer), code in answer) == (status, True), answer[:300]
    assert_alive(server)


def test_readiness_says_what_it_looked_at(server: Server) -> None:
    status, _, report = server.request("GET", "/readyz")
    assert (status, report["ready"], report["durable"]) == (200, True, True)
    assert set(report["checks"]) == {"store", "cache", "disk", "clock", "channels", "bots"}
    assert report["checks"]["channels"] == {"web": "on"}
    assert report["checks"]["bots"]["default"] == "ok"
    assert report["checks"]["bots"]["broken"].startswith("broken: broken/start.bas:")


def test_a_broken_bot_answers_503_and_the_others_run(server: Server) -> None:
    status, headers, body = server.request("POST", "/api/session", {"bot": "broken"})
    assert (status, body["error"]["code"]) == (503, "E_BOT_BROKEN")
    assert int(headers["retry-after"]) > 0
    assert server.say(server.open(), "Ana")[0] == "Hello, Ana"


# --- slow clients, over an application of one route ---


Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def listening(handler: Handler, *, idle: float = 0.3) -> AsyncIterator[int]:
    """The port of a server with one route that takes every path."""
    app = web.Application(middlewares=[answer_errors])
    app.router.add_route("*", "/{path:.*}", handler)
    runner = Runner(app, idle_seconds=idle)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def talk(port: int, *sent: bytes, pause: float = 0.0) -> tuple[bytes, float]:
    """Send the pieces; everything that came back until the server closed, and how long that took."""
    started = time.monotonic()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)

    async def send() -> None:
        for piece in sent:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    sending = asyncio.create_task(send())
    received = bytearray()
    try:
        async with asyncio.timeout(10):
            while piece := await reader.read(65_536):
                received += piece
    except ConnectionResetError:
        pass  # it was sent more than it wanted; what it had answered before counts
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
    writer.close()
    return bytes(received), time.monotonic() - started


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await http_input.read_body(request))


@pytest.mark.parametrize(
    ("sent", "pause"),
    [((), 0.0), ((b"GET / HT",), 0.0), (tuple(b"GET / HTTP/1.1\r\nX: " + b"y" * 200 for _ in range(1)), 0.0),
     (tuple(bytes([byte]) for byte in b"GET / HTTP/1.1\r\nHost: " + b"x" * 200), 0.05)],
)  # fmt: skip
async def test_a_header_that_does_not_come_closes_the_connection(
    sent: tuple[bytes, ...], pause: float
) -> None:
    async with listening(echo) as port:
        received, seconds = await talk(port, *sent, pause=pause)
    assert received == b""
    assert seconds < 5


async def test_a_body_that_does_not_come_is_408(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_input, "BODY_SECONDS", 0.3)
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n"
    async with listening(echo) as port:
        received, _ = await talk(port, head, *(b"x" for _ in range(100)), pause=0.05)
        assert status_of(received) == 408
        assert b"E_BODY_TIMEOUT" in received
        expecting = head.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")
        received, _ = await talk(port, expecting)
        assert b" 408 " in received


async def test_a_body_that_is_cut_off_is_no_failure_of_ours() -> None:
    caught: asyncio.Future[Refused] = asyncio.get_running_loop().create_future()

    async def handler(request: web.Request) -> web.Response:
        try:
            await http_input.read_body(request)
        except Refused as refused:
            caught.set_result(refused)
            raise
        return web.Response()

    async with listening(handler) as port:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc")
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        refused = await asyncio.wait_for(caught, 5)
    assert (refused.status, refused.code) == (400, "E_BODY")


def test_a_client_that_reads_nothing_has_a_limit_of_the_kernels(server: Server) -> None:
    with socket.create_connection(("127.0.0.1", server.port)) as connection:
        connection.sendall(GET + b"\r\n")
        assert connection.recv(10)
    from gateway.listening import bind

    listener = bind("127.0.0.1", 0, "server")
    assert listener.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 60_000
    listener.close()


# --- errors of handlers ---


async def answer_of(error: Exception) -> tuple[int, bytes]:
    async def handler(request: web.Request) -> web.Response:
        raise error

    async with listening(handler) as port:
        received, _ = await talk(port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    return status_of(received), received


async def test_a_store_that_is_away_is_503_and_worth_another_try() -> None:
    status, received = await answer_of(StoreUnavailable("disk full at /secret/path"))
    assert (status, b"E_STORE" in received, b"Retry-After: 2" in received) == (503, True, True)
    assert b"/secret/path" not in received


async def test_a_refusal_says_when_to_come_back() -> None:
    status, received = await answer_of(Refused(429, "E_RATE_LIMITED", "Slowly.", retry_after=6.2))
    assert (status, b"Retry-After: 7" in received) == (429, True)


async def test_an_unexpected_error_shows_nothing_of_the_inside(caplog: pytest.LogCaptureFixture) -> None:
    status, received = await answer_of(ValueError("the password is hunter2"))
    assert (status, b"E_INTERNAL" in received) == (500, True)
    assert b"hunter2" not in received
    assert "request_failed" in caplog.text


async def test_an_answer_that_has_begun_is_cut_off_not_mixed(caplog: pytest.LogCaptureFixture) -> None:
    async def handler(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b"half")
        raise ValueError

    async with listening(handler) as port:
        received, _ = await talk(port, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"E_INTERNAL" not in received
