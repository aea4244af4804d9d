"""The schema: numbered scripts, applied one by one under an advisory lock.

The kind stands in a script's name. ``expand`` adds and may run beside older programs; ``backfill`` holds one
statement that is repeated until it changes no row; ``contract`` removes what the release before still needed,
and only ``trunkline migrate`` applies it. Killed anywhere, the next run goes on where this one stopped.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import asyncpg
import structlog

from core.errors import ConfigError, StoreUnavailable
from core.failpoints import failpoint
from core.postgres.connections import Connection, Database
from core.postgres.failures import is_lost_race
from core.postgres.queries import FOLDER

log = structlog.get_logger("trunkline.store")

LOCK = 0x54524B4C  # "TRKL": the key of the advisory lock
LOCK_SECONDS = 60.0
BACKFILL_PAUSE = 0.05  # s between portions, so that turns come in between
_VERSIONS = """CREATE TABLE IF NOT EXISTS schema_version (
    version int PRIMARY KEY, applied_at timestamptz NOT NULL)"""
_TABLES = """SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relname = ANY ($1::text[]) AND c.relkind IN ('r', 'p') AND n.nspname = ANY (current_schemas(false))"""
_NAME = re.compile(r"migration_(\d{4})_(expand|backfill|contract)\.sql")

Mode = Literal["auto", "manual", "all"]


@dataclass(frozen=True, slots=True)
class Migration:
    number: int
    kind: str
    script: str


def migrations(folder: Path = FOLDER) -> list[Migration]:
    """In their order: the n-th leads to version n."""
    found: list[Migration] = []
    for path in sorted(folder.glob("migration_*.sql")):
        name = _NAME.fullmatch(path.name)
        if name is None or int(name[1]) != len(found) + 1:
            raise ValueError(f"{path.name} is not the migration number {len(found) + 1}")
        found.append(Migration(int(name[1]), name[2], path.read_text("utf-8")))
    return found


async def version(connection: Any, name: str, newest: int) -> int:
    """The schema's version; 0 for an empty database.

    :raises ConfigError: it is newer than this program, or the tables are another program's."""
    # Both at one moment: another node may be making them.
    tables = {row[0] for row in await connection.fetch(_TABLES, ["schema_version", "sessions"])}
    if "schema_version" not in tables:
        if tables:
            raise ConfigError(
                f"{name} is a database of another program", hint="choose another one in `store`"
            )
        return 0
    found: int = await connection.fetchval("SELECT coalesce(max(version), 0) FROM schema_version")
    if found > newest:
        raise ConfigError(
            f"{name} has schema {found}, written by a newer Trunkline; this one knows {newest}",
            hint="install the newer version again, or restore the backup made before the upgrade",
        )
    return found


def may_run(migration: Migration, mode: Mode) -> bool:
    return mode == "all" or (mode == "auto" and migration.kind != "contract")


async def migrate(database: Database, mode: Mode, steps: Sequence[Migration] | None = None) -> list[int]:
    """Apply what is pending, as far as *mode* allows.

    :param mode: ``auto`` what may run beside older programs, ``manual`` nothing, ``all`` everything.
    :returns: the versions that were applied.
    :raises ConfigError: the database is newer; or something is pending that *mode* leaves to the operator and that
        this program needs.
    """
    steps = migrations() if steps is None else steps
    connection = await database.connect(statement_timeout="0")
    try:
        pending = steps[await version(connection, database.name, len(steps)) :]
        if not pending:
            return []
        needed = [step.number for step in pending if step.kind != "contract"]
        if mode == "manual" and needed:
            raise ConfigError(
                f"{database.name} has schema {pending[0].number - 1}, and this program needs {needed[-1]}",
                hint="run trunkline migrate first (migrate is set to manual)",
            )
        if not any(may_run(step, mode) for step in pending[:1]):
            return []
        await _take_lock(connection, database.name)
        return await _apply(connection, database.name, steps, mode)
    except (asyncpg.PostgresError, OSError) as error:
        raise StoreUnavailable(f"{database.name} could not be migrated: {error}") from error
    finally:
        await connection.close(timeout=5)


async def _take_lock(connection: Connection, name: str) -> None:
    """Another node may be at it; ours is then found done."""
    deadline = asyncio.get_running_loop().time() + LOCK_SECONDS
    while True:
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
            return
        except asyncpg.PostgresError as error:
            if not is_lost_race(error):
                raise
            if asyncio.get_running_loop().time() > deadline:
                raise StoreUnavailable(
                    f"{name}: another process has been migrating for a long time"
                ) from error


async def _apply(connection: Connection, name: str, steps: Sequence[Migration], mode: Mode) -> list[int]:
    applied = []
    for step in steps[await version(connection, name, len(steps)) :]:
        if not may_run(step, mode):
            break
        if step.kind == "backfill":
            await _backfill(connection, step)
        await _one(connection, step)
        log.info("database migrated", database=name, version=step.number, kind=step.kind)
        applied.append(step.number)
    return applied


async def _backfill(connection: Connection, step: Migration) -> None:
    """Portion by portion, each in a transaction of its own."""
    while True:
        changed = await connection.execute(step.script)
        if changed.endswith(" 0"):
            return
        await asyncio.sleep(BACKFILL_PAUSE)


async def _one(connection: Connection, step: Migration) -> None:
    """The script and its number together; again if it waited too long for a lock that a turn held."""
    deadline = asyncio.get_running_loop().time() + LOCK_SECONDS
    while True:
        try:
            async with connection.transaction():
                await connection.execute(_VERSIONS)
                if step.kind != "backfill":
                    await connection.execute(step.script)
                failpoint("migrate.mid")
                await connection.execute("INSERT INTO schema_version VALUES ($1, now())", step.number)
            return
        except asyncpg.PostgresError as error:
            if not is_lost_race(error) or asyncio.get_running_loop().time() > deadline:
                raise
