"""Removal, pruning, partitions: what nobody needs leaves in small portions, and room is made ahead."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from typing import Any

from core.postgres.queries import load

_SQL = load("life")

UNUSED = 24 * 3600.0  # seconds in which somebody must have written
QUIET = 60.0
MONTHS_AHEAD = 3
LOCK = 0x54524B50  # "TRKP": the key of the advisory lock under which partitions are made


async def remove(at: Any, session_id: str) -> list[str]:
    """See ``Store.remove``. Event keys and the address stay for the dedupe; ``prune`` takes them later."""
    files = [row[0] for row in await at.fetch(_SQL["files_of"], session_id)]
    for name in (
        "erase_inbox", "erase_outbox", "erase_messages", "erase_state", "erase_named_memory", "erase_memory",
        "erase_identity", "erase_cache", "erase_session",
    ):  # fmt: skip
        await at.execute(_SQL[name], session_id)
    return files


async def prune(at: Any, older_than: float, limit: int, kept: Collection[str]) -> int:
    """Delete up to *limit* old rows of each kind.

    :param kept: releases that this process uses, whatever their age.
    """
    await at.execute(_SQL["touch_programs"], list(kept))
    done = [
        await at.execute(_SQL["prune_inbox"], older_than, limit),
        await at.execute(_SQL["prune_outbox"], older_than, limit),
        await at.execute(_SQL["prune_effects"], older_than, limit),
        await at.execute(_SQL["prune_addresses"], older_than, limit),
        await at.execute(_SQL["prune_tokens"], limit),
        await at.execute(_SQL["prune_memory"], older_than, limit),
        await at.execute(_SQL["prune_programs"], older_than, list(kept)),
    ]
    return sum(int(tag.rpartition(" ")[2]) for tag in done)


async def make_partitions(at: Any) -> None:
    """The months of ``messages`` from this one on. Lines of other times go to ``messages_other``."""
    today = datetime.now(UTC)
    month = today.year * 12 + today.month - 1
    for number in range(month, month + MONTHS_AHEAD):
        if not await _has_partition(at, number):
            await at.execute("SELECT pg_advisory_xact_lock($1)", LOCK)
            if not await _has_partition(at, number):  # another node may have been at it
                await _make_partition(at, number)


async def _has_partition(at: Any, month: int) -> bool:
    found: bool = await at.fetchval(_SQL["has_partition"], _partition(month))
    return found


async def _make_partition(at: Any, month: int) -> None:
    first, after = _first_day(month), _first_day(month + 1)
    # All three are ours, and a partition's bounds cannot be parameters.
    await at.execute(
        f"CREATE TABLE {_partition(month)} PARTITION OF messages "
        f"FOR VALUES FROM ('{first:%Y-%m-%d} 00:00:00+00') TO ('{after:%Y-%m-%d} 00:00:00+00')"
    )


def _partition(month: int) -> str:
    return f"messages_{_first_day(month):%Y_%m}"


def _first_day(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
