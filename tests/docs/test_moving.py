"""The guide to moving, as printed: from SQLite to PostgreSQL and back, and the conversation goes on."""

from __future__ import annotations

import re
from pathlib import Path

from tests.docs.shell import Shell
from tests.gateway.kit import Server, write_bot
from tests.postgres.server import Postgres

PAGES = Path(__file__).parent.parent.parent / "docs/operations"
SCRIPT = "a = HEAR\nb = HEAR AS PASSWORD\nc = HEAR\nTALK a + LEN(b) + c\n"


async def test_there_and_back_as_printed(postgres: Postgres, tmp_path: Path) -> None:
    there, back = re.findall(r"^```console\n(.*?)^```$", (PAGES / "moving.md").read_text(), re.M | re.S)
    create = re.findall(r"^```sql\n(.*?)^```$", (PAGES / "postgresql.md").read_text(), re.M | re.S)[0]
    for statement in create.split(";\n"):
        if statement.strip():
            await postgres.execute(statement)
    write_bot(tmp_path / "bots", "default", SCRIPT)
    shell = Shell(postgres, tmp_path)
    with Server(tmp_path) as server:
        session = server.open()
        server.say(session, "one")
        server.stop()

    shell.run(there)
    settings = {name: shell.environment[name] for name in ("TRUNKLINE_STORE", "TRUNKLINE_SECRET_KEY")}
    with Server(tmp_path, "--workers", "2", **settings) as server:
        server.say(session, "password")
        server.stop()

    shell.run(back)
    with Server(tmp_path, "--data", "home") as server:
        assert server.say(session, "three") == ["one8three"]
