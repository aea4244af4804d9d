"""The rows of an archive, by table: what SQLite and PostgreSQL keep of the same thing, in the same shape.

JSON stays the text that it is, and what is sealed stays sealed. What a database can work out again
(generated columns, claims of identities, marks of batches) is not among it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec

Json = str
FileId = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]  # it becomes a path


class Row(msgspec.Struct, forbid_unknown_fields=True):
    """One row. The fields are the columns, in the order of the tables."""


class SessionState(Row):
    session_id: str
    variables: Json
    context: Json


class Session(Row):
    id: str
    user_id: str | None
    bot: str
    channel: str
    state: str
    created_at: datetime
    last_activity: datetime
    expires_at: datetime | None
    version: int
    epoch: int
    seq: int
    accept_seq: int
    backlog: int
    pending_effect: str | None
    message_count: int
    release: str
    suspension: int
    waiting: Json
    rate_start: float
    rate_count: int
    rate_previous: int
    reply_to: Json | None
    profile: Json
    touched_at: datetime
    context: Json
    snapshot: bytes


class Message(Row):
    session_id: str
    seq: int
    id: str
    role: str
    content: str
    timestamp: datetime
    parts: Json


class Inbox(Row):
    session_id: str
    channel: str
    account: str
    ext_id: str
    kind: str
    state: str
    body: bytes
    body_hash: bytes
    accept_seq: int
    accepted_at: datetime
    ready_at: datetime | None
    attempts: int
    error: str
    turn: int
    seq_from: int
    seq_to: int
    answer: bytes | None
    seed: bytes


class Address(Row):
    bot: str
    channel: str
    account: str
    address: str
    session_id: str
    previous_session_id: str | None
    shown_prompt: int
    last_inbound: datetime | None
    opted_out: bool


class Outbox(Row):
    id: str
    session_id: str
    channel: str
    account: str
    address: str
    bot: str
    seq: int
    turn: int
    state: str
    payload: bytes
    attempts: int
    next_at: datetime | None
    expires_at: datetime | None
    released_at: datetime | None
    parts_done: Json
    delivery: str
    error: str
    epoch: int
    created_at: datetime
    owner: str
    lease_until: datetime | None


class OutboxPart(Row):
    session_id: str
    channel: str
    account: str
    provider_id: str
    outbox_id: str


class Timer(Row):
    id: str
    session_id: str
    fire_at: datetime
    kind: str
    suspension: int


class Effect(Row):
    session_id: str
    suspension: int
    phrase: str
    arguments: bytes
    idem_key: str
    state: str
    result: bytes
    owner: str
    lease_until: datetime | None
    epoch: int
    attempts: int
    created_at: datetime


class Token(Row):
    sha256: bytes
    session_id: str
    bot: str
    kind: str
    origin: str
    parent: bytes | None
    created_at: datetime
    expires_at: datetime | None


class File(Row):
    id: FileId
    session_id: str
    name: str
    mime: str
    size: int
    created_at: datetime


class Memory(Row):
    bot: str
    scope: str
    key: str
    value: str | None
    version: int
    names_session: str | None
    updated_at: datetime


class Program(Row):
    hash: str
    sources: Json
    used_at: datetime


class Cache(Row):
    scope: str
    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Table:
    """:param key: the columns that order the rows, the same way in every database."""

    name: str
    row: type[Row]
    key: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        return self.row.__struct_fields__

    def columns_of(self, kind: type) -> frozenset[str]:
        """The columns whose values are of that kind, or NULL."""
        return frozenset(
            field.name
            for field in msgspec.structs.fields(self.row)
            if field.type is kind or kind in getattr(field.type, "__args__", ())
        )

    def select(self, source: str = "") -> str:
        """:param source: what stands in for the table."""
        columns, key = ", ".join(self.columns), ", ".join(self.key)
        return f"SELECT {columns} FROM {source or self.name} ORDER BY {key}"  # noqa: S608  every name is ours

    @property
    def has_rows(self) -> str:
        return f"SELECT EXISTS (SELECT 1 FROM {self.name})"  # noqa: S608

    def values(self, row: Row) -> tuple[Any, ...]:
        return msgspec.structs.astuple(row)


# In the order in which they can be filled: what is referred to comes first. The rows of the inbox lie in the order
# in which they came.
TABLES = (
    Table("session_state", SessionState, ("session_id",)),
    Table("sessions", Session, ("id",)),
    Table("messages", Message, ("session_id", "seq")),
    Table("inbox", Inbox, ("accepted_at", "session_id", "accept_seq", "channel", "account", "ext_id")),
    Table("addresses", Address, ("bot", "channel", "account", "address")),
    Table("outbox", Outbox, ("id",)),
    Table("outbox_parts", OutboxPart, ("channel", "account", "provider_id")),
    Table("timers", Timer, ("session_id", "id")),
    Table("effects", Effect, ("session_id", "suspension")),
    Table("tokens", Token, ("session_id", "sha256")),
    Table("files", File, ("session_id", "id")),
    Table("bot_memory", Memory, ("bot", "scope", "key")),
    Table("programs", Program, ("hash",)),
    Table("cache", Cache, ("scope", "key")),
)
