"""Functions that turn a value into another type."""

from __future__ import annotations

import json

from interpreter.errors import BasicError
from interpreter.formatting import (
    LONGEST_PATTERN,
    format_date,
    format_number,
    format_text,
    is_date_pattern,
    is_number_pattern,
    is_text_pattern,
    pattern_too_long,
)
from interpreter.functions.arguments import as_date
from interpreter.functions.numbers import cut
from interpreter.functions.registry import function
from interpreter.values import (
    Date,
    Runtime,
    Value,
    charge_made,
    check_string,
    from_plain,
    json_text,
    number_text,
    parse_number,
    printed,
    to_number,
    to_text,
    truthy,
)


@function("VAL", "TO_NUMBER", "TONUMBER", result="number")
def number_of(runtime: Runtime, value: Value) -> int | float:
    """The number that a text is; 0 if it is none.

    Example: VAL("12.5") -> 12.5
    """
    if value.__class__ is str:
        return parse_number(value) or 0
    try:
        return to_number(value)
    except BasicError:
        return 0


@function("STR", "CSTR", "TO_STRING", "TOSTRING", result="string")
def text_of(runtime: Runtime, value: Value) -> str:
    """The value as text, as TALK would print it.

    Example: STR(12.50) -> "12.5"
    """
    kind = value.__class__
    if kind is int or kind is float:
        return number_text(value)
    return charge_made(runtime, printed(runtime, value))


@function("CINT", "TO_INT", "TOINT", "CLNG", result="integer")
def integer_of(runtime: Runtime, value: Value) -> int:
    """The value as a whole number, decimals cut off; an error if it is no number.

    Example: CINT("3.9") -> 3
    """
    runtime.spend(1)
    return cut(to_number(value))


@function("CDBL", "TO_FLOAT", "TOFLOAT", "CSNG", result="float")
def float_of(runtime: Runtime, value: Value) -> float:
    """The value as a number with decimals; an error if it is no number.

    Example: CDBL("2.5") -> 2.5
    """
    runtime.spend(1)
    return float(to_number(value))


@function("CBOOL", "TO_BOOL", "TOBOOL", result="boolean")
def boolean_of(runtime: Runtime, value: Value) -> bool:
    """Whether the value is true, as IF decides it.

    Example: CBOOL("false") -> false
    """
    runtime.spend(1)
    return truthy(value)


@function("JSON", "TOJSON", "TO_JSON", result="string")
def json_of(runtime: Runtime, value: Value) -> str:
    """The value as JSON.

    Example: JSON([1, NULL, TRUE]) -> "[1,null,true]"
    """
    text = json_text(value, runtime.limits.string, runtime.limits.nesting)
    runtime.spend(1 + (len(text) >> 3))
    return text


@function("FROMJSON", "FROM_JSON", "PARSEJSON", "JSON_PARSE", result="any")
def value_of_json(runtime: Runtime, text: Value) -> Value:
    """The value that a JSON text describes; an error if it is no JSON.

    Example: FROMJSON("[1, 2, 3]") -> [1,2,3]
    """
    source = to_text(text)
    check_string(runtime, len(source))
    runtime.spend(len(source) >> 3)
    if deepest(source) > runtime.limits.nesting:
        raise BasicError("The JSON is nested too deep", code="E_JSON")
    try:
        return from_plain(json.loads(source), runtime.limits)
    except (ValueError, RecursionError) as problem:
        raise BasicError(f"The text is not JSON: {problem}", code="E_JSON") from None


def deepest(source: str) -> int:
    """How deep brackets nest in a JSON text at most, those inside strings included."""
    depth = most = 0
    for char in source:
        if char in "[{":
            depth += 1
            most = max(most, depth)
        elif char in "]}":
            depth -= 1
    return most


@function("FORMAT", result="string")
def formatted(runtime: Runtime, value: Value, pattern: Value = None) -> str:
    """The value by a pattern, such as "#,##0.00" or "DD/MM/YYYY HH:mm"; null is empty.

    Example: FORMAT(1234.5, "#,##0.00") -> "1,234.50"
    """
    text = _formatted(runtime, value, pattern)
    check_string(runtime, len(text))
    return text


def _formatted(runtime: Runtime, value: Value, pattern: Value) -> str:
    if value is None:
        return ""
    if pattern is None or pattern == "":
        return printed(runtime, value)
    wanted = printed(runtime, pattern)
    if len(wanted) > LONGEST_PATTERN:
        raise pattern_too_long()
    if wanted.casefold() == "json":
        return json_text(value, runtime.limits.string, runtime.limits.nesting)
    language = runtime.settings.language
    if isinstance(value, Date) and wanted.strip("!><&@"):
        return format_date(value, wanted, language)
    if is_text_pattern(wanted):
        text = printed(runtime, value)
        check_string(runtime, len(text) * max(1, wanted.count("@")) + len(wanted))
        return format_text(text, wanted)
    number = (
        value if value.__class__ in (int, float) else parse_number(value) if value.__class__ is str else None
    )
    if number is not None and is_number_pattern(wanted):
        return format_number(number, wanted, language)
    if value.__class__ is str and is_date_pattern(wanted):
        moment = as_date(runtime, value)
        if moment is not None:
            return format_date(moment, wanted, language)
    return printed(runtime, value)
