"""TLS in front of a server: a webhook's signature, sockets, streams, uploads, and limits per address."""

from __future__ import annotations

import asyncio
import io
import json
import socket
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import pytest_asyncio
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.adapters.serve_kit import Serve
from tests.adapters.whatsapp.whatsapp_kit import ACCOUNT_SID, TOKEN, US
from tests.deploy.proxies import HOST, Proxy
from trunkline.testing.twilio import FakeTwilio, sign

pytestmark = pytest.mark.asyncio(loop_scope="module")

PUBLIC = f"https://{HOST}"
PATH = "/channels/whatsapp/main/inbound"
PERSON = "whatsapp:+5511987650003"
SCRIPT = 'TALK "Name?"\nHEAR name\nTALK "Hello " + name\nHEAR photo AS FILE\nTALK "" + photo.size\n'
CREATIONS = 30  # new sessions a minute and address


class _Here(AbstractResolver):
    """The public name leads to this machine."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host="127.0.0.1", port=port, family=socket.AF_INET, proto=0, flags=0)
        ]

    async def close(self) -> None: ...


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def twilio() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio(account_sid=ACCOUNT_SID, auth_token=TOKEN) as fake:
        yield fake


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["nginx", "caddy"])
async def proxy(
    request: pytest.FixtureRequest, twilio: FakeTwilio, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Proxy]:
    """A proxy in front of a server that believes it."""
    folder = tmp_path_factory.mktemp(request.param)
    account = {
        "bot": "default", "account_sid": ACCOUNT_SID, "auth_token": TOKEN, "from": US,
        "api_base_url": twilio.url, "content_base_url": twilio.url,
    }  # fmt: skip
    config = {
        "public_url": PUBLIC,
        "trusted_proxies": ["127.0.0.1"],
        "server": {"session_create_rate_limit": CREATIONS},
        "plugins": {"web": {}, "whatsapp": {"accounts": {"main": account}}},
    }
    server = Serve(folder, config, {"start.bas": SCRIPT})
    try:
        await server.start()
        with Proxy(request.param, folder / "proxy", int(server.url.rpartition(":")[2])) as running:
            yield running
    finally:
        await server.kill()


@pytest_asyncio.fixture(loop_scope="module")
async def http(proxy: Proxy) -> AsyncIterator[aiohttp.ClientSession]:
    connector = aiohttp.TCPConnector(ssl=proxy.trust, resolver=_Here())
    async with aiohttp.ClientSession(proxy.url, connector=connector) as session:
        yield session


async def opened(http: aiohttp.ClientSession) -> dict[str, str]:
    async with http.post("/api/session", json={}) as answer:
        assert answer.status == 201, await answer.text()
        return {"Authorization": f"Bearer {(await answer.json())['token']}"}


async def webhook(
    http: aiohttp.ClientSession, form: Mapping[str, str], url: str, **headers: str
) -> tuple[int, str]:
    sent = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": sign(TOKEN, url, form)}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with http.post(PATH, data=urlencode(form).encode(), headers=sent | named) as answer:
        return answer.status, await answer.text()


async def test_a_webhook_signed_for_the_public_address_is_verified_behind_the_proxy(
    http: aiohttp.ClientSession, twilio: FakeTwilio, request: pytest.FixtureRequest
) -> None:
    before = len(twilio.sent)
    form = twilio.inbound(PERSON, US, "hi", seed=request.node.name)
    assert (await webhook(http, form, PUBLIC + PATH))[0] == 200
    assert (await webhook(http, form, PUBLIC + PATH))[0] == 200  # and its repetition is one
    said = await twilio.wait_for(before + 1)
    assert [message.body for message in said[before:]] in (["Name?"], ["Hello hi"])


@pytest.mark.parametrize("forged", [{}, {"X_Forwarded_Host": "evil.example", "X_Forwarded_Proto": "https"}])
async def test_a_signature_for_another_address_is_refused_whatever_the_headers_claim(
    forged: dict[str, str], http: aiohttp.ClientSession, twilio: FakeTwilio
) -> None:
    form = twilio.inbound(PERSON, US, "hi", seed="evil")
    assert (await webhook(http, form, f"https://evil.example{PATH}", **forged))[0] == 403
    assert (await webhook(http, form, f"http://127.0.0.1:8080{PATH}", **forged))[0] == 403


async def test_a_conversation_over_the_socket(http: aiohttp.ClientSession) -> None:
    bearer = await opened(http)
    async with http.post("/api/ws-ticket", headers=bearer | {"Origin": PUBLIC}) as answer:
        ticket = (await answer.json())["ticket"]
    async with http.ws_connect("/ws", protocols=("trunkline.v1", f"ticket.{ticket}"), origin=PUBLIC) as chat:
        await chat.send_json({"type": "hello", "after": 1})
        await chat.send_json({"type": "message", "client_id": "a", "text": "Ana"})
        async with asyncio.timeout(20):
            while (frame := await chat.receive_json()).get("text") != "Hello Ana":
                assert frame["type"] != "error", frame


async def test_events_arrive_while_the_stream_is_open(http: aiohttp.ClientSession) -> None:
    bearer = await opened(http)
    async with asyncio.timeout(20), http.get("/api/chat/events", headers=bearer) as stream:
        async with http.post("/api/chat", json={"text": "Eva"}, headers=bearer) as said:
            assert said.status == 200
        async for line in stream.content:
            if b"Hello Eva" in line:
                break


async def test_a_file_of_ten_megabytes_passes_and_a_larger_one_is_refused(
    http: aiohttp.ClientSession,
) -> None:
    bearer = await opened(http)
    async with http.post("/api/chat", json={"text": "Eva"}, headers=bearer):
        pass

    async def upload(size: int) -> tuple[int, Any]:
        form = aiohttp.FormData()
        form.add_field("file", io.BytesIO(b"a" * size), filename="a.txt", content_type="text/plain")
        async with http.post("/api/chat/upload", data=form, headers=bearer) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if answer.content_type == "application/json" else text

    status, stored = await upload(10 * 1024 * 1024)
    assert status == 201, stored
    assert (await upload(10 * 1024 * 1024 + 1))[0] == 413
    async with http.post(
        "/api/chat", json={"attachments": [stored["attachment_id"]]}, headers=bearer
    ) as said:
        assert (await said.json())["messages"][0]["text"] == str(10 * 1024 * 1024)


async def test_limits_count_the_address_that_the_proxy_saw(http: aiohttp.ClientSession) -> None:
    """Last: it uses the address up. Who claims another one each time has it counted no less."""
    statuses = set()
    for number in range(CREATIONS + 1):
        claimed = {"X-Forwarded-For": f"203.0.113.{number}"}
        async with http.post("/api/session", json={}, headers=claimed) as answer:
            statuses.add(answer.status)
    assert statuses == {201, 429}
