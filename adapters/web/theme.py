"""A bot's colours as CSS variables, always legible: text on it is black or white, whichever contrasts more.

Sources: WCAG 2.2, "relative luminance" and "contrast ratio"; CSS Color 3, "extended color keywords".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import webcolors

BRAND = "#0f766e"


def css(bot: Mapping[str, Any]) -> str:
    """The stylesheet of a bot: its colours, then whatever its theme.css says.

    The first colour is behind the person's words and the send button; the second, if there is one, gives links and
    suggested answers their hue.
    """
    brand = hexadecimal(bot.get("color")) or BRAND
    second = hexadecimal(bot.get("second_color")) or brand
    variables = f"--brand:{brand};--on-brand:{text_on(brand)};--second:{second}"
    return f":root{{{variables}}}\n{bot.get('css') or ''}"


def hexadecimal(color: str | None) -> str:
    """*color* (``#rgb``, ``#rrggbb`` or a CSS name) as ``#rrggbb``; "" if it is none of them."""
    text = (color or "").strip()
    try:
        return str(webcolors.normalize_hex(text) if text.startswith("#") else webcolors.name_to_hex(text))
    except ValueError:
        return ""


def text_on(color: str) -> str:
    """Black or white, whichever is easier to read on *color* (``#rrggbb``)."""
    light = luminance(color)
    return "#ffffff" if 1.05 / (light + 0.05) >= (light + 0.05) / 0.05 else "#000000"


def luminance(color: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in webcolors.hex_to_rgb(color))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
