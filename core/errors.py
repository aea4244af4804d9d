"""The error tree outside the language. A subclass says what the catcher does next.

TrunklineError              message, hint, exit_code
├── ConfigError             the operator must change a file or variable; exit 78
├── Refused                 an input is turned away: HTTP status and an ``E_…`` code; nothing changed
├── StoreUnavailable        the store cannot answer now; retry later (HTTP 503)
└── StoreCorrupt            the store must be repaired before anything is written
"""

from __future__ import annotations

# What the code of a plugin may raise. SystemExit is among it: left alone, it would end the server's event loop.
PLUGIN_ERRORS = (Exception, SystemExit)


class TrunklineError(Exception):
    """Base of our own errors.

    :param hint: what to do about it, one sentence; "" if the message says it.
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(TrunklineError):
    """The operator must change a file or a variable before the gateway can start."""

    exit_code = 78  # sysexits.h EX_CONFIG


class Refused(TrunklineError):
    """An input that is turned away. Raised by ``verify``, ``parse`` and the engine; the gateway answers it.

    :param status: HTTP status (4xx, or 503 for capacity).
    :param code: a stable ``E_…`` word.
    :param field: the offending field, or "".
    :param retry_after: seconds, 0 for none.
    """

    def __init__(
        self, status: int, code: str, message: str, *, field: str = "", retry_after: float = 0, hint: str = ""
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.code = code
        self.field = field
        self.retry_after = retry_after


class StoreUnavailable(TrunklineError):
    """The store cannot answer now. What was asked may or may not have happened."""


class StoreCorrupt(TrunklineError):
    """The store's files are damaged; the message names the restore command."""

    exit_code = 1
