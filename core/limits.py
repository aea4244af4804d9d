"""Limits that one process keeps in memory: per address, and how many it serves at once.

The limit on a session's messages is not here: it is decided in the commit, exactly, whatever the node.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection
from ipaddress import IPv6Address, ip_address

import msgspec

from core.ratelimit import charge

RECENT = 60.0  # s; a session counts as concurrent for so long after a message
ADDRESSES = 20_000  # counters kept


class ServerLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Limits of the server; ``0`` in a bot's config.csv means these.

    :param session_max_concurrent: sessions with an open socket or a message within the last minute.
    :param session_create_rate_limit: new sessions a minute and address (IPv6: /64).
    :param auth_failures: refused tokens and identities a minute and address.
    """

    session_max_concurrent: int = 1000
    session_create_rate_limit: int = 120
    auth_failures: int = 20


def network_of(remote: str) -> str:
    """What counts as one address: an IPv4 address, or an IPv6 /64."""
    try:
        address = ip_address(remote.partition("%")[0])
    except ValueError:
        return remote
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Address(int(address) >> 64 << 64))
    return str(address)


class PerAddress:
    """A sliding window of a minute for each address; the least recently seen are forgotten."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._counters: OrderedDict[str, tuple[float, int, int]] = OrderedDict()

    def charge(self, remote: str, limit: int) -> float:
        """Count one; 0.0 if it was within *limit* (0: none), else the seconds until the next is allowed."""
        if limit == 0:
            return 0.0
        key = network_of(remote)
        rate = charge(*self._counters.get(key, (0.0, 0, 0)), limit=limit, now=self._clock())
        self._counters[key] = (rate.start, rate.count, rate.previous)
        self._counters.move_to_end(key)
        if len(self._counters) > ADDRESSES:
            self._counters.popitem(last=False)
        return rate.retry_after


class Presence:
    """The sessions that this process serves at the moment."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, float] = OrderedDict()

    def seen(self, session_id: str) -> None:
        self._seen[session_id] = self._clock()
        self._seen.move_to_end(session_id)
        if len(self._seen) & 1023 == 0:
            self._forget()

    def count(self, connected: Collection[str] = ()) -> int:
        """Sessions seen within the last minute, and those in *connected*."""
        self._forget()
        return len(self._seen) + sum(1 for session_id in connected if session_id not in self._seen)

    def _forget(self) -> None:
        horizon = self._clock() - RECENT
        while self._seen:
            session_id, at = next(iter(self._seen.items()))
            if at > horizon:
                return
            del self._seen[session_id]


class OncePerMinute:
    """Whether something was not yet done for a key in the last minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._done: OrderedDict[str, float] = OrderedDict()

    def due(self, key: str) -> bool:
        return self._clock() - self._done.get(key, -RECENT) >= RECENT

    def done(self, key: str) -> None:
        self._done[key] = self._clock()
        self._done.move_to_end(key)
        if len(self._done) > ADDRESSES:
            self._done.popitem(last=False)
