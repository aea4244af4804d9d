"""``trunkline run``: one script and one person at a terminal, over the real engine and a store of its own."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog

from core.engine import Engine
from core.errors import ConfigError
from core.sealing import Sealer, load_or_create_key
from core.sqlite import SqliteStore
from core.store import Store
from gateway.bots import compile_report
from gateway.config import Config
from gateway.one_bot import OneBot, compile_bot, files_of, make_bot
from gateway.one_bot import console as console_adapter
from gateway.plugins import keyword_table, load_plugins
from gateway.storage import compiler_of
from interpreter.errors import ReleaseError

EXIT_COMPILE = 65
EXIT_FAILED = 1
DRAIN_SECONDS = 2.0
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def talk(config: Config, script: Path, person: str | None) -> int:
    """Hold the conversation.

    :param script: a ``.bas`` file, or a bot's folder.
    :param person: name of a session to keep; None: nothing is kept.
    :returns: 0 at the end of input or script, 1 if an error ended it, 65 if it does not compile.
    :raises ConfigError: the name or config.csv is not usable.
    """
    if person is not None and not NAME.fullmatch(person):
        raise ConfigError("--session: a name is made of letters, digits, . _ and -")
    plugins = load_plugins(config)
    table = keyword_table(plugins)
    files, start = files_of(script)
    reports: list[str] = []
    _log_to_stderr(reports)
    try:
        release = compile_bot(files, start, table, _complain, compiler_of(config))
    except ReleaseError as failure:
        print(compile_report(failure, files), file=sys.stderr)  # noqa: T201
        return EXIT_COMPILE
    bot = make_bot(files, release, start, _complain)
    with ExitStack() as stack:
        if person is None:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="trunkline-")))
            key, path = os.urandom(32), ":memory:"
        else:
            folder = config.data / "run" / person
            key, path = load_or_create_key(folder / "secret.key"), str(folder / "sessions.db")
        store = SqliteStore(path, sealer=Sealer(key))
        console = console_adapter()

        def make_engine() -> Engine:
            return Engine(
                store=store,
                bots=OneBot(bot),
                keywords=table,
                adapters={console.name: console},
                accounts={},
                data=folder,
                secret_key=key,
            )

        try:
            well = asyncio.run(_converse(console, store, make_engine, bot.name, f"{start}:{person or 'me'}"))
        finally:
            for report in reports:  # behind what the script had said before
                _complain(report)
        return 0 if well else EXIT_FAILED


async def _converse(
    console: Any, store: Store, make_engine: Callable[[], Engine], bot: str, person: str
) -> bool:
    await store.open()
    engine = make_engine()
    await engine.start()
    try:
        return bool(
            await console.converse(
                engine, bot=bot, person=person, read=_lines(), write=_say, complain=_complain
            )
        )
    finally:
        await engine.drain(DRAIN_SECONDS)
        engine.close()
        await store.close()


# --- the terminal ---


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def _lines() -> Any:
    """The next line of standard input at each call, None at its end.

    Read in a thread that does not keep the process alive: an interrupt ends it at once. The reader is its own
    rather than ``sys.stdin``, whose lock the thread would hold while the interpreter closes it.
    """
    stdin = open(sys.stdin.fileno(), "rb", closefd=False)  # noqa: SIM115 - as long as the process
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    wanted = threading.Semaphore(0)

    def pump() -> None:
        while True:
            wanted.acquire()
            raw = stdin.readline()
            line = raw.decode("utf-8", "replace").rstrip("\r\n").replace("\0", "") if raw else None
            loop.call_soon_threadsafe(queue.put_nowait, line)
            if line is None:
                return

    threading.Thread(target=pump, daemon=True, name="stdin").start()

    async def read() -> str | None:
        wanted.release()
        return await queue.get()

    return read


def _log_to_stderr(reports: list[str]) -> None:
    """What a script prints, for the person who writes it; nothing else.

    :param reports: takes why it failed.
    """

    def show(_: Any, __: str, event: Mapping[str, Any]) -> str:
        if event["event"] == "script":
            return str(event["logged"])
        if event["event"] == "script error":
            reports.append(str(event["report"]))
        raise structlog.DropEvent

    structlog.configure(
        processors=[show],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.BoundLogger,
        cache_logger_on_first_use=False,
    )
