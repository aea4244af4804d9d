"""Why a step was refused. What it met is looked up after the statement; ``core.decide`` names the outcome."""

from __future__ import annotations

from typing import Any

from core.decide import LIVE, Found, decide
from core.errors import StoreUnavailable
from core.postgres import queue
from core.postgres.connections import Database
from core.postgres.queries import load
from core.postgres.rows import codec
from core.records import EventKey, InboxRow, Outcome, Session, StepCommit
from core.sealing import Sealer

_SQL = load("steps")
_SELECT = load("sessions")


class Refusals:
    """Looks at what refused steps have met."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def outcome(self, step: StepCommit) -> Outcome:
        """A step that nothing stands against any more lost a race: it misses."""

        async def look(at: Any) -> Outcome:
            found = await self._found(at, step)
            outcome, _ = decide(step, found)
            return outcome if outcome.kind != "ok" else Outcome(kind="miss", session=found.session)

        return await self._database.read(look)

    async def lacks_identity(self, step: StepCommit) -> bool:
        """Whether it lacked the person whose session it makes this one; then that is claimed.

        :raises StoreUnavailable: the person has another live session.
        """
        session = step.session
        if session.user_id is None:
            return False
        user_id = session.user_id

        async def claim(at: Any) -> str | None:
            found = await self._session(at, session.id)
            if found is None or found.user_id == user_id or found.state not in LIVE:
                return None
            return await queue.claim_identity(at, session.bot, user_id, session.id)

        holder = await self._database.write(claim)
        if holder is not None and holder != session.id:
            raise StoreUnavailable("this person has just begun another session", hint="try again")
        return holder is not None

    async def _found(self, at: Any, step: StepCommit) -> Found:
        session_id, result = step.session.id, step.effect_result
        writes = step.memory
        row = await at.fetchrow(
            _SQL["look"],
            session_id,
            step.token_sha256,
            [key.channel for key in step.consumed],
            [key.account for key in step.consumed],
            [key.external_id for key in step.consumed],
            result and result.suspension,
            result and result.epoch,
            [write.key.bot for write in writes],
            [write.key.scope for write in writes],
            [write.key.key for write in writes],
            [write.expected for write in writes],
        )
        head = await at.fetchrow(_SELECT["head"], session_id) if step.guard == "drain" else None
        return Found(
            session=await self._session(at, session_id),
            authorised=row["authorised"],
            stored=await self._stored(at, step),
            head=None if head is None else EventKey(*head),
            consumable=row["consumable"] == len(step.consumed),
            effect_current=result is None or row["effect_current"],
            memory_current=not row["memory_changed"],
            now=row["now"],
        )

    async def _session(self, at: Any, session_id: str) -> Session | None:
        rows = await at.fetch(_SELECT["load"], [session_id])
        return codec.session(rows[0], self._sealer) if rows else None

    async def _stored(self, at: Any, step: StepCommit) -> InboxRow | None:
        if step.inbox is None:
            return None
        key = step.inbox.key
        found = await queue.event(at, self._sealer, step.session.id, key)
        if found is None and step.address is not None:
            place = step.address.key
            row = await at.fetchrow(
                _SQL["stored_before"],
                key.channel,
                key.account,
                key.external_id,
                place.bot,
                place.channel,
                place.account,
                place.address,
            )
            found = None if row is None else codec.inbox(row, self._sealer)
        return found
