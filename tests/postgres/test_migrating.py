"""Migrations: in order, once, whoever comes first, and on after a death in the middle."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from core.errors import ConfigError
from core.failpoints import VARIABLE
from core.postgres import PostgresStore
from core.postgres.connections import Database
from core.postgres.life import MONTHS_AHEAD
from core.postgres.migrating import Migration, migrate, migrations, version
from core.sealing import Sealer
from tests.postgres.server import Postgres
from tests.postgres.stores import KEY

STEPS = [
    Migration(1, "expand", "CREATE TABLE people (name text, upper text)"),
    Migration(
        2,
        "backfill",
        "UPDATE people SET upper = upper(name) WHERE ctid IN (SELECT ctid FROM people WHERE upper IS NULL LIMIT 3)",
    ),
    Migration(3, "contract", "ALTER TABLE people DROP COLUMN name"),
]


PARTITIONS = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'messages'::regclass"


@pytest.fixture
async def url(postgres: Postgres) -> str:
    """An empty database."""
    return await postgres.new_database()


async def ask(url: str, question: str) -> list[tuple[object, ...]]:
    connection = await asyncpg.connect(url)
    try:
        return [tuple(row) for row in await connection.fetch(question)]
    finally:
        await connection.close()


async def test_a_start_applies_what_may_run_beside_older_programs(url: str) -> None:
    assert await migrate(Database(url), "auto", STEPS[:1]) == [1]
    await ask(url, "INSERT INTO people SELECT 'p' || n FROM generate_series(1, 10) n")
    assert await migrate(Database(url), "auto", STEPS) == [2]
    assert await ask(url, "SELECT count(*) FROM people WHERE upper LIKE 'P%'") == [(10,)]
    assert await ask(url, "SELECT version FROM schema_version ORDER BY 1") == [(1,), (2,)]


async def test_only_the_operator_removes_what_older_programs_need(url: str) -> None:
    await migrate(Database(url), "auto", STEPS)
    assert await migrate(Database(url), "auto", STEPS) == []
    assert await migrate(Database(url), "manual", STEPS) == []
    assert await migrate(Database(url), "all", STEPS) == [3]
    columns = await ask(
        url, "SELECT attname FROM pg_attribute WHERE attrelid = 'people'::regclass AND attnum > 0"
    )
    assert ("upper",) in columns
    assert ("name",) not in columns


async def test_nothing_is_applied_by_hand_at_a_start(url: str) -> None:
    with pytest.raises(ConfigError, match="needs 2"):
        await migrate(Database(url), "manual", STEPS)
    assert await ask(url, "SELECT to_regclass('people')::text") == [(None,)]


class Interrupted:
    """A connection between whose first question and the next another node migrates."""

    def __init__(self, url: str, connection: Any) -> None:
        self._url = url
        self._connection = connection

    def __getattr__(self, method: str) -> Any:
        async def ask_then_migrate(*question: object) -> Any:
            answer = await getattr(self._connection, method)(*question)
            await migrate(Database(self._url), "auto")
            return answer

        return ask_then_migrate


async def test_a_node_that_looks_while_another_migrates_takes_the_tables_for_its_own(url: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        assert await version(Interrupted(url, connection), "a database", 1) == 0
        assert await version(connection, "a database", 1) == 1
        await connection.execute("DROP TABLE schema_version")
        with pytest.raises(ConfigError, match="another program"):
            await version(connection, "a database", 1)
    finally:
        await connection.close()


async def test_nodes_that_start_together_migrate_once(url: str) -> None:
    applied = await asyncio.gather(*(migrate(Database(url), "auto") for _ in range(5)))
    assert sorted(applied) == [[]] * 4 + [[step.number for step in migrations() if step.kind != "contract"]]


async def test_nodes_that_start_together_open_an_empty_database(url: str) -> None:
    for _ in range(3):
        nodes = [PostgresStore(url, sealer=Sealer(KEY)) for _ in range(5)]
        await asyncio.gather(*(node.open() for node in nodes))
        await asyncio.gather(*(node.close() for node in nodes))
        partitions = await ask(url, PARTITIONS)
        assert len(partitions) == 1 + MONTHS_AHEAD
        for (name,) in partitions:  # again, with the schema there already
            if name != "messages_other":
                await ask(url, f"DROP TABLE {name}")


async def test_a_death_in_the_middle_leaves_nothing_half_done(url: str) -> None:
    script = (
        "import asyncio, sys; from core.postgres.connections import Database; "
        "from core.postgres.migrating import migrate; asyncio.run(migrate(Database(sys.argv[1]), 'auto'))"
    )
    environment = {**os.environ, VARIABLE: "migrate.mid:kill@1"}
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", script, url], env=environment, check=False
    )
    assert done.returncode == -9
    assert await ask(url, "SELECT to_regclass('sessions')::text") == [(None,)]
    assert await migrate(Database(url), "auto") == [1]


async def test_a_migration_waits_for_the_locks_of_turns(url: str) -> None:
    await migrate(Database(url), "auto", STEPS[:2])
    turn = await asyncpg.connect(url)
    transaction = turn.transaction()
    await transaction.start()
    await turn.execute("INSERT INTO people VALUES ('x', 'X')")
    migrating = asyncio.create_task(migrate(Database(url), "all", STEPS))
    while not await ask(url, "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'people'::regclass"):
        assert not migrating.done()
    await transaction.commit()
    await turn.close()
    assert await migrating == [3]


async def test_the_database_of_another_program_is_left_alone(url: str) -> None:
    await ask(url, "CREATE TABLE sessions (whatever int)")
    with pytest.raises(ConfigError, match="another program"):
        await migrate(Database(url), "all")
    assert await ask(url, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'") == [(1,)]


def test_migrations_are_numbered_without_a_gap(tmp_path: Path) -> None:
    (tmp_path / "migration_0001_expand.sql").write_text("SELECT 1")
    (tmp_path / "migration_0003_expand.sql").write_text("SELECT 1")
    with pytest.raises(ValueError, match="migration_0003"):
        migrations(tmp_path)
