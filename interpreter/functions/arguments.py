"""Arguments that several functions read alike."""

from __future__ import annotations

from interpreter.dates import parse_iso, unit_name
from interpreter.errors import BasicError
from interpreter.hearing.dates import read_date
from interpreter.values import Date, Runtime, Value, equal, get_member, to_text, with_article
from interpreter.values.types import DateTime

LONGEST_DATE = 200  # characters that a date is looked for in


def as_date(runtime: Runtime, value: Value) -> Date | None:
    """``value`` as a date: itself, an ISO text, or a text as people write dates; None if it is none."""
    if isinstance(value, Date):
        return value
    if value.__class__ is not str or len(value) > LONGEST_DATE:
        return None
    iso = parse_iso(value, runtime.now.tzinfo)
    return iso if iso is not None else read_date(value, runtime.settings, runtime.now)


def need_date(runtime: Runtime, value: Value) -> Date:
    """As ``as_date``.

    :raises BasicError: it is no date.
    """
    runtime.spend(2)
    found = as_date(runtime, value)
    if found is None:
        shown = f"“{value[:40]}”" if isinstance(value, str) else with_article(value)
        raise BasicError(f"{shown} is not a date", code="E_DATE")
    return found


def need_datetime(runtime: Runtime, value: Value) -> DateTime:
    """A date as a moment; without a time, its midnight in the bot's zone."""
    found = need_date(runtime, value)
    if isinstance(found, DateTime):
        return found
    return DateTime(found.year, found.month, found.day, tzinfo=runtime.now.tzinfo)


def as_unit(value: Value) -> str | None:
    """A calendar unit's canonical name (``days``), or None."""
    return unit_name(value) if value.__class__ is str else None


def column(runtime: Runtime, rows: list[Value], field: Value) -> list[Value]:
    """One member of every row."""
    runtime.spend(1 + (len(rows) >> 2))
    name = to_text(field)
    return [get_member(row, name) for row in rows]


def position_of(runtime: Runtime, array: list[Value], item: Value) -> int:
    """The first index of an item that equals, or -1."""
    runtime.spend(1 + (len(array) >> 1))
    return next((index for index, each in enumerate(array) if equal(each, item, runtime)), -1)
