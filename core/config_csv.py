"""config.csv: one ``key,value`` a line, keys written loosely (``Session Timeout`` is ``session-timeout``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from core.errors import ConfigError

HEADERS = frozenset({"name", "key"})
SEPARATORS = re.compile(r"[\s_]+")

TRUE = frozenset({"true", "yes", "on", "1", "enabled"})
FALSE = frozenset({"false", "no", "off", "0", "disabled"})


def normalise_key(label: str) -> str:
    """``Session Timeout``, ``session_timeout`` and ``session-timeout`` are one key."""
    return SEPARATORS.sub("-", label.strip().lower())


def read_pairs(text: str, path: str) -> tuple[dict[str, tuple[str, int]], list[str]]:
    """Every key with its value and line, and a warning for each that is given twice (the last one counts).

    :raises ConfigError: a line holds a NUL character or no comma.
    """
    pairs: dict[str, tuple[str, int]] = {}
    warnings: list[str] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        stripped = line.strip()
        if "\0" in line:
            raise ConfigError(
                f"{path}:{number}: the line holds a NUL character", hint="save the file as UTF-8 text"
            )
        if not stripped or stripped[0] in "#,":
            continue
        label, comma, value = stripped.partition(",")
        key = normalise_key(unquote(label))
        value = unquote(value)
        if not pairs and key in HEADERS and value.strip().lower() == "value":
            continue
        if not comma:
            warnings.append(f"{path}:{number}: {key!r} has no value (write key,value); ignored")
            continue
        if key in pairs:
            warnings.append(
                f"{path}:{number}: {key!r} was already given in line {pairs[key][1]}; the last one counts"
            )
        pairs[key] = (value, number)
    return pairs, warnings


def unquote(cell: str) -> str:
    cell = cell.strip()
    if len(cell) > 1 and cell[0] == cell[-1] == '"':
        return cell[1:-1].replace('""', '"')
    return cell


# --- values: each reader raises ValueError with the allowed range ------------------------------------------


def number(low: float, high: float, *, unit: str = "") -> Callable[[str], float]:
    """A reader of numbers from *low* to *high*."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not low <= value <= high:
            raise ValueError(f"must be a number from {low:.10g} to {high:.10g}{unit and ' ' + unit}")
        return value

    return read


def whole(low: int, high: int, *, unit: str = "") -> Callable[[str], int]:
    """A reader of whole numbers from *low* to *high*."""

    def read(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,18}", text) or not low <= int(text) <= high:
            raise ValueError(f"must be a whole number from {low} to {high}{unit and ' ' + unit}")
        return int(text)

    return read


def boolean(text: str) -> bool:
    word = text.lower()
    if word not in TRUE and word not in FALSE:
        raise ValueError("must be true or false")
    return word in TRUE


def one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in words:
            raise ValueError(f"must be one of: {', '.join(words)}")
        return text.lower()

    return read


def listing(text: str) -> tuple[str, ...]:
    """A list written with ``;``; empty text is the empty list."""
    return tuple(item.strip() for item in text.split(";") if item.strip())


def timezone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError("must be an IANA time zone such as Europe/Madrid") from None
    return text


def typed(text: str) -> Any:
    """A ``param-*`` value: whole number, number, true/false, else text."""
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if re.fullmatch(r"[+-]?[0-9]{1,18}", text):
        return int(text)
    if re.fullmatch(r"[+-]?[0-9]*\.[0-9]+", text):
        return float(text)
    return text


def with_overrides(
    pairs: Mapping[str, tuple[str, int]], overrides: Mapping[str, str]
) -> dict[str, tuple[str, int]]:
    """*overrides* (from the environment) win over the file; their line is 0."""
    return {**pairs, **{normalise_key(key): (value, 0) for key, value in overrides.items()}}
