"""The operations guide, as printed: its SQL against a running server, its backup restored."""

from __future__ import annotations

import json
import re
import sqlite3
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib import request

import pytest

from tests.e2e.gateway_process import Gateway

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs/operations/README.md").read_text(encoding="utf-8")
CONSOLE = re.findall(r"```console\n(.*?)```", PAGE, re.S)
SCRIPT = 'name = HEAR "Who are you?"\nUSE KB "policies"\ncity = HEAR "Where, ${name}?"\nTALK "${name} in ${city}"\n'


@pytest.fixture
def gateway(tmp_path: Path) -> Iterator[Gateway]:
    bot = tmp_path / "bots" / "default"
    (bot / "kb" / "policies").mkdir(parents=True)
    (bot / "start.bas").write_text(SCRIPT)
    running = Gateway(tmp_path, tmp_path / "bots")
    running.start()
    yield running
    running.stop()


def ask(gateway: Gateway, path: str, body: object, token: str = "") -> Any:
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    call = request.Request(gateway.url + path, json.dumps(body).encode(), headers)
    with request.urlopen(call) as answer:
        return json.load(answer)


def conversation(gateway: Gateway) -> tuple[str, str]:
    """A session that waits at its second question: its id and token."""
    opened = ask(gateway, "/api/session", {})
    ask(gateway, "/api/chat", {"text": "Ana"}, opened["token"])
    return opened["session_id"], opened["token"]


def test_every_query_as_printed_shows_what_it_says(gateway: Gateway) -> None:
    session, _ = conversation(gateway)
    queries = re.findall(r"```sql\n(.*?)```", PAGE, re.S)
    database = sqlite3.connect(f"file:{gateway.folder / 'data/trunkline.db'}?mode=ro", uri=True)
    answers = [
        database.execute(query, {"session": session} if ":session" in query else {}).fetchall()
        for query in queries
    ]
    database.close()
    active, said, state, waiting, dead = answers
    assert [row[:3] for row in active] == [(session, "default", "web")]
    assert [row[1:3] for row in said] == [
        ("assistant", "Who are you?"), ("user", "Ana"), ("assistant", "Where, Ana?"),
    ]  # fmt: skip
    variables, context = map(json.loads, state[0])
    assert variables["name"] == "Ana"
    assert "policies" in json.dumps(context)
    assert waiting == [(session, "city", "hear")]
    assert dead == []


def test_figures_are_had_through_the_socket_as_printed(gateway: Gateway) -> None:
    conversation(gateway)
    (command,) = re.findall(r"`(curl --unix-socket [^`]+)`", PAGE)
    shown = subprocess.run(
        ["bash", "-c", command], cwd=gateway.folder, capture_output=True, text=True, check=True
    )
    assert "trunkline_turns_total{" in shown.stdout


def test_every_figure_that_the_page_names_is_there(gateway: Gateway) -> None:
    conversation(gateway)
    shown = subprocess.run(
        ["curl", "-s", "--unix-socket", "data/operator.sock", "http://localhost/metrics"],
        cwd=gateway.folder, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    named = set(re.findall(r"`(trunkline_[a-z_]+)", PAGE))
    assert len(named) > 8
    assert named - set(re.findall(r"^# TYPE (trunkline_[a-z_]+) ", shown, re.M)) == set()
    assert "trunkline_sessions_concurrent 1.0" in shown


def test_a_backup_made_while_serving_is_restored_and_its_question_answered(gateway: Gateway) -> None:
    _, token = conversation(gateway)
    backup, restore = ("\n".join(re.findall(r"^\$ (.+)$", block, re.M)) for block in CONSOLE)
    subprocess.run(["bash", "-ec", backup], cwd=gateway.folder, check=True)
    ask(gateway, "/api/chat", {"text": "Rio"}, token)  # after the backup: it is not in it
    gateway.stop()
    subprocess.run(["bash", "-ec", restore], cwd=gateway.folder, check=True)
    kept = gateway.folder / "data"
    assert {stat.S_IMODE(each.stat().st_mode) & 0o077 for each in (kept, *kept.iterdir())} == {0}
    gateway.start()
    assert ask(gateway, "/api/chat", {"text": "Lisbon"}, token)["messages"][0]["text"] == "Ana in Lisbon"


def test_a_backup_from_the_wrong_place_fails_instead_of_saving_nothing(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    backup = "\n".join(re.findall(r"^\$ (.+)$", CONSOLE[0], re.M))
    failed = subprocess.run(["bash", "-ec", backup], cwd=tmp_path, capture_output=True, check=False)
    assert failed.returncode != 0
    assert not list(tmp_path.rglob("*.db"))
