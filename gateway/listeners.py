"""Adapters that listen by themselves (``run``), one task an account, restarted with growing pauses."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Mapping

from core.adapter import Account, Adapter, Port
from core.errors import PLUGIN_ERRORS

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 300.0
HEALTHY_AFTER = 60.0  # a listener that ran for so long starts again with the first pause

log = logging.getLogger(__name__)


def start_listeners(
    adapters: Mapping[str, Adapter], accounts: Mapping[tuple[str, str], Account], port: Port
) -> list[asyncio.Task[None]]:
    """A task for every account of every adapter that has ``run``."""
    return [
        asyncio.create_task(_keep_running(adapters[channel], account, port), name=f"listen:{channel}/{name}")
        for (channel, name), account in accounts.items()
        if callable(getattr(adapters[channel], "run", None))
    ]


async def _keep_running(adapter: Adapter, account: Account, port: Port) -> None:
    pause = FIRST_PAUSE
    while True:
        started = time.monotonic()
        try:
            await adapter.run(account, port)  # type: ignore[attr-defined]  # an optional member
            log.info("listener_ended", extra={"channel": adapter.name, "account": account.name})
            return
        except PLUGIN_ERRORS:
            log.exception("listener_failed", extra={"channel": adapter.name, "account": account.name})
        pause = FIRST_PAUSE if time.monotonic() - started > HEALTHY_AFTER else min(pause * 2, LONGEST_PAUSE)
        await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  jitter
