"""Random bytes for what is drawn at every request. Tokens and keys use ``secrets`` directly."""

from __future__ import annotations

import os

POOL = 4096  # bytes of one system call, which costs as much as all that is done with them

_pool = b""
_taken = 0


def random_bytes(count: int) -> bytes:
    """*count* bytes, at most ``POOL``, of the system's generator. Only the event loop's thread asks."""
    global _pool, _taken
    start, _taken = _taken, _taken + count
    if _taken > len(_pool):
        _pool, start, _taken = os.urandom(POOL), 0, count
    return _pool[start:_taken]


def _forget() -> None:
    global _pool  # noqa: PLW0603
    _pool = b""


os.register_at_fork(after_in_child=_forget)
