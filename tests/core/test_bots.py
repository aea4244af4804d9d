"""config.csv: loose keys, checked values, nothing silently lost."""

from __future__ import annotations

import pytest

from core.bots import Bot, BotSettings, parse_config
from core.errors import ConfigError


def settings(text: str, **overrides: str) -> BotSettings:
    return parse_config(
        text, "config.csv", overrides={key.replace("_", "-"): v for key, v in overrides.items()}
    )[0]


@pytest.mark.parametrize(
    "label", ["session-timeout", "Session Timeout", "session_timeout", "  SESSION  TIMEOUT "]
)
def test_a_key_may_be_written_loosely(label: str) -> None:
    assert settings(f"name,value\n{label}, 60 \n").session_timeout == 60


def test_blank_lines_comments_and_headers_say_nothing() -> None:
    parsed, warnings = parse_config("\ufeffkey,value\n\n# a,b\n,lonely\nsession-rate-limit,5\n", "config.csv")
    assert parsed.session_rate_limit == 5
    assert warnings == []


def test_a_value_keeps_its_commas() -> None:
    assert settings("error-message,Sorry, try later\n").error_message == "Sorry, try later"


def test_a_quoted_value_loses_its_quotes() -> None:
    assert settings('"error-message","Say ""please"""\n').error_message == 'Say "please"'


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "session-timeout,-5",
            "config.csv:2: session-timeout must be a number from 1 to 31622400 seconds, not '-5'",
        ),
        (
            "session-timeout,abc",
            "config.csv:2: session-timeout must be a number from 1 to 31622400 seconds, not 'abc'",
        ),
        (
            "hear-max-retries,1.5",
            "config.csv:2: hear-max-retries must be a whole number from 0 to 100, not '1.5'",
        ),
        ("type-ahead,maybe", "config.csv:2: type-ahead must be one of: answer, drop, not 'maybe'"),
        (
            "timezone,Mars/Olympus",
            "config.csv:2: timezone must be an IANA time zone such as Europe/Madrid, not",
        ),
        ("session-timeout,nan", "config.csv:2: session-timeout must be a number"),
    ],
)
def test_a_bad_value_is_refused_with_its_place_and_range(line: str, expected: str) -> None:
    with pytest.raises(ConfigError) as refusal:
        settings(f"name,value\n{line}\n")
    assert refusal.value.message.startswith(expected)


def test_a_nul_is_refused_with_its_line() -> None:
    with pytest.raises(ConfigError, match=r"config\.csv:1"):
        settings("session-timeout,6\0\n")


def test_unknown_and_repeated_keys_warn_and_the_last_one_counts() -> None:
    parsed, warnings = parse_config("colour,red\nsession-timeout,60\nsession timeout,90\n", "config.csv")
    assert parsed.session_timeout == 90
    assert [warning.split(": ")[0] for warning in warnings] == ["config.csv:3", "config.csv:1"]


def test_keys_of_other_parts_of_a_package_do_not_warn() -> None:
    assert parse_config("llm-url,http://x\nteams-app-id,7\nparam-x,1\n", "config.csv")[1] == []


def test_the_environment_wins_over_the_file() -> None:
    assert settings("session-timeout,60\n", session_timeout="90").session_timeout == 90


def test_parameters_lose_their_prefix_and_are_typed() -> None:
    parsed = settings("param-Max Items,3\nparam-rate,0.5\nparam-open,true\nparam-name,Ana\n")
    assert parsed.parameters == {"max_items": 3, "rate": 0.5, "open": True, "name": "Ana"}


def test_lists_are_written_with_semicolons_and_may_be_empty() -> None:
    assert settings("command-words,\nallowed-origins,https://a; https://b\n").command_words == ()
    assert settings("allowed-origins,https://a; https://b\n").allowed_origins == ("https://a", "https://b")


def test_loop_limits_can_only_lower_the_budget() -> None:
    assert settings("loop-max-iterations,5000\n").script_budget == 5000
    assert settings("loop-max-iterations,99999999\n").script_budget == 1_000_000


def test_error_texts_of_hear_types_are_found_by_their_kind() -> None:
    assert settings("hear-error-email,Not an address\n").messages == {"email": "Not an address"}


def test_scripts_cannot_read_secrets_of_the_configuration() -> None:
    parsed = settings("identity-secret,hush\nemail-password,hush\nbot-name,Ada\n")
    assert Bot(name="b", settings=parsed).script_settings.config == {"bot-name": "Ada"}


def test_channels_can_be_switched_off() -> None:
    assert settings("channel-whatsapp,disabled\nchannel-web,enabled\n").channels_off == {"whatsapp"}
