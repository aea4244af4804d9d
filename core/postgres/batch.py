"""A batch of steps as one statement: its rows by table, and the parts of ``steps.sql`` that they need."""

from __future__ import annotations

import itertools
import re
import uuid
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from msgspec.structs import replace

from core.decide import LIVE
from core.postgres.queries import load
from core.postgres.rows import codec, jsonb_text, words
from core.records import HIDDEN, InboxRow, StepCommit
from core.rows import named_session
from core.sealing import Sealer

_SQL = load("steps")
_NO_EVENT = (None,) * 18
_NOWHERE = (None,) * 4

# In the order in which they stand in the statement. The parts of the first line are always there.
_ALWAYS = ("step", "locked", "waits", "allowed", "inserted", "processed", "accepted", "session", "projection")
_BEFORE_ALLOWED = ("outside", "cell")
_AFTER = (
    "message", "hide", "consume", "address", "outgoing", "close_turn", "release_held", "timer", "cancel_timers",
    "fired", "effect", "effect_result", "cancel_effects", "token", "revoke_tokens", "memory",
)  # fmt: skip
_MARKS = ("inserted", "processed", "session")  # take the batch's id


class Batch:
    """:param steps: no two of one session, and no two that write one memory cell."""

    def __init__(self, steps: Sequence[StepCommit], sealer: Sealer) -> None:
        self.id = uuid.uuid4()
        self._sealer = sealer
        self._rows: dict[str, list[tuple[Any, ...]]] = {}
        for step in steps:
            self._collect(step)

    def statement(self) -> tuple[str, list[Any]]:
        """The text and its arguments."""
        rows = self._rows
        names = tuple(
            name
            for name in (*_ALWAYS[:3], *_BEFORE_ALLOWED, *_ALWAYS[3:], *_AFTER)
            if name in _ALWAYS or name in rows or (name == "memory" and "cell" in rows)
        )
        arguments: list[Any] = []
        for name in names:
            if name in _MARKS:
                arguments.append(self.id)
            elif width := _WIDTHS[name]:
                found = rows.get(name)
                arguments.extend(zip(*found, strict=True) if found else [()] * width)
        return _composed(names), arguments

    def new_cells(self) -> list[tuple[Any, ...]] | None:
        """bot, scope and key of the memory cells that may not exist yet, by column."""
        cells = [row[1:4] for row in self._rows.get("cell", ()) if not row[5]]
        return list(zip(*cells, strict=True)) if cells else None

    # --- the rows ---

    def _add(self, name: str, *values: Any) -> None:
        self._rows.setdefault(name, []).append(values)

    def _collect(self, step: StepCommit) -> None:
        session, sealer = step.session, self._sealer
        self._add("step", *self._step(step))
        for message in step.messages:
            self._add("message", *codec.message_row(session.id, message))
        for seq in step.hide:
            self._add("hide", HIDDEN, session.id, seq)
        for key in step.consumed:
            place = (session.id, key.channel, key.account, key.external_id)
            self._add("waits", *place)
            self._add("consume", *place)
        if step.address is not None:
            self._add("address", *codec.address_row(step.address))
        if step.close_turn:
            self._add("close_turn", session.id, step.turn)
        if step.release_held and step.address is not None:
            lane = step.address.key
            self._add("release_held", session.id, lane.channel, lane.account, lane.address)
        for row in step.outbox:
            closed = step.close_turn and row.state == "open" and row.turn == step.turn
            self._add("outgoing", *codec.outbox_row(replace(row, state="ready") if closed else row, sealer))
        for token in step.tokens:
            self._add("token", *codec.token_row(token))
        if step.revoke_tokens:
            self._add("revoke_tokens", session.id)
        for write in step.memory:
            cell = write.key
            value = None if write.value is None else words(write.value)
            where = (session.id, cell.bot, cell.scope, cell.key)
            self._add("cell", *where, value, write.expected, named_session(write))
        self._collect_pending(step)

    def _collect_pending(self, step: StepCommit) -> None:
        session_id = step.session.id
        if (result := step.effect_result) is not None:
            self._add("outside")
            self._add(
                "effect_result",
                result.state,
                codec.effect_result(result, self._sealer),
                session_id,
                result.suspension,
            )
        over = step.session.state not in LIVE
        if step.cancel_timers or over:
            self._add("cancel_timers", session_id)
        if step.cancel_effects or over:
            self._add("cancel_effects", session_id)
        for timer in step.timers:
            self._add("timer", *codec.timer_row(timer))
        if step.effect is not None:
            self._add("effect", *codec.effect_row(step.effect, self._sealer))
        event = step.inbox
        if event is not None and event.kind == "timer" and event.key.external_id.startswith("timer:"):
            self._add("fired", event.key.external_id.split(":")[1], session_id)

    def _step(self, step: StepCommit) -> tuple[Any, ...]:
        came_from = step.address.key if step.address is not None else None
        result = step.effect_result
        return (
            *codec.session_row(step.session, self._sealer, None),
            step.guard,
            step.expected,
            step.resumes,
            step.token_sha256,
            step.charge,
            None if step.variables is None else jsonb_text(step.variables),
            len(step.consumed),
            len(step.memory),
            result and result.suspension,
            result and result.epoch,
            *self._event(step.inbox),
            *(
                (came_from.bot, came_from.channel, came_from.account, came_from.address)
                if came_from
                else _NOWHERE
            ),
        )

    def _event(self, inbox: InboxRow | None) -> tuple[Any, ...]:
        return _NO_EVENT if inbox is None else codec.inbox_row(inbox, self._sealer)


_WIDTHS = {name: text.count("?") for name, text in _SQL.items()}


@lru_cache(maxsize=512)
def _composed(names: tuple[str, ...]) -> str:
    guards = " ".join(_SQL[f"{name}_guard"] for name in names if f"{name}_guard" in _SQL)
    parts = ",\n".join(_SQL[name] for name in names).replace("{guards}", guards)
    numbers = itertools.count(1)
    return re.sub(r"\?", lambda _: f"${next(numbers)}", f"WITH {parts}\n{_SQL['answer']}")
