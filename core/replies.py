"""What an input is answered with: the messages that it led to, once the run rests (docs/reference/http.md)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from core.draft import turn_prefix
from core.driver import Driver, Result
from core.messages import Attachment, Message, Reply
from core.reception import is_busy
from core.records import EventKey, InboxRow, Session, StepCommit
from core.store import Store
from core.wakeups import Wakeups

LOOK_AGAIN = 1.0  # s; another process may have committed
LONGEST = 500  # messages in one answer


class Replies:
    """Builds replies, waiting for the run to rest where the caller reads the answer.

    :param signed_url: of a stored file, fresh at each reading.
    :param clock: aware UTC, the one by which timers fire.
    """

    def __init__(
        self,
        *,
        store: Store,
        driver: Driver,
        wakeups: Wakeups,
        signed_url: Callable[[Attachment], str],
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._driver = driver
        self._wakeups = wakeups
        self._signed_url = signed_url
        self._clock = clock
        # Requests that wait for a stored event to be processed; each takes itself out when it no longer does.
        self._queued: dict[tuple[str, EventKey], list[asyncio.Future[InboxRow | None]]] = {}
        self._hurried = False

    def hurry(self) -> None:
        """The process is about to stop: answer with what there is; the rest will be in the log."""
        self._hurried = True
        for waiting in self._queued.values():
            tell(waiting, None)

    # --- queued messages ---

    def processed(self, commit: StepCommit) -> None:
        """A stored event was processed: tell the requests that wait for it."""
        if not self._queued or commit.inbox is None:
            return
        for key in (commit.inbox.key, *commit.consumed):
            tell(self._queued.get((commit.session.id, key), ()), commit.inbox)

    async def _until_processed(self, session_id: str, key: EventKey, deadline: float) -> InboxRow | None:
        """The row once its turn was taken; None if that takes too long, or the process is about to stop."""
        told: asyncio.Future[InboxRow | None] = asyncio.get_running_loop().create_future()
        waiting = self._queued.setdefault((session_id, key), [])
        waiting.append(told)
        try:
            while (left := deadline - time.monotonic()) > 0 and not self._hurried:
                row = await self._store.event(session_id, key)
                if row is not None and row.state != "new":
                    return row
                await asyncio.wait((told,), timeout=min(LOOK_AGAIN, left))
                if told.done():
                    return told.result()
            return None
        finally:
            waiting.remove(told)
            if not waiting:
                del self._queued[session_id, key]

    # --- replies ---

    async def reply(self, result: Result, *, wait: float) -> Reply:
        """The answer to an event that was committed, or to a repetition of one.

        :param wait: seconds to wait for the run to rest; 0: answer at once.
        """
        deadline = time.monotonic() + wait
        outcome: Any = "dup" if result.kind == "dup" else "ok"
        session = result.session
        assert session is not None
        row = result.duplicate or (result.commit.inbox if result.commit else None)
        if row is None:
            return self.status(session)
        accepted = row.seq_from if row.seq_from else 0
        if row.state == "new":
            is_soon = wait > 0 and not self._pauses_for(session, wait)
            done = await self._until_processed(session.id, row.key, deadline) if is_soon else None
            if done is None:
                return await self._now(session, outcome, accepted)
            row = done
        elif result.commit is not None and not continues(session, row.turn):
            return self._at_rest(session, outcome, said(result.commit.messages), own(result.commit))
        if wait:
            session = await self._rest(session, row.turn, deadline)
        messages = await self._of_turn(session.id, row)
        return self._at_rest(session, outcome, messages, accepted)

    async def _rest(self, session: Session, turn: int, deadline: float) -> Session:
        """The session once its turn is over, or as it is at the deadline."""
        while (left := deadline - time.monotonic()) > 0 and not self._hurried:
            current = await self._driver.session(session.id)
            if current is None:
                return session
            session = current
            if self._hurried or not continues(session, turn):
                break
            await self._wakeups.changed(session.id, min(LOOK_AGAIN, left))
        return session

    def _pauses_for(self, session: Session, seconds: float) -> bool:
        """The run has paused (WAIT), and for longer than that."""
        until = session.waiting.until
        if session.waiting.kind != "wait" or until is None:
            return False
        return (until - self._clock()).total_seconds() > seconds

    async def _of_turn(self, session_id: str, row: InboxRow) -> tuple[Message, ...]:
        """What the person was told in the turn of *row*."""
        start = row.seq_from - 1 if row.seq_from else row.seq_to
        lines = await self._store.messages(session_id, after=start, limit=LONGEST)
        prefix = turn_prefix(session_id, row.turn)
        return said([line for line in lines if line.id.startswith(prefix)])

    async def _now(self, session: Session, outcome: Any, accepted: int) -> Reply:
        current = await self._driver.session(session.id) or session
        return replace(self._at_rest(current, outcome, (), accepted), pending=True)

    def status(self, session: Session) -> Reply:
        """How a session stands, without messages."""
        return self._at_rest(session, "ok", (), 0)

    def _at_rest(self, session: Session, outcome: Any, messages: Sequence[Message], accepted: int) -> Reply:
        return Reply(
            outcome=outcome,
            session_id=session.id,
            messages=self.shown(messages),
            waiting=session.waiting.kind == "hear",
            pending=goes_on_alone(session),
            seq=session.seq,
            accepted=accepted,
        )

    def shown(self, messages: Sequence[Message]) -> tuple[Message, ...]:
        """Messages as they leave: stored files get a signed URL."""
        return tuple(self._with_urls(message) if message.parts else message for message in messages)

    def _with_urls(self, message: Message) -> Message:
        if not any("mime" in part for part in message.parts):
            return message
        return replace(message, parts=tuple(self._with_url(part) for part in message.parts))

    def _with_url(self, part: Any) -> Any:
        if "mime" not in part:
            return part
        shown = {key: value for key, value in part.items() if key != "id"}
        if part.get("id"):
            file = Attachment(id=part["id"], name=part["name"], mime=part["mime"], size=part["size"])
            shown["url"] = self._signed_url(file)
        return shown


def continues(session: Session, turn: int) -> bool:
    """The run goes on by itself in this very turn: an outside call or a WAIT of at most a second."""
    return turn != 0 and session.waiting.turn == turn


def goes_on_alone(session: Session) -> bool:
    """More can come without the person: a call or a WAIT is under way, messages queue, or a HEAR may time out."""
    return is_busy(session) or session.backlog > 0 or session.waiting.until is not None


def tell(waiting: Sequence[asyncio.Future[InboxRow | None]], row: InboxRow | None) -> None:
    for future in waiting:
        if not future.done():
            future.set_result(row)


def said(messages: Sequence[Message]) -> tuple[Message, ...]:
    return tuple(message for message in messages if message.role != "user")


def own(commit: StepCommit) -> int:
    """The seq of the person's own message; 0 if the event left none."""
    first = commit.messages[0] if commit.messages else None
    if first is not None and first.role == "user":
        return first.seq
    return 0
