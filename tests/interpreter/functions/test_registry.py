"""What the registry says about the functions, for the reference: all of it is there, and the examples run."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interpreter.errors import BasicError
from interpreter.functions import AREAS, FUNCTIONS
from interpreter.values import INTEGER_MAX, INTEGER_MIN, Record, RowSet, Secret, type_name
from tests.interpreter.dialogue_kit import play
from tests.interpreter.library_kit import NOW, Run

TIER_1 = (
    "abs", "int", "fix", "floor", "ceil", "round", "sqr", "sqrt", "pow", "exp", "log", "log10", "sin",
    "cos", "tan", "pi", "sgn", "max", "min", "random", "rnd", "len", "length", "ucase", "upper", "lcase",
    "lower", "trim", "ltrim", "rtrim", "left", "right", "mid", "instr", "replace", "split", "join", "asc",
    "chr", "ubound", "lbound", "count", "sum", "avg", "first", "last", "push", "append", "pop", "shift",
    "unshift", "sort", "unique", "reverse", "range", "index_of", "last_index_of", "concat", "flatten",
    "take", "drop", "head", "tail", "batch", "chunk", "in_array", "contains", "slice", "splice", "now",
    "today", "date", "time", "time_str", "now_str", "today_str", "now_utc", "unix_timestamp",
    "timestamp_ms", "year", "month", "day", "hour", "minute", "second", "weekday", "datevalue", "timevalue",
    "eomonth", "dateadd", "add_days", "datediff", "days_between", "hours_between", "days", "hours",
    "format", "format_date", "format_time", "typeof", "isnull", "isdate", "isarray", "isnumber", "isstring",
    "isbool", "isempty", "exists", "nvl", "coalesce", "uuid", "guid", "val", "to_number", "str", "cint",
    "cdbl", "cstr", "cbool", "json", "tojson",
)  # fmt: skip


RESULTS = {
    "integer": {"integer"},
    "float": {"float"},
    "number": {"integer", "float"},
    "string": {"string"},
    "boolean": {"boolean"},
    "array": {"array"},
    "object": {"object"},
    "date": {"date", "null"},
    "duration": {"duration"},
    "any": {"null", "boolean", "integer", "float", "string", "array", "object", "date", "duration", "secret"},
}
CANONICAL = {function.name: function for function in FUNCTIONS.values()}
SHOW = """
value = {expression}
SWITCH TYPEOF(value)
    CASE "null", "string", "array", "object"
        TALK JSON(value)
    DEFAULT
        TALK value
END SWITCH
"""


@pytest.mark.parametrize("name", sorted(CANONICAL))
def test_the_example_of_a_function_gives_what_the_reference_says(name):
    function = CANONICAL[name]

    assert name.casefold() in function.example.casefold()
    assert play(SHOW.format(expression=function.example)) == [function.gives]


@pytest.mark.parametrize("name", sorted(CANONICAL))
def test_a_function_is_described_in_one_sentence(name):
    function = CANONICAL[name]

    assert function.description.endswith(".")
    assert "  " not in function.description
    assert function.area in {area.__name__.rsplit(".", 1)[-1] for area in AREAS}
    assert all(FUNCTIONS[alias.casefold()] is function for alias in function.aliases)


def test_a_signature_shows_which_arguments_may_be_left_out():
    assert FUNCTIONS["mid"].signature == "MID(text, start[, length])"
    assert FUNCTIONS["lower"].signature == "LCASE(text)"
    assert FUNCTIONS["sort"].signature == "SORT(array[, field[, direction]])"
    assert FUNCTIONS["date"].signature == "DATE([year[, month[, day]]])"
    assert FUNCTIONS["push"].signature == "PUSH(array[, …])"
    assert FUNCTIONS["coalesce"].signature == "COALESCE([…])"


@pytest.mark.parametrize("name", TIER_1)
def test_every_function_that_the_dialect_promises_is_there(name):
    assert name in FUNCTIONS


@pytest.mark.parametrize("name", sorted({function.name for function in FUNCTIONS.values()}))
@settings(max_examples=30)
@given(st.data())
def test_no_arguments_make_a_function_fail_but_with_a_basic_error(name, data):
    values = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**63), 2**63 - 1),
        st.floats(allow_nan=False, allow_infinity=False),
        st.text(max_size=12),
        st.sampled_from([NOW, NOW.date(), timedelta(days=1), Secret("x"), "days", "2026-01-31", "12:30"]),
        st.builds(list),
        st.just([3, "a", None, [1]]),
        st.builds(lambda: Record(a=1)),
        st.just(RowSet([Record(a=1)])),
    )
    function = FUNCTIONS[name.casefold()]
    count = data.draw(st.integers(function.low, min(function.high, function.low + 3)))
    arguments = [data.draw(values) for _ in range(count)]

    try:
        result = function.call(Run(), *arguments)
    except BasicError:
        return
    assert type_name(result) in RESULTS[function.result], "the compiler trusts what is declared"
    if isinstance(result, float):
        assert result - result == 0.0
    if isinstance(result, int):
        assert INTEGER_MIN <= result <= INTEGER_MAX
