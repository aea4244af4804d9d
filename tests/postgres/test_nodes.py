"""Several nodes on one database: each test opens the store more than once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from msgspec.structs import replace

from core.errors import StoreUnavailable
from core.messages import DeliveryStatus
from core.postgres import PostgresStore
from core.records import EventKey, MemoryKey, Session
from tests.postgres.server import Postgres
from tests.postgres.stores import make_store
from trunkline.testing.store_values import (
    ACCOUNT,
    BOT,
    CHANNEL,
    address_key,
    address_of,
    bare,
    effect,
    event_key,
    memory,
    new_session,
    now,
    outgoing,
    step,
)

Nodes = tuple[PostgresStore, PostgresStore]
LEASE = 30.0  # s


@pytest.fixture
async def nodes(database: str, tmp_path: Path) -> AsyncIterator[Nodes]:
    a, b = make_store(tmp_path), make_store(tmp_path)
    await a.open()
    await b.open()
    yield a, b
    await a.close()
    await b.close()


async def created(store: PostgresStore, **changes: Any) -> Session:
    return await store.create(new_session(**changes), address=None, token=None)


async def say(store: PostgresStore, session_id: str, text: str) -> None:
    """One turn, run again as often as somebody else was first, or nobody knows whether it was."""
    while True:
        try:
            session = await store.load(session_id)
            assert session is not None
            outcome = await store.commit(step(session, text=text, key=EventKey("web", "", text)))
        except StoreUnavailable:
            continue
        if outcome.kind != "miss":
            assert outcome.kind in ("ok", "dup"), outcome.kind
            return


def own_words(log: Any) -> list[str]:
    return sorted(line.text for line in log if line.role == "user")


async def test_nodes_that_race_for_a_session_lose_and_double_nothing(nodes: Nodes) -> None:
    session = await created(nodes[0])
    texts = [f"text {number:02}" for number in range(60)]
    await asyncio.gather(*(say(nodes[i % 2], session.id, text) for i, text in enumerate(texts)))
    log = await nodes[0].messages(session.id, limit=500)
    assert own_words(log) == texts
    assert [line.seq for line in log] == list(range(1, 121))


async def test_the_same_event_at_two_nodes_makes_one_turn(nodes: Nodes) -> None:
    for _ in range(20):
        session, key = await created(nodes[0]), event_key()
        outcomes = await asyncio.gather(*(node.commit(step(session, key=key)) for node in nodes))
        assert sorted(outcome.kind for outcome in outcomes) == ["dup", "ok"]


async def test_a_counter_that_two_nodes_raise_loses_no_update(nodes: Nodes) -> None:
    key = MemoryKey(BOT, "bot", "visits")
    sessions = [await created(nodes[0]) for _ in range(20)]

    async def count(store: PostgresStore, session: Session) -> None:
        while True:
            cell = (await store.load_memory([key]))[key]
            write = memory("visits", str(int(cell.value or 0) + 1), cell.version)
            if (await store.commit(step(session, memory=(write,)))).kind == "ok":
                return

    await asyncio.gather(*(count(nodes[i % 2], each) for i, each in enumerate(sessions)))
    assert (await nodes[1].load_memory([key]))[key].value == "20"


async def test_an_address_opens_one_session_whoever_hears_it_first(nodes: Nodes) -> None:
    for _ in range(20):
        key = address_key()
        pair = [new_session(), new_session()]
        made = await asyncio.gather(
            *(
                node.create(each, address=address_of(each, key), token=None)
                for node, each in zip(nodes, pair, strict=True)
            )
        )
        assert made[0].id == made[1].id
        found = await nodes[0].find(key)
        assert found is not None
        assert found.session_id == made[0].id


async def test_a_person_has_one_session_whichever_node_they_come_to(nodes: Nodes) -> None:
    for number in range(20):
        pair = [new_session(user_id=f"ana{number}") for _ in nodes]
        made = await asyncio.gather(
            *(node.create(each, address=None, token=None) for node, each in zip(nodes, pair, strict=True))
        )
        assert made[0].id == made[1].id == await nodes[0].user_session(BOT, f"ana{number}")


async def test_what_two_nodes_claim_is_sent_by_one_and_in_order(nodes: Nodes) -> None:
    sent: list[str] = []

    async def dispatch(node: PostgresStore, name: str) -> None:
        while rows := await node.claim_outbox(name, channels=[CHANNEL], lease=LEASE, limit=3):
            for row in rows:
                assert await node.mark_part(row, f"{name}:{row.id}")
                sent.append(row.id)
            await node.settle_outbox([replace(row, state="sent") for row in rows])

    key = address_key()
    lanes = []
    for _ in range(10):
        session = await created(nodes[0])
        lanes.append([outgoing(session, key, seq, turn=seq) for seq in range(1, 6)])
        assert (await nodes[0].commit(step(session, outbox=tuple(lanes[-1])))).kind == "ok"
    # A node that finds nothing to claim may have been passed over while the other held the heads.
    while await nodes[0].next_outbox_at() is not None:
        await asyncio.gather(dispatch(nodes[0], "a"), dispatch(nodes[1], "b"))
    assert sorted(sent) == sorted(row.id for lane in lanes for row in lane)
    for lane in lanes:
        assert [sent.index(row.id) for row in lane] == sorted(sent.index(row.id) for row in lane)


async def test_an_outside_call_is_made_by_one_node(nodes: Nodes) -> None:
    for _ in range(10):
        session = await created(nodes[0])
        outcome = await nodes[0].commit(bare(session, effect=effect(session)))
        assert outcome.kind == "ok"
    claimed = await asyncio.gather(
        *(node.claim_effects(name, lease=LEASE) for node, name in zip(nodes, "ab", strict=True))
    )
    everything = [each.session_id for part in claimed for each in part]
    assert len(everything) == len(set(everything)) == 10


async def test_a_frozen_nodes_late_result_is_refused(nodes: Nodes) -> None:
    session = await created(nodes[0])
    outcome = await nodes[0].commit(bare(session, effect=effect(session)))
    assert outcome.session is not None
    (frozen,) = await nodes[0].claim_effects("a", lease=0.0)
    (taken,) = await nodes[1].claim_effects("b", lease=LEASE)
    assert not await nodes[0].renew_effect(frozen, lease=LEASE)
    late = bare(outcome.session, effect_result=replace(frozen, state="done", result=b"late"))
    assert (await nodes[0].commit(late)).kind == "stale"
    good = bare(outcome.session, effect_result=replace(taken, state="done", result=b"good"))
    assert (await nodes[1].commit(good)).kind == "ok"


async def test_a_session_that_another_node_holds_misses_and_does_not_stall_its_batch(
    nodes: Nodes, database: str
) -> None:
    held, free = await created(nodes[0]), await created(nodes[0])
    other = await asyncpg.connect(database)
    try:
        transaction = other.transaction()
        await transaction.start()
        await other.execute("SELECT 1 FROM sessions WHERE id = $1 FOR UPDATE", held.id)
        async with asyncio.timeout(2):  # the lock's own timeout is as long
            outcomes = await asyncio.gather(nodes[0].commit(step(held)), nodes[0].commit(step(free)))
        assert [outcome.kind for outcome in outcomes] == ["miss", "ok"]
        await transaction.rollback()
    finally:
        await other.close()
    assert (await nodes[0].commit(step(held))).kind == "ok"


async def test_the_rate_limit_counts_what_all_nodes_accept(nodes: Nodes) -> None:
    session = await created(nodes[0])
    kinds = []
    for number in range(61):
        loaded = await nodes[number % 2].load(session.id)
        assert loaded is not None
        kinds.append((await nodes[number % 2].commit(step(loaded, charge=60))).kind)
    assert kinds == ["ok"] * 60 + ["limited"]


async def test_connections_that_are_cut_leave_every_turn_done_once(
    nodes: Nodes, postgres: Postgres, database: str
) -> None:
    sessions = [await created(nodes[0]) for _ in range(10)]
    texts = [f"text {number:02}" for number in range(20)]
    said: asyncio.Queue[str] = asyncio.Queue()

    async def talk(number: int, session: Session) -> None:
        for text in texts:
            await say(nodes[number % 2], session.id, text)
            said.put_nowait(text)

    talks = [asyncio.create_task(talk(number, each)) for number, each in enumerate(sessions)]
    cut = 0
    for _ in range(15):
        for _ in range(10):
            await said.get()
        cut += await postgres.disconnect_all(database)
    await asyncio.gather(*talks)
    assert cut >= 15
    for session in sessions:
        log = await nodes[0].messages(session.id, limit=500)
        assert own_words(log) == texts
        assert [line.seq for line in log] == list(range(1, 41))


async def test_a_line_lies_in_the_partition_of_its_month(nodes: Nodes, database: str) -> None:
    session = await created(nodes[0])
    made = step(session)
    said, answered = made.messages
    old = replace(said, created_at=now() - timedelta(days=400))
    assert (await nodes[0].commit(replace(made, messages=(old, answered)))).kind == "ok"
    connection = await asyncpg.connect(database)
    try:
        rows = await connection.fetch("SELECT seq, tableoid::regclass::text FROM messages ORDER BY seq")
    finally:
        await connection.close()
    assert [tuple(row) for row in rows] == [(1, "messages_other"), (2, f"messages_{now():%Y_%m}")]
    assert [line.seq for line in await nodes[1].messages(session.id)] == [1, 2]


async def test_what_a_provider_reports_reaches_the_row_of_another_node(nodes: Nodes) -> None:
    session, key = await created(nodes[0]), address_key()
    row = outgoing(session, key, 1)
    assert (await nodes[0].commit(step(session, outbox=(row,)))).kind == "ok"
    (claimed,) = await nodes[0].claim_outbox("a", channels=[CHANNEL], lease=LEASE)
    assert await nodes[0].mark_part(claimed, "SM1")
    report = DeliveryStatus(provider_id="SM1", state="delivered")
    changed = await nodes[1].apply_delivery(CHANNEL, ACCOUNT, report)
    assert changed is not None
    assert (changed.id, changed.delivery) == (row.id, "delivered")
