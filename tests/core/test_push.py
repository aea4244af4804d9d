"""Channels that push: sessions by address, the outbox, opt-out, albums, notices."""

from __future__ import annotations

import asyncio

import pytest

from core.adapter import Fetched
from core.messages import Attachment
from core.records import HIDDEN, AddressKey
from tests.core.world import World, texts

ECHO = 'TALK "Welcome " + message\nWHILE TRUE\nx = HEAR\nTALK "You said " + x\nWEND\n'


async def test_the_first_message_starts_the_script_and_does_not_answer_a_hear(world: World) -> None:
    world.bots.put("b", {"start": ECHO})
    reply = await world.text("hello")
    assert texts(reply) == ["Welcome hello"]
    await world.text("pear")
    assert await world.sent(2) == ["Welcome hello", "You said pear"]


async def test_two_senders_have_two_sessions(world: World) -> None:
    world.bots.put("b", {"start": ECHO})
    one, two = await world.text("a", sender="+1"), await world.text("b", sender="+2")
    assert one.session_id != two.session_id


async def test_ten_first_messages_at_once_make_one_session_and_ten_turns(world: World) -> None:
    world.bots.put("b", {"start": ECHO})
    replies = await asyncio.gather(*(world.text(f"m{number}") for number in range(10)))
    assert len({reply.session_id for reply in replies}) == 1
    assert len(await world.sent(10)) == 10


async def test_the_messages_of_a_turn_go_out_as_one(world: World) -> None:
    world.bots.put("b", {"start": 'TALK "one"\nTALK "two"\nx = HEAR\n'})
    await world.text("hi")
    assert await world.sent(1) == ["one\n\ntwo"]


async def test_a_webhook_sent_twice_makes_one_turn(world: World) -> None:
    world.bots.put("b", {"start": ECHO})
    await world.text("hello", key="SM1")
    again = await world.text("hello", key="SM1")
    assert again.outcome == "dup"
    changed = await world.text("other words", key="SM1")
    assert changed.outcome == "dup"
    await world.text("pear", key="SM2")
    assert await world.sent(2) == ["Welcome hello", "You said pear"]


async def test_over_the_limit_the_person_is_told_once_and_the_provider_gets_its_ok(world: World) -> None:
    world.bots.put("b", {"start": ECHO}, config="session-rate-limit,3\nrate-message,Slowly please\n")
    replies = [await world.text(f"m{number}") for number in range(6)]
    assert {reply.outcome for reply in replies} == {"ok"}
    sent = await world.sent(4)
    assert sent == ["Welcome m0", "You said m1", "You said m2", "Slowly please"]


async def test_stop_blocks_every_send_until_start(world: World) -> None:
    world.bots.put("b", {"start": ECHO})
    await world.text("hello")
    await world.sent(1)
    await world.text("STOP")
    await world.text("unheard")
    await world.text("start")
    await world.text("pear")
    assert await world.sent(2) == ["Welcome hello", "You said pear"]


async def test_stop_is_heard_from_a_person_over_the_limit(world: World) -> None:
    world.bots.put("b", {"start": 'WAIT 0.4\nTALK "late"\n'}, config="session-rate-limit,1\n")
    await world.text("hello")
    await world.text("STOP")
    (session,) = await world.store.list_sessions()
    await until_waits_for_nothing(world, session.id)
    address = await world.store.find(AddressKey("b", "phone", "main", "+1"))
    assert address is not None
    assert address.opted_out
    assert world.phone.sent == []


async def until_waits_for_nothing(world: World, session_id: str) -> None:
    async with asyncio.timeout(10):
        while (row := await world.store.load(session_id)) is None or row.waiting.kind != "none":
            await world.engine.wakeups.changed(session_id, 1.0)


async def test_after_its_session_has_ended_an_address_gets_a_new_one_and_old_events_stay_old(
    world: World,
) -> None:
    world.bots.put("b", {"start": ECHO})
    first = await world.text("hello", key="SM1")
    assert await world.engine.end(first.session_id)
    second = await world.text("again", key="SM2")
    assert second.session_id != first.session_id
    assert (await world.text("hello", key="SM1")).outcome == "dup"


async def test_an_album_answers_one_hear(world: World) -> None:
    world.bots.put(
        "b", {"start": 'TALK "Send"\nHEAR f AS FILE\nTALK "got " + UBOUND(f.all)\nx = HEAR\nTALK "x " + x\n'}
    )
    await world.text("hello")
    for name in ("a.txt", "b.txt", "c.txt"):
        world.phone.files[f"https://p/{name}"] = Fetched(body=b"text", name=name, mime="text/plain")
        file = Attachment(url=f"https://p/{name}", name=name, mime="text/plain")
        await world.text("", attachments=(file,))
    await world.text("after")
    assert await world.sent(3) == ["Send", "got 3", "x after"]


async def test_a_file_that_cannot_be_fetched_is_null_with_a_reason(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.backlog.FETCH_PAUSE", 0.0)
    world.bots.put("b", {"start": 'TALK "Send"\nWHILE TRUE\nHEAR f AS TEXT\nTALK "[" + f + "]"\nWEND\n'})
    await world.text("hello")
    world.phone.files["https://p/gone"] = RuntimeError("404")
    await world.text("look", attachments=(Attachment(url="https://p/gone", name="gone"),))
    assert await world.sent(2) == ["Send", "[look]"]


async def test_a_tap_on_an_old_card_is_answered_politely(world: World) -> None:
    world.bots.put(
        "b",
        {
            "start": 'TALK "Which?"\nHEAR a AS "Red", "Blue"\nTALK "Size?"\nHEAR s AS "Small", "Large"\nTALK a + s\n'
        },
    )
    await world.text("hi")
    session = await world.engine.driver.session((await world.text("Red")).session_id)
    assert session is not None
    reply = await world.text("", kind="choice", choice="1", prompt=str(session.suspension - 1))
    assert texts(reply)[0].startswith("[That question")
    assert texts(reply)[1] == "Size?"
    assert texts(await world.text("Large")) == ["RedLarge"]


async def test_a_message_to_a_busy_run_waits_its_turn(world: World) -> None:
    world.bots.put(
        "b", {"start": 'TALK "a"\nWAIT 0.4\nTALK "b"\nx = HEAR\nTALK "x " + x\ny = HEAR\nTALK "y " + y\n'}
    )
    await world.text("hello")
    await world.text("one")
    await world.text("two")
    assert await world.sent(3) == ["a\n\nb", "x one", "y two"]


async def test_a_password_typed_ahead_of_its_question_is_hidden_once_it_answers_it(world: World) -> None:
    world.bots.put("b", {"start": 'WAIT 0.4\nHEAR p AS PASSWORD\nTALK "thanks"\n'})
    await world.text("hello")
    await world.text("correct horse battery")
    assert await world.sent(1) == ["thanks"]
    (session,) = await world.store.list_sessions()
    assert [line.text for line in await world.store.messages(session.id)] == ["hello", HIDDEN, "thanks"]
