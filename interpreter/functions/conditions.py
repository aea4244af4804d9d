"""Conditions on rows: the structure that WHERE becomes, read from a text too, and applied to a row.

The structure is described in ``interpreter.parser.operands``; a text such as ``status=open AND total > 5``
becomes the same. In a text, a word on the right stands for itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from interpreter.errors import BasicError
from interpreter.functions.registry import DECLARED
from interpreter.values import (
    Record,
    Runtime,
    Value,
    between,
    contains,
    ends_with,
    equal,
    get_member,
    greater,
    greater_equal,
    less,
    less_equal,
    like,
    not_equal,
    printed,
    starts_with,
    to_text,
)

Condition = dict[str, Any]
DEEPEST = 16  # brackets in a text
DEEPEST_WRITTEN = 64  # objects in one another
LONGEST = 4096  # characters of a condition

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<op><>|<=|>=|==|!=|=|<|>)
    | (?P<bracket>[(),])
    | (?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*")
    | (?P<word>[^\s()<>=!,'"]+)
    | (?P<bad>.)
    )""",
    re.VERBOSE,
)
_OPERATORS = {"==": "=", "!=": "<>"}
_WORDS = {"IN", "LIKE", "ILIKE", "CONTAINS", "BETWEEN", "STARTS", "ENDS"}
_CONSTANTS: dict[str, Value] = {"TRUE": True, "FALSE": False, "NULL": None}
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d+)?")


def read_condition(text: str) -> Condition:
    """The structure of a condition that is written as a text.

    :raises BasicError: E_FILTER; it cannot be read.
    """
    if len(text) > LONGEST:
        raise unreadable(text[:40], "it is too long")
    return ConditionReader(text).condition()


def unreadable(text: str, why: str) -> BasicError:
    hint = "a condition reads  status = 'open' AND total > 5"
    return BasicError(f"“{text}” is not a condition: {why}", 2001, "E_FILTER", hint)


class ConditionReader:
    """Recursive descent over the words of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = [(str(m.lastgroup), m.group(str(m.lastgroup))) for m in _TOKEN.finditer(text.rstrip())]
        self.index = 0
        self.depth = 0

    def condition(self) -> Condition:
        found = self.any()
        if self.index < len(self.tokens):
            raise unreadable(self.text, f"{self.word!r} stands where it should end")
        return found

    @property
    def current(self) -> tuple[str, str]:
        """The kind and the spelling of the current word."""
        return self.tokens[self.index] if self.index < len(self.tokens) else ("end", "")

    @property
    def word(self) -> str:
        return self.current[1]

    @property
    def key(self) -> str:
        """The current word in upper case; "" for a quoted one, which is never a joining word."""
        kind, word = self.current
        return "" if kind == "quoted" else word.upper()

    def accept(self, key: str) -> bool:
        if self.key != key:
            return False
        self.index += 1
        return True

    def need(self, key: str) -> None:
        if not self.accept(key):
            raise unreadable(self.text, f"{key} is missing")

    def any(self) -> Condition:
        return self.joined("OR", "any", lambda: self.joined("AND", "all", self.single))

    def joined(self, word: str, key: str, read: Callable[[], Condition]) -> Condition:
        parts = [read()]
        while self.accept(word):
            parts.append(read())
        return parts[0] if len(parts) == 1 else {key: parts}

    def single(self) -> Condition:
        self.depth += 1
        if self.depth > DEEPEST:
            raise unreadable(self.text[:40], "it is nested too deep")
        if self.accept("NOT"):
            found: Condition = {"not": self.single()}
        elif self.accept("("):
            found = self.any()
            self.need(")")
        else:
            found = self.test()
        self.depth -= 1
        return found

    def test(self) -> Condition:
        column = self.column()
        negated = self.accept("NOT")
        if not negated and (op := self.operator()):
            return {"column": column, "op": op, "value": self.value()}
        if not negated and self.accept("IS"):
            op = "IS NOT NULL" if self.accept("NOT") else "IS NULL"
            self.need("NULL")
            return {"column": column, "op": op}
        key = self.key
        if key not in _WORDS:
            raise self.unreadable(f"a comparison is missing after {column}")
        self.index += 1
        if key in ("STARTS", "ENDS"):
            self.need("WITH")
            key += " WITH"
        op = f"NOT {key}" if negated else key
        if key == "BETWEEN":
            low = self.value()
            self.need("AND")
            return {"column": column, "op": op, "low": low, "high": self.value()}
        return {
            "column": column,
            "op": op.replace("ILIKE", "LIKE"),
            "value": self.listed() if key == "IN" else self.value(),
        }

    def unreadable(self, why: str) -> BasicError:
        return unreadable(self.text, why)

    def compares(self, index: int) -> bool:
        """Whether a comparison stands at an index."""
        kind, word = self.tokens[index] if index < len(self.tokens) else ("end", "")
        return kind == "op" or (kind == "word" and word.upper() in _WORDS | {"IS", "NOT"})

    def operator(self) -> str:
        """The sign of a comparison, consumed; "" if none stands here."""
        kind, word = self.current
        if kind != "op":
            return ""
        self.index += 1
        return _OPERATORS.get(word, word)

    def column(self) -> str:
        kind, word = self.current
        if kind not in ("word", "quoted"):
            raise unreadable(self.text, "the name of a column is missing")
        self.index += 1
        return word[1:-1] if kind == "quoted" else word

    def value(self) -> Value:
        """A quoted text, a number, a constant, or the words up to the next AND, OR, comma or bracket."""
        kind, word = self.current
        if kind == "quoted":
            self.index += 1
            return self.quoted(word[1:-1].replace(word[0] * 2, word[0]))
        words: list[str] = []
        while self.key not in ("AND", "OR", ")", ",", "") and self.current[0] != "bad":
            words.append(self.word)
            self.index += 1
        return self.bare(" ".join(words))

    def quoted(self, text: str) -> Value:
        """The value of a text in quotation marks."""
        return text

    def bare(self, text: str) -> Value:
        """The value of words without quotation marks."""
        if _NUMBER.fullmatch(text):
            return float(text) if "." in text else int(text)
        return _CONSTANTS.get(text.upper(), text)

    def listed(self) -> list[Value]:
        """The values behind IN, in brackets."""
        self.need("(")
        values = [self.value()]
        while self.accept(","):
            values.append(self.value())
        self.need(")")
        return values


def settled(condition: Value, depth: int = 0) -> Condition:
    """A condition as its structure, whether it came as a text or as one that a script's values were put into.

    :raises BasicError: E_FILTER; a text in it cannot be read, or it is nested too deep.
    """
    if depth > DEEPEST_WRITTEN:
        raise unreadable("the object", "it is nested too deep")
    if not isinstance(condition, dict):
        return read_condition(to_text(condition))
    if "text" in condition:
        return read_condition(to_text(condition["text"]))
    for key in ("all", "any"):
        if isinstance(parts := condition.get(key), list):
            return {key: [settled(part, depth + 1) for part in parts]}
    if "not" in condition:
        return {"not": settled(condition["not"], depth + 1)}
    op = to_text(condition.get("op")).strip().upper()
    op = _OPERATORS.get(op, op).replace("ILIKE", "LIKE")
    if op not in _TESTED and op.removeprefix("NOT ") not in _TESTED:
        raise unreadable(op[:40], "there is no such comparison")
    found = {**condition, "op": op}
    if op.endswith("IN") and isinstance(items := condition.get("value"), str):
        found["value"] = read_condition(f"x IN ({items})")["value"] if items.strip() else []
    return found


# --- applied to a row ---------------------------------------------------------------------------------------


def matcher(runtime: Runtime, condition: Value) -> Callable[[Value], bool]:
    """A test of rows for a condition, given as a text or as its structure.

    :raises BasicError: E_FILTER.
    """
    structure = settled(condition)

    def test(row: Value) -> bool:
        try:
            return matches(runtime, structure, row)
        except (AttributeError, KeyError, TypeError, RecursionError):  # an object that a script made up
            raise unreadable("the object", "it is no condition") from None

    return test


def matches(runtime: Runtime, condition: Value, row: Value) -> bool:
    runtime.spend(2)
    if "all" in condition:
        return all(matches(runtime, part, row) for part in condition["all"])
    if "any" in condition:
        return any(matches(runtime, part, row) for part in condition["any"])
    if "not" in condition:
        return not matches(runtime, condition["not"], row)
    found = column_of(row, condition["column"])
    if applied := condition.get("apply"):
        found = DECLARED[applied].call(runtime, found)
    op = condition["op"]
    if op in ("IS NULL", "IS NOT NULL"):
        return bool((found is None) == (op == "IS NULL"))
    negated = op.startswith("NOT ")
    op = op.removeprefix("NOT ")
    if op == "BETWEEN":
        return bool(negated != between(found, condition["low"], condition["high"], runtime))
    return bool(negated != TESTS[op](found, condition.get("value"), runtime))


def column_of(row: Value, path: str) -> Value:
    """``total`` and ``customer.name`` of a row; ``orders.total`` where the row has no ``orders`` is its total."""
    if not isinstance(row, Record):
        return row if path.casefold() in ("value", "item") else None
    first, _, rest = path.partition(".")
    if rest and row.find(first) is not None:
        return column_of(get_member(row, first), rest)
    return get_member(row, rest or first)


def holds(value: Value, part: Value, runtime: Runtime) -> bool:
    """CONTAINS of a column is about text, and without regard to case."""
    text, wanted = printed(runtime, value), printed(runtime, part)
    runtime.spend(len(text) + len(wanted) >> 6)
    return wanted.casefold() in text.casefold()


TESTS: dict[str, Callable[[Value, Value, Runtime], bool]] = {
    "=": equal,
    "<>": not_equal,
    "<": less,
    "<=": less_equal,
    ">": greater,
    ">=": greater_equal,
    "IN": lambda value, items, runtime: contains(items, value, runtime),
    "LIKE": like,
    "CONTAINS": holds,
    "STARTS WITH": starts_with,
    "ENDS WITH": ends_with,
}
_TESTED = frozenset((*TESTS, "BETWEEN", "IS NULL", "IS NOT NULL"))
