"""The how-tos are executed as printed, each from an empty folder; an example's, in a copy of its folder.

A block ````` ```basic path/to/file ````` is written to that file. In a ````` ```console ````` block every line
after ``$ `` is run by a shell, and the lines below it are what it must print; ``…`` stands for anything.
A block ````` ```console background ````` starts its command and leaves it running for the rest of the page.
"""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent.parent
FENCE = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.M | re.S)
PAGES = [
    "docs/howto/first-bot.md",
    "docs/howto/first-adapter.md",
    "docs/howto/test-a-bot.md",
    "docs/howto/general-bots.md",
    "examples/plugins/relay/README.md",
]


class Block(NamedTuple):
    language: str
    argument: str
    text: str


def _blocks(page: Path) -> list[Block]:
    return [Block(*match.groups("")) for match in FENCE.finditer(page.read_text(encoding="utf-8"))]


def _commands(text: str) -> Iterator[tuple[str, str]]:
    for chunk in re.split(r"^\$ ", text, flags=re.M)[1:]:
        command, _, expected = chunk.partition("\n")
        while command.endswith("\\"):
            line, _, expected = expected.partition("\n")
            command = f"{command}\n{line}"
        yield command, expected.strip()


def _pattern(expected: str) -> str:
    return ".*?".join(re.escape(piece) for piece in expected.split("…"))


def _environment(home: Path) -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {"PATH": path, "HOME": str(home), "LANG": "C.UTF-8", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}


@pytest.mark.parametrize("page", PAGES)
def test_a_howto_works_as_printed(page: str, tmp_path: Path) -> None:
    folder = tmp_path / "here"
    if page.startswith("examples/"):
        shutil.copytree((ROOT / page).parent, folder, ignore=shutil.ignore_patterns("__pycache__", "data"))
    else:
        folder.mkdir()
    environment = {**_environment(tmp_path), "TRUNKLINE_SOURCE": str(ROOT)}
    background: list[subprocess.Popen[bytes]] = []
    try:
        for block in _blocks(ROOT / page):
            if block.argument == "background":
                ((command, expected),) = _commands(block.text)
                background.append(_start(command, expected, folder, environment))
            elif block.language == "console":
                for command, expected in _commands(block.text):
                    _run(command, expected, folder, environment)
            elif block.argument:
                target = folder / block.argument
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(block.text, encoding="utf-8")
    finally:
        for process in background:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def _run(command: str, expected: str, folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    shown = (done.stdout + done.stderr).strip()
    assert re.fullmatch(_pattern(expected), shown, re.S) or (not expected and done.returncode == 0), (
        f"$ {command}\n--- printed:\n{shown}\n--- the page says:\n{expected}"
    )


def _start(command: str, expected: str, folder: Path, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    log = folder.parent / "background.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["bash", "-c", f"exec {command}"],
            cwd=folder,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + 60
    while not re.search(_pattern(expected), log.read_text(encoding="utf-8"), re.S):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
        time.sleep(0.05)
    return process
