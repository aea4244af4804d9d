"""``check --channels``: which menus a channel will show as numbered text, and why."""

from __future__ import annotations

from pathlib import Path

from tests.gateway.kit import run, write_bot

SETTINGS = "plugins: {web: {}, whatsapp: {}}"


def test_menus_that_do_not_fit_a_channel_are_warned_about_only_when_asked(tmp_path: Path) -> None:
    (tmp_path / "plugins.yaml").write_text(SETTINGS)
    eleven = ", ".join(f'"{number}"' for number in range(11))
    start = (
        f'HEAR a AS "Yes", "No"\nHEAR b AS {eleven}\nHEAR c AS "Yes", "{"Perhaps " * 5}"\n'
        "list = [1]\nHEAR d AS MENU list[0]\nTALK a + b + c + d\n"
    )
    write_bot(tmp_path, "default", start)
    assert run("check", "default", cwd=tmp_path).stdout == "1 script, no errors\n"
    done = run("check", "--channels", "default", cwd=tmp_path)
    assert done.returncode == 0
    found = [line for line in done.stdout.splitlines() if "[menu-as-text]" in line]
    assert [line.split(": ")[0] for line in found] == ["default/start.bas:2:1", "default/start.bas:3:1"]
    assert "whatsapp shows this menu as numbered text: it has 11 choices" in found[0]
    assert "has 40 characters" in found[1]
