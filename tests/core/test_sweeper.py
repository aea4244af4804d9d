"""The sweeper: idle, expired, removed with their files, and backlogs that nobody drains."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from msgspec.structs import replace

from core import sweeper as module
from core.bots import Bot, BotSettings
from core.errors import Refused, StoreUnavailable
from core.files import Files
from core.records import Session
from core.sealing import Sealer
from core.sqlite import SqliteStore
from core.sweeper import Sweeper
from trunkline.testing.store_steps import accepted, created
from trunkline.testing.store_values import ago, bare, event_key, new_token, queued, timer

DAY = 86_400.0


@dataclass
class TwoBots:
    """``default`` is quiet after 100 s; ``broken`` does not compile."""

    def get(self, name: str) -> Bot:
        if name == "broken":
            raise Refused(503, "E_BOT_BROKEN", "broken")
        return Bot(
            name=name,
            settings=BotSettings(session_timeout=100.0),
            release=None,
            error="",
            collections=frozenset(),
            prompt="",
        )

    def names(self) -> Sequence[str]:
        return ("default", "broken")


@dataclass
class Told:
    drained: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    idled: list[str] = field(default_factory=list)


@pytest.fixture
async def store() -> AsyncIterator[SqliteStore]:
    store = SqliteStore(":memory:", sealer=Sealer(bytes(32)))
    await store.open()
    yield store
    await store.close()


@pytest.fixture
def files(tmp_path: Path, store: SqliteStore) -> Files:
    return Files(tmp_path, store, Sealer(bytes(32)))


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def sweeper(store: SqliteStore, files: Files, told: Told) -> Sweeper:
    return Sweeper(
        store=store,
        bots=TwoBots(),
        files=files,
        drain=told.drained.append,
        ended=told.ended.append,
        idled=told.idled.append,
    )


async def state(store: SqliteStore, session: Session) -> str:
    loaded = await store.load(session.id)
    return "removed" if loaded is None else loaded.state


async def test_quiet_sessions_become_idle_by_their_bots_own_time(
    store: SqliteStore, sweeper: Sweeper, told: Told
) -> None:
    quiet = await created(store, last_activity=ago(200))
    lively = await created(store, last_activity=ago(50))
    broken = await created(store, bot="broken", last_activity=ago(200))
    very_quiet = await created(store, bot="broken", last_activity=ago(2000))
    await sweeper.change_states()
    assert [await state(store, each) for each in (quiet, lively, broken, very_quiet)] == [
        "idle",
        "active",
        "active",
        "idle",
    ]
    assert sorted(told.idled) == sorted([quiet.id, very_quiet.id])


async def test_an_expired_session_loses_its_tokens_and_an_hour_later_everything(
    store: SqliteStore, sweeper: Sweeper, files: Files, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = ago(8 * DAY)
    session = await created(store, created_at=old, last_activity=old, expires_at=ago(DAY), message_count=2)
    waits = await created(store, created_at=old, last_activity=old, expires_at=ago(DAY), message_count=2)
    await accepted(store, bare(waits, timers=(timer(waits, ago(-DAY)),)))
    token = new_token(session)
    await store.add_token(token)

    async def chunks() -> AsyncIterator[bytes]:
        yield b"hello"

    file = await files.keep(session.id, "a.txt", "text/plain", chunks(), 100)
    await sweeper.change_states()
    await sweeper.change_states()
    assert (await state(store, session), await state(store, waits)) == ("expired", "idle")
    assert told.ended == [session.id]
    assert await store.token(token.sha256) is None
    await sweeper.remove_gone()
    assert await state(store, session) == "expired"
    monkeypatch.setattr(module, "REMOVE_AFTER", 0.0)
    await sweeper.remove_gone()
    assert await state(store, session) == "removed"
    assert not files.path(file.id).exists()


async def test_a_person_who_writes_in_the_same_moment_stays(
    store: SqliteStore, sweeper: Sweeper, told: Told
) -> None:
    session = await created(store, last_activity=ago(200))
    candidates = list(await store.idle_candidates(bot="default", idle_after=100))
    await accepted(store, queued(replace(session, last_activity=ago(0)), event_key()))
    for each in candidates:
        await sweeper._become(each, "idle")
    assert await state(store, session) == "active"
    assert told.idled == []


async def test_stray_backlogs_go_to_the_drain(
    store: SqliteStore, sweeper: Sweeper, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await accepted(store, queued(await created(store), event_key()))
    await sweeper.find_strays()
    assert told.drained == []
    monkeypatch.setattr(module, "STRAY_AFTER", 0.0)
    await sweeper.find_strays()
    assert told.drained == [session.id]


async def test_it_runs_on_when_the_store_is_away_and_stops_when_told(
    store: SqliteStore, sweeper: Sweeper, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = await accepted(store, queued(await created(store), event_key()))
    drained = asyncio.Event()
    answers = [StoreUnavailable("away"), ValueError("unexpected")]

    async def strays(*, idle_for: float, limit: int = 100) -> Sequence[str]:
        if answers:
            raise answers.pop()
        drained.set()
        return [session.id]

    monkeypatch.setattr(store, "sessions_with_backlog", strays)
    monkeypatch.setattr(module, "STRAYS_EVERY", 0.001)
    running = asyncio.create_task(sweeper.run())
    await drained.wait()
    sweeper.stop()
    await running
    assert session.id in told.drained
