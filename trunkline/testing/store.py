"""StoreContract: what every store must do. A backend's tests are one subclass::

    class TestMyStore(StoreContract):
        factory = "my_package.testing:make_store"   # make_store(folder: Path) -> Store, not yet open

Two calls of the factory with the same folder lead to the same data, also in another process.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import ClassVar

import pytest
import pytest_asyncio

from core.failpoints import VARIABLE
from core.store import Store
from trunkline.testing.store_life import LifeContract
from trunkline.testing.store_outbox import OutboxContract
from trunkline.testing.store_steps import StepsContract
from trunkline.testing.store_values import BOT, factory
from trunkline.testing.store_writer import ACKNOWLEDGED, said

KILL_AT = ("in.before_insert", "commit.before", "commit.sent", "commit.after")


class StoreContract(StepsContract, OutboxContract, LifeContract):
    """All of it. Collected under a subclass that names its ``factory``."""

    factory: ClassVar[str]

    @pytest_asyncio.fixture
    async def store(self, tmp_path: Path) -> AsyncIterator[Store]:
        """An open, empty store."""
        store = factory(self.factory)(tmp_path)
        await store.open()
        yield store
        await store.close()

    async def test_what_was_written_is_there_after_a_restart(self, tmp_path: Path) -> None:
        acknowledged = self.write(tmp_path)
        assert len(acknowledged) == 24
        await self.check(tmp_path, acknowledged)

    @pytest.mark.parametrize("point", KILL_AT)
    @pytest.mark.parametrize("hit", [1, 5, 9])
    async def test_a_kill_loses_nothing_that_was_acknowledged(
        self, tmp_path: Path, point: str, hit: int
    ) -> None:
        await self.killed(tmp_path, f"{point}:kill@{hit}")

    async def killed(self, folder: Path, fail: str) -> None:
        """Nothing that was acknowledged before the failpoint killed the writer is lost."""
        acknowledged = self.write(folder, fail)
        assert len(acknowledged) < 24
        await self.check(folder, acknowledged)

    def write(self, folder: Path, fail: str = "") -> list[str]:
        """Let another process converse until it is done or killed; the texts that it saw acknowledged."""
        done = subprocess.run(  # noqa: S603 (this interpreter, our own module)
            [sys.executable, "-m", "trunkline.testing.store_writer", self.factory, str(folder)],
            env={**os.environ, VARIABLE: fail},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == (-9 if fail else 0), done.stderr
        return [
            line.removeprefix(ACKNOWLEDGED)
            for line in done.stdout.splitlines()
            if line.startswith(ACKNOWLEDGED)
        ]

    async def check(self, folder: Path, acknowledged: list[str]) -> None:
        """Every acknowledged text once and in order, at most one more a session, and counters that agree."""
        store = factory(self.factory)(folder)
        await store.open()
        found: list[str] = []
        for session in await store.list_sessions(bot=BOT):
            log = await store.messages(session.id)
            assert [each.seq for each in log] == list(range(1, session.seq + 1))
            heard = [each.text for each in log if each.role == "user"]
            assert session.version == session.message_count == len(heard)
            assert heard == [said(session.id, number) for number in range(len(heard))]
            mine = [text for text in acknowledged if text.startswith(session.id)]
            assert len(mine) <= len(heard) <= len(mine) + 1
            found.extend(heard)
        assert set(acknowledged) <= set(found)
        await store.close()
