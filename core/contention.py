"""Memory cells that several sessions write at once, such as a counter of a bot.

Who reads a cell and writes it commits only if the cell is still what was read. After one miss, the steps
of this process that write it queue behind one another, so that each reads what the one before has written.
"""

from __future__ import annotations

import time

from core.records import MemoryKey, StepCommit
from core.sessions import SessionQueue

CONTENDED_FOR = 60.0  # s after a miss
MOST = 1000  # cells


class Contention:
    """The contended cells of this process and the queues of their writers."""

    def __init__(self) -> None:
        self._until: dict[MemoryKey, float] = {}
        self._queue = SessionQueue()

    def note(self, commit: StepCommit) -> None:
        """*commit* missed: the cells that it read and writes may be contended."""
        if len(self._until) > MOST:
            self._until.clear()
        for write in commit.memory:
            if write.expected is not None:
                self._until[write.key] = time.monotonic() + CONTENDED_FOR

    async def queue_up(self, commit: StepCommit, held: list[str]) -> bool:
        """Wait for the contended cells that *commit* writes and note them in *held*.

        :returns: whether there was one; then the step must read afresh and run again.
        """
        if not self._until or not commit.memory:
            return False
        at = time.monotonic()
        names = sorted(name_of(write.key) for write in commit.memory if self._until.get(write.key, 0.0) > at)
        for name in names:  # in one order everywhere, so that no two steps wait for each other
            await self._queue.enter(name)
            held.append(name)
        return bool(names)

    def leave(self, held: list[str]) -> None:
        for name in held:
            self._queue.leave(name)


def name_of(key: MemoryKey) -> str:
    return "\0".join((key.bot, key.scope, key.key))
