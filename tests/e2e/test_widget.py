"""The widget on a page of another origin, in a real browser."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from playwright.async_api import Browser, expect

from tests.e2e.gateway_process import Gateway

HOST_PAGE = """<!doctype html><meta charset=utf-8><title>A shop</title>
<style>button {{ display: none }}</style><h1>A shop</h1><button id=own>Own</button>
<script src="{url}/widget.js" data-bot="locked" data-title="Ask us" async></script>"""

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all


@asynccontextmanager
async def shop(chat_url: Callable[[], str]) -> AsyncIterator[str]:
    """An embedder's site on an origin of its own, with a strict policy for styles."""

    async def page(request: web.Request) -> web.Response:
        headers = {"Content-Security-Policy": "style-src 'self' 'unsafe-inline'"}
        return web.Response(text=HOST_PAGE.format(url=chat_url()), content_type="text/html", headers=headers)

    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


def allow(gateway: Gateway, origin: str) -> None:
    (gateway.bots / "locked" / "config.csv").write_text(f"name,value\nallowed-origins,{origin}\n")


async def test_the_widget_talks_on_another_site_and_escape_closes_it(
    browser: Browser, stopped_gateway: Gateway
) -> None:
    async with shop(lambda: stopped_gateway.url) as origin:
        allow(stopped_gateway, origin)
        stopped_gateway.start()
        page = await browser.new_page(locale="en-GB")
        await page.goto(origin)
        launcher = page.get_by_role("button", name="Open chat: Ask us")
        await launcher.click()
        chat = page.frame_locator("trunkline-chat iframe")
        await expect(chat.locator(".message.assistant .text")).to_have_text(["Only some pages may show me."])
        await chat.locator("#text").fill("hello")
        await page.keyboard.press("Enter")
        await expect(chat.locator(".message.assistant .text").last).to_have_text("You said hello")
        await page.keyboard.press("Escape")
        await expect(page.locator("trunkline-chat iframe")).to_be_hidden()
        await expect(launcher).to_be_focused()
        assert await page.context.cookies() == []
        assert await page.evaluate("Object.keys(window).filter((name) => /trunk/i.test(name))") == []
        assert await page.evaluate("localStorage.length") == 0
        await page.close()


async def test_a_page_that_is_not_allowed_gets_no_frame_and_no_harm(
    browser: Browser, gateway: Gateway
) -> None:
    async with shop(lambda: gateway.url) as origin:
        page = await browser.new_page(locale="en-GB")
        await page.clock.install()
        await page.goto(origin)
        await page.get_by_role("button", name="Open chat: Ask us").click()
        await page.clock.fast_forward(11_000)
        await expect(page.locator("trunkline-chat [role=status]")).to_contain_text("not available")
        assert await page.locator("trunkline-chat iframe").count() == 0
        await expect(page.get_by_role("heading")).to_have_text("A shop")
        await page.close()


async def test_a_server_that_is_away_leaves_the_page_alone(browser: Browser) -> None:
    async with shop(lambda: "http://127.0.0.1:9") as origin:
        page = await browser.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(origin)
        assert await page.locator("trunkline-chat").count() == 0
        assert errors == []
        await page.close()
