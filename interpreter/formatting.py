"""FORMAT: numbers, dates and texts by a pattern. Patterns are read by this grammar only, never by Python's.

Dates: ``YYYY YY MMMM MMM MM M dddd ddd DD D HH H hh h mm m ss s fff tt AM/PM``, longest first; ``HH`` counts to 23,
``hh`` to 12. The rest is literal, and so is what stands in quotes.
Numbers: ``#,##0.00``, ``0%``, a leading ``+``, literal text around; ``n``, ``N2[pt]``, ``C2[en]``, ``currency``.
Texts: ``@`` stands for the text (``Dr. @``); in front, ``!`` and ``>`` mean upper, ``&`` and ``<`` lower case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError

from interpreter.errors import BasicError

LONGEST_PATTERN = 1000  # characters
MOST_DECIMALS = 30
# A token of one letter stands alone, so that the "de" of "DD de MMMM" and the "h" of "HHhmm" stay.
DATE_TOKEN = re.compile(
    r"YYYY|yyyy|YY|yy|MMMM|MMM|MM|dddd|ddd|DD|dd|HH|hh|mm|ss|fff|ff|tt|AM/PM|am/pm"
    r"|(?<![^\W\d_])[DdMmHhsf](?=tt|[\W\d_]|$)"
    r"|\"[^\"]*\"|'[^']*'"
)
PHP_TOKEN = re.compile(r"[YymdHisMDlFjnGgAa]")
PHP_STYLE = re.compile(r"(?<!Y)Y(?!Y)")
PHP = {
    "Y": "YYYY", "y": "YY", "m": "MM", "d": "DD", "H": "HH", "i": "mm", "s": "ss", "M": "MMM", "D": "ddd",
    "l": "dddd", "F": "MMMM", "j": "D", "n": "M", "G": "H", "g": "h", "A": "AM/PM", "a": "am/pm",
}  # fmt: skip
NUMBER_PART = re.compile(r"[#0](?:[#0,.]*[#0])?|[.][#0]+")
NAMED = re.compile(r"([nNfFcC])(\d{0,2})(?:\[([A-Za-z_-]{2,10})\])?")
CURRENCY = {"en": "$", "pt": "R$ ", "de": "€", "fr": "€", "es": "€", "it": "€"}
WIDE = Context(prec=400)  # a float has up to 309 digits before the point


def pattern_too_long() -> BasicError:
    return BasicError(f"A pattern has at most {LONGEST_PATTERN} characters", code="E_FORMAT")


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """Babel's locale for a language tag (``pt-BR``, ``en_GB``); English if it knows none."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        try:
            return Locale.parse(language[:2])
        except (UnknownLocaleError, ValueError, TypeError):
            return Locale("en")


# --- dates --------------------------------------------------------------------------------------------------


def is_date_pattern(pattern: str) -> bool:
    """Whether a pattern given for a text or number asks for a date."""
    if PHP_STYLE.search(pattern):
        return True
    return any(token in pattern for token in ("YY", "yy", "MM", "DD", "dd", "HH", "hh", "mm", "ss"))


def format_date(value: date, pattern: str, language: str = "en") -> str:
    """A date by a pattern; month and day names in ``language``. A date without a time is its midnight.

    :raises BasicError: the pattern is too long.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise pattern_too_long()
    moment = value if isinstance(value, datetime) else datetime(value.year, value.month, value.day)
    if PHP_STYLE.search(pattern):  # Ymd_His, as PHP writes it
        return PHP_TOKEN.sub(lambda match: date_token(PHP[match.group()], moment, language), pattern)
    return DATE_TOKEN.sub(lambda match: date_token(match.group(), moment, language), pattern)


def date_token(token: str, moment: datetime, language: str) -> str:
    """One token of a date pattern."""
    if token.startswith(("'", '"')):
        return token[1:-1]
    name = NAMED_TOKENS.get(token)
    if name is not None:
        return name(moment, language)
    part, width = NUMBER_TOKENS[token]
    return f"{part(moment):0{width}}"


NUMBER_TOKENS: dict[str, tuple[Callable[[datetime], int], int]] = {}
for _tokens, _part in (
    ("YYYY yyyy", lambda moment: moment.year),
    ("YY yy", lambda moment: moment.year % 100),
    ("MM M", lambda moment: moment.month),
    ("DD dd D d", lambda moment: moment.day),
    ("HH H", lambda moment: moment.hour),
    ("hh h", lambda moment: moment.hour % 12 or 12),
    ("mm m", lambda moment: moment.minute),
    ("ss s", lambda moment: moment.second),
    ("fff", lambda moment: moment.microsecond // 1000),
    ("ff", lambda moment: moment.microsecond // 10_000),
    ("f", lambda moment: moment.microsecond // 100_000),
):
    for _token in _tokens.split():
        NUMBER_TOKENS[_token] = (_part, len(_token))


def short(names: Mapping[str, Mapping[int, str]], number: int) -> str:
    """The abbreviated name, without the point that some languages put behind it."""
    return str(names["abbreviated"][number]).rstrip(".")


NAMED_TOKENS: dict[str, Callable[[datetime, str], str]] = {
    "MMMM": lambda moment, language: locale_of(language).months["format"]["wide"][moment.month],
    "MMM": lambda moment, language: (
        locale_of(language).months["format"]["abbreviated"][moment.month].rstrip(".")
    ),
    "dddd": lambda moment, language: locale_of(language).days["format"]["wide"][moment.weekday()],
    "ddd": lambda moment, language: short(locale_of(language).days["format"], moment.weekday()),
    "tt": lambda moment, _: "AM" if moment.hour < 12 else "PM",
    "AM/PM": lambda moment, _: "AM" if moment.hour < 12 else "PM",
    "am/pm": lambda moment, _: "am" if moment.hour < 12 else "pm",
}


# --- numbers ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class NumberPattern:
    """A number pattern, read: ``R$ #,##0.0#`` has a prefix, groups, and one or two decimals."""

    prefix: str
    suffix: str
    signed: bool
    percent: bool
    groups: bool
    width: int  # digits before the point at least
    least: int  # decimals at least
    most: int


@lru_cache(maxsize=256)
def number_pattern(pattern: str) -> NumberPattern | None:
    """The pattern, read; None if it has no place for digits."""
    match = NUMBER_PART.search(pattern)
    if match is None:
        return None
    prefix, suffix = pattern[: match.start()], pattern[match.end() :]
    whole, _, fraction = match.group().partition(".")
    fraction = fraction.replace(",", "").replace(".", "")[:MOST_DECIMALS]
    digits = whole.replace(",", "")
    signed = prefix.startswith("+")
    return NumberPattern(
        prefix=prefix[1:] if signed else prefix,
        suffix=suffix,
        signed=signed,
        percent="%" in prefix or "%" in suffix,
        groups="," in whole,
        width=len(digits) - digits.find("0") if "0" in digits else 0,
        least=fraction.count("0"),
        most=len(fraction),
    )


def is_number_pattern(pattern: str) -> bool:
    return number_pattern(pattern) is not None or named_number(pattern) is not None


@lru_cache(maxsize=256)
def named_number(pattern: str) -> tuple[str, int, str] | None:
    """``N2[pt]`` as (kind, decimals, language); ``n``, ``F`` and ``currency`` have two decimals."""
    pattern = pattern.strip()
    if pattern.casefold() == "currency":
        return "c", 2, ""
    match = NAMED.fullmatch(pattern)
    if match is None:
        return None
    kind, decimals, language = match.groups()
    return kind.casefold(), min(int(decimals or 2), MOST_DECIMALS), (language or "").casefold()


def format_number(value: float, pattern: str, language: str = "en") -> str:
    """A number by a pattern, rounded half away from zero.

    Separators are those written in the pattern (``,`` groups, ``.`` decimals); a named pattern with a
    language (``N2[pt]``) uses that language's.

    :raises BasicError: the pattern is too long.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise pattern_too_long()
    exact = Decimal(repr(value))
    named = named_number(pattern)
    if named is not None:
        return format_named(exact, *named, language=language)
    wanted = number_pattern(pattern)
    if wanted is None:
        return pattern
    if wanted.percent:
        exact *= 100
    whole, fraction, is_zero = rounded_digits(exact, wanted.most)
    while len(fraction) > wanted.least and fraction.endswith("0"):
        fraction = fraction[:-1]
    whole = whole.zfill(wanted.width)
    body = grouped(whole, ",") if wanted.groups else whole
    sign = "-" if exact < 0 and not is_zero else "+" if wanted.signed else ""
    return f"{sign}{wanted.prefix}{body}{'.' if fraction else ''}{fraction}{wanted.suffix}"


def rounded_digits(exact: Decimal, decimals: int) -> tuple[str, str, bool]:
    """The digits before and behind the point, without a sign, and whether all of them are zero."""
    rounded = abs(exact).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, context=WIDE)
    whole, _, fraction = f"{rounded:f}".partition(".")
    return whole, fraction, not rounded


def grouped(digits: str, separator: str) -> str:
    """``1234567`` with a separator between groups of three."""
    first = len(digits) % 3 or 3
    groups = [digits[:first], *(digits[index : index + 3] for index in range(first, len(digits), 3))]
    return separator.join(groups)


def format_named(exact: Decimal, kind: str, decimals: int, written: str, *, language: str) -> str:
    """``n``/``f`` a plain number, ``N2[pt]`` with the language's separators, ``C2[pt]`` its currency."""
    whole, fraction, is_zero = rounded_digits(exact, decimals)
    sign = "-" if exact < 0 and not is_zero else ""
    if kind != "c" and not written:
        return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"
    code = written or language.casefold()
    symbols = locale_of(code).number_symbols["latn"]
    decimal, group = symbols["decimal"], symbols["group"]
    text = grouped(whole, group) + (f"{decimal}{fraction}" if fraction else "")
    if kind != "c":
        return sign + text
    return f"{sign}{CURRENCY.get(code[:2], '$')}{text}"


# --- texts --------------------------------------------------------------------------------------------------


def is_text_pattern(pattern: str) -> bool:
    """Whether a pattern is for a text whatever the value: marks of case, with or without ``@``."""
    return pattern != "" and ("@" in pattern or not pattern.strip("!><&"))


def format_text(text: str, pattern: str) -> str:
    """A text by a text pattern: marks of case, then ``@`` for the text with other characters around it."""
    frame = pattern.lstrip("!><&")
    marks = pattern[: len(pattern) - len(frame)]
    if "!" in marks or ">" in marks:
        text = text.upper()
    elif marks:
        text = text.lower()
    return frame.replace("@", text) if frame else text
