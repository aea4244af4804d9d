"""The rows of PostgreSQL: times and bytes as they are; a text cannot hold U+0000. See core.rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from core.rows import Codec, json_text


def _same_time(moment: datetime) -> datetime:
    return moment


def words(text: str) -> str:
    return text.replace("\0", "\ufffd") if "\0" in text else text


def jsonb_text(value: Mapping[str, Any]) -> str:
    r"""JSON for a ``jsonb`` column, which refuses ``\u0000``."""
    return json_text(value).replace("\\u0000", "\\ufffd")


_bytes: Callable[[bytes], bytes] = bytes

codec = Codec(time=_same_time, moment=_same_time, blob=_bytes, words=words)
