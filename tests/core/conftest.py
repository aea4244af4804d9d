"""Fixtures of the core's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.world import MakeStore, World, on_sqlite
from tests.postgres.stores import on_postgres


@pytest.fixture(params=["sqlite", "postgres"])
def make_store(request: pytest.FixtureRequest) -> MakeStore:
    """Conversations hold on every store."""
    if request.param == "sqlite":
        return on_sqlite
    request.getfixturevalue("database")
    return on_postgres


@pytest.fixture
async def world(tmp_path: Path, make_store: MakeStore) -> AsyncIterator[World]:
    """A process on an empty data folder, started; its bots are put by the test."""
    made = World(tmp_path, make_store)
    await made.start()
    yield made
    await made.stop()
