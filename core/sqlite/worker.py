"""Threads that own a connection. Work goes in by the batch; its results come back with one call."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable, Sequence
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from core.batching import Done

Item = TypeVar("Item")
Value = TypeVar("Value")


class Worker(Generic[Item]):
    """One thread.

    :param handle: a batch's results, an exception standing for an item that failed. Never raises.
    :param after: called when the results are on their way.
    """

    def __init__(
        self,
        name: str,
        handle: Callable[[Sequence[Item]], Sequence[Any]],
        after: Callable[[], None] | None = None,
    ) -> None:
        self._handle = handle
        self._after = after
        self._queue: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._loop = asyncio.get_running_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def send(self, batch: Sequence[Item], done: Done[Any]) -> None:
        self._queue.put(lambda: self._work(batch, done))

    async def call(self, function: Callable[[], Value]) -> Value:
        """Run *function* in the thread."""
        future: asyncio.Future[Value] = self._loop.create_future()

        def work() -> None:
            try:
                value = function()
            except BaseException as error:
                self._tell(_fail, future, error)
            else:
                self._tell(_succeed, future, value)

        self._queue.put(work)
        return await future

    async def stop(self) -> None:
        self._queue.put(None)
        await asyncio.to_thread(self._thread.join)

    def _run(self) -> None:
        while (work := self._queue.get()) is not None:
            work()

    def _work(self, batch: Sequence[Item], done: Done[Any]) -> None:
        try:
            results = self._handle(batch)
        except BaseException as error:  # a thread that dies would leave every caller waiting
            results = [error] * len(batch)
        self._tell(done, results)
        if self._after is not None:
            self._after()

    def _tell(self, function: Callable[..., None], *arguments: Any) -> None:
        with contextlib.suppress(RuntimeError):  # the event loop is closed: nobody waits any more
            self._loop.call_soon_threadsafe(function, *arguments)


def _succeed(future: asyncio.Future[Any], value: Any) -> None:
    if not future.done():
        future.set_result(value)


def _fail(future: asyncio.Future[Any], error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
