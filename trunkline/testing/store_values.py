"""What the store's contract is tested with: sessions, steps and rows, made short."""

from __future__ import annotations

import importlib
import itertools
import os
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from core.messages import Message
from core.records import (
    Address,
    AddressKey,
    Effect,
    EventKey,
    InboxRow,
    MemoryKey,
    MemoryWrite,
    OutboxRow,
    Session,
    StepCommit,
    Timer,
    Token,
)
from core.sealing import Sealer
from core.store import Store

BOT = "default"
CHANNEL = "whatsapp"
ACCOUNT = "main"

_numbers = itertools.count(1)
_sealer = Sealer(bytes(range(32)))


def factory(name: str) -> Callable[[Path], Store]:
    """``module:function``, so that a process of its own can make the store as well."""
    module, _, function = name.partition(":")
    made: Callable[[Path], Store] = getattr(importlib.import_module(module), function)
    return made


def sqlite_store(folder: Path) -> Store:
    """The embedded store on a file in *folder*."""
    from core.sqlite import SqliteStore  # noqa: PLC0415 (a store's contract is tested without the other stores)

    return SqliteStore(folder / "trunkline.db", sealer=_sealer)


def now() -> datetime:
    return datetime.now(UTC)


def ago(seconds: float) -> datetime:
    return now() - timedelta(seconds=seconds)


def address_key(address: str = "") -> AddressKey:
    return AddressKey(BOT, CHANNEL, ACCOUNT, address or f"+1555{next(_numbers):07}")


def new_session(**changes: Any) -> Session:
    """An anonymous session, active since just now."""
    moment = now()
    defaults: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "bot": BOT,
        "channel": CHANNEL,
        "created_at": moment,
        "last_activity": moment,
        "expires_at": moment + timedelta(days=7),
    }
    return Session(**{**defaults, **changes})


def new_token(session: Session, **changes: Any) -> Token:
    defaults: dict[str, Any] = {
        "sha256": os.urandom(32),
        "session_id": session.id,
        "bot": session.bot,
        "created_at": now(),
    }
    return Token(**{**defaults, **changes})


def event_key(external_id: str = "") -> EventKey:
    return EventKey(CHANNEL, ACCOUNT, external_id or f"SM{next(_numbers):032}")


def event(session: Session, key: EventKey | None = None, **changes: Any) -> InboxRow:
    """The row of a person's message, processed."""
    defaults: dict[str, Any] = {
        "session_id": session.id,
        "key": key or event_key(),
        "kind": "message",
        "state": "done",
        "body_hash": b"hash of hello",
        "accepted_at": now(),
    }
    return InboxRow(**{**defaults, **changes})


def line(seq: int, text: str, role: str = "assistant", **changes: Any) -> Message:
    return Message(seq=seq, id=f"m{seq}", role=role, text=text, created_at=now(), **changes)  # type: ignore[arg-type]


def step(session: Session, *, text: str = "hello", key: EventKey | None = None, **changes: Any) -> StepCommit:
    """A usual turn: the person says *text*, the bot answers; the session is as it was loaded."""
    said, answered = session.seq + 1, session.seq + 2
    defaults: dict[str, Any] = {
        "guard": "fast",
        "expected": session.version,
        "session": replace(
            session,
            seq=answered,
            message_count=session.message_count + 1,
            last_activity=now(),
            snapshot=text.encode(),
        ),
        "inbox": event(session, key, seq_from=said, seq_to=answered),
        "messages": (line(said, text, "user"), line(answered, f"You said {text}.")),
    }
    return StepCommit(**{**defaults, **changes})


def bare(session: Session, **changes: Any) -> StepCommit:
    """A control step that writes the session's row only, and what *changes* say."""
    defaults: dict[str, Any] = {"guard": "control", "expected": session.version, "session": session}
    return StepCommit(**{**defaults, **changes})


def queued(session: Session, key: EventKey, **changes: Any) -> StepCommit:
    """Stores an event for later."""
    row = event(session, key, state="new", body=b'{"text": "later"}', **changes)
    return bare(session, guard="store", inbox=row)


def drained(session: Session, key: EventKey, **changes: Any) -> StepCommit:
    """Processes the head of the queue."""
    return bare(session, guard="drain", inbox=event(session, key), **changes)


def outgoing(session: Session, key: AddressKey, seq: int, **changes: Any) -> OutboxRow:
    defaults: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "session_id": session.id,
        "channel": key.channel,
        "account": key.account,
        "address": key.address,
        "bot": key.bot,
        "seq": seq,
        "turn": 1,
        "payload": f'{{"texts":["message {seq}"]}}'.encode(),
        "created_at": now(),
    }
    return OutboxRow(**{**defaults, **changes})


def address_of(session: Session, key: AddressKey, **changes: Any) -> Address:
    return Address(key=key, session_id=session.id, **changes)


def timer(session: Session, fire_at: datetime, **changes: Any) -> Timer:
    defaults: dict[str, Any] = {"id": str(uuid.uuid4()), "kind": "wait", "suspension": session.suspension}
    return Timer(session_id=session.id, fire_at=fire_at, **{**defaults, **changes})


def effect(session: Session, suspension: int = 1, **changes: Any) -> Effect:
    defaults: dict[str, Any] = {
        "phrase": "ASK SERVICE",
        "arguments": b'["question"]',
        "idem_key": f"{session.id}:1:{suspension}",
        "created_at": now(),
    }
    return Effect(session_id=session.id, suspension=suspension, **{**defaults, **changes})


def memory(key: str, value: str | None, expected: int | None = None, scope: str = "bot") -> MemoryWrite:
    return MemoryWrite(MemoryKey(BOT, scope, key), value, expected)
