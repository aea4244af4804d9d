"""The contract of the life cycle: creation, addresses, tokens, idleness, expiry, removal, pruning."""

from __future__ import annotations

import asyncio
import uuid
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from core.records import MemoryCell, StoredFile
from core.store import Store
from trunkline.testing.store_steps import accepted, created, kinds
from trunkline.testing.store_values import (
    BOT,
    address_key,
    address_of,
    ago,
    bare,
    effect,
    event_key,
    memory,
    new_session,
    new_token,
    now,
    outgoing,
    step,
    timer,
)

DAY = 86_400.0


class LifeContract:
    """How sessions begin and end, and what is left of them."""

    async def test_of_many_who_claim_an_address_one_creates(self, store: Store) -> None:
        key = address_key()

        async def open_one() -> tuple[str, str, bool]:
            session = new_session()
            token = new_token(session)
            found = await store.create(session, address=address_of(session, key), token=token)
            return session.id, found.id, await store.token(token.sha256) is not None

        results = await asyncio.gather(*(open_one() for _ in range(10)))
        assert len({found for _, found, _ in results}) == 1
        assert [asked == found for asked, found, _ in results].count(True) == 1
        assert all(valid == (asked == found) for asked, found, valid in results)
        address = await store.find(key)
        assert address is not None
        assert address.session_id == results[0][1]

    async def test_creating_twice_is_creating_once(self, store: Store) -> None:
        session, key = new_session(), address_key()
        for _ in range(2):
            assert await store.create(session, address=address_of(session, key), token=None) == session
        committed = await accepted(store, step(session))
        assert await store.create(session, address=address_of(session, key), token=None) == committed

    async def test_an_address_remembers_the_session_before(self, store: Store) -> None:
        key = address_key()
        first, second = new_session(), new_session()
        first = await store.create(first, address=address_of(first, key), token=None)
        stopped = address_of(first, key, opted_out=True, shown_prompt=4, last_inbound=now())
        first = await accepted(store, bare(first, address=stopped))
        await accepted(store, bare(replace(first, state="ended")))
        await store.create(second, address=address_of(second, key), token=None)
        found = await store.find(key)
        assert found is not None
        assert (found.session_id, found.previous_session_id) == (second.id, first.id)
        assert (found.opted_out, found.shown_prompt) == (True, 0)
        assert found.last_inbound == stopped.last_inbound

    async def test_a_step_of_the_session_before_does_not_touch_the_address(self, store: Store) -> None:
        key = address_key()
        first, second = new_session(), new_session()
        await store.create(first, address=address_of(first, key), token=None)
        await accepted(store, step(first))
        ended = await store.load(first.id)
        assert ended is not None
        await accepted(store, bare(replace(ended, state="ended")))
        second = await store.create(second, address=address_of(second, key), token=None)
        stranger = await created(store)
        await accepted(store, bare(stranger, address=address_of(stranger, key, shown_prompt=9)))
        found = await store.find(key)
        assert found is not None
        assert (found.session_id, found.shown_prompt) == (second.id, 0)

    async def test_a_known_person_has_one_live_session_per_bot(self, store: Store) -> None:
        one = await created(store, user_id="ana", expires_at=None)
        assert (await store.create(new_session(user_id="ana"), address=None, token=None)).id == one.id
        assert await store.user_session(BOT, "ana") == one.id
        assert await store.user_session("other", "ana") is None
        await accepted(store, bare(replace(one, state="ended")))
        assert await store.user_session(BOT, "ana") is None
        assert (await created(store, user_id="ana")).id != one.id

    # --- tokens ---

    async def test_a_token_ends_with_its_time_and_its_session(self, store: Store) -> None:
        session = await created(store)
        good, old = new_token(session, expires_at=ago(-60)), new_token(session, expires_at=ago(1))
        for token in (good, old):
            await store.add_token(token)
        assert await store.token(good.sha256) == good
        assert await store.token(old.sha256) is None
        assert await store.token(b"\0" * 32) is None
        await accepted(store, bare(replace(session, state="ended")))
        assert await store.token(good.sha256) is None

    async def test_a_ticket_is_taken_once(self, store: Store) -> None:
        session = await created(store)
        ticket = new_token(session, kind="ticket", origin="https://example.org", parent=b"p" * 32)
        old = new_token(session, kind="ticket", expires_at=ago(1))
        bearer = new_token(session)
        for token in (ticket, old, bearer):
            await store.add_token(token)
        taken = await asyncio.gather(*(store.redeem(ticket.sha256) for _ in range(5)))
        assert [each for each in taken if each is not None] == [ticket]
        assert await store.redeem(old.sha256) is None
        assert await store.redeem(bearer.sha256) is None
        assert await store.token(bearer.sha256) == bearer

    # --- idle and expired ---

    async def test_quiet_sessions_become_idle_candidates(self, store: Store) -> None:
        quiet = await created(store, last_activity=ago(3600))
        await created(store, last_activity=ago(10))
        await created(store, last_activity=ago(3600), bot="other")
        found = await store.idle_candidates(bot=BOT, idle_after=1800)
        assert list(found) == [quiet]
        await accepted(store, bare(replace(quiet, state="idle")))
        assert list(await store.idle_candidates(bot=BOT, idle_after=1800)) == []

    async def test_an_idle_session_comes_back_by_a_message(self, store: Store) -> None:
        session = await created(store, last_activity=ago(3600))
        session = await accepted(store, bare(replace(session, state="idle")))
        session = await accepted(store, step(replace(session, state="active")))
        assert session.state == "active"

    async def test_whoever_writes_while_the_sweeper_looks_stays_active(self, store: Store) -> None:
        await created(store, last_activity=ago(3600))
        (candidate,) = await store.idle_candidates(bot=BOT, idle_after=1800)
        swept = bare(replace(candidate, state="idle"), guard="fast")
        assert await kinds(store, step(candidate), swept) == {"ok": 1, "miss": 1}
        loaded = await store.load(candidate.id)
        assert loaded is not None
        assert loaded.state == "active"

    async def test_anonymous_sessions_expire_and_known_ones_do_not(self, store: Store) -> None:
        old = ago(8 * DAY)
        past = {"created_at": old, "last_activity": old, "expires_at": ago(DAY), "message_count": 3}
        expired = await created(store, **past, state="idle")
        never_idle = await created(store, **past)
        unused = await created(store, created_at=ago(DAY + 60), last_activity=ago(DAY + 60))
        await created(store, **{**past, "user_id": "ana", "expires_at": None})
        await created(store, created_at=ago(DAY + 60), message_count=1)
        waiting = await created(store, **past, state="idle")
        await accepted(store, bare(waiting, timers=(timer(waiting, ago(-DAY)),)))
        found = {each.id for each in await store.expiry_candidates()}
        assert found == {expired.id, never_idle.id, unused.id}

    # --- removal ---

    async def test_removal_leaves_nothing_but_the_keys(self, store: Store) -> None:
        session, other, address = new_session(), await created(store), address_key()
        session = await store.create(session, address=address_of(session, address), token=None)
        token, key, file_id = new_token(session), event_key(), uuid.uuid4().hex
        mine = memory("visits", "1", scope=f"session:{session.id}")
        named = memory(f"last_visit_{session.id}", "today")
        shared = memory("shared", "stays")
        made = step(
            session,
            key=key,
            tokens=(token,),
            timers=(timer(session, ago(1)),),
            effect=effect(session),
            outbox=(outgoing(session, address, 1, state="sent"),),
            memory=(mine, named, shared),
            variables={"name": "Ana"},
        )
        session = await accepted(store, made)
        await store.add_file(stored_file(session.id, file_id))
        assert list(await store.removable(gone_for=0)) == []
        await accepted(store, bare(replace(session, state="ended")))
        assert list(await store.removable(gone_for=3600)) == []
        assert list(await store.removable(gone_for=0)) == [session.id]
        assert list(await store.remove(session.id)) == [file_id]
        assert await store.load(session.id) is None
        assert list(await store.messages(session.id)) == []
        assert await store.file(file_id) is None
        assert await store.token(token.sha256) is None
        assert list(await store.due_timers()) == []
        assert list(await store.claim_effects("worker", lease=30)) == []
        assert list(await store.list_outbox(states=["sent"])) == []
        cells = await store.load_memory([mine.key, named.key, shared.key])
        assert list(cells.values()) == [MemoryCell(None, 0), MemoryCell(None, 0), MemoryCell("stays", 1)]
        kept = await store.event(session.id, key)
        assert kept is not None
        assert (kept.state, kept.body, kept.answer) == ("done", b"", None)
        assert await store.load(other.id) == other
        assert list(await store.remove(session.id)) == []

    async def test_a_session_that_still_has_to_deliver_stays(self, store: Store) -> None:
        session = await created(store)
        row = outgoing(session, address_key(), 1)
        session = await accepted(store, bare(session, outbox=(row,)))
        await accepted(store, bare(replace(session, state="ended")))
        assert list(await store.removable(gone_for=0)) == []
        await store.change_outbox(row.id, "dead")
        assert list(await store.removable(gone_for=0)) == [session.id]

    async def test_pruning_takes_old_keys_and_leaves_what_waits(self, store: Store) -> None:
        session, old = await created(store), ago(10 * DAY)
        done, fresh, waiting = (event_key() for _ in range(3))
        made = step(session, key=done)
        assert made.inbox is not None
        session = await accepted(store, replace(made, inbox=replace(made.inbox, accepted_at=old)))
        session = await accepted(store, step(session, key=fresh))
        row = replace(made.inbox, key=waiting, state="new", body=b"x", accepted_at=old)
        await store.note_failure(row, "boom")
        while await store.prune(inbox_older_than=9 * DAY):
            pass
        found = [await store.event(session.id, key) for key in (done, fresh, waiting)]
        assert [each and each.state for each in found] == [None, "done", "new"]

    async def test_pruning_takes_what_was_sent_and_answered_long_ago(self, store: Store) -> None:
        session, old, key = await created(store), ago(10 * DAY), address_key()
        states = {"sent": old, "inline": old, "dead": old, "held": old, "fresh": now()}
        rows = [
            outgoing(
                session, key, seq, state="sent" if name == "fresh" else name, created_at=moment, error=name
            )
            for seq, (name, moment) in enumerate(states.items(), 1)
        ]
        waits = effect(session, 1, created_at=old)
        session = await accepted(store, bare(session, outbox=tuple(rows), effect=waits))
        removed = 0
        while found := await store.prune(inbox_older_than=9 * DAY):
            removed += found
        left = await store.list_outbox(states=("sent", "inline", "dead", "held"))
        assert (removed, {row.error for row in left}) == (2, {"dead", "held", "fresh"})
        await accepted(store, bare(session, effect_result=replace(waits, state="done", result=b"1")))
        assert await store.prune(inbox_older_than=9 * DAY) == 1

    # --- files, releases, the cache ---

    async def test_files_are_counted_by_session(self, store: Store) -> None:
        session = await created(store)
        file = stored_file(session.id, "f1", size=700)
        await store.add_file(file)
        await store.add_file(stored_file(session.id, "f2", size=300))
        assert await store.file("f1") == file
        assert await store.file("nothing") is None
        assert (await store.file_bytes(session.id), await store.file_bytes("other")) == (1000, 0)

    async def test_a_release_is_kept_while_a_session_waits_in_it(self, store: Store) -> None:
        session = await created(store)
        sources = {"start": 'TALK "Ünï"\n', "message": ""}
        for digest in ("pinned", "current"):
            await store.put_release(digest, sources)
        await accepted(store, bare(replace(session, release="pinned")))
        while await store.prune(inbox_older_than=-60):
            pass
        assert await store.release("pinned") == sources
        assert await store.release("current") == sources
        assert await store.release("nothing") is None

    async def test_the_cache_keeps_its_scopes_apart(self, store: Store) -> None:
        await store.put_cache("one", "key", "1")
        await store.put_cache("two", "key", "2")
        await store.put_cache("one", "key", "3")
        assert await store.get_cache("one", "key") == "3"
        assert await store.get_cache("two", "key") == "2"
        assert await store.get_cache("one", "other") is None

    # --- the store itself ---

    async def test_sessions_are_listed_by_bot_and_state(self, store: Store) -> None:
        one, other = await created(store), await created(store, bot="other")
        ended = await created(store)
        await accepted(store, bare(replace(ended, state="ended")))
        assert {each.id for each in await store.list_sessions()} == {one.id, other.id, ended.id}
        assert [each.id for each in await store.list_sessions(bot="other")] == [other.id]
        assert [each.id for each in await store.list_sessions(bot=BOT, state="active")] == [one.id]
        assert len(await store.list_sessions(limit=2)) == 2

    async def test_ping_writes_and_tells_the_time(self, store: Store) -> None:
        assert abs(await store.ping() - datetime.now(UTC)) < timedelta(seconds=5)


def stored_file(session_id: str, file_id: str, size: int = 5) -> StoredFile:
    return StoredFile(
        id=file_id,
        session_id=session_id,
        name="Bericht ü.pdf",
        mime="application/pdf",
        size=size,
        created_at=now(),
    )
