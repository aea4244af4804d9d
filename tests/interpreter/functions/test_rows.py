"""Functions on rows, given what is no row and no condition."""

from __future__ import annotations

import pytest

from interpreter.errors import BasicError
from interpreter.values import Record
from tests.interpreter.library_kit import call

ROWS = [Record(a=1)]


@pytest.mark.parametrize(
    ("left", "right"), [([None], [None]), ([3, "a"], [3, "a"]), (ROWS, [5]), ([5], ROWS), ([[1]], ROWS)]
)
def test_only_objects_are_joined_by_a_field(left, right):
    with pytest.raises(BasicError, match="JOIN needs rows that are objects") as problem:
        call("JOIN", left, right, "a")
    assert problem.value.code == "E_TYPE"


def test_rows_join_with_each_row_that_has_the_same_value():
    others = [Record(a=1, b=2), Record(a="1", b=3), Record(a=9, b=4)]

    assert call("JOIN", ROWS, others, "a") == [Record(a=1, b=2), Record(a=1, b=3)]
    assert call("JOIN", [], others, "a") == []


@pytest.mark.parametrize(
    "condition",
    [
        Record(),
        Record(column=1),
        Record(column="a", op=5),
        Record(column=5, op="=", value=1),
        Record(column="a", op="~", value=1),
        Record(column="a", op="=", apply="nothing"),
        Record(all=5),
    ],
)
def test_an_object_that_is_no_condition_is_an_error_of_the_script(condition):
    with pytest.raises(BasicError) as problem:
        call("FILTER", ROWS, condition)
    assert problem.value.code == "E_FILTER"
