"""``/healthz`` says that the process listens; ``/readyz`` says whether it can do its work, and why not."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

from core.store import Store

PING_SECONDS = 2.0
REMEMBER_SECONDS = 1.0  # anybody may ask: the store is not asked more often than this
LOW_DISK = 0.05
FULL_DISK = 0.005
CLOCK_SECONDS = 2.0


class Health:
    """Answers both end points.

    :param channels: state by channel: ``on``, or what is off and why.
    :param bots: ``ok`` or what is wrong, by bot.
    """

    def __init__(
        self,
        store: Store,
        data: Path,
        channels: Callable[[], Mapping[str, str]],
        bots: Callable[[], Mapping[str, str]],
    ) -> None:
        self._store = store
        self._data = data
        self._channels = channels
        self._bots = bots
        self._lock = asyncio.Lock()
        self._known: tuple[float, int, bytes] | None = None
        self.draining = False

    async def alive(self, request: web.Request) -> web.Response:
        return web.Response(body=b'{"status":"ok"}', content_type="application/json")

    async def ready(self, request: web.Request) -> web.Response:
        async with self._lock:
            if self._known is None or time.monotonic() - self._known[0] > REMEMBER_SECONDS or self.draining:
                report = await self.report()
                self._known = (time.monotonic(), 200 if report["ready"] else 503, orjson.dumps(report))
        _, status, body = self._known
        return web.Response(status=status, body=body, content_type="application/json")

    async def report(self) -> dict[str, Any]:
        """``{"ready", "durable", "checks"}``: each check is ``ok`` or what is wrong."""
        store, clock = await self._ask_store()
        disk, full = self._ask_disk()
        checks = {
            "store": store,
            "cache": "ok",  # none, or optional: it is never the reason to be unready
            "disk": disk,
            "clock": clock,
            "channels": dict(self._channels()),
            "bots": dict(self._bots()),
        }
        ready = store == "ok" and not full and not self.draining
        return {"ready": ready, "durable": self._store.durable, "checks": checks}

    async def _ask_store(self) -> tuple[str, str]:
        try:
            async with asyncio.timeout(PING_SECONDS):
                theirs = await self._store.ping()
        except TimeoutError:
            return f"no answer within {PING_SECONDS:g} s", "unknown"
        except Exception as error:  # whatever the store does, this is asked to tell
            return str(error) or type(error).__name__, "unknown"
        apart = abs((datetime.now(UTC) - theirs).total_seconds())
        return "ok", "ok" if apart <= CLOCK_SECONDS else f"{apart:.1f} s away from the store's"

    def _ask_disk(self) -> tuple[str, bool]:
        try:
            usage = shutil.disk_usage(self._data)
        except OSError as error:
            return str(error.strerror or error), True
        free = usage.free / max(1, usage.total)
        return ("ok" if free >= LOW_DISK else f"{free:.1%} free"), free < FULL_DISK
