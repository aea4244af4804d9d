"""The outbox: heads of lanes are leased, settled and reported on. Writes run in the writer's thread."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from core.messages import DeliveryStatus
from core.records import OutboxRow
from core.reports import leased, reported
from core.rows import parts_text
from core.sqlite.queries import load
from core.sqlite.rows import codec
from core.sqlite.transaction import Transaction

_SQL = load("outbox")


def claim(at: Transaction, owner: str, channels: Sequence[str], lease: float, limit: int) -> list[OutboxRow]:
    """See ``Store.claim_outbox``: at most *limit* heads, and what goes with each."""
    heads = [row for channel in channels for row in at.all(_SQL["due"], channel, at.now, limit)]
    until = at.after(lease)
    claimed = []
    for head in heads[:limit]:
        for row in (head, *_followers(at, head)):
            at.execute(_SQL["lease"], owner, until, row[0])
            claimed.append(leased(codec.outbox(row, at.sealer)))
    return claimed


def _followers(at: Transaction, head: Any) -> list[Any]:
    """The rows that directly follow in the lane, are of the head's turn and could be claimed as well."""
    found = []
    for row in at.all(_SQL["rest_of_turn"], at.now, head[1], head[2], head[3], head[4], head[6], head[0]):
        if row[7] != head[7] or not row[19]:
            break
        found.append(row[:19])
    return found


def mark_part(at: Transaction, row: OutboxRow, provider_id: str) -> bool:
    found = at.one(_SQL["held_by"], row.id, row.epoch)
    if found is None:
        return False
    done = msgspec.json.decode(found[0], type=tuple[str, ...])
    if provider_id not in done:
        at.execute(_SQL["write_parts"], parts_text((*done, provider_id)), row.id)
        at.execute(_SQL["name_part"], row.channel, row.account, provider_id, row.id)
    return True


def settle(at: Transaction, settled: Sequence[OutboxRow]) -> None:
    for row in settled:
        at.execute(
            _SQL["settle"],
            row.state,
            codec.maybe_time(row.next_at),
            row.attempts,
            row.error,
            row.id,
            row.epoch,
        )


def apply_delivery(at: Transaction, channel: str, account: str, report: DeliveryStatus) -> OutboxRow | None:
    """See ``Store.apply_delivery``."""
    row = _reported(at, channel, account, report)
    if row is None or (row.channel, row.account) != (channel, account):
        return None
    changed = reported(row, report)
    if changed.parts_done != row.parts_done:
        at.execute(_SQL["name_part"], channel, account, report.provider_id, row.id)
    at.execute(
        _SQL["write_delivery"],
        parts_text(changed.parts_done),
        changed.delivery,
        changed.state,
        codec.maybe_time(changed.next_at),
        changed.error,
        row.id,
    )
    return changed


def _reported(at: Transaction, channel: str, account: str, report: DeliveryStatus) -> OutboxRow | None:
    row = at.one(_SQL["row"], report.outbox_id) if report.outbox_id else None
    if row is None and report.provider_id:
        row = at.one(_SQL["row_of_provider"], channel, account, report.provider_id)
    return None if row is None else codec.outbox(row, at.sealer)


def change(at: Transaction, row_id: str, state: str) -> bool:
    return at.changes(_SQL["change"], state, row_id) > 0


def end_leases(at: Transaction) -> None:
    at.execute(_SQL["end_leases"], at.now)


def listed(at: Transaction, states: Sequence[str], limit: int) -> list[OutboxRow]:
    found = [codec.outbox(row, at.sealer) for state in states for row in at.all(_SQL["list"], state, limit)]
    return heapq.nsmallest(limit, found, key=lambda row: (row.created_at, row.seq))


def next_at(at: Transaction) -> datetime | None:
    return codec.maybe_moment(at.one(_SQL["next_at"])[0])
