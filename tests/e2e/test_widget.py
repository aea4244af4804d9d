"""The widget on a page of another origin, in a real browser."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from tests.e2e.gateway_process import Gateway

# Styles as hostile as they come: none of them may reach the button.
HOST_PAGE = """<!doctype html><meta charset=utf-8><title>A shop</title>
<style nonce=own>button {{ display: none }} * {{ font-size: 40px !important }}
body > * {{ position: relative !important; opacity: .2 !important; transform: scale(.5) !important }}</style>
<h1>A shop</h1><button id=own>Own</button><a href="/next">Next page</a>
<script src="{url}/widget.js" data-bot="locked" data-title="Ask us" async></script>"""
EMBED = Path(__file__).parents[2] / "docs" / "howto" / "embed.md"

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all


@asynccontextmanager
async def shop(chat_url: Callable[[], str], html: str = HOST_PAGE) -> AsyncIterator[str]:
    """An embedder's site on an origin of its own; its policy allows the chat what the guide asks for, no more."""

    async def page(request: web.Request) -> web.Response:
        policy = f"default-src 'none'; style-src 'nonce-own'; script-src {chat_url()}; frame-src {chat_url()}"
        headers = {"Content-Security-Policy": f"{policy}; require-trusted-types-for 'script'"}
        return web.Response(text=html.format(url=chat_url()), content_type="text/html", headers=headers)

    app = web.Application()
    app.router.add_get("/{page:.*}", page)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
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


async def opened(page: Page, origin: str) -> None:
    await page.goto(origin)
    await page.get_by_role("button", name="Open chat: Ask us").click()
    chat = page.frame_locator("trunkline-chat iframe")
    await expect(chat.locator(".message.assistant")).to_have_count(1)


async def test_no_style_of_the_site_reaches_the_button(browser: Browser, stopped_gateway: Gateway) -> None:
    async with shop(lambda: stopped_gateway.url) as origin:
        allow(stopped_gateway, origin)
        stopped_gateway.start()
        page = await browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 800})
        await opened(page, origin)
        host = page.locator("trunkline-chat")
        for name, value in {"position": "fixed", "opacity": "1", "transform": "none"}.items():
            await expect(host).to_have_css(name, value)
        box = await page.get_by_role("button", name="Close chat").bounding_box() or {}
        assert (box["x"], box["width"], box["height"]) == (1200, 60, 60)
        await page.close()


async def test_an_open_chat_stays_open_on_the_next_page_and_leaves_the_focus_there(
    browser: Browser, stopped_gateway: Gateway
) -> None:
    async with shop(lambda: stopped_gateway.url) as origin:
        allow(stopped_gateway, origin)
        stopped_gateway.start()
        page = await browser.new_page(locale="en-GB")
        await opened(page, origin)
        await page.get_by_role("link", name="Next page").click()
        chat = page.frame_locator("trunkline-chat iframe")
        await expect(chat.locator(".message.assistant")).to_have_count(1)
        await expect(page.locator("trunkline-chat iframe")).to_be_visible()
        assert await page.evaluate("document.activeElement.tagName") == "BODY"
        await page.get_by_role("button", name="Close chat").click()
        await page.reload()
        await expect(page.get_by_role("button", name="Open chat: Ask us")).to_be_visible()
        assert await page.locator("trunkline-chat iframe").count() == 0
        await page.close()


async def test_the_button_counts_what_arrives_while_the_chat_is_closed(
    browser: Browser, stopped_gateway: Gateway
) -> None:
    async with shop(lambda: stopped_gateway.url) as origin:
        allow(stopped_gateway, origin)
        stopped_gateway.start()
        page = await browser.new_page(locale="en-GB")
        await opened(page, origin)
        frame = next(frame for frame in page.frames if frame.url.startswith(stopped_gateway.url))
        token = await frame.evaluate("JSON.parse(localStorage['trunkline:locked']).token")
        await page.get_by_role("button", name="Close chat").click()
        answer = await page.context.request.post(
            f"{stopped_gateway.url}/api/chat",
            headers={"Authorization": f"Bearer {token}"},
            data={"text": "hello"},
        )
        assert answer.ok
        badge = page.locator("trunkline-chat .count")
        await expect(badge).to_have_text("1")
        await page.get_by_role("button", name=re.compile("Open chat")).click()
        await expect(badge).to_be_hidden()
        await page.close()


async def test_a_chat_that_shall_open_by_itself_does_so_until_it_is_closed(
    browser: Browser, stopped_gateway: Gateway
) -> None:
    async with shop(
        lambda: stopped_gateway.url, HOST_PAGE.replace("data-bot=", "data-open data-bot=")
    ) as origin:
        allow(stopped_gateway, origin)
        stopped_gateway.start()
        page = await browser.new_page(locale="en-GB")
        await page.goto(origin)
        frame = page.locator("trunkline-chat iframe")
        await expect(frame).to_be_visible()
        await expect(page.frame_locator("trunkline-chat iframe").locator(".message")).to_have_count(1)
        assert await page.evaluate("document.activeElement.tagName") == "BODY"
        await page.get_by_role("button", name="Close chat").click()
        await page.reload()
        await expect(page.get_by_role("button", name="Open chat: Ask us")).to_be_visible()
        await expect(frame).to_have_count(0)
        await page.close()


@pytest.mark.parametrize("phone", [{"width": 390, "height": 844}, {"width": 844, "height": 390}])
async def test_on_a_phone_the_chat_fills_the_screen_and_never_opens_by_itself(
    browser: Browser, stopped_gateway: Gateway, phone: Any
) -> None:
    async with shop(lambda: stopped_gateway.url) as origin:
        allow(stopped_gateway, origin)
        stopped_gateway.start()
        page = await browser.new_page(locale="en-GB", viewport=phone, has_touch=True, reduced_motion="reduce")
        await opened(page, origin)
        box = await page.locator("trunkline-chat iframe").bounding_box()
        assert box == {"x": 0, "y": 0, **phone}
        await page.reload()
        await expect(page.get_by_role("button", name="Open chat: Ask us")).to_be_visible()
        await page.get_by_role("button", name="Open chat: Ask us").click()
        await page.frame_locator("trunkline-chat iframe").get_by_role("button", name="Close chat").click()
        await expect(page.get_by_role("button", name="Open chat: Ask us")).to_be_focused()
        await page.close()


async def test_the_page_about_embedding_works_as_printed(browser: Browser, stopped_gateway: Gateway) -> None:
    printed = dict(re.findall(r"^```\w+ (\S+)\n(.*?)^```$", EMBED.read_text("utf-8"), re.M | re.S))
    html = "<!doctype html><h1>A shop</h1>" + printed.pop("index.html").replace(
        "https://chat.example", "{url}"
    )
    async with shop(lambda: stopped_gateway.url, html) as origin:
        (stopped_gateway.bots / "shop").mkdir()
        (stopped_gateway.bots / "shop" / "start.bas").write_text('HEAR wish WITH "What do you need?"\n')
        for path, text in printed.items():
            (stopped_gateway.folder / path).write_text(text.replace("https://shop.example", origin))
        stopped_gateway.start()
        page = await browser.new_page(locale="en-GB", viewport={"width": 1280, "height": 800})
        await page.goto(origin)
        launcher = page.get_by_role("button", name="Open chat: Ask us")
        await expect(launcher).to_have_css("background-color", "rgb(75, 0, 130)")
        assert (await launcher.bounding_box() or {})["x"] == 20
        await launcher.click()
        chat = page.frame_locator("trunkline-chat iframe")
        await expect(chat.get_by_role("heading", name="Shop assistant")).to_be_visible()
        await expect(chat.locator(".message.assistant .text")).to_have_text("What do you need?")
        await expect(chat.locator(".bubble")).to_have_css("border-bottom-right-radius", "6px")
        await page.close()
