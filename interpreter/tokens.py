"""Tokens, and how names and source text are normalised."""

from __future__ import annotations

import unicodedata
from typing import Any, NamedTuple


def words(text: str) -> frozenset[str]:
    """``"AND OR"`` as a set."""
    return frozenset(text.split())


class Hole(NamedTuple):
    """``${…}``: where the expression stands in the source."""

    start: int
    end: int


class Raw(NamedTuple):
    """The lines of a BEGIN block, without their common indentation: text and holes."""

    parts: list[str | Hole]


class Problem(NamedTuple):
    """What a ``bad`` token stands for."""

    code: str
    message: str
    hint: str


class Token:
    """``kind``: word, number, string, op, newline, raw, bad or end. ``key``: what the parser compares.

    ``key`` is the upper-case word without a trailing ``$``, the operator itself, "\\n" or "\\0" (end of
    text); empty for the others. ``value``: a number; a string's text, or its list of texts and holes; a Raw;
    a Problem.
    """

    __slots__ = ("column", "key", "kind", "line", "start", "text", "value")

    def __init__(
        self, kind: str, key: str, text: str, value: Any, line: int, column: int, start: int
    ) -> None:
        self.kind = kind
        self.key = key
        self.text = text
        self.value = value
        self.line = line
        self.column = column
        self.start = start

    def __repr__(self) -> str:
        return f"{self.kind}:{self.text!r}@{self.line}:{self.column}"


def fold(spelling: str) -> str:
    """The key of a name: NFC, case-folded, a trailing ``$`` removed."""
    if spelling.isascii():
        return spelling.rstrip("$").lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", spelling.rstrip("$")).casefold())


def normalise(source: str) -> str:
    """Line ends as ``\\n``, no byte order mark."""
    if source.startswith("\ufeff"):
        source = source[1:]
    if "\r" in source:
        source = source.replace("\r\n", "\n").replace("\r", "\n")
    return source
