"""Functions of the language that are plain Python where the types of their arguments are known."""

from __future__ import annotations

import ast
from collections.abc import Callable

from interpreter.lowering.build import Builder
from interpreter.values import parse_number
from interpreter.values.types import SHORT


def length_of(build: Builder, text: ast.expr, counts: list[int]) -> ast.expr | None:
    return build.call("length", text)


def left_of(build: Builder, text: ast.expr, counts: list[int]) -> ast.expr | None:
    return build.part(text, None, counts[0]) if counts and counts[0] < SHORT else None


def middle_of(build: Builder, text: ast.expr, counts: list[int]) -> ast.expr | None:
    """Where it is of unknown length, the function charges for it."""
    if len(counts) < 2 or counts[0] < 1 or counts[1] >= SHORT:
        return None
    first = counts[0] - 1
    return build.part(text, first, first + counts[1])


def number_of(build: Builder, text: ast.expr, counts: list[int]) -> ast.expr | None:
    if isinstance(text, ast.Constant) and isinstance(text.value, str):
        return build.constant(parse_number(text.value) or 0)
    return build.call("number_in", text)


Intrinsic = Callable[[Builder, ast.expr, list[int]], ast.expr | None]
INTRINSICS: dict[str, Intrinsic] = {"LEN": length_of, "LEFT": left_of, "MID": middle_of, "VAL": number_of}
"""By name, for a text and further arguments that are written out: None if they do not fit."""
