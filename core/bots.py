"""A bot as a value: its settings (config.csv) and its compiled release. Reading folders is the gateway's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from core import config_csv
from core.config_csv import listing, number, one_of, timezone, typed, whole
from core.errors import ConfigError
from interpreter.effects import Limits, Settings

if TYPE_CHECKING:
    from interpreter.program import Release

DAY = 86_400.0
SORRY = "Sorry, something went wrong."


class BotSettings(msgspec.Struct, frozen=True, kw_only=True):
    """config.csv, checked. Times are in seconds, sizes in bytes, rates per minute.

    :param config: every key of the file, normalised, as text: what ``GET "config", key`` reads.
    :param parameters: ``param-*`` without the prefix, typed.
    """

    session_timeout: float = 1800.0
    session_message_history: int = 50
    session_variable_limit: int = 1_048_576
    session_rate_limit: int = 60
    session_max_concurrent: int = 0  # 0: the server's
    session_create_rate_limit: int = 0  # 0: the server's
    session_anonymous_retention_days: float = 7.0
    token_lifetime_days: float = 90.0  # of a known person's tokens
    api_rate_limit: int = 0
    ws_per_address: int = 0
    upload_max_size: int = 10_485_760
    hear_timeout_secs: float = 0.0
    hear_max_retries: int = 3
    reply_timeout: float = 25.0
    outside_timeout: float = 60.0
    type_ahead: str = "answer"
    on_change: str = "finish_old"
    script_budget: int = 1_000_000
    start_dialog: str = "start"
    welcome_message: str = ""
    error_message: str = SORRY
    help_message: str = ""
    wait_message: str = "Please wait, I am still working on your last message."
    rate_message: str = "You are writing faster than I can read. Please wait a minute."
    answered_message: str = "That question has already been answered."
    command_words: tuple[str, ...] = ("/restart", "/help")
    opt_out_words: tuple[str, ...] = ("STOP",)
    opt_in_words: tuple[str, ...] = ("START",)
    allowed_origins: tuple[str, ...] = ()
    directline_secret: str = ""
    identity_secret: str = ""
    identity_jwks_url: str = ""
    identity_issuer: str = ""
    identity_audience: str = ""
    timezone: str = "UTC"
    default_language: str = "en"
    bot_name: str = ""
    theme_title: str = ""
    theme_color1: str = ""
    theme_color2: str = ""
    theme_logo: str = ""
    config: Mapping[str, str] = {}
    parameters: Mapping[str, Any] = {}
    messages: Mapping[str, str] = {}
    channels_off: frozenset[str] = frozenset()


READERS: Mapping[str, Callable[[str], Any]] = {
    "session-timeout": number(1, 366 * DAY, unit="seconds"),
    "session-message-history": whole(1, 1000),
    "session-variable-limit": whole(1024, 16_777_216, unit="bytes"),
    "session-rate-limit": whole(1, 100_000, unit="messages a minute"),
    "session-max-concurrent": whole(1, 1_000_000),
    "session-create-rate-limit": whole(1, 1_000_000, unit="sessions a minute"),
    "session-anonymous-retention-days": number(0.0001, 3660, unit="days"),
    "token-lifetime-days": number(0.0001, 3660, unit="days"),
    "api-rate-limit": whole(0, 1_000_000, unit="requests a minute"),
    "ws-per-address": whole(0, 100_000),
    "upload-max-size": whole(1, 1_073_741_824, unit="bytes"),
    "hear-timeout-secs": number(0, 366 * DAY, unit="seconds"),
    "hear-max-retries": whole(0, 100),
    "reply-timeout": number(0, 300, unit="seconds"),
    "outside-timeout": number(0.1, 600, unit="seconds"),
    "type-ahead": one_of("answer", "drop"),
    "on-change": one_of("finish_old", "restart"),
    "script-budget": whole(1000, 1_000_000_000, unit="units"),
    "start-dialog": str,
    "welcome-message": str,
    "error-message": str,
    "help-message": str,
    "wait-message": str,
    "rate-message": str,
    "answered-message": str,
    "command-words": listing,
    "opt-out-words": listing,
    "opt-in-words": listing,
    "allowed-origins": listing,
    "directline-secret": str,
    "identity-secret": str,
    "identity-jwks-url": str,
    "identity-issuer": str,
    "identity-audience": str,
    "timezone": timezone,
    "default-language": str,
    "bot-name": str,
    "theme-title": str,
    "theme-color1": str,
    "theme-color2": str,
    "theme-logo": str,
}

SYNONYMS = {
    "greeting": "welcome-message",
    "max-retries": "hear-max-retries",
    "theme-color": "theme-color1",
    "identity-jwks": "identity-jwks-url",
}

# Keys of General Bots packages that other parts read or that mean nothing here: no warning for them.
OTHER_KEYS = frozenset({
    "answer-mode", "api-base-url", "attachment-max-size", "bot-description", "data-retention-days",
    "download-link-expiry", "enable-audit-log", "goto-max-iterations", "history-limit", "http-allow-private",
    "loop-max-iterations", "max-context-messages", "package-max-size", "require-authentication",
    "script-max-size", "server-host", "server-port", "sites-root", "supported-languages", "system-prompt",
    "timeout-message", "user-file-count", "user-file-limit", "user-storage-quota",
})  # fmt: skip
OTHER_PREFIXES = (
    "api-", "attendant-", "bm25-", "channel-", "conn-", "crm-", "email-", "embedding-", "episodic-memory-",
    "hear-error-", "instagram-", "kb-", "llm-", "model-", "param-", "rag-", "rate-limit-", "sms-", "teams-",
    "telegram-", "twilio-", "user-memory-", "voice-", "website-", "whatsapp-",
)  # fmt: skip

# What packages set for parts of the original product that Trunkline lacks.
LACKING_PREFIXES = (
    "attendant-", "bm25-", "conn-", "crm-", "episodic-memory-", "instagram-", "llm-server", "telegram-",
)  # fmt: skip


def parse_config(
    text: str, path: str, *, overrides: Mapping[str, str] | None = None
) -> tuple[BotSettings, list[str]]:
    """Read a config.csv.

    :param path: for messages.
    :param overrides: keys that win over the file (the environment's ``TRUNKLINE_BOT_<BOT>__…``), as text.
    :returns: the settings and warnings about unknown and repeated keys.
    :raises ConfigError: a known key has a value outside its range; file, line, key and range are named.
    """
    pairs, warnings = config_csv.read_pairs(text, path)
    pairs = config_csv.with_overrides(pairs, overrides or {})
    values: dict[str, Any] = {}
    for key, (value, line) in pairs.items():
        name = SYNONYMS.get(key, key)
        read = READERS.get(name)
        if name.startswith(LACKING_PREFIXES):
            warnings.append(f"{path}:{line}: {key!r} has no effect: Trunkline has nothing that reads it")
        place = f"{path}:{line}" if line else f"environment, for {path}"
        if read is None:
            if name not in OTHER_KEYS and not name.startswith(OTHER_PREFIXES):
                warnings.append(f"{place}: unknown key {key!r}; ignored")
            continue
        try:
            values[name.replace("-", "_")] = read(value)
        except ValueError as error:
            raise ConfigError(f"{place}: {key} {error}, not {value[:40]!r}") from None
    lower_budget(pairs, values)
    config = {key: value for key, (value, _) in pairs.items()}
    settings = BotSettings(
        **values,
        config=config,
        parameters={
            key[6:].replace("-", "_"): typed(value)
            for key, value in config.items()
            if key.startswith("param-")
        },
        messages={key[11:]: value for key, value in config.items() if key.startswith("hear-error-")},
        channels_off=frozenset(
            key[8:]
            for key, value in config.items()
            if key.startswith("channel-") and value.lower() in config_csv.FALSE
        ),
    )
    return settings, warnings


def lower_budget(pairs: Mapping[str, tuple[str, int]], values: dict[str, Any]) -> None:
    """The loop and goto limits of General Bots can only lower the units of a step."""
    for key in ("loop-max-iterations", "goto-max-iterations"):
        text = pairs.get(key, ("", 0))[0]
        if text.isdecimal():
            budget = values.get("script_budget", BotSettings().script_budget)
            values["script_budget"] = max(1000, min(budget, int(text)))


@dataclass(frozen=True, kw_only=True, eq=False)
class Bot:
    """One bot as it runs now.

    :param release: its scripts, compiled; None if they do not compile and no earlier version did.
    :param error: why it is broken; "" if it is well.
    :param collections: names of its knowledge-base collections.
    :param prompt: PROMPT.md.
    :param theme: text of theme.css, or "".
    """

    name: str
    settings: BotSettings = field(default_factory=BotSettings)
    release: Release | None = None
    error: str = ""
    collections: frozenset[str] = frozenset()
    prompt: str = ""
    theme: str = ""

    @cached_property
    def script_settings(self) -> Settings:
        """What its scripts may know of config.csv; secrets are left out of ``GET "config"``."""
        s = self.settings
        return Settings(
            timezone=s.timezone,
            language=s.default_language,
            hear_max_retries=s.hear_max_retries,
            hear_timeout=s.hear_timeout_secs,
            config={key: value for key, value in s.config.items() if not is_secret(key)},
            parameters=s.parameters,
            messages=s.messages,
            limits=Limits(units=s.script_budget, variables=s.session_variable_limit),
        )

    @property
    def title(self) -> str:
        return self.settings.theme_title or self.settings.bot_name or self.name


def is_secret(key: str) -> bool:
    """Whether a config key's name says that its value must not be shown."""
    return key.endswith(("-secret", "-password", "-pass", "-token", "-key", "-sid")) or "password" in key


class Bots(Protocol):
    """The bots that are being served; replaced one by one when their files change."""

    def get(self, name: str) -> Bot:
        """:raises Refused: 404 ``E_BOT_UNKNOWN``, 503 ``E_BOT_BROKEN``."""
        ...

    def names(self) -> Sequence[str]: ...


__all__ = ("Bot", "BotSettings", "Bots", "ConfigError", "parse_config")
