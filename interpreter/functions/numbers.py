"""Functions on numbers. Angles are radians; LOG is the natural logarithm."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Context, Decimal

from interpreter.errors import BasicError
from interpreter.functions.registry import function
from interpreter.values import Runtime, Value, bounded, modulo, power, to_number
from interpreter.values.methods import whole

WIDE = Context(prec=400)
MOST_DECIMALS = 15


def finite(compute: Callable[[float], float], value: Value) -> float:
    """``compute`` of a number; what it is not defined for is an error."""
    try:
        return bounded(compute(to_number(value)))
    except (ValueError, OverflowError):
        raise BasicError("The function is not defined for this number", code="E_DOMAIN") from None


def cut(number: float) -> int:
    """The whole part, if 64 bits hold it."""
    return int(bounded(int(number)))


@function("ABS", result="number")
def absolute(runtime: Runtime, number: Value) -> int | float:
    """The number without its sign.

    Example: ABS(-3.5) -> 3.5
    """
    runtime.spend(1)
    return bounded(abs(to_number(number)))


@function("INT", "FIX", result="integer")
def integral(runtime: Runtime, number: Value) -> int:
    """The number without its decimals (towards zero).

    Example: INT(-3.9) -> -3
    """
    runtime.spend(1)
    return cut(to_number(number))


@function("FLOOR", result="integer")
def floor(runtime: Runtime, number: Value) -> int:
    """The largest whole number that is not above this one.

    Example: FLOOR(-3.1) -> -4
    """
    runtime.spend(1)
    return cut(math.floor(to_number(number)))


@function("CEIL", "CEILING", result="integer")
def ceiling(runtime: Runtime, number: Value) -> int:
    """The smallest whole number that is not below this one.

    Example: CEIL(3.1) -> 4
    """
    runtime.spend(1)
    return cut(math.ceil(to_number(number)))


@function("ROUND", result="number")
def rounded(runtime: Runtime, number: Value, decimals: Value = 0) -> int | float:
    """The number rounded half away from zero; without decimals it is an integer.

    Example: ROUND(2.345, 2) -> 2.35
    """
    runtime.spend(1)
    value = to_number(number)
    places = whole(decimals, "The number of decimals")
    if not -MOST_DECIMALS <= places <= MOST_DECIMALS:
        raise BasicError(f"ROUND takes at most {MOST_DECIMALS} decimals", code="E_ARGUMENTS")
    if value.__class__ is int and places >= 0:
        return value
    exact = Decimal(repr(value)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, context=WIDE)
    return cut(int(exact)) if places <= 0 else float(exact)


@function("SQR", "SQRT", result="float")
def root(runtime: Runtime, number: Value) -> float:
    """The square root.

    Example: SQR(16) -> 4
    """
    runtime.spend(1)
    return finite(math.sqrt, number)


@function("POW", "POWER", result="number")
def raised(runtime: Runtime, base: Value, exponent: Value) -> int | float:
    """The base to the power of the exponent.

    Example: POW(2, 10) -> 1024
    """
    runtime.spend(1)
    return power(base, exponent)


@function("MOD", result="number")
def remainder(runtime: Runtime, number: Value, divisor: Value) -> int | float:
    """The remainder of a division, with the sign of the number.

    Example: MOD(17, 5) -> 2
    """
    runtime.spend(1)
    return modulo(number, divisor)


@function("EXP", result="float")
def exponential(runtime: Runtime, number: Value) -> float:
    """e to the power of the number.

    Example: EXP(1) -> 2.718281828459045
    """
    runtime.spend(1)
    return finite(math.exp, number)


@function("LOG", "LN", result="float")
def logarithm(runtime: Runtime, number: Value) -> float:
    """The natural logarithm.

    Example: LOG(10) -> 2.302585092994046
    """
    runtime.spend(1)
    return finite(math.log, number)


@function("LOG10", result="float")
def decimal_logarithm(runtime: Runtime, number: Value) -> float:
    """The logarithm to base 10.

    Example: LOG10(1000) -> 3
    """
    runtime.spend(1)
    return finite(math.log10, number)


@function("SIN", result="float")
def sine(runtime: Runtime, angle: Value) -> float:
    """The sine of an angle in radians.

    Example: SIN(PI() / 2) -> 1
    """
    runtime.spend(1)
    return finite(math.sin, angle)


@function("COS", result="float")
def cosine(runtime: Runtime, angle: Value) -> float:
    """The cosine of an angle in radians.

    Example: COS(0) -> 1
    """
    runtime.spend(1)
    return finite(math.cos, angle)


@function("TAN", result="float")
def tangent(runtime: Runtime, angle: Value) -> float:
    """The tangent of an angle in radians.

    Example: ROUND(TAN(PI() / 4), 6) -> 1
    """
    runtime.spend(1)
    return finite(math.tan, angle)


@function("ATN", "ATAN", result="float")
def arc_tangent(runtime: Runtime, number: Value) -> float:
    """The angle in radians whose tangent the number is.

    Example: ATN(1) -> 0.7853981633974483
    """
    runtime.spend(1)
    return finite(math.atan, number)


@function("PI", result="float")
def pi(runtime: Runtime) -> float:
    """The ratio of a circle's circumference to its diameter.

    Example: PI() -> 3.141592653589793
    """
    runtime.spend(1)
    return math.pi


@function("SGN", "SIGN", result="integer")
def sign(runtime: Runtime, number: Value) -> int:
    """-1 for a negative number, 1 for a positive one, 0 for zero.

    Example: SGN(-12) -> -1
    """
    runtime.spend(1)
    value = to_number(number)
    return (value > 0) - (value < 0)


@function("RANDOM", "RND", result="number")
def random(runtime: Runtime, first: Value = None, second: Value = None) -> int | float:
    """A random number in [0, 1); below a maximum; or from one number to another, both included.

    Example: RANDOM(1, 6) -> 4
    """
    runtime.spend(1)
    if first is None:
        return runtime.random()
    if second is None:
        limit = to_number(first)
        return int(runtime.random() * limit) if limit.__class__ is int else runtime.random() * limit
    low, high = to_number(first), to_number(second)
    if low > high:
        low, high = high, low
    if low.__class__ is int and high.__class__ is int:
        return min(high, low + int(runtime.random() * (high - low + 1)))
    return bounded(low + runtime.random() * (high - low))
