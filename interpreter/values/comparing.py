"""Equality, order, membership and truth.

Helpers that may look at many items take the run last, to charge it; without one they still stop somewhere.
"""

from __future__ import annotations

from interpreter.dates import instant, parse_iso
from interpreter.errors import BasicError
from interpreter.values.text import looks_numeric, parse_number, printed, to_number, to_text
from interpreter.values.types import (
    Date,
    Duration,
    Record,
    RowSet,
    Runtime,
    Secret,
    Value,
    contains_itself,
    wrong_type,
)

COMPARISONS = 200_000  # items of containers that one comparison may look at
DEEPEST = 100
LONG = 4096  # characters of a text from which looking through it is charged


def equal(a: Value, b: Value, runtime: Runtime | None = None) -> bool:
    """Loose equality: ``5 = "5"``, ``TRUE = "true"``, an ISO text is its date, null an empty text or RowSet."""
    left = a.__class__
    right = b.__class__
    if left is right and (left is str or left is int or left is bool or left is float):
        if left is str and len(a) > LONG and len(a) == len(b):
            look_through(runtime, a)
        return a == b  # type: ignore[no-any-return]
    if a is None or b is None:
        return _is_nothing(a) and _is_nothing(b)
    if left is int or left is float:
        if right is int or right is float:
            return a == b  # type: ignore[no-any-return]
        if right is str:
            return bool(parse_number(b) == a)
    elif left is str and (right is int or right is float):
        return bool(parse_number(a) == b)
    return Comparison(runtime).equal(a, b, 0)


def look_through(runtime: Runtime | None, text: str) -> None:
    """Charge for reading a text where Python's own loop does it."""
    if runtime is not None and len(text) > LONG:
        runtime.spend(len(text) >> 10)


def _text(value: Value, runtime: Runtime | None) -> str:
    return to_text(value) if runtime is None else printed(runtime, value)


def _is_nothing(value: Value) -> bool:
    """What null equals: itself, the text that it prints as, and no rows."""
    return value is None or value == "" or (value.__class__ is RowSet and not value)


def not_equal(a: Value, b: Value, runtime: Runtime | None = None) -> bool:
    return not equal(a, b, runtime)


class Comparison:
    """One loose comparison: counts the items that it looks at, and charges for them."""

    __slots__ = ("left", "runtime")

    def __init__(self, runtime: Runtime | None) -> None:
        self.runtime = runtime
        self.left = COMPARISONS

    def look_at(self, items: int) -> None:
        self.left -= items + 1
        if self.left < 0:
            raise BasicError("The arrays or objects are too large to compare", code="E_COMPARE")
        if self.runtime is not None:
            self.runtime.spend(1 + (items >> 1))

    def equal(self, a: Value, b: Value, depth: int) -> bool:
        if a is b:
            return True
        left = a.__class__
        right = b.__class__
        if left is right and (left is str or left is int or left is bool or left is float):
            if left is str:
                look_through(self.runtime, a)
            return a == b  # type: ignore[no-any-return]
        if a is None or b is None:
            return _is_nothing(a) and _is_nothing(b)
        if left is bool or right is bool:
            return _equals_boolean(a, b)
        if isinstance(a, list | dict) or isinstance(b, list | dict):
            return self.equal_containers(a, b, depth)
        return _equal_scalars(a, b)

    def equal_containers(self, a: Value, b: Value, depth: int) -> bool:
        if isinstance(a, list) and isinstance(b, list):
            return len(a) == len(b) and self.equal_items(a, b, depth)
        if a.__class__ is Record and b.__class__ is Record:
            return len(a) == len(b) and self.equal_entries(a, b, depth)
        container, other = (a, b) if isinstance(a, list | dict) else (b, a)
        if other.__class__ is not str or not other.startswith(("[", "{")):
            return False
        self.look_at(len(other) >> 3)
        return bool(_text(container, self.runtime) == other)

    def equal_items(self, a: list[Value], b: list[Value], depth: int) -> bool:
        self.enter(a, depth)
        return all(self.equal(x, y, depth + 1) for x, y in zip(a, b, strict=True))

    def equal_entries(self, a: Record, b: Record, depth: int) -> bool:
        self.enter(a, depth)
        for key, item in a.items():
            found = b.find(key)
            if found is None or not self.equal(item, b[found], depth + 1):
                return False
        return True

    def enter(self, container: list[Value] | Record, depth: int) -> None:
        self.look_at(len(container))
        if depth > DEEPEST:
            raise contains_itself()


def _equals_boolean(a: Value, b: Value) -> bool:
    """A boolean equals a boolean, the words true and false, and 1 and 0."""
    flag, other = (a, b) if a.__class__ is bool else (b, a)
    if other.__class__ is bool:
        return bool(flag == other)
    if other.__class__ is str:
        return len(other) < 20 and bool(other.strip().casefold() == ("true" if flag else "false"))
    number = looks_numeric(other)
    return number is not None and number == int(flag)


def _equal_scalars(a: Value, b: Value) -> bool:
    """Two values of which neither is null, a boolean or a container."""
    first = looks_numeric(a)
    if first is not None and (b.__class__ is not str or a.__class__ is not str):
        second = looks_numeric(b)
        if second is not None:
            return first == second
    if a.__class__ is Secret or b.__class__ is Secret:
        return _revealed(a) == _revealed(b)
    if a.__class__ is Duration and b.__class__ in (int, float, Duration):
        return to_number(a) == to_number(b)
    if b.__class__ is Duration and a.__class__ in (int, float):
        return to_number(a) == to_number(b)
    if isinstance(a, Date) or isinstance(b, Date):
        by_date = _order_of_dates(a, b)
        if by_date is not None:
            return by_date == 0
    return to_text(a) == to_text(b)


def _revealed(value: Value) -> str:
    return value.reveal() if value.__class__ is Secret else to_text(value)


def order(a: Value, b: Value, runtime: Runtime | None = None) -> int:
    """-1, 0 or 1: numeric if both look so, else as dates if both are (ISO), else as text. Null comes first.

    :raises BasicError: arrays and objects have no order.
    """
    if a is None or b is None:
        return (a is not None) - (b is not None)
    left = looks_numeric(a)
    if left is not None:
        right = looks_numeric(b)
        if right is not None:
            return (left > right) - (left < right)
    if a.__class__ is str and b.__class__ is str:
        look_through(runtime, min(a, b, key=len))
        by_date = _order_of_dates(a, b) if a[4:5] == "-" == b[4:5] else None
        return (a > b) - (a < b) if by_date is None else by_date
    if isinstance(a, list | dict) or isinstance(b, list | dict):
        raise wrong_type("There is no order (< or >) for", a if isinstance(a, list | dict) else b)
    if a.__class__ is Duration or b.__class__ is Duration:
        first, second = to_number(a), to_number(b)
        return (first > second) - (first < second)
    by_date = _order_of_dates(a, b)
    if by_date is not None:
        return by_date
    one, two = to_text(a), to_text(b)
    return (one > two) - (one < two)


def _order_of_dates(a: Value, b: Value) -> int | None:
    """Order of two dates or ISO texts; None if either is neither."""
    zone = getattr(a, "tzinfo", None) or getattr(b, "tzinfo", None)
    first = parse_iso(a, zone) if a.__class__ is str else a
    second = parse_iso(b, zone) if b.__class__ is str else b
    if not isinstance(first, Date) or not isinstance(second, Date):
        return None
    one, two = instant(first, zone), instant(second, zone)
    return (one > two) - (one < two)


def less(a: Value, b: Value, runtime: Runtime | None = None) -> bool:
    """``a < b``; false when either is null, as for the other three."""
    left = a.__class__
    right = b.__class__
    if (left is int or left is float) and (right is int or right is float):
        return a < b  # type: ignore[no-any-return]
    return a is not None and b is not None and order(a, b, runtime) < 0


def less_equal(a: Value, b: Value, runtime: Runtime | None = None) -> bool:
    left = a.__class__
    right = b.__class__
    if (left is int or left is float) and (right is int or right is float):
        return a <= b  # type: ignore[no-any-return]
    return a is not None and b is not None and order(a, b, runtime) <= 0


def greater(a: Value, b: Value, runtime: Runtime | None = None) -> bool:
    left = a.__class__
    right = b.__class__
    if (left is int or left is float) and (right is int or right is float):
        return a > b  # type: ignore[no-any-return]
    return a is not None and b is not None and order(a, b, runtime) > 0


def greater_equal(a: Value, b: Value, runtime: Runtime | None = None) -> bool:
    left = a.__class__
    right = b.__class__
    if (left is int or left is float) and (right is int or right is float):
        return a >= b  # type: ignore[no-any-return]
    return a is not None and b is not None and order(a, b, runtime) >= 0


def between(value: Value, low: Value, high: Value, runtime: Runtime | None = None) -> bool:
    return less_equal(low, value, runtime) and less_equal(value, high, runtime)


def contains(a: Value, b: Value, runtime: Runtime | None = None) -> bool:
    """``a CONTAINS b`` and ``b IN a``: part of a text, an item of an array, a key of an object."""
    if a is None:
        return False
    if isinstance(a, list):
        comparison = Comparison(runtime)
        comparison.look_at(len(a))
        return any(comparison.equal(item, b, 0) for item in a)
    if a.__class__ is Record:
        return a.find(_text(b, runtime)) is not None
    text = _text(a, runtime)
    if runtime is not None:
        runtime.spend(1 + (len(text) >> 6))
    return _text(b, runtime) in text


def like(a: Value, pattern: Value, runtime: Runtime | None = None) -> bool:
    """``a LIKE pattern`` without regard to case; ``%`` and ``*`` stand for any characters."""
    text, wanted = _text(a, runtime), _text(pattern, runtime)
    if runtime is not None:
        runtime.spend(1 + (len(text) + len(wanted) >> 6))
    text = text.casefold()
    parts = wanted.casefold().replace("*", "%").split("%")
    if runtime is not None:
        runtime.spend(len(parts))
    if len(parts) == 1:
        return text == parts[0]
    first, *middle, last = parts
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    position, end = len(first), len(text) - len(last)
    for part in middle:
        found = text.find(part, position, end)
        if found < 0:
            return False
        position = found + len(part)
    return True


def starts_with(a: Value, b: Value, runtime: Runtime | None = None) -> bool:
    part = _text(b, runtime)
    look_through(runtime, part)
    return _text(a, runtime).startswith(part)


def ends_with(a: Value, b: Value, runtime: Runtime | None = None) -> bool:
    part = _text(b, runtime)
    look_through(runtime, part)
    return _text(a, runtime).endswith(part)


def truthy(value: Value) -> bool:
    """False are null, false, 0, an empty text, "false", "0" and anything empty."""
    kind = value.__class__
    if kind is bool:
        return value  # type: ignore[no-any-return]
    if kind is str:
        if len(value) > 5:
            return True
        return value not in ("", "0") and value.lower() != "false"
    if kind is Secret:
        return bool(value.reveal())
    return bool(value)


def numeric(value: Value) -> bool:
    """IS NUMERIC: a number, or a text that is one."""
    kind = value.__class__
    return kind is int or kind is float or (kind is str and parse_number(value) is not None)
