"""Functions on arrays and rows."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpreter.errors import BudgetError
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
