"""The rest."""

from __future__ import annotations

import uuid as uuids

from interpreter.functions.registry import function
from interpreter.values import Runtime, Value


@function("NVL", "IFNULL", result="any")
def default_for(runtime: Runtime, value: Value, default: Value) -> Value:
    """The value, or the default where it is null or an empty text.

    Example: NVL("", "none") -> "none"
    """
    runtime.spend(1)
    return default if value is None or value == "" else value


@function("COALESCE", result="any")
def coalesce(runtime: Runtime, *values: Value) -> Value:
    """The first of the values that is not null; null if all are.

    Example: COALESCE(NULL, "", "x") -> ""
    """
    runtime.spend(1)
    return next((value for value in values if value is not None), None)


@function("UUID", "GUID", result="string")
def uuid(runtime: Runtime) -> str:
    """A new random UUID (version 4).

    Example: UUID() -> "969c2ddd-a6ff-4b80-8955-4638be01ac29"
    """
    runtime.spend(1)
    number = 0
    for _ in range(4):
        number = number << 32 | int(runtime.random() * 2**32)
    return str(uuids.UUID(int=number, version=4))
