"""The cache of rows and the queue of steps of one process."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from core.records import Session
from core.sessions import SessionCache, SessionQueue

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def row(name: str, version: int = 1, size: int = 0) -> Session:
    return Session(
        id=name,
        bot="b",
        channel="web",
        created_at=NOW,
        last_activity=NOW,
        version=version,
        snapshot=b"x" * size,
    )


def test_the_cache_holds_bytes_not_rows() -> None:
    cache = SessionCache(limit=10_000)
    for name in "abcdefghij":
        cache.put(row(name, size=2000))
    assert len(cache) < 4
    assert cache.get("j") is not None
    assert cache.get("a") is None


def test_what_was_used_last_stays_longest() -> None:
    cache = SessionCache(limit=8000)
    cache.put(row("a", size=2000))
    cache.put(row("b", size=2000))
    assert cache.get("a") is not None
    cache.put(row("c", size=2000))
    assert cache.get("b") is None
    assert cache.get("a") is not None


def test_an_older_version_never_replaces_a_newer_one() -> None:
    cache = SessionCache()
    cache.put(row("a", version=5))
    cache.put(row("a", version=4))
    found = cache.get("a")
    assert found is not None
    assert found.version == 5


def test_a_row_larger_than_the_cache_is_not_kept_and_breaks_nothing() -> None:
    cache = SessionCache(limit=1000)
    cache.put(row("a", size=5000))
    assert cache.get("a") is None
    cache.drop("a")


async def test_steps_of_a_session_go_one_by_one_in_order_of_arrival() -> None:
    queue = SessionQueue()
    log: list[str] = []

    async def step(name: str) -> None:
        await queue.enter("s")
        try:
            log.append(f"{name} begins")
            await asyncio.sleep(0)
            log.append(f"{name} ends")
        finally:
            queue.leave("s")

    await asyncio.gather(*(step(name) for name in "abc"))
    assert log == [f"{name} {what}" for name in "abc" for what in ("begins", "ends")]
    assert len(queue) == 0


async def test_steps_of_two_sessions_do_not_wait_for_each_other() -> None:
    queue = SessionQueue()
    await queue.enter("a")
    await asyncio.wait_for(queue.enter("b"), 1)


async def test_a_cancelled_step_gives_its_place_to_the_next() -> None:
    queue = SessionQueue()
    await queue.enter("s")
    second = asyncio.create_task(queue.enter("s"))
    third = asyncio.create_task(queue.enter("s"))
    await asyncio.sleep(0)
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    queue.leave("s")
    await asyncio.wait_for(third, 1)
    queue.leave("s")
    assert len(queue) == 0


async def test_a_step_cancelled_when_its_turn_has_come_does_not_block_the_session() -> None:
    queue = SessionQueue()
    await queue.enter("s")
    second = asyncio.create_task(queue.enter("s"))
    await asyncio.sleep(0)
    queue.leave("s")  # the turn of the second has come, but it has not run yet
    second.cancel()
    with pytest.raises(asyncio.CancelledError):
        await second
    await asyncio.wait_for(queue.enter("s"), 1)
