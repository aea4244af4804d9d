"""docs/howto/whatsapp.md says what is so: its settings switch the account on, and its table is complete."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import msgspec

from adapters.whatsapp.settings import AccountSettings
from tests.adapters.serve_kit import ROOT
from tests.adapters.whatsapp.whatsapp_kit import ACCOUNT_SID, TOKEN

PAGE = (ROOT / "docs" / "howto" / "whatsapp.md").read_text(encoding="utf-8")
SECRETS = {"TWILIO_ACCOUNT_SID": ACCOUNT_SID, "TWILIO_AUTH_TOKEN": TOKEN}


def _trunkline(folder: Path, variables: Mapping[str, str], *command: str) -> str:
    """What a command prints beside the page's plugins.yaml."""
    found = re.search(r"^```yaml\n(.*?)^```", PAGE, re.M | re.S)
    assert found
    (folder / "plugins.yaml").write_text(found[1], encoding="utf-8")
    bot = folder / "bots" / "default"
    bot.mkdir(parents=True, exist_ok=True)
    (bot / "start.bas").write_text('TALK "Hello"\n')
    kept = {name: value for name, value in os.environ.items() if name not in SECRETS}
    done = subprocess.run(
        [sys.executable, "-m", "trunkline", *command],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(ROOT), **variables},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def _reason(folder: Path, variables: Mapping[str, str]) -> str:
    listed = json.loads(_trunkline(folder, variables, "plugins", "--json"))["plugins"]
    (whatsapp,) = [plugin for plugin in listed if plugin["name"] == "whatsapp"]
    return str(whatsapp["reason"])


def test_the_settings_as_printed_switch_the_account_on(tmp_path: Path) -> None:
    assert _reason(tmp_path, SECRETS) == ""
    assert "TWILIO_AUTH_TOKEN is not set" in _reason(tmp_path, {"TWILIO_ACCOUNT_SID": ACCOUNT_SID})
    checked = _trunkline(tmp_path, SECRETS, "doctor")
    assert "webhooks are signed for https://bot.example.com/channels/" in checked


def test_the_table_of_settings_is_complete_and_gives_the_defaults() -> None:
    section = PAGE.partition("\n## 2.")[2].partition("\n## 3.")[0]
    listed = {
        name: default.strip("`")
        for names, default in re.findall(r"^\| (`[^|]*`) \| ([^|]*?) ?\|", section, re.M)
        for name in re.findall(r"`(\w+)`", names)
    }
    shown_above = {"account_sid", "auth_token", "from", "provider"}
    fields = {field.encode_name: field for field in msgspec.structs.fields(AccountSettings)}
    assert set(listed) == set(fields) - shown_above
    for name in ("max_media_bytes", "timeout", "reconcile_after", "gap_fill", "gap_check", "list_button"):
        default = fields[name].default
        assert listed[name] == (default if isinstance(default, str) else f"{default:.0f}")
