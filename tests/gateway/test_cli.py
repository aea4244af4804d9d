"""What the command line says of itself."""

from __future__ import annotations

import re
import subprocess
import sys
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


@pytest.mark.parametrize(("kind", "name"), [("adapter", "pager"), ("keyword", "mirror")])
def test_the_tests_of_a_new_plugin_pass_as_they_are_made(kind: str, name: str, tmp_path: Path) -> None:
    made = run("new", kind, name, cwd=tmp_path)
    assert f"pip install -e trunkline-{name}" in made.stdout
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
        cwd=tmp_path / f"trunkline-{name}", capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Warning" not in done.stdout + done.stderr


def test_scripts_of_a_server_that_runs_with_dev_are_checked_with_its_plugins(tmp_path: Path) -> None:
    run("new", "adapter", "pager", cwd=tmp_path)
    run("new", "keyword", "mirror", cwd=tmp_path)
    account = "{bot: default, secret: a secret that is long, deliver_url: 'http://127.0.0.1:9/'}"
    plugins = f"pager: {{module: trunkline_pager, accounts: {{main: {account}}}}}, mirror: {{module: trunkline_mirror}}"
    (tmp_path / "plugins.yaml").write_text(f"plugins: {{{plugins}}}\n")
    for package in ("trunkline-pager/trunkline_pager", "trunkline-mirror/trunkline_mirror"):
        (tmp_path / package).rename(tmp_path / Path(package).name)
    (tmp_path / "bots" / "default").mkdir(parents=True)
    (tmp_path / "bots" / "default" / "start.bas").write_text('TALK MIRROR("ana b")\n')
    assert run("check", "bots", cwd=tmp_path).stdout == "1 script, no errors\n"
    assert run("run", "bots/default", cwd=tmp_path).stdout == "b ana\n"
    assert "MIRROR value (plugin)" in run("keywords", cwd=tmp_path).stdout
    assert re.search(r"^pager +failed", run("plugins", cwd=tmp_path).stdout, re.M)
    assert re.search(r"^pager +on", run("plugins", "--dev", cwd=tmp_path).stdout, re.M)
