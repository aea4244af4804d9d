"""What one step will write, collected: log lines, outbox rows, the session's next row. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from core import events
from core.host import Host
from core.messages import Message, Option
from core.records import Address, AddressKey, Effect, OutboxRow, Session, StepCommit, Timer, Waiting
from core.rendering import Payload
from core.scene import Scene
from interpreter.effects import Hear, Outside, Suspension, Wait
from interpreter.effects import Option as Choice

SHORT_WAIT = 1.0  # s; a WAIT up to this does not end the turn (docs/reference/http.md)
OPEN_FOR = timedelta(seconds=30)  # an open outbox row leaves at the latest then
SEEN_LIMIT = 64  # characters of a profile field's name and 512 of its value are kept

encode_payload = msgspec.json.Encoder().encode


class Draft:
    """The writes of one step. ``commit`` makes them a value.

    :param lane: where the messages go out, if their channel pushes.
    :param turn: the number that this step's messages carry.
    """

    def __init__(self, session: Session, scene: Scene, *, lane: AddressKey | None, turn: int) -> None:
        self.session = session
        self.scene = scene
        self.turn = turn
        self.seq = session.seq
        self.messages: list[Message] = []
        self.changes: dict[str, Any] = {}
        self.writes: dict[str, Any] = {}
        self.closes = True
        self._rows: list[OutboxRow] = []
        self._lane = lane if lane and not (scene.address and scene.address.opted_out) else None

    # --- the log and the outbox ---

    def log(self, role: Any, text: str, parts: Sequence[Mapping[str, Any]] = ()) -> Message:
        self.seq += 1
        message = Message(
            seq=self.seq,
            id=message_id(self.session.id, self.turn, self.seq),
            role=role,
            text=text,
            parts=tuple(parts),
            created_at=self.scene.now,
        )
        self.messages.append(message)
        return message

    def say(
        self, text: str, *, system: bool = False, options: Sequence[Option] = (), prompt: int | None = None
    ) -> None:
        """Log a message to the person and, where the channel pushes, put it in the outbox."""
        shown = str(self.session.suspension if prompt is None else prompt)
        parts = [suggestions(options, shown)] if options else ()
        message = self.log("system" if system else "assistant", text, parts)
        if self._lane is None:
            return
        payload = Payload(
            texts=(text,) if text else (), options=tuple(options), prompt=shown if options else ""
        )
        self._rows.append(self._outbox_row(message, encode_payload(payload)))

    def _outbox_row(self, message: Message, payload: bytes) -> OutboxRow:
        assert self._lane is not None
        return OutboxRow(
            id=uuid.uuid4().hex,
            session_id=self.session.id,
            channel=self._lane.channel,
            account=self._lane.account,
            address=self._lane.address,
            bot=self.session.bot,
            seq=message.seq,
            turn=self.turn,
            payload=payload,
            created_at=self.scene.now,
        )

    # --- the session's next row ---

    def suspend(self, suspension: Suspension | None, options: Sequence[Choice], calls: int) -> None:
        """Note what the session waits for now; every run step takes a new suspension id."""
        number = self.session.suspension + 1
        self.changes["suspension"] = number
        if self.session.waiting.until is not None:
            self.writes["cancel_timers"] = True
        if suspension is None:
            self.changes["release"] = ""
            self.changes["waiting"] = Waiting(options=triples(options)) if options else NOTHING
            return
        self.changes["release"] = self.scene.release.digest
        if isinstance(suspension, Hear):
            self._hear(suspension, options, number)
        elif isinstance(suspension, Wait):
            until = self.scene.now + timedelta(seconds=suspension.seconds)
            self.closes = suspension.seconds > SHORT_WAIT
            turn = 0 if self.closes else self.turn
            self.changes["waiting"] = Waiting(
                kind="wait", until=until, turn=turn, calls=0 if self.closes else calls
            )
            self._timer("wait", until, number)
        else:
            self._outside(suspension, number, calls)

    def _hear(self, hear: Hear, options: Sequence[Choice], number: int) -> None:
        until = self.scene.now + timedelta(seconds=hear.timeout) if hear.timeout > 0 else None
        self.changes["waiting"] = Waiting(
            kind="hear",
            variable=hear.variable,
            type=hear.kind,
            prompt=hear.prompt,
            options=triples(hear.options or options),
            secret=hear.secret,
            until=until,
        )
        if until is not None:
            self._timer("hear_timeout", until, number)

    def _timer(self, kind: Any, fire_at: datetime, number: int) -> None:
        timer = Timer(
            id=uuid.uuid4().hex, session_id=self.session.id, fire_at=fire_at, kind=kind, suspension=number
        )
        self.writes["timers"] = (timer,)

    def _outside(self, outside: Outside, number: int, calls: int) -> None:
        self.closes = False
        self.changes["waiting"] = Waiting(kind="outside", turn=self.turn, calls=calls + 1)
        self.changes["pending_effect"] = str(number)
        self.writes["effect"] = Effect(
            session_id=self.session.id,
            suspension=number,
            phrase=outside.phrase,
            arguments=events.encode(list(outside.arguments)),
            idem_key=f"{self.session.id}:{self.turn}:{number}",
            created_at=self.scene.now,
        )

    def keep(self, host: Host) -> None:
        """Take over what the handlers of local keywords wrote."""
        self.writes["memory"] = host.writes()
        context = host.context.raw()
        if context is not self.session.context:
            self.changes["context"] = context
        if host.profile is not self.session.profile:
            self.changes["profile"] = {**self.changes.get("profile", self.session.profile), **host.profile}

    # --- as a value ---

    def commit(self, guard: Any, *, state: Any = "done", error: str = "", **writes: Any) -> StepCommit:
        """The step's writes. *writes* are further fields of StepCommit."""
        session, row = self.session, self.scene.row
        first = row.seq_from or (session.seq + 1 if self.seq > session.seq else 0)
        inbox = replace(
            row, state=state, body=b"", error=error, turn=self.turn, seq_from=first, seq_to=self.seq
        )
        return StepCommit(
            guard="drain" if self.scene.draining else guard,
            expected=session.version,
            session=replace(session, seq=self.seq, **self.changes),
            inbox=inbox,
            consumed=tuple(other.key for other in self.scene.consumed),
            token_sha256=self.scene.token,
            messages=tuple(self.messages),
            outbox=self._released(),
            turn=self.turn,
            refuse_reuse=self.scene.strict,
            **self.writes,
            **writes,
        )

    def _released(self) -> tuple[OutboxRow, ...]:
        """Rows of a channel that joins a turn's messages stay open until the turn closes."""
        if not self._rows or self.closes or self.scene.capabilities.coalesce != "turn":
            return tuple(self._rows)
        at = self.scene.now + OPEN_FOR
        return tuple(replace(row, state="open", released_at=at) for row in self._rows)

    def address(self, **changes: Any) -> Address | None:
        """The person's address with *changes*, or None where the channel does not push."""
        if self.scene.address is None:
            return None
        return replace(self.scene.address, session_id=self.session.id, **changes)


NOTHING = Waiting()


def message_id(session_id: str, turn: int, seq: int) -> str:
    """Unique for ever; names its turn, so that a duplicate is answered with the lines of its turn."""
    return f"{session_id}.{turn}.{seq}"


def turn_prefix(session_id: str, turn: int) -> str:
    return f"{session_id}.{turn}."


def suggestions(options: Sequence[Option], prompt: str) -> dict[str, Any]:
    """The wire form of options on show (docs/reference/http.md)."""
    return {
        "type": "suggestions",
        "prompt": prompt,
        "options": [{"id": option.id, "title": option.title} for option in options],
    }


def triples(options: Sequence[Choice]) -> tuple[tuple[str, str, str], ...]:
    return tuple((option.id, option.title, str(option.value)) for option in options)


def shown_options(waiting: Waiting) -> tuple[Option, ...]:
    """The options that are on show now."""
    return tuple(Option(id, title) for id, title, _ in waiting.options)
