"""Identity, tokens, tickets, limits on who comes in."""

from __future__ import annotations

import time

import jwt
import pytest

from core.errors import Refused
from tests.core.world import World, texts

SECRET = "a secret of at least thirty-two characters"
CONFIG = f"identity-secret,{SECRET}\n"
GREET = 'TALK "Hello " + username\nname = HEAR\nTALK "Hi " + name\n'


def identity(subject: str = "ana", **claims: object) -> str:
    return jwt.encode({"sub": subject, "exp": int(time.time()) + 60, **claims}, SECRET, algorithm="HS256")


async def test_a_known_person_gets_their_session_back_with_a_new_token(world: World) -> None:
    world.bots.put("b", {"start": GREET}, config=CONFIG)
    first = await world.open(identity=identity(name="Ana"))
    assert texts(first.first) == ["Hello Ana"]
    second = await world.open(identity=identity())
    assert second.id == first.id
    assert second.opened.token != first.opened.token
    assert second.first.waiting
    assert texts(await second.say("Ana")) == ["Hi Ana"]
    assert first.opened.expires_at is None


async def test_an_anonymous_session_becomes_the_persons_and_its_old_token_dies(world: World) -> None:
    world.bots.put("b", {"start": GREET}, config=CONFIG)
    anonymous = await world.open()
    upgraded = await world.open(identity=identity(name="Ana"), token=anonymous.opened.token)
    assert upgraded.id == anonymous.id
    with pytest.raises(Refused):
        await world.engine.authenticate(anonymous.opened.token)
    described = await world.engine.describe(upgraded.caller)
    assert described["user"] == {"id": "ana", "name": "Ana", "email": None}
    assert described["expires_at"] is None
    assert texts(await upgraded.say("Ana")) == ["Hi Ana"]
    again = await world.open(identity=identity())
    assert again.id == anonymous.id


async def test_an_anonymous_session_ends_when_its_person_turns_out_to_have_one(world: World) -> None:
    world.bots.put("b", {"start": GREET}, config=CONFIG)
    known = await world.open(identity=identity(name="Ana"))
    anonymous = await world.open()
    listening = world.engine.subscribe(anonymous.caller)
    again = await world.open(identity=identity(), token=anonymous.opened.token)
    assert again.id == known.id
    assert [signal async for signal in listening][-1] == {"type": "closed", "code": 4401}
    with pytest.raises(Refused) as refusal:
        await world.engine.authenticate(anonymous.opened.token)
    assert refusal.value.code == "E_TOKEN_INVALID"
    # A person's own token is no reason to end anything.
    third = await world.open(identity=identity(), token=again.opened.token)
    assert texts(await third.say("Ana")) == ["Hi Ana"]


@pytest.mark.parametrize("has_session", [False, True])
async def test_an_identity_does_not_excuse_a_token_that_is_not_valid(world: World, has_session: bool) -> None:
    world.bots.put("b", {"start": GREET}, config=CONFIG)
    world.bots.put("c", {"start": GREET}, config=CONFIG)
    if has_session:
        await world.open(identity=identity())
    ended, elsewhere = await world.open(), await world.open("c")
    await world.engine.end_session(ended.caller)
    for token in ("A" * 64, ended.opened.token, elsewhere.opened.token):
        with pytest.raises(Refused) as refusal:
            await world.open(identity=identity(), token=token)
        assert (refusal.value.status, refusal.value.code) == (401, "E_TOKEN_INVALID")


async def test_a_wrong_identity_creates_nothing(world: World) -> None:
    world.bots.put("b", {"start": GREET}, config=CONFIG)
    with pytest.raises(Refused) as refusal:
        await world.open(identity="a.b.c")
    assert refusal.value.status == 401
    assert await world.store.list_sessions() == []


async def test_user_memory_follows_the_person_and_not_the_session(world: World) -> None:
    script = 'TALK "had [" + GET USER MEMORY("k") + "]"\nx = HEAR\nSET USER MEMORY "k", x\n'
    world.bots.put("b", {"start": script}, config=CONFIG)
    ana = await world.open(identity=identity("ana"))
    await ana.say("pear")
    await world.engine.end_session(ana.caller)
    assert texts((await world.open(identity=identity("ana"))).first) == ["had [pear]"]
    assert texts((await world.open(identity=identity("ben"))).first) == ["had []"]


async def test_a_token_of_another_bot_or_session_is_refused(world: World) -> None:
    world.bots.put("b", {"start": GREET})
    world.bots.put("c", {"start": GREET})
    ana, ben = await world.open("b"), await world.open("c")
    forged = ana.opened.token[:22] + ben.opened.token[22:]
    for token in (forged, "x" * 64, ben.opened.token[:63], ""):
        with pytest.raises(Refused) as refusal:
            await world.engine.authenticate(token)
        assert refusal.value.status == 401
        assert refusal.value.code == "E_TOKEN_INVALID"
    with pytest.raises(Refused) as refusal:
        await world.engine.authenticate(None)
    assert refusal.value.code == "E_TOKEN_MISSING"


async def test_many_failures_from_one_address_are_slowed_down(world: World) -> None:
    world.bots.put("b", {"start": GREET})
    ana = await world.open()
    statuses = []
    for _ in range(25):
        with pytest.raises(Refused) as refusal:
            await world.engine.authenticate("x" * 64, remote="10.9.9.9")
        statuses.append(refusal.value.status)
    assert statuses == [401] * 20 + [429] * 5
    assert (await world.engine.authenticate(ana.opened.token, remote="10.9.9.9")).session_id == ana.id


async def test_a_ticket_is_good_once_and_for_one_origin(world: World) -> None:
    world.bots.put("b", {"start": GREET})
    ana = await world.open()
    ticket, life = await world.engine.issue_ticket(ana.caller, origin="https://a")
    assert life == 30
    assert (await world.engine.redeem_ticket(ticket, origin="https://a")).session_id == ana.id
    with pytest.raises(Refused):
        await world.engine.redeem_ticket(ticket, origin="https://a")
    other, _ = await world.engine.issue_ticket(ana.caller, origin="https://a")
    with pytest.raises(Refused):
        await world.engine.redeem_ticket(other, origin="https://b")
    with pytest.raises(Refused):
        await world.engine.authenticate(other)


async def test_a_token_is_no_ticket(world: World) -> None:
    world.bots.put("b", {"start": GREET})
    ana = await world.open()
    with pytest.raises(Refused):
        await world.engine.redeem_ticket(ana.opened.token, origin="")
    assert (await world.engine.authenticate(ana.opened.token)).session_id == ana.id


async def test_a_full_server_turns_only_new_web_sessions_away(world: World) -> None:
    world.bots.put("b", {"start": GREET}, config="session-max-concurrent,2\n")
    ana, _ = await world.open(), await world.open()
    with pytest.raises(Refused) as refusal:
        await world.open()
    assert (refusal.value.status, refusal.value.code) == (503, "E_CAPACITY")
    assert texts(await ana.say("Ana")) == ["Hi Ana"]
    assert (await world.text("hello")).outcome == "ok"


async def test_an_address_may_create_so_many_sessions_a_minute(world: World) -> None:
    world.bots.put("b", {"start": GREET}, config="session-create-rate-limit,3\n")
    for _ in range(3):
        await world.open(remote="10.0.0.7")
    with pytest.raises(Refused) as refusal:
        await world.open(remote="10.0.0.7")
    assert (refusal.value.status, refusal.value.code) == (429, "E_SESSION_RATE")
    await world.open(remote="10.0.0.8")


async def test_requests_of_an_address_have_a_limit_only_if_the_bot_sets_one(world: World) -> None:
    world.bots.put("b", {"start": GREET}, config="api-rate-limit,3\n")
    ana = await world.open()
    for _ in range(3):
        await world.engine.authenticate(ana.opened.token, remote="10.0.0.7")
    with pytest.raises(Refused) as refusal:
        await world.engine.authenticate(ana.opened.token, remote="10.0.0.7")
    assert (refusal.value.status, refusal.value.code) == (429, "E_API_RATE")
    assert refusal.value.retry_after > 0
    await world.engine.authenticate(ana.opened.token, remote="10.0.0.8")


async def test_another_sessions_upload_cannot_be_sent(world: World) -> None:
    from core.messages import Attachment

    world.bots.put("b", {"start": 'HEAR f AS FILE\nTALK f.filename + " " + f.size\n'})
    ana, ben = await world.open(), await world.open()

    async def chunks():  # type: ignore[no-untyped-def]
        yield b"hello"

    kept = await world.engine.store_file(
        ana.caller, name="a.txt", mime="text/plain", chunks=chunks(), max_bytes=100
    )
    with pytest.raises(Refused) as refusal:
        await ben.say(attachments=(Attachment(id=kept.id),))
    assert (refusal.value.status, refusal.value.code) == (422, "E_ATTACHMENT")
    assert texts(await ana.say(attachments=(Attachment(id=kept.id),))) == ["a.txt 5"]
    lines = await world.engine.log(ana.caller)
    part = next(line for line in lines if line.role == "user").parts[0]
    assert set(part) == {"type", "url", "name", "mime", "size"}
    assert part["url"].startswith("/files/")


async def test_an_anonymous_session_past_its_date_is_gone_before_any_sweeper_comes(world: World) -> None:
    world.bots.put("b", {"start": GREET}, config="session-anonymous-retention-days,0.0001\n")  # 8.64 s
    from datetime import timedelta

    from msgspec.structs import replace

    from core.records import StepCommit

    ana = await world.open()
    session = await world.engine.driver.session(ana.id)
    assert session is not None
    past = replace(session, expires_at=session.created_at - timedelta(seconds=1))
    committed = await world.store.commit(StepCommit(guard="control", expected=session.version, session=past))
    assert committed.session is not None
    world.engine.driver.cache.put(committed.session)
    with pytest.raises(Refused) as refusal:
        await ana.say("Ana")
    assert refusal.value.status == 401


async def test_an_address_whose_session_is_past_its_date_gets_a_new_one(world: World) -> None:
    world.bots.put("b", {"start": 'TALK "Hello"\nx = HEAR\n'})
    from datetime import timedelta

    from msgspec.structs import replace

    from core.records import StepCommit

    first = await world.text("hi", sender="+9")
    session = await world.engine.driver.session(first.session_id)
    assert session is not None
    past = replace(session, user_id=None, expires_at=session.created_at - timedelta(seconds=1))
    committed = await world.store.commit(StepCommit(guard="control", expected=session.version, session=past))
    assert committed.session is not None
    world.engine.driver.cache.put(committed.session)
    second = await world.text("hi", sender="+9")
    assert second.session_id != first.session_id
    assert texts(second) == ["Hello"]
