"""What a script may name: no Python attribute, no other session, nothing of the context to overwrite."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from tests.core.world import World, texts


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ('TALK GET "session.__dict__"', "E_NAME"),
        ('TALK GET "session.id.__class__"', "E_NAME"),
        ('TALK GET "other_session_id.var"', "E_NAME"),
        ('TALK GET "nobody.at.home"', "E_NAME"),
        ('SET "session.id" = "x"', "E_READONLY"),
        ('SET "user.name" = "x"', "E_READONLY"),
        ('SET "other_session_id.var" = "x"', "E_NAME"),
    ],
)
async def test_a_path_that_leads_elsewhere_is_an_error_of_the_script(
    world: World, statement: str, code: str
) -> None:
    world.bots.put("b", {"start": f'TALK "Yes?"\nHEAR x\n{statement}\nTALK "not reached"\n'})
    ana = await world.open()
    with capture_logs() as lines:
        (said,) = (await ana.say("go")).messages
    assert said.role == "system"
    assert [line["code"] for line in lines if line["event"] == "script error"] == [code]


async def test_a_format_of_another_language_is_text(world: World) -> None:
    world.bots.put("b", {"start": 'TALK "{0.__class__} %s {x!r}"\nHEAR x\nTALK x\n'})
    ana = await world.open()
    assert texts(ana.opened.reply) == ["{0.__class__} %s {x!r}"]
    assert texts(await ana.say("{0.__class__}")) == ["{0.__class__}"]
