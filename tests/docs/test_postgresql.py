"""The guide to PostgreSQL, as printed: from an empty server to two nodes, a look inside, a backup restored."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.docs.shell import Shell
from tests.gateway.kit import Server, write_bot
from tests.postgres.fixtures import programs
from tests.postgres.server import Postgres

PAGE = (Path(__file__).parent.parent.parent / "docs/operations/postgresql.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(sql|console|)\n(.*?)^```$", PAGE, re.M | re.S)
SCRIPT = 'name = HEAR "Who are you?"\nUSE KB "policies"\ncity = HEAR "Where, ${name}?"\nTALK "${name} in ${city}"\n'


def blocks(language: str) -> list[str]:
    return [text for kind, text in BLOCKS if kind == language]


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A server that nobody has set up yet."""
    fresh = Postgres(programs())
    try:
        fresh.start()
        yield fresh
    finally:
        fresh.destroy()


def sql(url: str, text: str, *values: object) -> list[list[Any]]:
    """The rows of each statement."""

    async def run() -> list[list[Any]]:
        connection = await asyncpg.connect(url)
        try:
            statements = [each for each in text.split(";\n") if each.strip()]
            return [
                [tuple(row) for row in await connection.fetch(each, *(values if "$1" in each else ()))]
                for each in statements
            ]
        finally:
            await connection.close()

    return asyncio.run(run())


def test_the_guide_holds_from_an_empty_server_to_a_restored_backup(server: Postgres, tmp_path: Path) -> None:
    bot = write_bot(tmp_path / "bots", "default", SCRIPT)
    (bot / "kb" / "policies").mkdir(parents=True)
    create, active, said, waits, connections = blocks("sql")
    set_up, dump, restore = blocks("console")

    sql(server.url(), create)
    shell = Shell(server, tmp_path)
    printed = shell.run(set_up)
    assert printed.startswith("applied: 1\n")
    url = shell.environment["TRUNKLINE_STORE"]
    settings = {name: shell.environment[name] for name in ("TRUNKLINE_STORE", "TRUNKLINE_SECRET_KEY")}

    starts = [line.split() for line in blocks("")[0].splitlines()]
    assert [words[:2] for words in starts] == [["trunkline", "serve"]] * 2
    with ExitStack() as running:
        a, b = (
            running.enter_context(Server(tmp_path, "--data", Path(words[3]).name, **settings))
            for words in starts
        )
        session = a.open()
        assert b.say(session, "Ana") == ["Where, Ana?"]

        ((row,),) = sql(url, active)
        assert row[:3] == (session["session_id"], "default", "web")
        lines, state = sql(url, said, session["session_id"])
        assert [line[1:3] for line in lines] == [
            ("assistant", "Who are you?"),
            ("user", "Ana"),
            ("assistant", "Where, Ana?"),
        ]
        assert state[0][0] == "Ana"
        assert "policies" in state[0][1]
        assert sql(url, waits) == [[(session["session_id"], "city", "hear")]]
        (((count,),),) = sql(url, connections)
        assert 2 < count <= 2 * 10

        shell.run(dump)
        assert a.say(session, "Rio") == ["Ana in Rio"]  # after the backup: it is not in it
    shell.run(restore)
    with Server(tmp_path, **settings) as restored:
        assert restored.say(session, "Lisbon") == ["Ana in Lisbon"]
