"""Walking our syntax tree without recursion: long chains of operators nest as deep as they are long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from interpreter import tree
from interpreter.walk import children


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
        self._kinds: dict[type, list[Any]] = defaultdict(list)
        self._children: dict[int, list[tree.Node]] = {}
        stack = list(roots)
        while stack:
            node = stack.pop()
            self.order.append(node)
            below = children(node)
            if below:
                self._children[id(node)] = below
                for child in below:
                    self._parents[id(child)] = node
                stack += below
        self.order.reverse()
        for node in self.order:
            self._kinds[node.__class__].append(node)

    def of(self, *kinds: type) -> list[Any]:
        """The nodes of these classes."""
        return [node for kind in kinds for node in self._kinds.get(kind, ())]

    def below(self, node: tree.Node) -> list[tree.Node]:
        """The nodes directly below one of these."""
        return self._children.get(id(node), [])

    def lineage(self, node: tree.Node) -> list[tree.Node]:
        """The node and what it is in, from the inside out."""
        found = [node]
        while (parent := self._parents.get(id(found[-1]))) is not None:
            found.append(parent)
        return found
