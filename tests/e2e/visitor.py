"""A person with a browser."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.e2e.gateway_process import Gateway


@asynccontextmanager
async def visitor(browser: Browser, **options: Any) -> AsyncIterator[Page]:
    """A page in a context of its own; whatever the page complains of fails the test."""
    context = await browser.new_context(**{"locale": "en-GB", **options})
    complaints: list[str] = []
    page = await context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Content Security" in line.text else None)
    yield page
    await context.close()
    assert not complaints


async def say(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await expect(page.locator("#send")).to_be_enabled()  # once there is a session to say it in
    await page.keyboard.press("Enter")


def lines(page: Page, role: str = "assistant") -> Any:
    return page.locator(f".message.{role} .text")


async def token(page: Page, bot: str) -> str:
    kept: str = json.loads(await page.evaluate(f"localStorage['trunkline:{bot}']"))["token"]
    return kept


async def post(page: Page, gateway: Gateway, bot: str, text: str) -> None:
    """Say something in the page's session from elsewhere."""
    answer = await page.context.request.post(
        f"{gateway.url}/api/chat",
        headers={"Authorization": f"Bearer {await token(page, bot)}"},
        data={"text": text},
    )
    assert answer.ok
