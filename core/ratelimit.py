"""The sliding-window counter on the session row: two counts and the window's start."""

from __future__ import annotations

import msgspec

WINDOW = 60.0  # seconds


class Rate(msgspec.Struct, frozen=True):
    """A counter after a try.

    :param allowed: the message was counted; else the counter is as it was, moved to now.
    :param retry_after: seconds until one more would be allowed; 0 if this one was.
    """

    allowed: bool
    start: float
    count: int
    previous: int
    retry_after: float = 0.0


def charge(start: float, count: int, previous: int, *, limit: int, now: float) -> Rate:
    """Count one message if fewer than *limit* fell into the last minute.

    The minute before the window's start is taken as evenly spread. The first message starts the first window,
    so a burst meets exactly *limit*. A clock that jumps back starts a new window.
    """
    age = now - start
    if not 0 <= age < 2 * WINDOW:
        start, count, previous, age = now, 0, 0, 0.0
    elif age >= WINDOW:
        start, count, previous, age = start + WINDOW, 0, count, age - WINDOW
    if previous * (WINDOW - age) / WINDOW + count + 1 <= limit:
        return Rate(True, start, count + 1, previous)
    return Rate(False, start, count, previous, _wait(age, count, previous, limit))


def _wait(age: float, count: int, previous: int, limit: int) -> float:
    if count + 1 <= limit:  # enough of the previous minute must slide out
        return max(WINDOW - age - WINDOW * (limit - count - 1) / previous, 0.001)
    # The window must end first, and then enough of it slide out.
    return (WINDOW - age) + WINDOW - WINDOW * max(limit - 1, 0) / count
