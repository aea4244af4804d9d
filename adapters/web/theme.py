"""A bot's colours as CSS variables, always legible: text on it is black or white, whichever contrasts more.

Source: WCAG 2.2, "relative luminance" and "contrast ratio".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

ACCENT = "#0f766e"
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def css(bot: Mapping[str, Any]) -> str:
    """The stylesheet of a bot: its colour, then whatever its theme.css says."""
    color = str(bot.get("color") or "")
    accent = color if _HEX.fullmatch(color) else ACCENT
    return f":root{{--brand:{accent};--on-brand:{text_on(accent)}}}\n{bot.get('css') or ''}"


def text_on(color: str) -> str:
    """Black or white, whichever is easier to read on *color* (``#rgb`` or ``#rrggbb``)."""
    light = luminance(color)
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else "#000000"


def luminance(color: str) -> float:
    digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
    red, green, blue = (_linear(int(digits[i : i + 2], 16) / 255) for i in (0, 2, 4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
