"""Built-in functions, called as scripts call them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from interpreter.effects import Settings
from interpreter.errors import BasicError, BudgetError
from interpreter.functions import AREAS, FUNCTIONS
from interpreter.values import Record, RowSet, Secret, equal, type_name
from tests.interpreter.library_kit import NOW, Run, call

ROWS = RowSet([Record(name="b", price=5), Record(name="a", price=None), Record(name="c", price="2.5")])
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


@pytest.mark.parametrize("name", TIER_1)
def test_every_function_that_the_reference_promises_is_there(name):
    function = FUNCTIONS[name]

    assert function.description.endswith(".")
    assert function.area in {area.__name__.rsplit(".", 1)[-1] for area in AREAS}


@pytest.mark.parametrize("name", sorted({function.name for function in FUNCTIONS.values()}))
@settings(max_examples=20)
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
    assert type_name(result) in {
        "null", "boolean", "integer", "float", "string", "array", "object", "date", "duration", "secret",
    }  # fmt: skip
    if isinstance(result, float):
        assert result - result == 0.0


# --- strings -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("LEN", ("héllo",), 5),
        ("LEN", (12345,), 5),
        ("UCASE", ("straße",), "STRASSE"),
        ("PROPER", ("ana MARIA",), "Ana Maria"),
        ("LEFT", ("abc", 2), "ab"),
        ("LEFT", ("abc", -1), ""),
        ("RIGHT", ("abc", 2), "bc"),
        ("RIGHT", ("abc", 0), ""),
        ("MID", ("abcdef", 2, 3), "bcd"),
        ("MID", ("abcdef", 5), "ef"),
        ("MID", ("abc", 9, 2), ""),
        ("MID", ([10, 20, 30], 1, 1), [20]),
        ("INSTR", ("hello", "l"), 3),
        ("INSTR", (4, "hello", "l"), 4),
        ("INSTR", ("hello", "L"), 0),
        ("REPLACE", ("a-b-c", "-", "+"), "a+b+c"),
        ("REPLACE", ("abc", "", "x"), "abc"),
        ("SPLIT", ("a,b,,c", ","), ["a", "b", "", "c"]),
        ("SPLIT", ("abc", ""), ["a", "b", "c"]),
        ("SPLIT", (None,), []),
        ("JOIN", (["a", 1, None],), "a,1,"),
        ("JOIN", (["a", "b"], " e "), "a e b"),
        ("REPEAT", ("ab", 3), "ababab"),
        ("STRING", (3, "*"), "***"),
        ("PAD_LEFT", (7, 3, "0"), "007"),
        ("PAD_RIGHT", ("ab", 5, "xy"), "abxyx"),
        ("PAD_LEFT", ("long", 2), "long"),
        ("ASC", ("A",), 65),
        ("CHR", (8364,), "€"),
        ("CONCAT", ("a", 1, None), "a1"),
        ("CONCAT", ([1], [2], 3), [1, 2, 3]),
        ("REVERSE", ("abc",), "cba"),
    ],
)
def test_functions_on_texts(name, arguments, result):
    assert call(name, *arguments) == result


def test_the_product_of_a_small_script_never_outgrows_the_limit():
    text = "x" * 600_000
    for grow in (
        lambda: call("REPEAT", "a", 10**10),
        lambda: call("PAD_LEFT", "a", 10**12),
        lambda: call("REPLACE", text, "x", "xx"),
        lambda: call("JOIN", [text, text]),
        lambda: call("JOIN", ["a"] * 90_000, "x" * 1000),
        lambda: call("CONCAT", text, text),
        lambda: call("SPACE", 10**9),
        lambda: call("JSON", [text, text]),
    ):
        with pytest.raises(BudgetError) as problem:
            grow()
        assert problem.value.code == "E_BUDGET_STRING"


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


@pytest.mark.parametrize("code", [-1, 0, 0xD800, 0x110000, 10**12])
def test_characters_that_do_not_exist(code):
    with pytest.raises(BasicError):
        call("CHR", code)


# --- numbers -----------------------------------------------------------------------------------------------


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
        ("MIN", (ROWS, "price"), "2.5"),
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


# --- conversion and tests ----------------------------------------------------------------------------------


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


@given(st.lists(st.integers() | st.floats(allow_nan=False, allow_infinity=False), max_size=30))
def test_sorted_numbers_rise(numbers):
    numbers = [number for number in numbers if isinstance(number, float) or abs(number) < 2**63]

    assert call("SORT", numbers) == sorted(numbers)


def test_names_of_months_follow_the_bots_language():
    run = Run(settings=Settings(language="pt-BR"))

    assert call("FORMAT", NOW, "DD de MMMM de YYYY", run=run) == "11 de março de 2026"
