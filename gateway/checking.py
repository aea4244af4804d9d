"""Checking scripts on disk: each with the scripts and collections of its bot at hand."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from core.bots import BotSettings, parse_config
from core.errors import ConfigError
from core.messages import Capabilities
from gateway.bot_files import PACKAGE, BotFiles, read_bot, read_script, shown
from gateway.channel_menus import menu_warnings
from interpreter.check import check, decode_source
from interpreter.errors import Diagnostic
from interpreter.keywords import KeywordTable
from interpreter.parser import parse
from interpreter.runtime import script_key
from interpreter.tree import Script

BOT_MARKS = ("config.csv", "kb", "PROMPT.md", "theme.css")


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was found in one script, or in a bot's config.csv, in order of position."""

    path: Path
    source: str
    findings: Sequence[Diagnostic]

    @property
    def ok(self) -> bool:
        return not self._of("error")

    @property
    def is_script(self) -> bool:
        return self.path.suffix.lower() == ".bas"

    def as_json(self) -> dict[str, Any]:
        return {
            "path": shown(self.path),
            "ok": self.ok,
            "errors": [_as_json(found) for found in self._of("error")],
            "warnings": [_as_json(found) for found in self._of("warning")],
        }

    def _of(self, severity: str) -> list[Diagnostic]:
        return [found for found in self.findings if found.severity == severity]


def check_paths(
    paths: Iterable[Path],
    keywords_of: Callable[[Path], KeywordTable],
    channels_of: Callable[[Path], Mapping[str, Capabilities]] = lambda folder: {},
) -> list[Report]:
    """Check every ``.bas`` under *paths*, folder by folder; each file once.

    :param keywords_of: the keywords that the scripts of a folder may use.
    :param channels_of: the channels on which its menus will be shown.
    """
    folders: dict[Path, list[Path]] = {}
    for path in paths:
        files = (
            [path] if path.is_file() else sorted(found for found in path.rglob("*.bas") if found.is_file())
        )
        for file in files:
            scripts = folders.setdefault(_home(file), [])
            if file not in scripts:
                scripts.append(file)
    return [
        report
        for folder, files in folders.items()
        for report in _check_folder(folder, files, keywords_of(folder), channels_of(folder))
    ]


def _check_folder(
    folder: Path, files: Sequence[Path], keywords: KeywordTable, channels: Mapping[str, Capabilities]
) -> list[Report]:
    bot = read_bot(folder) if _is_bot(folder) else None
    siblings = _parse_all(folder, bot, keywords)
    settings, remarks = _settings(bot)
    reports = []
    for file in files:
        source, findings = decode_source(read_script(file))
        found = [
            *findings,
            *check(
                file.stem,
                source,
                keywords,
                siblings=siblings,
                collections=bot.collections if bot else None,
                service_paths="api-base-url" in settings.config,
                given=settings.parameters,
            ),
        ]
        if channels:
            found += menu_warnings(parse(file.stem, source, keywords)[0], channels)
        reports.append(Report(path=file, source=source, findings=sorted(found, key=_position)))
    if bot is None or not reports:
        return reports
    of_config, warnings = _sorted_out(bot, remarks)
    entry = script_key(settings.start_dialog)
    if entry not in map(script_key, bot.sources):
        warnings.append(
            _of_bot("missing-script", f"the bot {bot.name} has no {entry}.bas", "it begins there")
        )
    reports[0] = replace(reports[0], findings=[*warnings, *reports[0].findings])
    if of_config:
        path = bot.config_path if files[0].is_absolute() else Path(os.path.relpath(bot.config_path))
        reports.insert(0, Report(path=path, source=bot.config, findings=sorted(of_config, key=_position)))
    return reports


def _settings(bot: BotFiles | None) -> tuple[BotSettings, list[str]]:
    """The bot's config.csv, and what it and the folder ask for in vain."""
    if bot is None:
        return BotSettings(), []
    try:
        settings, warnings = parse_config(bot.config, str(bot.config_path))
    except ConfigError as error:
        return BotSettings(), [error.message]
    return settings, [*bot.warnings, *warnings]


def _sorted_out(bot: BotFiles, remarks: Iterable[str]) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """The remarks that name a line of config.csv, at that line; and the others, which concern the whole bot."""
    of_config, of_bot = [], []
    for remark in remarks:
        place, _, message = remark.partition(": ")
        path, _, line = place.rpartition(":")
        if path == str(bot.config_path) and line.isdecimal():
            of_config.append(replace(_of_bot("settings", message), line=int(line), column=1))
        else:
            of_bot.append(_of_bot("settings", remark))
    return of_config, of_bot


def _parse_all(folder: Path, bot: BotFiles | None, keywords: KeywordTable) -> dict[str, Script]:
    """Every script that a CALL here may name, parsed."""
    if bot is not None:
        return {name: parse(name, source, keywords)[0] for name, source in bot.sources.items()}
    parsed: dict[str, Script] = {}
    for path in sorted(folder.glob("*.bas")):
        try:
            source, _ = decode_source(read_script(path))
        except ConfigError:
            continue
        parsed[path.stem] = parse(path.stem, source, keywords)[0]
    return parsed


def _home(file: Path) -> Path:
    """The folder whose scripts belong together: the package's root, else the script's own folder."""
    for parent in file.absolute().parents:
        if parent.suffix == PACKAGE:
            return parent
    return file.parent


def bot_folder_of(file: Path) -> Path | None:
    """The bot's folder that a file below it belongs to: a package's root, or the folder above with start.bas."""
    for parent in file.absolute().parents:
        if parent.suffix == PACKAGE or (parent / "start.bas").is_file():
            return Path(os.path.relpath(parent))
    return None


def _is_bot(folder: Path) -> bool:
    """A folder of bots tells what lies in it; elsewhere, scripts are a bot's where it begins or where it keeps more."""
    return (
        folder.suffix == PACKAGE
        or folder.absolute().parent.name == "bots"
        or any((folder / mark).exists() for mark in ("start.bas", *BOT_MARKS))
    )


def _of_bot(code: str, message: str, hint: str = "") -> Diagnostic:
    """A warning about the whole bot; it stands with the first script."""
    return Diagnostic(severity="warning", code=code, message=message, line=0, column=0, hint=hint)


def _position(found: Diagnostic) -> tuple[int, int]:
    return found.line, found.column


def _as_json(found: Diagnostic) -> dict[str, Any]:
    return {
        "line": max(found.line, 1),
        "column": max(found.column, 1),
        "code": found.code,
        "message": found.message,
        "hint": found.hint,
    }
