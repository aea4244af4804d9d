"""The session's doors and queue: creation, failures, suspects, dead letters. Each function runs in a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from core.postgres.queries import load
from core.postgres.rows import codec, words
from core.records import Address, EventKey, InboxRow, Session, Token
from core.sealing import Sealer

_SQL = load("sessions")


async def create(
    at: Any, sealer: Sealer, session: Session, address: Address | None, token: Token | None
) -> Session:
    """See ``Store.create``. What is claimed stays locked until the session is there."""
    holder = await _claim_address(at, address, session.id) if address is not None else session.id
    if holder == session.id and session.user_id is not None:
        holder = await claim_identity(at, session.bot, session.user_id, session.id)
        if holder != session.id and address is not None:
            await _lead(at, address, holder)
    if holder == session.id:
        created = await at.execute(_SQL["insert_session"], *codec.session_row(session, sealer, None))
        if created.endswith(" 1"):
            await at.execute(_SQL["insert_state"], session.id, session.context.decode())
        if token is not None:
            await at.execute(_SQL["insert_token"], *codec.token_row(token))
    (row,) = await at.fetch(_SQL["load"], [holder])
    return codec.session(row, sealer)


async def _claim_address(at: Any, address: Address, session_id: str) -> str:
    """The live session that the address leads to; *session_id* if it leads there now."""
    key = address.key
    place = (key.bot, key.channel, key.account, key.address)
    while True:
        # A statement of its own for each look: what it waited for is seen by the next one only.
        holder: str | None = await at.fetchval(_SQL["lock_address"], *place)
        if holder is not None:
            break
        row = codec.address_row(replace(address, session_id=session_id))
        if await at.fetchval(_SQL["new_address"], *row):
            return session_id
    if holder != session_id and not await at.fetchval(_SQL["is_live"], holder):
        await _lead(at, address, session_id)
        return session_id
    return holder


async def _lead(at: Any, address: Address, session_id: str) -> None:
    key = address.key
    await at.execute(
        _SQL["claim_address"],
        key.bot,
        key.channel,
        key.account,
        key.address,
        session_id,
        address.last_inbound,
    )


async def claim_identity(at: Any, bot: str, user_id: str, session_id: str) -> str:
    """The live session of a person; *session_id* if that is theirs now."""
    while True:
        holder: str | None = await at.fetchval(_SQL["lock_identity"], bot, user_id)
        if holder is not None:
            break
        if await at.fetchval(_SQL["new_identity"], bot, user_id, session_id):
            return session_id
    if holder != session_id and not await at.fetchval(_SQL["is_live_of"], holder, user_id):
        await at.execute(_SQL["claim_identity"], bot, user_id, session_id)
        return session_id
    return holder


async def event(at: Any, sealer: Sealer, session_id: str, key: EventKey) -> InboxRow | None:
    row = await at.fetchrow(_SQL["event"], session_id, key.channel, key.account, key.external_id)
    return None if row is None else codec.inbox(row, sealer)


async def redeem(at: Any, sha256: bytes) -> Token | None:
    """A ticket is gone after this, also one that was too old."""
    row = await at.fetchrow(_SQL["token"], sha256)
    taken = await at.fetchval(_SQL["take_ticket"], sha256)
    return codec.token(row) if taken and row is not None else None


# --- failures of a step ---


async def note_failure(at: Any, sealer: Sealer, row: InboxRow, error: str) -> int:
    """See ``Store.note_failure``."""
    error = words(error)
    key = row.key
    place = (row.session_id, key.channel, key.account, key.external_id)
    await at.fetch(_SQL["lock"], row.session_id)
    stored = await event(at, sealer, row.session_id, key)
    if stored is not None and stored.state not in ("new", "suspect"):
        return stored.attempts
    attempts = (stored.attempts if stored else row.attempts) + 1
    if stored is not None and stored.state == "new":
        await at.execute(_SQL["fail_again"], *place, attempts, error)
        return attempts
    accept_seq = await at.fetchval(_SQL["queue"], row.session_id) or 0
    failed = replace(row, state="new", accept_seq=accept_seq, attempts=attempts, error=error)
    values = codec.inbox_row(failed, sealer)
    if stored is None:
        await at.execute(_SQL["fail_new"], *values)
    else:
        _, _, _, _, kind, _, body, body_hash, accept_seq, _, ready_at, _, _, _, _, _, _, seed = values
        await at.execute(
            _SQL["fail_suspect"], *place, kind, body, body_hash, accept_seq, ready_at, attempts, error, seed
        )
    return attempts


async def bury(at: Any, session_id: str, key: EventKey, error: str) -> None:
    place = (session_id, key.channel, key.account, key.external_id, words(error))
    await at.fetch(_SQL["lock"], session_id)
    if not (await at.execute(_SQL["bury"], *place, "new")).endswith(" 0"):
        await at.execute(_SQL["unqueue"], session_id)
    else:
        await at.execute(_SQL["bury"], *place, "suspect")


async def suspect(at: Any, keys: Sequence[tuple[str, EventKey]]) -> None:
    for session_id, key in sorted(keys, key=lambda each: each[0]):
        await at.fetch(_SQL["lock"], session_id)
        await at.execute(_SQL["suspect"], session_id, key.channel, key.account, key.external_id)
