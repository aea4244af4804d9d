"""``trunkline run``: one script and one person at a terminal, over the real engine and a store of its own."""

from __future__ import annotations

import asyncio
import os
import re
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from importlib import metadata
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import structlog
from msgspec.structs import replace

from core.bots import Bot, parse_config
from core.engine import Engine
from core.errors import ConfigError, Refused
from core.sealing import Sealer, load_or_create_key
from core.sqlite import SqliteStore
from core.store import Store
from gateway.bot_files import BOT_NAME, PACKAGE, BotFiles, bot_name, read_bot, read_raw
from gateway.bots import compile_report
from gateway.checking import BOT_MARKS
from gateway.config import Config
from gateway.plugins import GROUP, keyword_table, load_plugins
from interpreter.check import decode_source
from interpreter.errors import ReleaseError
from interpreter.keywords import KeywordTable
from interpreter.program import Release, compile_release

EXIT_COMPILE = 65
EXIT_FAILED = 1
DRAIN_SECONDS = 2.0
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
UNLIMITED = 100_000  # messages a minute: a file may be piped in
PATIENCE = 300.0  # s that one answer may take
YEARS = 3660.0  # days that a named session is kept


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
    files, start = _files(script)
    try:
        release = _compile(files, start, table)
    except ReleaseError as failure:
        print(compile_report(failure, files), file=sys.stderr)  # noqa: T201
        return EXIT_COMPILE
    bot = _bot(files, release, start)
    _log_to_stderr(files)
    with ExitStack() as stack:
        if person is None:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="trunkline-")))
            key, path = os.urandom(32), ":memory:"
        else:
            folder = config.data / "run" / person
            key, path = load_or_create_key(folder / "secret.key"), str(folder / "sessions.db")
        store = SqliteStore(path, sealer=Sealer(key))
        console = _console()

        def make_engine() -> Engine:
            return Engine(
                store=store,
                bots=_OneBot(bot),
                keywords=table,
                adapters={console.name: console},
                accounts={},
                data=folder,
                secret_key=key,
            )

        return asyncio.run(_converse(console, store, make_engine, bot.name, f"{start}:{person or 'me'}"))


def _console() -> Any:
    """The terminal's adapter, found by its entry point like every other."""
    (point,) = metadata.entry_points(group=GROUP, name="console")
    (console,) = point.load().register_adapters()
    return console


async def _converse(
    console: Any, store: Store, make_engine: Callable[[], Engine], bot: str, person: str
) -> int:
    await store.open()
    engine = make_engine()
    await engine.start()
    try:
        well = await console.converse(
            engine, bot=bot, person=person, read=_lines(), write=_say, complain=_complain
        )
        return 0 if well else EXIT_FAILED
    finally:
        await engine.drain(DRAIN_SECONDS)
        await store.close()


class _OneBot:
    """Implements ``core.bots.Bots`` with the bot at hand."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def get(self, name: str) -> Bot:
        if name != self._bot.name:
            raise Refused(404, "E_BOT_UNKNOWN", "There is no bot of that name.")
        return self._bot

    def names(self) -> list[str]:
        return [self._bot.name]


# --- the script ---


def _files(script: Path) -> tuple[BotFiles, str]:
    """The script's folder as a bot, and the stem of the script."""
    path = script.absolute()
    if path.is_dir():
        return read_bot(path), "start"
    if path.suffix.lower() != ".bas":
        raise ConfigError(f"{script} is not a .bas file or a bot's folder")
    for parent in path.parents:
        if parent.suffix == PACKAGE:
            return read_bot(parent), path.stem
    if path.stem == "start" or any((path.parent / mark).exists() for mark in BOT_MARKS):
        return read_bot(path.parent), path.stem
    return _loose(path), path.stem


def _loose(path: Path) -> BotFiles:
    """A script that is no bot's, with the siblings that it, or one of them, mentions."""
    siblings = {sibling.stem: sibling for sibling in path.parent.glob("*.bas")}
    paths, sources, wanted = {}, {}, [path.stem]
    siblings[path.stem] = path
    while wanted:
        stem = wanted.pop()
        paths[stem] = siblings[stem]
        sources[stem] = decode_source(read_raw(siblings[stem]))[0]
        text = sources[stem].casefold()
        wanted += [
            name for name in siblings if name not in paths and name not in wanted and name.casefold() in text
        ]
    return BotFiles(
        name=bot_name(path.parent),
        folder=path.parent,
        sources=sources,
        paths=paths,
        config="",
        config_path=path.parent / "config.csv",
        prompt="",
        theme="",
        collections=frozenset(),
        warnings=(),
    )


def _compile(files: BotFiles, start: str, table: KeywordTable) -> Release:
    """Compile; siblings that do not compile are left out with a word, as long as the script itself does.

    :raises ReleaseError: the script does not compile.
    """
    sources = dict(files.sources)
    try:
        return compile_release(sources, table)
    except ReleaseError as failure:
        bad = {error.name for error in failure.errors}
        if start in bad:
            raise
        for name in sorted(bad):
            print(f"{files.paths[name]} does not compile; left out", file=sys.stderr)  # noqa: T201
            del sources[name]
    return compile_release(sources, table)


def _bot(files: BotFiles, release: Release, start: str) -> Bot:
    settings, warnings = parse_config(files.config, str(files.config_path))
    for warning in warnings:
        print(warning, file=sys.stderr)  # noqa: T201
    settings = replace(
        settings,
        start_dialog=start,
        session_rate_limit=UNLIMITED,
        reply_timeout=PATIENCE,
        session_anonymous_retention_days=YEARS,
    )
    name = files.name if BOT_NAME.fullmatch(files.name) else "default"
    return Bot(
        name=name, settings=settings, release=release, collections=files.collections, prompt=files.prompt
    )


# --- the terminal ---


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201


def _complain(text: str) -> None:
    print(text, file=sys.stderr, flush=True)  # noqa: T201


def _lines() -> Any:
    """The next line of standard input at each call, None at its end.

    Read in a thread that does not keep the process alive: an interrupt ends it at once.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    wanted = threading.Semaphore(0)

    def pump() -> None:
        while True:
            wanted.acquire()
            raw = sys.stdin.buffer.readline()
            line = raw.decode("utf-8", "replace").rstrip("\r\n").replace("\0", "") if raw else None
            loop.call_soon_threadsafe(queue.put_nowait, line)
            if line is None:
                return

    threading.Thread(target=pump, daemon=True, name="stdin").start()

    async def read() -> str | None:
        wanted.release()
        return await queue.get()

    return read


def _log_to_stderr(files: BotFiles) -> None:
    """What a script prints and why it failed, for the person who writes it; nothing else."""

    def show(_: Any, __: str, event: Mapping[str, Any]) -> str:
        if event["event"] == "script":
            return str(event["text"])
        if event["event"] == "script error":
            return _script_error(files, event)
        raise structlog.DropEvent

    structlog.configure(
        processors=[show],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        wrapper_class=structlog.BoundLogger,
        cache_logger_on_first_use=False,
    )


def _script_error(files: BotFiles, event: Mapping[str, Any]) -> str:
    lines = [f"error: {event['error']} [{event['code']}]"]
    for place in event["trace"]:
        name, _, number = place.partition(".bas:")
        source = files.sources.get(name, "").splitlines()
        text = (
            source[int(number) - 1].strip() if number.isdecimal() and 0 < int(number) <= len(source) else ""
        )
        lines.append(f"  at {files.paths.get(name, place)}:{number}: {text}")
    return "\n".join(lines)
