"""Functions on dates and times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from interpreter.effects import Settings
from interpreter.errors import BasicError
from interpreter.values import add, get_member, subtract, to_text
from tests.interpreter.library_kit import NOW, SAO_PAULO, Run, call


def test_now_is_the_steps_clock_in_the_bots_zone():
    local = NOW.astimezone(SAO_PAULO)
    run = Run(now=local)

    assert call("NOW", run=run) is local
    assert to_text(call("NOW", run=run)) == "2026-03-11 12:04:05"
    assert call("TODAY", run=run) == date(2026, 3, 11)
    assert call("TIME", run=run) == "12:04:05"
    assert to_text(call("NOW_UTC", run=run)) == "2026-03-11 15:04:05"
    assert call("UNIX_TIMESTAMP", run=run) == 1773241445


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (("2026-01-31", 1, "month"), "2026-02-28"),
        (("2026-01-31", "month", 1), "2026-02-28"),
        (("month", 1, "2026-01-31"), "2026-02-28"),
        (("2026-03-01", 2, "days"), "2026-03-03"),
        (("2024-02-29", 1, "years"), "2025-02-28"),
        (("2026-03-01", -1, "week"), "2026-02-22"),
        (("2026-03-01 23:30:00", 45, "minutes"), "2026-03-02 00:15:00"),
        (("2026-03-01", 3), "2026-03-04"),
        (("01/02/2026", 1, "d"), "2026-01-03"),
    ],
)
def test_dateadd_takes_its_arguments_in_every_order_that_scripts_use(arguments, result):
    assert to_text(call("DATEADD", *arguments)) == result


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (("2026-03-01", "2026-03-11", "day"), 10),
        (("day", "2026-03-01", "2026-03-11"), 10),
        (("2026-03-11", "2026-03-01"), 10),
        (("2026-01-31", "2026-02-28", "months"), 0),
        (("2026-01-31", "2026-03-01", "months"), 1),
        (("2000-03-12", "2026-03-11", "years"), 25),
        (("2026-03-11 10:00:00", "2026-03-11 12:59:00", "hours"), 2),
        (("minute", "2026-03-11 15:00:00", NOW), 4),
        (("2026-03-11", "2026-03-01", "day"), -10),
    ],
)
def test_datediff_reads_the_earlier_date_first_but_with_two_arguments(arguments, result):
    assert call("DATEDIFF", *arguments) == result


def test_a_day_added_across_a_change_of_clocks_keeps_the_time_of_day():
    run = Run(now=datetime(2026, 3, 28, 12, tzinfo=ZoneInfo("Europe/Berlin")))

    assert to_text(call("DATEADD", run.now, 1, "day", run=run)) == "2026-03-29 12:00:00"
    assert to_text(call("DATEADD", run.now, 24, "hours", run=run)) == "2026-03-29 13:00:00"


def test_lengths_of_time_move_dates():
    assert subtract(Run(), NOW, call("DAYS", 7)) == NOW - timedelta(days=7)
    assert add(Run(), date(2026, 3, 1), call("HOURS", 6)) == datetime(2026, 3, 1, 6, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "value", "result"),
    [
        ("YEAR", "2026-03-11", 2026),
        ("MONTH", NOW, 3),
        ("DAY", "11/03/2026 nonsense", 0),
        ("WEEKDAY", "2026-03-11", 4),
        ("HOUR", "2026-03-11 15:04:05", 15),
        ("SECOND", NOW, 5),
        ("YEAR", None, 0),
        ("TIMEVALUE", "2:30 pm", "14:30:00"),
        ("TIMEVALUE", "25:00", None),
        ("DATEVALUE", "March 5, 2026", date(2026, 3, 5)),
        ("DATEVALUE", "not a date", None),
        ("EOMONTH", "2024-02-10", date(2024, 2, 29)),
        ("ISDATE", "2026-02-30", False),
        ("ISDATE", "2026-02-28", True),
    ],
)
def test_parts_and_readings_of_dates(name, value, result):
    assert call(name, value) == result


@pytest.mark.parametrize(
    "arguments", [("soon", 1, "day"), ("2026-01-01", 1, "moons"), ("2026-01-01", 10**9, "years")]
)
def test_dates_that_cannot_be_are_errors(arguments):
    with pytest.raises(BasicError):
        call("DATEADD", *arguments)


def test_names_of_months_follow_the_bots_language():
    run = Run(settings=Settings(language="pt-BR"))

    assert call("FORMAT", NOW, "DD de MMMM de YYYY", run=run) == "11 de março de 2026"


# --- changes of clocks: Berlin leaves out 02:00-03:00 on 29 March 2026 and repeats it on 25 October ----------

BERLIN = ZoneInfo("Europe/Berlin")


def in_berlin(text: str) -> Run:
    return Run(
        now=datetime.fromisoformat(text).replace(tzinfo=BERLIN), settings=Settings(timezone="Europe/Berlin")
    )


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (("2026-03-28 02:30:00", 1, "day"), "2026-03-29 03:30:00"),  # 02:30 is skipped
        (("2026-02-28 02:30:00", 29, "days"), "2026-03-29 03:30:00"),
        (("2026-02-28 02:30:00", 1, "month"), "2026-03-28 02:30:00"),
        (("2026-01-29 02:30:00", 2, "months"), "2026-03-29 03:30:00"),
        (("2026-03-29 01:30:00", 1, "hour"), "2026-03-29 03:30:00"),
        (("2026-03-29 03:30:00", -1, "hour"), "2026-03-29 01:30:00"),
        (("2026-10-24 12:00:00", 1, "day"), "2026-10-25 12:00:00"),
        (("2026-10-24 12:00:00", 24, "hours"), "2026-10-25 11:00:00"),
        (("2026-10-25 01:30:00", 90, "minutes"), "2026-10-25 02:00:00"),
        (("2026-10-25", 1, "day"), "2026-10-26"),
        (("2026-10-25", 24, "hours"), "2026-10-26"),
        (("2026-03-29", 12, "hours"), "2026-03-29 13:00:00"),
    ],
)
def test_dates_move_by_the_clock_on_the_wall_and_times_by_real_hours(arguments, result):
    assert to_text(call("DATEADD", *arguments, run=in_berlin("2026-03-01T12:00:00"))) == result


@pytest.mark.parametrize(
    ("start", "end", "unit", "result"),
    [
        ("2026-03-29 00:00:00", "2026-03-30 00:00:00", "hours", 23),
        ("2026-03-29 00:00:00", "2026-03-30 00:00:00", "days", 1),
        ("2026-10-25 00:00:00", "2026-10-26 00:00:00", "hours", 25),
        ("2026-10-25", "2026-10-26", "minutes", 25 * 60),
        ("2026-03-29 01:59:59", "2026-03-29 03:00:00", "seconds", 1),
        ("2026-03-29T00:00:00Z", "2026-03-29 02:00:00+02:00", "hours", 0),
    ],
)
def test_hours_between_are_real_hours_and_days_those_of_the_calendar(start, end, unit, result):
    run = in_berlin("2026-03-01T12:00:00")

    assert call("DATEDIFF", start, end, unit, run=run) == result


def test_today_is_the_day_in_the_bots_zone():
    late = datetime(2026, 3, 11, 1, 30, tzinfo=UTC)

    assert call("TODAY", run=Run(now=late.astimezone(SAO_PAULO))) == date(2026, 3, 10)
    assert call("TODAY", run=Run(now=late.astimezone(ZoneInfo("Asia/Tokyo")))) == date(2026, 3, 11)
    assert call("UNIX_TIMESTAMP", date(2026, 3, 10), run=Run(now=late.astimezone(SAO_PAULO))) == 1773111600


# --- orders of arguments, units, edges ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("unit", "result"),
    [
        ("year", "2027-01-31"),
        ("quarter", "2026-04-30"),
        ("month", "2026-02-28"),
        ("MONTHS", "2026-02-28"),
        ("m", "2026-02-28"),
        ("week", "2026-02-07"),
        ("d", "2026-02-01"),
        ("Day", "2026-02-01"),
        ("dias", "2026-02-01"),
        ("h", "2026-01-31 01:00:00"),
        ("n", "2026-01-31 00:01:00"),
        ("s", "2026-01-31 00:00:01"),
    ],
)
def test_units_in_every_spelling_and_place(unit, result):
    for arguments in (("2026-01-31", 1, unit), ("2026-01-31", unit, 1), (unit, 1, "2026-01-31")):
        assert to_text(call("DATEADD", *arguments)) == result


@pytest.mark.parametrize(
    ("arguments", "result"),
    [
        (("2026-01-31", "1", "day"), "2026-02-01"),
        (("2026-01-31", 1.5, "days"), "2026-02-01 12:00:00"),
        (("2026-01-31", 0, "month"), "2026-01-31"),
        (("2026-03-31", -1, "month"), "2026-02-28"),
        (("2024-02-29", 4, "years"), "2028-02-29"),
        (("2026-01-31", None, "day"), "2026-01-31"),
    ],
)
def test_dateadd_at_its_edges(arguments, result):
    assert to_text(call("DATEADD", *arguments)) == result


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("DATEADD", (None, 1, "day")),
        ("DATEADD", ("2026-01-01", "many", "day")),
        ("DATEADD", ("9999-12-31", 1, "day")),
        ("DATEADD", ("0001-01-01", -1, "second")),
        ("DATEADD", ("2026-01-01", 1, None)),
        ("DATEDIFF", ("2026-01-01", "soon")),
        ("DATEDIFF", ("2026-01-01", "2026-01-02", "moons")),
        ("EOMONTH", ("soon",)),
        ("EOMONTH", ("9999-12-31", 1)),
        ("DATE", (2026, 13, 1)),
        ("DATE", (2026, 2, 30)),
        ("DATE", ("soon",)),
        ("DAYS", ("many",)),
        ("DAYS", (10**12,)),
        ("FORMAT_DATE", ("soon", "YYYY")),
    ],
)
def test_what_dates_cannot_do(name, arguments):
    with pytest.raises(BasicError):
        call(name, *arguments)


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        ("EOMONTH", ("9999-12-31",), date(9999, 12, 31)),
        ("EOMONTH", ("2026-01-31", 1), date(2026, 2, 28)),
        ("EOMONTH", ("2026-03-31", -1), date(2026, 2, 28)),
        ("DATE", (2026, 2, 28), date(2026, 2, 28)),
        ("DATE", ("2026", "2", "8"), date(2026, 2, 8)),
        ("DATE", (NOW,), date(2026, 3, 11)),
        ("TIME", (NOW,), "15:04:05"),
        ("TIME", ("2026-03-11",), "00:00:00"),
        ("YEAR", ("",), 0),
        ("YEAR", ([],), 0),
        ("YEAR", (5,), 0),
        ("HOUR", (None,), 0),
        ("HOUR", ("2026-03-11",), 0),
        ("WEEKDAY", ("2026-03-08",), 1),
        ("WEEKDAY", ("2026-03-14",), 7),
        ("WEEKDAY", (None,), 0),
        ("TIMEVALUE", ("noon",), None),
        ("TIMEVALUE", (None,), None),
        ("TIMEVALUE", ("12:00 am",), "00:00:00"),
        ("TIMEVALUE", ("13:00 pm",), None),
        ("TIMEVALUE", (NOW,), "15:04:05"),
        ("DATEVALUE", (None,), None),
        ("DATEVALUE", ("",), None),
        ("DATEVALUE", (NOW,), NOW),
        ("FORMAT_DATE", (None,), ""),
        ("FORMAT_DATE", ("",), ""),
        ("DAYS_BETWEEN", ("2026-03-11", "2026-03-01"), -10),
        ("MONTHS_BETWEEN", ("2024-01-31", "2024-02-29"), 0),
        ("YEARS_BETWEEN", ("2024-02-29", "2025-02-28"), 0),
        ("TIMESTAMP_MS", ("1970-01-01T00:00:01.5Z",), 1500),
        ("UNIX_TIMESTAMP", ("1969-12-31T23:59:59Z",), -1),
        ("HOURS", (1.5,), timedelta(minutes=90)),
        ("DAYS", ("2",), timedelta(days=2)),
        ("DAYS", (-1,), timedelta(days=-1)),
    ],
)
def test_dates_at_their_edges(name, arguments, result):
    assert call(name, *arguments) == result


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("year", 2026), ("month", 3), ("day", 11), ("hour", 12), ("minute", 4), ("second", 5), ("weekday", 4),
        ("date", date(2026, 3, 11)), ("time", "12:04:05"), ("iso", "2026-03-11T12:04:05-03:00"),
        ("timestamp", 1773241445), ("Year", 2026), ("century", None),
    ],
)  # fmt: skip
def test_members_of_now(member, value):
    run = Run(now=NOW.astimezone(SAO_PAULO))

    assert get_member(call("NOW", run=run), member) == value
