"""What a bot's language and time zone say about how its people write."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from babel.core import get_global

from interpreter.effects import Settings
from interpreter.formatting import locale_of

LIKELY_REGION = {"en": "US", "pt": "BR", "es": "ES", "fr": "FR", "de": "DE", "it": "IT", "nl": "NL"}
MONTH_FIRST = frozenset({"US", "PH", "FM", "MH", "PW"})
YEAR_FIRST = frozenset({"CN", "JP", "KR", "TW", "HU", "LT", "MN"})


def language_of(settings: Settings) -> str:
    """The language's two or three letters, lower case."""
    return settings.language.replace("_", "-").split("-")[0].casefold() or "en"


def region_of(settings: Settings) -> str:
    """The region of the language tag, else of the time zone, else the one that the language suggests."""
    return _region(settings.language, settings.timezone)


@lru_cache(maxsize=256)
def _region(language: str, timezone: str) -> str:
    parts = language.replace("_", "-").split("-")
    for part in parts[1:]:
        if len(part) == 2 and part.isalpha():
            return part.upper()
    territory = get_global("zone_territories").get(timezone, "")
    if len(territory) == 2 and territory.isalpha():
        return str(territory)
    return LIKELY_REGION.get(parts[0].casefold(), "US")


def month_first(settings: Settings) -> bool:
    """Whether 3/4 is March 4th rather than 3 April."""
    return language_of(settings) == "en" and region_of(settings) in MONTH_FIRST


def decimal_mark(settings: Settings) -> str:
    """``.`` or ``,``."""
    symbols = locale_of(settings.language).number_symbols
    mark = symbols.get("latn", {}).get("decimal", ".")
    return mark if mark in (".", ",") else "."


def fold(text: str) -> str:
    """``text`` for comparison: no case, no accents, no full-width forms, single spaces."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(char for char in decomposed if not unicodedata.combining(char)).split())


def plain_words(text: str) -> str:
    """Folded, with punctuation at its ends and between words gone: ``“Yes, please!”`` -> ``yes please``."""
    spaced = "".join(char if char.isalnum() or char in "'&+#%/-" else " " for char in fold(text))
    return " ".join(spaced.split()).strip("'-/ ")
