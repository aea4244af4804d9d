"""Bots from their folders: two layouts, one bad bot alone, and the last good version kept."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from core.errors import ConfigError, Refused
from gateway.bots import BotFolders
from gateway.plugins import keyword_table
from tests.gateway.kit import config_of, write_bot


def folders(folder: Path, **environ: str) -> BotFolders:
    return BotFolders(config_of(folder, **environ), keyword_table(), reserved={"widget.js", "spare"})


def loaded(folder: Path, **environ: str) -> BotFolders:
    bots = folders(folder, **environ)
    bots.load()
    return bots


def test_a_folder_is_a_bot(tmp_path: Path) -> None:
    bot = write_bot(
        tmp_path / "bots", "default", config_csv="name,value\ntimezone,Europe/Lisbon", PROMPT_md="Be kind.",
        theme_css="a{}", other_bas='TALK "x"',
    )  # fmt: skip
    (bot / "kb" / "manuals").mkdir(parents=True)
    found = loaded(tmp_path).get("default")
    assert found.release is not None
    assert set(found.release.programs) == {"start", "other"}
    assert found.settings.timezone == "Europe/Lisbon"
    assert (found.prompt, found.theme, found.collections) == ("Be kind.", "a{}", {"manuals"})


def test_a_general_bots_package_is_a_bot_as_it_is(tmp_path: Path) -> None:
    package = tmp_path / "bots" / "Announcements.gbai"
    for part in (".gbdialog/tools", ".gbot", ".gbkb/news", ".gbtheme"):
        (package / f"annoucements{part}").mkdir(parents=True)  # (sic: a part may be spelt unlike its package)
    (package / "annoucements.gbdialog" / "start.bas").write_text('TALK "News"')
    (package / "annoucements.gbdialog" / "tools" / "subscribe.bas").write_text('TALK "Done"')
    (package / "annoucements.gbot" / "config.csv").write_text(
        "name,value\nSession Timeout,300\nbot-name,Town crier\n"
    )
    (package / "annoucements.gbot" / "PROMPT.txt").write_text("Be brief.")
    (package / "annoucements.gbtheme" / "blue.css").write_text("b{}")
    found = loaded(tmp_path).get("announcements")
    assert found.release is not None
    assert set(found.release.programs) == {"start", "subscribe"}
    assert (found.settings.session_timeout, found.title) == (300, "Town crier")
    assert (found.prompt, found.theme, found.collections) == ("Be brief.", "b{}", {"news"})


def test_a_bot_that_is_not_there_is_unknown_whatever_it_is_called(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots", "default")
    bots = loaded(tmp_path)
    for name in ("DEFAULT", "x" * 300, "\U0001f600", "../default", "__proto__", "", "default\0"):
        with pytest.raises(Refused) as refused:
            bots.get(name)
        assert (refused.value.status, refused.value.code) == (404, "E_BOT_UNKNOWN")


def test_a_bot_that_never_compiled_is_broken_and_the_others_run(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots", "bad", "IF x THEN")
    write_bot(tmp_path / "bots", "good")
    bots = loaded(tmp_path)
    with pytest.raises(Refused) as refused:
        bots.get("bad")
    assert (refused.value.status, refused.value.code) == (503, "E_BOT_BROKEN")
    assert bots.get("good").release is not None
    assert bots.names() == ["bad", "good"]
    (error,) = [bot.error for bot in bots.all() if bot.error]
    assert "start.bas:1:1: error:" in error
    assert "^" in error


@pytest.mark.parametrize("name", ["api", "ws", "healthz", "channels", "spare"])
def test_a_bot_may_not_have_the_name_of_a_route(tmp_path: Path, name: str) -> None:
    write_bot(tmp_path / "bots", name)
    with pytest.raises(ConfigError, match="cannot be the name of a bot"):
        loaded(tmp_path)


def test_hidden_folders_files_and_strange_names_are_no_bots(tmp_path: Path) -> None:
    for name in (".git", "__pycache__", "Two Words", "default"):
        write_bot(tmp_path / "bots", name)
    (tmp_path / "bots" / "readme.txt").write_text("x")
    assert loaded(tmp_path).names() == ["default"]


def test_a_script_too_large_to_read_breaks_its_bot_alone(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots", "endless", 'TALK "é"\n' * 500_000)
    write_bot(tmp_path / "bots", "good")
    bots = loaded(tmp_path)
    assert bots.get("good").release is not None
    (endless, _) = bots.all()
    assert "script-too-large" in endless.error


def test_a_script_whose_name_is_no_text_is_left_out(tmp_path: Path) -> None:
    folder = os.fsencode(write_bot(tmp_path / "bots", "default"))
    Path(os.fsdecode(folder + b"/\xff\xfe.bas")).write_text('TALK "never"')
    release = loaded(tmp_path).get("default").release
    assert release is not None
    assert set(release.programs) == {"start"}


def test_a_missing_folder_of_bots_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read the bots' folder") as error:
        loaded(tmp_path)
    assert "trunkline new bot" in error.value.hint


def test_a_bad_value_in_config_csv_is_refused_at_start(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots", "default", config_csv="name,value\nsession-timeout,-5\n")
    with pytest.raises(ConfigError, match=r"config\.csv:2: session-timeout"):
        loaded(tmp_path)


def test_a_variable_wins_over_config_csv(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots", "my-bot", config_csv="name,value\nsession-timeout,300\n")
    bots = loaded(tmp_path, TRUNKLINE_BOT_MY_BOT__SESSION_TIMEOUT="77")
    assert bots.get("my-bot").settings.session_timeout == 77


# --- reloading ----------------------------------------------------------------------------------------------


def test_a_changed_script_is_taken_and_an_unchanged_one_left_alone(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots", "one")
    write_bot(tmp_path / "bots", "two")
    bots = loaded(tmp_path)
    before = bots.get("one"), bots.get("two")
    write_bot(tmp_path / "bots", "one", 'TALK "Changed"')
    assert bots.reload() == ["one"]
    assert bots.get("one").release is not before[0].release
    assert bots.get("two") is before[1]


def test_a_change_of_settings_keeps_the_compiled_release(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots", "one")
    bots = loaded(tmp_path)
    release = bots.get("one").release
    write_bot(tmp_path / "bots", "one", config_csv="name,value\nsession-timeout,300\n")
    assert bots.reload() == ["one"]
    assert bots.get("one").release is release
    assert bots.get("one").settings.session_timeout == 300


def test_a_script_that_no_longer_compiles_leaves_the_last_good_version(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots", "one")
    bots = loaded(tmp_path)
    release = bots.get("one").release
    write_bot(tmp_path / "bots", "one", "IF x THEN")
    bots.reload()
    assert bots.get("one").release is release
    assert "start.bas:1:1" in bots.get("one").error
    write_bot(tmp_path / "bots", "one", 'TALK "Mended"')
    bots.reload()
    assert bots.get("one").error == ""
    assert bots.get("one").release is not release


def test_a_bad_value_on_reload_leaves_the_last_good_version(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots", "one")
    bots = loaded(tmp_path)
    write_bot(tmp_path / "bots", "one", config_csv="name,value\nsession-timeout,soon\n")
    bots.reload()
    assert bots.get("one").release is not None
    assert "session-timeout" in bots.get("one").error


def test_bots_come_and_go(tmp_path: Path) -> None:
    first = write_bot(tmp_path / "bots", "one")
    bots = loaded(tmp_path)
    write_bot(tmp_path / "bots", "two")
    (first / "start.bas").unlink()
    first.rmdir()
    assert set(bots.reload()) == {"one", "two"}
    assert bots.names() == ["two"]


async def test_a_change_is_noticed_while_watching(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots", "one")
    bots = loaded(tmp_path)
    stop, changed = asyncio.Event(), asyncio.Event()
    watching = asyncio.create_task(bots.watch(stop, lambda names: changed.set()))
    async with asyncio.timeout(10):
        while not changed.is_set():  # the watcher needs a moment to begin; every try is another change
            write_bot(tmp_path / "bots", "one", f'TALK "Changed {asyncio.get_running_loop().time()}"')
            await asyncio.wait([asyncio.create_task(changed.wait())], timeout=0.7)
    stop.set()
    await watching


def test_service_paths_compile_where_the_bot_says_which_server_answers_them(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots", "default", 'x = GET "/api/orders"\ny = CALL "/close", x, 5\nTALK x + y')
    (tmp_path / "bots" / "default" / "config.csv").write_text("api-base-url,https://orders.example.com\n")
    write_bot(tmp_path / "bots", "other", 'x = GET "/api/orders"\nTALK x')
    found, broken = loaded(tmp_path).all()
    assert found.release is not None
    assert "A service path is not part of Trunkline" in broken.error
    assert "api-base-url" in broken.error
