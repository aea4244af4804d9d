"""FORMAT patterns, as scripts write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from interpreter.errors import BasicError
from interpreter.values import Record
from tests.interpreter.library_kit import Run, call

MOMENT = datetime(2026, 3, 5, 14, 7, 9, 42_000, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "pattern", "text"),
    [
        (1234567, "#,##0", "1,234,567"),
        (0, "#,##0", "0"),
        (1234.5, "#,##0.00", "1,234.50"),
        (1234.5, "#,###", "1,235"),
        (1234.56, "#,##0.0", "1,234.6"),
        (1234.5, "R$ #,##0.00", "R$ 1,234.50"),
        (-1234.5, "$#,###", "-$1,235"),
        (0.25, "+#.#", "+0.3"),
        (-0.25, "+#.#", "-0.3"),
        (5, "+#.#", "+5"),
        (3.14159, "#.##", "3.14"),
        (3, "#.##", "3"),
        (7, "#0.0", "7.0"),
        (0.256, "0%", "26%"),
        (0.256, "0.0%", "25.6%"),
        (7, "000", "007"),
        (12, "0 units", "12 units"),
        ("1234.5", "#,##0.00", "1,234.50"),
        (0.005, "0.00", "0.01"),
        (1.005, "0.00", "1.01"),
        (-0.001, "0.00", "0.00"),
        (1e300, "#,##0", "1" + ",000" * 100),
        (1234.5, "n", "1234.50"),
        (1234.5, "F", "1234.50"),
        (1234.5, "N2[pt]", "1.234,50"),
        (1234.5, "N0[en]", "1,235"),
        (1234.5, "C2[en]", "$1,234.50"),
        (1234.5, "C2[pt]", "R$ 1.234,50"),
        (1234.5, "C2[de]", "€1.234,50"),
        (-5, "C2[en]", "-$5.00"),
        (1234.5, "currency", "$1,234.50"),
        (1234.5, "C2[fr]", "€1\u202f234,50"),
        (1234.5, "C0[es]", "€1.235"),
        (1234.5, "C2[it]", "€1.234,50"),
        (-1234.5, "C2[pt]", "-R$ 1.234,50"),
        (1234567.891, "N3[de]", "1.234.567,891"),
        (12, "N0", "12"),
        (-12.345, "n", "-12.35"),
        (12, "c", "$12.00"),
        ("12.5", "0.00", "12.50"),
        (" 7 ", "000", "007"),
        ("abc", "0.00", "abc"),
        (True, "0", "true"),
        (-5, "#,##0", "-5"),
        (-5, "+#", "-5"),
        (0, "+#,##0", "+0"),
        (0, "#", "0"),
        (0.5, "#.##", "0.5"),
        (999.999, "#,##0.00", "1,000.00"),
        (1e15, "#,##0", "1,000,000,000,000,000"),
        (2**63 - 1, "#,##0", "9,223,372,036,854,775,807"),
        (1.5, "0%", "150%"),
        (0.005, "0%", "1%"),
        (-0.5, "0%", "-50%"),
        (1234.5, "#,##0.00 €", "1,234.50 €"),
        (5, "(0)", "(5)"),
        (1234.5, "0", "1235"),
    ],
)
def test_numbers_by_pattern(value, pattern, text):
    assert call("FORMAT", value, pattern) == text


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("YYYYMMDD", "20260305"),
        ("YYYY-MM-DD", "2026-03-05"),
        ("yyyy-MM-dd", "2026-03-05"),
        ("YYYY-MM-DD HH:mm:ss", "2026-03-05 14:07:09"),
        ("YYYYMMDD_HHmmss", "20260305_140709"),
        ("DD/MM/YYYY HH:mm", "05/03/2026 14:07"),
        ("MMMM dd, yyyy", "March 05, 2026"),
        ("MMM DD, YYYY HH:mm", "Mar 05, 2026 14:07"),
        ("YYYY-MM-01", "2026-03-01"),
        ("D/M/YY", "5/3/26"),
        ("dddd", "Thursday"),
        ("hh:mm tt", "02:07 PM"),
        ("h:mm AM/PM", "2:07 PM"),
        ("h:mm am/pm", "2:07 pm"),
        ("hh:mm", "02:07"),
        ("HH:mm tt", "14:07 PM"),
        ("H:m:s", "14:7:9"),
        ("M/d/yy", "3/5/26"),
        ("MMM", "Mar"),
        ("ddd, dd MMM", "Thu, 05 Mar"),
        ("YYYY-MM-DDTHH:mm:ss", "2026-03-05T14:07:09"),
        ("ss.fff", "09.042"),
        ("'DD' DD", "DD 05"),
        ("Day DD, Month MM", "Day 05, Month 03"),
        ("YYYY年MM月DD日", "2026年03月05日"),
        ("DD/MM @ HH:mm", "05/03 @ 14:07"),
        ("HH:mm:ss.fff", "14:07:09.042"),
        ("HHhmm", "14h07"),
        ("DD 'of' MMMM", "05 of March"),
        ("{0.real!r}", "{0.real!r}"),
        ("%Y", "%2026"),
    ],
)
def test_dates_by_pattern(pattern, text):
    assert call("FORMAT", MOMENT, pattern) == text


def test_iso_texts_and_dates_without_a_time_format_too():
    assert call("FORMAT", "2026-03-05", "DD/MM/YYYY") == "05/03/2026"
    assert call("FORMAT", date(2026, 3, 5), "YYYY-MM-DD HH:mm") == "2026-03-05 00:00"
    assert call("FORMAT_DATE", "2026-03-05 14:07:09", "Ymd_His") == "20260305_140709"
    assert call("FORMAT_DATE", MOMENT) == "2026-03-05"
    assert call("FORMAT_TIME", MOMENT) == "14:07:09"


def test_texts_by_pattern():
    assert call("FORMAT", "Ana", "!") == "ANA"
    assert call("FORMAT", "Ana", ">") == "ANA"
    assert call("FORMAT", "Ana", "<") == "ana"
    assert call("FORMAT", "Ana", "@") == "Ana"
    assert call("FORMAT", "Ana", "#,##0") == "Ana"
    assert call("FORMAT", "Ana", "Dr. @, MD") == "Dr. Ana, MD"
    assert call("FORMAT", "Ana", ">Dr. @") == "Dr. ANA"
    assert call("FORMAT", "Ana", "&@ <@>") == "ana <ana>"
    assert call("FORMAT", 5, "No. @") == "No. 5"
    assert call("FORMAT", date(2026, 3, 5), "@") == "2026-03-05"
    assert call("FORMAT", True, "!") == "TRUE"


def test_a_pattern_cannot_multiply_a_long_text():
    with pytest.raises(BasicError):
        call("FORMAT", "x" * 100_000, "@" * 900)


def test_without_a_pattern_a_value_prints_as_it_is_and_null_is_empty():
    assert call("FORMAT", 2.0) == "2"
    assert call("FORMAT", None, "#,##0") == ""
    assert call("FORMAT", Record(a=1), "JSON") == '{"a":1}'
    assert call("FORMAT", [1, None], "json") == "[1,null]"
    assert call("FORMAT", None, "JSON") == ""
    assert call("FORMAT", None) == ""
    assert call("FORMAT", 5, "") == "5"
    assert call("FORMAT", [1], "#,##0") == "[1]"


@pytest.mark.parametrize("pattern", ["0." + "0" * 900, "#" * 5000, "0" * 100_000, "M" * 2000])
def test_a_hostile_pattern_is_refused_or_short(pattern):
    for value in (1.5, MOMENT):
        try:
            assert len(call("FORMAT", value, pattern)) < 12_000
        except BasicError:
            continue


@given(st.floats(-1e15, 1e15), st.integers(0, 6))
def test_grouped_digits_read_back_as_the_rounded_number(number, decimals):
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")

    text = call("FORMAT", number, pattern)

    assert abs(float(text.replace(",", "")) - number) <= 0.5 * 10**-decimals * 1.000001 + abs(number) * 1e-12
    assert len(text.partition(".")[2]) == decimals


@given(
    st.text(max_size=30),
    st.one_of(st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.just(MOMENT)),
)
def test_any_pattern_gives_a_text(pattern, value):
    assert isinstance(call("FORMAT", value, pattern, run=Run()), str)
