"""Settings: where each value comes from, and what is said about one that is wrong."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from core.errors import ConfigError
from gateway.config import Config, load

FILES = Path(__file__).parent / "settings"
BROKEN = sorted((FILES / "broken").glob("*.yaml"))
ENVIRONMENT = {"TEST_EMPTY": "", "TEST_PLACEHOLDER": "change-me", "TEST_TAIL": "tail"}


def everything(**environ: str) -> Config:
    return load(FILES / "good" / "everything.yaml", environ=ENVIRONMENT | environ)


def write(folder: Path, text: str) -> Path:
    path = folder / "plugins.yaml"
    path.write_text(text, "utf-8")
    return path


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_is_refused_with_its_name_and_the_place(path: Path) -> None:
    expected = path.read_text("utf-8").splitlines()[0].removeprefix("# expect: ")
    with pytest.raises(ConfigError) as refused:
        load(path, environ=ENVIRONMENT)
    assert expected in refused.value.message
    assert str(path) in refused.value.message
    assert refused.value.exit_code == 78


def test_there_are_broken_files_to_try() -> None:
    assert len(BROKEN) > 20


def test_every_setting_of_a_file_arrives() -> None:
    config = everything()
    here = FILES / "good"
    assert (config.store, config.data, config.bots) == (
        f"sqlite:///{here}/kept/here.db", here / "kept", here / "my-bots",
    )  # fmt: skip
    assert config.public_url == "https://bot.example"
    assert [str(network) for network in config.trusted_proxies] == ["10.0.0.0/8", "::1/128"]
    assert (config.server.host, config.server.port) == ("0.0.0.0", 9000)
    assert (config.server.session_max_concurrent, config.server.session_create_rate_limit) == (7, 3)
    assert config.operator.port == 9100


def test_without_a_file_the_defaults_hold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = load(environ={})
    assert (config.data, config.bots, config.server.port) == (tmp_path / "data", tmp_path / "bots", 8080)
    assert config.store == f"sqlite:///{tmp_path}/data/trunkline.db"
    assert list(config.plugins) == ["web"]


def test_an_empty_file_says_nothing(tmp_path: Path) -> None:
    assert list(load(FILES / "good" / "empty.yaml", environ={}).plugins) == ["web"]


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"cannot read .*nowhere\.yaml"):
        load(tmp_path / "nowhere.yaml", environ={})


# --- precedence ---------------------------------------------------------------------------------------------


def test_the_command_line_wins_over_the_environment_and_that_over_the_file() -> None:
    path = FILES / "good" / "everything.yaml"
    environ = {"TRUNKLINE_SERVER__PORT": "9001"}
    assert load(path, environ={}).server.port == 9000
    assert load(path, environ=environ).server.port == 9001
    assert load(path, environ=environ, options={"server.port": 9002}).server.port == 9002
    assert load(path, environ=environ, options={"server.port": None}).server.port == 9001


def test_store_cache_and_data_have_short_variables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = everything(TRUNKLINE_STORE="sqlite:///own.db", TRUNKLINE_CACHE="redis://x", TRUNKLINE_DATA="own")
    assert config.store == f"sqlite:///{tmp_path}/own.db"
    assert config.cache == "redis://x"
    assert config.data == tmp_path / "own"


def test_paths_of_the_command_line_are_relative_to_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = load(FILES / "good" / "everything.yaml", environ={}, options={"data": "d", "bots": "b"})
    assert (config.data, config.bots) == (tmp_path / "d", tmp_path / "b")


def test_the_store_follows_the_data_folder(tmp_path: Path) -> None:
    config = load(FILES / "good" / "empty.yaml", environ={}, options={"data": str(tmp_path)})
    assert config.store == f"sqlite:///{tmp_path}/trunkline.db"


def test_a_variable_reaches_into_an_account() -> None:
    config = everything(
        TEST_SID="AC1", TEST_TOKEN="t", TRUNKLINE_PLUGINS__WHATSAPP__ACCOUNTS__MAIN__AUTH_TOKEN="other"
    )
    assert config.plugins["whatsapp"]["accounts"]["main"]["auth_token"] == "other"


def test_a_wrong_variable_is_named_itself() -> None:
    with pytest.raises(ConfigError, match=r"TRUNKLINE_SERVER__PORT \(server.port\): expected `int`"):
        everything(TRUNKLINE_SERVER__PORT="http")
    with pytest.raises(ConfigError, match=r"TRUNKLINE_SERVER__PRT \(server.prt\): unknown setting"):
        everything(TRUNKLINE_SERVER__PRT="1")


def test_a_variable_that_is_no_setting_is_only_warned_about() -> None:
    """Kubernetes sets TRUNKLINE_PORT=tcp://… for a service of that name."""
    assert any(
        "TRUNKLINE_PORT" in warning for warning in everything(TRUNKLINE_PORT="tcp://10.0.0.1:80").warnings
    )


def test_lists_in_variables_are_separated_by_commas() -> None:
    config = everything(TRUNKLINE_TRUSTED_PROXIES="10.1.0.0/16, 10.2.0.1")
    assert [str(network) for network in config.trusted_proxies] == ["10.1.0.0/16", "10.2.0.1/32"]


def test_keys_of_config_csv_can_be_set_by_variable() -> None:
    config = everything(TRUNKLINE_BOT_MY_BOT__SESSION_TIMEOUT="60", TRUNKLINE_BOT_OTHER__TIMEZONE="UTC")
    assert config.overrides_of("my-bot") == {"session-timeout": "60"}
    assert config.overrides_of("default") == {}
    (lost,) = config.lost_variables(["my-bot", "default"])
    assert "TRUNKLINE_BOT_OTHER__" in lost


# --- secrets ------------------------------------------------------------------------------------------------


def test_an_account_that_names_an_unset_variable_is_off_and_the_others_are_on() -> None:
    config = everything()
    assert config.off == {("whatsapp", "main"): "TEST_SID is not set"}
    assert config.plugins["whatsapp"]["accounts"] == {
        "second": {"bot": "sales", "account_sid": "AC2", "auth_token": "fixed-tail"}
    }


def test_a_variable_may_be_read_from_a_file(tmp_path: Path) -> None:
    secret = tmp_path / "token"
    secret.write_text("from a file\n")
    secret.chmod(0o600)
    config = everything(TEST_SID="AC1", TEST_TOKEN_FILE=str(secret))
    assert config.plugins["whatsapp"]["accounts"]["main"]["auth_token"] == "from a file"
    assert not config.warnings
    secret.chmod(0o644)
    assert any("chmod 600" in w for w in everything(TEST_SID="AC1", TEST_TOKEN_FILE=str(secret)).warnings)


def test_a_setting_may_be_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "port"
    path.write_text("9007\n")
    path.chmod(0o600)
    assert everything(TRUNKLINE_SERVER__PORT_FILE=str(path)).server.port == 9007
    with pytest.raises(ConfigError, match="TRUNKLINE_SERVER__PORT_FILE: cannot read"):
        everything(TRUNKLINE_SERVER__PORT_FILE=str(tmp_path / "nowhere"))


def test_a_secret_does_not_show_in_the_settings_repr() -> None:
    assert "hush" not in repr(everything(TEST_SID="AC1", TEST_TOKEN="hush", TRUNKLINE_SECRET_KEY="hush"))


def test_a_dollar_in_a_variable_is_left_alone() -> None:
    config = everything(TEST_SID="AC1", TEST_TOKEN="pa${TEST_SID}ss")
    assert config.plugins["whatsapp"]["accounts"]["main"]["auth_token"] == "pa${TEST_SID}ss"


@pytest.mark.parametrize("value", ["", "changeme", "<your key>"])
def test_a_secret_key_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(ConfigError, match="TRUNKLINE_SECRET_KEY"):
        everything(TRUNKLINE_SECRET_KEY=value)


def test_plain_http_is_for_development_and_this_machine(tmp_path: Path) -> None:
    path = write(tmp_path, "public_url: http://bot.example\n")
    assert load(path, environ={}, dev=True).public_url == "http://bot.example"
    path = write(tmp_path, "public_url: http://127.0.0.1:8080\n")
    assert load(path, environ={}).public_url == "http://127.0.0.1:8080"


def test_the_file_in_the_repository_shows_every_setting() -> None:
    root = Path(__file__).parents[2]
    config = load(root / "plugins.yaml", environ={})
    assert list(config.plugins) == ["web"]
    text = (root / "plugins.yaml").read_text("utf-8")

    def names(node: Any) -> set[str]:
        return set(getattr(node, "__struct_fields__", ()))

    for name in ("store", "cache", "data", "bots", "public_url", "trusted_proxies", "migrate", "plugins"):
        assert f"\n{name}:" in text
    for name in names(config.server) | names(config.operator):
        assert f"  {name}:" in text


def test_the_environment_of_the_process_is_the_default(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(os.environ, "TRUNKLINE_SERVER__PORT", "9100")
    assert load(write(tmp_path, "")).server.port == 9100
