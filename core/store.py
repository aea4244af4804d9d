"""The store: the truth. Every backend passes ``trunkline.testing.StoreContract``; that suite is the definition.

All methods are safe to call concurrently from one event loop. ``commit`` and the small writes are group
committed: a batch leaves as soon as the previous one is back. Any method may raise StoreUnavailable; then
what was asked may or may not have happened, and ``commit`` has already read back what it could.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from core.messages import DeliveryStatus, Message
from core.records import (
    Address,
    AddressKey,
    Effect,
    EventKey,
    InboxRow,
    MemoryCell,
    MemoryKey,
    OutboxRow,
    Outcome,
    Session,
    StepCommit,
    StoredFile,
    Timer,
    Token,
)

Heard = Callable[[str, Mapping[str, Any]], None]
"""Takes a session's id and a signal of ``core.wakeups``."""


class Store(Protocol):
    durable: bool
    """An acknowledged write survives a power cut."""

    shared: bool
    """Other processes write to it as well: what this one remembers may be out of date."""

    async def open(self) -> None:
        """Create or migrate the schema and get ready. :raises ConfigError: newer schema, locked, unwritable."""
        ...

    async def close(self) -> None: ...

    async def ping(self) -> datetime:
        """Reach the store, write-check it, and return its clock."""
        ...

    # --- wake-ups ---

    def listen(self, heard: Heard, watched: Callable[[], Collection[str]]) -> None:
        """From now on give *heard* what other processes tell, and what happens to *watched* sessions there."""
        ...

    def tell(self, session_id: str, signal: Mapping[str, Any]) -> None:
        """Let the other processes know. A hint: it may be lost."""
        ...

    # --- sessions ---

    async def create(self, session: Session, *, address: Address | None, token: Token | None) -> Session:
        """Claim *address*, then insert *session* and *token*; all idempotent.

        :returns: *session*, or, if the address already led to a live session, that one (no token is added then).
        """
        ...

    async def load(self, session_id: str) -> Session | None: ...

    async def load_memory(self, keys: Sequence[MemoryKey]) -> Mapping[MemoryKey, MemoryCell]:
        """A cell for every key asked for."""
        ...

    async def find(self, key: AddressKey) -> Address | None: ...

    async def user_session(self, bot: str, user_id: str) -> str | None:
        """The session that a known person has with *bot*."""
        ...

    async def commit(self, step: StepCommit) -> Outcome: ...

    async def event(self, session_id: str, key: EventKey) -> InboxRow | None: ...

    async def backlog(self, session_id: str, *, limit: int = 50) -> Sequence[InboxRow]:
        """``new`` rows in the order of their acceptance."""
        ...

    async def messages(self, session_id: str, *, after: int = 0, limit: int = 100) -> Sequence[Message]:
        """Log lines with ``seq > after``, oldest first."""
        ...

    async def list_sessions(
        self, *, bot: str | None = None, state: str | None = None, limit: int = 100
    ) -> Sequence[Session]: ...

    # --- failures of a step ---

    async def note_failure(self, row: InboxRow, error: str) -> int:
        """Store *row* as ``new`` (if it is not stored yet) with one more attempt; returns the attempts.

        Raises backlog and accept_seq of the session if the row is inserted."""
        ...

    async def bury(self, session_id: str, key: EventKey, error: str) -> None:
        """Make a ``new`` or ``suspect`` row a dead letter; the backlog shrinks."""
        ...

    async def suspect(self, keys: Sequence[tuple[str, EventKey]]) -> None:
        """Record events that were in flight when a process died: ``suspect``, one more attempt, no backlog."""
        ...

    async def dead_letters(self, *, limit: int = 100) -> Sequence[InboxRow]: ...

    # --- tokens ---

    async def token(self, sha256: bytes) -> Token | None:
        """None if it does not exist, it or its session is expired by database time, or the session has ended."""
        ...

    async def add_token(self, token: Token) -> None: ...

    async def redeem(self, sha256: bytes) -> Token | None:
        """Take a one-time ticket: of two concurrent calls one gets it."""
        ...

    # --- outbox ---

    async def claim_outbox(
        self, owner: str, *, channels: Sequence[str], lease: float, limit: int = 100
    ) -> Sequence[OutboxRow]:
        """Lease ``ready`` heads of lanes whose ``next_at`` has come, and rows whose lease ran out (as ``unknown``).

        The rows of the head's turn that are ready come with it, in order; one lane is never claimed twice.
        Returned rows carry the new ``epoch``.
        """
        ...

    async def mark_part(self, row: OutboxRow, provider_id: str) -> bool:
        """Append to ``parts_done``; False if the lease is no longer ours (by epoch)."""
        ...

    async def settle_outbox(self, rows: Sequence[OutboxRow]) -> None:
        """Write ``state, next_at, attempts, error`` of leased rows, fenced by epoch; leases end."""
        ...

    async def apply_delivery(self, channel: str, account: str, report: DeliveryStatus) -> OutboxRow | None:
        """Raise ``delivery`` to the report's rank; an ``unknown`` row with a report is settled as sent."""
        ...

    async def list_outbox(self, *, states: Sequence[str], limit: int = 100) -> Sequence[OutboxRow]: ...

    async def change_outbox(self, row_id: str, state: str) -> bool:
        """An operator's retry (``ready``) or drop (``dead``) of a row and of the rows that were claimed with it:
        those of its lane and turn in the same state after as many attempts. They are one message.

        :returns: whether anything was changed.
        """
        ...

    async def next_outbox_at(self) -> datetime | None: ...

    # --- timers and outside calls ---

    async def due_timers(self, *, limit: int = 100) -> Sequence[Timer]: ...

    async def next_timer_at(self) -> datetime | None: ...

    async def claim_effects(self, owner: str, *, lease: float, limit: int = 20) -> Sequence[Effect]:
        """Lease pending effects that nobody holds; each carries its new epoch."""
        ...

    async def renew_effect(self, effect: Effect, *, lease: float) -> bool: ...

    async def sessions_with_backlog(self, *, idle_for: float, limit: int = 100) -> Sequence[str]:
        """Sessions with a backlog that is ready and that nothing has touched for *idle_for* seconds."""
        ...

    # --- files, releases, small things ---

    async def add_file(self, file: StoredFile) -> None: ...

    async def file(self, file_id: str) -> StoredFile | None: ...

    async def file_bytes(self, session_id: str) -> int:
        """How much the files of a session take."""
        ...

    async def put_release(self, digest: str, sources: Mapping[str, str]) -> None: ...

    async def release(self, digest: str) -> Mapping[str, str] | None: ...

    async def get_cache(self, scope: str, key: str) -> str | None: ...

    async def put_cache(self, scope: str, key: str, value: str) -> None: ...

    # --- life cycle ---

    async def idle_candidates(
        self, *, bot: str, idle_after: float, limit: int = 500
    ) -> Sequence[Session]: ...

    async def expiry_candidates(self, *, limit: int = 500) -> Sequence[Session]:
        """Anonymous sessions past ``expires_at`` without a timer ahead, and those in which nobody wrote for 24 h."""
        ...

    async def removable(self, *, gone_for: float, limit: int = 500) -> Sequence[str]:
        """Sessions that ended or expired at least *gone_for* seconds ago and have nothing left to deliver."""
        ...

    async def remove(self, session_id: str) -> Sequence[str]:
        """Delete everything of an expired or ended session; returns the ids of its files."""
        ...

    async def prune(self, *, inbox_older_than: float, limit: int = 1000) -> int: ...
