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
        first, after = _first_day(number), _first_day(number + 1)
        name = f"messages_{first:%Y_%m}"
        if not await at.fetchval("SELECT to_regclass($1) IS NOT NULL", name):
            # Both are ours, and a partition's bounds cannot be parameters.
            await at.execute(
                f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF messages "
                f"FOR VALUES FROM ('{first:%Y-%m-%d} 00:00:00+00') TO ('{after:%Y-%m-%d} 00:00:00+00')"
            )


def _first_day(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)
