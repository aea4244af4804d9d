"""How the page shows things, and to whom: small and dark screens, keyboards, screen readers, other scripts."""

from __future__ import annotations

from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from tests.e2e.gateway_process import Gateway
from tests.e2e.visitor import lines, post, say, visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")  # one browser for all

EVERYTHING = """# Title

A **bold** [link](https://example.org) and `code`.

> quoted

1. one
2. two

| a | b |
|---|---|
| 1 | 2 |

```
a line of code that is far too long for the narrow bubble that it has to stand in, on a phone above all
```"""


async def write(page: Page, text: str) -> None:
    """As `say`, but with line breaks in it."""
    await page.fill("#text", text)
    await page.click("#send")


async def barriers(page: Page) -> list[tuple[str, list[str]]]:
    """The rules of axe that the page breaks, and where."""
    broken = (await Axe().run(page)).response["violations"]
    return [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in broken]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("color", ["#fde047", "#0f766e", "navy"])
async def test_nothing_on_the_page_is_a_barrier(
    browser: Browser, stopped_gateway: Gateway, scheme: Any, color: str
) -> None:
    settings = f"name,value\ntheme-color1,{color}\n"
    for bot in ("default", "echo"):
        (stopped_gateway.bots / bot / "config.csv").write_text(settings)
    stopped_gateway.start()
    async with visitor(browser, color_scheme=scheme, reduced_motion="reduce") as page:
        await page.goto(f"{stopped_gateway.url}/echo")
        await expect(lines(page)).to_have_count(1)
        await write(page, EVERYTHING)
        await expect(lines(page)).to_have_count(2)
        assert await barriers(page) == []
        await page.goto(stopped_gateway.url)
        await say(page, "Ana")
        await page.get_by_role("button", name="Small").click()  # answered suggestions
        await expect(lines(page)).to_have_count(3)
        await page.context.set_offline(True)
        await say(page, "ana@example.org")
        await expect(page.locator(".message.sending .delivery")).to_be_visible()
        assert await barriers(page) == []


async def test_a_screen_reader_hears_what_is_new_and_not_the_history(
    browser: Browser, gateway: Gateway
) -> None:
    async with visitor(browser) as page:
        await page.goto(gateway.url)
        log = page.get_by_role("log", name="Conversation")
        await expect(log).to_have_attribute("aria-live", "polite")
        await expect(page.get_by_role("textbox", name="Write a message")).to_be_focused()
        await expect(log.get_by_role("article").first).to_contain_text("default: Welcome!")


async def test_a_reader_of_old_lines_is_left_in_peace(browser: Browser, gateway: Gateway) -> None:
    async with visitor(browser) as page:
        await page.goto(f"{gateway.url}/echo")
        await expect(lines(page)).to_have_count(1)
        await write(page, "line\n" * 60 + "end")
        await expect(lines(page)).to_have_count(2)
        await page.locator("#scroller").evaluate("one => one.scrollTop = 200")
        await expect(page.locator("#to-end")).to_be_visible()
        await post(page, gateway, "echo", "news")
        await expect(lines(page).last).to_have_text("news")
        await expect(page.get_by_role("button", name="Go to the latest message")).to_contain_text(
            "New messages"
        )
        assert await page.locator("#scroller").evaluate("one => one.scrollTop") == 200
        await page.click("#to-end")
        await expect(page.locator("#to-end")).to_be_hidden()
        await expect(lines(page).last).to_be_in_viewport()
        await post(page, gateway, "echo", "more")
        await expect(lines(page).last).to_have_text("more")
        await expect(lines(page).last).to_be_in_viewport()


async def test_each_block_reads_in_its_own_direction(browser: Browser, gateway: Gateway) -> None:
    async with visitor(browser) as page:
        await page.goto(f"{gateway.url}/echo")
        await expect(lines(page)).to_have_count(1)
        await write(page, "مرحبا **بك** 42.\n\nHello **you**.")
        blocks = page.locator(".message.assistant .formatted > p")
        await expect(blocks).to_have_count(2)
        directions = await blocks.evaluate_all("all => all.map((one) => getComputedStyle(one).direction)")
        assert directions == ["rtl", "ltr"]
        await expect(lines(page, "user").last).to_have_css("direction", "rtl")


async def test_shift_enter_breaks_the_line_and_the_field_grows_to_a_limit(
    browser: Browser, gateway: Gateway
) -> None:
    async with visitor(browser) as page:
        await page.goto(f"{gateway.url}/echo")
        await expect(lines(page)).to_have_count(1)
        field = page.locator("#text")
        low = (await field.bounding_box() or {})["height"]
        await page.keyboard.type("one")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("two")
        await expect(field).to_have_value("one\ntwo")
        assert (await field.bounding_box() or {})["height"] > low
        await page.keyboard.press("Enter")
        await expect(lines(page).last).to_have_text("one\ntwo")
        await field.fill("x\n" * 50)
        assert (await field.bounding_box() or {})["height"] < 200
        await page.keyboard.press("Enter")
        await expect(field).to_have_value("")
        assert (await field.bounding_box() or {})["height"] == low


async def test_a_bots_name_and_colours_are_the_pages(browser: Browser, stopped_gateway: Gateway) -> None:
    echo = stopped_gateway.bots / "echo"
    (echo / "config.csv").write_text(
        "name,value\nbot-name,Echo & Co\ntheme-color1,gold\ntheme-color2,#a21caf\n"
    )
    (echo / "theme.css").write_text(":root { --radius: 3px; }")
    stopped_gateway.start()
    async with visitor(browser) as page:
        await page.goto(f"{stopped_gateway.url}/echo")
        await expect(page).to_have_title("Echo & Co")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Echo & Co")
        await say(page, "[link](https://example.org) please")
        bubble = page.locator(".message.user .bubble")
        await expect(bubble).to_have_css("background-color", "rgb(255, 215, 0)")
        await expect(bubble).to_have_css("color", "rgb(0, 0, 0)")
        await expect(bubble).to_have_css("border-top-left-radius", "3px")
        link = page.get_by_role("link", name="link")
        color = await link.evaluate("one => getComputedStyle(one).color")
        assert color != await page.locator(".message.assistant").last.evaluate(
            "one => getComputedStyle(one).color"
        )


async def test_a_page_of_little_height_leaves_room_for_the_words(browser: Browser, gateway: Gateway) -> None:
    async with visitor(browser, viewport={"width": 320, "height": 256}) as page:  # 1280 x 1024 at 400 %
        await page.goto(f"{gateway.url}/echo")
        await expect(lines(page).last).to_be_in_viewport()
        assert (await page.locator("#scroller").bounding_box() or {})["height"] > 120
        assert await page.evaluate("document.documentElement.scrollWidth") == 320


async def test_who_wants_less_motion_gets_none(browser: Browser, gateway: Gateway) -> None:
    async with visitor(browser, reduced_motion="reduce") as page:
        await page.goto(gateway.url)
        await expect(page.locator(".message").first).to_have_css("animation-duration", "0.001s")


async def test_files_that_cannot_go_say_why_and_the_others_go(browser: Browser, gateway: Gateway) -> None:
    async with visitor(browser) as page:
        await page.goto(f"{gateway.url}/echo")
        await expect(lines(page)).to_have_count(1)
        files = [("good.txt", b"hello"), ("empty.txt", b""), ("big.txt", b"x" * 10_485_761)]
        await page.set_input_files(
            "#file", [{"name": name, "mimeType": "text/plain", "buffer": data} for name, data in files]
        )
        await expect(page.locator("#attachments li.failed")).to_have_text(
            ["txtempty.txtThe file is empty.", "txtbig.txtThe file is too large."]
        )
        await page.get_by_role("button", name="Remove: empty.txt").click()
        await expect(page.locator("#attachments li")).to_have_count(2)
        await page.click("#send")
        await expect(page.locator(".message.user")).to_contain_text("good.txt")
        await expect(page.locator(".message.user")).not_to_contain_text("big.txt")


GIVE_FILE = """(target, type) => {
    const data = new DataTransfer();
    data.items.add(new File(["hello"], `${type}.txt`, { type: "text/plain" }));
    const options = { bubbles: true, cancelable: true };
    target.dispatchEvent(
        type === "paste"
            ? new ClipboardEvent(type, { ...options, clipboardData: data })
            : new DragEvent(type, { ...options, dataTransfer: data }));
}"""


async def test_files_can_be_pasted_and_dropped(browser: Browser, gateway: Gateway) -> None:
    async with visitor(browser) as page:
        await page.goto(f"{gateway.url}/echo")
        await expect(lines(page)).to_have_count(1)
        await page.locator("#text").evaluate(GIVE_FILE, "paste")
        await page.locator("#log").evaluate(GIVE_FILE, "dragenter")
        await expect(page.locator("#drop")).to_be_visible()
        await page.locator("#log").evaluate(GIVE_FILE, "drop")
        await expect(page.locator("#drop")).to_be_hidden()
        await expect(page.locator("#attachments .name")).to_have_text(["paste.txt", "drop.txt"])
