"""Logging: every ``logging`` call, written by structlog. Pretty on a terminal, JSON otherwise.

Event names are constants, values are fields. Secrets are taken out twice: by the name of the field, and by
the look of a value wherever it stands. No value can start a line of its own in JSON.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from functools import lru_cache, partial
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import Processor

from core.errors import ConfigError

_SECRET_FIELD = re.compile(
    r"(^|_|-)(token|secret|password|passwd|pass|authorization|cookie|key|apikey|signature|ticket|sid)$", re.I
)
_PRIVATE_FIELDS = frozenset({"text", "body", "content", "message_text", "payload", "answer"})
# None may try again at every character of a long word: a person's text reaches the log with PRINT, and an
# unbounded pattern would hold the event loop for minutes. Hence the bounds, and words that begin only once.
_PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"(?i)\b(bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}"), r"\1 [redacted]"),
    (re.compile(r"\b[A-Za-z0-9_-]{64}\b"), "[token]"),
    (re.compile(r"(?<![\w-])eyJ[A-Za-z0-9_-]++\.[A-Za-z0-9_-]++\.[A-Za-z0-9_-]*+"), "[jwt]"),
    (re.compile(r"\b(AC|SK)[0-9a-f]{28}([0-9a-f]{4})\b"), r"\1…\2"),
    (re.compile(r"([a-z][a-z0-9+.-]{0,31}://[^/\s:@]*+):[^/\s@]++@", re.I), r"\1:[redacted]@"),
    (re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]++(\.[\w-]++)+"), "[mail]"),
    (re.compile(r"\+\d{4,12}(\d{4})\b"), r"+…\1"),
)
_REMEMBERED = 256  # characters of a text that is worth keeping redacted: names and other words that come back
_VALUE = re.compile("“.*”", re.DOTALL)
SCRIPT_ERROR = "script error"  # the event of core.driver
_OWN_LOGGERS = ("trunkline", "gateway", "core", "adapters", "interpreter")
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\x80-\x9f\u2028\u2029\ud800-\udfff]")


def configure(*, dev: bool = False, stream: TextIO | None = None, level: str = "", worker: int = 0) -> None:
    """Send all logging, structlog's and the standard library's, to *stream* (standard error).

    :param dev: show DEBUG of our own loggers, and the values that scripts could not work with.
    :param level: of everything, by name; "" for INFO (WARNING of libraries).
    :param worker: the number of this process, which its lines are to carry; 0: they carry none.
    """
    stream = sys.stderr if stream is None else stream
    own = logging.getLevelName(level.upper()) if level else logging.DEBUG if dev else logging.INFO
    if not isinstance(own, int):
        raise ConfigError(
            f"TRUNKLINE_LOG: {level!r} is not a level", hint="one of debug, info, warning, error"
        )
    common: list[Processor] = [
        *([partial(_number, worker)] if worker else []),
        structlog.processors.add_log_level,
        structlog.processors.format_exc_info,
        *([] if dev else [hide_values]),
        redact,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    _configure_structlog(stream, own, common)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, structlog.stdlib.ExtraAdder(), *common],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(stream)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(own if level else logging.WARNING)
    for name in _OWN_LOGGERS:
        logging.getLogger(name).setLevel(own)
    logging.captureWarnings(True)


def _configure_structlog(stream: TextIO, level: int, common: list[Processor]) -> None:
    """The core's lines, one a turn, do not pass through ``logging``, which costs several times as much."""
    structlog.configure(
        processors=[*common, _renderer(stream)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.WriteLoggerFactory(stream),  # one write a line; print makes two
        cache_logger_on_first_use=True,
    )


def _number(
    worker: int, logger: Any, method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    event["worker"] = worker
    return event


def _renderer(stream: TextIO) -> Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer(serializer=_as_json)


def _as_json(event: Any, **_: Any) -> str:
    return orjson.dumps(event, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def redact(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: take secrets and people's words out of every field."""
    for name, value in event.items():
        kind = type(value)
        if kind is str:
            event[name] = "[redacted]" if _is_private(name) else redact_text(value)
        elif kind is not float and kind is not int:
            event[name] = _redacted(name, value)
    return event


def hide_values(logger: Any, method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor: a script's error shows the statement, not the value that a person may have typed.

    The language's own messages put values between “ and ”; those of THROW and ASSERT are the script's.
    """
    if event.get("event") == SCRIPT_ERROR:
        message = event["error"]
        hidden = "…" if event["code"] in ("E_THROWN", "E_ASSERT") else _VALUE.sub("“…”", message)
        event["error"], event["report"] = hidden, event["report"].replace(message, hidden, 1)
    return event


def redact_text(text: str) -> str:
    """*text* without what looks like a secret, an address or a telephone number, and controls."""
    return _remembered(text) if len(text) <= _REMEMBERED else _cleaned(text)


@lru_cache(4096)  # the same few words come back in every line
def _remembered(text: str) -> str:
    return _cleaned(text)


def _cleaned(text: str) -> str:
    for pattern, replacement in _PATTERNS:
        text = pattern.sub(replacement, text)
    return _CONTROL.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


@lru_cache(1024)
def _is_private(name: str) -> bool:
    return name in _PRIVATE_FIELDS or _SECRET_FIELD.search(name) is not None


def _redacted(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value
    if _is_private(name):
        return "[redacted]"
    if isinstance(value, Mapping):
        return {key: _redacted(str(key), item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted("", item) for item in value]
    return redact_text(value if isinstance(value, str) else str(value))
