"""Group commit: what leaves together, what waits, and what a failure costs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from core.batching import Batcher, Done


class Backend:
    """Takes batches and answers them when the test says so."""

    def __init__(self) -> None:
        self.batches: list[list[Any]] = []
        self._done: list[Done[Any]] = []

    def send(self, batch: Sequence[Any], done: Done[Any]) -> None:
        self.batches.append(list(batch))
        self._done.append(done)

    def answer(self, results: Sequence[Any] | None = None) -> None:
        batch = self.batches[len(self.batches) - len(self._done)]
        self._done.pop(0)([f"did {item}" for item in batch] if results is None else results)


@pytest.fixture
def backend() -> Backend:
    return Backend()


async def turn() -> None:
    await asyncio.sleep(0)


async def test_what_arrives_together_leaves_together(backend: Backend) -> None:
    batcher: Batcher[str, str] = Batcher(backend.send)
    first, second = batcher.submit("a"), batcher.submit("b")
    await turn()
    assert backend.batches == [["a", "b"]]
    backend.answer()
    assert (await first, await second) == ("did a", "did b")


async def test_one_batch_is_in_flight_and_the_next_takes_everything(backend: Backend) -> None:
    batcher: Batcher[str, str] = Batcher(backend.send)
    batcher.submit("a")
    await turn()
    waiting = [batcher.submit(item) for item in "bcd"]
    await turn()
    assert backend.batches == [["a"]]
    backend.answer()
    assert backend.batches == [["a"], ["b", "c", "d"]]
    backend.answer()
    assert [await each for each in waiting] == ["did b", "did c", "did d"]


async def test_a_batch_has_a_largest_size(backend: Backend) -> None:
    batcher: Batcher[int, str] = Batcher(backend.send, largest=3)
    for number in range(7):
        batcher.submit(number)
    await turn()
    backend.answer()
    backend.answer()
    assert backend.batches == [[0, 1, 2], [3, 4, 5], [6]]


async def test_items_with_a_key_in_common_keep_their_order_in_batches_of_their_own(backend: Backend) -> None:
    batcher: Batcher[str, str] = Batcher(backend.send, keys=lambda item: item[0])
    for item in ("a1", "b1", "a2", "c1", "a3", "b2"):
        batcher.submit(item)
    await turn()
    backend.answer()
    backend.answer()
    assert backend.batches == [["a1", "b1", "c1"], ["a2", "b2"], ["a3"]]


async def test_a_key_of_an_item_that_stays_behind_is_taken_too(backend: Backend) -> None:
    """Else ``y`` alone would overtake ``xy``."""
    batcher: Batcher[str, str] = Batcher(backend.send, keys=list)
    for item in ("x", "xy", "y"):
        batcher.submit(item)
    await turn()
    backend.answer()
    backend.answer()
    assert backend.batches == [["x"], ["xy"], ["y"]]


async def test_a_failure_reaches_only_its_item(backend: Backend) -> None:
    batcher: Batcher[str, str] = Batcher(backend.send)
    good, bad = batcher.submit("good"), batcher.submit("bad")
    await turn()
    backend.answer(["fine", ValueError("no")])
    assert await good == "fine"
    with pytest.raises(ValueError, match="no"):
        await bad


async def test_what_is_cancelled_before_it_leaves_is_not_done(backend: Backend) -> None:
    batcher: Batcher[str, str] = Batcher(backend.send)
    batcher.submit("a")
    await turn()
    gone, stays = batcher.submit("b"), batcher.submit("c")
    gone.cancel()
    backend.answer()
    assert backend.batches == [["a"], ["c"]]
    stays.cancel()
    backend.answer()
    assert len(batcher) == 0


async def test_drained_returns_when_nothing_is_left(backend: Backend) -> None:
    batcher: Batcher[str, str] = Batcher(backend.send)
    await batcher.drained()
    batcher.submit("a")
    waiting = asyncio.create_task(batcher.drained())
    await turn()
    batcher.submit("b")
    backend.answer()
    await turn()
    assert not waiting.done()
    backend.answer()
    await waiting
