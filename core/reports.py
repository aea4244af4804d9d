"""What a provider's report makes of an outbox row, for every store."""

from __future__ import annotations

from msgspec.structs import replace

from core.messages import DeliveryStatus
from core.records import OutboxRow

RANKS = ("", "accepted", "sent", "delivered", "read", "undelivered", "failed")
_SETTLED = ("sent", "dead", "inline")


def reported(row: OutboxRow, report: DeliveryStatus) -> OutboxRow:
    """*row* as it is after *report*, which proves that the part it names was accepted."""
    done = row.parts_done
    is_next = report.part == len(done) and report.provider_id not in done
    if report.provider_id and row.state not in _SETTLED and is_next:
        done = (*done, report.provider_id)
    higher = RANKS.index(report.state) > RANKS.index(row.delivery)
    proved = row.state == "unknown" and len(done) > len(row.parts_done)
    return replace(
        row,
        parts_done=done,
        delivery=report.state if higher else row.delivery,
        error=report.error or row.error if higher else row.error,
        # The parts that are still missing, if any, can go out now.
        state="ready" if proved else row.state,
        next_at=None if proved else row.next_at,
    )


def leased(row: OutboxRow) -> OutboxRow:
    """*row* as whoever has just claimed it gets it: one whose lease ran out may have been sent."""
    known = row.state in ("ready", "open")
    state = "inflight" if known else "unknown"
    return replace(row, state=state, epoch=row.epoch + 1, attempts=row.attempts + 1)
