"""Fixtures of the core's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.world import World


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """A process on an empty data folder, started; its bots are put by the test."""
    made = World(tmp_path)
    await made.start()
    yield made
    await made.stop()
