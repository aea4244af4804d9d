"""Functions on dates and times."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from interpreter.effects import Settings
from interpreter.errors import BasicError
from interpreter.values import add, subtract, to_text
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
