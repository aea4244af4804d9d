"""Which lines of a bot's scripts ran. Compiled scripts carry BASIC's line numbers, so a trace function sees them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

from interpreter.keywords import KeywordTable
from interpreter.parser import parse
from interpreter.program import Release
from interpreter.runtime import FILE_MARK
from interpreter.walk import statements_of


@contextmanager
def recorded(ran: dict[str, set[int]]) -> Iterator[None]:
    """Note in *ran* the lines that run meanwhile, by script."""

    def enter(frame: FrameType, event: str, argument: Any) -> Any:
        name = frame.f_code.co_filename
        if not name.startswith(FILE_MARK):
            return None
        lines = ran.setdefault(name.removeprefix(FILE_MARK), set())
        lines.add(frame.f_lineno)

        def step(frame: FrameType, event: str, argument: Any) -> Any:
            lines.add(frame.f_lineno)
            return step

        return step

    before = sys.gettrace()
    sys.settrace(enter)
    threading.settrace(enter)  # long steps run in threads
    try:
        yield
    finally:
        sys.settrace(before)
        threading.settrace(None)


def missed(
    release: Release, table: KeywordTable, ran: Mapping[str, set[int]]
) -> dict[str, tuple[int, list[int]]]:
    """By script: how many lines with a statement it has, and those of them that never ran."""
    found: dict[str, tuple[int, list[int]]] = {}
    for name, program in release.programs.items():
        script, _ = parse(name, release.sources[name], table)
        written = {statement.line for statement in statements_of(script)}
        wanted = written & _compiled(program.units.values())
        found[name] = len(wanted), sorted(wanted - ran.get(name, set()))
    return found


def _compiled(units: Any) -> set[int]:
    """The lines that the compiler made code for."""
    codes: list[CodeType] = [unit.call.__code__ for unit in units]
    lines: set[int] = set()
    while codes:
        code = codes.pop()
        lines |= {line for *_, line in code.co_lines() if line is not None}
        codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return lines


def ranges(lines: list[int]) -> str:
    """``4, 7-9``."""
    spans: list[list[int]] = []
    for line in lines:
        if spans and spans[-1][1] == line - 1:
            spans[-1][1] = line
        else:
            spans.append([line, line])
    return ", ".join(f"{low}" if low == high else f"{low}-{high}" for low, high in spans)
