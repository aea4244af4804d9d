"""The contract of a step: outcomes and their precedence, guards, order, races, limits, memory."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace

from core.records import HIDDEN, EventKey, MemoryCell, Outcome, Session, StepCommit, Waiting
from core.store import Store
from trunkline.testing.store_values import (
    address_key,
    address_of,
    ago,
    bare,
    drained,
    effect,
    event,
    event_key,
    line,
    memory,
    new_session,
    new_token,
    now,
    outgoing,
    queued,
    step,
    timer,
)


async def created(store: Store, **changes: Any) -> Session:
    return await store.create(new_session(**changes), address=None, token=None)


async def accepted(store: Store, made: StepCommit) -> Session:
    """Commit a step that must be accepted."""
    outcome = await store.commit(made)
    assert outcome.kind == "ok", outcome.kind
    assert outcome.session is not None
    return outcome.session


async def kinds(store: Store, *steps: StepCommit) -> Counter[str]:
    outcomes = await asyncio.gather(*(store.commit(each) for each in steps))
    return Counter(outcome.kind for outcome in outcomes)


class StepsContract:
    """What a commit promises."""

    async def test_an_accepted_step_is_there_whole(self, store: Store) -> None:
        session = await created(store)
        made = step(session, text="hi", variables={"name": "Ana"}, token_sha256=None)
        committed = await accepted(store, made)
        assert committed == replace(made.session, version=1)
        assert await store.load(session.id) == committed
        assert [each.text for each in await store.messages(session.id)] == ["hi", "You said hi."]
        assert made.inbox is not None
        stored = await store.event(session.id, made.inbox.key)
        assert stored is not None
        assert (stored.state, stored.seq_from, stored.seq_to) == ("done", 1, 2)

    async def test_every_field_of_a_session_comes_back(self, store: Store) -> None:
        session = await created(store)
        full = replace(
            session,
            channel="web",
            user_id="person-1",
            epoch=3,
            seq=7,
            message_count=4,
            release="abc",
            snapshot=b'{"secret": "\xff\x00"}',
            suspension=9,
            waiting=Waiting(kind="hear", variable="name", options=(("1", "Ünïcode", "u"),), until=now()),
            context=b'{"kb":["docs"]}',
            reply_to=address_key(),
            profile={"name": "Ana"},
            pending_effect="9",
        )
        committed = await accepted(store, bare(full))
        assert committed == replace(full, version=1)
        assert await store.load(session.id) == committed

    async def test_a_refused_step_changes_nothing(self, store: Store) -> None:
        session = await created(store)
        await accepted(store, step(session))
        before = await store.load(session.id)
        late = step(session, variables={"x": 1}, memory=(memory("late", "1"),))
        outcome = await store.commit(late)
        assert (outcome.kind, outcome.session) == ("miss", before)
        assert await store.load(session.id) == before
        assert len(await store.messages(session.id)) == 2
        assert late.inbox is not None
        assert await store.event(session.id, late.inbox.key) is None
        cells = await store.load_memory([late.memory[0].key])
        assert cells[late.memory[0].key] == MemoryCell(None, 0)

    # --- duplicates ---

    async def test_a_repetition_gets_the_stored_row(self, store: Store) -> None:
        session = await created(store)
        key = event_key()
        session = await accepted(store, step(session, key=key))
        outcome = await store.commit(step(session, key=key, text="other", refuse_reuse=True))
        assert outcome.kind == "dup"
        assert outcome.duplicate is not None
        assert (outcome.duplicate.key, outcome.duplicate.seq_to) == (key, 2)
        assert len(await store.messages(session.id)) == 2

    async def test_the_same_key_with_another_body_is_refused_where_it_is_asked(self, store: Store) -> None:
        session = await created(store)
        key = event_key()
        session = await accepted(store, step(session, key=key))
        other = event(session, key, body_hash=b"hash of goodbye")
        assert await kinds(store, step(session, inbox=other, refuse_reuse=True)) == {"reuse": 1}
        assert await kinds(store, step(session, inbox=other)) == {"dup": 1}

    async def test_ten_parallel_repetitions_make_one_turn(self, store: Store) -> None:
        session = await created(store)
        key = event_key()
        found = await kinds(store, *(step(session, key=key) for _ in range(10)))
        assert found == {"ok": 1, "dup": 9}
        assert len(await store.messages(session.id)) == 2

    async def test_the_same_key_in_two_sessions_is_two_events(self, store: Store) -> None:
        key = event_key()
        sessions = [await created(store) for _ in range(2)]
        assert await kinds(store, *(step(each, key=key) for each in sessions)) == {"ok": 2}

    async def test_a_repetition_after_the_end_is_found_under_the_address(self, store: Store) -> None:
        key, address = event_key(), address_key()
        first = new_session()
        first = await store.create(first, address=address_of(first, address), token=None)
        first = await accepted(store, step(first, key=key))
        await accepted(store, bare(replace(first, state="ended")))
        second = new_session()
        second = await store.create(second, address=address_of(second, address), token=None)
        outcome = await store.commit(step(second, key=key, address=address_of(second, address)))
        assert outcome.kind == "dup"
        assert outcome.duplicate is not None
        assert outcome.duplicate.session_id == first.id
        assert await kinds(store, step(second, address=address_of(second, address))) == {"ok": 1}

    # --- precedence ---

    async def test_outcomes_keep_their_precedence(self, store: Store) -> None:
        """Each step below has the defects of all that follow it; the first defect names the outcome."""
        session, key = await created(store), event_key()
        token = new_token(session)
        await store.add_token(token)
        session = await accepted(store, step(session, key=key, charge=1, token_sha256=token.sha256))
        old = replace(session, version=0)
        worst = step(old, key=key, charge=1, resumes=99, token_sha256=b"none", refuse_reuse=True)
        assert worst.inbox is not None
        other_body = replace(worst.inbox, body_hash=b"other")
        fresh = replace(worst, token_sha256=token.sha256, inbox=event(session))
        for expected, made in {
            "unauthorised": worst,
            "dup": replace(worst, token_sha256=token.sha256),
            "reuse": replace(worst, token_sha256=token.sha256, inbox=other_body),
            "stale": fresh,
            "limited": replace(fresh, resumes=None),
            "miss": replace(fresh, resumes=None, charge=0),
            "ok": step(session, token_sha256=token.sha256),
        }.items():
            assert await kinds(store, made) == {expected: 1}
        current = await store.load(session.id)
        assert current is not None
        await accepted(store, bare(replace(current, state="ended")))
        assert await kinds(store, replace(worst, token_sha256=None)) == {"ended": 1}
        assert await kinds(store, worst) == {"unauthorised": 1}

    @pytest.mark.parametrize("state", ["ended", "expired"])
    async def test_a_session_that_is_over_takes_no_step(self, store: Store, state: Any) -> None:
        session = await created(store)
        session = await accepted(store, bare(replace(session, state=state)))
        for guard in ("fast", "drain", "resume", "store", "control"):
            assert await kinds(store, step(session, guard=guard)) == {"ended": 1}
        assert await kinds(store, step(new_session())) == {"ended": 1}

    async def test_a_token_opens_its_own_session_while_it_lives(self, store: Store) -> None:
        session, stranger = await created(store), await created(store)
        good, old = new_token(session), new_token(session, expires_at=ago(1))
        foreign, ticket = new_token(stranger), new_token(session, kind="ticket")
        for token in (good, old, foreign, ticket):
            await store.add_token(token)
        for token in (old, foreign, ticket):
            assert await kinds(store, step(session, token_sha256=token.sha256)) == {"unauthorised": 1}
        session = await accepted(store, step(session, token_sha256=good.sha256))
        session = await accepted(store, bare(session, revoke_tokens=True, tokens=(new_token(session),)))
        assert await kinds(store, step(session, token_sha256=good.sha256)) == {"unauthorised": 1}
        assert await store.token(good.sha256) is None

    async def test_a_token_of_a_session_past_its_date_opens_nothing(self, store: Store) -> None:
        session = await created(store, expires_at=ago(1))
        token = new_token(session)
        await store.add_token(token)
        assert await store.token(token.sha256) is None
        for guard in ("fast", "control"):
            made = step(session, guard=guard, token_sha256=token.sha256)
            assert await kinds(store, made) == {"unauthorised": 1}
        await accepted(store, step(session))

    # --- races ---

    async def test_of_a_hundred_steps_on_one_version_one_is_accepted(self, store: Store) -> None:
        session = await created(store)
        assert await kinds(store, *(step(session) for _ in range(100))) == {"ok": 1, "miss": 99}
        loaded = await store.load(session.id)
        assert loaded is not None
        assert (loaded.version, loaded.seq) == (1, 2)

    async def test_a_hundred_racing_writers_that_run_again_lose_nothing(self, store: Store) -> None:
        session = await created(store)

        async def write(text: str) -> None:
            while True:
                loaded = await store.load(session.id)
                assert loaded is not None
                if (await store.commit(step(loaded, text=text, key=event_key(text)))).kind == "ok":
                    return

        await asyncio.gather(*(write(f"text {number}") for number in range(100)))
        log = await store.messages(session.id, limit=500)
        assert [each.seq for each in log] == list(range(1, 201))
        assert {each.text for each in log if each.role == "user"} == {f"text {n}" for n in range(100)}
        loaded = await store.load(session.id)
        assert loaded is not None
        assert (loaded.version, loaded.message_count) == (100, 100)

    async def test_a_step_that_cannot_be_written_does_not_cost_its_neighbours(self, store: Store) -> None:
        sessions = [await created(store) for _ in range(8)]
        steps = [step(each) for each in sessions]
        row = outgoing(sessions[3], address_key(), 1)
        steps[3] = replace(steps[3], outbox=(row, row))
        results = await asyncio.gather(*(store.commit(each) for each in steps), return_exceptions=True)
        assert isinstance(results[3], Exception)
        others = [each.kind for each in results if isinstance(each, Outcome)]
        assert others == ["ok"] * 7
        assert await store.load(sessions[3].id) == sessions[3]

    async def test_an_address_keeps_what_the_session_that_it_leads_to_knows(self, store: Store) -> None:
        key = address_key()
        first = new_session()
        first = await store.create(first, address=address_of(first, key), token=None)
        other = await created(store)
        writes = (
            step(first, address=address_of(first, key, shown_prompt=1)),
            step(other, address=address_of(other, key, shown_prompt=2)),
        )
        assert await kinds(store, *writes) == {"ok": 2}
        found = await store.find(key)
        assert found is not None
        assert (found.session_id, found.shown_prompt) == (first.id, 1)

    async def test_a_text_that_is_too_long_for_a_key_does_not_cost_its_neighbours(self, store: Store) -> None:
        sessions = [await created(store) for _ in range(3)]
        steps = [step(each) for each in sessions]
        incompressible = "".join(chr(0x4E00 + number * 37 % 20000) for number in range(4000))
        steps[1] = step(sessions[1], key=event_key(incompressible))
        first, _, third = await asyncio.gather(
            *(store.commit(each) for each in steps), return_exceptions=True
        )
        assert [isinstance(each, Outcome) and each.kind for each in (first, third)] == ["ok", "ok"]

    # --- order ---

    async def test_the_queue_keeps_the_order_of_acceptance(self, store: Store) -> None:
        session = await created(store)
        keys = [event_key() for _ in range(3)]
        for key in keys:
            session = await accepted(store, queued(session, key))
        assert (session.backlog, session.accept_seq) == (3, 3)
        waiting = await store.backlog(session.id)
        assert [each.key for each in waiting] == keys
        assert [each.accept_seq for each in waiting] == [1, 2, 3]
        assert waiting[0].body == b'{"text": "later"}'
        assert await kinds(store, step(session)) == {"miss": 1}
        assert await kinds(store, drained(session, keys[1])) == {"miss": 1}
        assert await kinds(store, drained(session, event_key())) == {"miss": 1}
        for key in keys:
            session = await accepted(store, drained(session, key))
        assert (session.backlog, await store.backlog(session.id)) == (0, [])
        assert await kinds(store, drained(session, keys[0])) == {"dup": 1}
        await accepted(store, step(session))

    async def test_a_queued_event_that_is_repeated_is_a_duplicate(self, store: Store) -> None:
        session, key = await created(store), event_key()
        session = await accepted(store, queued(session, key))
        outcome = await store.commit(queued(session, key))
        assert outcome.kind == "dup"
        assert outcome.duplicate is not None
        assert outcome.duplicate.state == "new"

    async def test_an_album_is_consumed_with_its_head(self, store: Store) -> None:
        session = await created(store)
        keys = [event_key() for _ in range(3)]
        for key in keys:
            session = await accepted(store, queued(session, key))
        gone = drained(session, keys[0], consumed=(keys[1], event_key()))
        assert await kinds(store, gone) == {"miss": 1}
        session = await accepted(store, drained(session, keys[0], consumed=(keys[1], keys[2])))
        assert session.backlog == 0
        states = [await store.event(session.id, key) for key in keys]
        assert [each and each.state for each in states] == ["done"] * 3

    async def test_nothing_overtakes_an_outside_call_but_its_result_and_control(self, store: Store) -> None:
        session = await created(store)
        suspended = replace(session, suspension=1, pending_effect="1")
        session = await accepted(store, step(suspended, effect=effect(session)))
        assert await kinds(store, step(session)) == {"miss": 1}
        session = await accepted(store, queued(session, event_key()))
        assert session.pending_effect == "1"
        (held,) = await store.claim_effects("worker", lease=30)
        result = replace(held, state="done", result=b"42")
        over = replace(session, suspension=2, pending_effect=None)
        made = bare(over, guard="resume", resumes=1, effect_result=result, inbox=event(session))
        session = await accepted(store, made)
        assert (session.backlog, session.pending_effect) == (1, None)
        assert await kinds(store, replace(made, expected=session.version, inbox=event(session))) == {
            "stale": 1
        }

    async def test_a_control_step_cancels_what_was_pending(self, store: Store) -> None:
        session = await created(store)
        suspended = replace(session, suspension=1, pending_effect="1")
        pending = effect(session)
        session = await accepted(store, bare(suspended, effect=pending, timers=(timer(session, ago(1)),)))
        (held,) = await store.claim_effects("worker", lease=30)
        taken_over = replace(session, epoch=1, suspension=2, pending_effect=None)
        session = await accepted(store, bare(taken_over, cancel_effects=True, cancel_timers=True))
        assert list(await store.due_timers()) == []
        assert not await store.renew_effect(held, lease=30)
        late = bare(session, guard="resume", effect_result=replace(held, state="done"), inbox=event(session))
        assert await kinds(store, late) == {"stale": 1}

    # --- the rate limit ---

    async def test_exactly_sixty_messages_a_minute_are_accepted(self, store: Store) -> None:
        session = await created(store)
        for _ in range(60):
            session = await accepted(store, step(session, charge=60))
        outcome = await store.commit(step(session, charge=60))
        assert outcome.kind == "limited"
        assert 0 < outcome.retry_after <= 120
        await accepted(store, step(session))

    async def test_repetitions_and_lost_races_are_not_charged(self, store: Store) -> None:
        session, key = await created(store), event_key()
        first = await accepted(store, step(session, key=key, charge=3))
        await kinds(store, *(step(first, key=key, charge=3) for _ in range(5)))
        await kinds(store, *(step(session, charge=3) for _ in range(5)))
        second = await accepted(store, step(first, charge=3))
        third = await accepted(store, step(second, charge=3))
        assert await kinds(store, step(third, charge=3)) == {"limited": 1}

    # --- memory ---

    async def test_a_memory_cell_that_was_read_must_not_have_changed(self, store: Store) -> None:
        one, two = await created(store), await created(store)
        first = step(one, memory=(memory("counter", "1", 0),))
        second = step(two, memory=(memory("counter", "1", 0),))
        assert await kinds(store, first, second) == {"ok": 1, "miss": 1}
        key = first.memory[0].key
        assert (await store.load_memory([key]))[key] == MemoryCell("1", 1)
        session = await store.load(one.id)
        assert session is not None
        await accepted(store, step(session, memory=(memory("counter", "7"),)))
        assert (await store.load_memory([key]))[key] == MemoryCell("7", 2)

    async def test_a_deleted_cell_that_comes_back_has_a_new_version(self, store: Store) -> None:
        session = await created(store)
        session = await accepted(store, step(session, memory=(memory("k", "1", 0),)))
        session = await accepted(store, step(session, memory=(memory("k", None, 1),)))
        key = memory("k", None).key
        cell = (await store.load_memory([key]))[key]
        assert cell.value is None
        session = await accepted(store, step(session, memory=(memory("k", "2", cell.version),)))
        assert await kinds(store, step(session, memory=(memory("k", "3", 1),))) == {"miss": 1}

    async def test_counters_of_many_sessions_lose_no_update(self, store: Store) -> None:
        sessions = [await created(store) for _ in range(20)]
        key = memory("visits", None).key

        async def count(session: Session) -> None:
            while True:
                cell = (await store.load_memory([key]))[key]
                write = memory("visits", str(int(cell.value or 0) + 1), cell.version)
                if (await store.commit(step(session, memory=(write,)))).kind == "ok":
                    return

        await asyncio.gather(*map(count, sessions))
        assert (await store.load_memory([key]))[key] == MemoryCell("20", 20)

    # --- failures ---

    async def test_failures_are_counted_and_end_in_a_dead_letter(self, store: Store) -> None:
        session = await created(store)
        row = event(session, state="new", body=b"body", seed=b"seed")
        assert [await store.note_failure(row, "boom") for _ in range(3)] == [1, 2, 3]
        loaded = await store.load(session.id)
        assert loaded is not None
        assert (loaded.backlog, loaded.accept_seq, loaded.version) == (1, 1, 0)
        (waiting,) = await store.backlog(session.id)
        assert (waiting.key, waiting.attempts, waiting.error, waiting.body) == (row.key, 3, "boom", b"body")
        assert await kinds(store, step(session)) == {"miss": 1}
        await store.bury(session.id, row.key, "given up")
        loaded = await store.load(session.id)
        assert loaded is not None
        assert loaded.backlog == 0
        assert [each.error for each in await store.dead_letters()] == ["given up"]
        assert await kinds(store, step(loaded, key=row.key)) == {"dup": 1}

    async def test_a_failure_beside_a_step_keeps_the_queue_counted(self, store: Store) -> None:
        """note_failure does not raise the version, so a step that read the row before must not undo it."""
        session = await created(store)
        await store.note_failure(event(session, state="new", body=b"x"), "boom")
        after = await accepted(store, queued(session, event_key()))
        assert (after.backlog, after.accept_seq) == (2, 2)
        assert [each.accept_seq for each in await store.backlog(session.id)] == [1, 2]

    async def test_a_suspect_event_is_processed_when_it_comes_again(self, store: Store) -> None:
        session, key = await created(store), event_key()
        await store.suspect([(session.id, key)])
        await store.suspect([(session.id, key)])
        suspect = await store.event(session.id, key)
        assert suspect is not None
        assert (suspect.state, suspect.attempts) == ("suspect", 2)
        session = await accepted(store, step(session, key=key))
        done = await store.event(session.id, key)
        assert done is not None
        assert (done.state, done.attempts, session.backlog) == ("done", 2, 0)

    async def test_a_failed_event_is_done_by_a_control_step_with_its_key(self, store: Store) -> None:
        session = await created(store)
        row = event(session, state="new", body=b"x")
        await store.note_failure(row, "boom")
        session = await accepted(store, bare(session, inbox=event(session, row.key)))
        assert (session.backlog, list(await store.backlog(session.id))) == (0, [])

    async def test_stray_backlogs_are_found(self, store: Store) -> None:
        ready, album, busy = [await created(store) for _ in range(3)]
        await accepted(store, queued(ready, event_key()))
        await accepted(store, queued(album, event_key(), ready_at=ago(-60)))
        await accepted(store, queued(replace(busy, pending_effect="1"), event_key()))
        assert list(await store.sessions_with_backlog(idle_for=0)) == [ready.id]
        assert list(await store.sessions_with_backlog(idle_for=60)) == []

    # --- the log and the projection ---

    async def test_the_log_is_read_from_any_place(self, store: Store) -> None:
        session = await created(store)
        parts = ({"type": "suggestions", "options": [{"id": "1", "title": "Ünï"}]},)
        texts = tuple(line(seq, f"line {seq}", parts=parts) for seq in range(1, 8))
        await accepted(store, bare(session, messages=texts))
        assert [each.seq for each in await store.messages(session.id, after=3, limit=2)] == [4, 5]
        assert list(await store.messages(session.id, after=10**18)) == []
        (first,) = await store.messages(session.id, limit=1)
        assert msgspec.to_builtins(first) == msgspec.to_builtins(texts[0])

    async def test_a_line_that_turned_out_to_be_a_secret_is_hidden(self, store: Store) -> None:
        session = await created(store)
        session = await accepted(store, bare(session, messages=(line(1, "hunter2"), line(2, "thanks"))))
        await accepted(store, bare(session, hide=(1,)))
        assert [each.text for each in await store.messages(session.id)] == [HIDDEN, "thanks"]

    async def test_hostile_text_comes_back_unchanged(self, store: Store) -> None:
        session = await created(store)
        text = "'; DROP TABLE sessions; -- \u202e\U0001f600 \x7f %s ? :x"
        await accepted(store, step(session, text=text, variables={text: text}))
        assert (await store.messages(session.id))[0].text == text
        assert await store.event(session.id, EventKey(text, text, text)) is None
