"""What the command line says of itself."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.gateway.kit import Server, run


@pytest.mark.parametrize("group", [(), ("sessions",), ("outbox",), ("new",)])
def test_a_list_of_commands_says_in_a_whole_sentence_what_each_does(
    group: tuple[str, ...], tmp_path: Path
) -> None:
    listed = run(*group, "--help", cwd=tmp_path).stdout.partition("Commands:\n")[2].splitlines()
    assert listed
    for line in listed:
        assert re.fullmatch(r"  [a-z]+ +[A-Z].*[a-z)]\.", line), line
        assert not line.endswith("..."), line


def test_a_new_bot_is_found_where_its_maker_is_told(tmp_path: Path) -> None:
    told = run("new", "bot", "pizza", cwd=tmp_path).stdout
    command, address = re.search(r"web:  trunkline (.*), then http://127\.0\.0\.1:8080(/\w+)", told).groups()
    with Server(tmp_path, *command.split()[1:]) as server:
        html = {"Accept": "text/html"}
        assert server.request("GET", address, **html)[0] == 200
        status, _, page = server.request("GET", "/", **html)
        assert status == 404
        assert b"no bot named default here" in page
        assert b"/&lt;its name&gt;" in page
