"""Conversations over the engine and a store on disk, as a channel holds them."""

from __future__ import annotations

import asyncio

import pytest

from core.errors import Refused
from tests.core.world import World, suggestions, texts

GREET = 'TALK "Hello"\nname = HEAR\nTALK "Hi " + name\nage = HEAR\nTALK name + " is " + age\n'


async def test_a_conversation_begins_waits_and_ends(world: World) -> None:
    world.bots.put("b", {"start": GREET})
    ana = await world.open()
    assert texts(ana.first) == ["Hello"]
    assert ana.first.waiting
    assert not ana.first.pending
    reply = await ana.say("Ana")
    assert texts(reply) == ["Hi Ana"]
    assert reply.waiting
    reply = await ana.say("7")
    assert texts(reply) == ["Ana is 7"]
    assert not reply.waiting
    assert await ana.log() == [
        "assistant: Hello",
        "user: Ana",
        "assistant: Hi Ana",
        "user: 7",
        "assistant: Ana is 7",
    ]


async def test_a_conversation_goes_on_after_a_restart_at_the_same_statement(world: World) -> None:
    world.bots.put("b", {"start": GREET})
    ana = await world.open()
    await ana.say("Ana")
    await world.restart()
    assert texts(await ana.say("7")) == ["Ana is 7"]


async def test_two_sessions_and_two_bots_never_meet(world: World) -> None:
    world.bots.put("b", {"start": 'secret = HEAR\nx = HEAR\nTALK "mine: " + secret\n'})
    world.bots.put(
        "c", {"start": 'x = HEAR\nGET secret\nIF secret THEN\nTALK "leak"\nELSE\nTALK "none"\nEND IF\n'}
    )
    ana, ben, other = await world.open(), await world.open(), await world.open("c")
    await ana.say("canary-ana")
    await ben.say("canary-ben")
    assert texts(await ana.say("go")) == ["mine: canary-ana"]
    assert texts(await ben.say("go")) == ["mine: canary-ben"]
    assert texts(await other.say("go")) == ["none"]


async def test_when_nothing_waits_a_message_starts_the_script_again(world: World) -> None:
    world.bots.put("b", {"start": 'n = GET "session.message_count"\nTALK "count " + n\nlast = message\n'})
    ana = await world.open()
    assert texts(ana.first) == ["count 0"]
    assert texts(await ana.say("again")) == ["count 1"]


async def test_when_nothing_waits_message_bas_answers_if_there_is_one(world: World) -> None:
    world.bots.put("b", {"start": 'TALK "Welcome"\n', "message": 'TALK "You said " + message\n'})
    ana = await world.open()
    assert texts(ana.first) == ["Welcome"]
    assert texts(await ana.say("pear")) == ["You said pear"]


async def test_stored_variables_come_back_days_later(world: World) -> None:
    script = (
        'GET user_name\nIF user_name THEN\nTALK "Welcome back, " + user_name\n'
        "ELSE\nname = HEAR\nSET user_name = name\nEND IF\n"
    )
    world.bots.put("b", {"start": script})
    ana = await world.open()
    await ana.say("Ana")
    await world.restart()
    assert texts(await ana.say("hello?")) == ["Welcome back, Ana"]


async def test_bot_memory_is_shared_and_durable(world: World) -> None:
    script = (
        'n = GET BOT MEMORY "visits"\nIF n THEN\nn = n + 1\nELSE\nn = 1\nEND IF\n'
        'SET BOT MEMORY "visits", n\nTALK "visit " + n\n'
    )
    world.bots.put("b", {"start": script})
    assert texts((await world.open()).first) == ["visit 1"]
    assert texts((await world.open()).first) == ["visit 2"]
    await world.restart()
    assert texts((await world.open()).first) == ["visit 3"]


async def test_user_memory_of_an_anonymous_session_is_its_own(world: World) -> None:
    script = (
        'SET USER MEMORY "k", message\nTALK "kept " + GET USER MEMORY("k")\n'
        'CLEAR USER MEMORY\nTALK "now [" + GET USER MEMORY("k") + "]"\n'
    )
    world.bots.put("b", {"start": script})
    ana = await world.open()
    assert texts(await ana.say("pear")) == ["kept pear", "now []"]


async def test_a_knowledge_base_that_does_not_exist_is_false(world: World) -> None:
    script = (
        'IF USE KB "policies" THEN\nTALK "yes"\nEND IF\nIF NOT USE KB "products" THEN\nTALK "no"\nEND IF\n'
    )
    world.bots.put("b", {"start": script}, collections=frozenset({"policies"}))
    assert texts((await world.open()).first) == ["yes", "no"]


async def test_an_error_of_the_script_keeps_what_was_done_and_ends_the_run(world: World) -> None:
    world.bots.put(
        "b", {"start": 'x = HEAR\nSET BOT MEMORY "k", "kept"\nTALK "before"\nTHROW "boom"\nTALK "after"\n'}
    )
    ana = await world.open()
    reply = await ana.say("go")
    assert texts(reply) == ["before", "[Sorry, something went wrong.]"]
    assert not reply.waiting
    world.bots.put("b", {"start": 'TALK "k is " + GET BOT MEMORY "k"\n'})
    assert texts(await ana.say("again")) == ["k is kept"]


async def test_a_budget_error_discards_the_attempt(world: World) -> None:
    script = 'x = HEAR\nSET BOT MEMORY "k", "lost"\nTALK "before"\nWHILE TRUE\ny = 1\nWEND\n'
    world.bots.put("b", {"start": script}, config="script-budget,30000\n")
    ana = await world.open()
    reply = await ana.say("go")
    assert texts(reply) == ["[Sorry, something went wrong.]"]
    assert not reply.waiting
    world.bots.put("b", {"start": 'TALK "k is [" + GET BOT MEMORY("k") + "]"\n'})
    assert texts(await ana.say("again")) == ["k is []"]


async def test_a_long_step_leaves_the_event_loop_and_gives_the_same_result(world: World) -> None:
    world.bots.put("b", {"start": "x = HEAR\nn = 0\nFOR i = 1 TO 60000\nn = n + i\nNEXT\nTALK n\n"})
    ana = await world.open()
    assert texts(await ana.say("go")) == ["1800030000"]


async def test_a_short_wait_belongs_to_the_answer_and_a_long_one_does_not(world: World) -> None:
    world.bots.put("b", {"start": 'TALK "one"\nWAIT 0.05\nTALK "two"\nWAIT 1.2\nTALK "three"\n'})
    ana = await world.open()
    assert texts(ana.first) == ["one", "two"]
    assert ana.first.pending
    assert not ana.first.waiting


async def test_a_menu_shows_its_options_and_takes_a_tap(world: World) -> None:
    world.bots.put("b", {"start": 'TALK "Which?"\nHEAR size AS "Small", "Large"\nTALK "So " + size\n'})
    ana = await world.open()
    part = suggestions(ana.first)
    assert [option["title"] for option in part["options"]] == ["Small", "Large"]
    reply = await ana.tap(part["options"][1]["id"], part["prompt"])
    assert texts(reply) == ["So Large"]
    assert (await ana.log())[1] == "user: Large"


async def test_a_tap_on_an_old_question_changes_nothing(world: World) -> None:
    script = (
        'TALK "Which?"\nHEAR size AS "Small", "Large"\nTALK "And?"\n'
        'HEAR colour AS "Red", "Blue"\nTALK size + colour\n'
    )
    world.bots.put("b", {"start": script})
    ana = await world.open()
    old = suggestions(ana.first)
    new = suggestions(await ana.say("Small"))
    log = await ana.log()
    with pytest.raises(Refused) as refusal:
        await ana.tap(old["options"][0]["id"], old["prompt"])
    assert (refusal.value.status, refusal.value.code) == (409, "E_STALE_CHOICE")
    with pytest.raises(Refused) as refusal:
        await ana.tap("no such option", new["prompt"])
    assert (refusal.value.status, refusal.value.code, refusal.value.field) == (422, "E_CHOICE", "choice.id")
    assert await ana.log() == log
    assert texts(await ana.tap(new["options"][0]["id"], new["prompt"])) == ["SmallRed"]


async def test_a_suggestion_is_tapped_or_typed_with_one_result_while_the_script_runs_and_after_its_end(
    world: World,
) -> None:
    script = (
        'ADD SUGGESTION "y" AS "Yes"\nADD SUGGESTION "n" AS "No"\nTALK "Well?"\nx = HEAR\n'
        'ADD SUGGESTION "m" AS "More"\nADD SUGGESTION "e" AS "Enough"\nTALK x + message\n'
    )
    world.bots.put("b", {"start": script})
    ana = await world.open()
    shown = suggestions(ana.first)
    after = suggestions(await ana.tap("2", shown["prompt"]))
    begun = await ana.tap("2", after["prompt"])
    tapped = texts(await ana.say("2"))
    assert texts(begun) == ["Well?"]

    ben = await world.open()
    await ben.say("No")
    begun = await ben.say("Enough")
    assert texts(begun) == ["Well?"]
    assert texts(await ben.say("2")) == tapped == ["ne"]


async def test_a_repetition_gets_the_stored_answer(world: World) -> None:
    world.bots.put(
        "b", {"start": 'TALK "Hello"\nn = 0\nWHILE TRUE\nx = HEAR\nn = n + 1\nTALK x + " " + n\nWEND\n'}
    )
    ana = await world.open()
    first = await ana.say("a", key="k1")
    await ana.say("b", key="k2")
    again = await ana.say("a", key="k1")
    assert again.outcome == "dup"
    assert texts(again) == texts(first) == ["a 1"]
    assert again.accepted == first.accepted == 2
    await world.restart()
    assert texts(await ana.say("a", key="k1")) == ["a 1"]


async def test_a_key_used_for_another_message_is_refused(world: World) -> None:
    world.bots.put("b", {"start": GREET})
    ana = await world.open()
    await ana.say("Ana", key="k")
    with pytest.raises(Refused) as refusal:
        await ana.say("Ben", key="k")
    assert (refusal.value.status, refusal.value.code) == (422, "E_KEY_REUSED")


async def test_a_repeated_tap_is_answered_and_not_stale(world: World) -> None:
    world.bots.put("b", {"start": 'HEAR size AS "Small", "Large"\nTALK size\nx = HEAR\n'})
    ana = await world.open()
    part = suggestions(ana.first)
    first = await ana.tap(
        "1" if part["options"][0]["id"] == "1" else part["options"][0]["id"], part["prompt"], key="t"
    )
    again = await ana.tap(part["options"][0]["id"], part["prompt"], key="t")
    assert (again.outcome, texts(again)) == ("dup", texts(first))


async def test_the_sixty_first_message_of_a_minute_is_refused(world: World) -> None:
    world.bots.put("b", {"start": "WHILE TRUE\nx = HEAR\nWEND\n"}, config="session-rate-limit,5\n")
    ana = await world.open()
    for number in range(5):
        await ana.say(f"m{number}", key=f"k{number}")
    with pytest.raises(Refused) as refusal:
        await ana.say("m5", key="k5")
    assert refusal.value.status == 429
    assert refusal.value.retry_after > 0
    assert (await ana.say("m4", key="k4")).outcome == "dup"


async def test_a_password_never_reaches_the_log(world: World) -> None:
    world.bots.put("b", {"start": 'HEAR p AS PASSWORD\nTALK "thanks"\n'})
    ana = await world.open()
    await ana.say("correct horse battery")
    assert "horse" not in "".join(await ana.log())


async def test_restart_begins_again_and_help_leaves_the_question(world: World) -> None:
    world.bots.put("b", {"start": GREET})
    ana = await world.open()
    await ana.say("Ana")
    assert texts(await ana.say("/restart")) == ["Hello"]
    reply = await ana.say("/help")
    assert reply.waiting
    assert reply.messages[0].role == "system"
    assert texts(await ana.say("Ben")) == ["Hi Ben"]


async def test_command_words_can_be_switched_off_and_renamed(world: World) -> None:
    world.bots.put("b", {"start": GREET}, config="command-words,nochmal=/restart\n")
    ana = await world.open()
    assert texts(await ana.say("/help")) == ["Hi /help"]
    assert texts(await ana.say("Nochmal")) == ["Hello"]


async def test_a_session_that_waits_in_an_old_release_finishes_in_it(world: World) -> None:
    world.bots.put("b", {"start": GREET})
    ana = await world.open()
    world.bots.put("b", {"start": 'TALK "new"\n'})
    assert texts(await ana.say("Ana")) == ["Hi Ana"]
    await world.restart()
    assert texts(await ana.say("7")) == ["Ana is 7"]
    assert texts(await ana.say("x")) == ["new"]


async def test_with_on_change_restart_the_new_release_begins_at_once(world: World) -> None:
    world.bots.put("b", {"start": GREET}, config="on-change,restart\n")
    ana = await world.open()
    world.bots.put("b", {"start": 'TALK "new " + message\n'}, config="on-change,restart\n")
    assert texts(await ana.say("Ana")) == ["new Ana"]


async def test_an_ended_session_refuses_its_token(world: World) -> None:
    world.bots.put("b", {"start": GREET})
    ana = await world.open()
    await world.engine.end_session(ana.caller)
    for attempt in (
        ana.say("Ana"),
        world.engine.describe(ana.caller),
        world.engine.authenticate(ana.opened.token),
    ):
        with pytest.raises(Refused) as refusal:
            await attempt
        assert (refusal.value.status, refusal.value.code) == (401, "E_TOKEN_INVALID")


async def test_a_session_describes_what_it_waits_for(world: World) -> None:
    world.bots.put("b", {"start": 'TALK "Which?"\nHEAR Size AS "Small", "Large"\n'})
    ana = await world.open()
    described = await world.engine.describe(ana.caller)
    assert described["waiting_for"]["variable"] == "Size"
    assert described["waiting_for"]["prompt"] == "Which?"
    assert [option["title"] for option in described["waiting_for"]["options"]] == ["Small", "Large"]
    assert (described["state"], described["user"], described["message_count"]) == ("active", None, 0)


async def test_an_undecodable_snapshot_is_buried_and_the_next_message_starts_a_new_run(world: World) -> None:
    world.bots.put("b", {"start": GREET})
    ana = await world.open()
    session = await world.engine.driver.session(ana.id)
    assert session is not None
    from msgspec.structs import replace

    from core.records import StepCommit

    broken = StepCommit(
        guard="control", expected=session.version, session=replace(session, snapshot=b"\xffrubbish")
    )
    assert (await world.store.commit(broken)).kind == "ok"
    reply = await ana.say("Ana", key="k")
    assert texts(reply) == ["[Sorry, something went wrong.]"]
    assert not reply.waiting
    assert [row.key.external_id for row in await world.store.dead_letters()] == ["k"]
    assert texts(await ana.say("again")) == ["Hello"]


async def test_a_shared_counter_loses_no_update(world: World) -> None:
    count = 'n = GET BOT MEMORY "n"\nIF n THEN\nn = n + 1\nELSE\nn = 1\nEND IF\nSET BOT MEMORY "n", n\n'
    world.bots.put("b", {"start": "WHILE TRUE\nx = HEAR\n" + count + "TALK n\nWEND\n"})
    visitors = [await world.open() for _ in range(12)]
    for _ in range(3):
        await asyncio.gather(*(visitor.say("+") for visitor in visitors))
    assert texts(await visitors[0].say("+")) == ["37"]
