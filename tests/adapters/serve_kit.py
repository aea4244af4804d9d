"""`trunkline serve` in a process of its own, for tests of channels: start it, kill it, start it again."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]


class Serve:
    """A server on *folder*'s ``plugins.yaml``, ``bots`` and ``data``, on any free port.

    :param scripts: of the bot ``default``, by file name.
    :param path: further folders for PYTHONPATH.
    """

    def __init__(
        self,
        folder: Path,
        config: Mapping[str, Any],
        scripts: Mapping[str, str],
        *,
        path: tuple[Path, ...] = (),
    ) -> None:
        self.folder = folder
        self.url = ""
        self.lines: list[str] = []
        self._path = path
        self._process: asyncio.subprocess.Process | None = None
        self._log: asyncio.Task[None] | None = None
        bot = folder / "bots" / "default"
        bot.mkdir(parents=True)
        for name, text in scripts.items():
            (bot / name).write_text(text)
        (folder / "plugins.yaml").write_text(yaml.safe_dump(dict(config)))

    def environment(self, **more: str) -> dict[str, str]:
        path = os.pathsep.join(str(each) for each in (*self._path, ROOT))
        return {**os.environ, "PYTHONPATH": path, **more}

    async def start(self, fail: str = "") -> None:
        """Start and wait until it listens. :param fail: failpoints to arm."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "trunkline", "serve", "--config", str(self.folder / "plugins.yaml"),
            "--bots", str(self.folder / "bots"), "--data", str(self.folder / "data"), "--port", "0", "--dev",
            cwd=self.folder, env=self.environment(TRUNKLINE_FAIL=fail),
            stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        ready: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self._log = asyncio.create_task(self._read(ready))
        async with asyncio.timeout(60):
            self.url = (await ready).rstrip("/")

    async def _read(self, ready: asyncio.Future[str]) -> None:
        assert self._process is not None
        assert self._process.stderr is not None
        async for raw in self._process.stderr:
            line = raw.decode(errors="replace")
            self.lines.append(line)
            found = re.search(r" ready: (http://\S+)", line)
            if found and not ready.done():
                ready.set_result(found[1])
        if not ready.done():
            ready.set_exception(RuntimeError("".join(self.lines)))

    async def cli(self, *command: str, code: int = 0) -> str:
        """What ``trunkline`` says about this server's folder when it exits with *code*."""
        options = ["--config", str(self.folder / "plugins.yaml"), "--data", str(self.folder / "data")]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "trunkline", *command, *options,
            cwd=self.folder, env=self.environment(),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        )  # fmt: skip
        said, complained = await process.communicate()
        assert process.returncode == code, complained.decode()
        return (said or complained).decode()

    async def kill(self, number: signal.Signals = signal.SIGKILL) -> int:
        """End it; returns its exit code."""
        if self._process is None or self._log is None:
            return 0
        if self._process.returncode is None:
            self._process.send_signal(number)
        await self._log
        return await self._process.wait()

    async def ended(self) -> None:
        """Wait until the process has ended by itself."""
        assert self._process is not None
        async with asyncio.timeout(20):
            await self._process.wait()
