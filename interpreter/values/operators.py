"""Arithmetic and concatenation. The common classes are tried first; a wrong type is a BasicError.

Integers are 64 bits wide: a result outside is an error, never a silent loss of precision.
"""

from __future__ import annotations

import math

from interpreter.dates import instant, parse_iso, shift
from interpreter.errors import BasicError
from interpreter.values.text import printed, to_number
from interpreter.values.types import (
    INTEGER_MAX,
    INTEGER_MIN,
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
    check_string,
    with_article,
)


def overflow() -> BasicError:
    return BasicError(
        "The result is too large",
        code="E_OVERFLOW",
        hint="integers have 64 bits; write 2.0 instead of 2 to calculate with decimals",
    )


def division_by_zero() -> BasicError:
    return BasicError("Division by zero", code="E_DIVISION")


def bounded(number: int | float) -> int | float:
    """``number`` if it is one of the language's: 64 bits, or finite."""
    if number.__class__ is int:
        if INTEGER_MIN <= number <= INTEGER_MAX:
            return number
    elif number - number == 0.0:
        return number
    raise overflow()


def add(runtime: Runtime, a: Value, b: Value) -> Value:
    """``a + b``: numbers add, a string on either side concatenates, arrays append, dates move by seconds."""
    left = a.__class__
    right = b.__class__
    if left is str or right is str:
        return concat(runtime, a, b)
    if (left is int or left is float) and (right is int or right is float):
        return bounded(a + b)
    if left is list or left is RowSet:
        return _append(runtime, a, b)
    if a is None:
        return b
    if b is None:
        return a
    if left is DateTime or left is Date:
        return shift(runtime, a, _duration(b))
    if right is DateTime or right is Date:
        return shift(runtime, b, _duration(a))
    if left is Duration or right is Duration:
        return _checked_duration(_duration(a).total_seconds() + _duration(b).total_seconds())
    if left is Secret or right is Secret:
        return concat(runtime, a, b)
    return bounded(_operand("add", a) + _operand("add", b))


def concat(runtime: Runtime, a: Value, b: Value) -> str:
    """``a & b``: both as text."""
    left: str = a if a.__class__ is str else printed(runtime, a)
    right: str = b if b.__class__ is str else printed(runtime, b)
    check_string(runtime, len(left) + len(right))
    return left + right


def _append(runtime: Runtime, array: list[Value], value: Value) -> list[Value]:
    added: list[Value] = value if isinstance(value, list) else [value]
    check_array(runtime, len(array) + len(added))
    if added is not value:
        charge_kept(runtime, value)
    return [*array, *added]


def _duration(value: Value) -> Duration:
    """An operand beside a date: a duration, or a number of seconds."""
    if value.__class__ is Duration:
        return value
    if isinstance(value, Date):
        raise BasicError(
            "Two dates cannot be added", code="E_TYPE", hint="subtract them for the seconds between"
        )
    return _checked_duration(to_number(value))


def _checked_duration(seconds: float) -> Duration:
    try:
        return Duration(seconds=seconds)
    except OverflowError:
        raise BasicError("The duration is too long", code="E_OVERFLOW") from None


def subtract(runtime: Runtime, a: Value, b: Value) -> Value:
    """``a - b``: numbers; a date less a duration or seconds; two dates give the seconds between them."""
    left = a.__class__
    right = b.__class__
    if (left is int or left is float) and (right is int or right is float):
        return bounded(a - b)
    if left is DateTime or left is Date:
        if right is str:
            b = parse_iso(b, runtime.now.tzinfo) or b
            right = b.__class__
        if right is DateTime or right is Date:
            return seconds_between(b, a)
        return shift(runtime, a, -_duration(b))
    if left is str and (right is DateTime or right is Date):
        earlier = parse_iso(a, runtime.now.tzinfo)
        if earlier is not None:
            return seconds_between(b, earlier)
    if left is Duration or right is Duration:
        return _checked_duration(_duration(a).total_seconds() - _duration(b).total_seconds())
    return bounded(_operand("subtract", a) - _operand("subtract", b))


def seconds_between(earlier: Date, later: Date) -> int | float:
    """Seconds from one to the other, an integer where they are whole; days without a time count 24 hours."""
    if earlier.__class__ is Date and later.__class__ is Date:
        return (later - earlier).days * 86_400
    zone = earlier.tzinfo if isinstance(earlier, DateTime) else getattr(later, "tzinfo", None)
    seconds = (instant(later, zone) - instant(earlier, zone)).total_seconds()
    return int(seconds) if seconds == int(seconds) else seconds


def multiply(a: Value, b: Value) -> Value:
    left = a.__class__
    right = b.__class__
    if (left is int or left is float) and (right is int or right is float):
        return bounded(a * b)
    if left is Duration or right is Duration:
        seconds = _operand("multiply", a) * _operand("multiply", b)
        return _checked_duration(seconds)
    return bounded(_operand("multiply", a) * _operand("multiply", b))


def divide(a: Value, b: Value) -> float:
    """True division: ``7 / 2`` is 3.5, and ``6 / 2`` a float that prints as 3."""
    left = a if a.__class__ is int or a.__class__ is float else _operand("divide", a)
    right = b if b.__class__ is int or b.__class__ is float else _operand("divide", b)
    if right == 0:
        raise division_by_zero()
    return bounded(left / right)


def modulo(a: Value, b: Value) -> int | float:
    """The remainder, with the sign of the dividend (``-7 MOD 3`` is -1)."""
    left = a if a.__class__ is int or a.__class__ is float else _operand("divide", a)
    right = b if b.__class__ is int or b.__class__ is float else _operand("divide", b)
    if right == 0:
        raise division_by_zero()
    if left.__class__ is int and right.__class__ is int:
        rest = abs(left) % abs(right)
        return -rest if left < 0 else rest
    return math.fmod(left, right)


def power(a: Value, b: Value) -> int | float:
    base = _operand("raise", a)
    exponent = _operand("raise", b)
    if base == 0 and exponent < 0:
        raise division_by_zero()
    if base.__class__ is int and exponent.__class__ is int and exponent >= 0:
        if (
            abs(base) > 1 and exponent > 64
        ):  # before it is built: 10 ^ 400 has 1,330 bits, 9 ^ 9 ^ 9 a billion
            raise overflow()
        if abs(base) <= 1:
            exponent = min(exponent, 2 - exponent % 2)
        return bounded(base**exponent)
    if base < 0 and exponent != int(exponent):
        raise BasicError("A negative number has no fractional power", code="E_DOMAIN")
    try:
        return bounded(float(base) ** exponent)
    except OverflowError:
        raise overflow() from None


def negate(a: Value) -> Value:
    if a.__class__ is Duration:
        return -a
    return bounded(-_operand("negate", a))


def plus(a: Value) -> Value:
    """Unary ``+``: the number that ``a`` is."""
    return a if a.__class__ is Duration else _operand("calculate with", a)


def _operand(verb: str, value: Value) -> int | float:
    kind = value.__class__
    if kind is int or kind is float:
        return value  # type: ignore[no-any-return]
    if kind is list or kind is RowSet or kind is Record or kind is Secret or isinstance(value, Date):
        raise BasicError(f"Cannot {verb} {with_article(value)}", code="E_TYPE")
    return to_number(value)
