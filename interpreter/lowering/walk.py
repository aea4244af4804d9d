"""Walking our syntax tree without recursion: long chains of operators nest as deep as they are long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from interpreter import tree


@cache
def _names(kind: Any) -> tuple[str, ...]:
    scalars = ("line", "column", "keyword", "name", "spelling", "op")
    return tuple(field.name for field in fields(kind) if field.name not in scalars)


def children(node: tree.Node) -> Iterator[tree.Node]:
    """The nodes directly below ``node``, in the order in which they are evaluated or executed."""
    kind: Any = node.__class__
    for name in _names(kind):
        yield from _nodes(getattr(node, name))


def _nodes(value: Any) -> Iterator[tree.Node]:
    if isinstance(value, tree.Node):
        yield value
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _nodes(item)


def everything(roots: list[Any]) -> Iterator[tree.Node]:
    """Every node below and at the roots, parents first, in order."""
    stack = list(reversed(roots))
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(list(children(node))))


def bottom_up(roots: list[Any]) -> list[tree.Node]:
    """Every node, children before their parents."""
    order: list[tree.Node] = []
    stack = list(roots)
    while stack:
        node = stack.pop()
        order.append(node)
        stack.extend(children(node))
    order.reverse()
    return order
