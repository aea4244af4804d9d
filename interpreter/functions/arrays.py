"""Functions on arrays. Positions count from 0. Only PUSH, POP, SHIFT, UNSHIFT and SPLICE change theirs."""

from __future__ import annotations

from functools import cmp_to_key

from interpreter.errors import BasicError
from interpreter.functions.arguments import column
from interpreter.functions.registry import function
from interpreter.values import (
    LIST,
    MADE,
    Record,
    RowSet,
    Runtime,
    Value,
    add,
    charge_kept,
    check_array,
    contains,
    equal,
    get_member,
    json_text,
    length,
    order,
    parse_number,
    to_number,
    to_text,
    with_article,
)
from interpreter.values import methods as method
from interpreter.values.methods import whole


def need_array(value: Value, name: str) -> list[Value]:
    """``value`` as an array: null is an empty one.

    :raises BasicError: it is none.
    """
    if isinstance(value, list):
        return value
    if value is None:
        return []
    raise BasicError(f"{name} needs an array, not {with_article(value)}", code="E_TYPE")


def copied(runtime: Runtime, value: Value, name: str) -> list[Value]:
    """A new array of the items, charged for; rows stay rows."""
    array = need_array(value, name)
    check_array(runtime, len(array))
    return RowSet(array) if isinstance(array, RowSet) else list(array)


@function("UBOUND", result="integer")
def upper_bound(runtime: Runtime, array: Value) -> int:
    """The number of items of an array: the index behind the last one; 0 for null.

    Example: UBOUND(["a", "b", "c"]) -> 3
    """
    runtime.spend(1)
    return length(array) if isinstance(array, list | dict | str) else 0


@function("LBOUND", result="integer")
def lower_bound(runtime: Runtime, array: Value) -> int:
    """The index of the first item: 0.

    Example: LBOUND(["a", "b", "c"]) -> 0
    """
    runtime.spend(1)
    return 0


@function("COUNT", result="integer")
def count(runtime: Runtime, array: Value, item: Value = None) -> int:
    """The number of items, or how many of them equal a value.

    Example: COUNT([1, 2, 1], 1) -> 2
    """
    runtime.spend(1)
    if item is None:
        return length(array)
    items = need_array(array, "COUNT")
    runtime.spend(1 + (len(items) >> 1))
    return sum(equal(each, item, runtime) for each in items)


@function("ARRAY", result="array")
def array_of(runtime: Runtime, *items: Value) -> list[Value]:
    """A new array of these items.

    Example: ARRAY(1, "two", 3) -> [1,"two",3]
    """
    check_array(runtime, len(items))
    charge_kept(runtime, *items)
    return list(items)


@function("PUSH", "APPEND", result="array")
def push(runtime: Runtime, array: Value, *items: Value) -> Value:
    """Add items at the end of the array; the array is the result.

    Example: PUSH([1, 2], 3) -> [1,2,3]
    """
    return method.push(runtime, array, *items)


@function("POP", result="any")
def pop(runtime: Runtime, array: Value) -> Value:
    """Remove the last item of the array; it is the result, null if there is none.

    Example: POP([1, 2, 3]) -> 3
    """
    return method.pop(runtime, array)


@function("SHIFT", result="any")
def shift(runtime: Runtime, array: Value) -> Value:
    """Remove the first item of the array; it is the result, null if there is none.

    Example: SHIFT([1, 2, 3]) -> 1
    """
    return method.shift(runtime, array)


@function("UNSHIFT", result="array")
def unshift(runtime: Runtime, array: Value, *items: Value) -> Value:
    """Add items at the beginning of the array; the array is the result.

    Example: UNSHIFT([2, 3], 1) -> [1,2,3]
    """
    return method.unshift(runtime, array, *items)


@function("SPLICE", result="array")
def splice(runtime: Runtime, array: Value, start: Value, count: Value = None, *items: Value) -> Value:
    """Remove items from the array and put others in their place; the removed ones are the result.

    Example: SPLICE(["a", "b", "c"], 1, 1) -> ["b"]
    """
    return method.splice(runtime, array, start, count, *items)


@function("SLICE", result="any")
def slice_of(runtime: Runtime, array: Value, start: Value, end: Value = None) -> Value:
    """Part of an array or text up to, not including, an end; negative positions count from the end.

    Example: SLICE(["a", "b", "c", "d"], 1, 3) -> ["b","c"]
    """
    return method.slice_of(runtime, array, start, end)


def ends_of(runtime: Runtime, value: Value, extra: Value, index: int) -> Value:
    """FIRST and LAST: of an array, of a text's words, or a field of a row."""
    if isinstance(value, list):
        if extra is None:
            return value[index] if value else None
        if extra.__class__ is str:
            return get_member(value[index], extra) if value else None
        size = max(0, whole(extra, "The count"))
        check_array(runtime, min(size, len(value)))
        part = value[:size] if index == 0 else value[max(0, len(value) - size) :]
        return RowSet(part) if isinstance(value, RowSet) else part
    if value is None:
        return None
    text = to_text(value)
    runtime.spend(1 + (len(text) >> 5))
    words = text.split()
    if extra is None:
        return words[index] if words else ""
    size = max(0, whole(extra, "The count"))
    return " ".join(words[:size] if index == 0 else words[max(0, len(words) - size) :])


@function("FIRST", result="any")
def first(runtime: Runtime, value: Value, count: Value = None) -> Value:
    """The first item of an array, or word of a text; with a count so many, with a name that field.

    Example: FIRST("Ana Maria Lima") -> "Ana"
    """
    return ends_of(runtime, value, count, 0)


@function("LAST", result="any")
def last(runtime: Runtime, value: Value, count: Value = None) -> Value:
    """The last item of an array, or word of a text; with a count so many, with a name that field.

    Example: LAST([1, 2, 3], 2) -> [2,3]
    """
    return ends_of(runtime, value, count, -1)


@function("TAKE", result="any")
def take(runtime: Runtime, array: Value, count: Value) -> Value:
    """The first items of an array.

    Example: TAKE([1, 2, 3], 2) -> [1,2]
    """
    return ends_of(runtime, need_array(array, "TAKE"), whole(count, "The count"), 0)


@function("DROP", result="any")
def drop(runtime: Runtime, array: Value, count: Value) -> Value:
    """An array without its first items.

    Example: DROP([1, 2, 3], 2) -> [3]
    """
    return method.slice_of(runtime, need_array(array, "DROP"), max(0, whole(count, "The count")))


@function("HEAD", result="any")
def head(runtime: Runtime, array: Value) -> Value:
    """The first item of an array, null if there is none.

    Example: HEAD([1, 2, 3]) -> 1
    """
    return ends_of(runtime, need_array(array, "HEAD"), None, 0)


@function("TAIL", result="any")
def tail(runtime: Runtime, array: Value) -> Value:
    """An array without its first item.

    Example: TAIL([1, 2, 3]) -> [2,3]
    """
    return method.slice_of(runtime, need_array(array, "TAIL"), 1)


def values_of(runtime: Runtime, array: Value, field: Value, name: str) -> list[Value]:
    """The items to calculate with: those of an array, or one field of its rows."""
    items = need_array(array, name)
    if field is not None:
        return column(runtime, items, field)
    runtime.spend(1 + (len(items) >> 2))
    return items


@function("SUM", result="number")
def total(runtime: Runtime, array: Value, field: Value = None) -> Value:
    """The sum of an array's numbers, or of one field of its rows; nulls and empty texts count as nothing.

    Example: SUM([{price: 5}, {price: 2.5}], "price") -> 7.5
    """
    result: Value = 0
    for item in values_of(runtime, array, field, "SUM"):
        if item != "":
            result = add(runtime, result, to_number(item))
    return result


@function("AVG", "AVERAGE", result="number")
def average(runtime: Runtime, array: Value, field: Value = None) -> Value:
    """The mean of an array's numbers, or of one field of its rows, without nulls; 0 of nothing.

    Example: AVG([1, 2, 6]) -> 3
    """
    items = [item for item in values_of(runtime, array, field, "AVG") if item is not None and item != ""]
    return total(runtime, items) / len(items) if items else 0


def extreme(runtime: Runtime, values: tuple[Value, ...], sign: int, name: str) -> Value:
    """The largest (1) or smallest (-1) of the arguments, of an array, or of one field of its rows.

    A text that is a number comes back as a number, so that it can be added to.
    """
    items = list(values)
    if values and isinstance(values[0], list):
        items = values_of(runtime, values[0], values[1] if len(values) > 1 else None, name)
    runtime.spend(1 + (len(items) >> 1))
    best: Value = None
    for item in items:
        if item is not None and item != "" and (best is None or order(item, best, runtime) * sign > 0):
            best = item
    number = parse_number(best) if best.__class__ is str else None
    return best if number is None else number


@function("MAX", result="any")
def largest(runtime: Runtime, first: Value, *others: Value) -> Value:
    """The largest of several values, of an array, or of one field of its rows; null of nothing.

    Example: MAX(3, 8, 5) -> 8
    """
    return extreme(runtime, (first, *others), 1, "MAX")


@function("MIN", result="any")
def smallest(runtime: Runtime, first: Value, *others: Value) -> Value:
    """The smallest of several values, of an array, or of one field of its rows; null of nothing.

    Example: MIN([3, 8, 5]) -> 3
    """
    return extreme(runtime, (first, *others), -1, "MIN")


@function("SORT", result="array")
def sort(runtime: Runtime, array: Value, field: Value = None, direction: Value = None) -> list[Value]:
    """A sorted copy; with a field, by it; with "desc", from the largest down. Nulls come first.

    Example: SORT([3, 1, 2], "desc") -> [3,2,1]
    """
    items = copied(runtime, array, "SORT")
    if direction is None and to_text(field).casefold() in ("asc", "desc"):
        field, direction = None, field
    runtime.spend(1 + len(items) * max(1, len(items).bit_length()) // 2)
    name = None if field is None else to_text(field)
    compare = cmp_to_key(order)
    items.sort(
        key=compare if name is None else lambda row: compare(get_member(row, name)),
        reverse=to_text(direction).casefold() in ("desc", "descending"),
    )
    return items


@function("REVERSE", "STRREVERSE", result="any")
def reverse(runtime: Runtime, value: Value) -> Value:
    """An array or text from its end to its beginning; a new one.

    Example: REVERSE([1, 2, 3]) -> [3,2,1]
    """
    if value.__class__ is str:
        runtime.spend(1 + (len(value) >> 5))
        return value[::-1]
    items = copied(runtime, value, "REVERSE")
    items.reverse()
    return items


@function("UNIQUE", "DISTINCT", result="array")
def unique(runtime: Runtime, array: Value, field: Value = None) -> list[Value]:
    """The items without repetitions, the first of each kept; with a field, one row for each of its values.

    Example: UNIQUE(["a", "b", "a"]) -> ["a","b"]
    """
    items = copied(runtime, array, "UNIQUE")
    keys = items if field is None else column(runtime, items, field)
    runtime.spend(1 + (len(items) >> 2))
    seen: set[tuple[str, str]] = set()
    kept: list[Value] = RowSet() if isinstance(items, RowSet) else []
    for item, key in zip(items, keys, strict=True):
        mark = identity(runtime, key)
        if mark not in seen:
            seen.add(mark)
            kept.append(item)
    return kept


def identity(runtime: Runtime, value: Value) -> tuple[str, str]:
    """Values that print alike are the same: 1 and "1". Null is only itself."""
    if isinstance(value, list | dict):
        text = json_text(value, runtime.limits.string)
        runtime.spend(1 + (len(text) >> 3))
        return "json", text
    return ("null" if value is None else "text"), to_text(value)


@function("RANGE", result="array")
def number_range(runtime: Runtime, start: Value, end: Value = None, step: Value = 1) -> list[Value]:
    """The whole numbers from a start to an end, both included: RANGE(3) is 1, 2, 3.

    Example: RANGE(2, 5) -> [2,3,4,5]
    """
    low, high = (
        (1, whole(start, "The end")) if end is None else (whole(start, "The start"), whole(end, "The end"))
    )
    by = whole(step, "The step")
    if by == 0:
        raise BasicError("The step of RANGE is 0", code="E_ARGUMENTS")
    if end is not None and low > high and by == 1:
        by = -1
    numbers = range(low, high + (1 if by > 0 else -1), by)
    try:
        size = len(numbers)
    except OverflowError:
        size = runtime.limits.array + 1
    check_array(runtime, size, MADE * size)
    return list(numbers)


@function("INDEX_OF", "INDEXOF", result="integer")
def index_of(runtime: Runtime, array: Value, item: Value) -> int:
    """The first position of an item, or of a part of a text, from 0; -1 if there is none.

    Example: INDEX_OF(["a", "b", "c"], "b") -> 1
    """
    return method.index_of(runtime, array, item)


@function("LAST_INDEX_OF", "LASTINDEXOF", result="integer")
def last_index_of(runtime: Runtime, array: Value, item: Value) -> int:
    """The last position of an item, or of a part of a text, from 0; -1 if there is none.

    Example: LAST_INDEX_OF([1, 2, 1], 1) -> 2
    """
    return method.last_index_of(runtime, array, item)


@function("CONTAINS", result="boolean")
def holds(runtime: Runtime, container: Value, item: Value) -> bool:
    """Whether an array has an item, a text a part or an object a key.

    Example: CONTAINS(["a", "b"], "b") -> true
    """
    return contains(container, item, runtime)


@function("IN_ARRAY", "INARRAY", result="boolean")
def in_array(runtime: Runtime, first: Value, second: Value) -> bool:
    """Whether a value is an item of an array; either may come first.

    Example: IN_ARRAY(2, [1, 2, 3]) -> true
    """
    if isinstance(first, list) and not isinstance(second, list):
        return contains(first, second, runtime)
    return contains(second, first, runtime)


@function("FLATTEN", result="array")
def flatten(runtime: Runtime, array: Value) -> list[Value]:
    """One array of the items of the arrays in an array, however deep.

    Example: FLATTEN([1, [2, [3]]]) -> [1,2,3]
    """
    flat: list[Value] = []
    _flatten(runtime, need_array(array, "FLATTEN"), flat, ())
    return flat


def _flatten(runtime: Runtime, array: list[Value], into: list[Value], path: tuple[int, ...]) -> None:
    if len(path) >= runtime.limits.nesting or id(array) in path:
        raise BasicError("The arrays are nested too deep", code="E_CYCLE")
    for item in array:
        if isinstance(item, list):
            _flatten(runtime, item, into, (*path, id(array)))
        else:
            check_array(runtime, len(into) + 1, 0)
            into.append(item)


@function("BATCH", "CHUNK", result="array")
def batch(runtime: Runtime, array: Value, size: Value) -> list[Value]:
    """An array of arrays of so many items each.

    Example: BATCH([1, 2, 3, 4, 5], 2) -> [[1,2],[3,4],[5]]
    """
    items = need_array(array, "BATCH")
    width = whole(size, "The size")
    if width < 1:
        raise BasicError("The size of a batch is at least 1", code="E_ARGUMENTS")
    check_array(runtime, len(items), len(items) + LIST * (len(items) // width + 1))
    return [items[start : start + width] for start in range(0, len(items), width)]


@function("KEYS", result="array")
def keys(runtime: Runtime, object: Value) -> list[Value]:
    """The keys of an object, in order.

    Example: KEYS({name: "Ana", age: 30}) -> ["name","age"]
    """
    entries = _entries(object, "KEYS")
    check_array(runtime, len(entries))
    return list(entries)


@function("VALUES", result="array")
def values(runtime: Runtime, object: Value) -> list[Value]:
    """The values of an object, in order.

    Example: VALUES({name: "Ana", age: 30}) -> ["Ana",30]
    """
    entries = _entries(object, "VALUES")
    check_array(runtime, len(entries))
    return list(entries.values())


def _entries(value: Value, name: str) -> Record:
    if value.__class__ is Record:
        return value
    if value is None:
        return Record()
    raise BasicError(f"{name} needs an object, not {with_article(value)}", code="E_TYPE")
