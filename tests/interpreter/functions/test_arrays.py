"""Functions on arrays and rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpreter.errors import BasicError, BudgetError
from interpreter.values import Record, RowSet
from tests.interpreter.library_kit import call

ROWS = RowSet([Record(name="b", price=5), Record(name="a", price=None), Record(name="c", price="2.5")])


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("UBOUND", ([1, 2],), 2),
        ("UBOUND", (None,), 0),
        ("LBOUND", ([1],), 0),
        ("COUNT", ([1, 2],), 2),
        ("COUNT", ([1, "1", 2], 1), 2),
        ("FIRST", ([5, 6],), 5),
        ("LAST", ([5, 6],), 6),
        ("FIRST", ([],), None),
        ("FIRST", ([5, 6, 7], 2), [5, 6]),
        ("LAST", ([5, 6, 7], 2), [6, 7]),
        ("FIRST", ("John Q Public",), "John"),
        ("LAST", ("John Q Public",), "Public"),
        ("LAST", (ROWS, "name"), "c"),
        ("SORT", ([3, "10", 2],), [2, 3, "10"]),
        ("SORT", (["b", None, "a"],), [None, "a", "b"]),
        ("SORT", ([1, 3, 2], "desc"), [3, 2, 1]),
        ("UNIQUE", ([1, "1", 2, None, None, [1], [1]],), [1, 2, None, [1]]),
        ("REVERSE", ([1, 2],), [2, 1]),
        ("RANGE", (3,), [1, 2, 3]),
        ("RANGE", (2, 4), [2, 3, 4]),
        ("RANGE", (5, 1, -2), [5, 3, 1]),
        ("RANGE", (3, 1), [3, 2, 1]),
        ("INDEX_OF", (["a", "b"], "b"), 1),
        ("INDEX_OF", ("abc", "c"), 2),
        ("LAST_INDEX_OF", ([1, 2, 1], 1), 2),
        ("INDEX_OF", ([], 1), -1),
        ("FLATTEN", ([1, [2, [3]]],), [1, 2, 3]),
        ("TAKE", ([1, 2, 3], 2), [1, 2]),
        ("DROP", ([1, 2, 3], 2), [3]),
        ("HEAD", ([1, 2],), 1),
        ("TAIL", ([1, 2],), [2]),
        ("BATCH", ([1, 2, 3], 2), [[1, 2], [3]]),
        ("IN_ARRAY", (2, [1, 2]), True),
        ("IN_ARRAY", ([1, 2], 3), False),
        ("SLICE", ([1, 2, 3], 1), [2, 3]),
        ("SLICE", ([1, 2, 3], -2, -1), [2]),
        ("KEYS", (Record(a=1, b=2),), ["a", "b"]),
        ("CONTAINS", ([1, 2], "2"), True),
    ],
)
def test_functions_on_arrays(name, arguments, result):
    assert call(name, *arguments) == result


def test_rows_sort_by_a_field():
    assert [row["name"] for row in call("SORT", ROWS, "name")] == ["a", "b", "c"]
    assert [row["name"] for row in call("SORT", ROWS, "price", "desc")] == ["b", "c", "a"]


def test_push_changes_its_array_and_sort_does_not():
    array = [2, 1]

    call("PUSH", array, 3)
    call("SORT", array)

    assert array == [2, 1, 3]
    assert call("POP", array) == 3
    assert call("SHIFT", array) == 2
    assert array == [1]
    assert call("POP", []) is None


def test_arrays_never_outgrow_their_limit():
    for grow in (
        lambda: call("RANGE", 10**9),
        lambda: call("RANGE", 1, 10**30),
        lambda: call("SPLIT", "," * 200_000, ","),
        lambda: call("CONCAT", [0] * 60_000, [0] * 60_000),
        lambda: call("FLATTEN", [[0] * 60_000, [0] * 60_000]),
        lambda: call("PUSH", [0] * 100_000, 1),
    ):
        with pytest.raises(BudgetError) as problem:
            grow()
        assert problem.value.code == "E_BUDGET_ARRAY"


@given(st.lists(st.integers() | st.floats(allow_nan=False, allow_infinity=False), max_size=30))
def test_sorted_numbers_rise(numbers):
    numbers = [number for number in numbers if isinstance(number, float) or abs(number) < 2**63]

    assert call("SORT", numbers) == sorted(numbers)


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("UBOUND", ([],), 0),
        ("UBOUND", ("abc",), 3),
        ("UBOUND", (5,), 0),
        ("UBOUND", (RowSet(),), 0),
        ("UBOUND", (ROWS,), 3),
        ("COUNT", (None,), 0),
        ("COUNT", (Record(a=1, b=2),), 2),
        ("COUNT", ([None, 1],), 2),
        ("FIRST", (None,), None),
        ("FIRST", ("",), ""),
        ("FIRST", (ROWS, "name"), "b"),
        ("FIRST", (RowSet(), "name"), None),
        ("FIRST", ([1, 2], 0), []),
        ("FIRST", ([1, 2], -1), []),
        ("FIRST", ([1, 2], 99), [1, 2]),
        ("FIRST", ("one two three", 2), "one two"),
        ("LAST", ("",), ""),
        ("LAST", ([],), None),
        ("LAST", ([1, 2, 3], 2), [2, 3]),
        ("SORT", ([],), []),
        ("SORT", (None,), []),
        ("SORT", (["b", "A", "a"],), ["A", "a", "b"]),
        ("SORT", (["10", "9"],), ["9", "10"]),
        ("SORT", ([1, None, 2], "desc"), [2, 1, None]),
        ("SORT", ([True, False],), [False, True]),
        ("UNIQUE", (["a", "A"],), ["a", "A"]),
        ("UNIQUE", (ROWS, "missing"), ROWS[:1]),
        ("REVERSE", ([],), []),
        ("REVERSE", ("",), ""),
        ("RANGE", (0,), []),
        ("RANGE", (-1,), []),
        ("RANGE", (2, 2), [2]),
        ("RANGE", (1, 10, 4), [1, 5, 9]),
        ("RANGE", (1, 3, -1), []),
        ("RANGE", ("1", "3"), [1, 2, 3]),
        ("INDEX_OF", ([1, "2"], 2), 1),
        ("INDEX_OF", (None, 1), -1),
        ("INDEX_OF", (["a"], "A"), -1),
        ("INDEX_OF", ("banana", "na"), 2),
        ("LAST_INDEX_OF", ("banana", "na"), 4),
        ("LAST_INDEX_OF", ([], 1), -1),
        ("CONTAINS", ("abc", ""), True),
        ("CONTAINS", (None, 1), False),
        ("CONTAINS", ([], None), False),
        ("CONTAINS", ([[1]], [1]), True),
        ("CONTAINS", (Record(Name=1), "name"), True),
        ("IN_ARRAY", ("2", [1, 2]), True),
        ("IN_ARRAY", (1, None), False),
        ("FLATTEN", ([],), []),
        ("FLATTEN", ([[], [[]]],), []),
        ("FLATTEN", ([Record(a=1), [2]],), [Record(a=1), 2]),
        ("TAKE", ([1, 2], -1), []),
        ("TAKE", (None, 2), []),
        ("DROP", ([1, 2], -1), [1, 2]),
        ("DROP", ([1, 2], 9), []),
        ("HEAD", ([],), None),
        ("TAIL", ([],), []),
        ("BATCH", ([], 2), []),
        ("BATCH", ([1, 2], 9), [[1, 2]]),
        ("SLICE", ("abcdef", 1, 3), "bc"),
        ("SLICE", ([1, 2, 3], 0, -1), [1, 2]),
        ("SLICE", ([1, 2, 3], 9), []),
        ("SLICE", (None, 0), ""),
        ("SPLICE", ([1, 2, 3], 1), [2, 3]),
        ("SPLICE", ([1, 2, 3], -1, 1), [3]),
        ("SPLICE", ([1, 2, 3], 9, 1), []),
        ("JOIN", ([],), ""),
        ("JOIN", (None,), ""),
        ("JOIN", ([1, None, True, [2]], "-"), "1--true-[2]"),
        ("CONCAT", ([1], None), [1, None]),
        ("KEYS", (None,), []),
        ("VALUES", (Record(a=1, b=None),), [1, None]),
        ("ARRAY", (), []),
    ],
)
def test_arrays_at_their_edges(name, arguments, result):
    assert call(name, *arguments) == result


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("SORT", ("abc",)),
        ("SORT", ([[2], [1]],)),
        ("PUSH", ("abc", 1)),
        ("PUSH", (None, 1)),
        ("POP", (5,)),
        ("RANGE", (1, 5, 0)),
        ("RANGE", ("a",)),
        ("BATCH", ([1], 0)),
        ("BATCH", ([1], -2)),
        ("FLATTEN", (5,)),
        ("TAKE", ("abc", 1)),
        ("KEYS", ([1],)),
        ("JOIN", ("abc",)),
        ("SPLICE", ([1], "x")),
    ],
)
def test_what_arrays_cannot_do(name, arguments):
    with pytest.raises(BasicError):
        call(name, *arguments)


def test_an_array_in_itself_cannot_be_flattened():
    array: list = [1]
    array.append(array)

    with pytest.raises(BasicError):
        call("FLATTEN", array)


def test_rows_stay_rows_so_that_their_members_are_the_first_ones():
    for rows in (
        call("SORT", ROWS, "name"),
        call("FIRST", ROWS, 2),
        call("LAST", ROWS, 2),
        call("TAKE", ROWS, 2),
        call("DROP", ROWS, 1),
        call("SLICE", ROWS, 1),
        call("REVERSE", ROWS),
        call("UNIQUE", ROWS, "name"),
    ):
        assert isinstance(rows, RowSet)


def test_splice_puts_items_where_others_were():
    array = [1, 2, 3, 4]

    assert call("SPLICE", array, 1, 2, "a", "b", "c") == [2, 3]
    assert array == [1, "a", "b", "c", 4]
