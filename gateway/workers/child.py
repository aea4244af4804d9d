"""A worker as its supervisor sees it: a process, and what it has told."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
import sys
from pathlib import Path
from typing import Any

import orjson

from core.errors import ConfigError, TrunklineError
from gateway.workers.orders import Orders


class Child:
    """:ivar ready: its bots and channels in words, once it serves; None before."""

    def __init__(self, orders: Orders, process: asyncio.subprocess.Process) -> None:
        self.number = orders.number
        self.operator: Path = orders.operator
        self.ready: str | None = None
        self._process = process

    @classmethod
    async def start(cls, orders: Orders) -> Child:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "gateway.workers.process"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            pass_fds=(orders.listener,),
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        assert process.stdin is not None
        process.stdin.write(pickle.dumps(orders))  # and is left open: its end tells that we are gone
        return cls(orders, process)

    async def come_up(self) -> bool:
        """Wait until it serves; False if it has ended before.

        :raises TrunklineError: what it said of the reason.
        """
        assert self._process.stdout is not None
        line = await self._process.stdout.readline()
        answer: dict[str, Any] = orjson.loads(line) if line else {}
        if "failed" in answer:
            await self.ended()
            raise _error(**answer["failed"])
        self.ready = answer.get("ready")
        return self.ready is not None

    async def ended(self) -> int:
        """Wait for its end. :returns: the exit code, or minus the signal."""
        return await self._process.wait()

    def signal(self, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)


def _error(message: str, hint: str, exit_code: int) -> TrunklineError:
    kind = ConfigError if exit_code == ConfigError.exit_code else TrunklineError
    return kind(message, hint=hint)
