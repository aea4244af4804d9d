"""The relay channel against Trunkline's own contract for channels, with a real HTTP receiver."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from multidict import CIMultiDict, CIMultiDictProxy
from trunkline_relay.channel import SIGNATURE, Relay, Settings, sign

from trunkline import Account, Permanent, Refused, Retry, Sent, Unknown, Webhook
from trunkline.testing.adapter import AdapterContract, AdapterSubject

SECRET = "a secret of some length"


def make_webhook(body: bytes, *signatures: str) -> Webhook:
    headers = CIMultiDict({"Content-Type": "application/json"})
    for signature in signatures:
        headers.add(SIGNATURE, signature)
    path = "/channels/relay/main/inbound"
    return Webhook(
        method="POST",
        path=path,
        url=f"http://bot{path}",
        query={},
        headers=CIMultiDictProxy(headers),
        body=body,
    )


def message(text: str, key: str) -> Webhook:
    body = json.dumps({"id": key, "from": "ana", "text": text, "sent": "now"}).encode()
    return make_webhook(body, sign(SECRET, body))


class Receiver:
    """The other side; ``answer`` says what it does with the next message."""

    def __init__(self) -> None:
        self.answer = "200"
        self.got: list[dict[str, object]] = []
        self.released = asyncio.Event()

    async def deliver(self, request: web.Request) -> web.StreamResponse:
        self.got.append(await request.json())
        if self.answer == "hang":
            await self.released.wait()
        return web.Response(status=int(self.answer), headers={"Retry-After": "7"})


class TestRelay(AdapterContract):
    @pytest.fixture
    async def subject(self) -> AsyncIterator[AdapterSubject]:
        receiver, adapter = Receiver(), Relay()
        application = web.Application()
        application.router.add_post("/deliver", receiver.deliver)
        runner = web.AppRunner(application)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        url = f"http://127.0.0.1:{runner.addresses[0][1]}/deliver"

        def fate(answer: str) -> object:
            return lambda: setattr(receiver, "answer", answer)

        yield AdapterSubject(
            adapter=adapter,
            account=Account(
                name="main", bot="default", settings=Settings(secret=SECRET, deliver_url=url, timeout=0.3)
            ),
            message=message,
            forgeries={
                "no signature": make_webhook(b"{}"),
                "another secret": make_webhook(b"{}", sign("x" * 20, b"{}")),
                "two signatures": make_webhook(b"{}", sign(SECRET, b"{}"), sign(SECRET, b"{}")),
            },
            fates={Sent: fate("200"), Retry: fate("429"), Permanent: fate("404"), Unknown: fate("hang")},
        )
        receiver.released.set()
        await adapter.close()
        await runner.cleanup()


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"id": "1"}', b'{"id": 1, "from": "a", "text": "b"}', b"\xff"]
)
def test_a_signed_body_that_is_no_note_is_refused(body: bytes) -> None:
    account = Account(name="main", bot="default", settings=Settings(secret=SECRET, deliver_url="http://x"))
    with pytest.raises(Refused) as refused:
        Relay().parse(make_webhook(body, sign(SECRET, body)), account)
    assert refused.value.status == 422
