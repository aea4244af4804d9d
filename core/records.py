"""Rows as values: what the store keeps, and one step's writes.

Ids that leave the database are UUID strings. Times are aware UTC datetimes. ``bytes`` fields hold versioned
data (msgspec JSON or a snapshot). Nothing here does I/O.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec

from core.messages import Message

# --- keys ----------------------------------------------------------------------------------------------------


IDENTITY = "identity"
"""The "channel" of the address by which a signed identity claims its session."""


HIDDEN = "••••••"
"""What the log shows in place of a secret answer."""


class AddressKey(msgspec.Struct, frozen=True):
    """Where a person can be reached, and by which of our accounts. Finds the session of (bot, address)."""

    bot: str
    channel: str
    account: str
    address: str


class EventKey(msgspec.Struct, frozen=True):
    """The dedupe key of an event within its session."""

    channel: str
    account: str
    external_id: str


class MemoryKey(msgspec.Struct, frozen=True):
    """A cell of BOT MEMORY (scope ``bot``), USER MEMORY (``user:<id>`` or ``session:<id>``)."""

    bot: str
    scope: str
    key: str


# --- rows ----------------------------------------------------------------------------------------------------


class Waiting(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a session's script waits for: the face of its suspension. Its id is ``Session.suspension``.

    :param kind: ``hear``, ``wait``, ``outside``, or ``none`` when there are no frames.
    :param options: of a menu or of suggestions that are on show, also when ``kind`` is ``none``:
        ``(id, title, value)``.
    :param until: when its timer fires, if it has one.
    :param turn: number of the turn that led to it (the version of the turn's first step); the turn of what follows
        it when it is a WAIT of at most a second or an outside call.
    :param calls: outside calls made so far in that turn.
    """

    kind: Literal["hear", "wait", "outside", "none"] = "none"
    variable: str = ""
    type: str = ""
    prompt: str = ""
    options: tuple[tuple[str, str, str], ...] = ()
    secret: bool = False
    until: datetime | None = None
    turn: int = 0
    calls: int = 0


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """A session's row, whole. ``msgspec.structs.replace`` makes the next version.

    :param user_id: the known person, or None while anonymous.
    :param channel: of the last event that came from the person.
    :param expires_at: None: never (known people).
    :param version: raised by every step; a step commits only if it is still what the step read.
    :param epoch: raised by control events and leases; fences late results.
    :param seq: the log's highest seq.
    :param accept_seq: the highest place in the queue given out.
    :param backlog: inbox rows stored ``new`` and not yet processed.
    :param pending_effect: suspension id of the outside call that is under way, as text, or None.
    :param message_count: the person's messages so far.
    :param release: hash of the bot release that the frames are pinned to; "" without frames.
    :param snapshot: variables and frames (interpreter.snapshot); b"" before the first run.
    :param suspension: counter; the id of the current suspension, which is also the prompt id on the wire.
    :param context: JSON: knowledge bases, tools, prompts of this session.
    :param rate_start, rate_count, rate_previous: the sliding-window counter, times in seconds.
    :param reply_to: the address of the last event that resumed the session; proactive TALKs go there.
    """

    id: str
    bot: str
    user_id: str | None = None
    channel: str
    state: Literal["active", "idle", "expired", "ended"] = "active"
    created_at: datetime
    last_activity: datetime
    expires_at: datetime | None = None
    version: int = 0
    epoch: int = 0
    seq: int = 0
    accept_seq: int = 0
    backlog: int = 0
    pending_effect: str | None = None
    message_count: int = 0
    release: str = ""
    snapshot: bytes = b""
    suspension: int = 0
    waiting: Waiting = Waiting()
    context: bytes = b"{}"
    rate_start: float = 0.0
    rate_count: int = 0
    rate_previous: int = 0
    reply_to: AddressKey | None = None
    profile: Mapping[str, str] = {}


class Address(msgspec.Struct, frozen=True, kw_only=True):
    """An address and the session that it leads to.

    :param previous_session_id: of the session before, for duplicates that arrive after an end.
    :param shown_prompt: the suspension id last shown there.
    :param last_inbound: when the person last wrote from there: the provider's window counts from it.
    :param opted_out: STOP was received: every send is blocked.
    """

    key: AddressKey
    session_id: str
    previous_session_id: str | None = None
    shown_prompt: int = 0
    last_inbound: datetime | None = None
    opted_out: bool = False


class InboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """An event as stored. ``body`` is sealed JSON of the event while ``new`` or within replay-retention.

    :param state: ``new`` waits for its turn; ``done``; ``refused`` over a limit; ``dead`` a dead letter;
        ``suspect`` the process died while it ran.
    :param body_hash: keyed HMAC of the event's content.
    :param turn: number of the turn that processed it.
    :param seq_from, seq_to: log lines of its step, inclusive; ``seq_from`` is 0 if it left none, and ``seq_to`` then
        the log's highest seq.
    :param answer: the exact HTTP body, for channels whose reply is the body only.
    :param ready_at: media waits for its album until then.
    """

    session_id: str
    key: EventKey
    kind: str
    state: Literal["new", "done", "refused", "dead", "suspect"]
    body: bytes = b""
    body_hash: bytes = b""
    accept_seq: int = 0
    accepted_at: datetime
    ready_at: datetime | None = None
    attempts: int = 0
    error: str = ""
    turn: int = 0
    seq_from: int = 0
    seq_to: int = 0
    answer: bytes | None = None
    seed: bytes = b""


class OutboxRow(msgspec.Struct, frozen=True, kw_only=True):
    """One channel-neutral message on its way out. Its lane is (session, channel, account, address).

    :param seq: order within the lane (the log's seq of the message).
    :param turn: rows of one turn may be joined by the dispatcher.
    :param state: ``open`` its turn is not closed; ``ready``; ``inflight``; ``sent``; ``unknown``; ``held``
        (window or a channel that is off); ``dead``; ``inline`` answered in an HTTP body.
    :param payload: msgspec JSON of ``{"text", "options", "prompt", "media"}``, sealed where it must be.
    :param parts_done: provider ids of the parts already accepted, in order.
    :param delivery: the highest delivery state reported by the provider.
    :param released_at: an ``open`` row is released at this time even if its turn is still running.
    """

    id: str
    session_id: str
    channel: str
    account: str
    address: str
    bot: str
    seq: int
    turn: int
    state: Literal["open", "ready", "inflight", "sent", "unknown", "held", "dead", "inline"] = "ready"
    payload: bytes
    attempts: int = 0
    next_at: datetime | None = None
    expires_at: datetime | None = None
    released_at: datetime | None = None
    parts_done: tuple[str, ...] = ()
    delivery: str = ""
    error: str = ""
    epoch: int = 0
    created_at: datetime


class Timer(msgspec.Struct, frozen=True, kw_only=True):
    """Fires an event ``timer:<id>:<fire_at>``; without effect if ``suspension`` is no longer current."""

    id: str
    session_id: str
    fire_at: datetime
    kind: Literal["wait", "hear_timeout"]
    suspension: int


class Effect(msgspec.Struct, frozen=True, kw_only=True):
    """An outside call: committed ``pending`` before it is made, its result comes back as an event.

    :param idem_key: ``<session>:<turn>:<suspension>``: the same for every attempt.
    :param lease_until: whoever holds it calls until then and renews; ``epoch`` fences its writes.
    """

    session_id: str
    suspension: int
    phrase: str
    arguments: bytes
    idem_key: str
    state: Literal["pending", "done", "unknown", "cancelled"] = "pending"
    result: bytes = b""
    owner: str = ""
    lease_until: datetime | None = None
    epoch: int = 0
    attempts: int = 0
    created_at: datetime


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A Bearer token or a WebSocket ticket: only its SHA-256 is kept.

    :param parent: of a ticket: the SHA-256 of the session token that asked for it.
    """

    sha256: bytes
    session_id: str
    bot: str
    kind: Literal["session", "ticket"] = "session"
    origin: str = ""
    parent: bytes | None = None
    created_at: datetime
    expires_at: datetime | None = None


class StoredFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file's row; its bytes lie under the data folder by ``id``."""

    id: str
    session_id: str
    name: str
    mime: str
    size: int
    created_at: datetime


class MemoryCell(msgspec.Struct, frozen=True):
    """A memory value as read: ``version`` 0 means that it does not exist (``value`` None)."""

    value: str | None
    version: int


# --- one step's writes ---------------------------------------------------------------------------------------


class MemoryWrite(msgspec.Struct, frozen=True):
    """``value`` None deletes. ``expected`` is the version read in this step, or None if it was not read."""

    key: MemoryKey
    value: str | None
    expected: int | None


class StepCommit(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that one step writes: committed whole or not at all.

    :param guard: ``fast``: backlog 0 and nothing pending; ``drain``: ``inbox`` is the ``new`` head and becomes
        done; ``resume``: ``resumes`` is the current suspension, backlog ignored; ``store``: ``inbox`` is
        stored ``new``; ``control``: none. All of them: the version is still ``expected``.
    :param inbox: the event with its final state. ``accept_seq`` of a ``new`` row is given by the commit's
        ``session.accept_seq``.
    :param consumed: further ``new`` rows that this step consumes with its own (an album).
    :param resumes: the suspension id that a timer, result or choice answers.
    :param token_sha256: checked in the commit: it exists, is unexpired by database time, and is of this session.
    :param charge: per-minute limit to check and charge in the commit; 0: not charged.
    :param session: the row as it shall be. The store sets ``version = expected + 1`` and, with ``charge``,
        the rate counters.
    :param close_turn: rows of this turn that are ``open`` become ``ready``.
    :param cancel_timers, cancel_effects: what the session had pending is void (the suspension changed).
    :param variables: the projection for operators, only if variables changed.
    :param address: upserted: ``shown_prompt``, ``last_inbound``, ``opted_out``.
    :param refuse_reuse: a duplicate whose ``body_hash`` differs is ``reuse``, not ``dup`` (web; of providers the
        first wins).
    :param hide: log lines whose words turned out to be a secret: they are replaced by ``HIDDEN``.
    :param release_held: held rows of this address become ready (the person has written).
    """

    guard: Literal["fast", "drain", "resume", "store", "control"]
    expected: int
    session: Session
    inbox: InboxRow | None = None
    consumed: tuple[EventKey, ...] = ()
    resumes: int | None = None
    token_sha256: bytes | None = None
    charge: int = 0
    messages: tuple[Message, ...] = ()
    outbox: tuple[OutboxRow, ...] = ()
    turn: int = 0
    close_turn: bool = False
    timers: tuple[Timer, ...] = ()
    cancel_timers: bool = False
    effect: Effect | None = None
    effect_result: Effect | None = None
    cancel_effects: bool = False
    memory: tuple[MemoryWrite, ...] = ()
    variables: Mapping[str, Any] | None = None
    address: Address | None = None
    hide: tuple[int, ...] = ()
    release_held: bool = False
    tokens: tuple[Token, ...] = ()
    revoke_tokens: bool = False
    refuse_reuse: bool = False


def step_keys(step: StepCommit) -> list[Hashable]:
    """What *step* writes, as far as another step of its batch must not."""
    return [step.session.id, *(write.key for write in step.memory)]


class Outcome(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a StepCommit. Precedence of ``kind``, first that applies:
    ``unauthorised, ended, dup, reuse, stale, limited, miss, ok``; only ``miss`` runs again.

    :param session: the row now (after ``ok``: as committed; after ``miss``: as found), for the cache.
    :param duplicate: of ``dup`` and ``reuse``: the stored row.
    :param retry_after: of ``limited``: seconds.
    """

    kind: Literal["unauthorised", "ended", "dup", "reuse", "stale", "limited", "miss", "ok"]
    session: Session | None = None
    duplicate: InboxRow | None = None
    retry_after: float = 0.0
