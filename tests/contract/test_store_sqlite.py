"""The embedded store keeps the store's contract."""

from __future__ import annotations

from pathlib import Path

import pytest

from trunkline.testing.store import StoreContract


class TestSqliteStore(StoreContract):
    factory = "trunkline.testing.store_values:sqlite_store"

    @pytest.mark.parametrize("point", ["commit.guarded", "commit.written"])
    @pytest.mark.parametrize("hit", [1, 5, 9])
    async def test_a_kill_within_the_transaction_loses_nothing(
        self, tmp_path: Path, point: str, hit: int
    ) -> None:
        await self.killed(tmp_path, f"{point}:kill@{hit}")
