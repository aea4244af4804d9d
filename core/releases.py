"""Compiled releases by hash: a session that waits in an old version of a bot finishes in it."""

from __future__ import annotations

import asyncio
from collections import OrderedDict

from core.bots import Bot
from core.store import Store
from interpreter.errors import ReleaseError, SnapshotError
from interpreter.keywords import KeywordTable
from interpreter.program import Compiler, Release

OLD_RELEASES = 16  # compiled old releases kept in memory


class Releases:
    """Releases that sessions are pinned to. The newest come with their bots; old ones from the store."""

    def __init__(self, store: Store, table: KeywordTable, compiler: Compiler) -> None:
        self._store = store
        self._table = table
        self._compiler = compiler
        self._kept: set[str] = set()  # digests that the store has
        self._old: OrderedDict[str, Release] = OrderedDict()

    def known(self, bot: Bot, digest: str) -> Release | None:
        """The release at hand, without a read; "" is the newest."""
        newest = bot.release
        if newest is not None and digest in ("", newest.digest) and newest.digest in self._kept:
            return newest
        return self._old.get(digest)

    async def find(self, bot: Bot, digest: str) -> Release:
        """The release that *digest* names, kept in the store from now on.

        :raises SnapshotError: it is not stored, or this version cannot compile it any more.
        """
        newest = bot.release
        assert newest is not None
        if newest.digest not in self._kept:
            await self._store.put_release(newest.digest, newest.sources)
            self._kept.add(newest.digest)
        if digest in ("", newest.digest):
            return newest
        if digest not in self._old:
            self._old[digest] = await self._compile(digest)
            if len(self._old) > OLD_RELEASES:
                self._old.popitem(last=False)
        return self._old[digest]

    async def _compile(self, digest: str) -> Release:
        sources = await self._store.release(digest)
        if sources is None:
            raise SnapshotError(f"the bot release {digest} is not stored")
        try:
            return await asyncio.to_thread(self._compiler, sources, self._table, service_paths=True)
        except ReleaseError as error:
            raise SnapshotError(f"the bot release {digest} does not compile any more") from error
