"""A bot's folder as values. Two layouts::

    bots/<bot>/{*.bas, config.csv, PROMPT.md, theme.css, kb/<collection>/…}
    bots/<bot>.gbai/{<x>.gbdialog/**.bas, <x>.gbot/{config.csv, PROMPT.md}, <x>.gbkb/<collection>/…,
                     <x>.gbtheme/*.css}

The second is a General Bots package, read as it is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from core.errors import ConfigError
from interpreter.check import decode_source

MAX_FILE_BYTES = 4_194_304  # of a script or a text beside it; scripts have a limit of their own below this
BOT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
PACKAGE = ".gbai"


@dataclass(frozen=True, slots=True, kw_only=True)
class BotFiles:
    """What lies in a bot's folder.

    :param sources: script texts by file stem.
    :param paths: where each script lies, by stem.
    :param config_path: of config.csv, whether it exists or not.
    :param collections: names of the knowledge-base folders.
    """

    name: str
    folder: Path
    sources: Mapping[str, str]
    paths: Mapping[str, Path]
    config: str
    config_path: Path
    prompt: str
    theme: str
    collections: frozenset[str]
    warnings: tuple[str, ...]

    @property
    def is_package(self) -> bool:
        return self.folder.suffix == PACKAGE


def bot_name(folder: Path) -> str:
    """The bot that a folder holds: its name without ``.gbai``, in lower case for a package."""
    return folder.name[: -len(PACKAGE)].lower() if folder.suffix == PACKAGE else folder.name


def bot_folders(root: Path) -> Iterator[Path]:
    """The bots' folders under *root*, by name; hidden ones and those that start with ``_`` are left out.

    :raises ConfigError: *root* cannot be read.
    """
    try:
        entries = sorted(root.iterdir())
    except OSError as error:
        message = f"cannot read the bots' folder {root}: {error.strerror or error}"
        hint = "make a bot (trunkline new bot NAME), or name the folder of your bots (--bots DIR)"
        raise ConfigError(message, hint=hint) from None
    return (entry for entry in entries if entry.name[0] not in "._" and entry.is_dir())


def read_bot(folder: Path) -> BotFiles:
    """:raises ConfigError: a file cannot be read or is too large."""
    package = folder.suffix == PACKAGE
    dialog = (_inside(folder, ".gbdialog") or folder) if package else folder
    settings = (_inside(folder, ".gbot") or folder) if package else folder
    knowledge = (_inside(folder, ".gbkb") or folder / "kb") if package else folder / "kb"
    themes = _inside(folder, ".gbtheme") if package else None
    sources, paths, warnings = _scripts(dialog, recursive=package)
    config_path = settings / "config.csv"
    theme_files = sorted(themes.glob("*.css")) if themes else [folder / "theme.css"]
    return BotFiles(
        name=bot_name(folder),
        folder=folder,
        sources=sources,
        paths=paths,
        config=_text(config_path),
        config_path=config_path,
        prompt=_text(settings / "PROMPT.md") or _text(settings / "PROMPT.txt"),
        theme="\n".join(filter(None, map(_text, theme_files))),
        collections=frozenset(entry.name for entry in _folders(knowledge)),
        warnings=tuple(warnings),
    )


def _scripts(folder: Path, *, recursive: bool) -> tuple[dict[str, str], dict[str, Path], list[str]]:
    sources: dict[str, str] = {}
    paths: dict[str, Path] = {}
    warnings: list[str] = []
    names: dict[str, Path] = {}
    found = folder.rglob("*.bas") if recursive else folder.glob("*.bas")
    for path in sorted(found, key=lambda path: (len(path.parts), path)):
        if not path.is_file():
            continue
        if not path.stem.isprintable():
            warnings.append(f"{shown(path)}: ignored, its name is not plain text in UTF-8")
            continue
        if (first := names.setdefault(path.stem.casefold(), path)) is not path:
            warnings.append(f"{path}: ignored, {first} has the same name")
            continue
        sources[path.stem], findings = decode_source(read_script(path))
        paths[path.stem] = path
        warnings += [f"{path}:{found.line}: {found.message}" for found in findings]
    return sources, paths, warnings


def _inside(folder: Path, suffix: str) -> Path | None:
    """The package's part with this suffix; its name may differ from the package's."""
    named = folder / f"{folder.stem}{suffix}"
    return named if named.is_dir() else next(iter(sorted(folder.glob(f"*{suffix}"))), None)


def _folders(folder: Path) -> list[Path]:
    return [entry for entry in folder.iterdir() if entry.is_dir()] if folder.is_dir() else []


def _text(path: Path) -> str:
    """A file's text, "" if there is none; Windows-1252 if it is not UTF-8, like scripts."""
    if not path.is_file():
        return ""
    return decode_source(read_raw(path))[0]


def read_raw(path: Path) -> bytes:
    """:raises ConfigError: the file cannot be read or is too large."""
    raw = _read(path)
    if len(raw) > MAX_FILE_BYTES:
        raise ConfigError(f"{path} is larger than {MAX_FILE_BYTES} bytes")
    return raw


def read_script(path: Path) -> bytes:
    """A script's bytes, or so many of its lines that its size is an error of the script, not of the server.

    :raises ConfigError: the file cannot be read.
    """
    raw = _read(path)
    return raw if len(raw) <= MAX_FILE_BYTES else raw.rpartition(b"\n")[0] or raw


def shown(path: Path) -> str:
    """The path as text that every output can hold: file systems hold names that are none."""
    return os.fsencode(path).decode("utf-8", "replace")


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"cannot read {shown(path)}: {error.strerror or error}") from None
