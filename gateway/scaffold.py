"""``trunkline new``: files from the templates beside this module.

A template's path and text may hold ``@name@`` (as given), ``@module@`` (a Python name), ``@Class@``,
``@PHRASE@`` (a keyword's words) and ``@ENV@`` (the head of a variable's name).
"""

from __future__ import annotations

import re
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Literal

from core.errors import TrunklineError
from gateway.bots import RESERVED

NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
SUFFIX = ".tmpl"


def make(kind: Literal["bot", "adapter", "keyword"], name: str, folder: Path) -> list[Path]:
    """Write the files of a new *kind* under *folder*, which must not be there yet.

    :returns: the paths written.
    :raises TrunklineError: the name is not usable, or the folder exists.
    """
    if not NAME.fullmatch(name):
        message = f"{name!r} cannot be a name: use up to 32 lower-case letters, digits, - and _"
        raise TrunklineError(message, hint="it must start with a letter")
    if kind == "bot" and name in RESERVED:
        raise TrunklineError(f"{name!r} cannot be the name of a bot: it is a path of the server")
    if folder.exists():
        raise TrunklineError(f"{folder} is there already")
    module = name.replace("-", "_")
    words = {
        "@name@": name,
        "@module@": module,
        "@Class@": "".join(word.capitalize() for word in module.split("_")),
        "@PHRASE@": module.replace("_", " ").upper(),
        "@ENV@": module.upper(),
    }
    root = resources.files("gateway") / "templates" / kind
    written: list[Path] = []
    for relative, template in sorted(_walk(root, "")):
        path = folder / _fill(relative.removesuffix(SUFFIX), words)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_fill(template.read_text("utf-8"), words), "utf-8")
        written.append(path)
    return written


def _walk(folder: Traversable, prefix: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for entry in folder.iterdir():
        if entry.is_dir():
            found += _walk(entry, f"{prefix}{entry.name}/")
        elif entry.name.endswith(SUFFIX):
            found.append((prefix + entry.name, entry))
    return found


def _fill(text: str, words: dict[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text
