"""Reaching the store from the command line, whether a server runs over it or not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from core.errors import TrunklineError
from core.store import Store
from gateway import log
from gateway.config import Config
from gateway.plugins import load_plugins
from gateway.storage import KEY_FILE, has_key, is_postgres, make_store, secret_key, sqlite_path

_T = TypeVar("_T")


def with_store(config: Config, work: Callable[[Store], Awaitable[_T]], *, read_only: bool) -> _T:
    """Open the store, do *work*, close it.

    :param read_only: take no lock: works beside a running server.
    :raises TrunklineError: there is no database yet.
    """

    log.configure(level="WARNING")  # to standard error: standard output is the answer

    async def run() -> _T:
        async with opened(config, read_only=read_only) as store:
            return await work(store)

    return asyncio.run(run())


@asynccontextmanager
async def opened(config: Config, *, read_only: bool) -> AsyncIterator[Store]:
    if config.store.startswith("sqlite:") and not sqlite_path(config).exists():
        hint = "choose the data folder with --data"
        raise TrunklineError(f"there is no database at {sqlite_path(config)}", hint=hint)
    if not has_key(config):
        where = "" if is_postgres(config) else f" at {config.data / KEY_FILE}"
        raise TrunklineError(f"there is no secret key{where}", hint="set TRUNKLINE_SECRET_KEY")
    store = make_store(config, load_plugins(config), secret_key(config), read_only=read_only)
    await store.open()
    try:
        yield store
    finally:
        await store.close()
