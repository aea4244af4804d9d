"""Texts that are put together: a whole chain of ``+`` and ``&``, or a template, is one f-string.

What goes into it is a text or an integer already, so that Python formats nothing. Its length is checked once, when
it is built: with few texts of unknown length in it, none of which can be longer than the limit, that is soon enough.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from typing import TYPE_CHECKING

from interpreter import tree
from interpreter.lowering.types import BOOL, INT, NULL, NUMBER, STR, only
from interpreter.values.types import SHORT

if TYPE_CHECKING:
    from interpreter.lowering.expressions import Expressions

MOST_OPEN = 4  # texts of unknown length in one f-string
DIGITS = 20  # characters of the longest integer
LONGEST = ((BOOL | NULL, 5), (INT, DIGITS), (NUMBER, 25))  # characters of a value of these types
CUTS = frozenset(("LEFT", "RIGHT"))


def is_concatenation(lower: Expressions, node: tree.Node) -> bool:
    """Whether it surely gives a text by joining its operands."""
    return (
        isinstance(node, tree.Binary)
        and node.op in ("+", "&")
        and (only(lower.types.of(node.left), STR) or only(lower.types.of(node.right), STR))
    )


def operands(lower: Expressions, node: tree.Expression) -> list[tree.Expression]:
    """What a concatenation or template joins, from left to right."""
    found: list[tree.Expression] = []
    stack = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, tree.Template):
            where = (current.line, current.column)
            parts = [tree.Literal(*where, part) if isinstance(part, str) else part for part in current.parts]
            stack += reversed(parts)
        elif isinstance(current, tree.Binary) and is_concatenation(lower, current):
            stack += (current.right, current.left)
        else:
            found.append(without_str(lower, current))
    return found


def without_str(lower: Expressions, node: tree.Expression) -> tree.Expression:
    """``STR(x)`` of a simple value is joined as ``x`` is."""
    if isinstance(node, tree.Call) and lower.builtin(node) == "STR" and len(node.arguments) == 1:
        (argument,) = node.arguments
        if only(lower.types.of(argument), NUMBER | STR | BOOL | NULL):
            return argument
    return node


def joined(lower: Expressions, parts: Sequence[tree.Expression]) -> ast.expr:
    """Expressions that do not suspend, evaluated and put together in this order."""
    bounds = [longest(lower, part) for part in parts]
    if bounds.count(None) > MOST_OPEN:
        return lower.build.run("template", lower.build.tuple_of(map(lower.value, parts)))
    pieces = [piece(lower, lower.value(part), lower.types.of(part)) for part in parts]
    known = sum(bound for bound in bounds if bound is not None)
    return checked(lower, pieces, is_short=None not in bounds and known < SHORT)


def joined_values(lower: Expressions, values: Sequence[tuple[ast.expr, int]]) -> ast.expr:
    """As ``joined`` for values that are lowered already, with their types."""
    return checked(lower, [piece(lower, value, types) for value, types in values], is_short=False)


def checked(lower: Expressions, pieces: list[ast.expr], *, is_short: bool) -> ast.expr:
    """The text of these pieces; one that is not short is charged for."""
    build = lower.build
    text = build.text(pieces)
    if is_short:
        return text
    held = lower.scratch()
    length = build.call("length", build.walrus(held, text))
    short = build.compare(length, ast.Lt(), build.constant(SHORT))
    return build.choose(short, build.name(held), build.run("grown", build.name(held)))


def piece(lower: Expressions, value: ast.expr, types: int) -> ast.expr:
    if isinstance(value, ast.Constant) and value.value.__class__ is str:
        return value
    return lower.build.formatted(value if only(types, INT) else lower.as_text(value, types))


def longest(lower: Expressions, node: tree.Expression) -> int | None:
    """The most characters that the text of a value can have; None if that is not known."""
    if isinstance(node, tree.Literal) and isinstance(node.value, str):
        return len(node.value)
    types = lower.types.of(node)
    for allowed, size in LONGEST:
        if only(types, allowed | BOOL | NULL):
            return size
    if isinstance(node, tree.Call) and lower.builtin(node) in CUTS and only(types, STR):
        count = node.arguments[-1]
        if isinstance(count, tree.Literal) and isinstance(count.value, int):
            return max(0, count.value)
    return None


def is_small(lower: Expressions, node: tree.Expression) -> bool:
    """Whether it surely is a text of two units at most: digits and some ASCII characters."""
    if not is_concatenation(lower, node):
        return False
    size = 0
    for part in operands(lower, node):
        bound = longest(lower, part)
        if isinstance(part, tree.Literal) and isinstance(part.value, str) and part.value.isascii():
            size += len(part.value)
        elif bound is not None and only(lower.types.of(part), NUMBER | BOOL | NULL):
            size += bound
        else:
            return False
    return size <= 2 * DIGITS
