"""The chat page in a real browser, against a real gateway."""

from __future__ import annotations

import json

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.gateway_process import Gateway
from tests.e2e.visitor import lines, say, visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all


async def test_a_person_talks_and_taps_and_a_reload_brings_everything_back(
    browser: Browser, gateway: Gateway
) -> None:
    async with visitor(browser) as page:
        await page.goto(gateway.url)
        await expect(lines(page)).to_have_text(["Welcome! What is your name?"])
        await expect(page.locator(".message strong")).to_have_text("name")
        await say(page, "Ana")
        await expect(lines(page)).to_have_text(["Welcome! What is your name?", "Nice to meet you, Ana."])
        await page.get_by_role("button", name="Medium").click()
        await expect(lines(page).last).to_have_text("One Medium coffee for Ana.")
        await expect(lines(page, "user")).to_have_text(["Ana", "Medium"])
        await expect(page.get_by_role("button", name="Small")).to_be_disabled()

        await page.reload()
        await expect(lines(page)).to_have_count(3)
        await expect(lines(page, "user")).to_have_text(["Ana", "Medium"])
        await expect(page.get_by_role("button", name="Small")).to_be_disabled()
        await say(page, "ana@example.org")
        await expect(lines(page).last).to_have_text("The receipt goes to ana@example.org")


async def test_a_menu_is_answered_with_the_keyboard_alone(browser: Browser, gateway: Gateway) -> None:
    async with visitor(browser) as page:
        await page.goto(gateway.url)
        await expect(page.locator("#text")).to_be_focused()
        await page.keyboard.type("Bo")
        await page.keyboard.press("Enter")
        large = page.get_by_role("button", name="Large")
        await expect(large).to_be_enabled()
        for _ in range(12):
            if await large.evaluate("button => button === document.activeElement"):
                break
            await page.keyboard.press("Shift+Tab")
        await page.keyboard.press("Enter")
        await expect(lines(page).last).to_have_text("One Large coffee for Bo.")
        await expect(page.locator("#text")).to_be_focused()


async def test_a_killed_server_goes_on_at_the_same_question(browser: Browser, own_gateway: Gateway) -> None:
    async with visitor(browser) as page:
        await page.goto(own_gateway.url)
        await expect(lines(page)).to_have_count(1)
        await say(page, "Ana")
        await expect(lines(page)).to_have_count(2)
        own_gateway.kill()
        await expect(page.locator("#banner")).to_contain_text("Reconnecting")
        await say(page, "medium")  # into the void: it is kept
        await expect(page.locator(".message.sending")).to_have_count(1)
        own_gateway.start()
        await expect(lines(page).last).to_have_text("One Medium coffee for Ana.", timeout=20_000)
        await expect(lines(page, "user")).to_have_count(2)
        await expect(page.locator("#banner")).to_be_hidden()
        await expect(page.locator(".message.sending")).to_have_count(0)


async def test_two_tabs_show_one_conversation(browser: Browser, gateway: Gateway) -> None:
    async with visitor(browser) as first:
        await first.goto(gateway.url)
        await expect(lines(first)).to_have_count(1)
        second = await first.context.new_page()
        await second.goto(gateway.url)
        await expect(lines(second)).to_have_count(1)
        await say(second, "Caio")
        for page in (first, second):
            await expect(lines(page)).to_have_text(["Welcome! What is your name?", "Nice to meet you, Caio."])
            await expect(lines(page, "user")).to_have_text(["Caio"])
        await first.get_by_role("button", name="Small").click()
        await expect(lines(second).last).to_have_text("One Small coffee for Caio.")
        await expect(second.get_by_role("button", name="Large")).to_be_disabled()


async def test_a_refused_token_starts_a_new_conversation_and_says_so(
    browser: Browser, gateway: Gateway
) -> None:
    async with visitor(browser) as page:
        await page.goto(gateway.url)
        await expect(lines(page)).to_have_count(1)
        token = json.loads(await page.evaluate("localStorage['trunkline:default']"))["token"]
        await page.context.request.delete(
            f"{gateway.url}/api/session", headers={"Authorization": f"Bearer {token}"}
        )
        await expect(page.locator(".notice")).to_contain_text("This is a new one")
        await expect(lines(page)).to_have_count(1)
        kept = json.loads(await page.evaluate("localStorage['trunkline:default']"))
        assert kept["token"] != token


async def test_bots_have_sessions_of_their_own_and_default_is_the_root(
    browser: Browser, gateway: Gateway
) -> None:
    async with visitor(browser) as page:
        await page.goto(f"{gateway.url}/echo")
        await expect(lines(page)).to_have_text(["Say something."])
        await page.goto(f"{gateway.url}/default")
        await expect(lines(page)).to_have_text(["Welcome! What is your name?"])
        session = await page.evaluate("localStorage['trunkline:default']")
        await page.goto(gateway.url)
        await expect(lines(page)).to_have_text(["Welcome! What is your name?"])
        assert await page.evaluate("localStorage['trunkline:default']") == session
        assert (
            await page.evaluate("Object.keys(localStorage).filter((key) => key.endsWith(':echo')).length")
            == 1
        )


HOSTILE = (
    "<img src=x onerror=\"window.broken=1\"> **b**",
    "<script>window.broken=1</script> *i*",
    "[x](javascript:window.broken=1) `c`",
    "[x](data:text/html;base64,PHNjcmlwdD53aW5kb3cuYnJva2VuPTE8L3NjcmlwdD4=) **b**",
    "![x](https://tracker.example/pixel.png) **b**",
    "<svg onload=window.broken=1> # not a title",
    "<a href=\"https://x.example\" onclick=\"window.broken=1\">a</a> **b**",
    "<iframe srcdoc=\"<script>parent.broken=1</script>\"></iframe> **b**",
    "<math><mtext><table><mglyph><style><img src=x onerror=window.broken=1> **b**",
    "[x](https://x.example/\" onmouseover=\"window.broken=1) **b**",
    "[x](  javascript:window.broken=1) [y](JaVaScRiPt:window.broken=1) **b**",
    "`<b onmouseover=window.broken=1>` **b**",
    "<form action=https://x.example><input name=a autofocus onfocus=window.broken=1> **b**",
    "<style>*{display:none}</style> **b**",
    "${alert(1)} {{constructor.constructor('window.broken=1')()}} **b**",
)  # fmt: skip


async def test_nothing_that_is_said_becomes_more_than_text(browser: Browser, gateway: Gateway) -> None:
    async with visitor(browser) as page:
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))
        await page.goto(f"{gateway.url}/echo")
        await expect(lines(page)).to_have_count(1)
        for count, text in enumerate(HOSTILE, 2):
            await say(page, text)
            await expect(lines(page)).to_have_count(count)
            await expect(lines(page, "user").last).to_have_text(
                text
            )  # what a person wrote is never formatted
        assert await page.evaluate("window.broken") is None
        elements = await page.locator(".log .text *").evaluate_all(
            "all => [...new Set(all.map((one) => one.tagName))]"
        )
        assert set(elements) <= {"P", "STRONG", "EM", "CODE", "A", "BR"}
        targets = await page.locator(".log a").evaluate_all("all => all.map((one) => one.href)")
        assert all(target.startswith("https://x.example") for target in targets)
        assert not [url for url in requested if "tracker" in url]


async def test_a_file_is_dropped_uploaded_and_shown(browser: Browser, gateway: Gateway) -> None:
    async with visitor(browser) as page:
        await page.goto(f"{gateway.url}/echo")
        await expect(lines(page)).to_have_count(1)
        await page.set_input_files(
            "#file", {"name": "notes.txt", "mimeType": "text/plain", "buffer": b"hello"}
        )
        await expect(page.locator("#attachments li")).to_contain_text("notes.txt")
        await expect(page.locator("#send")).to_be_enabled()
        await page.click("#send")
        await expect(page.locator("#attachments")).to_be_hidden()
        await expect(page.locator(".message.user").last).to_contain_text("notes.txt")
        await expect(page.locator(".message.sending")).to_have_count(0)


async def test_the_page_speaks_the_readers_language_and_fits_a_phone(
    browser: Browser, gateway: Gateway
) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "locale": "pt-BR", "has_touch": True}
    async with visitor(browser, **phone) as page:
        await page.goto(f"{gateway.url}/echo")
        await expect(page.locator("#text")).to_have_attribute("placeholder", "Escreva uma mensagem")
        await say(page, "palavra " * 60 + "x" * 400)
        await expect(lines(page)).to_have_count(2)
        assert await page.evaluate("document.documentElement.scrollWidth") == 390


async def test_no_conversation_no_server_still_says_what_is_wrong(
    browser: Browser, own_gateway: Gateway
) -> None:
    async with visitor(browser) as page:
        await page.goto(own_gateway.url)
        await expect(lines(page)).to_have_count(1)
        await page.context.set_offline(True)
        await expect(page.locator("#banner")).to_contain_text("You are offline")
        await say(page, "Dora")
        await expect(page.locator(".message.sending")).to_have_count(1)
        await page.context.set_offline(False)
        await expect(lines(page)).to_have_text(["Welcome! What is your name?", "Nice to meet you, Dora."])


NO_SOCKETS = """
    window.WebSocket = class {
        constructor() { setTimeout(() => this.onclose({ code: 1006 }), 5); }
        close() {}
    };
"""


async def test_where_no_socket_gets_through_the_page_streams_and_posts(
    browser: Browser, gateway: Gateway
) -> None:
    async with visitor(browser) as page:
        await page.add_init_script(NO_SOCKETS)
        await page.goto(gateway.url)
        await expect(page.locator("#state-text")).to_have_text("Online", timeout=15_000)
        await say(page, "Eva")
        await expect(lines(page)).to_have_text(["Welcome! What is your name?", "Nice to meet you, Eva."])
        await expect(lines(page, "user")).to_have_text(["Eva"])
        await page.get_by_role("button", name="Large").click()
        await expect(lines(page).last).to_have_text("One Large coffee for Eva.")
        await expect(lines(page, "user")).to_have_text(["Eva", "Large"])


async def test_a_long_history_is_shown_in_pieces(browser: Browser, gateway: Gateway) -> None:
    async with visitor(browser) as page:
        await page.goto(f"{gateway.url}/echo")
        await expect(lines(page)).to_have_count(1)
        token = json.loads(await page.evaluate("localStorage['trunkline:echo']"))["token"]
        for number in range(50):
            answer = await page.context.request.post(
                f"{gateway.url}/api/chat",
                headers={"Authorization": f"Bearer {token}"},
                data={"text": f"n{number}"},
            )
            assert answer.ok
        await expect(lines(page).last).to_have_text("n49")
        await page.reload()
        await expect(lines(page).last).to_have_text("n49")
        assert await page.locator(".message").count() < 70
        await page.click("#earlier")
        await expect(page.locator(".message")).to_have_count(101)
        await expect(page.locator("#earlier")).to_be_hidden()
        seqs = await page.locator(".message").evaluate_all("all => all.map((one) => Number(one.dataset.seq))")
        assert seqs == list(range(1, 102))
