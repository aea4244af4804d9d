"""Every operator over every pair of types, against the reference's rules written out once more, naively.

A pair that the rules say nothing about (a date times an array) must still give a value or a BasicError.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any

import pytest

from interpreter import values
from interpreter.errors import BasicError
from interpreter.values import Record, RowSet, Secret
from tests.interpreter.library_kit import Run

ERROR = "an error"
NOT_SAID = "whatever"

# name: (value, its text, the number it stands for in arithmetic or None)
VALUES: dict[str, tuple[Any, str, float | None]] = {
    "null": (None, "", 0),
    "true": (True, "true", 1),
    "false": (False, "false", 0),
    "0": (0, "0", 0),
    "3": (3, "3", 3),
    "-2": (-2, "-2", -2),
    "2.5": (2.5, "2.5", 2.5),
    "2.0": (2.0, "2", 2),
    "empty text": ("", "", None),
    "text 3": ("3", "3", 3),
    "text 10": (" 10 ", " 10 ", 10),
    "text abc": ("abc", "abc", None),
    "text true": ("TRUE", "TRUE", None),
    "text false": ("false", "false", None),
    "text date": ("2026-03-01", "2026-03-01", None),
    "no items": ([], "[]", None),
    "items": ([1, "a"], '[1,"a"]', None),
    "no rows": (RowSet(), "[]", None),
    "rows": (RowSet([Record(a=1)]), '[{"a":1}]', None),
    "object": (Record(a=1), '{"a":1}', None),
    "no keys": (Record(), "{}", None),
    "date": (date(2026, 3, 1), "2026-03-01", None),
    "moment": (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01 12:00:00", None),
    "duration": (timedelta(hours=1), "1:00:00", None),
    "secret": (Secret("abc"), "••••", None),
}
PAIRS = list(product(VALUES, VALUES))


def kind(value: Any) -> str:
    return values.type_name(value)


def is_number(value: Any) -> bool:
    return type(value) in (int, float)


def as_date(value: Any) -> datetime | None:
    """A date or an ISO text as a moment: what < and = compare dates by."""
    if isinstance(value, str):
        try:
            value = date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value
    return datetime(value.year, value.month, value.day, tzinfo=UTC) if isinstance(value, date) else None


def looks_numeric(name: str) -> float | None:
    """Numbers and numeric texts, not booleans or null."""
    value, _, number = VALUES[name]
    return number if is_number(value) or isinstance(value, str) else None


def result(operation: Callable[[], Any]) -> Any:
    try:
        return operation()
    except BasicError:
        return ERROR


def check(expected: Any, found: Any) -> None:
    if expected == NOT_SAID and isinstance(expected, str):
        assert found == ERROR or kind(found)
        return
    assert found == expected
    assert isinstance(found, bool) == isinstance(expected, bool)
    assert type(found) is not float or math.isfinite(found)


# --- arithmetic --------------------------------------------------------------------------------------------


def plus(left: str, right: str) -> Any:
    (a, text_a, number_a), (b, text_b, number_b) = VALUES[left], VALUES[right]
    if isinstance(a, str) or isinstance(b, str):
        return text_a + text_b
    if isinstance(a, list):
        return [*a, *(b if isinstance(b, list) else [b])]
    if a is None or b is None:
        return b if a is None else a
    if number_a is not None and number_b is not None:
        return number_a + number_b
    if isinstance(a, date) and (is_number(b) or isinstance(b, timedelta)):
        by = b if isinstance(b, timedelta) else timedelta(seconds=b)
        moved = (as_date(a) or datetime.min) + by
        return moved.date() if kind_of_day(a) and by.seconds == 0 else moved
    if isinstance(a, date) and isinstance(b, date):
        return ERROR
    return ERROR if {kind(a), kind(b)} <= {"integer", "float", "object", "array"} else NOT_SAID


def kind_of_day(value: Any) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_plus(left, right):
    a, b = VALUES[left][0], VALUES[right][0]

    check(plus(left, right), result(lambda: values.add(Run(), a, b)))


def numbers_only(compute: Callable[[float, float], float]) -> Callable[[str, str], Any]:
    """Numeric texts, null and booleans calculate; other texts, arrays and objects are errors."""

    def expected(left: str, right: str) -> Any:
        (a, _, number_a), (b, _, number_b) = VALUES[left], VALUES[right]
        if number_a is not None and number_b is not None:
            try:
                return compute(number_a, number_b)
            except ZeroDivisionError:
                return ERROR
        if {kind(a), kind(b)} & {"date", "duration"}:
            return NOT_SAID
        return ERROR

    return expected


OPERATIONS = {
    "-": (numbers_only(lambda a, b: a - b), lambda a, b: values.subtract(Run(), a, b)),
    "*": (numbers_only(lambda a, b: a * b), values.multiply),
    "/": (numbers_only(lambda a, b: a / b), values.divide),
    "MOD": (numbers_only(math.fmod), values.modulo),
    "^": (numbers_only(lambda a, b: a**b), values.power),
}


@pytest.mark.parametrize("operator", OPERATIONS)
@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_arithmetic(operator, left, right):
    rule, operation = OPERATIONS[operator]
    a, b = VALUES[left][0], VALUES[right][0]
    try:
        expected = rule(left, right)
    except ValueError:  # math.fmod(x, 0)
        expected = ERROR
    if isinstance(expected, complex):
        expected = ERROR

    check(expected, result(lambda: operation(a, b)))


def test_dates_and_durations_subtract():
    day, moment, hour = (VALUES[name][0] for name in ("date", "moment", "duration"))
    run = Run()

    assert values.subtract(run, moment, day) == 12 * 3600
    assert values.subtract(run, day, moment) == -12 * 3600
    assert values.subtract(run, moment, hour) == datetime(2026, 3, 1, 11, tzinfo=UTC)
    assert values.subtract(run, moment, 60) == datetime(2026, 3, 1, 11, 59, tzinfo=UTC)
    assert values.subtract(run, day, 86_400) == date(2026, 2, 28)
    assert values.subtract(run, hour, timedelta(minutes=15)) == timedelta(minutes=45)
    assert values.multiply(hour, 2) == timedelta(hours=2)


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_ampersand_joins_texts(left, right):
    (a, text_a, _), (b, text_b, _) = VALUES[left], VALUES[right]

    assert values.concat(Run(), a, b) == text_a + text_b


# --- comparison --------------------------------------------------------------------------------------------


def equals(left: str, right: str) -> bool | str:
    (a, text_a, _), (b, text_b, _) = VALUES[left], VALUES[right]
    if left == right:
        return True
    if "secret" in (left, right):
        return "abc" in (a, b)
    if a is None or b is None:
        other = b if a is None else a
        return other == "" or (isinstance(other, RowSet) and not other)
    number_a, number_b = looks_numeric(left), looks_numeric(right)
    if number_a is not None and number_b is not None and (is_number(a) or is_number(b)):
        return number_a == number_b
    if isinstance(a, bool) or isinstance(b, bool):
        flag, other, text = (a, b, text_b) if isinstance(a, bool) else (b, a, text_a)
        if is_number(other):
            return NOT_SAID
        return text.casefold() == ("true" if flag else "false")
    if as_date(a) is not None and as_date(b) is not None and not (isinstance(a, str) and isinstance(b, str)):
        return as_date(a) == as_date(b)
    if isinstance(a, list) and isinstance(b, list):
        return a == b
    return text_a == text_b


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_equality(left, right):
    a, b = VALUES[left][0], VALUES[right][0]
    expected = equals(left, right)

    if expected != NOT_SAID:
        assert values.equal(a, b) is expected
    assert values.equal(a, b) is values.equal(b, a)
    assert values.not_equal(a, b) is not values.equal(a, b)


def ordered(left: str, right: str) -> Any:
    """-1, 0 or 1."""
    (a, text_a, _), (b, text_b, _) = VALUES[left], VALUES[right]
    number_a, number_b = looks_numeric(left), looks_numeric(right)
    if number_a is not None and number_b is not None:
        return (number_a > number_b) - (number_a < number_b)
    date_a, date_b = as_date(a), as_date(b)
    if date_a is not None and date_b is not None:
        return (date_a > date_b) - (date_a < date_b)
    if isinstance(a, list | dict) or isinstance(b, list | dict):
        return ERROR
    if isinstance(a, timedelta) or isinstance(b, timedelta):
        return NOT_SAID
    return (text_a > text_b) - (text_a < text_b)


COMPARISONS: dict[str, tuple[Callable[[Any, Any], bool], Callable[[int], bool]]] = {
    "<": (values.less, lambda order: order < 0),
    "<=": (values.less_equal, lambda order: order <= 0),
    ">": (values.greater, lambda order: order > 0),
    ">=": (values.greater_equal, lambda order: order >= 0),
}


@pytest.mark.parametrize("operator", COMPARISONS)
@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_order(operator, left, right):
    compare, holds = COMPARISONS[operator]
    a, b = VALUES[left][0], VALUES[right][0]
    found = result(lambda: compare(a, b))

    if a is None or b is None:
        assert found is False
        return
    expected = ordered(left, right)
    if expected == ERROR:
        assert found == ERROR
    elif expected != NOT_SAID:
        assert found is holds(expected)


def test_null_sorts_first():
    for name in VALUES:
        value = VALUES[name][0]
        if value is not None:
            assert values.order(None, value) == -1
            assert values.order(value, None) == 1


# --- membership, patterns, truth, names --------------------------------------------------------------------


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_contains(left, right):
    (a, text_a, _), (b, text_b, _) = VALUES[left], VALUES[right]
    if a is None:
        expected = False
    elif isinstance(a, list):
        expected = any(values.equal(item, b) for item in a)
    elif isinstance(a, dict):
        expected = text_b.casefold() in a
    else:
        expected = text_b in text_a

    assert values.contains(a, b) is expected


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_the_ends_of_a_text(left, right):
    (a, text_a, _), (b, text_b, _) = VALUES[left], VALUES[right]

    assert values.starts_with(a, b) is text_a.startswith(text_b)
    assert values.ends_with(a, b) is text_a.endswith(text_b)
    assert values.like(a, b) is (text_a.casefold() == text_b.casefold())


FALSE = {"null", "false", "0", "empty text", "text false", "no items", "no rows", "no keys"}


@pytest.mark.parametrize("name", VALUES)
def test_truth(name):
    assert values.truthy(VALUES[name][0]) is (name not in FALSE)


@pytest.mark.parametrize("name", VALUES)
def test_text(name):
    value, text, _ = VALUES[name]

    assert values.to_text(value) == text


@pytest.mark.parametrize("name", VALUES)
def test_signs(name):
    value, _, number = VALUES[name]
    if number is None and kind(value) != "duration":
        assert result(lambda: values.negate(value)) == ERROR
        assert result(lambda: values.plus(value)) == ERROR
    elif number is not None:
        assert values.negate(value) == -number
        assert values.plus(value) == number


def test_names_of_types():
    names = {name: kind(VALUES[name][0]) for name in ("null", "true", "3", "2.5", "items", "rows", "moment")}

    assert names == {
        "null": "null",
        "true": "boolean",
        "3": "integer",
        "2.5": "float",
        "items": "array",
        "rows": "array",
        "moment": "date",
    }
