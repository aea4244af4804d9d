"""Methods: ``a.push(v)``, ``s.trim()``. A small fixed table; nothing else can be called on a value."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from interpreter.errors import BasicError
from interpreter.values.comparing import contains, ends_with, equal, starts_with
from interpreter.values.members import as_index, get_index, get_member, length
from interpreter.values.text import printed, to_number, to_text
from interpreter.values.types import (
    MADE,
    SHORT,
    Record,
    RowSet,
    Runtime,
    Value,
    charge_kept,
    check_array,
    check_string,
    with_article,
)


def whole(value: Value, what: str) -> int:
    """A whole number given as an argument; fractions are cut off.

    :raises BasicError: no number.
    """
    if value.__class__ is int:
        return value
    position = as_index(value)
    if position is not None:
        return position
    number = to_number(value)
    if abs(number) > 1e15:
        raise BasicError(f"{what} is too large", code="E_OVERFLOW")
    return int(number)


def array_of(value: Value, method: str) -> list[Value]:
    """``value`` as the array that an in-place operation works on."""
    if isinstance(value, list):
        return value
    raise BasicError(f"{method} needs an array, not {with_article(value)}", code="E_TYPE")


def push(runtime: Runtime, value: Value, *items: Value) -> Value:
    """Append in place; the array itself is the result."""
    array = array_of(value, "PUSH")
    check_array(runtime, len(array) + len(items), len(items))
    charge_kept(runtime, *items)
    array.extend(items)
    return array


def pop(runtime: Runtime, value: Value) -> Value:
    runtime.spend(1)
    array = array_of(value, "POP")
    return array.pop() if array else None


def shift(runtime: Runtime, value: Value) -> Value:
    array = array_of(value, "SHIFT")
    runtime.spend(1 + (len(array) >> 6))
    return array.pop(0) if array else None


def unshift(runtime: Runtime, value: Value, *items: Value) -> Value:
    array = array_of(value, "UNSHIFT")
    check_array(runtime, len(array) + len(items))
    charge_kept(runtime, *items)
    array[:0] = items
    return array


def splice(runtime: Runtime, value: Value, start: Value, count: Value = None, *items: Value) -> Value:
    """Remove ``count`` items from ``start`` on and put ``items`` there; the removed ones are the result."""
    array = array_of(value, "SPLICE")
    check_array(runtime, len(array) + len(items))
    charge_kept(runtime, *items)
    size = len(array)
    first = whole(start, "The start")
    first = max(0, size + first) if first < 0 else min(first, size)
    last = size if count is None else min(size, first + max(0, whole(count, "The count")))
    removed = array[first:last]
    array[first:last] = items
    return removed


def substring(runtime: Runtime, value: Value, start: Value, end: Value = None) -> str:
    """The characters from ``start`` up to, not including, ``end``, both from 0."""
    text = printed(runtime, value)
    check_string(runtime, len(text))
    first = max(0, whole(start, "The start"))
    last = len(text) if end is None else max(0, whole(end, "The end"))
    return text[min(first, last) : max(first, last)]


def slice_of(runtime: Runtime, value: Value, start: Value, end: Value = None) -> Value:
    """Part of an array or text from ``start`` up to, not including, ``end``; negative counts from the end."""
    whole_value: Value = value if isinstance(value, list) else printed(runtime, value)
    first = whole(start, "The start")
    last = len(whole_value) if end is None else whole(end, "The end")
    size = len(range(len(whole_value))[first:last])
    if isinstance(value, list):
        check_array(runtime, size)
    else:
        check_string(runtime, size)
    part = whole_value[first:last]
    return RowSet(part) if isinstance(value, RowSet) else part


def index_of(runtime: Runtime, value: Value, item: Value) -> int:
    """The first position, from 0, of an item or of a part of a text; -1 if there is none."""
    runtime.spend(1 + (length(value) >> (1 if isinstance(value, list) else 6)))
    if isinstance(value, list):
        return next((index for index, candidate in enumerate(value) if equal(candidate, item, runtime)), -1)
    return printed(runtime, value).find(printed(runtime, item))


def last_index_of(runtime: Runtime, value: Value, item: Value) -> int:
    runtime.spend(1 + (length(value) >> (1 if isinstance(value, list) else 6)))
    if isinstance(value, list):
        return next(
            (index for index in range(len(value) - 1, -1, -1) if equal(value[index], item, runtime)), -1
        )
    return printed(runtime, value).rfind(printed(runtime, item))


def replace(runtime: Runtime, value: Value, old: Value, new: Value) -> str:
    """Every occurrence of ``old`` replaced; an empty ``old`` replaces nothing."""
    text, sought, substitute = printed(runtime, value), printed(runtime, old), printed(runtime, new)
    if not sought:
        return text
    runtime.spend(1 + (len(text) >> 5))
    count = text.count(sought)
    check_string(runtime, len(text) + count * (len(substitute) - len(sought)))
    return text.replace(sought, substitute)


def split(runtime: Runtime, value: Value, separator: Value = ",") -> list[Value]:
    """The parts of a text; an empty separator gives its characters, an empty text no parts."""
    text, mark = printed(runtime, value), printed(runtime, separator)
    if not text:
        return []
    runtime.spend(1 + (len(text) >> 5))
    parts = (text.count(mark) + 1) if mark else len(text)
    check_array(runtime, parts, MADE * parts)
    return text.split(mark) if mark else list(text)


def join(runtime: Runtime, value: Value, separator: Value = ",") -> str:
    """The items of an array as text, ``separator`` between them; anything else as text."""
    if not isinstance(value, list):
        return printed(runtime, value)
    mark = printed(runtime, separator)
    left = runtime.limits.string - max(0, len(value) - 1) * len(mark)
    parts: list[str] = []
    for item in value:
        part = to_text(item, max(left, 0))
        if isinstance(item, list | dict):
            runtime.spend(1 + (len(part) >> 2))
        left -= len(part)
        if left < 0:
            break
        parts.append(part)
    check_string(runtime, runtime.limits.string - left)
    return mark.join(parts)


def changed_case(change: Callable[[str], str]) -> Callable[[Runtime, Value], str]:
    def method(runtime: Runtime, value: Value) -> str:
        if value.__class__ is str and len(value) < SHORT:
            return change(value)
        text = printed(runtime, value)
        check_string(runtime, len(text))
        result = change(text)  # a few characters grow: "ß".upper() is "SS"
        check_string(runtime, len(result))
        return result

    return method


upper = changed_case(str.upper)
lower = changed_case(str.lower)
trim = changed_case(str.strip)
trim_start = changed_case(str.lstrip)
trim_end = changed_case(str.rstrip)


def includes(runtime: Runtime, value: Value, item: Value) -> bool:
    return contains(value, item, runtime)


def text_of(runtime: Runtime, value: Value) -> str:
    text = printed(runtime, value)
    check_string(runtime, len(text))
    return text


def _size(_: Runtime, value: Value) -> int:
    return length(value)


Method = Callable[..., Value]
METHODS: Mapping[str, tuple[Method, int, int]] = {
    # name: (method, fewest arguments, most)
    "push": (push, 1, 100),
    "append": (push, 1, 100),
    "pop": (pop, 0, 0),
    "shift": (shift, 0, 0),
    "unshift": (unshift, 1, 100),
    "splice": (splice, 1, 100),
    "slice": (slice_of, 1, 2),
    "substring": (substring, 1, 2),
    "contains": (includes, 1, 1),
    "includes": (includes, 1, 1),
    "indexof": (index_of, 1, 1),
    "lastindexof": (last_index_of, 1, 1),
    "join": (join, 0, 1),
    "split": (split, 0, 1),
    "replace": (replace, 2, 2),
    "trim": (trim, 0, 0),
    "trimstart": (trim_start, 0, 0),
    "trimend": (trim_end, 0, 0),
    "upper": (upper, 0, 0),
    "toupper": (upper, 0, 0),
    "touppercase": (upper, 0, 0),
    "lower": (lower, 0, 0),
    "tolower": (lower, 0, 0),
    "tolowercase": (lower, 0, 0),
    "startswith": (lambda runtime, value, part: starts_with(value, part, runtime), 1, 1),
    "endswith": (lambda runtime, value, part: ends_with(value, part, runtime), 1, 1),
    "tostring": (text_of, 0, 0),
    "length": (_size, 0, 0),
    "count": (_size, 0, 0),
    "len": (_size, 0, 0),
}


def call_method(runtime: Runtime, value: Value, name: str, args: list[Value] | tuple[Value, ...]) -> Value:
    """``value.name(args)``; the name in any case. A method of null gives null.

    :raises BasicError: there is no such method, or it takes other arguments.
    """
    kind = value.__class__
    if kind is list and name == "push" and len(args) == 1:
        check_array(runtime, len(value) + 1, 0)
        charge_kept(runtime, args[0])
        value.append(args[0])
        return value
    if kind is Record and len(args) == 1 and value.find(name) is not None:
        return get_index(get_member(value, name), args[0])  # order.items(0)
    found = METHODS.get(name) or METHODS.get(name.casefold())
    if found is None:
        raise BasicError(f"There is no method “{name}” for {with_article(value)}", code="E_METHOD")
    method, low, high = found
    if not low <= len(args) <= high:
        expected = f"{low}" if low == high else f"{low} to {high}" if high < 100 else f"at least {low}"
        raise BasicError(f"{name}() takes {expected} arguments, not {len(args)}", code="E_ARGUMENTS")
    if value is None and name.casefold() not in ("push", "append", "unshift"):
        return None
    return method(runtime, value, *args)
