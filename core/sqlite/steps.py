"""One step inside the transaction of its batch: the guard at once, its rows at the end of the batch.

Runs in the writer's thread. The batcher sees to it that no two steps of a batch have a session or a written
memory key in common; so what a step reads here is what it will have written over.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from msgspec.structs import replace

from core.decide import LIVE, Found, decide
from core.failpoints import failpoint
from core.ratelimit import Rate, charge
from core.records import HIDDEN, EventKey, InboxRow, MemoryWrite, Outcome, Session, StepCommit
from core.rows import json_text, named_session, profile_text, reply_text, waiting_text
from core.sqlite.queries import load
from core.sqlite.rows import codec
from core.sqlite.transaction import Transaction

_SQL = load("steps")
_SELECT = load("sessions")


class Steps:
    """The steps of one batch."""

    def __init__(self, transaction: Transaction) -> None:
        self._at = transaction
        self._execute = transaction.connection.execute
        self._sealer = transaction.sealer
        self._now = transaction.now
        self._rows: defaultdict[str, list[tuple[Any, ...]]] = defaultdict(list)

    def apply(self, step: StepCommit) -> Outcome:
        """Decide *step*; if it is accepted, write its session and collect its rows."""
        committed = self._usual(step) or self._decided(step)
        if isinstance(committed, Outcome):
            return committed
        if step.inbox is not None:
            self._collect_inbox(step, step.inbox, committed)
        self._collect(step)
        return Outcome(kind="ok", session=committed)

    def flush(self) -> None:
        """Write what was collected, table by table."""
        failpoint("commit.guarded")
        for name, values in self._rows.items():
            if len(values) == 1:
                self._execute(_SQL[name], values[0])
            else:
                self._at.connection.executemany(_SQL[name], values)
        failpoint("commit.written")

    # --- the guard ---

    def _usual(self, step: StepCommit) -> Session | None:
        """One UPDATE for the step that nearly all are; None: look closer."""
        session = step.session
        if (
            step.guard != "fast"
            or session.state not in LIVE
            or session.pending_effect is not None
            or step.memory
            or step.effect_result is not None
            or (step.inbox is not None and step.inbox.state == "new")
        ):
            return None
        start, count, previous = session.rate_start, session.rate_count, session.rate_previous
        if step.charge:
            rate = charge(start, count, previous, limit=step.charge, now=self._at.seconds)
            if not rate.allowed:
                return None
            start, count, previous = rate.start, rate.count, rate.previous
        key = step.inbox.key if step.inbox is not None else None
        came_from = step.address.key if step.address is not None and key is not None else None
        cursor = self._execute(
            _SQL["guard"],
            (
                session.id,
                step.expected,
                session.state,
                session.user_id,
                session.release,
                profile_text(session.profile),
                session.accept_seq,
                session.channel,
                codec.time(session.last_activity),
                codec.maybe_time(session.expires_at),
                session.epoch,
                session.seq,
                session.message_count,
                session.suspension,
                waiting_text(session.waiting),
                start,
                count,
                previous,
                reply_text(session.reply_to),
                self._now,
                session.context.decode(),
                codec.seal_snapshot(session, self._sealer),
                step.resumes,
                step.token_sha256 and bytearray(step.token_sha256),
                key and key.channel,
                key and key.account,
                key and key.external_id,
                came_from and came_from.bot,
                came_from and came_from.channel,
                came_from and came_from.account,
                came_from and came_from.address,
            ),
        )
        if cursor.rowcount != 1:
            return None
        return replace(
            session,
            version=step.expected + 1,
            backlog=0,
            rate_start=start,
            rate_count=count,
            rate_previous=previous,
        )

    def _decided(self, step: StepCommit) -> Session | Outcome:
        found = self._look(step)
        outcome, rate = decide(step, found)
        if outcome.kind != "ok":
            return outcome
        assert found.session is not None
        session = self._next(step, found.session, found.stored, rate)
        self._execute(_SQL["write_session"], codec.session_row(session, self._sealer, self._now))
        return session

    def _look(self, step: StepCommit) -> Found:
        session_id = step.session.id
        row = self._at.one(_SELECT["session"], session_id)
        head = self._at.one(_SQL["head"], session_id) if step.guard == "drain" else None
        result = step.effect_result
        return Found(
            session=None if row is None else codec.session(row, self._sealer),
            authorised=self._at.exists(_SQL["authorised"], step.token_sha256, session_id, self._now),
            stored=self._stored(step),
            head=None if head is None else EventKey(*head),
            consumable=all(self._is_new(session_id, key) for key in step.consumed),
            effect_current=result is None
            or self._at.exists(_SQL["effect_is_current"], session_id, result.suspension, result.epoch),
            memory_current=all(map(self._is_current, step.memory)),
            now=self._at.seconds,
        )

    def _stored(self, step: StepCommit) -> InboxRow | None:
        if step.inbox is None:
            return None
        key = step.inbox.key
        event = (key.channel, key.account, key.external_id)
        row = self._at.one(_SELECT["event"], step.session.id, *event)
        if row is None and step.address is not None:
            address = step.address.key
            row = self._at.one(
                _SQL["stored_before"], *event, address.bot, address.channel, address.account, address.address
            )
        return None if row is None else codec.inbox(row, self._sealer)

    def _is_new(self, session_id: str, key: EventKey) -> bool:
        row = self._at.one(_SELECT["event"], session_id, key.channel, key.account, key.external_id)
        return row is not None and row[5] == "new"

    def _is_current(self, write: MemoryWrite) -> bool:
        if write.expected is None:
            return True
        row = self._at.one(_SQL["memory_version"], write.key.bot, write.key.scope, write.key.key)
        return (row[0] if row else 0) == write.expected

    def _next(self, step: StepCommit, found: Session, stored: InboxRow | None, rate: Rate | None) -> Session:
        """The row to write: places in the queue are counted here, where no other writer comes between."""
        stores = step.inbox is not None and step.inbox.state == "new"
        was_new = stored is not None and stored.state == "new"
        return replace(
            step.session,
            version=step.expected + 1,
            accept_seq=found.accept_seq + (stores and not was_new),
            backlog=found.backlog + stores - was_new - len(step.consumed),
            rate_start=rate.start if rate else found.rate_start,
            rate_count=rate.count if rate else found.rate_count,
            rate_previous=rate.previous if rate else found.rate_previous,
        )

    # --- the rows ---

    def _collect_inbox(self, step: StepCommit, inbox: InboxRow, committed: Session) -> None:
        if inbox.state == "new":
            inbox = replace(inbox, accept_seq=committed.accept_seq)
        self._rows["write_inbox"].append(codec.inbox_row(inbox, self._sealer))
        for key in step.consumed:
            place = (committed.id, key.channel, key.account, key.external_id)
            self._execute(_SQL["consume"], (inbox.turn, inbox.seq_from, inbox.seq_to, *place))
        if inbox.kind == "timer" and inbox.key.external_id.startswith("timer:"):
            self._execute(_SQL["timer_fired"], (inbox.key.external_id.split(":")[1], committed.id))

    def _collect(self, step: StepCommit) -> None:
        """Older rows change at once, so that the step's own are not met; those come with the batch's end."""
        session, add, sealer = step.session, self._rows, self._sealer
        for message in step.messages:
            add["write_message"].append(codec.message_row(session.id, message))
        for seq in step.hide:
            self._execute(_SQL["hide"], (HIDDEN, session.id, seq))
        if step.variables is not None:
            add["write_variables"].append((session.id, json_text(step.variables), session.context.decode()))
        if step.address is not None:
            add["write_address"].append(codec.address_row(step.address))
        if step.close_turn:
            self._execute(_SQL["close_turn"], (session.id, step.turn))
        if step.release_held and step.address is not None:
            key = step.address.key
            self._execute(_SQL["release_held"], (session.id, key.channel, key.account, key.address))
        for row in step.outbox:
            if step.close_turn and row.state == "open" and row.turn == step.turn:
                row = replace(row, state="ready")  # noqa: PLW2901
            add["write_outbox"].append(codec.outbox_row(row, sealer))
        self._collect_pending(step)
        if step.revoke_tokens:
            self._execute(_SQL["revoke_tokens"], (session.id,))
        for token in step.tokens:
            add["write_token"].append(codec.token_row(token))
        for write in step.memory:
            add["write_memory"].append(
                (
                    write.key.bot,
                    write.key.scope,
                    write.key.key,
                    write.value,
                    named_session(write),
                    self._now,
                )
            )

    def _collect_pending(self, step: StepCommit) -> None:
        session_id = step.session.id
        if (result := step.effect_result) is not None:
            self._execute(
                _SQL["write_effect_result"],
                (
                    result.state,
                    codec.effect_result(result, self._sealer),
                    session_id,
                    result.suspension,
                    result.epoch,
                ),
            )
        over = step.session.state not in LIVE
        if step.cancel_timers or over:
            self._execute(_SQL["cancel_timers"], (session_id,))
        if step.cancel_effects or over:
            self._execute(_SQL["cancel_effects"], (session_id,))
        for timer in step.timers:
            self._rows["write_timer"].append(codec.timer_row(timer))
        if step.effect is not None:
            self._rows["write_effect"].append(codec.effect_row(step.effect, self._sealer))
