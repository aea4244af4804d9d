"""A General Bots package, as it comes: it serves, and ``check`` tells what it asks for in vain."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

from gateway.bots import BotFolders
from gateway.plugins import keyword_table
from tests.gateway.kit import Server, config_of, run

PACKAGE = Path(__file__).parent / "packages" / "School.gbai"


def place(folder: Path) -> Path:
    shutil.copytree(PACKAGE, folder / "bots" / "School.gbai")
    return folder


def test_a_package_serves_with_the_scripts_that_compile(tmp_path: Path) -> None:
    bots = BotFolders(config_of(place(tmp_path)), keyword_table())
    bots.load()
    bot = bots.get("school")
    assert bot.release is not None
    assert set(bot.release.programs) == {"start", "enroll"}  # poster.bas draws pictures
    assert bot.collections == {"rules", "fees"}
    assert bot.prompt.startswith("You are a patient")
    assert "--accent" in bot.theme
    settings = bot.settings
    assert (settings.session_timeout, settings.hear_max_retries, settings.theme_color1) == (900, 2, "green")
    assert settings.parameters == {"bot_title": "the school bot"}


def test_a_package_whose_first_script_does_not_compile_is_broken(tmp_path: Path) -> None:
    start = place(tmp_path) / "bots" / "School.gbai" / "anything.gbdialog" / "start.bas"
    start.write_text('PLAY "x"\n')
    bots = BotFolders(config_of(tmp_path), keyword_table())
    bots.load()
    (bot,) = bots.all()
    assert bot.release is None
    assert "PLAY is not part of Trunkline" in bot.error


def test_a_package_holds_its_conversation(tmp_path: Path) -> None:
    with Server(place(tmp_path)) as server:
        session = server.open("school")
        opened = [message["text"] for message in session["messages"]]
        assert opened == ["Welcome to the school!"]
        assert server.say(session, "enroll") == ["Who is to be enrolled?"]
        assert server.say(session, "ana souza") == ["Bye, enroll."]


def test_check_tells_what_a_package_asks_for_in_vain(tmp_path: Path) -> None:
    done = run("check", str(place(tmp_path) / "bots"), "--json", cwd=tmp_path)
    told = json.loads(done.stdout)
    files = {Path(file["path"]).name: file for file in told["files"]}
    assert {name: file["ok"] for name, file in files.items()} == {
        "start.bas": True, "enroll.bas": True, "poster.bas": False,
    }  # fmt: skip
    (config,) = told["settings"]
    assert (Path(config["path"]).name, config["ok"]) == ("config.csv", True)
    assert [(found["line"], found["message"]) for found in config["warnings"]] == [
        (11, "'telegram-bot-token' has no effect: Trunkline has nothing that reads it"),
        (12, "'llm-server' has no effect: Trunkline has nothing that reads it"),
        (13, "unknown key 'home-town'; ignored"),
    ]
    assert {found["code"] for found in config["warnings"]} == {"settings"}
    lacking = [w["message"] for w in files["enroll.bas"]["warnings"]]
    assert "SAVE is not available in this bot" in lacking
    assert [e["code"] for e in files["poster.bas"]["errors"]] == ["unsupported-keyword"]
    assert done.returncode == 65


def test_check_shows_the_line_of_a_setting_that_asks_in_vain(tmp_path: Path) -> None:
    done = run("check", "bots", cwd=place(tmp_path))
    config = Path("bots/School.gbai/other.gbot/config.csv")
    warning = "'llm-server' has no effect: Trunkline has nothing that reads it [settings]"
    assert f"{config}:12:1: warning: {warning}\n   12 | llm-server," in done.stdout
    assert done.stdout.endswith("3 scripts, 1 with errors\n")
