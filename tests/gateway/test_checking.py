"""``trunkline check``: which keywords a script may use, and what its bot lacks."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.gateway.kit import run, write_bot

ROOT = Path(__file__).parent.parent.parent
SHOUT = """
from trunkline import Keyword, hookimpl

@hookimpl
def register_keywords():
    return [Keyword(phrase="SHOUT", forms=("value",), effect="local", handler=lambda host, value: value,
                    description="Says it loudly.")]
"""


def test_our_own_examples_are_in_order() -> None:
    done = run("check", "examples", cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_the_keywords_are_those_of_the_nearest_settings(tmp_path: Path) -> None:
    for name in ("with", "without"):
        write_bot(tmp_path / name, "b", 'TALK SHOUT("hi")')
    (tmp_path / "with" / "shout.py").write_text(SHOUT)
    (tmp_path / "with" / "plugins.yaml").write_text("plugins: {shout: {module: shout}}")
    done = run("check", "with", "without", cwd=tmp_path)
    assert done.returncode == 65
    assert "2 scripts, 1 with errors" in done.stdout
    assert f"{Path('without/b/start.bas')}:1:6: error: SHOUT" in done.stdout


def test_a_plugin_that_failed_is_named(tmp_path: Path) -> None:
    write_bot(tmp_path, "b", 'TALK SHOUT("hi")')
    (tmp_path / "plugins.yaml").write_text("plugins: {shout: {module: shout}}")
    done = run("check", "b", cwd=tmp_path)
    assert "plugin shout failed: failed to import: No module named 'shout'" in done.stderr


NAMES = 'CALL "elsewhere"\nUSE KB "fees"\n'


@pytest.mark.parametrize(
    ("path", "source", "codes"),
    [
        ("bots/shop/start.bas", NAMES, ["missing-script", "missing-collection"]),
        ("shop/start.bas", NAMES, ["missing-script", "missing-collection"]),
        ("bots/shop/help.bas", 'TALK "hi"', ["missing-script"]),  # no start.bas
        ("loose/help.bas", 'USE KB "fees"', []),  # whose collections, nobody knows
    ],
)
def test_what_a_bot_does_not_have_is_a_warning(
    tmp_path: Path, path: str, source: str, codes: list[str]
) -> None:
    script = tmp_path / path
    script.parent.mkdir(parents=True)
    script.write_text(source)
    for argument in (".", path):
        done = run("check", "--json", argument, cwd=tmp_path)
        (file,) = json.loads(done.stdout)["files"]
        assert (done.returncode, file["ok"], file["errors"]) == (0, True, [])
        assert [warning["code"] for warning in file["warnings"]] == codes


def test_whatever_lies_there_is_reported_as_json(tmp_path: Path) -> None:
    write_bot(tmp_path, "large", 'TALK "é"\n' * 500_000)
    odd = write_bot(tmp_path, "odd")
    Path(os.fsdecode(os.fsencode(odd) + b"/\xff.bas")).write_text('TALK "hi"')
    done = run("check", "--json", ".", cwd=tmp_path)
    files = {file["path"]: file for file in json.loads(done.stdout)["files"]}
    assert done.returncode == 65
    assert [error["code"] for error in files["large/start.bas"]["errors"]] == ["script-too-large"]
    assert files["odd/\ufffd.bas"]["ok"]
    assert run("check", ".", cwd=tmp_path).stderr == ""


def test_what_config_csv_sets_is_set(tmp_path: Path) -> None:
    write_bot(tmp_path, "b", "TALK limit + rate")
    (tmp_path / "b" / "config.csv").write_text("Param-Limit,5\n")
    done = run("check", "b", cwd=tmp_path)
    assert f"{Path('b/start.bas')}:1:14: warning: rate is read but never set" in done.stdout
    assert "limit is read" not in done.stdout


def test_a_warning_about_a_bot_shows_no_line_of_a_script(tmp_path: Path) -> None:
    folder = tmp_path / "b"
    (folder / "kb").mkdir(parents=True)
    (folder / "help.bas").write_text('TALK "hi"')
    done = run("check", "b", cwd=tmp_path)
    assert done.stdout.splitlines()[:2] == [
        "warning: the bot b has no start.bas [missing-script]",
        "  hint: it begins there",
    ]
