"""Functions on dates and times. "Now" is the step's clock in the bot's zone."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC
from datetime import time as Time

from interpreter.dates import (
    add_months,
    difference,
    instant,
    move,
    timestamp,
    weekday,
)
from interpreter.errors import BasicError
from interpreter.formatting import format_date
from interpreter.functions.arguments import as_date, as_unit, need_date, need_datetime
from interpreter.functions.registry import function
from interpreter.values import Date, DateTime, Duration, Runtime, Value, check_string, to_number, to_text
from interpreter.values.methods import whole

TIME_TEXT = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([ap])?\.?m?\.?", re.ASCII | re.IGNORECASE)


@function("NOW", result="date")
def now(runtime: Runtime) -> DateTime:
    """The date and time now, in the bot's time zone.

    Example: NOW() -> 2026-03-04 15:06:07
    """
    runtime.spend(1)
    return runtime.now


@function("TODAY", result="date")
def today(runtime: Runtime) -> Date:
    """Today's date.

    Example: TODAY() -> 2026-03-04
    """
    runtime.spend(1)
    return runtime.now.date()


@function("NOW_UTC", result="date")
def now_utc(runtime: Runtime) -> DateTime:
    """The date and time now, in UTC.

    Example: NOW_UTC() -> 2026-03-04 15:06:07
    """
    runtime.spend(1)
    return runtime.now.astimezone(UTC)


@function("NOW_STR", result="string")
def now_text(runtime: Runtime) -> str:
    """The date and time now as text: YYYY-MM-DD HH:MM:SS.

    Example: NOW_STR() -> "2026-03-04 15:06:07"
    """
    runtime.spend(1)
    return to_text(runtime.now)


@function("TODAY_STR", result="string")
def today_text(runtime: Runtime) -> str:
    """Today's date as text: YYYY-MM-DD.

    Example: TODAY_STR() -> "2026-03-04"
    """
    runtime.spend(1)
    return runtime.now.date().isoformat()


@function("TIME_STR", result="string")
def time_text(runtime: Runtime) -> str:
    """The time now as text: HH:MM:SS.

    Example: TIME_STR() -> "15:06:07"
    """
    runtime.spend(1)
    return f"{runtime.now:%H:%M:%S}"


@function("TIME", result="string")
def clock(runtime: Runtime, date: Value = None) -> str:
    """The time of a date, or of now, as text: HH:MM:SS.

    Example: TIME("2026-05-01 14:30:00") -> "14:30:00"
    """
    moment = runtime.now if date is None else need_datetime(runtime, date)
    return f"{moment:%H:%M:%S}"


@function("DATE", "DATESERIAL", result="date")
def date_of(runtime: Runtime, year: Value = None, month: Value = None, day: Value = None) -> Date:
    """Today's date, the date part of a date, or the date of a year, month and day.

    Example: DATE(2026, 5, 1) -> 2026-05-01
    """
    if year is None:
        return runtime.now.date()
    if month is None:
        found = need_date(runtime, year)
        return found.date() if isinstance(found, DateTime) else found
    try:
        return Date(
            whole(year, "The year"), whole(month, "The month"), 1 if day is None else whole(day, "The day")
        )
    except (ValueError, OverflowError):
        raise BasicError("There is no such date", code="E_DATE") from None


@function("DATEVALUE", "TO_DATE", "CDATE", result="any")
def date_value(runtime: Runtime, text: Value) -> Value:
    """The date that a text names, as people write dates; null if it names none.

    Example: DATEVALUE("1 May 2026") -> 2026-05-01
    """
    runtime.spend(10)
    return as_date(runtime, text)


@function("TIMEVALUE", result="any")
def time_value(runtime: Runtime, text: Value) -> Value:
    """The time of day that a text names, as HH:MM:SS; null if it names none.

    Example: TIMEVALUE("2:30 pm") -> "14:30:00"
    """
    runtime.spend(2)
    moment = text if isinstance(text, DateTime) else None
    if moment is None and isinstance(text, str):
        match = TIME_TEXT.fullmatch(text.strip()[:20])
        if match:
            return _time_text(match)
        found = as_date(runtime, text)
        moment = found if isinstance(found, DateTime) else None
    return None if moment is None else f"{moment:%H:%M:%S}"


def _time_text(match: re.Match[str]) -> str | None:
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4] in "pP" else 0)
    try:
        return Time(hour, minute, second).isoformat()
    except ValueError:
        return None


@function("UNIX_TIMESTAMP", "TIMESTAMP", result="integer")
def unix_timestamp(runtime: Runtime, date: Value = None) -> int:
    """Seconds since 1970 (UTC) of a date, or of now.

    Example: UNIX_TIMESTAMP("2026-05-01") -> 1777593600
    """
    moment = runtime.now if date is None else need_datetime(runtime, date)
    return timestamp(moment)


@function("TIMESTAMP_MS", result="integer")
def timestamp_ms(runtime: Runtime, date: Value = None) -> int:
    """Milliseconds since 1970 (UTC) of a date, or of now.

    Example: TIMESTAMP_MS("2026-05-01") -> 1777593600000
    """
    moment = runtime.now if date is None else need_datetime(runtime, date)
    return (instant(moment) - instant(Date(1970, 1, 1))) // Duration(milliseconds=1)


def part_of(runtime: Runtime, date: Value, part: str) -> int:
    """One number of a date; 0 where there is no date."""
    runtime.spend(2)
    found = as_date(runtime, date)
    if found is None:
        return 0
    return weekday(found) if part == "weekday" else int(getattr(found, part, 0))


@function("YEAR", result="integer")
def year(runtime: Runtime, date: Value) -> int:
    """The year of a date; 0 if it is none.

    Example: YEAR("2026-05-01") -> 2026
    """
    return part_of(runtime, date, "year")


@function("MONTH", result="integer")
def month(runtime: Runtime, date: Value) -> int:
    """The month of a date, 1 to 12; 0 if it is none.

    Example: MONTH("2026-05-01") -> 5
    """
    return part_of(runtime, date, "month")


@function("DAY", result="integer")
def day(runtime: Runtime, date: Value) -> int:
    """The day of a date's month; 0 if it is none.

    Example: DAY("2026-05-01") -> 1
    """
    return part_of(runtime, date, "day")


@function("HOUR", result="integer")
def hour(runtime: Runtime, date: Value) -> int:
    """The hour of a date, 0 to 23; 0 if it is none.

    Example: HOUR("2026-05-01 14:30:00") -> 14
    """
    return part_of(runtime, date, "hour")


@function("MINUTE", result="integer")
def minute(runtime: Runtime, date: Value) -> int:
    """The minute of a date; 0 if it is none.

    Example: MINUTE("2026-05-01 14:30:00") -> 30
    """
    return part_of(runtime, date, "minute")


@function("SECOND", result="integer")
def second(runtime: Runtime, date: Value) -> int:
    """The second of a date; 0 if it is none.

    Example: SECOND("2026-05-01 14:30:15") -> 15
    """
    return part_of(runtime, date, "second")


@function("WEEKDAY", result="integer")
def day_of_week(runtime: Runtime, date: Value) -> int:
    """The day of the week of a date, 1 for Sunday to 7 for Saturday; 0 if it is none.

    Example: WEEKDAY("2026-05-01") -> 6
    """
    return part_of(runtime, date, "weekday")


@function("DATEPART", result="integer")
def date_part(runtime: Runtime, unit: Value, date: Value) -> int:
    """One part of a date by its name: year, month, day, hour, minute, second or weekday; 0 if it is none.

    Example: DATEPART("month", "2026-05-01") -> 5
    """
    name = (as_unit(unit) or to_text(unit).casefold()).removesuffix("s")
    if name not in ("year", "month", "day", "hour", "minute", "second", "weekday"):
        raise BasicError(f"“{to_text(unit)[:40]}” is no part of a date", code="E_ARGUMENTS")
    return part_of(runtime, date, name)


@function("MONTHNAME", "MONTH_NAME", result="string")
def month_name(runtime: Runtime, month: Value) -> str:
    """The name of a month, by its number or of a date, in the bot's language; empty if there is none.

    Example: MONTHNAME(5) -> "May"
    """
    number = month if month.__class__ is int else part_of(runtime, month, "month")
    if not 1 <= number <= 12:
        return ""
    return format_date(Date(2000, number, 1), "MMMM", runtime.settings.language)


@function("WEEKDAYNAME", "WEEKDAY_NAME", result="string")
def weekday_name(runtime: Runtime, day: Value) -> str:
    """The name of a day of the week, by its number (1 for Sunday) or of a date, in the bot's language.

    Example: WEEKDAYNAME("2026-05-01") -> "Friday"
    """
    number = day if day.__class__ is int else part_of(runtime, day, "weekday")
    if not 1 <= number <= 7:
        return ""
    return format_date(Date(2000, 1, 1 + number), "dddd", runtime.settings.language)


@function("EOMONTH", result="date")
def end_of_month(runtime: Runtime, date: Value, months: Value = 0) -> Date:
    """The last day of a date's month, or of one so many months away.

    Example: EOMONTH("2026-02-10") -> 2026-02-28
    """
    found = need_date(runtime, date)
    moved = add_months(Date(found.year, found.month, 1), whole(months, "The number of months"))
    return moved.replace(day=monthrange(moved.year, moved.month)[1])


@function("DATEADD", "DATE_ADD", result="date")
def date_add(runtime: Runtime, first: Value, second: Value, third: Value = "days") -> Date:
    """A date moved by so many units: (date, 3, "days"), (date, "days", 3) or ("days", 3, date).

    Example: DATEADD("2026-01-31", 1, "month") -> 2026-02-28
    """
    date, count, unit = first, second, third
    if as_unit(first) is not None:
        date, unit = third, first
    elif as_unit(second) is not None:
        count, unit = third, second
    name = as_unit(unit)
    if name is None:
        raise BasicError(f"“{to_text(unit)[:40]}” is not a unit of time", code="E_ARGUMENTS")
    return move(runtime, need_date(runtime, date), to_number(count), name)


@function("DATEDIFF", "DATE_DIFF", result="integer")
def date_diff(runtime: Runtime, first: Value, second: Value, third: Value = None) -> int:
    """Whole units between dates: (from, to, unit) or (unit, from, to); with two, days: (to, from).

    Example: DATEDIFF("2026-05-01", "2026-05-11", "days") -> 10
    """
    zone = runtime.now.tzinfo
    if third is None:
        return difference(need_date(runtime, second), need_date(runtime, first), "days", zone)
    unit = as_unit(first)
    earlier, later = second, third
    if unit is None:
        unit, earlier, later = as_unit(third), first, second
    if unit is None:
        raise BasicError(f"“{to_text(third)[:40]}” is not a unit of time", code="E_ARGUMENTS")
    return difference(need_date(runtime, earlier), need_date(runtime, later), unit, zone)


def declare_unit(unit: str, moved: str, apart: int) -> None:
    """``ADD_DAYS(d, n)`` and ``DAYS_BETWEEN(from, to)`` for one unit.

    :param moved: what the example of the first gives.
    :param apart: what the example of the second gives.
    """

    def added(runtime: Runtime, date: Value, count: Value) -> Date:
        return move(runtime, need_date(runtime, date), to_number(count), unit)

    def between(runtime: Runtime, start: Value, end: Value) -> int:
        zone = runtime.now.tzinfo
        return difference(need_date(runtime, start), need_date(runtime, end), unit, zone)

    word = unit.upper()
    example = f'ADD_{word}("2024-02-29", 2) -> {moved}'
    added.__doc__ = f"A date moved by so many {unit}.\n\nExample: {example}"
    example = f'{word}_BETWEEN("2024-02-29", "2026-03-31") -> {apart}'
    between.__doc__ = f"Whole {unit} from one date to another.\n\nExample: {example}"
    function(f"ADD_{word}", f"ADD{word}", result="date")(added)
    function(f"{word}_BETWEEN", result="integer")(between)


def declare_duration(unit: str, gives: str) -> None:
    """``DAYS(n)`` for one unit.

    :param gives: what its example gives.
    """

    def duration(runtime: Runtime, count: Value) -> Duration:
        runtime.spend(1)
        try:
            return Duration(**{unit: to_number(count)})
        except OverflowError:
            raise BasicError("The duration is too long", code="E_OVERFLOW") from None

    meaning = f"A length of time of so many {unit}, to add to a date or subtract from one."
    duration.__doc__ = f"{meaning}\n\nExample: {unit.upper()}(2) -> {gives}"
    function(unit.upper(), result="duration")(duration)


for _unit, _moved, _apart in (
    ("years", "2026-02-28", 2),
    ("months", "2024-04-29", 25),
    ("weeks", "2024-03-14", 108),
    ("days", "2024-03-02", 761),
    ("hours", "2024-02-29 02:00:00", 761 * 24),
    ("minutes", "2024-02-29 00:02:00", 761 * 1440),
    ("seconds", "2024-02-29 00:00:02", 761 * 86_400),
):
    declare_unit(_unit, _moved, _apart)
for _unit, _gives in (
    ("weeks", "14 days, 0:00:00"),
    ("days", "2 days, 0:00:00"),
    ("hours", "2:00:00"),
    ("minutes", "0:02:00"),
    ("seconds", "0:00:02"),
):
    declare_duration(_unit, _gives)


@function("FORMAT_DATE", "FORMATDATE", result="string")
def date_text(runtime: Runtime, date: Value, pattern: Value = "YYYY-MM-DD") -> str:
    """A date as text, by a pattern (YYYY-MM-DD unless given); an empty text for null.

    Example: FORMAT_DATE("2026-05-01", "DD/MM/YYYY") -> "01/05/2026"
    """
    if date is None or date == "":
        return ""
    text = format_date(need_date(runtime, date), to_text(pattern), runtime.settings.language)
    check_string(runtime, len(text))
    return text


@function("FORMAT_TIME", "FORMATTIME", result="string")
def time_of(runtime: Runtime, date: Value, pattern: Value = "HH:mm:ss") -> str:
    """The time of a date as text, by a pattern (HH:mm:ss unless given).

    Example: FORMAT_TIME("2026-05-01 14:30:00", "HH:mm") -> "14:30"
    """
    return date_text(runtime, date, pattern)
