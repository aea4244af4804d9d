"""Functions on numbers, random ones among them."""

from __future__ import annotations

from datetime import date

import pytest

from interpreter.errors import BasicError
from interpreter.values import Record, RowSet
from tests.interpreter.library_kit import Run, call

ROWS = RowSet([Record(name="b", price=5), Record(name="a", price=None), Record(name="c", price="2.5")])


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("ABS", (-3,), 3),
        ("ABS", ("-3.5",), 3.5),
        ("INT", (3.9,), 3),
        ("INT", (-3.9,), -3),
        ("FLOOR", (-3.1,), -4),
        ("CEIL", (3.1,), 4),
        ("ROUND", (2.5,), 3),
        ("ROUND", (-2.5,), -3),
        ("ROUND", (1.005, 2), 1.01),
        ("ROUND", (1234.5, -2), 1200),
        ("SQR", (16,), 4),
        ("POW", (2, 10), 1024),
        ("SGN", (-0.5,), -1),
        ("MAX", (3, 7), 7),
        ("MAX", ([3, 9, 7],), 9),
        ("MIN", ([],), None),
        ("MAX", (ROWS, "price"), 5),
        ("MIN", (ROWS, "price"), 2.5),
        ("SUM", ([1, "2", None],), 3),
        ("SUM", (ROWS, "price"), 7.5),
        ("AVG", ([1, 2, None],), 1.5),
        ("AVG", ([],), 0),
        ("SUM", (None,), 0),
    ],
)
def test_functions_on_numbers(name, arguments, result):
    assert call(name, *arguments) == result


@pytest.mark.parametrize(
    ("name", "argument"), [("SQR", -1), ("LOG", 0), ("EXP", 10_000), ("ABS", "x"), ("LOG10", -5)]
)
def test_numbers_outside_a_functions_domain_are_errors(name, argument):
    with pytest.raises(BasicError):
        call(name, argument)


def test_random_numbers_come_from_the_seed_and_keep_to_their_range():
    one, two = Run(), Run()

    first = [call("RANDOM", 1, 6, run=one) for _ in range(200)]
    again = [call("RND", 1, 6, run=two) for _ in range(200)]

    assert first == again
    assert set(first) == {1, 2, 3, 4, 5, 6}
    assert all(0 <= call("RANDOM", run=one) < 1 for _ in range(50))
    assert {call("RANDOM", 3, run=one) for _ in range(100)} == {0, 1, 2}


def test_uuids_come_from_the_seed_too():
    assert call("UUID", run=Run()) == call("GUID", run=Run())
    run = Run()
    assert call("UUID", run=run) != call("UUID", run=run)
    assert call("UUID")[14] == "4"


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("ABS", (None,), 0),
        ("ABS", (-(2**62),), 2**62),
        ("ABS", (True,), 1),
        ("INT", ("12.9",), 12),
        ("INT", (None,), 0),
        ("FLOOR", ("-0.5",), -1),
        ("CEIL", (-0.5,), 0),
        ("ROUND", (None,), 0),
        ("ROUND", ("2.5",), 3),
        ("ROUND", (0.5,), 1),
        ("ROUND", (-0.5,), -1),
        ("ROUND", (2.675, 2), 2.68),
        ("ROUND", (7, 3), 7),
        ("ROUND", (15, -1), 20),
        ("ROUND", (1e300, 2), 1e300),
        ("ROUND", (0.1 + 0.2, 15), 0.3),
        ("SQR", (0,), 0),
        ("SQRT", ("9",), 3),
        ("POW", (2, 0.5), 2**0.5),
        ("POW", ("2", "3"), 8),
        ("EXP", (0,), 1),
        ("LOG", (1,), 0),
        ("LOG10", (1000,), 3),
        ("SGN", (0,), 0),
        ("SGN", ("-7",), -1),
        ("SIN", (0,), 0),
        ("COS", (0,), 1),
        ("TAN", (0,), 0),
        ("ATN", (0,), 0),
        ("MAX", (None, 3, None), 3),
        ("MAX", (None,), None),
        ("MAX", ("apple", "pear"), "pear"),
        ("MAX", ("9", "10"), 10),
        ("MIN", ("9", 10.5), 9),
        ("MAX", ([],), None),
        ("MAX", ([None, ""],), None),
        ("MAX", ([-5, -3],), -3),
        ("MIN", ([date(2026, 3, 2), date(2026, 3, 1)],), date(2026, 3, 1)),
        ("MAX", ("2026-03-01", "2026-12-01"), "2026-12-01"),
        ("MAX", (RowSet(), "price"), None),
        ("SUM", ([],), 0),
        ("SUM", (["", None, " 2 "],), 2),
        ("SUM", ([0.1, 0.2],), 0.1 + 0.2),
        ("SUM", (ROWS, "missing"), 0),
        ("SUM", (RowSet(), "price"), 0),
        ("AVG", (ROWS, "price"), 3.75),
        ("AVG", (["2", "4"],), 3),
        ("AVG", ([None],), 0),
        ("AVG", (None,), 0),
    ],
)
def test_numbers_at_their_edges(name, arguments, result):
    found = call(name, *arguments)

    assert found == result
    assert isinstance(found, str) == isinstance(result, str)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("ABS", ([1],)),
        ("ABS", (-(2**63),)),
        ("ROUND", ("x",)),
        ("ROUND", (1.5, 99)),
        ("INT", (1e300,)),
        ("FLOOR", (2.0**63,)),
        ("CEIL", ("1e19",)),
        ("ROUND", (2.0**63,)),
        ("SQR", ("abc",)),
        ("POW", (10, 400)),
        ("POW", (0, -1)),
        ("LOG", (-1,)),
        ("SUM", ("abc",)),
        ("SUM", (["abc"],)),
        ("SUM", ([2**63 - 1, 1],)),
        ("AVG", (5,)),
        ("MAX", ([[1], [2]],)),
        ("RANDOM", ("many",)),
    ],
)
def test_what_numbers_cannot_do(name, arguments):
    with pytest.raises(BasicError):
        call(name, *arguments)


@pytest.mark.parametrize(
    ("arguments", "low", "high", "whole"),
    [
        ((), 0, 1, False),
        ((10,), 0, 9, True),
        (("10",), 0, 9, True),
        ((1, 6), 1, 6, True),
        ((6, 1), 1, 6, True),
        ((5, 5), 5, 5, True),
        ((-3, 3), -3, 3, True),
        ((0.5, 1.5), 0.5, 1.5, False),
        ((2.5,), 0, 2.5, False),
        ((-(2**63), 2**63 - 1), -(2**63), 2**63 - 1, True),
    ],
)
def test_forms_of_random(arguments, low, high, whole):
    run = Run()
    numbers = [call("RANDOM", *arguments, run=run) for _ in range(300)]

    assert all(low <= number <= high for number in numbers)
    assert all(isinstance(number, int) for number in numbers) is whole
    if 1 < high - low < 20 and whole:
        assert set(numbers) == set(range(low, high + 1))
