"""Everything that generated code may name besides the run itself: operators, members, signals."""

from __future__ import annotations

from typing import Any

from interpreter import values
from interpreter.budget import first_index, zero_step
from interpreter.errors import BasicError
from interpreter.runtime import UNSET, Run
from interpreter.signals import Called, EndScript, Returned

Value = Any


def for_start(value: Value) -> Value:
    return values.to_number(value)


def for_step(value: Value) -> Value:
    step = values.to_number(value)
    if step == 0:
        raise zero_step()
    return step


def within(number: Value, stop: Value, step: Value) -> bool:
    """Whether FOR goes on with ``number``: it does not beyond the language's integers."""
    if number.__class__ is int and not values.INTEGER_MIN <= number <= values.INTEGER_MAX:
        return False
    return bool(number <= stop if step > 0 else number >= stop)


def following(value: Value, step: float) -> int | float:
    """The number after ``value`` in a FOR; ``within`` tells whether there is such a turn."""
    return values.to_number(value) + step


def more(items: list[Value], index: int, end: int) -> bool:
    """Whether FOR EACH has an item left."""
    return index < end and index < len(items)


def is_null(value: Value) -> bool:
    """IS NULL: an empty RowSet counts."""
    return value is None or bool(value.__class__ is values.RowSet and not value)


def index_or_call(run: Run, value: Value, call: Any, argument: Value) -> Value:
    """``a(i)`` where ``a`` is both a variable and a function: an array or object is indexed."""
    if isinstance(value, list | dict):
        return values.get_index(value, argument)
    return call(run, argument)


def is_in(value: Value, container: Value, run: Run) -> bool:
    """``value IN container``."""
    return values.contains(container, value, run)


def number_in(text: str) -> int | float:
    """VAL of a text."""
    return values.parse_number(text) or 0


HELPERS: dict[str, Any] = {
    "add": values.add,
    "subtract": values.subtract,
    "multiply": values.multiply,
    "divide": values.divide,
    "modulo": values.modulo,
    "power": values.power,
    "concat": values.concat,
    "negate": values.negate,
    "plus": values.plus,
    "equal": values.equal,
    "not_equal": values.not_equal,
    "less": values.less,
    "less_equal": values.less_equal,
    "greater": values.greater,
    "greater_equal": values.greater_equal,
    "between": values.between,
    "contains": values.contains,
    "is_in": is_in,
    "like": values.like,
    "starts_with": values.starts_with,
    "ends_with": values.ends_with,
    "truthy": values.truthy,
    "text": values.to_text,
    "digits": int.__repr__,
    "number_text": values.number_text,
    "number_in": number_in,
    "get_member": values.get_member,
    "get_index": values.get_index,
    "set_member": values.set_member,
    "set_index": values.set_index,
    "grown_member": values.grown_member,
    "grown_index": values.grown_index,
    "container_for": values.container_for,
    "call_method": values.call_method,
    "bounded": values.bounded,
    "is_null": is_null,
    "index_or_call": index_or_call,
    "for_start": for_start,
    "for_step": for_step,
    "first_index": first_index,
    "within": within,
    "following": following,
    "more": more,
    "UNSET": UNSET,
    "Returned": Returned,
    "Called": Called,
    "BasicError": BasicError,
    "CAUGHT": (BasicError, EndScript),
    "length": len,
    "kind": type,
    "integer": int,
    "string": str,
    "array": list,
    "next_tick": next,
    "each": map,
    "zipped": zip,
}
