"""Members, indexes and iteration: the only ways into a value. A missing member is null, never an error."""

from __future__ import annotations

from collections.abc import Callable

from interpreter.dates import timestamp, weekday
from interpreter.errors import BasicError
from interpreter.values.text import parse_number, to_text
from interpreter.values.types import (
    Date,
    DateTime,
    Duration,
    Record,
    RowSet,
    Runtime,
    Secret,
    Value,
    charge_kept,
    check_array,
    check_record,
    with_article,
    wrong_type,
)

DATE_MEMBERS: dict[str, Callable[[Date], Value]] = {
    "year": lambda value: value.year,
    "month": lambda value: value.month,
    "day": lambda value: value.day,
    "weekday": weekday,
    "hour": lambda value: getattr(value, "hour", 0),
    "minute": lambda value: getattr(value, "minute", 0),
    "second": lambda value: getattr(value, "second", 0),
    "date": lambda value: value.date() if isinstance(value, DateTime) else value,
    "time": lambda value: f"{value:%H:%M:%S}" if isinstance(value, DateTime) else "00:00:00",
    "iso": lambda value: value.isoformat(),
    "timestamp": timestamp,
}
DURATION_MEMBERS: dict[str, int] = {"days": 86_400, "hours": 3600, "minutes": 60, "seconds": 1}


def length(value: Value) -> int:
    """Characters of a text, items of an array, keys of an object; 0 for null."""
    if value is None:
        return 0
    if value.__class__ is Secret:
        return len(value.reveal())
    if isinstance(value, str | list | dict):
        return len(value)
    return len(to_text(value))


def get_member(value: Value, name: str) -> Value:
    """``value.name``: exact key, then without regard to case, then ``.length`` and ``.count``, else null."""
    kind = value.__class__
    if kind is Record:
        if name in value:
            return value[name]
        key = value.find(name)
        return value[key] if key is not None else _size(value, name)
    if value is None:
        return None
    if kind is RowSet:
        size = _size(value, name)
        return size if size is not None or not value else get_member(value[0], name)
    if kind is list or kind is str:
        return _size(value, name)
    if kind is DateTime or kind is Date:
        member = DATE_MEMBERS.get(name.casefold())
        return member(value) if member else None
    if kind is Duration:
        unit = DURATION_MEMBERS.get(name.casefold())
        return _whole(value.total_seconds() / unit) if unit else None
    return None


def _size(value: Value, name: str) -> int | None:
    return len(value) if name.casefold() in ("length", "count") else None


def _whole(number: float) -> int | float:
    return int(number) if number == int(number) else number


def as_index(value: Value) -> int | None:
    """The whole number that an index is (``2``, ``2.0``, ``"2"``), or None."""
    kind = value.__class__
    if kind is int:
        return value  # type: ignore[no-any-return]
    if kind is str:
        value = parse_number(value)
    if value.__class__ is int or (value.__class__ is float and value == int(value)):
        return int(value)
    return None


def get_index(value: Value, index: Value) -> Value:
    """``value[index]``: an item by position from 0, a character, a member by name; out of range: null."""
    kind = value.__class__
    if kind is list or kind is str or kind is RowSet:
        position = as_index(index)
        if position is None:
            return _named(value, index) if index is not None else None
        return value[position] if 0 <= position < len(value) else None
    if kind is Record and index.__class__ is str:
        if index in value:
            return value[index]
        key = value.find(index)
        return None if key is None else value[key]
    if value is None:
        return None
    return _named(value, index)


def _named(value: Value, index: Value) -> Value:
    """The member that a text or number names; an array or object names none."""
    return None if isinstance(index, list | dict) else get_member(value, to_text(index))


def set_member(runtime: Runtime, target: Value, name: str, value: Value) -> None:
    """``target.name = value``: rows write to their first row.

    :raises BasicError: ``target`` has no members that can be set.
    """
    kind = target.__class__
    if kind is Record:
        charge_kept(runtime, value)
        if name in target:
            target[name] = value
            return
        check_array(runtime, len(target) + 1, 0)
        charge_kept(runtime, name, name)  # once as it is, once without regard to case
        target.store(name, value)
        return
    if kind is RowSet and target:
        set_member(runtime, target[0], name, value)
        return
    raise wrong_type(f"Cannot set “{name}” of", target)


def container_for(key: Value) -> Value:
    """What is made where nothing is yet and ``key`` is set in it: an array if it is counted from 0 or 1."""
    return [] if key.__class__ is int and key in (0, 1) else Record()


def grown_member(runtime: Runtime, owner: Value, name: str, key: Value) -> Value:
    """``owner.name``, made if it is missing, so that ``key`` can be set in it."""
    found = get_member(owner, name)
    if found is None:
        found = container_for(key)
        check_record(runtime, 1)
        set_member(runtime, owner, name, found)
    return found


def grown_index(runtime: Runtime, owner: Value, index: Value, key: Value) -> Value:
    """``owner[index]``, likewise."""
    found = get_index(owner, index)
    if found is None:
        found = container_for(key)
        check_record(runtime, 1)
        set_index(runtime, owner, index, found)
    return found


def set_index(runtime: Runtime, target: Value, index: Value, value: Value) -> None:
    """``target[index] = value``: at the length it appends, beyond it the gap is filled with nulls.

    :raises BasicError: a negative index, or ``target`` has no items.
    :raises BudgetError: the array would be too long.
    """
    kind = target.__class__
    if kind is list or kind is RowSet:
        position = as_index(index)
        if position is None:
            if kind is RowSet and not isinstance(index, list | dict):
                set_member(runtime, target, to_text(index), value)
                return
            raise BasicError(
                f"The index of an array must be a whole number, not {with_article(index)}", code="E_INDEX"
            )
        _store(runtime, target, position, value)
        return
    if isinstance(index, list | dict):
        raise BasicError(f"The key of an object must be a text, not {with_article(index)}", code="E_INDEX")
    set_member(runtime, target, to_text(index), value)


def _store(runtime: Runtime, array: list[Value], position: int, value: Value) -> None:
    charge_kept(runtime, value)
    size = len(array)
    if 0 <= position < size:
        array[position] = value
        return
    if position < 0:
        raise BasicError(f"The index {position} is negative", code="E_INDEX")
    check_array(runtime, position + 1, position - size)
    if position > size:
        array.extend([None] * (position - size))
    array.append(value)


def iterate(value: Value) -> list[Value]:
    """What FOR EACH runs over: the array itself, an object's values, nothing for null.

    :raises BasicError: anything else.
    """
    if isinstance(value, list):
        return value
    if value is None:
        return []
    if isinstance(value, dict):
        return list(value.values())
    raise wrong_type("FOR EACH needs an array, not", value)
