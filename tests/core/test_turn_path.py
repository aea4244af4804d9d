"""What a turn must not do to others: hold up the event loop, or compile."""

from __future__ import annotations

import ast
import asyncio
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tests.core.world import World, texts

GREET = 'TALK "Name?"\nHEAR name\nWHILE TRUE\n TALK "Hi ${name}"\n HEAR name\nWEND\n'
LONG = "HEAR x\nn = 0\nFOR i = 1 TO 20000000\nn = n + 1\nNEXT\nTALK n\n"

compiled: list[ast.Module] | None = None  # what scripts became, while somebody looks


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if compiled is not None and event == "compile" and isinstance(arguments[0], ast.Module):
        compiled.append(arguments[0])


sys.addaudithook(_audit)  # it cannot be taken away again


@contextmanager
def compilations() -> Iterator[list[ast.Module]]:
    """The scripts that are compiled meanwhile, in whatever thread."""
    global compiled  # noqa: PLW0603 - an audit hook knows nothing else
    compiled = found = []
    try:
        yield found
    finally:
        compiled = None


async def test_others_are_answered_while_a_long_script_runs(world: World) -> None:
    world.bots.put("b", {"start": LONG}, config="script-budget,1000000000\n")
    world.bots.put("quick", {"start": GREET})
    slow, quick = await world.open("b"), await world.open("quick")
    counting = asyncio.create_task(slow.say("go"))
    for name in ("Ana", "Bea", "Cy"):
        reply = await quick.say(name)
        assert texts(reply) == [f"Hi {name}"]
    assert not counting.done(), "the long script was not put aside: it held up the others"
    assert texts(await counting) == ["20000000"]


async def test_nothing_is_compiled_on_the_way_of_a_turn(world: World) -> None:
    with compilations() as found:
        world.bots.put("b", {"start": GREET})
        assert len(found) == 1, "the audit hook sees what is compiled"
    ana = await world.open()
    with compilations() as found:
        await ana.say("Ana")
        await ana.say("Bea")
        await (await world.open()).say("Cy")
        assert found == []


async def test_a_session_in_an_old_release_takes_its_code_from_the_data_folder(world: World) -> None:
    """After a restart the old scripts are in the store alone: they are compiled once, for all later starts."""
    world.bots.put("b", {"start": GREET})
    sessions = [await world.open() for _ in range(2)]
    world.bots.put("b", {"start": 'TALK "new"\n'})
    await world.restart()
    with compilations() as found:
        await sessions[0].say("Ana")
        assert len(found) == 1
    await world.restart()
    with compilations() as found:
        reply = await sessions[1].say("Bea")
        assert texts(reply) == ["Hi Bea"]
        assert found == []
