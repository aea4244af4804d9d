"""The bots that are being served: read from their folders, compiled, replaced one by one when files change.

A bot whose scripts or settings are wrong keeps its last good version; without one it answers 503
``E_BOT_BROKEN``. Other bots are not touched.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from core.bots import Bot, BotSettings, parse_config
from core.errors import ConfigError, Refused
from gateway.bot_files import BOT_NAME, BotFiles, bot_folders, bot_name, read_bot
from gateway.config import Config
from interpreter.errors import ReleaseError
from interpreter.keywords import KeywordTable
from interpreter.program import Compiler, Release, compile_release
from interpreter.runtime import script_key

RESERVED = frozenset({
    "admin", "api", "assets", "channels", "docs", "favicon.ico", "files", "healthz", "metrics", "readyz",
    "robots.txt", "static", "v3", "widget", "ws",
})  # fmt: skip
WATCH_STEP_MS = 100
WATCH_DEBOUNCE_MS = 400

log = logging.getLogger(__name__)


class BotFolders:
    """Implements ``core.bots.Bots`` over a folder of bots.

    :param reserved: first path segments of the routes in use; a bot may not have such a name.
    """

    def __init__(
        self,
        config: Config,
        keywords: KeywordTable,
        *,
        reserved: Iterable[str] = (),
        compiler: Compiler = compile_release,
    ) -> None:
        self.root = config.bots
        self._config = config
        self._keywords = keywords
        self._compiler = compiler
        self._reserved = RESERVED | {name.lower() for name in reserved if name}
        self._bots: dict[str, Bot] = {}
        self._files: dict[str, BotFiles] = {}

    # --- core.bots.Bots ---

    def get(self, name: str) -> Bot:
        bot = self._bots.get(name)
        if bot is None:
            who = f"named {name}" if BOT_NAME.fullmatch(name) else "of that name"
            raise Refused(404, "E_BOT_UNKNOWN", f"There is no bot {who} here. A bot's page is /<its name>.")
        if bot.release is None:
            message = "This bot cannot answer at the moment: its scripts have errors."
            raise Refused(503, "E_BOT_BROKEN", message, retry_after=30)
        return bot

    def names(self) -> Sequence[str]:
        return sorted(self._bots)

    # --- loading ---

    def all(self) -> Sequence[Bot]:
        """Every bot, broken ones too, by name."""
        return [self._bots[name] for name in sorted(self._bots)]

    def load(self) -> None:
        """Read every bot at start.

        :raises ConfigError: the folder is missing, a bot has a reserved name, config.csv has a bad value.
        """
        for name, folder in self._folders().items():
            if name in self._reserved:
                raise ConfigError(
                    f"{folder}: {name!r} cannot be the name of a bot: it is a path of the server"
                )
            self._adopt(read_bot(folder))

    def reload(self) -> list[str]:
        """Read everything again; whatever is wrong is logged and leaves that bot as it was.

        :returns: names of the bots that changed.
        """
        changed: list[str] = []
        try:
            folders = self._folders()
        except ConfigError as error:
            log.error("bots_unreadable", extra={"reason": error.message})
            return changed
        for name in set(self._bots) - set(folders):
            log.info("bot_removed", extra={"bot": name})
            del self._bots[name], self._files[name]
            changed.append(name)
        for name, folder in folders.items():
            if name not in self._reserved and self._reload_one(name, folder):
                changed.append(name)
        return changed

    async def watch(self, stop: asyncio.Event, changed: Callable[[list[str]], None] | None = None) -> None:
        """Reload whenever something under the folder changes, within a second, until *stop* is set."""
        from watchfiles import awatch  # noqa: PLC0415  only with --dev

        async for _ in awatch(
            self.root, stop_event=stop, step=WATCH_STEP_MS, debounce=WATCH_DEBOUNCE_MS, recursive=True
        ):
            names = await asyncio.to_thread(self.reload)
            if names and changed is not None:
                changed(names)

    def _folders(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for folder in bot_folders(self.root):
            name = bot_name(folder)
            if not BOT_NAME.fullmatch(name):
                log.warning("bot_name_unusable", extra={"folder": str(folder)})
            elif name in found:
                log.warning(
                    "bot_ignored", extra={"folder": str(folder), "reason": f"{found[name]} is it already"}
                )
            else:
                found[name] = folder
        return found

    def _reload_one(self, name: str, folder: Path) -> bool:
        before = self._bots.get(name)
        try:
            files = read_bot(folder)
            if files == self._files.get(name):
                return False
            self._adopt(files)
        except ConfigError as error:
            log.error("bot_unchanged", extra={"bot": name, "reason": error.message})
            self._bots[name] = replace(before or Bot(name=name), error=error.message)
            return before is None
        if not self._bots[name].error:
            log.info("bot_reloaded", extra={"bot": name})
        return True

    def _adopt(self, files: BotFiles) -> None:
        """Make *files* the bot's current version, as far as they are good."""
        overrides = self._config.overrides_of(files.name)
        settings, warnings = parse_config(files.config, str(files.config_path), overrides=overrides)
        for warning in (*files.warnings, *warnings):
            log.warning("bot_warning", extra={"bot": files.name, "reason": warning})
        release, error = self._compile(files, settings)
        self._files[files.name] = files
        self._bots[files.name] = self._bot(files, settings, release, error)

    def _compile(self, files: BotFiles, settings: BotSettings) -> tuple[Release | None, str]:
        before = self._bots.get(files.name)
        if before and before.release and before.release.sources == files.sources:
            return before.release, ""
        sources = files.sources
        base = "api-base-url" in settings.config
        while True:
            try:
                return self._compiler(sources, self._keywords, service_paths=base), ""
            except ReleaseError as failure:
                error = compile_report(failure, files)
                sources = without_broken(failure, files, sources, settings.start_dialog)
                if not sources:
                    log.error("bot_does_not_compile", extra={"bot": files.name, "reason": error})
                    return (before.release if before else None), error
                log.warning("bot_warning", extra={"bot": files.name, "reason": f"left out: {error}"})

    def _bot(self, files: BotFiles, settings: BotSettings, release: Release | None, error: str) -> Bot:
        return Bot(
            name=files.name,
            settings=settings,
            release=release,
            error=error,
            collections=files.collections,
            prompt=files.prompt,
            theme=files.theme,
        )


def without_broken(
    failure: ReleaseError, files: BotFiles, sources: Mapping[str, str], entry: str
) -> Mapping[str, str]:
    """A package's scripts without those that do not compile, as long as its first one does; else none.

    Packages carry scripts for parts of the original product that Trunkline lacks. The others still serve.
    """
    broken = {error.name for error in failure.errors}
    if not files.is_package or script_key(entry) in broken:
        return {}
    return {name: source for name, source in sources.items() if script_key(name) not in broken}


def compile_report(failure: ReleaseError, files: BotFiles) -> str:
    """Every error of a release with its line and caret."""
    reports = [
        found.render(files.sources[name], str(files.paths[name]))
        for error in failure.errors
        for name in files.sources
        if script_key(name) == error.name
        for found in error.diagnostics
        if found.severity == "error"
    ]
    return "\n".join(reports)
