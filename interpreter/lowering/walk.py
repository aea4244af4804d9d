"""Walking our syntax tree without recursion: long chains of operators nest as deep as they are long."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import fields
from functools import cache
from typing import Any

from interpreter import tree

_HOLDS_NODES = re.compile("Expression|Statement|Target|Branch|Case|Hear")


@cache
def _parts(kind: Any) -> tuple[str, ...]:
    """The fields of a class of nodes that hold nodes, in the order in which they are evaluated or executed."""
    return tuple(field.name for field in fields(kind) if _HOLDS_NODES.search(str(field.type)))


def children(node: tree.Node) -> list[tree.Node]:
    """The nodes directly below ``node``, in the order in which they are evaluated or executed."""
    found: list[tree.Node] = []
    kind: Any = node.__class__
    for name in _parts(kind):
        value = getattr(node, name)
        if value.__class__ is list:
            for item in value:
                if isinstance(item, tree.Node):
                    found.append(item)
                elif item.__class__ is tuple:  # an entry of an object: its key and its value
                    found.append(item[1])
        elif value is not None:
            found.append(value)
    return found


def everything(roots: Iterable[tree.Node]) -> list[tree.Node]:
    """Every node at and below the roots, children before their parents."""
    order: list[tree.Node] = []
    stack = list(roots)
    while stack:
        node = stack.pop()
        order.append(node)
        stack += children(node)
    order.reverse()
    return order


class Nodes:
    """The nodes at and below some roots, found once and looked through often.

    :ivar order: children before their parents.
    """

    def __init__(self, roots: Iterable[tree.Node]) -> None:
        self.order: list[tree.Node] = []
        self._parents: dict[int, tree.Node] = {}
        self._kinds: dict[type, list[Any]] = {}
        stack = list(roots)
        while stack:
            node = stack.pop()
            self.order.append(node)
            below = children(node)
            for child in below:
                self._parents[id(child)] = node
            stack += below
        self.order.reverse()
        for node in self.order:
            self._kinds.setdefault(node.__class__, []).append(node)

    def of(self, *kinds: type) -> list[Any]:
        """The nodes of these classes."""
        return [node for kind in kinds for node in self._kinds.get(kind, ())]

    def lineage(self, node: tree.Node) -> list[tree.Node]:
        """The node and what it is in, from the inside out."""
        found = [node]
        while (parent := self._parents.get(id(found[-1]))) is not None:
            found.append(parent)
        return found
