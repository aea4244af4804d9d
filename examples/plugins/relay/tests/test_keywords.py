"""What the two keywords answer."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from aiohttp import web
from trunkline_relay.keywords import keywords


def handler(phrase: str, url: str = "") -> Any:
    return next(keyword.handler for keyword in keywords(url) if keyword.phrase == phrase)


def test_mask_hides_all_but_the_last_four_characters() -> None:
    mask = handler("MASK")
    assert [mask(None, value) for value in ("4111111111111111", 12345, "abc", "", None)] == [
        "************1111", "*2345", "abc", "", "",
    ]  # fmt: skip


async def test_ask_service_names_the_same_key_for_every_attempt(unused_tcp_port: int) -> None:
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append((request.headers["Idempotency-Key"], (await request.json())["question"]))
        return web.json_response({"answer": "from 9 to 5"})

    application = web.Application()
    application.router.add_post("/ask", answer)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
    ask = handler("ASK SERVICE", f"http://127.0.0.1:{unused_tcp_port}/ask")
    call = SimpleNamespace(idempotency_key="s:1:2")
    assert [await ask(call, "hours?") for _ in range(2)] == ["from 9 to 5"] * 2
    assert asked == [("s:1:2", "hours?")] * 2
    await runner.cleanup()
