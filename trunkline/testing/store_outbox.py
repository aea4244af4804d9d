"""The contract of delivery, timers and outside calls: lanes, leases, reports, due times."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from core.messages import DeliveryStatus
from core.records import AddressKey, OutboxRow, Session
from core.store import Store
from trunkline.testing.store_steps import accepted, created, kinds
from trunkline.testing.store_values import (
    ACCOUNT,
    CHANNEL,
    address_key,
    address_of,
    ago,
    bare,
    effect,
    event,
    new_session,
    outgoing,
    step,
    timer,
)

HELD = 30.0  # seconds of a lease that lasts
OVER = 0.0  # of one that has run out


async def lane(store: Store, *rows: dict[str, Any]) -> tuple[Session, AddressKey, list[OutboxRow]]:
    """A session with these rows, from seq 1, in one lane."""
    session, key = new_session(), address_key()
    session = await store.create(session, address=address_of(session, key), token=None)
    made = [outgoing(session, key, seq, **changes) for seq, changes in enumerate(rows, 1)]
    return await accepted(store, bare(session, outbox=tuple(made))), key, made


async def claim(store: Store, lease: float = HELD, limit: int = 100) -> Sequence[OutboxRow]:
    return await store.claim_outbox("owner", channels=[CHANNEL], lease=lease, limit=limit)


async def settle(store: Store, row: OutboxRow, state: Any, **changes: Any) -> None:
    await store.settle_outbox([replace(row, state=state, **changes)])


async def state_of(store: Store, row: OutboxRow) -> str:
    every = ("open", "ready", "inflight", "sent", "unknown", "held", "dead", "inline")
    return next(each.state for each in await store.list_outbox(states=every) if each.id == row.id)


class OutboxContract:
    """Lanes keep their order, a row is sent by one owner at a time, and a report is never undone."""

    async def test_only_the_head_of_a_lane_is_claimed(self, store: Store) -> None:
        _, _, (first, second) = await lane(store, {"turn": 1}, {"turn": 2})
        (held,) = await claim(store)
        assert held == replace(first, state="inflight", epoch=1, attempts=1)
        assert list(await claim(store)) == []
        await settle(store, held, "sent")
        assert [row.id for row in await claim(store)] == [second.id]

    async def test_the_rows_of_the_heads_turn_come_with_it(self, store: Store) -> None:
        _, _, made = await lane(store, {"turn": 1}, {"turn": 1}, {"turn": 2}, {"turn": 1})
        assert [row.id for row in await claim(store)] == [made[0].id, made[1].id]

    async def test_many_lanes_are_claimed_at_once_and_each_by_one_owner(self, store: Store) -> None:
        lanes = [await lane(store, {}, {"turn": 2}) for _ in range(10)]
        claims = await asyncio.gather(*(claim(store, limit=4) for _ in range(5)))
        ids = [row.id for claimed in claims for row in claimed]
        assert sorted(ids) == sorted(rows[0].id for _, _, rows in lanes)

    async def test_other_channels_rows_stay(self, store: Store) -> None:
        _, _, (row,) = await lane(store, {})
        assert list(await store.claim_outbox("owner", channels=["email"], lease=HELD)) == []
        assert await state_of(store, row) == "ready"

    async def test_a_row_waits_for_its_time(self, store: Store) -> None:
        _, _, (row,) = await lane(store, {"next_at": ago(-60)})
        assert list(await claim(store)) == []
        assert await store.next_outbox_at() == row.next_at

    async def test_a_dead_row_frees_its_lane_and_a_held_one_keeps_it(self, store: Store) -> None:
        session, key, (first, second, third) = await lane(store, {"turn": 1}, {"turn": 2}, {"turn": 3})
        await settle(store, (await claim(store))[0], "dead", error="no such number")
        (held,) = await claim(store)
        assert held.id == second.id
        await settle(store, held, "held")
        assert list(await claim(store)) == []
        assert await store.next_outbox_at() is None
        wrote = step(session, address=address_of(session, key), release_held=True)
        await accepted(store, wrote)
        assert [row.id for row in await claim(store)] == [second.id]
        assert await state_of(store, first) == "dead"
        assert await state_of(store, third) == "ready"

    async def test_open_rows_wait_for_the_end_of_their_turn(self, store: Store) -> None:
        session, key, (row,) = await lane(store, {"state": "open", "turn": 5, "released_at": ago(-30)})
        assert list(await claim(store)) == []
        last = outgoing(session, key, 2, state="open", turn=5)
        await accepted(store, bare(session, turn=5, close_turn=True, outbox=(last,)))
        assert [each.id for each in await claim(store)] == [row.id, last.id]

    async def test_open_rows_go_out_when_their_time_has_come(self, store: Store) -> None:
        _, _, (row,) = await lane(store, {"state": "open", "released_at": ago(1)})
        assert [each.id for each in await claim(store)] == [row.id]

    async def test_rows_answered_in_a_body_are_never_claimed(self, store: Store) -> None:
        _, _, (_, second) = await lane(store, {"state": "inline"}, {"turn": 2})
        assert [row.id for row in await claim(store)] == [second.id]

    async def test_a_lease_that_ran_out_makes_the_row_unknown(self, store: Store) -> None:
        _, _, (row,) = await lane(store, {})
        (late,) = await claim(store, OVER)
        (taken,) = await claim(store)
        assert (taken.id, taken.state, taken.epoch, taken.attempts) == (row.id, "unknown", 2, 2)
        assert not await store.mark_part(late, "SM1")
        await settle(store, late, "sent")
        assert await state_of(store, row) == "inflight"
        assert await store.mark_part(taken, "SM1")
        await settle(store, taken, "sent")
        assert await state_of(store, row) == "sent"

    async def test_an_unknown_row_comes_again_at_its_time(self, store: Store) -> None:
        _, _, (row,) = await lane(store, {})
        await settle(store, (await claim(store))[0], "unknown", next_at=ago(-60))
        assert list(await claim(store)) == []
        await store.change_outbox(row.id, "ready")
        await settle(store, (await claim(store))[0], "unknown", next_at=ago(1))
        (again,) = await claim(store)
        assert again.state == "unknown"

    async def test_parts_are_recorded_once_each_and_in_order(self, store: Store) -> None:
        await lane(store, {})
        (row,) = await claim(store)
        for provider_id in ("SM1", "SM2", "SM1"):
            assert await store.mark_part(row, provider_id)
        await settle(store, row, "ready")
        assert (await claim(store))[0].parts_done == ("SM1", "SM2")

    async def test_reports_only_ever_rise(self, store: Store) -> None:
        _, _, (row,) = await lane(store, {})
        (held,) = await claim(store)
        await store.mark_part(held, "SM1")
        await settle(store, held, "sent")
        for state, expected in (
            ("read", "read"),
            ("delivered", "read"),
            ("sent", "read"),
            ("failed", "failed"),
        ):
            report = DeliveryStatus(provider_id="SM1", state=state)  # type: ignore[arg-type]
            changed = await store.apply_delivery(CHANNEL, ACCOUNT, report)
            assert changed is not None
            assert (changed.id, changed.delivery, changed.state) == (row.id, expected, "sent")

    async def test_a_report_settles_what_was_unknown(self, store: Store) -> None:
        _, _, (row,) = await lane(store, {})
        await settle(store, (await claim(store))[0], "unknown", next_at=ago(-60))
        report = DeliveryStatus(outbox_id=row.id, part=0, provider_id="SM9", state="sent")
        changed = await store.apply_delivery(CHANNEL, ACCOUNT, report)
        assert changed is not None
        assert (changed.parts_done, changed.state, changed.delivery) == (("SM9",), "ready", "sent")
        (again,) = await claim(store)
        assert (again.id, again.parts_done) == (row.id, ("SM9",))

    async def test_a_report_of_another_account_or_of_nothing_is_ignored(self, store: Store) -> None:
        _, _, (row,) = await lane(store, {})
        report = DeliveryStatus(outbox_id=row.id, state="read")
        assert await store.apply_delivery(CHANNEL, "other", report) is None
        assert await store.apply_delivery(CHANNEL, ACCOUNT, replace(report, outbox_id="nothing")) is None
        assert await store.apply_delivery(CHANNEL, ACCOUNT, DeliveryStatus(state="read")) is None
        (row,) = await claim(store)
        assert row.delivery == ""

    async def test_an_operator_retries_and_drops(self, store: Store) -> None:
        _, _, (first, second) = await lane(store, {"turn": 1}, {"turn": 2})
        await settle(store, (await claim(store))[0], "dead", error="refused")
        assert await store.change_outbox(first.id, "ready")
        (again,) = await claim(store)
        assert (again.id, again.error) == (first.id, "")
        assert await store.change_outbox(first.id, "dead")
        await settle(store, again, "sent")
        assert await state_of(store, first) == "dead"
        (held,) = await claim(store)
        await settle(store, held, "sent")
        assert not await store.change_outbox(second.id, "ready")
        assert not await store.change_outbox("nothing", "dead")

    async def test_an_operators_word_on_a_row_holds_for_all_that_are_one_message_with_it(
        self, store: Store
    ) -> None:
        _, _, made = await lane(store, {"turn": 1}, {"turn": 1}, {"turn": 2})
        for row in await claim(store):
            await settle(store, row, "dead", error="refused")
        assert await store.change_outbox(made[1].id, "ready")
        assert [(row.id, row.attempts) for row in await claim(store)] == [(made[0].id, 1), (made[1].id, 1)]
        assert await store.change_outbox(made[0].id, "dead")
        assert [await state_of(store, row) for row in made] == ["dead", "dead", "ready"]

    # --- timers ---

    async def test_timers_come_due_in_order_and_fire_once(self, store: Store) -> None:
        session = await created(store)
        late, early, ahead = (timer(session, ago(seconds)) for seconds in (1, 2, -60))
        session = await accepted(store, bare(session, timers=(late, early, ahead)))
        assert [each.id for each in await store.due_timers()] == [early.id, late.id]
        assert await store.next_timer_at() == early.fire_at
        for fired in (early, late):
            key = replace(event(session).key, external_id=f"timer:{fired.id}:{fired.fire_at.isoformat()}")
            made = bare(session, guard="resume", resumes=0, inbox=event(session, key, kind="timer"))
            session = await accepted(store, made)
            assert await kinds(store, made) == {"dup": 1}
        assert list(await store.due_timers()) == []
        assert await store.next_timer_at() == ahead.fire_at

    async def test_a_step_that_replaces_timers_leaves_its_own(self, store: Store) -> None:
        session = await created(store)
        session = await accepted(store, bare(session, timers=(timer(session, ago(1)),)))
        again = timer(session, ago(1))
        session = await accepted(store, bare(session, cancel_timers=True, timers=(again,)))
        assert list(await store.due_timers()) == [again]

    # --- outside calls ---

    async def test_an_outside_call_is_held_by_one_worker(self, store: Store) -> None:
        session = await created(store)
        await accepted(store, bare(session, effect=effect(session)))
        claims = await asyncio.gather(*(store.claim_effects(f"w{n}", lease=HELD) for n in range(5)))
        (held,) = [each for claimed in claims for each in claimed]
        assert (held.arguments, held.epoch, held.attempts) == (b'["question"]', 1, 1)
        assert await store.renew_effect(held, lease=HELD)

    async def test_a_worker_that_lost_its_lease_cannot_write(self, store: Store) -> None:
        session = replace(await created(store), suspension=1, pending_effect="1")
        session = await accepted(store, bare(session, effect=effect(session)))
        (frozen,) = await store.claim_effects("frozen", lease=OVER)
        (held,) = await store.claim_effects("other", lease=HELD)
        assert (held.epoch, held.attempts) == (2, 2)
        assert not await store.renew_effect(frozen, lease=HELD)
        late = bare(session, guard="resume", resumes=1, effect_result=replace(frozen, state="done"))
        assert await kinds(store, late) == {"stale": 1}
        await accepted(store, replace(late, effect_result=replace(held, state="done", result=b"42")))
        assert list(await store.claim_effects("other", lease=HELD)) == []
