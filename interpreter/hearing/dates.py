"""DATE and HOUR: our own patterns first; a date library only for a full date in words that they do not know.

``3/4`` is read by the bot's region (month first in the United States, day first elsewhere); the other order
is taken where the first is no date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from functools import lru_cache

from interpreter.dates import add_months
from interpreter.effects import Settings
from interpreter.errors import BasicError
from interpreter.formatting import locale_of
from interpreter.hearing.locale import fold, language_of, month_first
from interpreter.hearing.numbers import NUMBER_WORDS
from interpreter.hearing.types import Asked, Unacceptable

LONGEST = 60  # characters of a date or time as people write it
YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?:[t ][\d:.,+z\-]*)?", re.ASCII)
NUMERIC = re.compile(r"(\d{1,2})([-/.])(\d{1,2})(?:\2(\d{4}|\d{2}))?", re.ASCII)
DAY_MONTH = re.compile(
    r"(?:the )?(\d{1,2})(?:st|nd|rd|th|o|a|er|\.)?(?: de| of|-)? ?"
    r"([^\W\d_]+)\.?(?:(?: de| of|,|-)? ?(\d{4}))?"
)
MONTH_DAY = re.compile(r"([^\W\d_]+)\.? (?:the )?(\d{1,2})(?:st|nd|rd|th)?(?:,? (\d{4}))?")
UNITS = r"(days?|dias?|weeks?|semanas?|months?|mes|meses|years?|anos?)"
IN_DAYS = re.compile(rf"(?:in|em|daqui a|dentro de) (\d{{1,4}}|[a-z]+) {UNITS}")
AGO = re.compile(rf"(?:(?:ha|faz) )?(\d{{1,4}}|[a-z]+) {UNITS} (?:ago|atras)")
BEFORE_WEEKDAY = "on|na|no|this|next|coming|esta|este|nesta|neste|proxima|proximo"
NEXT_WEEKDAY = re.compile(rf"(?:(?:{BEFORE_WEEKDAY}) )?([a-z\-]+)(?: que vem| proxima)?")
RELATIVE = {
    "today": 0, "hoje": 0, "tomorrow": 1, "amanha": 1, "yesterday": -1, "ontem": -1,
    "day after tomorrow": 2, "the day after tomorrow": 2, "depois de amanha": 2,
    "day before yesterday": -2, "the day before yesterday": -2, "anteontem": -2,
    "hoy": 0, "manana": 1, "ayer": -1, "pasado manana": 2, "aujourd'hui": 0, "demain": 1, "hier": -1,
    "heute": 0, "morgen": 1, "gestern": -1, "ubermorgen": 2, "oggi": 0, "domani": 1, "ieri": -1,
}  # fmt: skip
PORTUGUESE_SHORT_DAYS = {"segunda": 0, "terca": 1, "quarta": 2, "quinta": 3, "sexta": 4}
A_UNIT = {"a": 1, "an": 1, "um": 1, "uma": 1}
CLOCK = re.compile(
    r"(?:at |as |a |around |by |um |gegen |vers |(?:a )?las? )?(\d{1,2})(?:\s?(?::|h|\.)\s?(\d{2}))?(?::(\d{2}))?"
    r"\s?(h|hs|hrs|horas?|heures?|uhr|min)?"
    r"\s?(a\.? ?m\.?|p\.? ?m\.?|o'?clock|(?:da|de la) (?:manha|manana|tarde|noite|noche)"
    r"|in the morning|in the afternoon|in the evening)?"
)
NAMED_HOURS = {"noon": "12:00", "midday": "12:00", "meio-dia": "12:00", "meio dia": "12:00",
               "midnight": "00:00", "meia-noite": "00:00", "meia noite": "00:00", "midi": "12:00", "minuit": "00:00",
               "mittag": "12:00", "mitternacht": "00:00", "mediodia": "12:00", "medianoche": "00:00"}  # fmt: skip
MORNING = ("da manha", "de la manana", "in the morning")
NIGHT = ("da noite", "de la noche")


def example(asked: Asked) -> str:
    """A date as the bot's people write it, for the error text."""
    return "12/31/2026" if month_first(asked.settings) else "31/12/2026"


def day(asked: Asked) -> str:
    """A day, as ``YYYY-MM-DD``."""
    found = read_date(asked.text, asked.settings, asked.now)
    if found is None:
        raise Unacceptable
    return found.isoformat()


def read_date(text: str, settings: Settings, now: datetime) -> date | None:
    """The day that ``text`` names, or None. A time after an ISO date is ignored.

    :param now: what today and weekdays are counted from.
    """
    written = fold(text).strip(" .!,")
    if not 3 <= len(written) <= LONGEST:
        return None
    for reader in (_by_number, _by_word, _by_month_name, _by_distance, _by_weekday):
        try:
            found = reader(written, settings, now)
        except (ValueError, OverflowError, BasicError):
            continue
        if found is not None:
            return found
    return _by_library(text, settings)


def _by_number(written: str, settings: Settings, now: datetime) -> date | None:
    match = YEAR_FIRST.fullmatch(written)
    if match:
        return date(int(match[1]), int(match[3]), int(match[4]))
    match = NUMERIC.fullmatch(written)
    if match is None:
        return None
    first, second = int(match[1]), int(match[3])
    if match[4] is None and match[2] != "/":  # 3.5 and 3-5 are no dates
        return None
    american = month_first(settings) and match[2] != "."
    orders = ((first, second), (second, first)) if american else ((second, first), (first, second))
    for month, of_month in orders:
        if month <= 12:
            return _of_year(match[4], month, of_month, now)
    return None


def _of_year(year: str | None, month: int, of_month: int, now: datetime) -> date:
    """A day of the year given, of the century that is near for two digits, else the next such day."""
    if year is None:
        return _next_occurrence(month, of_month, now)
    number = int(year)
    if len(year) == 2:
        number += now.year // 100 * 100
        if number > now.year + 20:
            number -= 100
    return date(number, month, of_month)


def _next_occurrence(month: int, of_month: int, now: datetime) -> date:
    for year in range(now.year, now.year + 9):  # 29 February may be eight years away
        try:
            found = date(year, month, of_month)
        except ValueError:
            continue
        if found >= now.date():
            return found
    raise ValueError(of_month)


def _by_word(written: str, settings: Settings, now: datetime) -> date | None:
    days = RELATIVE.get(written)
    return None if days is None else now.date() + timedelta(days=days)


def _by_month_name(written: str, settings: Settings, now: datetime) -> date | None:
    for pattern, name_at, day_at in ((DAY_MONTH, 2, 1), (MONTH_DAY, 1, 2)):
        match = pattern.fullmatch(written)
        if match is None:
            continue
        for language in dict.fromkeys((language_of(settings), "en", "pt")):
            month = _months(language).get(match[name_at])
            if month is not None:
                return _of_year(match[3], month, int(match[day_at]), now)
    return None


@lru_cache(maxsize=32)
def _months(language: str) -> dict[str, int]:
    """Month names and abbreviations of a language, folded."""
    names: dict[str, int] = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale_of(language).months[context][width].items():
                names[fold(name).rstrip(".")] = number
    if language == "en":
        names["sept"] = 9
    return names


@lru_cache(maxsize=32)
def _weekdays(language: str) -> dict[str, int]:
    """Weekday names and abbreviations of a language, folded; 0 is Monday."""
    names: dict[str, int] = dict(PORTUGUESE_SHORT_DAYS) if language == "pt" else {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for number, name in locale_of(language).days[context][width].items():
                names[fold(name).rstrip(".")] = number
    return names


def _by_distance(written: str, settings: Settings, now: datetime) -> date | None:
    match, sign = IN_DAYS.fullmatch(written), 1
    if match is None:
        match, sign = AGO.fullmatch(written), -1
    if match is None:
        return None
    count = _count(match[1])
    if count is None:
        return None
    unit = match[2]
    if unit.startswith(("mes", "month")):
        return add_months(now.date(), sign * count)
    if unit.startswith(("ano", "year")):
        return add_months(now.date(), sign * count * 12)
    return now.date() + timedelta(days=sign * count * (7 if unit.startswith(("week", "semana")) else 1))


def _count(word: str) -> int | None:
    if word.isdigit():
        return int(word)
    return A_UNIT.get(word) or NUMBER_WORDS["en"].get(word) or NUMBER_WORDS["pt"].get(word)


def _by_weekday(written: str, settings: Settings, now: datetime) -> date | None:
    match = NEXT_WEEKDAY.fullmatch(written)
    if match is None:
        return None
    for language in dict.fromkeys((language_of(settings), "en")):
        number = _weekdays(language).get(match[1])
        if number is not None:
            return now.date() + timedelta(days=(number - now.weekday() - 1) % 7 + 1)
    return None


def _by_library(text: str, settings: Settings) -> date | None:
    """A full date in the words of the bot's language, by dateparser.

    It is asked only for texts with a word, a four-digit year and no clock: it reads ``may`` as a date, and
    adds hours that were meant as a time. The language is always named: without, it tries all, for seconds.
    """
    if ":" in text or not re.search(r"[^\W\d_]{3}", text) or not re.search(r"\b\d{4}\b", text):
        return None
    parse = _library(language_of(settings))
    found = parse(text) if parse else None
    return found.date() if found else None


@lru_cache(maxsize=32)
def _library(language: str) -> Callable[[str], datetime | None] | None:
    from dateparser.date import DateDataParser  # type: ignore[import-untyped]  # noqa: PLC0415 - slow, rare

    try:
        parser = DateDataParser(
            languages=[language],
            settings={"REQUIRE_PARTS": ["day", "month", "year"], "STRICT_PARSING": True},
        )
    except ValueError:
        return None

    def parse(text: str) -> datetime | None:
        found: datetime | None = parser.get_date_data(text).date_obj
        return found

    return parse


def hour(asked: Asked) -> str:
    """A time of day, as ``HH:MM``: ``14:30``, ``2:30 pm``, ``14h30``, ``às 9h``, ``noon``."""
    written = fold(asked.text).strip(" .!,")
    if not written or len(written) > LONGEST:
        raise Unacceptable
    if written in NAMED_HOURS:
        return NAMED_HOURS[written]
    match = CLOCK.fullmatch(written)
    if match is None:
        raise Unacceptable
    hours, minutes, seconds, unit, half = match.groups()
    marked = minutes is not None or unit or half or re.search(r"\dh", written)
    if not marked or unit == "min":
        raise Unacceptable
    number = int(hours)
    if half and not half.startswith("o"):
        number = _by_half(number, half)
    if number > 23 or int(minutes or 0) > 59 or int(seconds or 0) > 59:
        raise Unacceptable
    return f"{number:02}:{int(minutes or 0):02}"


def _by_half(number: int, half: str) -> int:
    """The hour of 24 for one of 12."""
    spoken = half.startswith(("da ", "de la ", "in "))
    if spoken and number > 12:
        return number
    if not 1 <= number <= 12:
        raise Unacceptable
    if half in NIGHT and number == 12:
        return 0
    return number % 12 + (0 if half in MORNING or half.startswith("a") else 12)
