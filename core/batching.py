"""Group commit, the same for every backend: one batch is in flight, the next takes everything that waits.

There is no timer: a batch leaves as soon as the previous one is back. Two items that have a key in common
never share a batch and keep their order.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

Done = Callable[[Sequence[Result | BaseException]], None]
"""Called once a batch, in the event loop, with a result or an exception for each item."""

Send = Callable[[Sequence[Item], Done[Result]], None]

LARGEST = 256


def _no_keys(_item: object) -> Collection[Hashable]:
    return ()


class Batcher(Generic[Item, Result]):
    """Collects items of one event loop and hands them over in batches.

    :param send: starts a batch and returns at once; it calls ``done`` later, whatever happens.
    :param keys: what an item writes, as far as two items of one batch must not write it both.
    """

    def __init__(
        self,
        send: Send[Item, Result],
        *,
        keys: Callable[[Item], Collection[Hashable]] = _no_keys,
        largest: int = LARGEST,
    ) -> None:
        self._send = send
        self._keys = keys
        self._largest = largest
        self._waiting: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        self._flying: list[asyncio.Future[Result]] = []
        self._scheduled = False
        self._rest: list[asyncio.Future[None]] = []

    def submit(self, item: Item) -> asyncio.Future[Result]:
        """The future of *item*'s result. Cancelled before its batch left, the item is not run."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._waiting.append((item, future))
        if not self._flying and not self._scheduled:
            # One turn of the loop later: what arrives together leaves together.
            self._scheduled = True
            loop.call_soon(self._leave)
        return future

    def __len__(self) -> int:
        return len(self._waiting) + len(self._flying)

    async def drained(self) -> None:
        """Return when nothing waits and nothing is in flight."""
        if len(self):
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._rest.append(future)
            await future

    def _leave(self) -> None:
        self._scheduled = False
        batch = self._take()
        if not batch:
            self._tell_rest()
            return
        self._flying = [future for _, future in batch]
        self._send([item for item, _ in batch], self._arrived)

    def _take(self) -> list[tuple[Item, asyncio.Future[Result]]]:
        """As many as fit; one whose keys are taken stays behind, and so does what follows it on them."""
        batch: list[tuple[Item, asyncio.Future[Result]]] = []
        behind: deque[tuple[Item, asyncio.Future[Result]]] = deque()
        taken: set[Hashable] = set()
        waiting = self._waiting
        while waiting and len(batch) < self._largest:
            entry = waiting.popleft()
            if entry[1].cancelled():
                continue
            keys = self._keys(entry[0])
            (batch if taken.isdisjoint(keys) else behind).append(entry)
            taken.update(keys)
        if behind:
            behind.extend(waiting)
            self._waiting = behind
        return batch

    def _arrived(self, results: Sequence[Result | BaseException]) -> None:
        flying, self._flying = self._flying, []
        for future, result in zip(flying, results, strict=True):
            if future.cancelled():
                continue
            if isinstance(result, BaseException):
                future.set_exception(result)
            else:
                future.set_result(result)
        self._leave()

    def _tell_rest(self) -> None:
        rest, self._rest = self._rest, []
        for future in rest:
            if not future.cancelled():
                future.set_result(None)
