"""One script, or one bot's folder, as the only bot of a gateway: what ``run`` and ``test`` work on."""

from __future__ import annotations

from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from core.bots import Bot, parse_config
from core.errors import ConfigError, Refused
from gateway.bot_files import BOT_NAME, PACKAGE, BotFiles, bot_name, read_bot, read_script
from gateway.checking import BOT_MARKS
from gateway.plugins import GROUP
from interpreter.check import decode_source
from interpreter.errors import ReleaseError
from interpreter.keywords import KeywordTable
from interpreter.program import Compiler, Release, compile_release

UNLIMITED = 100_000  # messages a minute: a file may be piped in
PATIENCE = 300.0  # s that one answer may take
YEARS = 3660.0  # days that a session is kept


class OneBot:
    """Implements ``core.bots.Bots`` with the bot at hand."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    def get(self, name: str) -> Bot:
        if name != self._bot.name:
            raise Refused(404, "E_BOT_UNKNOWN", "There is no bot of that name.")
        return self._bot

    def names(self) -> list[str]:
        return [self._bot.name]


def console() -> Any:
    """The terminal's adapter, found by its entry point like every other."""
    (point,) = metadata.entry_points(group=GROUP, name="console")
    (adapter,) = point.load().register_adapters()
    return adapter


def files_of(script: Path) -> tuple[BotFiles, str]:
    """The script's folder as a bot, and the stem of the script.

    :raises ConfigError: it is neither a ``.bas`` file nor a folder, or cannot be read.
    """
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
        sources[stem] = decode_source(read_script(siblings[stem]))[0]
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


def compile_bot(
    files: BotFiles,
    start: str,
    table: KeywordTable,
    complain: Callable[[str], None],
    compiler: Compiler = compile_release,
) -> Release:
    """Compile; siblings that do not compile are left out with a word, as long as the script itself does.

    :raises ReleaseError: the script does not compile.
    """
    sources = dict(files.sources)
    settings, _ = parse_config(files.config, str(files.config_path))
    paths = "api-base-url" in settings.config
    try:
        return compiler(sources, table, service_paths=paths)
    except ReleaseError as failure:
        bad = {error.name for error in failure.errors}
        if start in bad:
            raise
        for name in sorted(bad):
            complain(f"{files.paths[name]} does not compile; left out")
            del sources[name]
    return compiler(sources, table, service_paths=paths)


def make_bot(files: BotFiles, release: Release, start: str, complain: Callable[[str], None]) -> Bot:
    """The bot, with limits that one patient person does not meet. :raises ConfigError: config.csv is wrong."""
    settings, warnings = parse_config(files.config, str(files.config_path))
    for warning in warnings:
        complain(warning)
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
