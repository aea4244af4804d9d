"""Plugins: loaded one by one, from entry points or a local file; a bad one names itself and stays alone."""

from __future__ import annotations

import json
from importlib import metadata
from pathlib import Path

import pytest

from core.errors import ConfigError
from gateway.accounts import check_bots
from gateway.plugins import Plugin, Plugins, keyword_table, load_plugins
from tests.gateway.kit import config_of, run

CHANNEL = """
import msgspec
from trunkline import Capabilities, Parsed, Part, Route, Sent, hookimpl

trunkline_api = 1

class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    secret: str
    api_url: str = "https://provider.example"

class Pigeon:
    name = "pigeon"
    capabilities = Capabilities()
    settings = Settings
    needs_public_url = NEEDS
    bot_keys = {"pigeon-secret": "secret", "pigeon-url": "api_url"}
    def routes(self): return [Route(method="POST", path="/in")]
    async def verify(self, webhook, account): pass
    def parse(self, webhook, account): return Parsed()
    def render(self, outbound, capabilities): return []
    async def send(self, part, context): return Sent(provider_id="1")

@hookimpl
def register_adapters():
    return [Pigeon()]
"""


def load_modules(folder: Path, settings: str = "", **sources: str) -> Plugins:
    """Load local modules by name, each listed after ``web``."""
    lines = ["plugins:", "  web: {}"]
    for name, source in sources.items():
        (folder / f"{name}.py").write_text(source.replace("NEEDS", "False"), "utf-8")
        lines.append(f"  {name}: {{module: {name}{settings}}}")
    return load_plugins(config_of(folder, "\n".join(lines)))


def by_name(plugins: Plugins) -> dict[str, Plugin]:
    return {plugin.name: plugin for plugin in plugins.plugins}


def test_what_is_installed_but_not_listed_is_off(tmp_path: Path) -> None:
    plugins = load_plugins(config_of(tmp_path, "plugins: {}"))
    assert plugins.adapters == {}
    assert by_name(plugins)["web"].state == "off"
    assert "not listed" in by_name(plugins)["web"].reason


def test_what_is_listed_but_not_installed_has_failed_and_the_others_are_on(tmp_path: Path) -> None:
    plugins = by_name(load_plugins(config_of(tmp_path, "plugins: {nowhere: {}, web: {}}")))
    assert (plugins["nowhere"].state, plugins["web"].state) == ("failed", "on")
    assert "not installed" in plugins["nowhere"].reason


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("raise RuntimeError('no key')", "RuntimeError: no key"),
        ("import nothing_of_that_name", "failed to import: No module named 'nothing_of_that_name'"),
        ("def (", "failed to import: invalid syntax"),
        ("import sys; sys.exit(0)", "tried to end the program: 0"),
        ("x = 1", "has no hook implementations"),
        ("from trunkline import hookimpl\ntrunkline_api = 2\n@hookimpl\ndef register_adapters(): return []",
         "written for version 2"),
        ("from trunkline import hookimpl\n@hookimpl\ndef register_adaptors(): return []",
         "unknown hook 'register_adaptors'; did you mean register_adapters?"),
        ("from trunkline import hookimpl\n@hookimpl\ndef register_adapters(colour): return []", "colour"),
        ("from trunkline import hookimpl\n@hookimpl\nasync def register_adapters(): return []", "is async"),
        ("from trunkline import hookimpl\n@hookimpl\ndef register_adapters(): return [1 / 0]", "ZeroDiv"),
        ("from trunkline import hookimpl\n@hookimpl\ndef register_adapters(): return [object()]",
         "its adapter object lacks name, capabilities, settings, routes, verify, parse, render, send"),
        (CHANNEL.replace('name = "pigeon"', 'name = "web"'), "the adapter name web is taken"),
        (CHANNEL.replace('name = "pigeon"', 'name = "Carrier Pigeon"'), "is not a lower-case word"),
        (CHANNEL.replace("def parse", "async def parse"), "pigeon.parse is async"),
        ("from trunkline import hookimpl\n@hookimpl\ndef register_keywords(): return ['X']", "is no Keyword"),
        ("from trunkline import hookimpl\n@hookimpl\ndef register_validators(): return {'EMAIL': str}",
         "HEAR AS EMAIL is built in"),
    ],
)  # fmt: skip
def test_a_bad_plugin_says_why_and_does_not_take_the_others_down(
    tmp_path: Path, source: str, reason: str
) -> None:
    plugins = load_modules(tmp_path, bad=source, pigeon=CHANNEL)
    found = by_name(plugins)
    assert found["bad"].state == "failed"
    assert reason in found["bad"].reason
    assert (found["web"].state, found["pigeon"].state) == ("on", "on")
    assert list(plugins.adapters) == ["web", "pigeon"]
    assert not plugins.errors


KEYWORD = """
from trunkline import Keyword, hookimpl

@hookimpl
def register_keywords(settings):
    return [Keyword(phrase=settings.get("phrase", "SHOUT"), forms=("value",), effect="local",
                    handler=lambda host, value: value, description="x")]
"""


def test_a_plugin_gets_its_own_settings_only(tmp_path: Path) -> None:
    plugins = load_modules(tmp_path, settings=", phrase: WHISPER", quiet=KEYWORD)
    assert list(plugins.keywords) == ["WHISPER"]
    assert keyword_table(plugins).find("WHISPER") is not None


def test_two_plugins_cannot_define_one_keyword(tmp_path: Path) -> None:
    found = by_name(load_modules(tmp_path, one=KEYWORD, two=KEYWORD))
    assert (found["one"].state, found["two"].state) == ("on", "failed")
    assert "SHOUT is defined already" in found["two"].reason


def test_a_keyword_of_ours_cannot_be_defined_again(tmp_path: Path) -> None:
    found = by_name(load_modules(tmp_path, settings=", phrase: USE KB", bold=KEYWORD))
    assert found["bold"].state == "failed"


def test_every_kind_of_registration_is_collected(tmp_path: Path) -> None:
    source = """
from trunkline import hookimpl
@hookimpl
def register_stores(): return {"clay": dict}
@hookimpl
def register_validators(): return {"HEIGHT": lambda answer, settings: float(answer.text)}
@hookimpl
def register_transcribers(): return {"ear": str}
@hookimpl
def register_commands(group): group.add_command("added")
"""
    plugins = load_modules(tmp_path, all=source)
    assert (list(plugins.stores), list(plugins.validators), list(plugins.transcribers)) == (
        ["clay"], ["HEIGHT"], ["ear"],
    )  # fmt: skip
    assert len(plugins.commands) == 1
    assert len(by_name(plugins)["all"].hooks) == 4


# --- accounts -----------------------------------------------------------------------------------------------


def pigeon(folder: Path, account: str, *, needs: bool = False, dev: bool = False, top: str = "") -> Plugins:
    (folder / "pigeon.py").write_text(CHANNEL.replace("NEEDS", str(needs)), "utf-8")
    text = f"{top}\nplugins: {{pigeon: {{module: pigeon, accounts: {{main: {account}}}}}}}"
    return load_plugins(config_of(folder, text, dev=dev))


def test_an_account_is_decoded_by_its_adapter(tmp_path: Path) -> None:
    account = pigeon(tmp_path, "{bot: sales, secret: coo}", top="public_url: https://b.example").accounts[
        "pigeon", "main"
    ]
    assert (account.name, account.bot, account.settings.secret) == ("main", "sales", "coo")
    assert account.public_url == "https://b.example"


@pytest.mark.parametrize(
    ("account", "message"),
    [
        ("{}", "plugins.pigeon.accounts.main.secret: is required"),
        ("{secret: 5}", "plugins.pigeon.accounts.main.secret: expected `str`"),
        ("{secret: x, colour: red}", "plugins.pigeon.accounts.main.colour: unknown setting"),
        ("{secret: x, bot: 5}", "plugins.pigeon.accounts.main.bot: must be the name"),
        ("{secret: x, api_url: 'http://provider.example'}", "api_url: must be https://"),
    ],
)
def test_a_wrong_account_is_refused_with_file_and_path(tmp_path: Path, account: str, message: str) -> None:
    (error,) = pigeon(tmp_path, account).errors
    assert message in error.message
    assert str(tmp_path / "plugins.yaml") in error.message


def test_plain_http_to_a_provider_is_for_development(tmp_path: Path) -> None:
    account = "{secret: x, api_url: 'http://127.0.0.1:9'}"
    assert (
        pigeon(tmp_path, account, dev=True).accounts["pigeon", "main"].settings.api_url
        == "http://127.0.0.1:9"
    )


def test_a_channel_whose_provider_calls_us_needs_the_public_url(tmp_path: Path) -> None:
    (error,) = pigeon(tmp_path, "{secret: x}", needs=True).errors
    assert "public_url: is required by plugins.pigeon.accounts.main" in error.message


def test_an_account_that_is_off_is_no_error_and_says_why(tmp_path: Path) -> None:
    plugins = pigeon(tmp_path, '{secret: "${PIGEON_SECRET}"}', needs=True)
    assert plugins.accounts == {}
    assert plugins.off == {("pigeon", "main"): "PIGEON_SECRET is not set"}
    assert "PIGEON_SECRET is not set" in by_name(plugins)["pigeon"].reason
    assert not plugins.errors


def test_an_account_must_belong_to_a_bot_that_is_there(tmp_path: Path) -> None:
    plugins = pigeon(tmp_path, "{bot: nobody, secret: x}")
    with pytest.raises(ConfigError, match=r"accounts\.main\.bot: there is no bot 'nobody'"):
        check_bots(plugins.accounts, {"default"}, config_of(tmp_path))


def test_a_plugin_without_settings_has_none(tmp_path: Path) -> None:
    plugins = load_plugins(config_of(tmp_path, "plugins: {web: {colour: red}}"))
    assert "plugins.web.colour: unknown setting" in plugins.errors[0].message


def test_the_list_of_plugins_needs_no_secrets(tmp_path: Path) -> None:
    (tmp_path / "pigeon.py").write_text(CHANNEL.replace("NEEDS", "True"), "utf-8")
    (tmp_path / "plugins.yaml").write_text(
        "plugins:\n  web: {}\n  pigeon: {module: pigeon, accounts: {main: {secret: '${PIGEON_SECRET}'}}}\n"
    )
    done = run("plugins", "--json", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    listed = {plugin["name"]: plugin for plugin in json.loads(done.stdout)["plugins"]}
    assert set(listed["web"]) == {
        "name", "version", "distribution", "state", "reason", "adapters", "keywords", "hooks",
    }  # fmt: skip
    assert (listed["web"]["state"], listed["web"]["distribution"], listed["web"]["adapters"]) == (
        "on", "trunkline", ["web"],
    )  # fmt: skip
    assert listed["pigeon"]["state"] == "on"
    assert "PIGEON_SECRET" in listed["pigeon"]["reason"]
    assert listed["whatsapp"]["state"] == "off"


def test_without_its_entry_point_a_channel_is_gone_and_only_that_one(tmp_path: Path) -> None:
    # The first distribution of a name on the path is the one that counts: ours, less one line.
    ours = metadata.distribution("trunkline")
    folder = tmp_path / "site" / f"trunkline-{ours.version}.dist-info"
    folder.mkdir(parents=True)
    (folder / "METADATA").write_text(f"Metadata-Version: 2.1\nName: trunkline\nVersion: {ours.version}\n")
    kept = [point for point in ours.entry_points.select(group="trunkline") if point.name != "whatsapp"]
    lines = [f"{point.name} = {point.value}" for point in kept]
    (folder / "entry_points.txt").write_text("\n".join(["[trunkline]", *lines, ""]))
    (tmp_path / "plugins.yaml").write_text("plugins: {web: {}, whatsapp: {}, console: {}}")
    shown = run("plugins", "--json", cwd=tmp_path, PYTHONPATH=str(tmp_path / "site"))
    assert shown.returncode == 0, shown.stderr
    states = {plugin["name"]: plugin["state"] for plugin in json.loads(shown.stdout)["plugins"]}
    assert states == {"web": "on", "console": "on", "whatsapp": "failed"}
