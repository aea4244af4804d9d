"""Who is told what of a script's error: the person little, the log and the author everything."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.core.world import World, texts

SCRIPT = 'HEAR n AS INTEGER WITH "n?"\n\tTALK Half(n)\nFUNCTION Half(n)\n    RETURN n / 0\nEND FUNCTION\n'
REPORT = """error: Division by zero [E_DIVISION]
  at start.bas:4
      4 |     RETURN n / 0
                       ^
  called at start.bas:2
      2 |  TALK Half(n)"""


@pytest.mark.parametrize("dev", [False, True])
async def test_the_page_shows_the_line_to_its_author_only_and_the_log_has_it_always(
    tmp_path: Path, dev: bool
) -> None:
    world = World(tmp_path)
    world.dev = dev
    world.bots.put("b", {"start": SCRIPT})
    await world.start()
    visitor = await world.open()
    with capture_logs() as log:
        said = texts(await visitor.say("4"))
    await world.stop()
    apology = "Sorry, something went wrong."
    assert said == [f"[{apology}\n\n```\n{REPORT}\n```]" if dev else f"[{apology}]"]
    (error,) = [entry for entry in log if entry["event"] == "script error"]
    assert error["report"] == REPORT


async def test_a_push_channel_never_shows_a_report(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.dev = True
    world.bots.put("b", {"start": "x = 1 / 0\n"})
    await world.start()
    await world.text("hello")
    sent = await world.sent(1)
    await world.stop()
    assert sent == ["Sorry, something went wrong."]
