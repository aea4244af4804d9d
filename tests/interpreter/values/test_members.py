"""Members, indexes, methods, growth and plain values: ways into a value and out of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpreter.errors import BasicError, BudgetError
from interpreter.values import (
    INTEGER_MAX,
    INTEGER_MIN,
    Record,
    RowSet,
    Secret,
    add,
    call_method,
    concat,
    from_plain,
    get_index,
    get_member,
    iterate,
    length,
    set_index,
    set_member,
    to_plain,
)
from tests.interpreter.library_kit import NOW, Run

integers = st.integers(INTEGER_MIN, INTEGER_MAX)
floats = st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | integers | floats | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


# --- members and indexes -----------------------------------------------------------------------------------


def test_an_object_finds_the_exact_key_first_then_any_case():
    record = Record(Name="a", name="b")

    assert get_member(record, "name") == "b"
    assert get_member(record, "Name") == "a"
    assert get_member(record, "NAME") == "a"


def test_writing_finds_the_key_that_reading_finds():
    record = Record(Name="a")

    set_member(Run(), record, "NAME", "b")
    set_index(Run(), record, "age", 3)

    assert record == {"Name": "b", "age": 3}
    assert get_member(record, "AGE") == 3


@given(st.lists(st.tuples(st.text("aAbBß", max_size=3), integers), max_size=30))
def test_what_was_written_under_a_name_is_read_under_it(writes):
    record = Record()
    for name, value in writes:
        set_member(Run(), record, name, value)
        assert get_member(record, name) == value
        assert get_member(record, name.swapcase()) is not None or "ß" in name


def test_missing_members_and_indexes_are_null():
    assert get_member(None, "x") is None
    assert get_member(Record(), "x") is None
    assert get_member(5, "x") is None
    assert get_index([1], 1) is None
    assert get_index([1], -1) is None
    assert get_index(None, 0) is None
    assert get_index("abc", 9) is None


def test_length_and_count_are_members_unless_an_object_has_such_a_key():
    assert get_member([1, 2], "Length") == 2
    assert get_member("abc", "count") == 3
    assert get_member(Record(a=1), "length") == 1
    assert get_member(Record(count=9), "count") == 9


def test_rows_answer_members_from_their_first_row():
    rows = RowSet([Record(price=5), Record(price=7)])

    assert get_member(rows, "price") == 5
    assert get_member(rows, "count") == 2
    assert get_index(rows, 1) == {"price": 7}
    assert get_member(RowSet(), "price") is None


def test_no_member_reaches_python():
    for value in ("x", [1], Record(), NOW, 5, None, timedelta(1), Secret("s")):
        for name in ("__class__", "__init__", "append", "replace", "tzinfo", "strftime", "_text"):
            assert get_member(value, name) is None
            assert get_index(value, name) is None


def test_dates_have_parts():
    moment = datetime(2026, 3, 1, 9, 5, 7, tzinfo=UTC)  # a Sunday

    parts = [
        get_member(moment, name) for name in ("year", "MONTH", "day", "hour", "minute", "second", "weekday")
    ]

    assert parts == [2026, 3, 1, 9, 5, 7, 1]
    assert get_member(moment, "date") == date(2026, 3, 1)
    assert get_member(moment, "time") == "09:05:07"
    assert get_member(moment, "iso") == "2026-03-01T09:05:07+00:00"
    assert get_member(moment, "timestamp") == 1772355907
    assert get_member(timedelta(hours=36), "days") == 1.5


def test_writing_at_the_length_appends_and_beyond_it_fills_with_null():
    array = [1]

    set_index(Run(), array, 1, 2)
    set_index(Run(), array, "4", 5)

    assert array == [1, 2, None, None, 5]


def test_a_negative_or_huge_index_is_refused_before_anything_is_built():
    with pytest.raises(BasicError, match="negative"):
        set_index(Run(), [], -1, 0)
    with pytest.raises(BudgetError) as problem:
        set_index(Run(), [], 10**9, 0)
    assert problem.value.code == "E_BUDGET_ARRAY"


def test_for_each_runs_over_arrays_objects_and_nothing():
    assert iterate([1, 2]) == [1, 2]
    assert iterate(Record(a=1, b=2)) == [1, 2]
    assert iterate(None) == []
    with pytest.raises(BasicError):
        iterate("abc")


# --- methods -----------------------------------------------------------------------------------------------


def test_methods_that_scripts_call():
    run = Run()
    array = [1, 2, 3]

    call_method(run, array, "push", [4])
    removed = call_method(run, array, "splice", [0, 2])

    assert (array, removed) == ([3, 4], [1, 2])
    assert call_method(run, " a ", "Trim", []) == "a"
    assert call_method(run, "abcdef", "substring", [1, 3]) == "bc"
    assert call_method(run, "abc", "contains", ["b"]) is True
    assert call_method(run, None, "trim", []) is None


def test_a_member_that_is_an_array_may_be_indexed_with_parentheses():
    assert call_method(Run(), Record(items=["a", "b"]), "items", [1]) == "b"


@pytest.mark.parametrize("name", ["__class__", "format", "encode", "nothing"])
def test_no_other_method_exists(name):
    with pytest.raises(BasicError, match="no method"):
        call_method(Run(), "abc", name, [])


# --- growing values ----------------------------------------------------------------------------------------


def test_a_text_longer_than_the_limit_is_refused_before_it_is_built():
    half = "x" * 600_000

    for build in (lambda: add(Run(), half, half), lambda: concat(Run(), half, half)):
        with pytest.raises(BudgetError) as problem:
            build()
        assert problem.value.code == "E_BUDGET_STRING"


def test_an_array_longer_than_the_limit_is_refused():
    half = [0] * 60_000

    with pytest.raises(BudgetError):
        add(Run(), half, half)
    with pytest.raises(BudgetError):
        call_method(Run(), [0] * 100_000, "push", [1])


def test_large_work_costs_more_than_small_work():
    small, large = Run(), Run()

    concat(small, "a", "b")
    concat(large, "a" * 100_000, "b")

    assert large.spent > 100 * small.spent


# --- plain values ------------------------------------------------------------------------------------------


@given(plain)
def test_json_values_survive_the_way_in_and_out(value):
    assert to_plain(from_plain(value)) == value


def test_plain_values_that_the_language_does_not_have():
    assert from_plain(2**70) == float(2**70)
    assert from_plain(float("nan")) is None
    assert from_plain((1, 2)) == [1, 2]
    assert to_plain([NOW, NOW.date(), timedelta(minutes=1)]) == [
        "2026-03-11T15:04:05+00:00",
        "2026-03-11",
        60.0,
    ]
    with pytest.raises(BasicError):
        from_plain(object())


def test_length_of_anything():
    assert [length(None), length("abc"), length([1]), length(Record(a=1)), length(12.5)] == [0, 3, 1, 1, 4]


def test_an_array_or_object_is_no_key() -> None:
    record = Record({"[1]": "x"})
    assert get_index(record, [1]) is None
    assert get_index([5], [0]) is None
    for target in (record, [5], RowSet([record])):
        with pytest.raises(BasicError) as caught:
            set_index(Run(), target, [1], 2)
        assert caught.value.code == "E_INDEX"


def test_keys_of_enormous_length_keep_their_case() -> None:
    record = Record()
    for key in ("A" * 2000, "a" * 2000, "A", "a"):
        set_member(Run(), record, key, len(key))
    assert list(record) == ["A" * 2000, "a" * 2000, "A"]
    assert get_member(record, "a") == 1
