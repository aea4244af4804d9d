"""Functions on numbers, random ones among them."""

from __future__ import annotations

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
