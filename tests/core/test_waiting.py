"""Timers, outside calls, messages to a busy run, control events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from core.effect_worker import Call
from core.errors import Refused
from interpreter.errors import BasicError
from interpreter.keywords import Keyword
from tests.core.world import MakeStore, World, texts


class Service:
    """What an outside keyword calls: answers when the test lets it."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, int]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def ask(self, call: Call, question: Any) -> Any:
        self.calls.append((call.idempotency_key, call.attempt))
        await self.open.wait()
        if question == "fail":
            raise BasicError("the service said no", 1234, "E_SERVICE")
        if question == "crash":
            raise RuntimeError("secret detail")
        return {"answer": f"about {question}"}


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
async def world(tmp_path: Path, make_store: MakeStore, service: Service) -> AsyncIterator[World]:
    ask = Keyword(
        phrase="ASK SERVICE",
        forms=("question",),
        effect="outside",
        handler=service.ask,
        description="Asks the test's service.",
    )
    made = World(tmp_path, make_store, keywords=(ask,))
    await made.start()
    yield made
    service.open.set()
    await made.stop()


async def until(condition: Callable[[], Any]) -> None:
    """Wait for a condition that nobody signals."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


ASKING = 'TALK "one moment"\nr = ASK SERVICE "pears"\nTALK r.answer\nx = HEAR\nTALK "x " + x\ny = HEAR\nTALK "y " + y\n'


async def test_an_outside_call_belongs_to_the_answer(world: World, service: Service) -> None:
    world.bots.put("b", {"start": ASKING})
    ana = await world.open()
    assert texts(ana.first) == ["one moment", "about pears"]
    assert ana.first.waiting
    assert service.calls == [(service.calls[0][0], 1)]


async def test_a_failure_of_the_service_can_be_caught(world: World) -> None:
    world.bots.put("b", {"start": 'TRY\nr = ASK SERVICE "fail"\nCATCH e\nTALK "caught: " + e\nEND TRY\n'})
    assert "the service said no" in texts((await world.open()).first)[0]


async def test_an_exception_of_a_handler_tells_the_script_no_details(world: World) -> None:
    world.bots.put("b", {"start": 'TRY\nr = ASK SERVICE "crash"\nCATCH e\nTALK "caught: " + e\nEND TRY\n'})
    said = texts((await world.open()).first)[0]
    assert "caught" in said
    assert "secret" not in said


async def test_messages_to_a_busy_run_answer_its_hears_in_order(world: World, service: Service) -> None:
    world.bots.put("b", {"start": ASKING})
    service.open.clear()
    opening = asyncio.create_task(world.open())
    await until(lambda: service.calls)
    (session,) = await world.store.list_sessions()
    caller = await caller_of(world, session.id)
    first = asyncio.create_task(submit(world, caller, "1", "k1"))
    await until(lambda: world.engine.replies._queued)
    second = asyncio.create_task(submit(world, caller, "2", "k2"))
    await until(lambda: len(world.engine.replies._queued) == 2)
    repeated = asyncio.create_task(submit(world, caller, "1", "k1"))
    await asyncio.sleep(0)
    service.open.set()
    assert texts(await first) == ["x 1"]
    assert texts(await second) == ["y 2"]
    again = await repeated
    assert (again.outcome, texts(again)) == ("dup", ["x 1"])
    await opening


async def caller_of(world: World, session_id: str) -> Any:
    from core.adapter import Caller

    return Caller(session_id=session_id, bot="b", token_hash=b"")


async def submit(world: World, caller: Any, text: str, key: str) -> Any:
    from core.messages import Inbound

    inbound = Inbound(channel="web", account="", address=caller.session_id, external_id=key, text=text)
    return await world.engine.submit(inbound, bot="b", caller=caller)


async def test_after_twenty_waiting_messages_the_next_is_refused(world: World, service: Service) -> None:
    world.bots.put("b", {"start": ASKING})
    service.open.clear()
    opening = asyncio.create_task(world.open())
    await until(lambda: service.calls)
    (session,) = await world.store.list_sessions()
    caller = await caller_of(world, session.id)
    waiting = [asyncio.create_task(submit(world, caller, f"m{n}", f"k{n}")) for n in range(20)]
    await until(lambda: len(world.engine.replies._queued) == 20)
    with pytest.raises(Refused) as refusal:
        await submit(world, caller, "one too many", "k21")
    assert (refusal.value.status, refusal.value.code) == (429, "E_BUSY")
    service.open.set()
    await opening
    for task in waiting:
        await task


async def test_a_restart_takes_up_an_outside_call_that_was_pending(world: World, service: Service) -> None:
    world.bots.put("b", {"start": ASKING}, config="reply-timeout,0.2\n")
    service.open.clear()
    ana = await world.open()
    assert texts(ana.first) == ["one moment"]
    assert ana.first.pending
    world.engine.effects.stop()
    await world.engine.effects.finish(0)
    await world.restart()
    service.open.set()
    await until(lambda: len(service.calls) == 2)
    (first, _), (second, _) = service.calls
    assert first == second  # the same idempotency key
    await ana.until_log_has(2)
    assert await ana.log() == ["assistant: one moment", "assistant: about pears"]


async def test_a_late_result_after_a_restart_command_is_dropped(world: World, service: Service) -> None:
    world.bots.put("b", {"start": 'TALK "hello"\nx = HEAR\n' + ASKING}, config="reply-timeout,0.2\n")
    ana = await world.open()
    service.open.clear()
    await ana.say("go")
    assert texts(await ana.say("/restart")) == ["hello"]
    service.open.set()
    await until(lambda: not world.engine.effects._running)
    assert "about pears" not in "".join(await ana.log())
    assert (await world.engine.describe(ana.caller))["waiting_for"]["variable"] == "x"


async def test_more_than_twenty_outside_calls_in_a_turn_end_it(world: World, service: Service) -> None:
    world.bots.put("b", {"start": 'FOR i = 1 TO 25\nr = ASK SERVICE i\nNEXT\nTALK "done"\n'})
    ana = await world.open()
    assert texts(ana.first) == ["[Sorry, something went wrong.]"]
    assert len(service.calls) == 20


async def test_a_timer_fires_once_also_after_a_restart(world: World) -> None:
    world.bots.put("b", {"start": 'TALK "a"\nWAIT 1.3\nTALK "b"\n'})
    ana = await world.open()
    assert texts(ana.first) == ["a"]
    await world.restart()
    await ana.until_log_has(2)
    assert await ana.log() == ["assistant: a", "assistant: b"]


async def test_an_answer_in_time_makes_the_hears_time_out_void(world: World) -> None:
    script = 'HEAR x AS TEXT DEFAULT "nobody"\nTALK "x " + x\nWAIT 1.5\nTALK "end"\n'
    world.bots.put("b", {"start": script}, config="hear-timeout-secs,1.2\n")
    ana = await world.open()
    assert texts(await ana.say("Ana")) == ["x Ana"]
    await ana.until_log_has(3)
    assert await ana.log() == ["user: Ana", "assistant: x Ana", "assistant: end"]


async def test_a_hear_that_times_out_takes_its_default(world: World) -> None:
    script = 'HEAR x AS TEXT DEFAULT "nobody"\nTALK "x " + x\n'
    world.bots.put("b", {"start": script}, config="hear-timeout-secs,0.2\n")
    ana = await world.open()
    await ana.until_log_has(1)
    assert await ana.log() == ["assistant: x nobody"]


async def test_ending_a_session_closes_its_listeners_and_cancels_what_it_waits_for(world: World) -> None:
    world.bots.put("b", {"start": 'TALK "a"\nWAIT 1.1\nTALK "b"\n'})
    ana = await world.open()
    subscription = world.engine.subscribe(ana.caller)
    await world.engine.end_session(ana.caller)
    signals = [signal async for signal in subscription]
    assert signals[-1] == {"type": "closed", "code": 4401}
    assert await world.store.next_timer_at() is None
