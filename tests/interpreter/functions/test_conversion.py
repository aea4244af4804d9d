"""Functions that convert values, and that ask what a value is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpreter.errors import BasicError, BudgetError
from interpreter.values import Record, RowSet, Secret, equal
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


@pytest.mark.parametrize(
    ("name", "value", "result"),
    [
        ("VAL", None, 0),
        ("VAL", "", 0),
        ("VAL", " 7 ", 7),
        ("VAL", "1e3", 1000),
        ("VAL", "12abc", 0),
        ("VAL", "1,5", 0),
        ("VAL", "0x10", 0),
        ("VAL", True, 1),
        ("VAL", "9" * 30, 1e30),
        ("VAL", Secret("12"), 0),
        ("STR", None, ""),
        ("STR", 2.0, "2"),
        ("STR", False, "false"),
        ("STR", [1], "[1]"),
        ("STR", NOW, "2026-03-11 15:04:05"),
        ("CINT", None, 0),
        ("CINT", True, 1),
        ("CINT", -3.9, -3),
        ("CDBL", None, 0.0),
        ("CDBL", " 2.5 ", 2.5),
        ("CBOOL", "no", True),
        ("CBOOL", "0", False),
        ("CBOOL", [], False),
        ("CBOOL", None, False),
        ("JSON", None, "null"),
        ("JSON", 'a"b\n', '"a\\"b\\n"'),
        ("JSON", 2.0, "2"),
        ("JSON", NOW, '"2026-03-11T15:04:05+00:00"'),
        ("JSON", timedelta(minutes=1), "60"),
        ("JSON", Secret("hunter22"), '"••••"'),
        ("JSON", RowSet([Record(a=1)]), '[{"a":1}]'),
        ("FROMJSON", "null", None),
        ("FROMJSON", ' "x" ', "x"),
        ("FROMJSON", "1e400", None),
        ("FROMJSON", "123456789012345678901234567890", 123456789012345678901234567890.0),
        ("TYPEOF", RowSet(), "array"),
        ("TYPEOF", NOW.date(), "date"),
        ("TYPEOF", Secret("x"), "secret"),
        ("TYPEOF", 2.0, "float"),
        ("ISNULL", None, True),
        ("ISNULL", "", False),
        ("ISNULL", [], False),
        ("ISNULL", 0, False),
        ("ISNUMERIC", "", False),
        ("ISNUMERIC", None, False),
        ("ISNUMERIC", True, False),
        ("ISNUMERIC", "-1.5e3", True),
        ("ISNUMBER", 5, True),
        ("ISNUMBER", True, False),
        ("ISSTRING", "", True),
        ("ISSTRING", None, False),
        ("ISBOOL", False, True),
        ("ISBOOL", "true", False),
        ("ISARRAY", RowSet(), True),
        ("ISARRAY", "[]", False),
        ("ISOBJECT", Record(), True),
        ("ISOBJECT", [], False),
        ("ISDATE", NOW, True),
        ("ISDATE", "", False),
        ("ISDATE", 20260301, False),
        ("ISDATE", None, False),
        ("ISDATE", "29/02/2026", False),
        ("ISEMPTY", None, True),
        ("ISEMPTY", [], True),
        ("ISEMPTY", Record(), True),
        ("ISEMPTY", RowSet(), True),
        ("ISEMPTY", " ", False),
        ("ISEMPTY", False, False),
        ("EXISTS", 0, True),
        ("EXISTS", RowSet(), False),
    ],
)
def test_conversions_and_tests_at_their_edges(name, value, result):
    found = call(name, value)

    assert found == result
    assert isinstance(found, bool) == isinstance(result, bool)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CINT", "abc"),
        ("CINT", ""),
        ("CINT", [1]),
        ("CINT", 1e300),
        ("CDBL", "x"),
        ("CDBL", NOW),
        ("CINT", Secret("1")),
    ],
)
def test_what_cannot_be_converted(name, value):
    with pytest.raises(BasicError):
        call(name, value)


def test_defaults_at_their_edges():
    assert call("NVL", None, "x") == "x"
    assert call("NVL", False, "x") is False
    assert call("NVL", None, None) is None
    assert call("NVL", [], "x") == []
    assert call("COALESCE") is None
    assert call("COALESCE", None, None) is None
    assert call("COALESCE", 0, 1) == 0
