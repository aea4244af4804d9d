"""Operators, coercion, equality, order and truth: what scripts rely on without thinking of it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

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
    concat,
    contains,
    divide,
    equal,
    from_plain,
    greater,
    less,
    less_equal,
    like,
    modulo,
    multiply,
    negate,
    not_equal,
    order,
    parse_number,
    power,
    subtract,
    to_number,
    to_plain,
    to_text,
    truthy,
    type_name,
)
from tests.interpreter.library_kit import NOW, Run

integers = st.integers(INTEGER_MIN, INTEGER_MAX)
floats = st.floats(allow_nan=False, allow_infinity=False)
scalars = (
    st.none() | st.booleans() | integers | floats | st.text(max_size=20) | st.just(NOW) | st.just(NOW.date())
)


# --- text --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "true"),
        (3, "3"),
        (3.0, "3"),
        (-0.0, "0"),
        (0.1, "0.1"),
        (1e22, "1e+22"),
        ([1, "a", None], '[1,"a",null]'),
        (Record(a=1, b=[True]), '{"a":1,"b":[true]}'),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 9, 5, 7, 999, tzinfo=UTC), "2026-03-01 09:05:07"),
        (timedelta(hours=25, minutes=1), "1 day, 1:01:00"),
        (timedelta(minutes=-90), "-1:30:00"),
        (Secret("hunter22"), "••••"),
        (Record(filename="a.pdf", url="https://x/a.pdf", mime="application/pdf"), "https://x/a.pdf"),
    ],
)
def test_every_type_prints_as_the_reference_says(value, text):
    assert to_text(value) == text


def test_a_secret_never_prints_wherever_it_stands():
    secret = Secret("hunter22")
    run = Run()

    shown = [
        to_text([secret]),
        repr(secret),
        f"{secret}",
        concat(run, "p: ", secret),
        str(to_plain([secret])),
    ]

    assert not any("hunter22" in text for text in shown)


def test_a_secret_can_be_compared_and_handed_on():
    assert equal(Secret("hunter22"), "hunter22")
    assert not equal(Secret("hunter22"), "••••")
    assert to_plain(Secret("hunter22"), reveal=True) == "hunter22"


def test_shared_arrays_do_not_explode_when_printed():
    value: list = ["x" * 100]
    for _ in range(30):
        value = [value, value]

    with pytest.raises(BudgetError):
        to_text(value)


def test_an_array_in_itself_is_an_error_not_a_crash():
    loop: list = []
    loop.append(loop)

    for use in (to_text, to_plain, from_plain):
        with pytest.raises(BasicError, match="contains itself"):
            use(loop)


def test_two_arrays_that_contain_themselves_cannot_be_compared_for_ever():
    one: list = []
    two: list = []
    one.append(two)
    two.append(one)

    with pytest.raises(BasicError):
        equal(one, two)


def test_nesting_is_limited():
    value: list = []
    for _ in range(40):
        value = [value]

    for use in (to_text, to_plain, from_plain):
        with pytest.raises(BudgetError, match="nested"):
            use(value)


# --- plus --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "result"),
    [
        (1, 2, 3),
        (1, 2.5, 3.5),
        ("a", 1, "a1"),
        (1, "2", "12"),
        ("x", None, "x"),
        (None, 5, 5),
        (None, None, None),
        ([1], [2], [1, 2]),
        ([1], 2, [1, 2]),
        ([1], None, [1, None]),
        (NOW, 15 * 60, NOW + timedelta(minutes=15)),
        (NOW, timedelta(days=7), NOW + timedelta(days=7)),
        (date(2026, 3, 1), timedelta(days=1), date(2026, 3, 2)),
        (date(2026, 3, 1), "!", "2026-03-01!"),
        (True, 1, 2),
    ],
)
def test_plus_adds_appends_or_concatenates_by_its_operands(a, b, result):
    assert add(Run(), a, b) == result


def test_plus_leaves_its_arrays_alone():
    first = [1]

    add(Run(), first, [2])

    assert first == [1]


@pytest.mark.parametrize(("a", "b"), [(Record(), 1), (NOW, NOW), (True, Record()), (NOW, [])])
def test_plus_of_what_cannot_be_added_is_an_error(a, b):
    with pytest.raises(BasicError):
        add(Run(), a, b)


@given(integers, integers)
def test_integers_add_exactly_or_say_that_they_overflow(a, b):
    if INTEGER_MIN <= a + b <= INTEGER_MAX:
        assert add(Run(), a, b) == a + b
        return
    with pytest.raises(BasicError) as problem:
        add(Run(), a, b)
    assert problem.value.code == "E_OVERFLOW"


@given(scalars, scalars)
def test_arithmetic_gives_a_value_of_the_language_or_a_basic_error(a, b):
    run = Run()
    operations = (
        lambda: add(run, a, b),
        lambda: subtract(run, a, b),
        lambda: multiply(a, b),
        lambda: divide(a, b),
        lambda: modulo(a, b),
        lambda: power(a, b),
        lambda: negate(a),
    )
    for operation in operations:
        try:
            result = operation()
        except BasicError:
            continue
        assert type_name(result) in {"null", "integer", "float", "string", "date", "duration", "boolean"}
        if isinstance(result, int):
            assert INTEGER_MIN <= result <= INTEGER_MAX
        if isinstance(result, float):
            assert result - result == 0.0


# --- the other operators -----------------------------------------------------------------------------------


def test_numeric_strings_calculate_as_numbers():
    assert multiply("3", "4") == 12
    assert subtract(Run(), " 10 ", 1) == 9
    assert divide("7", 2) == 3.5


@pytest.mark.parametrize("text", ["", "abc", "nan", "inf", "0x10", "1_000", "1,5", "12 34", "٣"])
def test_other_strings_do_not_calculate(text):
    with pytest.raises(BasicError, match="not a number"):
        multiply(text, 2)


def test_division_is_true_division_and_prints_whole_numbers_plainly():
    assert to_text(divide(6, 2)) == "3"
    assert to_text(divide(7, 2)) == "3.5"


@pytest.mark.parametrize("operation", [divide, modulo])
def test_division_by_zero_is_an_error_that_can_be_caught(operation):
    with pytest.raises(BasicError, match="zero"):
        operation(1, 0)
    with pytest.raises(BasicError, match="zero"):
        operation(1, "0.0")


def test_the_remainder_has_the_sign_of_the_dividend():
    assert [modulo(7, 3), modulo(-7, 3), modulo(7, -3), modulo(5.5, 2)] == [1, -1, 1, 1.5]


@pytest.mark.parametrize(("a", "b"), [(10, 400), (9, 9**9), (2, 63), (2.0, 5000), (-2, 10**18)])
def test_powers_too_large_are_refused_before_they_are_built(a, b):
    with pytest.raises(BasicError) as problem:
        power(a, b)
    assert problem.value.code == "E_OVERFLOW"


def test_powers():
    assert power(2, 62) == 2**62
    assert power(2, -1) == 0.5
    assert power(-1, 10**15 + 1) == -1
    assert power(-8, 3) == -512
    assert power(0, 0) == 1
    with pytest.raises(BasicError):
        power(-8, 0.5)
    with pytest.raises(BasicError):
        power(0, -1)


def test_dates_subtract_to_seconds():
    run = Run()
    assert subtract(run, NOW, NOW - timedelta(hours=1)) == 3600
    assert subtract(run, date(2026, 3, 2), date(2026, 3, 1)) == 86_400
    assert subtract(run, NOW, "2026-03-11 15:00:00") == 245
    assert subtract(run, NOW, timedelta(days=1)) == NOW - timedelta(days=1)


def test_a_day_across_a_change_of_clocks_counts_its_real_hours():
    berlin = ZoneInfo("Europe/Berlin")
    before = datetime(2026, 3, 28, 12, tzinfo=berlin)
    after = datetime(2026, 3, 29, 12, tzinfo=berlin)

    assert subtract(Run(), after, before) == 23 * 3600
    assert add(Run(), before, 23 * 3600) == after


# --- equality ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (5, "5"),
        (5, " 5.0 "),
        (5, 5.0),
        (True, "TRUE"),
        (False, "false"),
        (True, 1),
        (None, ""),
        (None, RowSet()),
        (RowSet(), None),
        ([1, "2"], ["1", 2]),
        (Record(Name="x"), Record(name="x")),
        (date(2026, 3, 1), "2026-03-01"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01T09:00:00-03:00"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01 12:00:00"),
        ([1], "[1]"),
    ],
)
def test_loose_equality_sees_the_same_value_in_another_form(a, b):
    assert equal(a, b)
    assert equal(b, a)
    assert not not_equal(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("a", "A"),
        ("5", "5.0"),
        (None, 0),
        (None, []),
        (0, ""),
        (False, ""),
        (True, "yes"),
        (5, "five"),
        ([1], ""),
        ([1, 2], [2, 1]),
        (date(2026, 3, 1), "1 March 2026"),
        (Record(a=1), Record(a=1, b=2)),
    ],
)
def test_loose_equality_has_its_limits(a, b):
    assert not equal(a, b)
    assert not equal(b, a)


@given(scalars, scalars)
def test_equality_is_symmetric_and_never_fails(a, b):
    assert equal(a, b) == equal(b, a)
    assert equal(a, a)


# --- order -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("small", "large"),
    [
        (2, 10),
        ("2", "10"),
        ("9", 10),
        ("apple", "banana"),
        ("Z", "a"),
        ("10", "9 lives"),
        (date(2026, 3, 1), date(2026, 3, 2)),
        ("2026-03-01", NOW),
        ("2026-12-01T00:00:00Z", "2027-01-01"),
        (timedelta(hours=1), timedelta(hours=2)),
    ],
)
def test_order_is_numeric_then_by_date_then_by_text(small, large):
    assert less(small, large)
    assert greater(large, small)
    assert not less(large, small)


def test_comparisons_with_null_are_false_yet_null_sorts_first():
    assert not less(None, 5)
    assert not less_equal(None, None)
    assert not greater(5, None)
    assert order(None, -1) == -1


def test_arrays_and_objects_have_no_order():
    with pytest.raises(BasicError):
        less([1], [2])


@given(scalars, scalars)
def test_exactly_one_of_less_equal_and_greater_holds_for_values_that_are_not_null(a, b):
    if a is None or b is None:
        return
    assert order(a, b) == -order(b, a)
    assert less(a, b) + greater(a, b) + (order(a, b) == 0) == 1
    assert less_equal(a, b) == (not greater(a, b))


@given(st.lists(floats | integers, min_size=3, max_size=3))
def test_numbers_are_ordered_alike_as_numbers_and_as_text(numbers):
    a, b, _ = numbers
    assert order(a, b) == order(to_text(a), to_text(b)) or float(a) == float(b)


# --- membership --------------------------------------------------------------------------------------------


def test_contains_looks_into_texts_arrays_and_objects():
    assert contains("hello", "ell")
    assert contains([1, 2], "2")
    assert contains(Record(Key=1), "key")
    assert not contains(None, "x")
    assert not contains([], None)


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("hello world", True),
        ("HELLO%", True),
        ("%world", True),
        ("%lo*wo%", True),
        ("*", True),
        ("hello", False),
        ("%xyz%", False),
        ("hello%hello%", False),
        ("h_llo%", False),
        ("hello world%world", False),
    ],
)
def test_like_takes_percent_and_star_for_anything(pattern, matches):
    assert like("Hello World", pattern) is matches


def test_a_hostile_pattern_costs_no_time():
    assert not like("a" * 10_000 + "b", "%a" * 5000 + "%c")


# --- truth -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [None, False, 0, 0.0, "", "false", "FALSE", "0", [], Record(), RowSet()])
def test_what_is_false(value):
    assert truthy(value) is False


@pytest.mark.parametrize("value", [True, -1, 0.5, " ", "no", "00", "0.0", [None], Record(a=None), NOW])
def test_what_is_true(value):
    assert truthy(value) is True


# --- numbers in text ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "number"),
    [("12", 12), (" -3.5 ", -3.5), ("1e3", 1000.0), (".5", 0.5), ("9" * 30, 1e30), ("5.", 5.0)],
)
def test_numeric_strings(text, number):
    assert parse_number(text) == number


@pytest.mark.parametrize("text", ["", "1e999", "--1", "1.2.3", "1" * 100_000, "１２"])
def test_strings_that_are_no_numbers(text):
    assert parse_number(text) is None


@given(integers | floats)
def test_a_number_survives_being_printed_and_read(number):
    assert to_number(to_text(number)) == number
