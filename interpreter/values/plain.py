"""Between the language's values and plain JSON values (None, bool, int, float, str, list, dict)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interpreter.effects import Limits
from interpreter.values.types import (
    INTEGER_MAX,
    INTEGER_MIN,
    LIMITS,
    Date,
    Duration,
    Record,
    RowSet,
    Secret,
    Value,
    array_too_long,
    contains_itself,
    nested_too_deep,
    string_too_long,
    wrong_type,
)


def from_plain(value: Any, limits: Limits = LIMITS) -> Value:
    """The language's value for a plain one. Integers beyond 64 bits become floats; NaN and infinity null.

    Values that are the language's own already (dates, rows, secrets) pass.

    :raises BudgetError: a text, array or nesting beyond ``limits``.
    :raises BasicError: it contains itself, or something that is no plain value.
    """
    return _from_plain(value, limits, ())


def _from_plain(value: Any, limits: Limits, path: tuple[int, ...]) -> Value:
    if value is None or isinstance(value, bool | Date | Duration | Secret):
        return value
    if isinstance(value, str):
        if len(value) > limits.string:
            raise string_too_long(limits.string)
        return str(value)
    if isinstance(value, int):
        return int(value) if INTEGER_MIN <= value <= INTEGER_MAX else _finite(value)
    if isinstance(value, float):
        return _finite(value)
    if not isinstance(value, Mapping | list | tuple):
        raise wrong_type("The language has no value for", value)
    if id(value) in path:
        raise contains_itself()
    if len(path) >= limits.nesting:
        raise nested_too_deep(limits.nesting)
    if len(value) > limits.array:
        raise array_too_long(limits.array)
    path = (*path, id(value))
    if isinstance(value, Mapping):
        return Record((str(key), _from_plain(item, limits, path)) for key, item in value.items())
    items = [_from_plain(item, limits, path) for item in value]
    return RowSet(items) if isinstance(value, RowSet) else items


def _finite(value: float) -> float | None:
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if number - number == 0.0 else None


def to_plain(value: Value, limits: Limits = LIMITS, *, reveal: bool = False) -> Any:
    """The plain value: dates as ISO 8601 texts, durations as seconds.

    :param reveal: secrets as they are (for the keyword they are handed to) instead of as dots.
    :raises BudgetError: more than ``limits.variables`` items in all, or nested too deep.
    :raises BasicError: it contains itself.
    """
    return _Plain(limits, reveal).convert(value)


class _Plain:
    def __init__(self, limits: Limits, reveal: bool) -> None:
        self.limits = limits
        self.reveal = reveal
        self.items_left = limits.variables
        self.path: set[int] = set()

    def convert(self, value: Value) -> Any:
        if isinstance(value, list | dict):
            return self.container(value)
        if isinstance(value, Date):
            return value.isoformat()
        if isinstance(value, Duration):
            return value.total_seconds()
        if isinstance(value, Secret):
            return value.reveal() if self.reveal else repr(value)
        return value

    def container(self, value: Any) -> Any:
        if id(value) in self.path:
            raise contains_itself()
        if len(self.path) >= self.limits.nesting:
            raise nested_too_deep(self.limits.nesting)
        self.items_left -= len(value) + 1
        if self.items_left < 0:
            raise array_too_long(self.limits.variables)
        self.path.add(id(value))
        if isinstance(value, dict):
            plain: Any = {key: self.convert(item) for key, item in value.items()}
        else:
            plain = [self.convert(item) for item in value]
        self.path.discard(id(value))
        return plain
