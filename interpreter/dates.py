"""Dates: ISO texts, zones and calendar arithmetic. Writing a date by a pattern is ``formatting``'s work.

A date without a time is ``datetime.date``; one with a time is an aware ``datetime.datetime``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Protocol

from interpreter.errors import BasicError

ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?\s?(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII | re.IGNORECASE,
)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
UNITS = {
    "year": "years", "yyyy": "years", "y": "years", "ano": "years",
    "quarter": "quarters", "q": "quarters", "qq": "quarters",
    "month": "months", "m": "months", "mm": "months", "mes": "months", "mês": "months",
    "week": "weeks", "w": "weeks", "ww": "weeks", "wk": "weeks", "semana": "weeks",
    "day": "days", "d": "days", "dd": "days", "dia": "days",
    "hour": "hours", "h": "hours", "hh": "hours", "hr": "hours", "hora": "hours",
    "minute": "minutes", "n": "minutes", "min": "minutes", "mi": "minutes", "minuto": "minutes",
    "second": "seconds", "s": "seconds", "ss": "seconds", "sec": "seconds", "segundo": "seconds",
    "millisecond": "milliseconds", "ms": "milliseconds",
}  # fmt: skip


class Clock(Protocol):
    @property
    def now(self) -> datetime: ...


def out_of_range() -> BasicError:
    return BasicError("The date lies outside the years 1 to 9999", code="E_DATE")


def parse_iso(text: str, zone: tzinfo | None) -> date | datetime | None:
    """The date of an ISO 8601 text (``2024-05-01``, ``2024-05-01 14:30:00``, ``…T14:30:00Z``), else None.

    :param zone: the zone of a time that names none, and of every result; None: UTC.
    """
    if not 10 <= len(text) <= 40 or "-" not in text[4:12]:
        return None
    match = ISO.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        if hour is None:
            return date(int(year), int(month), int(day))
        micros = int(f"{fraction or '0':0<6}"[:6])
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micros)
        if offset is None:
            return moment.replace(tzinfo=zone or UTC)
        return _at_offset(moment, offset).astimezone(zone or UTC)
    except (ValueError, OverflowError):
        return None


def _at_offset(moment: datetime, offset: str) -> datetime:
    if offset in "Zz":
        return moment.replace(tzinfo=UTC)
    digits = offset[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 14 or minutes > 59:
        raise ValueError(offset)
    shift_by = timedelta(hours=hours, minutes=minutes)
    return (moment + shift_by if offset[0] == "-" else moment - shift_by).replace(tzinfo=UTC)


def instant(value: date | datetime, zone: tzinfo | None = None) -> datetime:
    """The moment in UTC; a date without a time is its midnight in ``zone``."""
    if not isinstance(value, datetime):
        value = datetime.combine(value, time(), tzinfo=zone or UTC)
    if value.tzinfo is None:
        value = value.replace(tzinfo=zone or UTC)
    try:
        return value.astimezone(UTC)
    except OverflowError:
        return value.replace(tzinfo=UTC)


def at_midnight(value: date, zone: tzinfo | None) -> datetime:
    return datetime.combine(value, time(), tzinfo=zone or UTC)


def shift(clock: Clock, value: date | datetime, by: timedelta) -> date | datetime:
    """``value`` moved by a length of time. A date stays one when moved by whole days."""
    try:
        if isinstance(value, datetime):
            return (value.astimezone(UTC) + by).astimezone(value.tzinfo)
        if by.seconds == 0 and by.microseconds == 0:
            return value + by
        return shift(clock, at_midnight(value, clock.now.tzinfo), by)
    except OverflowError:
        raise out_of_range() from None


def unit_name(unit: str) -> str | None:
    """The canonical plural of a unit word (``day``, ``Days``, ``d`` -> ``days``), or None."""
    word = unit.strip().casefold()
    if word in UNITS:
        return UNITS[word]
    return UNITS.get(word[:-1]) if word.endswith("s") else None


def move(clock: Clock, value: date | datetime, count: float, unit: str) -> date | datetime:
    """``value`` moved by calendar units: a day keeps the time of day, a month its day where it has one.

    :param unit: a canonical unit name.
    :raises BasicError: outside the years 1 to 9999.
    """
    if abs(count) > 1e12:
        raise out_of_range()
    if unit in ("years", "quarters", "months"):
        return add_months(value, int(count * {"years": 12, "quarters": 3, "months": 1}[unit]))
    try:
        if unit in ("weeks", "days") and float(count).is_integer():
            days = timedelta(days=count * (7 if unit == "weeks" else 1))
            return _settled(value + days)
        return shift(clock, value, timedelta(**{unit: count}))
    except OverflowError:
        raise out_of_range() from None


def _settled(value: date | datetime) -> date | datetime:
    """A wall time that a change of clocks skips becomes the one that follows."""
    if isinstance(value, datetime) and value.tzinfo is not None:
        return value.astimezone(UTC).astimezone(value.tzinfo)
    return value


def add_months(value: date | datetime, months: int) -> date | datetime:
    """The same day so many months away, or the last day of a month that is shorter."""
    index = value.year * 12 + value.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9999:
        raise out_of_range()
    day = min(value.day, monthrange(year, month + 1)[1])
    return _settled(value.replace(year=year, month=month + 1, day=day))


def difference(earlier: date | datetime, later: date | datetime, unit: str, zone: tzinfo | None) -> int:
    """Whole units from one date to the other, towards zero; days and longer by the calendar."""
    if unit in ("days", "weeks"):
        days = (_day(later, zone) - _day(earlier, zone)).days
        return days if unit == "days" else int(days / 7)
    if unit in ("months", "quarters", "years"):
        return int(_months_between(earlier, later, zone) / {"months": 1, "quarters": 3, "years": 12}[unit])
    micros = (instant(later, zone) - instant(earlier, zone)) // timedelta(microseconds=1)
    size = {"hours": 3_600_000_000, "minutes": 60_000_000, "seconds": 1_000_000, "milliseconds": 1000}[unit]
    whole = abs(micros) // size
    return whole if micros >= 0 else -whole


def _day(value: date | datetime, zone: tzinfo | None) -> date:
    if isinstance(value, datetime):
        return (value.astimezone(zone) if zone else value).date()
    return value


def _months_between(earlier: date | datetime, later: date | datetime, zone: tzinfo | None) -> int:
    """Completed months: 31 January to 28 February is none, to 1 March one."""
    first, second = _day(earlier, zone), _day(later, zone)
    sign = 1
    if second < first:
        first, second, sign = second, first, -1
    months = (second.year - first.year) * 12 + second.month - first.month
    if second.day < first.day:
        months -= 1
    return sign * months


def weekday(value: date) -> int:
    """1 for Sunday to 7 for Saturday."""
    return value.isoweekday() % 7 + 1


def timestamp(value: date | datetime, zone: tzinfo | None = None) -> int:
    """Whole seconds since 1970 UTC."""
    return (instant(value, zone) - EPOCH) // timedelta(seconds=1)
