"""A gateway without HTTP: the engine over a store in a temporary folder, and bots written as text."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from core.adapter import Account, Adapter, Caller, Fetched, OpenedSession
from core.bots import Bot, parse_config
from core.engine import Engine
from core.errors import Refused
from core.keywords import HOST_KEYWORDS
from core.limits import ServerLimits
from core.messages import Attachment, Capabilities, Inbound, Message, Outbound, Reply, SendResult, Sent
from core.sealing import Sealer
from core.sqlite import SqliteStore
from core.store import Store
from interpreter.keywords import INTERPRETER_KEYWORDS, Keyword, KeywordTable
from interpreter.program import compile_release

KEY = b"k" * 32

MakeStore = Callable[[Path, Sealer], Store]
"""Takes the data folder; each call with the same one leads to the same data."""


def on_sqlite(data: Path, sealer: Sealer) -> Store:
    return SqliteStore(data / "store.db", sealer=sealer)


class Shelf:
    """The bots, replaced as a whole or one by one."""

    def __init__(self, table: KeywordTable) -> None:
        self._table = table
        self._bots: dict[str, Bot] = {}

    def put(self, name: str, scripts: Mapping[str, str], config: str = "", **fields: Any) -> None:
        settings, _ = parse_config(config, "config.csv")
        release = compile_release(dict(scripts), self._table)
        self._bots[name] = Bot(name=name, settings=settings, release=release, **fields)

    def get(self, name: str) -> Bot:
        if name not in self._bots:
            raise Refused(404, "E_BOT_UNKNOWN", "there is no such bot")
        return self._bots[name]

    def names(self) -> Sequence[str]:
        return tuple(self._bots)


class Phone:
    """A push channel whose provider is a list."""

    name = "phone"
    settings = msgspec.defstruct("NoSettings", [])

    def __init__(self, **capabilities: Any) -> None:
        self.capabilities = Capabilities(reply="push", coalesce="turn", opt_out=True, **capabilities)
        self.sent: list[Mapping[str, Any]] = []
        self.files: dict[str, Fetched | Exception] = {}

    def routes(self) -> Sequence[Any]:
        return ()

    async def verify(self, webhook: Any, account: Any) -> None:
        return None

    def parse(self, webhook: Any, account: Any) -> Any:
        raise NotImplementedError

    def render(self, outbound: Outbound, capabilities: Capabilities) -> Sequence[Any]:
        from core.adapter import Part

        return [Part(index=0, payload={"to": outbound.address, "texts": list(outbound.texts)})]

    async def send(self, part: Any, context: Any) -> SendResult:
        self.sent.append(part.payload)
        return Sent(provider_id=f"p{len(self.sent)}")

    async def fetch(self, attachment: Attachment, account: Account) -> Fetched:
        found = self.files[attachment.url]
        if isinstance(found, Exception):
            raise found
        return found


class World:
    """One process: start it, talk to it, kill it, start it again on the same data."""

    def __init__(
        self,
        data: Path,
        make_store: MakeStore = on_sqlite,
        *,
        keywords: Sequence[Keyword] = (),
        **server: int,
    ) -> None:
        self.data = data
        self._make_store = make_store
        self.table = KeywordTable((*INTERPRETER_KEYWORDS, *HOST_KEYWORDS, *keywords))
        self.bots = Shelf(self.table)
        self.phone = Phone()
        self.limits = ServerLimits(**server)
        self.dev = False
        self.store: Store
        self.engine: Engine
        self.number = 0

    async def start(self) -> None:
        self.store = self._make_store(self.data, Sealer(KEY))
        await self.store.open()
        adapters: dict[str, Adapter] = {"phone": self.phone}
        self.engine = Engine(
            store=self.store,
            bots=self.bots,
            keywords=self.table,
            adapters=adapters,
            accounts={("phone", "main"): Account(name="main", bot="b", settings=None)},
            data=self.data,
            secret_key=KEY,
            server=self.limits,
            dev=self.dev,
        )
        await self.engine.start()

    async def stop(self) -> None:
        await self.engine.drain(5)
        self.engine.close()
        await self.store.close()

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    # --- web ---

    async def open(self, bot: str = "b", **given: Any) -> Visitor:
        arguments = {"identity": None, "token": None, "remote": "10.0.0.1", "profile": {}} | given
        opened = await self.engine.open_session(bot=bot, **arguments)
        return Visitor(self, opened, await self.engine.authenticate(opened.token))

    # --- the push channel ---

    async def text(self, words: str, *, sender: str = "+1", key: str = "", **fields: Any) -> Reply:
        """A text message from a telephone."""
        self.number += 1
        inbound = Inbound(
            channel="phone",
            account="main",
            address=sender,
            external_id=key or f"in{self.number}",
            text=words,
            verified=True,
            **fields,
        )
        return await self.engine.submit(inbound, bot="b")

    async def sent(self, count: int) -> list[str]:
        """The texts that reached the provider, once there are *count* messages."""
        for _ in range(500):
            if len(self.phone.sent) >= count:
                break
            await asyncio.sleep(0.01)
        return ["|".join(payload["texts"]) for payload in self.phone.sent]


class Visitor:
    """A person in the web chat."""

    def __init__(self, world: World, opened: OpenedSession, caller: Caller) -> None:
        self.world = world
        self.opened = opened
        self.caller = caller
        self.first = opened.reply
        self.id = opened.session_id

    async def say(self, text: str = "", *, key: str = "", wait: bool = True, **fields: Any) -> Reply:
        inbound = Inbound(channel="web", account="", address=self.id, external_id=key, text=text, **fields)
        return await self.world.engine.submit(inbound, bot=self.caller.bot, caller=self.caller, wait=wait)

    async def tap(self, option: str, prompt: str, **fields: Any) -> Reply:
        return await self.say(kind="choice", choice=option, prompt=prompt, **fields)

    async def log(self, after: int = 0) -> list[str]:
        lines = await self.world.engine.log(self.caller, after=after, limit=500)
        return [f"{line.role}: {line.text}" for line in lines]

    async def until_log_has(self, count: int) -> None:
        """Return once the log holds *count* messages."""
        subscription = self.world.engine.subscribe(self.caller)
        try:
            async with asyncio.timeout(10):
                while len(await self.log()) < count:
                    await anext(aiter(subscription))
        finally:
            subscription.close()


def texts(messages: Sequence[Message] | Reply) -> list[str]:
    """What was said; system messages in brackets."""
    if isinstance(messages, Reply):
        messages = messages.messages
    return [f"[{message.text}]" if message.role == "system" else message.text for message in messages]


def suggestions(reply: Reply) -> Mapping[str, Any]:
    """The suggestions part of the last message that has one."""
    return next(
        part
        for message in reversed(reply.messages)
        for part in message.parts
        if part["type"] == "suggestions"
    )
