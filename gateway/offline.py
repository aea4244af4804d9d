"""What an operator changes while no server runs: the store is opened with its lock, without workers."""

from __future__ import annotations

import asyncio

from core.engine import Engine
from core.errors import TrunklineError
from gateway import log
from gateway.bots import BotFolders
from gateway.config import Config
from gateway.plugins import keyword_table, load_plugins
from gateway.storage import check_key, compiler_of, make_store, secret_key


def end_session(config: Config, session_id: str) -> None:
    """End a session as a running server would. :raises TrunklineError: there is no such session."""
    asyncio.run(_end_session(config, session_id))


async def _end_session(config: Config, session_id: str) -> None:
    log.configure(level="error")  # the command says what it did; standard output is for that alone
    plugins = load_plugins(config)
    table = keyword_table(plugins)
    bots = BotFolders(config, table, compiler=compiler_of(config))
    bots.load()
    key = secret_key(config)
    store = make_store(config, plugins, key)
    await store.open()
    try:
        await check_key(store, key)
        engine = Engine(
            store=store,
            bots=bots,
            keywords=table,
            adapters=plugins.adapters,
            accounts=plugins.accounts,
            data=config.data,
            secret_key=key,
        )
        if not await engine.end(session_id):
            raise TrunklineError(f"there is no live session {session_id}")
        await engine.drain(1.0)
        engine.close()
    finally:
        await store.close()
