"""Delivery from the outbox: order, joining, what becomes of every answer, doubt, windows, slow neighbours."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from core import failpoints
from core.adapter import Account, Part, SendContext
from core.delivery import FAIR_TRIES, Delivery, backoff
from core.dispatcher import Dispatcher, lanes
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
from core.records import Address, AddressKey, OutboxRow, Session, StepCommit
from core.rendering import Payload
from core.sealing import Sealer
from core.sqlite import SqliteStore

NOW = datetime.now(UTC)
Script = Callable[[Part, SendContext], SendResult]


class Pigeon:
    """A channel that sends by calling *script*, and remembers what it was asked to send."""

    name = "pigeon"
    settings = msgspec.Struct

    def __init__(self, script: Script | None = None, **capabilities: Any) -> None:
        self.capabilities = Capabilities(text=100, coalesce="turn", **capabilities)
        self.sent: list[tuple[str, int, str]] = []
        self.gate: dict[str, asyncio.Event] = {}
        self.script = script or (lambda part, context: Sent(f"{context.outbox_id}.{part.index}"))
        self.arrived = asyncio.Event()

    def routes(self) -> Sequence[Any]:
        return ()

    async def verify(self, webhook: Any, account: Account) -> None: ...

    def parse(self, webhook: Any, account: Account) -> Any: ...

    def render(self, outbound: Outbound, capabilities: Capabilities) -> Sequence[Part]:
        parts = [{"to": outbound.address, "text": text} for text in outbound.texts]
        parts += [{"to": outbound.address, "text": file.url} for file in outbound.media]
        return [Part(index=place, payload=payload) for place, payload in enumerate(parts)]

    async def send(self, part: Part, context: SendContext) -> SendResult:
        if part.payload["to"] in self.gate:
            await self.gate[part.payload["to"]].wait()
        self.sent.append((context.outbox_id, part.index, part.payload["text"]))
        self.arrived.set()
        return self.script(part, context)

    async def wait_for(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.sent) < count:
                self.arrived.clear()
                await self.arrived.wait()


class Homing(Pigeon):
    """A pigeon whose provider can be asked what became of a part."""

    def __init__(self, answer: SendResult | None, **more: Any) -> None:
        super().__init__(**more)
        self.answer = answer

    async def reconcile(self, part: Part, context: SendContext, since: datetime) -> SendResult | None:
        return self.answer

    def reconcile_after(self, account: Account) -> float:
        return 60.0


class Files:
    def signed_url(self, attachment: Attachment) -> str:
        return f"https://bot.example/files/{attachment.id}?sig=x"


ACCOUNT = Account(name="main", bot="b", settings=None)
ACCOUNTS = {("pigeon", "main"): ACCOUNT}


@pytest.fixture
async def store(tmp_path: Any) -> AsyncIterator[SqliteStore]:
    opened = SqliteStore(tmp_path / "t.db", sealer=Sealer(bytes(32)))
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture(autouse=True)
def _disarm() -> Any:
    yield
    failpoints.arm("")


def make_row(row: str, text: str = "hi", *, lane: str = "ana", seq: int = 1, **changes: Any) -> OutboxRow:
    plain: dict[str, Any] = {
        "id": row, "session_id": f"s-{lane}", "channel": "pigeon", "account": "main", "address": lane,
        "bot": "b", "seq": seq, "turn": 1, "created_at": NOW,
        "payload": msgspec.json.encode(Payload(texts=(text,))),
    }  # fmt: skip
    return OutboxRow(**{**plain, **changes})


async def put(store: SqliteStore, *rows: OutboxRow, **address: Any) -> None:
    """Commit *rows*, a session to each lane, its person heard from just now."""
    for lane in lanes(rows):
        first = lane[0]
        key = AddressKey("b", "pigeon", "main", first.address)
        session = await store.load(first.session_id)
        if session is None:
            session = Session(
                id=first.session_id, bot="b", channel="pigeon", created_at=NOW, last_activity=NOW
            )
            known = Address(key=key, session_id=session.id)
            session = await store.create(session, address=known, token=None)
        known = Address(key=key, session_id=session.id, **{"last_inbound": datetime.now(UTC), **address})
        step = StepCommit(
            guard="control", expected=session.version, session=session, outbox=tuple(lane), address=known
        )
        assert (await store.commit(step)).kind == "ok"


async def deliver(store: SqliteStore, adapter: Pigeon, accounts: Any = ACCOUNTS) -> None:
    """Claim once and deliver what was claimed."""
    delivery = Delivery(store, {"pigeon": adapter}, accounts, Files())  # type: ignore[dict-item]
    for lane in lanes(await store.claim_outbox("me", channels=("pigeon",), lease=60)):
        await delivery.deliver(lane)


async def states(store: SqliteStore) -> dict[str, str]:
    every = ("open", "ready", "inflight", "sent", "unknown", "held", "dead")
    return {row.id: row.state for row in await store.list_outbox(states=every)}


async def only(store: SqliteStore) -> OutboxRow:
    (row,) = await store.list_outbox(states=("ready", "inflight", "sent", "unknown", "held", "dead"))
    return row


@asynccontextmanager
async def running(store: SqliteStore, adapter: Pigeon) -> AsyncIterator[Dispatcher]:
    dispatcher = Dispatcher(store, {"pigeon": adapter}, ACCOUNTS, Files(), "me")  # type: ignore[dict-item]
    task = asyncio.create_task(dispatcher.run())
    try:
        yield dispatcher
    finally:
        await dispatcher.drain(5)
        await task


async def test_the_rows_of_a_turn_leave_as_one_message_and_the_next_turn_as_another(
    store: SqliteStore,
) -> None:
    adapter = Pigeon()
    rows = [make_row(f"r{seq}", f"text {seq}", seq=seq, turn=1 if seq < 3 else 2) for seq in (1, 2, 3)]
    await put(store, *rows)
    await deliver(store, adapter)
    await deliver(store, adapter)
    assert adapter.sent == [("r1", 0, "text 1\n\ntext 2"), ("r3", 0, "text 3")]
    assert await states(store) == {"r1": "sent", "r2": "sent", "r3": "sent"}


async def test_a_long_text_leaves_part_by_part_in_order(store: SqliteStore) -> None:
    adapter = Pigeon()
    await put(store, make_row("r1", "\n\n".join(f"{letter * 80}." for letter in "abc")))
    await deliver(store, adapter)
    assert [(part, text[0]) for _, part, text in adapter.sent] == [(0, "a"), (1, "b"), (2, "c")]
    assert (await only(store)).parts_done == ("r1.0", "r1.1", "r1.2")


async def test_a_stored_file_goes_out_by_its_signed_address(store: SqliteStore) -> None:
    adapter = Pigeon(media=("image/*",))
    payload = Payload(texts=("Look",), media=(Attachment(id="f1", mime="image/png"),))
    await put(store, make_row("r1", payload=msgspec.json.encode(payload)))
    await deliver(store, adapter)
    assert adapter.sent[-1] == ("r1", 1, "https://bot.example/files/f1?sig=x")


@pytest.mark.parametrize(
    ("result", "state", "wait", "error"),
    [
        (Retry(after=120), "ready", (119, 121), "refused for now"),
        (Retry(reason="500"), "ready", (0, 1.1), "500"),
        (Permanent("400 no such number"), "dead", None, "400 no such number"),
        (WindowClosed(), "held", None, "window"),
        (Unknown("lost"), "unknown", (59, 61), "in doubt: lost"),
        ("nonsense", "unknown", (59, 61), "in doubt: send returned 'nonsense'"),
    ],
)
async def test_every_answer_settles_the_row(
    store: SqliteStore, result: Any, state: str, wait: tuple[float, float] | None, error: str
) -> None:
    adapter = Homing(None, script=lambda part, context: result)
    await put(store, make_row("r1"))
    before = datetime.now(UTC)
    await deliver(store, adapter)
    row = await only(store)
    assert (row.state, row.error) == (state, error)
    if wait:
        assert row.next_at is not None
        assert wait[0] <= (row.next_at - before).total_seconds() <= wait[1] + 1


async def test_an_adapter_that_raises_leaves_its_part_in_doubt(store: SqliteStore) -> None:
    def broken(part: Part, context: SendContext) -> SendResult:
        raise RuntimeError("bug")

    await put(store, make_row("r1"))
    await deliver(store, Homing(None, script=broken))
    assert (await only(store)).error == "in doubt: the adapter failed: RuntimeError"


async def test_a_failed_part_is_not_repeated_with_those_that_arrived(store: SqliteStore) -> None:
    answers = iter([Sent("p0"), Retry(after=1e-9), Sent("p1"), Sent("p2")])
    adapter = Pigeon(lambda part, context: next(answers))
    await put(store, make_row("r1", "\n\n".join(f"{letter * 80}." for letter in "abc")))
    await deliver(store, adapter)
    await deliver(store, adapter)
    assert [part for _, part, _ in adapter.sent] == [0, 1, 1, 2]
    assert (await only(store)).parts_done == ("p0", "p1", "p2")


async def test_a_row_that_joins_its_turn_late_does_not_change_what_was_under_way(store: SqliteStore) -> None:
    answers = iter([Sent("p0"), Retry(after=1e-9), Sent("p1"), Sent("p2")])
    adapter = Pigeon(lambda part, context: next(answers))
    await put(store, make_row("r1", "a" * 90 + ".\n\n" + "b" * 20))
    await deliver(store, adapter)
    await put(store, make_row("r2", "late", seq=2))
    await deliver(store, adapter)
    await deliver(store, adapter)
    assert [(row, text[:4]) for row, _, text in adapter.sent] == [
        ("r1", "aaaa"), ("r1", "bbbb"), ("r1", "bbbb"), ("r2", "late"),
    ]  # fmt: skip
    assert await states(store) == {"r1": "sent", "r2": "sent"}


async def test_a_row_in_doubt_that_the_provider_knows_is_sent_without_repeating_it(
    store: SqliteStore,
) -> None:
    adapter = Homing(Sent("theirs"))
    await put(store, make_row("r1", "\n\n".join(f"{letter * 80}." for letter in "ab"), state="unknown"))
    await deliver(store, adapter)
    assert [part for _, part, _ in adapter.sent] == [1]
    assert (await only(store)).parts_done == ("theirs", "r1.1")


@pytest.mark.parametrize("known", ["its own earlier part", "an earlier message"])
async def test_a_part_in_doubt_is_not_taken_for_an_equal_one_that_was_sent_before(
    store: SqliteStore, known: str
) -> None:
    adapter = Homing(Sent("earlier"))
    text = "\n\n".join(["again, please"] * 7)  # two parts, the second of them in doubt
    if known == "its own earlier part":
        row = make_row("r1", text, state="unknown", error="in doubt: lost", parts_done=("earlier",))
        await put(store, row)
    else:
        await put(store, make_row("r0", "again, please"))
        adapter.script = lambda part, context: Sent("earlier")
        await deliver(store, adapter)
        adapter.script = lambda part, context: Sent(f"{context.outbox_id}.{part.index}")
        await put(store, make_row("r1", "again, please", seq=2, state="unknown", error="in doubt: lost"))
    await deliver(store, adapter)
    row = next(row for row in await store.list_outbox(states=("sent",)) if row.id == "r1")
    assert row.parts_done[-1] == f"r1.{len(row.parts_done) - 1}"


async def test_a_row_in_doubt_is_left_alone_first_and_repeated_only_if_the_provider_does_not_know_it(
    store: SqliteStore,
) -> None:
    adapter = Homing(Retry())
    await put(store, make_row("r1", state="unknown"))
    await deliver(store, adapter)
    row = await only(store)
    assert (row.state, adapter.sent) == ("unknown", [])
    assert row.next_at is not None
    assert (row.next_at - NOW).total_seconds() > 55
    await put(store, make_row("r2", lane="bob", state="unknown", error=row.error))
    await deliver(store, adapter)
    assert adapter.sent == [("r2", 0, "hi")]


async def test_a_row_stays_in_doubt_while_the_provider_cannot_be_asked(store: SqliteStore) -> None:
    await put(store, make_row("r1", state="unknown", error="in doubt: lost"))
    adapter = Homing(None)
    await deliver(store, adapter)
    assert ((await only(store)).state, adapter.sent) == ("unknown", [])


async def test_a_channel_that_cannot_be_asked_sends_a_row_in_doubt_again(store: SqliteStore) -> None:
    adapter = Pigeon()
    await put(store, make_row("r1", state="unknown"))
    await deliver(store, adapter)
    assert ((await only(store)).state, len(adapter.sent)) == ("sent", 1)


async def test_a_report_settles_a_row_in_doubt_and_the_rest_of_it_goes_out(store: SqliteStore) -> None:
    adapter = Homing(None, script=lambda part, context: Unknown() if part.index == 0 else Sent("p1"))
    await put(store, make_row("r1", "\n\n".join(f"{letter * 80}." for letter in "ab")))
    await deliver(store, adapter)
    await store.apply_delivery(
        "pigeon", "main", DeliveryStatus(outbox_id="r1", part=0, provider_id="p0", state="sent")
    )
    await deliver(store, adapter)
    row = await only(store)
    assert (row.state, row.parts_done, [part for _, part, _ in adapter.sent]) == (
        "sent",
        ("p0", "p1"),
        [0, 1],
    )


async def test_a_row_older_than_the_channel_retries_is_given_up_with_the_last_reason(
    store: SqliteStore,
) -> None:
    adapter = Pigeon(lambda part, context: Retry(reason="503"), retry_for=3600)
    await put(store, make_row("r1", created_at=NOW - timedelta(hours=2), attempts=FAIR_TRIES - 1))
    await deliver(store, adapter)
    row = await only(store)
    assert row.state == "dead"
    assert row.error.startswith("given up after 2.0 h: 503")


async def test_a_row_that_was_held_for_days_is_not_given_up_at_the_first_failure(store: SqliteStore) -> None:
    adapter = Pigeon(lambda part, context: Retry(reason="429"), window=3600, retry_for=3600)
    day_ago = NOW - timedelta(days=1)
    await put(store, make_row("r1", created_at=day_ago), last_inbound=day_ago)
    await deliver(store, adapter)
    assert await states(store) == {"r1": "held"}
    await store.change_outbox("r1", "ready")
    await put(store, make_row("r2", seq=2), last_inbound=NOW)  # the person has written again
    await deliver(store, adapter)
    assert (await states(store))["r1"] == "ready"


async def test_an_expired_row_is_never_sent(store: SqliteStore) -> None:
    adapter = Pigeon()
    await put(store, make_row("r1", expires_at=NOW - timedelta(seconds=1)))
    await deliver(store, adapter)
    assert (await states(store), adapter.sent) == ({"r1": "dead"}, [])


async def test_a_dead_row_frees_its_lane_and_a_held_one_does_not(store: SqliteStore) -> None:
    adapter = Pigeon(
        lambda part, context: {"r1": Permanent("no"), "r3": WindowClosed()}.get(context.outbox_id, Sent("p"))
    )  # type: ignore[arg-type,return-value]
    for lane, first in [("ana", "r1"), ("bob", "r3")]:
        await put(store, make_row(first, lane=lane), make_row(f"{first}b", lane=lane, seq=2, turn=2))
    await deliver(store, adapter)
    await deliver(store, adapter)
    assert await states(store) == {"r1": "dead", "r1b": "sent", "r3": "held", "r3b": "ready"}


@pytest.mark.parametrize("heard", [None, NOW - timedelta(hours=25)])
async def test_outside_the_window_a_row_is_held_without_asking_the_provider(
    store: SqliteStore, heard: datetime | None
) -> None:
    adapter = Pigeon(window=86_400)
    await put(store, make_row("r1"), last_inbound=heard)
    await deliver(store, adapter)
    assert ((await only(store)).state, (await only(store)).error, adapter.sent) == ("held", "window", [])


async def test_who_has_opted_out_is_sent_nothing(store: SqliteStore) -> None:
    adapter = Pigeon()
    await put(store, make_row("r1"), opted_out=True)
    await deliver(store, adapter)
    assert ((await only(store)).state, adapter.sent) == ("dead", [])


async def test_rows_of_an_account_that_is_off_are_held_until_it_is_on_again(store: SqliteStore) -> None:
    adapter = Pigeon()
    await put(store, make_row("r1"))
    await deliver(store, adapter, accounts={})
    assert (await only(store)).state == "held"
    async with running(store, adapter):
        await adapter.wait_for(1)
    assert (await only(store)).state == "sent"


async def test_a_damaged_payload_is_a_dead_letter_and_the_lane_goes_on(store: SqliteStore) -> None:
    adapter = Pigeon()
    await put(store, make_row("r1", payload=b'{"texts": 5'), make_row("r2", seq=2, turn=2))
    await deliver(store, adapter)
    await deliver(store, adapter)
    assert await states(store) == {"r1": "dead", "r2": "sent"}


async def test_a_message_that_the_adapter_cannot_render_is_a_dead_letter(store: SqliteStore) -> None:
    class Clumsy(Pigeon):
        def render(self, outbound: Outbound, capabilities: Capabilities) -> Sequence[Part]:
            raise KeyError("bug")

    await put(store, make_row("r1"))
    await deliver(store, Clumsy())
    assert ((await only(store)).state, (await only(store)).error) == (
        "dead",
        "the adapter cannot render it: KeyError",
    )


async def test_one_hanging_lane_holds_up_no_other_and_order_is_kept_within_each(store: SqliteStore) -> None:
    adapter = Pigeon()
    adapter.gate["ana"] = asyncio.Event()
    for lane in ("ana", "bob"):
        await put(store, *[make_row(f"{lane}{seq}", lane=lane, seq=seq, turn=seq) for seq in range(1, 6)])
    async with running(store, adapter):
        await adapter.wait_for(5)
        assert [row for row, _, _ in adapter.sent] == [f"bob{seq}" for seq in range(1, 6)]
        adapter.gate["ana"].set()
        await adapter.wait_for(10)
    assert [row for row, _, _ in adapter.sent[5:]] == [f"ana{seq}" for seq in range(1, 6)]


async def test_draining_waits_for_what_is_under_way_and_starts_nothing_new(store: SqliteStore) -> None:
    adapter = Pigeon()
    adapter.gate["ana"] = asyncio.Event()
    await put(store, make_row("r1"))
    dispatcher = Dispatcher(store, {"pigeon": adapter}, ACCOUNTS, Files(), "me")  # type: ignore[dict-item]
    task = asyncio.create_task(dispatcher.run())
    while (await states(store))["r1"] != "inflight":  # noqa: ASYNC110
        await asyncio.sleep(0)
    draining = asyncio.create_task(dispatcher.drain(5))
    await put(store, make_row("r2", lane="bob"))
    adapter.gate["ana"].set()
    await draining
    await task
    assert await states(store) == {"r1": "sent", "r2": "ready"}


async def test_what_is_committed_goes_out_at_once_when_the_dispatcher_is_woken(store: SqliteStore) -> None:
    adapter = Pigeon()
    async with running(store, adapter) as dispatcher:
        await put(store, make_row("r1"))
        dispatcher.wake()
        await adapter.wait_for(1)
    assert await states(store) == {"r1": "sent"}


async def test_a_worker_whose_lease_was_taken_over_writes_nothing(store: SqliteStore) -> None:
    def taken(part: Part, context: SendContext) -> SendResult:
        return Sent("late")

    adapter = Pigeon(taken)
    await put(store, make_row("r1"))
    delivery = Delivery(store, {"pigeon": adapter}, ACCOUNTS, Files())  # type: ignore[dict-item]
    ours = await store.claim_outbox("me", channels=("pigeon",), lease=60)
    assert await store.change_outbox("r1", "ready")
    await delivery.deliver(ours)
    row = await only(store)
    assert (row.state, row.parts_done) == ("ready", ())


@pytest.mark.parametrize(
    "point", ["out.claimed", "out.before_send", "out.after_send_before_mark", "out.marked"]
)
async def test_a_failure_at_any_point_loses_nothing_and_doubles_nothing_that_is_known(
    store: SqliteStore, point: str
) -> None:
    accepted: list[str] = []

    def accept(part: Part, context: SendContext) -> SendResult:
        accepted.append(part.payload["text"])
        return Sent(f"p{part.index}")

    adapter = Homing(None, script=accept)
    await put(store, make_row("r1"), make_row("r2", "bye", lane="ana", seq=2, turn=2))
    failpoints.arm(f"{point}:raise@1")
    with pytest.raises(failpoints.FailpointError):
        await deliver(store, adapter)
    failpoints.arm("")
    await store.change_outbox("r1", "unknown")
    adapter.answer = Sent("p0") if accepted else Retry()
    row = (await store.list_outbox(states=("unknown",)))[0]
    if not accepted:  # the second look, after it was left alone
        await put(store)
        claimed = await store.claim_outbox("me", channels=("pigeon",), lease=60)
        settled = [msgspec.structs.replace(each, state="unknown", error="in doubt: x") for each in claimed]
        await store.settle_outbox(settled)
    assert row.id == "r1"
    await deliver(store, adapter)
    await deliver(store, adapter)
    assert accepted == ["hi", "bye"]
    assert await states(store) == {"r1": "sent", "r2": "sent"}


def test_the_back_off_grows_to_five_minutes_with_full_jitter() -> None:
    waits = [[backoff(attempt) for _ in range(200)] for attempt in (1, 4, 12, 5000)]
    assert [max(each) <= limit for each, limit in zip(waits, (1, 8, 300, 300), strict=True)] == [True] * 4
    assert max(waits[2]) > 150
    assert min(waits[2]) < 100
