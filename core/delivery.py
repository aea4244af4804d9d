"""What happens to one claim of the outbox: a lane's head and the rows of its turn.

Parts leave one by one, each recorded before the next, so that after a crash at most the part that was under
way is in doubt. A part in doubt is reconciled with the provider before it is sent again.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import msgspec
import structlog
from prometheus_client import Counter, Histogram

from core.adapter import Account, Adapter, Part, SendContext
from core.errors import PLUGIN_ERRORS
from core.failpoints import failpoint
from core.messages import (
    Attachment,
    Capabilities,
    DeliveryStatus,
    Outbound,
    Permanent,
    Retry,
    SendResult,
    Sent,
    Unknown,
    WindowClosed,
)
from core.records import Address, AddressKey, OutboxRow
from core.rendering import degrade, join, read
from core.store import Store

log = structlog.get_logger("trunkline.delivery")

DELIVERIES = Counter(
    "trunkline_deliveries", "Outbox rows settled, by what became of them.", ["channel", "result"]
)
SECONDS = Histogram(
    "trunkline_delivery_seconds", "Time from the claim of a row to its settlement.", ["channel"]
)

SEND_TIMEOUT = 30.0  # seconds for one part, an adapter's own time-outs included
TURN_TIME = 25.0  # seconds after which a claim is given back between two parts, well before its lease ends
RECONCILE_AFTER = 60.0  # seconds that a part in doubt is left alone: the provider may report on it by itself
BACKOFF_CAP = 300.0
FAIR_TRIES = (
    8  # tries, about two minutes of them, that a message gets however old it is: it may have been held
)
IN_DOUBT = "in doubt: "


class SignsUrls(Protocol):
    """What a delivery needs of core.files."""

    def signed_url(self, attachment: Attachment) -> str: ...


@dataclass(frozen=True, slots=True)
class StoreCache:
    """SendContext's cache: strings of one account, in the store."""

    store: Store
    scope: str

    async def get(self, key: str) -> str | None:
        return await self.store.get_cache(self.scope, key)

    async def put(self, key: str, value: str) -> None:
        await self.store.put_cache(self.scope, key, value)


@dataclass(frozen=True, slots=True)
class Claim:
    """A group of rows that leave together, with all that sending them needs."""

    rows: Sequence[OutboxRow]
    adapter: Adapter
    account: Account
    parts: Sequence[Part]
    context: SendContext

    @property
    def head(self) -> OutboxRow:
        return self.rows[0]

    @property
    def rest(self) -> Sequence[Part]:
        return self.parts[len(self.head.parts_done) :]


class Delivery:
    """Delivers claimed rows. Holds no state of its own."""

    def __init__(
        self,
        store: Store,
        adapters: Mapping[str, Adapter],
        accounts: Mapping[tuple[str, str], Account],
        files: SignsUrls,
    ) -> None:
        self._store = store
        self._adapters = adapters
        self._accounts = accounts
        self._files = files

    async def deliver(self, rows: Sequence[OutboxRow]) -> None:
        """Send *rows*, claimed rows of one lane and turn, and settle them.

        :raises StoreUnavailable: what happened could not be recorded; the lease runs out.
        """
        failpoint("out.claimed")
        started = time.monotonic()
        group = together(rows)
        if len(group) < len(rows):  # released later than the rest of their turn: they leave after it
            await self._give_back(rows[len(group) :])
        result = await self._deliver(group)
        head = group[0]
        seconds = time.monotonic() - started
        DELIVERIES.labels(head.channel, result[0]).inc()
        SECONDS.labels(head.channel).observe(seconds)
        log.info(
            "delivery",
            outbox_id=head.id,
            session=head.session_id,
            channel=head.channel,
            account=head.account,
            rows=len(group),
            attempt=head.attempts,
            result=result[0],
            error=result[1],
            seconds=round(seconds, 3),
        )

    async def _deliver(self, rows: Sequence[OutboxRow]) -> tuple[str, str]:
        head = rows[0]
        adapter = self._adapters[head.channel]
        account = self._accounts.get((head.channel, head.account))
        if account is None:
            return await self._settle(rows, "held", "the channel is off")
        address = await self._store.find(AddressKey(head.bot, head.channel, head.account, head.address))
        now = datetime.now(UTC)
        blocked = _blocked(head, address, adapter.capabilities, now)
        if blocked:
            return await self._settle(rows, *blocked)
        try:
            claim = self._render(rows, adapter, account)
        except msgspec.DecodeError as error:
            return await self._settle(rows, "dead", f"the row's payload is damaged: {error}")
        except PLUGIN_ERRORS as error:  # pure code: it would fail the same way every time
            log.exception("the adapter cannot render a message", outbox_id=head.id, channel=head.channel)
            return await self._settle(rows, "dead", f"the adapter cannot render it: {type(error).__name__}")
        if head.state == "unknown" and claim.rest:
            settled = await self._reconcile(claim)
            if settled:
                return settled
        return await self._send(claim)

    def _render(self, rows: Sequence[OutboxRow], adapter: Adapter, account: Account) -> Claim:
        head = rows[0]
        parts: list[Part] = []
        for outbound in join([self._with_urls(read(row)) for row in rows], adapter.capabilities):
            for message in degrade(outbound, adapter.capabilities):
                parts.extend(adapter.render(message, adapter.capabilities))
        context = SendContext(
            account=account,
            outbox_id=head.id,
            attempt=head.attempts,
            cache=StoreCache(self._store, f"{head.channel}:{head.account}"),
            signed_url=self._files.signed_url,
        )
        numbered = [replace(part, index=index) for index, part in enumerate(parts)]
        return Claim(rows, adapter, account, numbered, context)

    def _with_urls(self, outbound: Outbound) -> Outbound:
        files = tuple(
            msgspec.structs.replace(file, url=self._files.signed_url(file)) if file.id else file
            for file in outbound.media
        )
        return msgspec.structs.replace(outbound, media=files)

    async def _send(self, claim: Claim) -> tuple[str, str]:
        started = time.monotonic()
        for part in claim.rest:
            if time.monotonic() - started > TURN_TIME:
                return await self._settle(claim.rows, "ready", "")
            failpoint("out.before_send")
            result = await _ask(claim.adapter.send(part, claim.context))
            failpoint("out.after_send_before_mark")
            if not isinstance(result, Sent):
                return await self._settle_failure(claim, result)
            if not await self._store.mark_part(claim.head, result.provider_id):
                return "fenced", "another process has taken the row over"
            failpoint("out.marked")
        return await self._settle(claim.rows, "sent", "")

    async def _reconcile(self, claim: Claim) -> tuple[str, str] | None:
        """Find out what became of the part in doubt. None: send it (again)."""
        reconcile = getattr(claim.adapter, "reconcile", None)
        if reconcile is None:
            return None
        answer = await _ask(reconcile(claim.rest[0], claim.context, claim.head.created_at))
        if isinstance(answer, Sent) and await self._is_known(claim, answer.provider_id):
            answer = Retry(reason="what the provider has is an earlier message of the same words")
        match answer:
            case Sent(provider_id):
                if not await self._store.mark_part(claim.head, provider_id):
                    return "fenced", "another process has taken the row over"
                done = (*claim.head.parts_done, provider_id)
                head = msgspec.structs.replace(claim.head, parts_done=done)
                return await self._send(replace(claim, rows=[head, *claim.rows[1:]]))
            case Retry() if claim.head.error.startswith(IN_DOUBT):
                return None  # it was left alone long enough, and the provider does not know it
            case Permanent() | WindowClosed():
                return await self._settle_failure(claim, answer)
            case _:
                return await self._settle_failure(claim, Unknown(reason=claim.head.error or "interrupted"))

    async def _is_known(self, claim: Claim, provider_id: str) -> bool:
        """Whether *provider_id* is a part that was recorded before, hence not the one in doubt."""
        if provider_id in claim.head.parts_done:
            return True
        head = claim.head
        listed = DeliveryStatus(outbox_id="", part=0, provider_id=provider_id, state="accepted")
        row = await self._store.apply_delivery(head.channel, head.account, listed)
        return row is not None and row.id != head.id

    async def _settle_failure(self, claim: Claim, result: Any) -> tuple[str, str]:
        head = claim.head
        match result:
            case Permanent(reason):
                return await self._settle(claim.rows, "dead", reason)
            case WindowClosed(reason):
                return await self._settle(claim.rows, "held", reason or "window")
            case Retry(after, reason):
                state, wait = "ready", after or backoff(head.attempts)
                reason = reason or "refused for now"
            case Unknown(reason):
                state, wait = "unknown", _patience(claim)
                reason = IN_DOUBT + reason.removeprefix(IN_DOUBT)
            case _:
                state, wait, reason = "unknown", _patience(claim), f"{IN_DOUBT}send returned {result!r}"
        now = datetime.now(UTC)
        age = (now - head.created_at).total_seconds()
        if age > claim.adapter.capabilities.retry_for and head.attempts >= FAIR_TRIES:
            return await self._settle(claim.rows, "dead", f"given up after {age / 3600:.1f} h: {reason}")
        return await self._settle(claim.rows, state, reason, next_at=now + timedelta(seconds=wait))

    async def _settle(
        self, rows: Sequence[OutboxRow], state: Any, error: str, *, next_at: datetime | None = None
    ) -> tuple[str, str]:
        await self._store.settle_outbox(
            [
                msgspec.structs.replace(row, state=state, error=error[:500], next_at=next_at or row.next_at)
                for row in rows
            ]
        )
        result = "retry" if state == "ready" and error else state
        return result, error

    async def _give_back(self, rows: Sequence[OutboxRow]) -> None:
        await self._store.settle_outbox(
            [msgspec.structs.replace(row, state="ready", attempts=max(row.attempts - 1, 0)) for row in rows]
        )


def together(rows: Sequence[OutboxRow]) -> Sequence[OutboxRow]:
    """The rows that were claimed together from the first time on.

    Once a part has left, the message must be rendered from the same rows again; rows of the turn that were
    released later have fewer attempts.
    """
    return [row for row in rows if row.attempts == rows[0].attempts]


def backoff(attempt: int) -> float:
    """Full jitter: anywhere up to 1 s, 2 s, 4 s … 300 s."""
    return random.uniform(0.05, min(BACKOFF_CAP, 2.0 ** min(max(attempt - 1, 0), 10)))  # noqa: S311


def _blocked(
    row: OutboxRow, address: Address | None, capabilities: Capabilities, now: datetime
) -> tuple[str, str] | None:
    """The state and reason that keep *row* from being sent now."""
    if address is not None and address.opted_out:
        return "dead", "the person has opted out"
    if row.expires_at is not None and row.expires_at <= now:
        return "dead", "expired before it could be sent"
    if capabilities.window and row.state != "unknown" and not row.parts_done:
        heard = address.last_inbound if address else None
        if heard is None or (now - heard).total_seconds() > capabilities.window:
            return "held", "window"
    return None


def _patience(claim: Claim) -> float:
    patience = getattr(claim.adapter, "reconcile_after", None)
    if patience is not None:
        return float(patience(claim.account))
    return RECONCILE_AFTER if hasattr(claim.adapter, "reconcile") else backoff(claim.head.attempts)


async def _ask(call: Any) -> SendResult | None:
    """*call*'s answer. An adapter that raises or never answers leaves its part in doubt."""
    try:
        async with asyncio.timeout(SEND_TIMEOUT):  # not wait_for, whose task would let a SystemExit out
            answer: SendResult | None = await call
    except TimeoutError:
        return Unknown(reason=f"no answer within {SEND_TIMEOUT:.0f} s")
    except PLUGIN_ERRORS as error:
        log.exception("the adapter failed")
        return Unknown(reason=f"the adapter failed: {type(error).__name__}")
    return answer
