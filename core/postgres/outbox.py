"""The outbox: heads of lanes are leased, settled and reported on. Each function runs in a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from core.messages import DeliveryStatus
from core.postgres.queries import load
from core.postgres.rows import codec, words
from core.records import OutboxRow
from core.reports import leased, reported
from core.rows import parts_text
from core.sealing import Sealer

_SQL = load("outbox")


async def claim(
    at: Any, sealer: Sealer, owner: str, channels: Sequence[str], lease: float, limit: int
) -> list[OutboxRow]:
    """See ``Store.claim_outbox``: at most *limit* heads, and what goes with each."""
    claimed = []
    for head in await at.fetch(_SQL["heads"], list(channels), limit):
        claimed += [head, *await _followers(at, head)]
    if claimed:
        places = [row[1] for row in claimed], [row[0] for row in claimed]
        await at.execute(_SQL["lease"], owner, lease, *places)
    return [leased(codec.outbox(row, sealer)) for row in claimed]


async def _followers(at: Any, head: Any) -> list[Any]:
    """The rows that directly follow in the lane, are of the head's turn and could be claimed as well."""
    found = []
    for row in await at.fetch(_SQL["rest_of_turn"], head[1], head[2], head[3], head[4], head[6], head[0]):
        if row[7] != head[7] or not row[19]:
            break
        found.append(row)
    return found


async def mark_part(at: Any, row: OutboxRow, provider_id: str) -> bool:
    place = (row.session_id, row.id)
    text = await at.fetchval(_SQL["held_by"], *place, row.epoch)
    if text is None:
        return False
    done = msgspec.json.decode(text, type=tuple[str, ...])
    if provider_id not in done:
        await at.execute(_SQL["write_parts"], *place, parts_text((*done, provider_id)))
        await at.execute(_SQL["name_part"], row.session_id, row.channel, row.account, provider_id, row.id)
    return True


async def settle(at: Any, settled: Sequence[OutboxRow]) -> None:
    for row in sorted(settled, key=lambda each: (each.session_id, each.id)):
        place = (row.session_id, row.id, row.epoch)
        await at.execute(_SQL["settle"], *place, row.state, row.next_at, row.attempts, words(row.error))


async def apply_delivery(
    at: Any, sealer: Sealer, channel: str, account: str, report: DeliveryStatus
) -> OutboxRow | None:
    """See ``Store.apply_delivery``."""
    row = await _reported(at, sealer, channel, account, report)
    if row is None or (row.channel, row.account) != (channel, account):
        return None
    changed = reported(row, report)
    if changed.parts_done != row.parts_done:
        await at.execute(_SQL["name_part"], row.session_id, channel, account, report.provider_id, row.id)
    await at.execute(
        _SQL["write_delivery"],
        row.session_id,
        row.id,
        parts_text(changed.parts_done),
        changed.delivery,
        changed.state,
        changed.next_at,
        words(changed.error),
    )
    return changed


async def _reported(
    at: Any, sealer: Sealer, channel: str, account: str, report: DeliveryStatus
) -> OutboxRow | None:
    row = await at.fetchrow(_SQL["row"], report.outbox_id) if report.outbox_id else None
    if row is None and report.provider_id:
        row = await at.fetchrow(_SQL["row_of_provider"], channel, account, report.provider_id)
    return None if row is None else codec.outbox(row, sealer)


async def change(at: Any, row_id: str, state: str) -> bool:
    return await at.fetchval(_SQL["change"], state, row_id) is not None


async def listed(at: Any, sealer: Sealer, states: Sequence[str], limit: int) -> list[OutboxRow]:
    return [codec.outbox(row, sealer) for row in await at.fetch(_SQL["list"], list(states), limit)]


async def next_at(at: Any) -> datetime | None:
    found: datetime | None = await at.fetchval(_SQL["next_at"])
    return found
