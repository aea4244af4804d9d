"""What fails: unexpected exceptions, dead letters, events that killed a process, a store that is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from core.errors import StoreUnavailable
from core.events import timer_key
from core.poison import InFlight
from core.records import EventKey, Timer
from interpreter.keywords import Keyword
from tests.core.world import MakeStore, World, texts

FAILURES: list[Exception] = []


def fragile(host: Any, value: Any) -> Any:
    if FAILURES:
        raise FAILURES.pop()
    return value


def deadly(host: Any, value: Any) -> Any:
    """Kills the child process that runs it."""
    import os

    os._exit(1)


@pytest.fixture
async def world(
    tmp_path: Path, make_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[World]:
    monkeypatch.setattr("core.backlog.RETRY_PAUSE", 0.0)
    FAILURES.clear()
    keywords = [
        Keyword(phrase="FRAGILE", forms=("value",), effect="local", handler=fragile, description="May fail."),
        Keyword(phrase="DEADLY", forms=("value",), effect="local", handler=deadly, description="Kills."),
    ]
    made = World(tmp_path, make_store, keywords=keywords)
    await made.start()
    yield made
    await made.stop()


SCRIPT = 'TALK "Hello"\nWHILE TRUE\nx = HEAR\nTALK "said " + FRAGILE x\nWEND\n'


async def test_a_step_that_failed_is_tried_again_and_done_once(world: World) -> None:
    world.bots.put("b", {"start": SCRIPT})
    ana = await world.open()
    FAILURES.extend(RuntimeError("now and then") for _ in range(3))
    reply = await ana.say("pear", key="k")
    assert texts(reply) == ["said pear"]
    assert await ana.log() == ["assistant: Hello", "user: pear", "assistant: said pear"]
    assert texts(await ana.say("plum")) == ["said plum"]


async def test_after_five_failures_the_person_is_told_once_and_the_next_message_works(world: World) -> None:
    world.bots.put("b", {"start": SCRIPT})
    ana = await world.open()
    FAILURES.extend(RuntimeError("always") for _ in range(5))
    reply = await ana.say("pear", key="k")
    assert texts(reply) == ["[Sorry, something went wrong.]"]
    (dead,) = await world.store.dead_letters()
    assert (dead.key.external_id, dead.attempts >= 4) == ("k", True)
    assert "always" in dead.error
    assert texts(await ana.say("plum", key="k2")) == ["said plum"]
    assert texts(await ana.say("pear", key="k")) == ["[Sorry, something went wrong.]"]


async def test_messages_behind_a_failing_one_keep_their_order(world: World) -> None:
    world.bots.put("b", {"start": SCRIPT})
    ana = await world.open()
    FAILURES.append(RuntimeError("once"))
    replies = await asyncio.gather(*(ana.say(f"m{n}", key=f"k{n}") for n in range(4)))
    assert [texts(reply) for reply in replies] == [[f"said m{n}"] for n in range(4)]


async def test_a_bot_whose_start_fails_says_so(world: World) -> None:
    world.bots.put("b", {"start": 'TALK FRAGILE "x"\n'})
    FAILURES.append(RuntimeError("no"))
    assert texts((await world.open()).first) == ["[Sorry, something went wrong.]"]


async def test_an_event_that_was_running_when_the_process_died_runs_apart_the_next_time(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    die = 'IF x = "die" THEN\ny = DEADLY x\nEND IF\n'
    world.bots.put("b", {"start": f'TALK "Hello"\nWHILE TRUE\nx = HEAR\n{die}TALK "said " + x\nWEND\n'})
    ana = await world.open()
    world.engine.driver.in_flight.enter(ana.id, EventKey("web", "", "k"))  # and the process dies
    await world.restart()
    assert (await world.store.event(ana.id, EventKey("web", "", "k"))).state == "suspect"  # type: ignore[union-attr]
    assert texts(await ana.say("fine", key="k")) == ["said fine"]
    world.engine.driver.in_flight.enter(ana.id, EventKey("web", "", "k2"))
    await world.restart()
    monkeypatch.setattr("core.driver.ATTEMPTS", 2)
    reply = await ana.say("die", key="k2")
    assert texts(reply) == ["[Sorry, something went wrong.]"]
    assert [row.key.external_id for row in await world.store.dead_letters()] == ["k2"]
    assert texts(await ana.say("alive", key="k3")) == ["said alive"]


def test_the_table_of_events_in_flight_survives_its_process(tmp_path: Path) -> None:
    table = InFlight(tmp_path)
    key = EventKey("web", "", "k")
    table.leave(table.enter("s0", key))
    table.enter("s1", key)
    table.enter("s2", EventKey("web", "", "x" * 5000))  # too long to note
    table.close()
    later = InFlight(tmp_path)
    assert later.recover() == [("s1", key)]
    assert later.suspects == {("s1", key)}
    assert later.recover() == []


def test_processes_on_one_folder_take_over_what_the_dead_left_and_nothing_of_the_living(
    tmp_path: Path,
) -> None:
    dead, living = InFlight(tmp_path), InFlight(tmp_path)
    dead.enter("s1", EventKey("web", "", "one"))
    living.enter("s2", EventKey("web", "", "two"))
    another = InFlight(tmp_path)
    dead.close()
    assert another.recover() == [("s1", EventKey("web", "", "one"))]
    living.close()
    assert InFlight(tmp_path).recover() == [("s2", EventKey("web", "", "two"))]


async def test_a_store_that_is_away_refuses_and_the_repetition_is_done_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.bots.put("b", {"start": SCRIPT})
    ana = await world.open()
    commit = world.store.commit

    async def lost(step: Any) -> Any:
        await commit(step)
        raise StoreUnavailable("the answer was lost")

    monkeypatch.setattr(world.store, "commit", lost)
    with pytest.raises(StoreUnavailable):
        await ana.say("pear", key="k")
    monkeypatch.undo()
    reply = await ana.say("pear", key="k")
    assert (reply.outcome, texts(reply)) == ("dup", ["said pear"])


async def test_a_timer_that_is_no_longer_current_does_nothing(world: World) -> None:
    world.bots.put("b", {"start": SCRIPT})
    ana = await world.open()
    old = Timer(id="t", session_id=ana.id, fire_at=datetime.now(UTC), kind="wait", suspension=0)
    await world.engine._fire(old)
    done = await world.store.event(ana.id, timer_key(old))
    assert done is not None
    assert done.state == "done"
    assert await ana.log() == ["assistant: Hello"]
    assert texts(await ana.say("pear")) == ["said pear"]
