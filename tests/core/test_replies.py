"""When a request is answered: once the run rests, and never later than is of use."""

from __future__ import annotations

import asyncio

import pytest

from core import replies
from tests.core.world import World, texts

PAUSE = 'TALK "a"\nWAIT {}\nTALK "b"\nx = HEAR\nTALK "x " + x\n'


async def test_a_message_to_a_short_pause_is_answered_after_it(world: World) -> None:
    world.bots.put("b", {"start": PAUSE.format(1.2)})
    ana = await world.open()
    answer = await ana.say("ahead")
    assert (texts(answer), answer.pending) == (["x ahead"], False)


async def test_a_message_to_a_pause_that_outlasts_the_request_is_answered_at_once(world: World) -> None:
    world.bots.put("b", {"start": PAUSE.format(60)})
    ana = await world.open()
    async with asyncio.timeout(10):  # not the 25 s of the reply-timeout
        answer = await ana.say("ahead", key="k")
        again = await ana.say("ahead", key="k")
    assert (texts(answer), answer.waiting, answer.pending, answer.seq) == ([], False, True, 2)
    assert (again.outcome, again.pending, again.seq) == ("dup", True, 2)
    assert await ana.log() == ["assistant: a", "user: ahead"]


async def test_a_request_that_waited_in_vain_leaves_nothing_behind(world: World) -> None:
    world.bots.put("b", {"start": PAUSE.format(1.1)}, config="reply-timeout,1.2\n")
    ana = await world.open()
    asking = asyncio.create_task(ana.say("ahead", key="k"))
    repeating = asyncio.create_task(ana.say("ahead", key="k"))
    await someone_waits(world)
    world.engine.timers.stop()  # the pause never ends in this process
    assert [(await task).pending for task in (asking, repeating)] == [True, True]
    assert world.engine.replies._queued == {}


async def someone_waits(world: World) -> None:
    async with asyncio.timeout(10):
        while not world.engine.replies._queued:  # noqa: ASYNC110 - nobody signals it
            await asyncio.sleep(0.005)


async def test_a_stop_answers_those_who_wait_for_a_queued_message(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replies, "LOOK_AGAIN", 3600.0)  # only the news of the stop can end the wait
    world.bots.put("b", {"start": PAUSE.format(20)})
    ana = await world.open()
    asking = asyncio.create_task(ana.say("ahead"))
    await someone_waits(world)
    async with asyncio.timeout(10):
        answer, _ = await asyncio.gather(asking, world.restart())
    assert (texts(answer), answer.pending) == ([], True)


async def test_a_question_that_can_time_out_may_go_on_without_the_person(world: World) -> None:
    script = 'HEAR x AS TEXT DEFAULT "nobody"\nTALK "x " + x\ny = HEAR\n'
    world.bots.put("b", {"start": script}, config="hear-timeout-secs,60\n")
    ana = await world.open()
    assert (ana.first.waiting, ana.first.pending) == (True, True)
    world.bots.put("b", {"start": script})
    bo = await world.open()
    assert (bo.first.waiting, bo.first.pending) == (True, False)
