"""The engine over a store in memory, with one bot, one person and a clock that a test moves.

WAIT takes no time: the clock jumps to its end. Outside keywords are not called: the test says what they give.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson

from core.adapter import Caller
from core.bots import Bot
from core.engine import Engine
from core.messages import Inbound, Message
from core.records import Session
from core.sealing import Sealer
from core.sqlite import SqliteStore
from gateway.one_bot import OneBot, console
from interpreter.errors import BasicError, unavailable
from interpreter.keywords import Keyword, KeywordTable

DRAIN = 2.0  # s
LOOK = 0.01  # s between looks at a session that an outside keyword will wake
PAGE = 500  # messages read at once


class Stage:
    """One conversation under way; see :func:`staged`."""

    def __init__(self, bot: Bot, begins: datetime) -> None:
        self.now = begins
        self.engine: Engine
        self.store: SqliteStore
        self.session_id = ""
        self._bot = bot
        self._shown = 0

    def moment(self) -> datetime:
        return self.now

    def seconds(self) -> float:
        return self.now.timestamp()

    async def begin(self) -> list[Message]:
        return await self._submit("joined")

    async def hear(self, text: str) -> list[Message]:
        return await self._submit("message", text)

    async def wait(self, seconds: float) -> list[Message]:
        """Let time pass; timers that fall due fire in order."""
        end = self.now + timedelta(seconds=seconds)
        while (due := await self.store.next_timer_at()) is not None and due <= end:
            self.now = max(self.now, due)
            await self.engine.timers.fire_due()
            await self._rest()
        self.now = end
        return await self._news()

    async def session(self) -> Session:
        session = await self.engine.driver.session(self.session_id)
        assert session is not None
        return session

    async def _submit(self, kind: Any, text: str = "") -> list[Message]:
        adapter = console()
        event = Inbound(channel=adapter.name, account="terminal", address="test", kind=kind, text=text)
        reply = await self.engine.submit(event, bot=self._bot.name, wait=False)
        self.session_id = reply.session_id
        await self._rest()
        return await self._news()

    async def _rest(self) -> None:
        """Return once the script waits for the person or has ended."""
        while (kind := (session := await self.session()).waiting.kind) in ("wait", "outside"):
            if kind == "wait":
                assert session.waiting.until is not None
                self.now = max(self.now, session.waiting.until)
                await self.engine.timers.fire_due()
            else:
                await self.engine.wakeups.changed(self.session_id, LOOK)

    async def _news(self) -> list[Message]:
        """What was said since the last look."""
        caller = Caller(session_id=self.session_id, bot=self._bot.name, token_hash=b"")
        news: list[Message] = []
        while page := await self.engine.log(caller, after=self._shown, limit=PAGE):
            news += page
            self._shown = page[-1].seq
        return [message for message in news if message.role != "user"]


@asynccontextmanager
async def staged(
    bot: Bot, table: KeywordTable, begins: datetime, answers: Iterable[str]
) -> AsyncIterator[Stage]:
    """:param answers: what outside keywords give, in the order of their calls: JSON, or else plain text."""
    stage = Stage(bot, begins)
    key = os.urandom(32)
    adapter = console()
    with TemporaryDirectory(prefix="trunkline-test-") as folder:
        stage.store = SqliteStore(":memory:", sealer=Sealer(key), clock=stage.seconds)
        await stage.store.open()
        stage.engine = Engine(
            store=stage.store,
            bots=OneBot(bot),
            keywords=_answered(table, list(answers)),
            adapters={adapter.name: adapter},
            accounts={},
            data=Path(folder),
            secret_key=key,
            clock=stage.moment,
        )
        await stage.engine.start()
        try:
            yield stage
        finally:
            await stage.engine.drain(DRAIN)
            stage.engine.close()
            await stage.store.close()


def answerable(table: KeywordTable) -> KeywordTable:
    """The keywords that scripts are compiled with: those that would leave the process wait for their answer."""
    return _answered(table, [])


def _answered(table: KeywordTable, answers: list[str]) -> KeywordTable:
    """The keywords, those that would leave the process answered by the test, whether anybody else does or not."""

    def handler(keyword: Keyword) -> Any:
        async def answer(call: Any, *arguments: Any) -> Any:
            if not answers:
                raise unavailable(keyword.phrase) if not keyword.available else _unsaid(keyword.phrase)
            text = answers.pop(0)
            try:
                return orjson.loads(text)
            except orjson.JSONDecodeError:
                return text

        return answer

    return KeywordTable(
        replace(keyword, handler=handler(keyword)) if keyword.effect == "outside" else keyword
        for keyword in table
    )


def _unsaid(phrase: str) -> BasicError:
    return BasicError(f"The test does not say what {phrase} gives", code="E_TEST")
