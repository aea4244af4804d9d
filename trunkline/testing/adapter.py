"""What every channel must do, as tests. A plugin author subclasses :class:`AdapterContract` and runs pytest.

    class TestRelay(AdapterContract):
        @pytest.fixture
        async def subject(self):
            async with FakeProvider() as provider:
                yield AdapterSubject(adapter=Relay(), account=..., message=..., forgeries=..., fates=...)

The suite is the definition of ``trunkline.Adapter``: our own channels pass it too.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest
from multidict import CIMultiDict, CIMultiDictProxy

from core.adapter import Account, Adapter, Part, SendContext, Webhook
from core.errors import Refused
from core.messages import (
    Attachment,
    Capabilities,
    Inbound,
    Option,
    Outbound,
    Permanent,
    Retry,
    SendResult,
    Sent,
    Unknown,
    WindowClosed,
)
from core.rendering import degrade, width

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
SEND_CLASSES = (Sent, Retry, Permanent, WindowClosed, Unknown)
WORD = "lorem"


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterSubject:
    """The channel under test and the ways to poke it.

    :param account: an account as configured, its provider a fake one.
    :param message: an authentic webhook that carries one text: ``message(text, external_id)``.
    :param forgeries: webhooks that must not get in, by what is wrong with them.
    :param fates: for each class of SendResult that the channel knows, a function that makes the provider
        treat the next message so.
    :param address: to whom a test message may be sent.
    """

    adapter: Adapter
    account: Account
    message: Callable[[str, str], Webhook]
    forgeries: Mapping[str, Webhook] = field(default_factory=dict)
    fates: Mapping[type, Callable[[], object]] = field(default_factory=dict)
    address: str = "someone"


class AdapterContract:
    """Subclass in your tests and override the fixture :meth:`subject`."""

    @pytest.fixture
    def subject(self) -> Any:
        raise NotImplementedError("override the fixture `subject`: an AdapterSubject, or a generator of one")

    # --- what it is ---

    async def test_it_is_an_adapter_with_a_plain_name(self, subject: AdapterSubject) -> None:
        assert isinstance(subject.adapter, Adapter)
        assert NAME.fullmatch(subject.adapter.name)
        assert isinstance(subject.adapter.capabilities, Capabilities)
        assert issubclass(subject.adapter.settings, msgspec.Struct)

    async def test_its_routes_lie_under_its_own_path_and_bound_the_body(
        self, subject: AdapterSubject
    ) -> None:
        for route in subject.adapter.routes():
            assert route.path.startswith("/")
            assert route.method == route.method.upper()
            assert 0 < route.max_bytes <= 64 * 1024 * 1024

    async def test_its_settings_refuse_a_key_that_nobody_reads(self, subject: AdapterSubject) -> None:
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({"no_such_setting": 1}, subject.adapter.settings)

    # --- what comes in ---

    async def test_an_authentic_request_is_let_in(self, subject: AdapterSubject) -> None:
        await subject.adapter.verify(subject.message("hello", "1"), subject.account)

    async def test_a_forged_request_is_refused_and_learns_nothing(self, subject: AdapterSubject) -> None:
        for what, webhook in (*subject.forgeries.items(), *_tampered(subject.message("hello", "1"))):
            with pytest.raises(Refused) as refused:
                await subject.adapter.verify(webhook, subject.account)
            assert refused.value.status in {401, 403}, what
            assert not _secrets(subject.account) & set(re.findall(r"\S+", refused.value.message)), what

    async def test_a_message_is_one_event_of_this_channel(self, subject: AdapterSubject) -> None:
        event = _event(subject, "hello", "1")
        assert (event.channel, event.account, event.kind) == (
            subject.adapter.name,
            subject.account.name,
            "message",
        )
        assert event.text == "hello"
        assert event.address
        assert event.external_id

    async def test_parsing_is_pure(self, subject: AdapterSubject) -> None:
        webhook = subject.message("hello", "1")
        body, headers = bytes(webhook.body), dict(webhook.headers)
        first = subject.adapter.parse(webhook, subject.account)
        # In a thread without an event loop: nothing may be awaited or scheduled.
        second = await asyncio.to_thread(subject.adapter.parse, webhook, subject.account)
        assert first == second
        assert (webhook.body, dict(webhook.headers)) == (body, headers)

    async def test_a_repeated_message_has_its_old_id_and_another_one_a_new_one(
        self, subject: AdapterSubject
    ) -> None:
        first, again, other = (_event(subject, "hello", key).external_id for key in ("1", "1", "2"))
        assert first == again != other

    async def test_texts_arrive_as_they_were_written(self, subject: AdapterSubject) -> None:
        for text in ["ünïcödé 🙂", "two\nlines", "a+b=c&d%20e", '"quoted" <b>', "x" * 5000]:
            assert _event(subject, text, "1").text == text

    # --- what goes out ---

    async def test_rendering_is_pure_and_gives_plain_data(self, subject: AdapterSubject) -> None:
        for message in _messages(subject):
            first, second = _render(subject, message), _render(subject, message)
            assert first == second
            msgspec.json.encode([part.payload for part in first])

    async def test_rendering_stays_within_the_capabilities(self, subject: AdapterSubject) -> None:
        limit = subject.adapter.capabilities.text
        for message in _messages(subject):
            parts = _render(subject, message)
            said = [text for part in parts for text in _strings(part.payload) if WORD in text]
            assert said or WORD not in message.texts[0], "the text of the message is not in its parts"
            assert not limit or all(width(text) <= limit for text in said)

    async def test_every_option_that_the_core_leaves_is_shown(self, subject: AdapterSubject) -> None:
        for message in _messages(subject):
            shown = [text for part in _render(subject, message) for text in _strings(part.payload)]
            for option in message.options:
                assert any(option.title in text for text in shown), option

    @pytest.mark.parametrize("expected", SEND_CLASSES, ids=lambda each: each.__name__.lower())
    async def test_every_fate_of_a_message_has_its_class(
        self, subject: AdapterSubject, expected: type
    ) -> None:
        if subject.adapter.capabilities.reply != "push":
            pytest.skip("this channel is not sent to: its messages are read from the log or the answer")
        if expected not in subject.fates:
            assert expected is WindowClosed, f"`fates` must say how a provider makes {expected.__name__}"
            pytest.skip("this channel has no window")
        subject.fates[expected]()
        result = await _send(subject)
        assert isinstance(result, expected), result
        if isinstance(result, Sent):
            assert result.provider_id
        elif not isinstance(result, Retry | WindowClosed | Unknown):
            assert result.reason, "an operator must be told why"

    # --- through the core ---

    async def test_a_message_that_is_delivered_twice_makes_one_turn(
        self, subject: AdapterSubject, tmp_path: Path
    ) -> None:
        async with engine(subject, tmp_path) as submit:
            first, again = [await submit(subject.message("hello", "1")) for _ in range(2)]
            other = await submit(subject.message("hello", "2"))
        assert [first.outcome, again.outcome, other.outcome] == ["ok", "dup", "ok"]
        assert first.session_id == again.session_id == other.session_id
        assert first.seq == again.seq < other.seq


@asynccontextmanager
async def engine(subject: AdapterSubject, folder: Path) -> AsyncIterator[Callable[[Webhook], Any]]:
    """A real engine on a store in *folder*, with a bot that echoes; yields ``submit(webhook)``."""
    from core.bots import Bot, BotSettings  # noqa: PLC0415  (the language is large)
    from core.engine import Engine  # noqa: PLC0415
    from core.keywords import HOST_KEYWORDS  # noqa: PLC0415
    from core.limits import ServerLimits  # noqa: PLC0415
    from core.sealing import Sealer  # noqa: PLC0415
    from core.sqlite import SqliteStore  # noqa: PLC0415
    from interpreter.keywords import INTERPRETER_KEYWORDS, KeywordTable  # noqa: PLC0415
    from interpreter.program import compile_release  # noqa: PLC0415

    keywords = KeywordTable((*INTERPRETER_KEYWORDS, *HOST_KEYWORDS))
    release = compile_release({"start": 'TALK "ready"\nDO\nHEAR line\nTALK line\nLOOP'}, keywords)
    bot = Bot(name=subject.account.bot, settings=BotSettings(), release=release)
    adapter = subject.adapter
    store = SqliteStore(folder / "contract.db", sealer=Sealer(bytes(32)))
    await store.open()
    running = Engine(
        store=store,
        bots=_OneBot(bot),
        keywords=keywords,
        adapters={adapter.name: adapter},
        accounts={(adapter.name, subject.account.name): subject.account},
        data=folder,
        secret_key=bytes(32),
        server=ServerLimits(),
    )
    await running.start()

    async def submit(webhook: Webhook) -> Any:
        await adapter.verify(webhook, subject.account)
        (event,) = adapter.parse(webhook, subject.account).events
        return await running.submit(event, bot=bot.name)

    try:
        yield submit
    finally:
        await running.drain(5)
        running.close()
        await store.close()


class _OneBot:
    def __init__(self, bot: Any) -> None:
        self._bot = bot

    def get(self, name: str) -> Any:
        return self._bot

    def names(self) -> Sequence[str]:
        return [self._bot.name]


def _event(subject: AdapterSubject, text: str, key: str) -> Inbound:
    (event,) = subject.adapter.parse(subject.message(text, key), subject.account).events
    return event


def _render(subject: AdapterSubject, message: Outbound) -> Sequence[Part]:
    return subject.adapter.render(message, subject.adapter.capabilities)


def _messages(subject: AdapterSubject) -> Iterator[Outbound]:
    """Messages of many shapes, as the core hands them to this channel."""
    files = (Attachment(url="https://bot.example/f", mime="image/png", name="f.png"),)
    plain = Outbound(
        id="o",
        channel=subject.adapter.name,
        account=subject.account.name,
        address=subject.address,
        prompt="7",
    )
    texts = [
        f"{WORD} ipsum",
        f"**{WORD}** _ipsum_ `dolor` [sit](https://a.example)",
        f"{WORD} 🙂 amet. " * 400,
    ]
    for text in texts:
        for count in (0, 2, 3, 4, 10, 11, 30):
            options = tuple(Option(f"{place}", f"Option {place}") for place in range(1, count + 1))
            for media in ((), files):
                said = msgspec.structs.replace(plain, texts=(text,), options=options, media=media)
                yield from (each for each in degrade(said, subject.adapter.capabilities) if each.texts)


async def _send(subject: AdapterSubject) -> SendResult:
    said = Outbound(
        id="o",
        channel=subject.adapter.name,
        account=subject.account.name,
        address=subject.address,
        texts=(WORD,),
    )
    (message,) = degrade(said, subject.adapter.capabilities)
    (part,) = _render(subject, message)
    context = SendContext(
        account=subject.account, outbox_id="o", attempt=1, cache=_Cache(), signed_url=lambda file: file.url
    )
    return await subject.adapter.send(part, context)


class _Cache:
    def __init__(self) -> None:
        self._values: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self._values.get(key)

    async def put(self, key: str, value: str) -> None:
        self._values[key] = value


def _tampered(webhook: Webhook) -> Iterator[tuple[str, Webhook]]:
    """The authentic request with something changed or missing: none may get in."""
    for place in {0, len(webhook.body) // 2, len(webhook.body) - 1}:
        changed = bytes([*webhook.body[:place], webhook.body[place] ^ 1, *webhook.body[place + 1 :]])
        yield f"bit {place} of the body", replace(webhook, body=changed)
    yield "no body", replace(webhook, body=b"")
    kept = [(name, value) for name, value in webhook.headers.items() if name.lower() == "content-type"]
    yield "no other headers", replace(webhook, headers=CIMultiDictProxy(CIMultiDict(kept)))


def _secrets(account: Account) -> set[str]:
    values = msgspec.to_builtins(account.settings)
    return {each for each in _strings(values) if len(each) > 15}


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _strings(each)
    elif isinstance(value, Sequence):
        for each in value:
            yield from _strings(each)
