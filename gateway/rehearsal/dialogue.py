"""A conversation as it is written down.

A transcript is a ``.txt`` file in a folder ``tests`` of the bot::

    # A visitor says who they are.
    < What is your name?
    > Ana
    < Hello, Ana!

A script can state its own dialogue in comments, in the order of the conversation::

    HEAR name WITH "What is your name?"   ' expect: What is your name?
                                          ' hear: Ana
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from core.errors import ConfigError
from gateway.bot_files import read_raw
from interpreter.check import decode_source

Kind = Literal["said", "error", "heard", "passes", "answer", "at"]
MARKS: dict[str, Kind] = {"<": "said", "!": "error", ">": "heard", "~": "passes", "=": "answer", "@": "at"}
WORDS: dict[str, Kind] = {
    "expect": "said", "expect error": "error", "hear": "heard", "pass": "passes", "answer": "answer", "at": "at",
}  # fmt: skip
COMMENT = re.compile(r"(?:^|(?<=\s))' (expect(?: error)?|hear|pass|answer|at):(?: (.*))?$")
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800}
SPAN = re.compile(rf"(\d+(?:\.\d+)?) ({'|'.join(SECONDS)})s?")
MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""When a dialogue begins that does not say so."""


@dataclass(frozen=True, slots=True)
class Line:
    """``said`` and ``error`` are expected of the bot (``…`` stands for anything); ``heard`` is what the person
    writes; ``passes`` lets time go by; ``answer`` is what the next outside keyword gives.
    """

    kind: Kind
    text: str
    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialogue:
    """:param path: of the transcript, or of the script that states it."""

    path: Path
    lines: tuple[Line, ...]
    begins: datetime = MONDAY


def read_transcript(path: Path) -> Dialogue:
    """:raises ConfigError: a line has no mark, or says a time that cannot be read."""
    lines: list[Line] = []
    for number, text in enumerate(decode_source(read_raw(path))[0].splitlines(), 1):
        if text.startswith("  ") and lines:
            lines[-1] = Line(lines[-1].kind, f"{lines[-1].text}\n{text[2:]}", lines[-1].number)
        elif text.strip() and not text.startswith("#"):
            kind = MARKS.get(text[0])
            if kind is None or text[1:2].strip():
                hint = "a line begins with < (the bot), > (the person), ! (an error), ~ (time passes), = or @"
                raise ConfigError(f"{path}:{number}: what is this line? {text[:40]!r}", hint=hint)
            lines.append(Line(kind, text[2:], number))
        elif not text.strip() and lines and lines[-1].text.endswith("\n"):
            lines[-1] = Line(lines[-1].kind, f"{lines[-1].text}\n", lines[-1].number)
    return _dialogue(path, lines)


def read_comments(path: Path) -> Dialogue | None:
    """The dialogue in a script's comments; None if it states none. :raises ConfigError: as above."""
    lines = []
    for number, text in enumerate(decode_source(read_raw(path))[0].splitlines(), 1):
        if found := COMMENT.search(text):
            lines.append(Line(WORDS[found[1]], (found[2] or "").replace("\\n", "\n"), number))
    return _dialogue(path, lines) if lines else None


def _dialogue(path: Path, lines: list[Line]) -> Dialogue:
    begins = MONDAY
    for line in lines:
        if line.kind == "passes":
            seconds_of(line.text, f"{path}:{line.number}")
        elif line.kind == "at":
            begins = _moment(line.text, f"{path}:{line.number}")
    return Dialogue(path=path, lines=tuple(line for line in lines if line.kind != "at"), begins=begins)


def seconds_of(text: str, where: str = "") -> float:
    """``2 days`` in seconds. :raises ConfigError: it is no span of time."""
    found = SPAN.fullmatch(text.strip())
    if found is None:
        hint = f"a number and one of {', '.join(f'{unit}s' for unit in SECONDS)}"
        raise ConfigError(f"{where}: {text!r} is no span of time", hint=hint)
    return float(found[1]) * SECONDS[found[2]]


def _moment(text: str, where: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ConfigError(f"{where}: {text!r} is no date and time", hint="2026-01-05 09:00") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
