"""A running gateway for the tests of this folder, and a browser to look at it with."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.e2e import chromium
from tests.e2e.gateway_process import Gateway

BOTS = Path(__file__).parent / "bots"


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    """One gateway for all tests that leave it running; each opens sessions of its own."""
    running = Gateway(tmp_path_factory.mktemp("gateway"), BOTS)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def stopped_gateway(tmp_path: Path) -> Iterator[Gateway]:
    """A gateway that a test starts and kills as it likes; its bots are a copy that may be changed."""
    bots = tmp_path / "bots"
    shutil.copytree(BOTS, bots)
    own = Gateway(tmp_path, bots)
    yield own
    own.kill()


@pytest.fixture
def own_gateway(stopped_gateway: Gateway) -> Gateway:
    stopped_gateway.start()
    return stopped_gateway


@pytest.fixture(scope="session")
def chromium_path() -> Path:
    path = chromium.install()
    if path is None:
        reason = "no Chromium on this machine, and neither apt nor npm could bring one"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return path


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium_path: Path) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(
            executable_path=str(chromium_path), args=list(chromium.ARGUMENTS)
        )
        yield started
        await started.close()
