"""The schema keeps the rules by which Citus distributes tables; they are written down in ``citus_rules.sql``.

Citus itself plays no part.
"""

from __future__ import annotations

import re
from pathlib import Path

import asyncpg
import pytest

PAGE = Path(__file__).parent.parent.parent / "docs/operations/citus.md"
RULES = Path(__file__).with_name("citus_rules.sql").read_text()
TABLES = """SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
AND NOT c.relispartition AND c.relname <> 'distributed'"""


async def test_every_table_is_distributed_by_the_printed_script(database: str) -> None:
    (script,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.S)
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(RULES)
        await connection.execute(script)
        named = {row[0] for row in await connection.fetch("SELECT relation::text FROM distributed")}
        assert named == {row[0] for row in await connection.fetch(TABLES)}
        with_sessions = await connection.fetchval(
            "SELECT count(*) FROM distributed WHERE colocated = 'sessions'"
        )
        assert with_sessions == script.count("'session_id'") + 1
    finally:
        await connection.close()


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        ("CREATE UNIQUE INDEX by_message ON outbox (id)", "by_message lacks session_id"),
        (
            "ALTER TABLE files ADD FOREIGN KEY (id) REFERENCES programs (hash)",
            "does not join co-located tables",
        ),
        ("ALTER TABLE timers ALTER session_id TYPE varchar(40)", "of another type"),
    ],
)
async def test_a_schema_that_breaks_a_rule_is_found(schema: str, said: str, database: str) -> None:
    (script,) = re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.S)
    connection = await asyncpg.connect(database)
    try:
        await connection.execute(RULES)
        await connection.execute(schema)
        with pytest.raises(asyncpg.RaiseError, match=said):
            await connection.execute(script)
    finally:
        await connection.close()
