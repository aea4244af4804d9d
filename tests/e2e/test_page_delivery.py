"""What becomes of a message that does not get through at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest
from playwright.async_api import Browser, Page, WebSocket, WebSocketRoute, expect

from tests.e2e.gateway_process import Gateway
from tests.e2e.visitor import lines, say, token, visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all


async def swallow_messages(page: Page) -> Callable[[], None]:
    """Lose what the page sends over its socket until the returned function is called."""
    losing = True

    def connect(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()

        def forward(frame: str | bytes) -> None:
            if not (losing and json.loads(frame)["type"] == "message"):
                server.send(frame)

        socket.on_message(forward)

    def stop() -> None:
        nonlocal losing
        losing = False

    await page.route_web_socket("**/ws", connect)
    return stop


async def test_a_message_without_receipt_is_kept_over_a_reload_and_sent_once(
    browser: Browser, gateway: Gateway
) -> None:
    async with visitor(browser) as page:
        stop_losing = await swallow_messages(page)
        await page.goto(gateway.url)
        await expect(page.locator("#state-text")).to_have_text("Online")
        await say(page, "Gil")
        await expect(page.locator(".message.sending .delivery")).to_have_text("Sending")
        stop_losing()
        await page.reload()
        await expect(lines(page)).to_have_text(["Welcome! What is your name?", "Nice to meet you, Gil."])
        await page.reload()
        await expect(lines(page)).to_have_count(2)
        await expect(lines(page, "user")).to_have_text(["Gil"])


async def test_what_an_ended_conversation_never_took_goes_back_to_the_field(
    browser: Browser, gateway: Gateway
) -> None:
    async with visitor(browser) as page:
        await swallow_messages(page)
        await page.goto(gateway.url)
        await expect(page.locator("#state-text")).to_have_text("Online")
        await say(page, "a long story")
        await expect(page.locator(".message.sending .delivery")).to_be_visible()
        headers = {"Authorization": f"Bearer {await token(page, 'default')}"}
        await page.context.request.delete(f"{gateway.url}/api/session", headers=headers)
        await expect(page.locator(".notice")).to_contain_text("This is a new one")
        await expect(page.locator("#text")).to_have_value("a long story")
        await expect(lines(page, "user")).to_have_count(0)


async def test_what_is_written_before_the_server_answers_stays_in_the_field(
    browser: Browser, gateway: Gateway
) -> None:
    async with visitor(browser) as page:
        await page.route("**/api/session", lambda route: route.abort())
        await page.goto(gateway.url)
        await expect(page.locator("#banner")).to_contain_text("cannot be reached")
        await page.fill("#text", "Ida")
        await page.keyboard.press("Enter")
        await expect(page.locator("#text")).to_have_value("Ida")
        await expect(page.locator("#send")).to_be_disabled()
        await expect(page.locator("#attach")).to_be_disabled()
        await page.unroute("**/api/session")
        await expect(page.locator("#send")).to_be_enabled(timeout=20_000)
        await page.click("#send")
        await expect(lines(page).last).to_have_text("Nice to meet you, Ida.")


async def test_a_refused_message_can_be_tried_again_even_after_a_reload(
    browser: Browser, gateway: Gateway
) -> None:
    async with visitor(browser) as page:
        await page.goto(f"{gateway.url}/echo")
        await expect(lines(page)).to_have_count(1)
        await say(page, "x" * 100_001)
        await expect(page.locator(".message.failed .delivery")).to_contain_text("Not sent")
        await page.reload()
        await expect(page.locator(".message.failed .delivery")).to_contain_text("Not sent")
        await page.get_by_role("button", name="Try again").click()
        await expect(page.locator(".message.failed")).to_have_count(1)
        await say(page, "short")
        await expect(lines(page).last).to_have_text("short")


async def test_over_the_rate_limit_each_message_waits_and_is_repeated_once_a_pause(
    browser: Browser, stopped_gateway: Gateway
) -> None:
    (stopped_gateway.bots / "echo" / "config.csv").write_text("name,value\nsession-rate-limit,3\n")
    stopped_gateway.start()
    async with visitor(browser) as page:
        sent: list[str] = []
        refused: asyncio.Queue[str] = asyncio.Queue()

        def watch(socket: WebSocket) -> None:
            socket.on("framesent", lambda frame: sent.append(frame) if '"client_id"' in frame else None)
            socket.on("framereceived", lambda frame: refused.put_nowait(frame) if "E_RATE" in frame else None)

        page.on("websocket", watch)
        await page.clock.install()
        await page.goto(f"{stopped_gateway.url}/echo")
        await expect(page.locator("#state-text")).to_have_text("Online")
        for number in range(4):
            await say(page, f"n{number}")
        await asyncio.wait_for(refused.get(), 10)
        await say(page, "n4")
        notes = ["You are writing faster than the bot may answer. This will be sent in a moment.", "Sending"]
        await expect(page.locator(".message.sending .delivery")).to_have_text(notes)
        assert len(sent) == 4  # the last one waits behind the one that was refused
        await expect(lines(page)).to_have_text(["Say something.", "n0", "n1", "n2"])
        for pause in range(1, 4):
            await page.clock.fast_forward(120_000)  # the page's clock alone: the server goes on refusing
            for _ in range(2):
                await asyncio.wait_for(refused.get(), 10)
            assert len(sent) == 4 + 2 * pause
            assert refused.empty()
