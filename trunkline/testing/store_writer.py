"""A process that converses with a store until it is done or killed. See StoreContract."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from core.records import EventKey
from core.store import Store
from trunkline.testing.store_values import factory, new_session, step

ACKNOWLEDGED = "acknowledged "
SESSIONS = 3
TEXTS = 8


def said(session_id: str, number: int) -> str:
    return f"{session_id} says {number}"


async def converse(store: Store) -> None:
    """One session that says its texts one after the other."""
    session = await store.create(new_session(), address=None, token=None)
    for number in range(TEXTS):
        text = said(session.id, number)
        outcome = await store.commit(step(session, text=text, key=EventKey("web", "", text)))
        if outcome.kind != "ok" or outcome.session is None:
            raise SystemExit(f"{text}: {outcome.kind}")
        session = outcome.session
        sys.stdout.write(f"{ACKNOWLEDGED}{text}\n")
        sys.stdout.flush()


async def main(name: str, folder: Path) -> None:
    store = factory(name)(folder)
    await store.open()
    await asyncio.gather(*(converse(store) for _ in range(SESSIONS)))
    await store.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))
