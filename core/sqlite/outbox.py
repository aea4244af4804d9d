"""The outbox: heads of lanes are leased, settled and reported on. Writes run in the writer's thread."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from core.messages import DeliveryStatus
from core.records import OutboxRow
from core.sqlite import rows
from core.sqlite.queries import load
from core.sqlite.transaction import Transaction

_SQL = load("outbox")
_encode = msgspec.json.encode

RANKS = ("", "accepted", "sent", "delivered", "read", "undelivered", "failed")
_SETTLED = ("sent", "dead", "inline")


def claim(at: Transaction, owner: str, channels: Sequence[str], lease: float, limit: int) -> list[OutboxRow]:
    """See ``Store.claim_outbox``: at most *limit* heads, and what goes with each."""
    heads = [row for channel in channels for row in at.all(_SQL["due"], channel, at.now, limit)]
    until = at.after(lease)
    claimed = []
    for head in heads[:limit]:
        for row in (head, *_followers(at, head)):
            at.execute(_SQL["lease"], owner, until, row[0])
            claimed.append(_leased(at, row))
    return claimed


def _followers(at: Transaction, head: Any) -> list[Any]:
    """The rows that directly follow in the lane, are of the head's turn and could be claimed as well."""
    found = []
    for row in at.all(_SQL["rest_of_turn"], at.now, head[1], head[2], head[3], head[4], head[6], head[0]):
        if row[7] != head[7] or not row[19]:
            break
        found.append(row[:19])
    return found


def _leased(at: Transaction, row: Any) -> OutboxRow:
    found = rows.outbox(row, at.sealer)
    known = found.state in ("ready", "open")
    return replace(
        found,
        state="inflight" if known else "unknown",
        epoch=found.epoch + 1,
        attempts=found.attempts + 1,
    )


def mark_part(at: Transaction, row: OutboxRow, provider_id: str) -> bool:
    found = at.one(_SQL["held_by"], row.id, row.epoch)
    if found is None:
        return False
    _add_part(at, row, msgspec.json.decode(found[0], type=tuple[str, ...]), provider_id)
    return True


def _add_part(at: Transaction, row: OutboxRow, done: tuple[str, ...], provider_id: str) -> tuple[str, ...]:
    if provider_id not in done:
        done = (*done, provider_id)
        at.execute(_SQL["write_parts"], _encode(done).decode(), row.id)
        at.execute(_SQL["name_part"], row.channel, row.account, provider_id, row.id)
    return done


def settle(at: Transaction, settled: Sequence[OutboxRow]) -> None:
    for row in settled:
        at.execute(
            _SQL["settle"],
            row.state,
            rows.maybe_text(row.next_at),
            row.attempts,
            row.error,
            row.id,
            row.epoch,
        )


def apply_delivery(at: Transaction, channel: str, account: str, report: DeliveryStatus) -> OutboxRow | None:
    """See ``Store.apply_delivery``. A report proves that the part it names was accepted."""
    row = _reported(at, channel, account, report)
    if row is None or (row.channel, row.account) != (channel, account):
        return None
    done = row.parts_done
    if report.provider_id and row.state not in _SETTLED and report.part == len(done):
        done = _add_part(at, row, done, report.provider_id)
    higher = RANKS.index(report.state) > RANKS.index(row.delivery)
    proved = row.state == "unknown" and len(done) > len(row.parts_done)
    changed = replace(
        row,
        parts_done=done,
        delivery=report.state if higher else row.delivery,
        error=report.error or row.error if higher else row.error,
        # The parts that are still missing, if any, can go out now.
        state="ready" if proved else row.state,
        next_at=None if proved else row.next_at,
    )
    at.execute(
        _SQL["write_delivery"],
        _encode(done).decode(),
        changed.delivery,
        changed.state,
        rows.maybe_text(changed.next_at),
        changed.error,
        row.id,
    )
    return changed


def _reported(at: Transaction, channel: str, account: str, report: DeliveryStatus) -> OutboxRow | None:
    row = at.one(_SQL["row"], report.outbox_id) if report.outbox_id else None
    if row is None and report.provider_id:
        row = at.one(_SQL["row_of_provider"], channel, account, report.provider_id)
    return None if row is None else rows.outbox(row, at.sealer)


def change(at: Transaction, row_id: str, state: str) -> bool:
    return at.changes(_SQL["change"], state, row_id) > 0


def end_leases(at: Transaction) -> None:
    at.execute(_SQL["end_leases"], at.now)


def listed(at: Transaction, states: Sequence[str], limit: int) -> list[OutboxRow]:
    found = [rows.outbox(row, at.sealer) for state in states for row in at.all(_SQL["list"], state, limit)]
    return heapq.nsmallest(limit, found, key=lambda row: (row.created_at, row.seq))


def next_at(at: Transaction) -> datetime | None:
    return rows.maybe_moment(at.one(_SQL["next_at"])[0])
