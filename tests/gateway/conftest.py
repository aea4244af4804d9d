"""The server that this folder's tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.gateway.kit import Server, write_bot

ASK_NAME = """TALK "Who is there?"
HEAR person
TALK "Hello, ${person}"
HEAR again
TALK "${person} said ${again}"
"""


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One server for every test that leaves it as it was."""
    folder = tmp_path_factory.mktemp("server")
    write_bot(folder / "bots", "default", ASK_NAME)
    write_bot(folder / "bots", "broken", "IF x THEN")
    with Server(folder) as running:
        yield running
