"""What an error of the database means: the statement's own fault, a lost race, or a connection to be given up."""

from __future__ import annotations

import asyncpg

from core.errors import StoreUnavailable

# Source: PostgreSQL manual, appendix "PostgreSQL Error Codes".
# cardinality violation, data exception, integrity constraint violation, program limit exceeded
_OWN_FAULT = ("21", "22", "23", "54")
_LOST_RACE = ("40001", "40P01", "55P03")  # serialization failure, deadlock, lock not available
_SETTINGS = ("28", "3D")  # invalid authorization, invalid catalog name
_FAILURES = (
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,
    TimeoutError,
    EOFError,
)


def _state(error: BaseException) -> str:
    return getattr(error, "sqlstate", None) or ""


def is_own_fault(error: BaseException) -> bool:
    """The statement was refused for what it says, by the server or, unsent, by the client."""
    if isinstance(error, asyncpg.InterfaceError):
        return isinstance(error, ValueError)
    return isinstance(error, asyncpg.PostgresError) and _state(error)[:2] in _OWN_FAULT


def is_lost_race(error: BaseException) -> bool:
    """The transaction was rolled back for the sake of another one: once more is the remedy."""
    return isinstance(error, asyncpg.PostgresError) and _state(error) in _LOST_RACE


def is_wrong_setting(error: BaseException) -> bool:
    return isinstance(error, asyncpg.PostgresError) and _state(error)[:2] in _SETTINGS


def is_failure(error: BaseException) -> bool:
    """An error of the database or of the way to it; anything else is a fault of the program."""
    return isinstance(error, _FAILURES)


def unavailable(name: str, error: BaseException) -> StoreUnavailable:
    what = str(error) or type(error).__name__
    return StoreUnavailable(f"{name}: {what}", hint="look at the database server, and at the way to it")
