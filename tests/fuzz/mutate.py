"""Texts that are almost programs: lines and words of programs moved, doubled, dropped and replaced."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from random import Random

from interpreter.parser.statements import STATEMENTS

WORD = re.compile(r"\w+|\s+|[^\w\s]")
PIECES = (
    *sorted(STATEMENTS), "THEN", "ELSE", "ELSE IF", "END IF", "NEXT", "WEND", "LOOP", "CASE", "CATCH", "END TRY",
    "END SUB", "END SELECT", "WHERE", "ORDER BY", "BEGIN MAIL", "END MAIL", "TABLE a", "END TABLE", "ON INSERT OF a",
    "END ON", "AS", "TO", "STEP", "IN", "LAST", "UNTIL", "MENU", "DEFAULT", "DESCRIPTION", "ENUM",
    "BEGIN TALK", "END TALK", "BEGIN SYSTEM PROMPT", "REM", "'", '"', "`", "“", "”", "${", "}", "{",
    "#{", "(", ")", "[", "]",
    ":", ";", ",", "_", "\\", "\n", "\r\n", "\r", "\t", "\0", "\ufeff", "\u200b", "\u2028", "\ud800",
        "İ", "ß", "１", "²", "٣",
    "🏳️‍🌈", "\x1b[31m", "\x85", "99999999999999999999", "1e400", "0x10", "1_000", ".5", "5.", "...",
    "?.", "??", "<>", "=>",
    "__class__", "$", "$$", "%", "@", "//", "/*", "#", "NOT", "IS NULL", "BETWEEN", "NEW OBJECT",
    "HEAR AS", "((((((((",
)  # fmt: skip


def doubled(text: str, chooser: Random) -> str:
    start, end = _span(text, chooser)
    return text[:end] + text[start:end] * chooser.choice((1, 1, 2, 40)) + text[end:]


def dropped(text: str, chooser: Random) -> str:
    start, end = _span(text, chooser)
    return text[:start] + text[end:]


def moved(text: str, chooser: Random) -> str:
    start, end = _span(text, chooser)
    rest = text[:start] + text[end:]
    place = chooser.randint(0, len(rest))
    return rest[:place] + text[start:end] + rest[place:]


def inserted(text: str, chooser: Random) -> str:
    place = chooser.randint(0, len(text))
    return f"{text[:place]} {chooser.choice(PIECES)} {text[place:]}"


def squeezed(text: str, chooser: Random) -> str:
    place = chooser.randint(0, len(text))
    return text[:place] + chooser.choice(PIECES) + text[place:]


def replaced(text: str, chooser: Random) -> str:
    words = list(WORD.finditer(text))
    if not words:
        return text
    found = chooser.choice(words)
    return text[: found.start()] + chooser.choice(PIECES) + text[found.end() :]


def lines_swapped(text: str, chooser: Random) -> str:
    lines = text.split("\n")
    a, b = chooser.randrange(len(lines)), chooser.randrange(len(lines))
    lines[a], lines[b] = lines[b], lines[a]
    return "\n".join(lines)


def line_dropped(text: str, chooser: Random) -> str:
    lines = text.split("\n")
    del lines[chooser.randrange(len(lines))]
    return "\n".join(lines)


def cut_off(text: str, chooser: Random) -> str:
    return text[: chooser.randint(0, len(text))]


def _span(text: str, chooser: Random) -> tuple[int, int]:
    start = chooser.randint(0, len(text))
    return start, min(len(text), start + chooser.choice((1, 3, 10, 60)))


CHANGES: tuple[Callable[[str, Random], str], ...] = (
    doubled, dropped, moved, inserted, squeezed, replaced, replaced, lines_swapped, line_dropped, cut_off,
)  # fmt: skip


def mutated(texts: Sequence[str], chooser: Random) -> str:
    """One of the texts, changed in a few places; now and then with lines of another."""
    text = chooser.choice(texts)
    if chooser.random() < 0.2:
        other = chooser.choice(texts).split("\n")
        lines = text.split("\n")
        place = chooser.randint(0, len(lines))
        lines[place:place] = other[: chooser.randint(1, 10)]
        text = "\n".join(lines)
    for _ in range(chooser.choice((1, 1, 2, 3, 6))):
        text = chooser.choice(CHANGES)(text, chooser)
    return text
