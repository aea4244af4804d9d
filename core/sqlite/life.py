"""Removal and pruning: what nobody needs leaves in small portions. Writes run in the writer's thread."""

from __future__ import annotations

from collections.abc import Collection

from core.records import Effect, Session
from core.sqlite.queries import load
from core.sqlite.rows import codec
from core.sqlite.transaction import Transaction

_SQL = load("life")
_WAITS = load("waits")

UNUSED = 24 * 3600.0  # seconds in which somebody must have written
QUIET = 60.0


def idle(at: Transaction, bot: str, idle_after: float, limit: int) -> list[Session]:
    found = at.all(_SQL["idle"], at.after(-idle_after), bot, limit)
    return [codec.session(row, at.sealer) for row in found]


def expired(at: Transaction, limit: int) -> list[Session]:
    found = at.all(_SQL["expired"], at.now, at.after(-QUIET), at.after(-UNUSED), limit)
    return [codec.session(row, at.sealer) for row in found]


def removable(at: Transaction, gone_for: float, limit: int) -> list[str]:
    return [row[0] for row in at.all(_SQL["removable"], at.after(-gone_for), limit)]


def remove(at: Transaction, session_id: str) -> list[str]:
    """See ``Store.remove``. Event keys and the address stay for the dedupe; ``prune`` takes them later."""
    files = [row[0] for row in at.all(_SQL["files_of"], session_id)]
    for name in ("erase_inbox", "erase_outbox", "erase_messages", "erase_state", "erase_named_memory"):
        at.execute(_SQL[name], session_id)
    at.execute(_SQL["erase_memory"], f"session:{session_id}")
    at.execute(_SQL["erase_cache"], session_id)
    at.execute(_SQL["erase_session"], session_id)
    return files


def prune(
    at: Transaction, older_than: float, limit: int, *, cursor: int, kept: Collection[str]
) -> tuple[int, int]:
    """Delete up to *limit* old rows of each kind.

    Inbox rows are looked at in the order in which they came, from *cursor*, so that no index is needed.

    :param kept: releases that this process uses, whatever their age.
    :returns: rows deleted, and the next cursor.
    """
    before = at.after(-older_than)
    removed = 0
    for rowid, is_old, may_go in at.all(_SQL["inbox_from"], before, cursor, limit):
        if not is_old:
            break
        cursor = rowid
        if may_go:
            removed += at.changes(_SQL["prune_inbox"], rowid)
    removed += at.changes(_SQL["prune_outbox"], before, limit)
    removed += at.changes(_SQL["prune_effects"], before, limit)
    removed += at.changes(_SQL["prune_addresses"], before, limit)
    removed += at.changes(_SQL["prune_tokens"], at.now, limit)
    removed += at.changes(_SQL["prune_memory"], before, limit)
    for (digest,) in at.all(_SQL["old_programs"], before):
        if digest not in kept:
            removed += at.changes(_SQL["delete_program"], digest)
    return removed, cursor


def claim_effects(at: Transaction, owner: str, lease: float, limit: int) -> list[Effect]:
    until = at.after(lease)
    found = at.all(_WAITS["free_effects"], at.now, limit)
    for row in found:
        at.execute(_WAITS["lease_effect"], owner, until, row[0], row[1])
    return [
        codec.effect((*row[:7], owner, until, row[9] + 1, row[10] + 1, row[11]), at.sealer) for row in found
    ]


def renew_effect(at: Transaction, effect: Effect, lease: float) -> bool:
    place = (effect.session_id, effect.suspension, effect.epoch)
    return at.changes(_WAITS["renew_effect"], at.after(lease), *place) == 1
