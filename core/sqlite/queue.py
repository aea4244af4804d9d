"""The session's doors and queue: creation, failures, suspects, dead letters. Runs in the writer's thread."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from core.records import Address, EventKey, InboxRow, Session, Token
from core.sqlite.queries import load
from core.sqlite.rows import codec
from core.sqlite.transaction import Transaction

_SQL = load("sessions")


def create(at: Transaction, session: Session, address: Address | None, token: Token | None) -> Session:
    """See ``Store.create``."""
    other = _live_session(at, session, address)
    if other is not None and other != session.id:
        if address is not None:
            at.execute(_SQL["claim_address"], *codec.address_row(replace(address, session_id=other)))
        return load_session(at, other) or session
    if address is not None:
        at.execute(_SQL["claim_address"], *codec.address_row(replace(address, session_id=session.id)))
    at.execute(_SQL["insert_session"], *codec.session_row(session, at.sealer, at.now))
    if token is not None:
        at.execute(_SQL["insert_token"], *codec.token_row(token))
    return load_session(at, session.id) or session


def _live_session(at: Transaction, session: Session, address: Address | None) -> str | None:
    """The live session that the address or the person already has."""
    if address is not None:
        key = address.key
        row = at.one(_SQL["address"], key.bot, key.channel, key.account, key.address)
        if row is not None and at.exists(_SQL["is_live"], row[4]):
            return str(row[4])
    if session.user_id is not None:
        row = at.one(_SQL["user_session"], session.bot, session.user_id)
        if row is not None:
            return str(row[0])
    return None


def load_session(at: Transaction, session_id: str) -> Session | None:
    row = at.one(_SQL["session"], session_id)
    return None if row is None else codec.session(row, at.sealer)


def event(at: Transaction, session_id: str, key: EventKey) -> InboxRow | None:
    row = at.one(_SQL["event"], session_id, key.channel, key.account, key.external_id)
    return None if row is None else codec.inbox(row, at.sealer)


def redeem(at: Transaction, sha256: bytes) -> Token | None:
    """A ticket is gone after this, also one that was too old."""
    row = at.one(_SQL["token"], sha256, at.now)
    taken = at.changes(_SQL["delete_ticket"], sha256) == 1
    return codec.token(row) if taken and row is not None else None


# --- failures of a step ---


def note_failure(at: Transaction, row: InboxRow, error: str) -> int:
    """See ``Store.note_failure``."""
    key = row.key
    place = (row.session_id, key.channel, key.account, key.external_id)
    stored = event(at, row.session_id, key)
    if stored is not None and stored.state not in ("new", "suspect"):
        return stored.attempts
    attempts = (stored.attempts if stored else row.attempts) + 1
    if stored is not None and stored.state == "new":
        at.execute(_SQL["fail_again"], attempts, error, *place)
        return attempts
    queued = at.one(_SQL["queue"], at.now, row.session_id)
    failed = replace(row, state="new", accept_seq=queued[0] if queued else 0, attempts=attempts, error=error)
    values = codec.inbox_row(failed, at.sealer)
    if stored is None:
        at.execute(_SQL["fail_new"], *values)
    else:
        _, _, _, _, kind, _, body, body_hash, accept_seq, _, ready_at, _, _, _, _, _, _, seed = values
        at.execute(
            _SQL["fail_suspect"], kind, body, body_hash, accept_seq, ready_at, attempts, error, seed, *place
        )
    return attempts


def bury(at: Transaction, session_id: str, key: EventKey, error: str) -> None:
    place = (session_id, key.channel, key.account, key.external_id)
    if at.changes(_SQL["bury"], error, *place, "new"):
        at.execute(_SQL["unqueue"], at.now, session_id)
    else:
        at.execute(_SQL["bury"], error, *place, "suspect")


def suspect(at: Transaction, keys: Sequence[tuple[str, EventKey]]) -> None:
    for session_id, key in keys:
        at.execute(_SQL["suspect"], session_id, key.channel, key.account, key.external_id, at.now)
