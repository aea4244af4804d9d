"""Functions that ask what a value is."""

from __future__ import annotations

from interpreter.functions.arguments import as_date
from interpreter.functions.registry import function
from interpreter.values import Record, Runtime, Value, numeric, type_name


@function("TYPEOF", "TYPE", result="string")
def type_of(runtime: Runtime, value: Value) -> str:
    """The value's type: null, boolean, integer, float, string, array, object, date, duration or secret.

    Example: TYPEOF(3.5) -> "float"
    """
    runtime.spend(1)
    return type_name(value)


@function("ISNULL", "IS_NULL", result="boolean")
def is_null(runtime: Runtime, value: Value) -> bool:
    """Whether the value is null (an empty set of rows is).

    Example: ISNULL(NULL) -> true
    """
    runtime.spend(1)
    return value is None or (type_name(value) == "array" and value.__class__ is not list and not value)


@function("ISNUMERIC", "IS_NUMERIC", result="boolean")
def is_numeric(runtime: Runtime, value: Value) -> bool:
    """Whether the value is a number, or a text that is one.

    Example: ISNUMERIC("12.5") -> true
    """
    runtime.spend(1)
    return numeric(value)


@function("ISNUMBER", "IS_NUMBER", result="boolean")
def is_number(runtime: Runtime, value: Value) -> bool:
    """Whether the value is a number; a text that looks like one is not.

    Example: ISNUMBER("12.5") -> false
    """
    runtime.spend(1)
    return value.__class__ is int or value.__class__ is float


@function("ISSTRING", "IS_STRING", result="boolean")
def is_string(runtime: Runtime, value: Value) -> bool:
    """Whether the value is a text.

    Example: ISSTRING("12.5") -> true
    """
    runtime.spend(1)
    return value.__class__ is str


@function("ISBOOL", "ISBOOLEAN", "IS_BOOL", result="boolean")
def is_boolean(runtime: Runtime, value: Value) -> bool:
    """Whether the value is true or false.

    Example: ISBOOL(TRUE) -> true
    """
    runtime.spend(1)
    return value.__class__ is bool


@function("ISARRAY", "IS_ARRAY", result="boolean")
def is_array(runtime: Runtime, value: Value) -> bool:
    """Whether the value is an array.

    Example: ISARRAY([1, 2]) -> true
    """
    runtime.spend(1)
    return isinstance(value, list)


@function("ISOBJECT", "IS_OBJECT", result="boolean")
def is_object(runtime: Runtime, value: Value) -> bool:
    """Whether the value is an object.

    Example: ISOBJECT({name: "Ana"}) -> true
    """
    runtime.spend(1)
    return value.__class__ is Record


@function("ISDATE", "IS_DATE", result="boolean")
def is_date(runtime: Runtime, value: Value) -> bool:
    """Whether the value is a date, or a text that can be read as one.

    Example: ISDATE("2026-02-30") -> false
    """
    runtime.spend(1)
    return as_date(runtime, value) is not None


@function("ISEMPTY", "IS_EMPTY", result="boolean")
def is_empty(runtime: Runtime, value: Value) -> bool:
    """Whether the value is null, an empty text, an empty array or an empty object.

    Example: ISEMPTY([]) -> true
    """
    runtime.spend(1)
    return value is None or (isinstance(value, str | list | dict) and len(value) == 0)


@function("EXISTS", result="boolean")
def exists(runtime: Runtime, value: Value) -> bool:
    """Whether there is a value: it is not null.

    Example: EXISTS(NULL) -> false
    """
    runtime.spend(1)
    return not is_null(runtime, value)
