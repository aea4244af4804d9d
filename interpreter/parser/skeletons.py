"""Conditions in a text that a script puts together: ``"name='" + name + "' AND total > ${least}"``.

The text around the values is read when the script is compiled, and a value stays a value: whatever a person
typed, it never becomes a word, an operator or a further condition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from interpreter import tree
from interpreter.errors import BasicError
from interpreter.functions.conditions import Condition, ConditionReader

_FIRST, _LAST = "\ue000", "\ue001"  # around the number of a value; private to Unicode
_HOLE = re.compile(f"{_FIRST}(\\d+){_LAST}")

Part = str | tree.Expression


def condition_in(node: tree.Expression) -> tree.Expression | None:
    """The condition in a text with values in it; None: there are none, or the text around them is none."""
    parts = list(_parts(node))
    reader = _reader_of(parts)
    if reader is None or len(parts) == 1:
        return None
    try:
        found = reader.condition()
    except BasicError:
        return None
    return None if "text" in found else _as_tree(node, found)


def pairs_in(node: tree.Expression) -> tree.Expression | None:
    """The object in a text such as ``"state=paid, total=" + total``; None: it holds none."""
    reader = _reader_of(list(_parts(node)))
    if reader is None:
        return None
    try:
        return _as_tree(node, reader.pairs())
    except BasicError:
        return None


def is_assembled(node: tree.Expression) -> bool:
    """Whether it is a text with values in it."""
    parts = list(_parts(node))
    return len(parts) > 1 and any(isinstance(part, str) for part in parts)


def _parts(node: tree.Expression) -> Iterable[Part]:
    """Texts and values that are joined, where the result certainly is a text; else the node itself."""
    if isinstance(node, tree.Literal) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, tree.Template):
        yield from node.parts
    elif isinstance(node, tree.Binary) and node.op in ("+", "&"):
        left, right = list(_parts(node.left)), list(_parts(node.right))
        joined = [*left, *right]
        if node.op == "&" or any(isinstance(part, str) for part in joined):
            yield from joined
        else:
            yield node
    else:
        yield node


def _reader_of(parts: list[Part]) -> _Skeleton | None:
    texts = [part for part in parts if isinstance(part, str)]
    if not texts or any(mark in text for text in texts for mark in (_FIRST, _LAST)):
        return None
    values = [part for part in parts if not isinstance(part, str)]
    numbers = iter(range(len(values)))
    text = "".join(part if isinstance(part, str) else f"{_FIRST}{next(numbers)}{_LAST}" for part in parts)
    return _Skeleton(text, values)


class _Skeleton(ConditionReader):
    """Reads the text with a mark in the place of each value; gives the values back where the marks stand.

    A single value behind IN is a list, or a text that lists values.
    """

    def __init__(self, text: str, values: list[tree.Expression]) -> None:
        super().__init__(text)
        self.values = values

    def test(self) -> Condition:
        kind, word = self.current
        if kind == "word" and _HOLE.fullmatch(word) and not self.compares(self.index + 1):
            self.index += 1
            return {"text": self.filled(word)}
        return super().test()

    def column(self) -> Any:
        return self.filled(super().column())

    def operator(self) -> Any:
        kind, word = self.current
        if kind == "word" and _HOLE.fullmatch(word) and self.index + 1 < len(self.tokens):
            self.index += 1
            return self.filled(word)
        return super().operator()

    def quoted(self, text: str) -> Any:
        return self.filled(text, as_text=True)

    def bare(self, text: str) -> Any:
        return self.filled(text) if _HOLE.search(text) else super().bare(text)

    def listed(self) -> Any:
        values = super().listed()
        return values[0] if len(values) == 1 and isinstance(values[0], tree.Node) else values

    def pairs(self) -> dict[str, Any]:
        """``name = value, …``."""
        found: dict[str, Any] = {}
        while True:
            name = self.column()
            if not isinstance(name, str) or self.operator() != "=":
                raise self.unreadable("a pair reads  name = value")
            found[name] = self.value()
            if not self.accept(","):
                return found

    def filled(self, text: str, *, as_text: bool = False) -> Any:
        """The text with its values; a value alone keeps its type."""
        pieces = _HOLE.split(text)  # text, number, text, number, …
        if len(pieces) == 1:
            return text
        values = {index: self.values[int(piece)] for index, piece in enumerate(pieces) if index % 2}
        if len(pieces) == 3 and not pieces[0] and not pieces[2] and not as_text:
            return values[1]
        at = values[1]
        parts = (values.get(index, piece) for index, piece in enumerate(pieces))
        return tree.Template(at.line, at.column, [part for part in parts if part != ""])


def _as_tree(at: tree.Node, value: Any) -> tree.Expression:
    if isinstance(value, tree.Node):
        return value  # type: ignore[return-value]
    if isinstance(value, dict):
        entries = [(key, _as_tree(at, item)) for key, item in value.items()]
        return tree.ObjectLiteral(at.line, at.column, entries)
    if isinstance(value, list):
        return tree.ArrayLiteral(at.line, at.column, [_as_tree(at, item) for item in value])
    return tree.Literal(at.line, at.column, value)
