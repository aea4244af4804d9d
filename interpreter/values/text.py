"""Values as text, text as numbers."""

from __future__ import annotations

import re
from json.encoder import encode_basestring

from interpreter.errors import BasicError
from interpreter.values.types import (
    INTEGER_MAX,
    INTEGER_MIN,
    LIMITS,
    Date,
    DateTime,
    Duration,
    Record,
    RowSet,
    Runtime,
    Secret,
    Value,
    contains_itself,
    nested_too_deep,
    string_too_long,
    wrong_type,
)

NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
NUMBER_STARTS = frozenset("0123456789+-.")
LONGEST_NUMBER = 400  # characters: more than any float needs to be written out
WHOLE_FLOAT = 1e16  # below, a whole float is written without an exponent


def float_text(value: float) -> str:
    """The shortest form that reads back as the same number; ``2`` rather than ``2.0``."""
    if -WHOLE_FLOAT < value < WHOLE_FLOAT and value.is_integer():
        return str(int(value))
    return repr(value)


def number_text(value: float) -> str:
    """An integer or float as text."""
    return int.__repr__(value) if value.__class__ is int else float_text(value)


def datetime_text(value: DateTime) -> str:
    return value.strftime(f"{value.year:04}-%m-%d %H:%M:%S")


def duration_text(value: Duration) -> str:
    """``1:30:00``, ``2 days, 0:00:00``; a minus sign before all of it."""
    seconds = abs(value).total_seconds()
    days, rest = divmod(int(seconds), 86_400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    sign = "-" if value < Duration() else ""
    return f"{sign}{days} {'day' if days == 1 else 'days'}, {clock}" if days else f"{sign}{clock}"


def to_text(value: Value, limit: int = LIMITS.string) -> str:
    """What TALK and ``+`` print: null is empty, arrays and objects are compact JSON.

    :param limit: characters that JSON may have.
    :raises BudgetError: the JSON would be longer, or is nested too deep.
    """
    kind = value.__class__
    if kind is str:
        return value  # type: ignore[no-any-return]
    if kind is int:
        return int.__repr__(value)
    if value is None:
        return ""
    if kind is bool:
        return "true" if value else "false"
    if kind is float:
        return float_text(value)
    if kind is DateTime:
        return datetime_text(value)
    if kind is Date:
        return value.isoformat()  # type: ignore[no-any-return]
    if kind is Duration:
        return duration_text(value)
    if kind is Secret:
        return repr(value)
    if kind is Record and "url" in value and "filename" in value and "mime" in value:
        return to_text(value["url"], limit)  # a file that a person sent
    return json_text(value, limit)


def printed(runtime: Runtime, value: Value) -> str:
    """As ``to_text`` within the run's limit; writing an array or object is charged for."""
    if value.__class__ is str:
        return value
    text = to_text(value, runtime.limits.string)
    if isinstance(value, list | dict):
        runtime.spend(1 + (len(text) >> 2))
    return text


class JsonWriter:
    """Writes a value as compact JSON piece by piece, counting, so that shared parts cannot explode."""

    def __init__(self, limit: int, nesting: int) -> None:
        self.pieces: list[str] = []
        self.left = limit
        self.limit = limit
        self.nesting = nesting
        self.path: set[int] = set()

    def add(self, piece: str) -> None:
        self.left -= len(piece)
        if self.left < 0:
            raise string_too_long(self.limit)
        self.pieces.append(piece)

    def write(self, value: Value) -> None:
        kind = value.__class__
        if kind is str:
            self.quoted(value)
        elif value is None:
            self.add("null")
        elif kind is list or kind is RowSet:
            self.enter(value)
            self.items(value)
        elif isinstance(value, dict):
            self.enter(value)
            self.entries(value)
        elif kind is DateTime:
            self.quoted(value.isoformat())
        elif kind is Date or kind is Secret:
            self.quoted(to_text(value))
        elif kind is Duration:
            self.add(float_text(value.total_seconds()))
        else:
            self.add(to_text(value))

    def quoted(self, text: str) -> None:
        if len(text) > self.left:
            raise string_too_long(self.limit)
        self.add(encode_basestring(text))

    def enter(self, container: Value) -> None:
        if id(container) in self.path:
            raise contains_itself()
        if len(self.path) >= self.nesting:
            raise nested_too_deep(self.nesting)
        self.path.add(id(container))

    def items(self, array: list[Value]) -> None:
        separator = "["
        for item in array:
            self.add(separator)
            self.write(item)
            separator = ","
        self.add("]" if array else "[]")
        self.path.discard(id(array))

    def entries(self, record: dict[str, Value]) -> None:
        separator = "{"
        for key, item in record.items():
            self.add(separator)
            self.quoted(key)
            self.add(":")
            self.write(item)
            separator = ","
        self.add("}" if record else "{}")
        self.path.discard(id(record))


def json_text(value: Value, limit: int = LIMITS.string, nesting: int = LIMITS.nesting) -> str:
    """``value`` as compact JSON; dates as ISO 8601, durations as seconds, secrets as dots.

    :raises BasicError: it contains itself.
    :raises BudgetError: the text would have more than ``limit`` characters, or nests too deep.
    """
    writer = JsonWriter(limit, nesting)
    writer.write(value)
    return "".join(writer.pieces)


def parse_number(text: str) -> int | float | None:
    """The number that ``text`` is, blanks around it aside; None if it is none.

    Only decimal digits, one point and an exponent count: not ``nan``, ``0x10``, ``1_000`` or ``1,5``.
    """
    size = len(text)
    if size < 19 and text.isdecimal() and text.isascii():
        return int(text)
    if not 0 < size <= LONGEST_NUMBER:
        return None
    first = text[0]
    if first not in NUMBER_STARTS and not first.isspace():
        return None
    text = text.strip()
    if not NUMBER.fullmatch(text):
        return None
    if "." not in text and "e" not in text and "E" not in text:
        number = int(text)
        if INTEGER_MIN <= number <= INTEGER_MAX:
            return number
    result = float(text)
    return result if result - result == 0.0 else None


def to_number(value: Value) -> int | float:
    """The number that arithmetic takes ``value`` for: null is 0, true 1, a numeric string its number.

    :raises BasicError: it is no number.
    """
    kind = value.__class__
    if kind is int or kind is float:
        return value  # type: ignore[no-any-return]
    if value is None:
        return 0
    if kind is str:
        number = parse_number(value)
        if number is None:
            shown = value if len(value) <= 40 else value[:39] + "…"
            raise BasicError(f"“{shown}” is not a number", code="E_TYPE")
        return number
    if kind is bool:
        return int(value)
    if kind is Duration:
        return value.total_seconds()  # type: ignore[no-any-return]
    raise wrong_type("Cannot calculate with", value)


def looks_numeric(value: Value) -> int | float | None:
    """The number that comparisons take ``value`` for, or None: only numbers and numeric strings."""
    kind = value.__class__
    if kind is int or kind is float:
        return value  # type: ignore[no-any-return]
    return parse_number(value) if kind is str else None
