"""The WebSocket of a running gateway: order of checks, frames, resume, limits, and what a bad client gets."""

from __future__ import annotations

import asyncio
import base64
import os
import select
import socket
import struct
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from tests.e2e.gateway_process import Gateway

TEXT, BINARY, CONTINUATION, PING, RESERVED = 1, 2, 0, 9, 3


@pytest.fixture
async def http(gateway: Gateway) -> AsyncIterator[ClientSession]:
    async with ClientSession(gateway.url) as session:
        yield session


async def opened(http: ClientSession, bot: str = "default") -> dict[str, str]:
    async with http.post("/api/session", json={"bot": bot}) as answer:
        return {"Authorization": f"Bearer {(await answer.json())['token']}"}


async def ticket(http: ClientSession, bearer: dict[str, str], **headers: str) -> str:
    async with http.post("/api/ws-ticket", headers=bearer | headers) as answer:
        assert answer.status == 201
        issued = await answer.json()
        assert issued["expires_in"] == 30
        return str(issued["ticket"])


async def connected(http: ClientSession, bearer: dict[str, str]) -> ClientWebSocketResponse:
    chat = await http.ws_connect("/ws", protocols=("trunkline.v1", f"ticket.{await ticket(http, bearer)}"))
    assert chat.protocol == "trunkline.v1"
    return chat


async def receive(chat: ClientWebSocketResponse, count: int = 1) -> list[dict[str, Any]]:
    return [await chat.receive_json(timeout=10) for _ in range(count)]


async def test_a_conversation_is_acknowledged_then_shown_and_resumed_by_seq(http: ClientSession) -> None:
    bearer = await opened(http)
    async with await connected(http, bearer) as chat:
        await chat.send_json({"type": "hello", "after": 0})
        welcome, greeting = await receive(chat, 2)
        assert set(welcome) == {"type", "session", "seq"}
        assert (welcome["type"], welcome["seq"]) == ("welcome", 1)
        assert set(greeting) == {"type", "seq", "id", "role", "text", "parts", "created_at"}
        await chat.send_json({"type": "message", "client_id": "a", "text": "Ana"})
        ack, own, reply = await receive(chat, 3)
        assert ack == {"type": "ack", "client_id": "a", "seq": 2}
        assert (own["seq"], own["role"], own["text"]) == (2, "user", "Ana")
        assert (reply["seq"], reply["text"]) == (3, "Nice to meet you, Ana.")

    async with await connected(http, bearer) as chat:
        await chat.send_json({"type": "hello", "after": 2})
        welcome, reply = await receive(chat, 2)
        assert (reply["seq"], reply["text"]) == (3, "Nice to meet you, Ana.")
        await chat.send_json({"type": "message", "client_id": "a", "text": "Ana"})  # never heard the ack
        while (frame := (await receive(chat))[0])["type"] == "message":
            pass
        assert frame == {"type": "ack", "client_id": "a", "seq": 2}
        await chat.send_json({"type": "message", "client_id": "a", "text": "Bo"})
        (refused,) = await receive(chat)
        assert (refused["type"], refused["code"], refused["client_id"]) == ("error", "E_KEY_REUSED", "a")


async def test_every_socket_of_a_session_sees_the_same(http: ClientSession) -> None:
    bearer = await opened(http, "echo")
    async with await connected(http, bearer) as one, await connected(http, bearer) as other:
        for chat in (one, other):
            await chat.send_json({"type": "hello", "after": 1})
            await receive(chat)
        for number in range(5):
            await one.send_json({"type": "message", "text": f"one {number}"})
            await other.send_json({"type": "message", "text": f"other {number}"})
        await http.post("/api/chat", headers=bearer, json={"text": "by hand"})

        async def log(chat: ClientWebSocketResponse) -> list[tuple[int, str]]:
            lines: list[tuple[int, str]] = []
            while len(lines) < 22:
                (frame,) = await receive(chat)
                if frame["type"] == "message":
                    lines.append((frame["seq"], frame["text"]))
            return lines

        first, second = await log(one), await log(other)
        assert first == second
        assert [seq for seq, _ in first] == list(range(2, 24))


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('{"a":1}', "E_WS_TYPE"),
        ('{"type":"nope"}', "E_WS_TYPE"),
        ('{"type":5}', "E_WS_TYPE"),
        ("[]", "E_WS_TYPE"),
        ("{", "E_JSON"),
        ('{"type":"hello","after":-1}', "E_SEQ"),
        ('{"type":"hello","after":1000000000000000000}', "E_SEQ"),
        ('{"type":"hello","after":"x"}', "E_SEQ"),
        ('{"type":"hello","after":true}', "E_SEQ"),
        ('{"type":"message","text":""}', "E_EMPTY"),
        ('{"type":"message","text":"a","token":"b"}', "E_FIELD"),
        ('{"type":"message","choice":{"prompt":"99","id":"a"}}', "E_STALE_CHOICE"),
        ('{"type":"message","attachments":["nobodys"]}', "E_ATTACHMENT"),
    ],
)
async def test_a_mistaken_frame_is_answered_and_the_connection_stays(
    http: ClientSession, frame: str, code: str
) -> None:
    bearer = await opened(http)
    async with await connected(http, bearer) as chat:
        await chat.send_json({"type": "hello", "after": 1})
        await receive(chat)
        await chat.send_str(frame)
        (error,) = await receive(chat)
        assert (error["type"], error["code"]) == ("error", code)
        assert {"type", "code", "message", "retry_after"} <= set(error)
        await chat.send_json({"type": "ping"})
        assert await receive(chat) == [{"type": "pong"}]


async def refused(http: ClientSession, headers: dict[str, str]) -> tuple[int, str]:
    async with http.get("/ws", headers=headers) as answer:
        return answer.status, (await answer.json())["error"]["code"]


async def test_the_origin_is_looked_at_first_then_the_ticket_then_the_handshake(http: ClientSession) -> None:
    bearer = await opened(http)
    good = {"Sec-WebSocket-Protocol": f"trunkline.v1, ticket.{await ticket(http, bearer)}"}
    for origin in ("https://evil.example", "null"):
        assert await refused(http, good | {"Origin": origin}) == (403, "E_ORIGIN")
    assert (await refused(http, {}))[0] == 401
    assert (await refused(http, {"Sec-WebSocket-Protocol": "trunkline.v1, ticket.wrong"}))[0] == 401
    assert (await refused(http, good)) == (400, "E_WS_HANDSHAKE")  # an honest ticket, but no upgrade
    assert (await refused(http, good))[0] == 401  # and it is used up now


async def test_a_ticket_is_bound_to_its_origin_and_opens_once(http: ClientSession, gateway: Gateway) -> None:
    bearer = await opened(http)
    issued = await ticket(http, bearer, Origin=gateway.url)
    assert (await refused(http, {"Sec-WebSocket-Protocol": f"trunkline.v1, ticket.{issued}"}))[0] == 401
    issued = await ticket(http, bearer, Origin=gateway.url)
    async with http.ws_connect("/ws", origin=gateway.url, protocols=("trunkline.v1", f"ticket.{issued}")):
        pass
    with pytest.raises(WSServerHandshakeError, match="401"):
        await http.ws_connect("/ws", origin=gateway.url, protocols=("trunkline.v1", f"ticket.{issued}"))


async def test_the_end_of_a_session_closes_its_sockets(http: ClientSession) -> None:
    bearer = await opened(http)
    async with await connected(http, bearer) as chat:
        await chat.send_json({"type": "hello", "after": 1})
        await receive(chat)
        await http.delete("/api/session", headers=bearer)
        async with asyncio.timeout(10):
            assert (await chat.receive()).type is WSMsgType.CLOSE
        assert chat.close_code == 4401


async def test_a_session_has_twenty_sockets_and_no_more(http: ClientSession) -> None:
    bearer = await opened(http)
    sockets = [await connected(http, bearer) for _ in range(20)]
    with pytest.raises(WSServerHandshakeError, match="429"):
        await connected(http, bearer)
    await sockets.pop().close()
    sockets.append(await connected(http, bearer))
    for chat in sockets:
        await chat.close()


def frame(kind: int, payload: bytes = b"", *, last: bool = True, masked: bool = True) -> bytes:
    first, mask, size = (0x80 if last else 0) | kind, 0x80 if masked else 0, len(payload)
    if size < 126:
        head = bytes([first, mask | size])
    elif size < 65_536:
        head = bytes([first, mask | 126]) + struct.pack(">H", size)
    else:
        head = bytes([first, mask | 127]) + struct.pack(">Q", size)
    return head + (bytes(4) if masked else b"") + payload


def handshake(gateway: Gateway, issued: str) -> bytes:
    lines = (
        "GET /ws HTTP/1.1",
        f"Host: 127.0.0.1:{gateway.port}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        f"Sec-WebSocket-Protocol: trunkline.v1, ticket.{issued}",
    )
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def raw_socket(
    http: ClientSession, gateway: Gateway
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    issued = await ticket(http, await opened(http, "echo"))
    reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
    writer.write(handshake(gateway, issued))
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    return reader, writer


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (frame(BINARY, b"{}"), 1003),
        (frame(TEXT, b"x" * 65_537), 1009),
        (frame(TEXT, b"\xff\xfe"), 1007),
        (frame(TEXT, b"{}", masked=False), 1002),
        (frame(PING, b"x" * 200), 1002),
        (frame(RESERVED, b"x"), 1002),
        (frame(TEXT, last=False) + frame(CONTINUATION, last=False) * 20_000, 1008),
    ],
    ids=["binary", "65 kB", "not UTF-8", "unmasked", "long ping", "reserved", "20,000 fragments"],
)
async def test_what_breaks_the_protocol_closes_with_its_code(
    http: ClientSession, gateway: Gateway, sent: bytes, code: int
) -> None:
    reader, writer = await raw_socket(http, gateway)
    writer.write(sent)
    async with asyncio.timeout(10):
        head = await reader.readexactly(4)
    assert (head[0], struct.unpack(">H", head[2:])[0]) == (0x88, code)
    writer.close()


async def test_a_frame_of_64_kb_and_a_message_of_a_hundred_fragments_are_read(
    http: ClientSession, gateway: Gateway
) -> None:
    reader, writer = await raw_socket(http, gateway)
    fragments = [b'{"type":"ping"'] + [b" "] * 98 + [b"}"]
    first, *middle, last = fragments
    sent = frame(TEXT, first, last=False) + b"".join(frame(CONTINUATION, part, last=False) for part in middle)
    writer.write(frame(TEXT, b'{"type":"ping"' + b" " * 65_521 + b"}") + sent + frame(CONTINUATION, last))
    async with asyncio.timeout(10):
        pongs = await reader.readexactly(2 * len(frame(TEXT, b'{"type":"pong"}', masked=False)))
    assert pongs.count(b'{"type":"pong"}') == 2
    writer.close()


async def test_what_is_said_while_a_slow_reader_takes_nothing_is_shown_when_it_reads_again(
    http: ClientSession,
) -> None:
    bearer = await opened(http, "echo")
    async with await connected(http, bearer) as slow:
        await slow.send_json({"type": "hello", "after": 0})
        for _ in range(30):  # far more than the buffers on the way hold
            async with http.post("/api/chat", headers=bearer, json={"text": "x" * 99_000}) as answer:
                assert answer.status == 200
        shown = await receive(slow, 62)
    assert [line["seq"] for line in shown] == [1, *range(1, 62)]  # the welcome tells of one line


async def test_a_reader_that_takes_nothing_is_cut_off_and_costs_the_others_nothing(
    http: ClientSession, gateway: Gateway
) -> None:
    bearer = await opened(http, "echo")
    with socket.create_connection(("127.0.0.1", gateway.port)) as stuck:
        stuck.sendall(handshake(gateway, await ticket(http, bearer)))
        assert b" 101 " in stuck.recv(4096)
        stuck.sendall(frame(TEXT, b'{"type":"hello","after":0}'))  # and from here on it reads nothing
        async with await connected(http, bearer) as other:
            await other.send_json({"type": "hello", "after": 1})
            await receive(other)
            for _ in range(50):
                async with http.post("/api/chat", headers=bearer, json={"text": "x" * 99_000}) as answer:
                    assert answer.status == 200
                assert len(await receive(other, 2)) == 2
        ending = select.poll()
        ending.register(stuck, 0)  # only what is always reported: the connection is gone
        assert await asyncio.to_thread(ending.poll, 30_000)
