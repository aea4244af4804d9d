"""Functions on dates and times. "Now" is the step's clock in the bot's zone."""

from __future__ import annotations

import re
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
    """The date and time now, in the bot's time zone."""
    runtime.spend(1)
    return runtime.now


@function("TODAY", result="date")
def today(runtime: Runtime) -> Date:
    """Today's date."""
    runtime.spend(1)
    return runtime.now.date()


@function("NOW_UTC", result="date")
def now_utc(runtime: Runtime) -> DateTime:
    """The date and time now, in UTC."""
    runtime.spend(1)
    return runtime.now.astimezone(UTC)


@function("NOW_STR", result="string")
def now_text(runtime: Runtime) -> str:
    """The date and time now as text: YYYY-MM-DD HH:MM:SS."""
    runtime.spend(1)
    return to_text(runtime.now)


@function("TODAY_STR", result="string")
def today_text(runtime: Runtime) -> str:
    """Today's date as text: YYYY-MM-DD."""
    runtime.spend(1)
    return runtime.now.date().isoformat()


@function("TIME_STR", result="string")
def time_text(runtime: Runtime) -> str:
    """The time now as text: HH:MM:SS."""
    runtime.spend(1)
    return f"{runtime.now:%H:%M:%S}"


@function("TIME", result="string")
def clock(runtime: Runtime, date: Value = None) -> str:
    """The time of a date, or of now, as text: HH:MM:SS."""
    moment = runtime.now if date is None else need_datetime(runtime, date)
    return f"{moment:%H:%M:%S}"


@function("DATE", result="date")
def date_of(runtime: Runtime, year: Value = None, month: Value = None, day: Value = None) -> Date:
    """Today's date, the date part of a date, or the date of a year, month and day."""
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


@function("DATEVALUE", "TO_DATE", result="any")
def date_value(runtime: Runtime, text: Value) -> Value:
    """The date that a text names, as people write dates; null if it names none."""
    runtime.spend(10)
    return as_date(runtime, text)


@function("TIMEVALUE", result="string")
def time_value(runtime: Runtime, text: Value) -> Value:
    """The time of day that a text names, as HH:MM:SS; null if it names none."""
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
    """Seconds since 1970 (UTC) of a date, or of now."""
    moment = runtime.now if date is None else need_datetime(runtime, date)
    return timestamp(moment)


@function("TIMESTAMP_MS", result="integer")
def timestamp_ms(runtime: Runtime, date: Value = None) -> int:
    """Milliseconds since 1970 (UTC) of a date, or of now."""
    moment = runtime.now if date is None else need_datetime(runtime, date)
    return (instant(moment) - instant(Date(1970, 1, 1))) // Duration(milliseconds=1)


def part_of(runtime: Runtime, date: Value, part: str) -> int:
    """One number of a date; 0 where there is no date."""
    runtime.spend(2)
    found = runtime.now if date is None else as_date(runtime, date)
    if found is None:
        return 0
    return weekday(found) if part == "weekday" else int(getattr(found, part, 0))


@function("YEAR", result="integer")
def year(runtime: Runtime, date: Value) -> int:
    """The year of a date; 0 if it is none."""
    return part_of(runtime, date, "year") if date is not None else 0


@function("MONTH", result="integer")
def month(runtime: Runtime, date: Value) -> int:
    """The month of a date, 1 to 12; 0 if it is none."""
    return part_of(runtime, date, "month") if date is not None else 0


@function("DAY", result="integer")
def day(runtime: Runtime, date: Value) -> int:
    """The day of a date's month; 0 if it is none."""
    return part_of(runtime, date, "day") if date is not None else 0


@function("HOUR", result="integer")
def hour(runtime: Runtime, date: Value) -> int:
    """The hour of a date, 0 to 23; 0 if it is none."""
    return part_of(runtime, date, "hour") if date is not None else 0


@function("MINUTE", result="integer")
def minute(runtime: Runtime, date: Value) -> int:
    """The minute of a date; 0 if it is none."""
    return part_of(runtime, date, "minute") if date is not None else 0


@function("SECOND", result="integer")
def second(runtime: Runtime, date: Value) -> int:
    """The second of a date; 0 if it is none."""
    return part_of(runtime, date, "second") if date is not None else 0


@function("WEEKDAY", result="integer")
def day_of_week(runtime: Runtime, date: Value) -> int:
    """The day of the week of a date, 1 for Sunday to 7 for Saturday; 0 if it is none."""
    return part_of(runtime, date, "weekday") if date is not None else 0


@function("EOMONTH", result="date")
def end_of_month(runtime: Runtime, date: Value, months: Value = 0) -> Date:
    """The last day of a date's month, or of one so many months away."""
    found = need_date(runtime, date)
    first = Date(found.year, found.month, 1)
    following = add_months(first, whole(months, "The number of months") + 1)
    return following - Duration(days=1)


@function("DATEADD", "DATE_ADD", result="date")
def date_add(runtime: Runtime, first: Value, second: Value, third: Value = "days") -> Date:
    """A date moved by so many units: (date, 3, "days"), (date, "days", 3) or ("days", 3, date)."""
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
    """Whole units between dates: (from, to, unit) or (unit, from, to); with two, days: (to, from)."""
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


def declare_unit(unit: str) -> None:
    """``ADD_DAYS(d, n)``, ``DAYS_BETWEEN(from, to)`` and the length of time ``DAYS(n)`` for one unit."""

    def added(runtime: Runtime, date: Value, count: Value) -> Date:
        return move(runtime, need_date(runtime, date), to_number(count), unit)

    def between(runtime: Runtime, start: Value, end: Value) -> int:
        zone = runtime.now.tzinfo
        return difference(need_date(runtime, start), need_date(runtime, end), unit, zone)

    added.__doc__ = f"A date moved by so many {unit}."
    between.__doc__ = f"Whole {unit} from one date to another."
    function(f"ADD_{unit.upper()}", f"ADD{unit.upper()}", result="date")(added)
    function(f"{unit.upper()}_BETWEEN", result="integer")(between)


def declare_duration(unit: str) -> None:
    def duration(runtime: Runtime, count: Value) -> Duration:
        runtime.spend(1)
        try:
            return Duration(**{unit: to_number(count)})
        except OverflowError:
            raise BasicError("The duration is too long", code="E_OVERFLOW") from None

    duration.__doc__ = f"A length of time of so many {unit}, to add to a date or subtract from one."
    function(unit.upper(), result="duration")(duration)


for _unit in ("years", "months", "weeks", "days", "hours", "minutes", "seconds"):
    declare_unit(_unit)
for _unit in ("weeks", "days", "hours", "minutes", "seconds"):
    declare_duration(_unit)


@function("FORMAT_DATE", "FORMATDATE", result="string")
def date_text(runtime: Runtime, date: Value, pattern: Value = "YYYY-MM-DD") -> str:
    """A date as text, by a pattern (YYYY-MM-DD unless given); an empty text for null."""
    if date is None or date == "":
        return ""
    text = format_date(need_date(runtime, date), to_text(pattern), runtime.settings.language)
    check_string(runtime, len(text))
    return text


@function("FORMAT_TIME", "FORMATTIME", result="string")
def time_of(runtime: Runtime, date: Value, pattern: Value = "HH:mm:ss") -> str:
    """The time of a date as text, by a pattern (HH:mm:ss unless given)."""
    return date_text(runtime, date, pattern)
