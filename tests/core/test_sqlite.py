"""What is SQLite's own: who may open the file, what a broken disk does, and what operators see in it."""

# ruff: noqa: ASYNC240, ASYNC221 (a test may wait for the disk)

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from structlog.testing import capture_logs

from core.errors import ConfigError, StoreCorrupt, StoreUnavailable, TrunklineError
from core.failpoints import arm
from core.records import Outcome, Session, StepCommit
from core.sealing import Sealer
from core.sqlite import SqliteStore, connection
from core.store import Store
from trunkline.testing.store_steps import accepted, created
from trunkline.testing.store_values import (
    address_key,
    address_of,
    bare,
    effect,
    event,
    event_key,
    new_session,
    outgoing,
    queued,
    step,
)

SEALER = Sealer(bytes(range(32)))


def on(path: Path, **changes: Any) -> SqliteStore:
    return SqliteStore(path, sealer=SEALER, **changes)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "trunkline.db"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SqliteStore]:
    store = on(path)
    await store.open()
    yield store
    await store.close()


async def filled(path: Path, sessions: int = 1) -> list[Session]:
    """A closed database with so many sessions of one turn."""
    store = on(path)
    await store.open()
    made = [await accepted(store, step(await created(store), variables={"n": 1})) for _ in range(sessions)]
    await store.close()
    return made


async def refusal(store: Store) -> TrunklineError:
    with pytest.raises(TrunklineError) as refused:
        await store.open()
    return refused.value


# --- opening ---


async def test_the_folder_is_made_and_a_clean_end_leaves_one_file(path: Path) -> None:
    await filled(path)
    assert sorted(each.name for each in path.parent.iterdir()) == ["trunkline.db", "trunkline.db.lock"]


async def test_a_second_server_is_refused_and_the_first_goes_on(path: Path, store: SqliteStore) -> None:
    refused = await refusal(on(path))
    assert isinstance(refused, ConfigError)
    assert f"in use by another server (process {os.getpid()})" in refused.message
    assert "--data" in refused.hint
    await created(store)


async def test_after_the_first_server_has_closed_the_next_may_open(path: Path) -> None:
    await filled(path)
    await filled(path)


async def test_a_newer_schema_is_refused_and_left_alone(path: Path) -> None:
    await filled(path)
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 99")
    before = path.read_bytes()
    for store in (on(path), on(path, read_only=True)):
        refused = await refusal(store)
        assert isinstance(refused, ConfigError)
        assert "schema 99, written by a newer Trunkline" in refused.message
    assert path.read_bytes() == before


async def test_another_programs_database_is_refused(path: Path) -> None:
    path.parent.mkdir()
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE theirs (id)")
    assert "another program" in (await refusal(on(path))).message


@pytest.mark.parametrize("content", [b"not a database at all" * 100, os.urandom(8192)])
async def test_a_file_that_is_no_database_is_refused_with_the_way_back(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    refused = await refusal(on(path))
    assert isinstance(refused, StoreCorrupt)
    assert "restore a backup" in refused.hint
    assert path.read_bytes() == content


async def test_damage_is_found_after_an_unclean_end(path: Path) -> None:
    await filled(path, 200)
    content = bytearray(path.read_bytes())
    for page in range(3, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = os.urandom(64)
    path.write_bytes(content)
    path.with_name("trunkline.db.lock").write_bytes(b"running 1")
    refused = await refusal(on(path))
    assert isinstance(refused, StoreCorrupt)
    assert str(path) in refused.message
    assert "restore a backup" in refused.hint


def died(path: Path) -> None:
    """The files of a server that was killed after it had acknowledged a turn."""
    program = f"""
import asyncio, os
from pathlib import Path
from tests.core.test_sqlite import accepted, created, on, step
async def main():
    store = on(Path({str(path)!r}))
    await store.open()
    await accepted(store, step(await created(store)))
    os._exit(9)
asyncio.run(main())
"""
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", program], cwd=root, check=False).returncode == 9


async def test_a_log_that_was_removed_after_a_death_is_asked_for(path: Path) -> None:
    died(path)
    wal, kept = path.with_name("trunkline.db-wal"), path.with_name("kept")
    wal.rename(kept)
    refused = await refusal(on(path))
    assert isinstance(refused, ConfigError)
    assert (f"{wal} is missing" in refused.message, "put the file back" in refused.hint) == (True, True)
    kept.rename(wal)
    store = on(path)
    await store.open()
    assert len(await store.list_sessions(limit=9)) == 1
    await store.close()


async def test_a_log_that_another_program_has_merged_is_not_missed(path: Path) -> None:
    died(path)
    with contextlib.closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT count(*) FROM messages").fetchone() == (2,)
    assert not path.with_name("trunkline.db-wal").exists()
    store = on(path)
    with capture_logs() as log:
        await store.open()
    assert [entry["event"] for entry in log if entry["log_level"] == "error"] == [
        "the write-ahead log of the last server is gone"  # which the operator may know better
    ]
    assert len(await store.list_sessions(limit=9)) == 1
    await store.close()


async def test_the_way_back_from_damage_works_as_printed(path: Path) -> None:
    (session,) = await filled(path)
    backup = path.with_name("backup.db")
    backup.write_bytes(path.read_bytes())
    died(path)
    path.write_bytes(b"not a database at all" * 100)
    refused = await refusal(on(path))
    command = refused.hint.split(": ", 1)[1].split("; or", 1)[0].replace("BACKUP", str(backup))
    subprocess.run(["sh", "-ec", command], check=True)
    await store_holds(path, session)


@pytest.mark.parametrize(
    ("place", "words"), [("file/data/trunkline.db", "cannot be written"), ("folder", "is not a file")]
)
async def test_a_place_that_cannot_be_written_is_named_with_the_fix(
    tmp_path: Path, place: str, words: str
) -> None:
    (tmp_path / "file").write_text("not a folder")
    (tmp_path / "folder").mkdir()
    refused = await refusal(on(tmp_path / place))
    assert isinstance(refused, ConfigError)
    assert words in refused.message
    assert "--data" in refused.hint


def test_a_network_file_system_is_recognised_by_its_mount(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mounts = f"1 0 0:1 / / rw - ext4 /dev/x rw\n2 1 0:2 / {tmp_path} rw shared:1 - nfs4 host:/x rw\n"
    monkeypatch.setattr(Path, "read_text", lambda *_arguments: mounts)
    assert connection.filesystem(tmp_path / "data") == "nfs4"
    assert connection.filesystem(Path("/etc")) == "ext4"
    with pytest.raises(ConfigError, match=r"network file system \(nfs4\)"):
        connection.check_place(tmp_path / "data" / "trunkline.db")


async def test_a_migration_that_was_killed_runs_again(path: Path) -> None:
    program = f"""
import asyncio
from core.sqlite import SqliteStore
from core.sealing import Sealer
asyncio.run(SqliteStore({str(path)!r}, sealer=Sealer(bytes(range(32)))).open())
"""
    killed = subprocess.run(
        [sys.executable, "-c", program], env={**os.environ, "TRUNKLINE_FAIL": "migrate.mid:kill"}, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    await filled(path)


# --- reading beside a server ---


async def test_a_reader_sees_what_is_committed_and_writes_nothing(path: Path, store: SqliteStore) -> None:
    session = await accepted(store, step(await created(store)))
    beside = on(path, read_only=True)
    await beside.open()
    assert await beside.load(session.id) == session
    with pytest.raises(StoreUnavailable, match="reading only"):
        await beside.commit(step(session))
    session = await accepted(store, step(session))
    assert await beside.load(session.id) == session
    await beside.close()


async def test_a_reader_needs_no_server(path: Path) -> None:
    (session,) = await filled(path)
    beside = on(path, read_only=True)
    await beside.open()
    assert await beside.load(session.id) == session
    await beside.close()


async def test_a_reader_of_nothing_is_told_so(path: Path) -> None:
    assert "there is no database" in (await refusal(on(path, read_only=True))).message
    assert not path.parent.exists()


async def test_a_closed_store_says_so(path: Path, store: SqliteStore) -> None:
    other = on(path.with_name("other.db"))
    await other.open()
    await other.close()
    with pytest.raises(StoreUnavailable, match="not open"):
        await other.load("x")


# --- in memory ---


async def test_in_memory_it_is_the_same_store_without_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    one, two = SqliteStore(":memory:", sealer=SEALER), SqliteStore(":memory:", sealer=SEALER)
    for store in (one, two):
        await store.open()
    session = await accepted(one, step(await created(one)))
    assert await one.load(session.id) == session
    assert await two.load(session.id) is None
    assert not one.durable
    assert list(tmp_path.iterdir()) == []
    for store in (one, two):
        await store.close()


@pytest.mark.parametrize(("synchronous", "durable"), [("FULL", True), ("EXTRA", True), ("NORMAL", False)])
async def test_durable_means_that_every_commit_is_synced(path: Path, synchronous: str, durable: bool) -> None:
    assert on(path, synchronous=synchronous).durable is durable
    with pytest.raises(ConfigError, match="synchronous"):
        on(path, synchronous="MAYBE")


# --- a broken disk ---


class Faulty(sqlite3.Connection):
    """A connection whose next COMMIT, or next write, fails as a disk would make it fail."""

    fail = ""  # "before" or "after" the COMMIT was carried out, or "write"
    code = sqlite3.SQLITE_IOERR

    def execute(self, query: str, *arguments: Any) -> sqlite3.Cursor:
        if Faulty.fail == "write" and query.startswith("UPDATE sessions"):
            self._break()
        if query == "COMMIT" and Faulty.fail in ("before", "after"):
            if Faulty.fail == "after":
                super().execute(query)
            self._break()
        return super().execute(query, *arguments)

    def _break(self) -> None:
        Faulty.fail = ""
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = Faulty.code
        raise error


@pytest.fixture
async def faulty(path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[SqliteStore]:
    real: Callable[..., sqlite3.Connection] = sqlite3.connect
    monkeypatch.setattr(sqlite3, "connect", lambda *a, **k: real(*a, **k, factory=Faulty))
    store = on(path)
    await store.open()
    yield store
    Faulty.fail = ""
    await store.close()


async def together(store: Store, steps: list[StepCommit]) -> list[Any]:
    return await asyncio.gather(*(store.commit(each) for each in steps), return_exceptions=True)


async def test_a_commit_that_failed_but_happened_is_read_back(faulty: SqliteStore) -> None:
    steps = [step(await created(faulty)) for _ in range(5)]
    Faulty.fail = "after"
    outcomes = await together(faulty, steps)
    assert [each.kind for each in outcomes if isinstance(each, Outcome)] == ["ok"] * 5
    for made in steps:
        assert len(await faulty.messages(made.session.id)) == 2


@pytest.mark.parametrize("when", ["before", "write"])
async def test_a_commit_that_did_not_happen_is_answered_so_and_can_be_tried_again(
    faulty: SqliteStore, when: str
) -> None:
    steps = [step(await created(faulty)) for _ in range(5)]
    Faulty.fail = when
    outcomes = await together(faulty, steps)
    assert all(isinstance(each, StoreUnavailable) for each in outcomes)
    for made in steps:
        assert await faulty.load(made.session.id) == replace(
            made.session,
            seq=0,
            message_count=0,
            snapshot=b"",
            last_activity=(await faulty.load(made.session.id)).last_activity,
        )  # type: ignore[union-attr]
    assert [each.kind for each in await together(faulty, steps)] == ["ok"] * 5


async def test_a_damaged_page_stops_all_writing_only_if_the_file_is_damaged(faulty: SqliteStore) -> None:
    Faulty.fail, Faulty.code = "write", sqlite3.SQLITE_CORRUPT
    session = await created(faulty)
    (outcome,) = await together(faulty, [step(session)])
    Faulty.code = sqlite3.SQLITE_IOERR
    assert isinstance(outcome, StoreUnavailable)
    await accepted(faulty, step(session))


async def test_a_full_disk_refuses_writes_serves_reads_and_recovers(path: Path, store: SqliteStore) -> None:
    """RLIMIT_FSIZE makes the kernel refuse to let any file grow."""
    session = await accepted(store, step(await created(store)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.with_name("trunkline.db-wal").stat().st_size, hard))
        with pytest.raises(StoreUnavailable, match="cannot be written"):
            await store.commit(step(session, text="x" * 300_000))
        assert await store.load(session.id) == session
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    await accepted(store, step(session))


async def test_a_write_ahead_log_that_is_deleted_under_us_loses_nothing(path: Path) -> None:
    store = on(path)
    await store.open()
    session = await accepted(store, step(await created(store)))
    path.with_name("trunkline.db-wal").unlink()
    session = await accepted(store, step(session))
    await store.ping()
    copy = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    assert copy.execute("SELECT count(*) FROM messages").fetchone() == (4,)
    copy.close()
    session = await accepted(store, step(session))
    await store.close()
    await store_holds(path, session)


async def store_holds(path: Path, session: Session) -> None:
    store = on(path)
    await store.open()
    assert await store.load(session.id) == session
    await store.close()


async def test_so_it_does_while_others_have_it_open(path: Path, store: SqliteStore) -> None:
    """The readers' connections keep the removed files alive; they must not go on looking at those."""
    session = await accepted(store, step(await created(store)))
    assert await store.load(session.id) == session
    assert len(await store.list_sessions(limit=9)) == 1
    path.with_name("trunkline.db-wal").unlink()
    for _ in range(3):
        session = await accepted(store, step(session))
        assert await store.load(session.id) == session
    assert len(await store.messages(session.id)) == 8
    assert path.with_name("trunkline.db-wal").exists()


async def test_a_database_that_is_removed_under_us_refuses_and_is_not_made_anew(
    path: Path, store: SqliteStore
) -> None:
    session = await accepted(store, step(await created(store)))
    for each in path.parent.glob("trunkline.db*"):
        each.unlink()
    with contextlib.suppress(StoreUnavailable):
        await store.ping()  # the first write notices
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        await store.commit(step(session))
    with pytest.raises(StoreUnavailable, match="cannot be read"):
        await store.load(session.id)
    assert not path.exists()


async def test_a_batch_that_fails_is_tried_in_halves(store: SqliteStore) -> None:
    steps = [step(await created(store)) for _ in range(9)]
    arm("commit.written:raise@1")
    outcomes = await together(store, steps)
    arm("")
    assert [each.kind for each in outcomes] == ["ok"] * 9


# --- waiting for others ---


async def test_a_slow_reader_does_not_keep_the_writer_waiting(path: Path, store: SqliteStore) -> None:
    session = await created(store)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM sessions").fetchone()
    for _ in range(20):
        session = await accepted(store, step(session, text="x" * 100_000))
    assert reader.execute("SELECT version FROM sessions").fetchone() == (0,)
    reader.execute("COMMIT")
    assert reader.execute("SELECT version FROM sessions").fetchone() == (20,)
    reader.close()


async def test_the_log_is_checkpointed_between_batches(path: Path, store: SqliteStore) -> None:
    session = await created(store)
    for _ in range(60):
        session = await accepted(store, step(session, text="x" * 200_000))
    assert path.with_name("trunkline.db-wal").stat().st_size < 12 * 1024 * 1024


async def test_closing_ends_every_thread(path: Path) -> None:
    before = threading.active_count()
    store = on(path)
    await store.open()
    await accepted(store, step(await created(store)))
    await store.close()
    assert not [each.name for each in threading.enumerate() if each.name.startswith("store-")]
    assert threading.active_count() <= before + 1  # asyncio's own executor


# --- a start after a crash ---


async def test_leases_of_the_server_before_are_over(path: Path) -> None:
    first = on(path)
    await first.open()
    session, key = new_session(), address_key()
    session = await first.create(session, address=address_of(session, key), token=None)
    made = bare(session, outbox=(outgoing(session, key, 1),), effect=effect(session))
    await accepted(first, made)
    await first.claim_outbox("first", channels=["whatsapp"], lease=3600)
    await first.claim_effects("first", lease=3600)
    await first.close()
    second = on(path)
    await second.open()
    (row,) = await second.claim_outbox("second", channels=["whatsapp"], lease=30)
    assert row.state == "unknown"
    (call,) = await second.claim_effects("second", lease=30)
    assert (call.epoch, call.attempts) == (2, 2)
    await second.close()


# --- what lies in the file ---


async def test_operators_find_the_tables_they_are_told_of(path: Path, store: SqliteStore) -> None:
    session = await created(store)
    session = replace(session, context=b'{"kb":["docs"]}')
    session = await accepted(store, step(session, text="Grüße", variables={"name": "Ana", "n": 1.5}))
    with sqlite3.connect(path) as database:
        database.row_factory = sqlite3.Row
        row = database.execute(
            "SELECT id, user_id, bot, channel, state, created_at, last_activity, expires_at, version, epoch "
            "FROM sessions"
        ).fetchone()
        assert (row["id"], row["bot"], row["state"], row["version"]) == (session.id, "default", "active", 1)
        assert row["created_at"] == session.created_at.isoformat(timespec="microseconds")
        log = database.execute(
            "SELECT session_id, seq, role, content, timestamp, parts FROM messages"
        ).fetchall()
        assert [(each["role"], each["content"], each["parts"]) for each in log] == [
            ("user", "Grüße", "[]"),
            ("assistant", "You said Grüße.", "[]"),
        ]
        state = database.execute("SELECT session_id, variables, context FROM session_state").fetchone()
        assert tuple(state) == (session.id, '{"name":"Ana","n":1.5}', '{"kb":["docs"]}')
        assert (
            database.execute("SELECT json_extract(variables, '$.name') FROM session_state").fetchone()[0]
            == "Ana"
        )
    database.close()


async def test_the_projection_follows_the_context_alone(path: Path, store: SqliteStore) -> None:
    session = await accepted(store, step(await created(store), variables={"a": 1}))
    await accepted(store, step(replace(session, context=b'{"kb":["new"]}')))
    database = sqlite3.connect(path)
    row = database.execute("SELECT variables, context FROM session_state").fetchone()
    database.close()
    assert row == ('{"a":1}', '{"kb":["new"]}')


async def test_bodies_payloads_and_secrets_lie_sealed(path: Path) -> None:
    canary = "canary-4711"
    store = on(path)
    await store.open()
    session, key = new_session(), address_key()
    session = await store.create(session, address=address_of(session, key), token=None)
    session = await accepted(
        store, queued(replace(session, snapshot=f'{{"$t":"secret","v":"{canary}"}}'.encode()), event_key())
    )
    row = event(session, state="new", body=canary.encode())
    await store.note_failure(row, "boom")
    await accepted(
        store,
        bare(
            session,
            outbox=(outgoing(session, key, 1, payload=canary.encode()),),
            effect=effect(session, arguments=canary.encode()),
        ),
    )
    assert canary.encode() in (await store.load(session.id)).snapshot  # type: ignore[union-attr]
    await store.close()
    for each in path.parent.iterdir():
        assert canary.encode() not in each.read_bytes()
    assert stat.S_IMODE(path.with_name("trunkline.db.lock").stat().st_mode) == 0o600


async def test_a_row_sealed_with_another_key_costs_only_itself(path: Path) -> None:
    (session,) = await filled(path)
    store = on(path)
    await store.open()
    await accepted(store, queued(session, event_key()))
    await store.close()
    other = SqliteStore(path, sealer=Sealer(b"x" * 32))
    await other.open()
    with pytest.raises(TrunklineError, match="another secret key"):
        await other.backlog(session.id)
    assert len(await other.messages(session.id)) == 2
    await other.close()
