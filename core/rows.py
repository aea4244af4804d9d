"""Between the values of core.records and rows: what every SQL store shares.

The order of a row's fields is that of the columns in the .sql files. What may not be readable in a database is
sealed here, each value for its own place only.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec
import orjson

from core.messages import Message
from core.records import (
    Address,
    AddressKey,
    Effect,
    EventKey,
    InboxRow,
    MemoryWrite,
    OutboxRow,
    Session,
    StoredFile,
    Timer,
    Token,
    Waiting,
)
from core.sealing import Sealer

Row = Sequence[Any]

_encode = msgspec.json.encode
_decode_waiting = msgspec.json.Decoder(Waiting).decode
_decode_address = msgspec.json.Decoder(AddressKey).decode
_decode_json = orjson.loads
_NOT_WAITING = Waiting()
_SESSION_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)

# A snapshot that names a secret is sealed whole; this byte never begins one that is not.
_SEALED = b"\x00"
_SECRET = b"secret"


def json_text(value: Any) -> str:
    """JSON for people to read: what JSON cannot hold is written as its text."""
    try:
        return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
    except TypeError:  # integers beyond 64 bits, lone surrogates
        return msgspec.json.encode(str(value).encode("utf-8", "replace").decode()).decode()


def waiting_text(waiting: Waiting) -> str:
    return "{}" if waiting == _NOT_WAITING else _encode(waiting).decode()


def profile_text(profile: Mapping[str, str]) -> str:
    return _encode(dict(profile)).decode() if profile else "{}"


def reply_text(key: AddressKey | None) -> str | None:
    return None if key is None else _encode(key).decode()


def parts_text(parts_done: tuple[str, ...]) -> str:
    return _encode(parts_done).decode()


def named_session(write: MemoryWrite) -> str | None:
    """The session whose id is part of a memory key: the cell is removed with it."""
    found = _SESSION_ID.search(write.key.key)
    return found.group().lower() if found else None


def _inbox_place(session_id: str, key: EventKey) -> bytes:
    return "\x1f".join(("inbox", session_id, key.channel, key.account, key.external_id)).encode()


def _effect_place(session_id: str, suspension: int, field: str) -> bytes:
    return f"effect:{field}:{session_id}:{suspension}".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Codec:
    """The rows of one database.

    :param time, moment: a time as it is bound, and as a value again.
    :param blob: bytes as they are bound.
    :param words: a text as it is bound: with what the database cannot keep replaced.
    """

    time: Callable[[datetime], Any]
    moment: Callable[[Any], datetime]
    blob: Callable[[bytes], Any]
    words: Callable[[str], str]

    def maybe_time(self, moment: datetime | None) -> Any:
        return None if moment is None else self.time(moment)

    def maybe_moment(self, value: Any) -> datetime | None:
        return None if value is None else self.moment(value)

    # --- sessions ---

    def seal_snapshot(self, session: Session, sealer: Sealer) -> Any:
        snapshot = session.snapshot
        if _SECRET in snapshot or snapshot[:1] == _SEALED:
            snapshot = _SEALED + sealer.seal(snapshot, b"snapshot:" + session.id.encode())
        return self.blob(snapshot)

    def session(self, row: Row, sealer: Sealer) -> Session:
        snapshot: bytes = row[25]
        if snapshot[:1] == _SEALED:
            snapshot = sealer.open(snapshot[1:], b"snapshot:" + row[0].encode())
        return Session(
            id=row[0],
            user_id=row[1],
            bot=row[2],
            channel=row[3],
            state=row[4],
            created_at=self.moment(row[5]),
            last_activity=self.moment(row[6]),
            expires_at=self.maybe_moment(row[7]),
            version=row[8],
            epoch=row[9],
            seq=row[10],
            accept_seq=row[11],
            backlog=row[12],
            pending_effect=row[13],
            message_count=row[14],
            release=row[15],
            suspension=row[16],
            waiting=_NOT_WAITING if row[17] == "{}" else _decode_waiting(row[17]),
            rate_start=row[18],
            rate_count=row[19],
            rate_previous=row[20],
            reply_to=None if row[21] is None else _decode_address(row[21]),
            profile={} if row[22] == "{}" else _decode_json(row[22]),
            context=row[24].encode(),
            snapshot=snapshot,
        )

    def session_row(self, value: Session, sealer: Sealer, now: Any) -> tuple[Any, ...]:
        return (
            value.id,
            value.user_id,
            value.bot,
            value.channel,
            value.state,
            self.time(value.created_at),
            self.time(value.last_activity),
            self.maybe_time(value.expires_at),
            value.version,
            value.epoch,
            value.seq,
            value.accept_seq,
            value.backlog,
            value.pending_effect,
            value.message_count,
            value.release,
            value.suspension,
            waiting_text(value.waiting),
            value.rate_start,
            value.rate_count,
            value.rate_previous,
            reply_text(value.reply_to),
            profile_text(value.profile),
            now,
            value.context.decode(),
            self.seal_snapshot(value, sealer),
        )

    # --- the log ---

    def message_row(self, session_id: str, value: Message) -> tuple[Any, ...]:
        parts = _encode(value.parts).decode() if value.parts else "[]"
        return (
            session_id,
            value.seq,
            value.id,
            value.role,
            self.words(value.text),
            self.time(value.created_at),
            parts,
        )

    def message(self, row: Row) -> Message:
        return Message(
            seq=row[0],
            id=row[1],
            role=row[2],
            text=row[3],
            created_at=self.moment(row[4]),
            parts=() if row[5] == "[]" else tuple(_decode_json(row[5])),
        )

    # --- inbox ---

    def inbox_row(self, value: InboxRow, sealer: Sealer) -> tuple[Any, ...]:
        key = value.key
        return (
            value.session_id,
            key.channel,
            key.account,
            key.external_id,
            value.kind,
            value.state,
            self.blob(sealer.seal(value.body, _inbox_place(value.session_id, key)) if value.body else b""),
            self.blob(value.body_hash),
            value.accept_seq,
            self.time(value.accepted_at),
            self.maybe_time(value.ready_at),
            value.attempts,
            self.words(value.error),
            value.turn,
            value.seq_from,
            value.seq_to,
            value.answer,
            self.blob(value.seed),
        )

    def inbox(self, row: Row, sealer: Sealer) -> InboxRow:
        key = EventKey(row[1], row[2], row[3])
        return InboxRow(
            session_id=row[0],
            key=key,
            kind=row[4],
            state=row[5],
            body=sealer.open(row[6], _inbox_place(row[0], key)) if row[6] else b"",
            body_hash=row[7],
            accept_seq=row[8],
            accepted_at=self.moment(row[9]),
            ready_at=self.maybe_moment(row[10]),
            attempts=row[11],
            error=row[12],
            turn=row[13],
            seq_from=row[14],
            seq_to=row[15],
            answer=row[16],
            seed=row[17],
        )

    # --- addresses ---

    def address_row(self, value: Address) -> tuple[Any, ...]:
        key = value.key
        return (
            key.bot,
            key.channel,
            key.account,
            key.address,
            value.session_id,
            value.previous_session_id,
            value.shown_prompt,
            self.maybe_time(value.last_inbound),
            value.opted_out,
        )

    def address(self, row: Row) -> Address:
        return Address(
            key=AddressKey(row[0], row[1], row[2], row[3]),
            session_id=row[4],
            previous_session_id=row[5],
            shown_prompt=row[6],
            last_inbound=self.maybe_moment(row[7]),
            opted_out=bool(row[8]),
        )

    # --- outbox ---

    def outbox_row(self, value: OutboxRow, sealer: Sealer) -> tuple[Any, ...]:
        return (
            value.id,
            value.session_id,
            value.channel,
            value.account,
            value.address,
            value.bot,
            value.seq,
            value.turn,
            value.state,
            sealer.seal(value.payload, b"outbox:" + value.id.encode()),
            value.attempts,
            self.maybe_time(value.next_at),
            self.maybe_time(value.expires_at),
            self.maybe_time(value.released_at),
            parts_text(value.parts_done),
            value.delivery,
            self.words(value.error),
            value.epoch,
            self.time(value.created_at),
        )

    def outbox(self, row: Row, sealer: Sealer) -> OutboxRow:
        return OutboxRow(
            id=row[0],
            session_id=row[1],
            channel=row[2],
            account=row[3],
            address=row[4],
            bot=row[5],
            seq=row[6],
            turn=row[7],
            state=row[8],
            payload=sealer.open(row[9], b"outbox:" + row[0].encode()),
            attempts=row[10],
            next_at=self.maybe_moment(row[11]),
            expires_at=self.maybe_moment(row[12]),
            released_at=self.maybe_moment(row[13]),
            parts_done=tuple(_decode_json(row[14])),
            delivery=row[15],
            error=row[16],
            epoch=row[17],
            created_at=self.moment(row[18]),
        )

    # --- timers, outside calls, tokens, files ---

    def timer_row(self, value: Timer) -> tuple[Any, ...]:
        return (value.id, value.session_id, self.time(value.fire_at), value.kind, value.suspension)

    def timer(self, row: Row) -> Timer:
        return Timer(
            id=row[0], session_id=row[1], fire_at=self.moment(row[2]), kind=row[3], suspension=row[4]
        )

    def effect_result(self, value: Effect, sealer: Sealer) -> bytes:
        if not value.result:
            return b""
        return sealer.seal(value.result, _effect_place(value.session_id, value.suspension, "result"))

    def effect_row(self, value: Effect, sealer: Sealer) -> tuple[Any, ...]:
        return (
            value.session_id,
            value.suspension,
            value.phrase,
            sealer.seal(value.arguments, _effect_place(value.session_id, value.suspension, "arguments")),
            value.idem_key,
            value.state,
            self.effect_result(value, sealer),
            value.owner,
            self.maybe_time(value.lease_until),
            value.epoch,
            value.attempts,
            self.time(value.created_at),
        )

    def effect(self, row: Row, sealer: Sealer) -> Effect:
        return Effect(
            session_id=row[0],
            suspension=row[1],
            phrase=row[2],
            arguments=sealer.open(row[3], _effect_place(row[0], row[1], "arguments")),
            idem_key=row[4],
            state=row[5],
            result=sealer.open(row[6], _effect_place(row[0], row[1], "result")) if row[6] else b"",
            owner=row[7],
            lease_until=self.maybe_moment(row[8]),
            epoch=row[9],
            attempts=row[10],
            created_at=self.moment(row[11]),
        )

    def token_row(self, value: Token) -> tuple[Any, ...]:
        return (
            value.sha256,
            value.session_id,
            value.bot,
            value.kind,
            value.origin,
            value.parent,
            self.time(value.created_at),
            self.maybe_time(value.expires_at),
        )

    def token(self, row: Row) -> Token:
        return Token(
            sha256=row[0],
            session_id=row[1],
            bot=row[2],
            kind=row[3],
            origin=row[4],
            parent=row[5],
            created_at=self.moment(row[6]),
            expires_at=self.maybe_moment(row[7]),
        )

    def file(self, row: Row) -> StoredFile:
        return StoredFile(
            id=row[0],
            session_id=row[1],
            name=row[2],
            mime=row[3],
            size=row[4],
            created_at=self.moment(row[5]),
        )
