"""Functions that convert values, and that ask what a value is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpreter.errors import BasicError, BudgetError
from interpreter.values import Record, RowSet, equal
from tests.interpreter.library_kit import NOW, call


@pytest.mark.parametrize(
    ("name", "value", "result"),
    [
        ("VAL", "12.5", 12.5),
        ("VAL", "abc", 0),
        ("VAL", [1], 0),
        ("STR", 5, "5"),
        ("CINT", "3.9", 3),
        ("CDBL", "3", 3.0),
        ("CBOOL", "false", False),
        ("JSON", Record(a=[1, None, "é"]), '{"a":[1,null,"é"]}'),
        ("FROMJSON", '{"A": [1, 2.5, null]}', {"A": [1, 2.5, None]}),
        ("TYPEOF", None, "null"),
        ("TYPEOF", True, "boolean"),
        ("TYPEOF", 1, "integer"),
        ("TYPEOF", 1.5, "float"),
        ("TYPEOF", "", "string"),
        ("TYPEOF", [], "array"),
        ("TYPEOF", Record(), "object"),
        ("TYPEOF", NOW, "date"),
        ("TYPEOF", timedelta(1), "duration"),
        ("ISNULL", RowSet(), True),
        ("ISNUMERIC", " 5 ", True),
        ("ISNUMBER", "5", False),
        ("ISEMPTY", "", True),
        ("ISEMPTY", 0, False),
        ("EXISTS", None, False),
    ],
)
def test_conversions_and_tests(name, value, result):
    assert call(name, value) == result


def test_defaults():
    assert call("NVL", "", 5) == 5
    assert call("NVL", 0, 5) == 0
    assert call("COALESCE", None, "", 3) == ""


@pytest.mark.parametrize("text", ["{", "[" * 1000 + "]" * 1000, "nope", "[NaN"])
def test_bad_json_is_an_error(text):
    with pytest.raises(BasicError):
        call("FROMJSON", text)


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=5), st.lists))
def test_json_reads_back_as_the_same_value(value):
    try:
        text = call("JSON", value)
    except BudgetError:
        return
    back = call("FROMJSON", text)
    assert back == value
    assert back is None or equal(back, value)
