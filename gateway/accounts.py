"""Accounts: our own addresses on a channel, decoded by the adapter's own settings struct."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

import msgspec

from core.adapter import Account, Adapter
from core.bots import Bot
from core.errors import ConfigError
from gateway.config import Config, account_error

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

AccountKey = tuple[str, str]  # (adapter, account)


class Accounts(Protocol):
    """Where accounts are kept; ``off`` says why one is not."""

    adapters: dict[str, Adapter]
    accounts: dict[AccountKey, Account]
    off: dict[AccountKey, str]


def add_accounts(into: Accounts, config: Config, plugin: str) -> None:
    """Decode ``plugins.<plugin>.accounts``; those that name an unset variable are *off*.

    :raises ConfigError: naming file and path.
    """
    given = config.plugins[plugin].get("accounts") or {}
    switched_off = {account: why for (name, account), why in config.off.items() if name == plugin}
    if not given and not switched_off:
        return
    adapter = into.adapters.get(plugin) or next(iter(into.adapters.values()), None)
    if adapter is None:
        raise ConfigError(f"{config.source}: plugins.{plugin}.accounts: this plugin has no channel")
    for name, values in given.items():
        if not _NAME.fullmatch(name):
            path = f"{config.source}: plugins.{plugin}.accounts.{name}"
            raise ConfigError(f"{path}: an account's name is made of letters, digits, _ . and -")
        into.accounts[adapter.name, name] = _account(config, adapter, plugin, name, values or {})
    for name, why in switched_off.items():
        into.off[adapter.name, name] = why


def add_bot_accounts(into: Accounts, config: Config, bot: Bot) -> list[str]:
    """Make the accounts that a bot's config.csv asks for, named like the bot.

    An adapter's optional ``bot_keys`` maps keys of config.csv to fields of its account settings.

    :returns: warnings about those that are incomplete; they are off.
    """
    warnings: list[str] = []
    for adapter in into.adapters.values():
        keys: Mapping[str, str] = getattr(adapter, "bot_keys", {})
        values = {
            name: text for key, name in keys.items() if (text := bot.settings.config.get(key, "").strip())
        }
        place = (adapter.name, bot.name)
        if not values or place in into.accounts or place in into.off:
            continue
        try:
            into.accounts[place] = _account(
                config, adapter, adapter.name, bot.name, values | {"bot": bot.name}
            )
        except ConfigError as error:
            into.off[place] = f"config.csv is incomplete: {error.message.rpartition(': ')[2]}"
            warnings.append(f"bot {bot.name}: no {adapter.name} account from its config.csv: {error.message}")
    return warnings


def check_bots(accounts: Mapping[AccountKey, Account], bots: set[str], config: Config) -> None:
    """:raises ConfigError: an account names a bot that is not there."""
    for (adapter, name), account in accounts.items():
        if account.bot not in bots:
            path = f"{config.source}: plugins.{adapter}.accounts.{name}.bot"
            raise ConfigError(f"{path}: there is no bot {account.bot!r} in {config.bots}")


def _account(config: Config, adapter: Adapter, plugin: str, name: str, values: Mapping[str, Any]) -> Account:
    path = f"plugins.{plugin}.accounts.{name}"
    bot = values.get("bot", "default")
    if not isinstance(bot, str) or not bot:
        raise ConfigError(f"{config.source}: {path}.bot: must be the name of a bot")
    if not config.dev:
        _refuse_plain_http(values, f"{config.source}: {path}")
    own = {key: value for key, value in values.items() if key != "bot"}
    try:
        settings = msgspec.convert(own, adapter.settings, strict=False)
    except msgspec.ValidationError as error:
        raise account_error(config, plugin, name, error) from None
    if getattr(adapter, "needs_public_url", False) and not config.public_url:
        message = f"{config.source}: public_url: is required by {path}"
        raise ConfigError(message, hint="set it to the https:// address that the provider calls")
    return Account(name=name, bot=bot, settings=settings, public_url=config.public_url, dev=config.dev)


def _refuse_plain_http(values: Mapping[str, Any], path: str) -> None:
    for key, value in values.items():
        if isinstance(value, Mapping):
            _refuse_plain_http(value, f"{path}.{key}")
        elif isinstance(value, str) and str(key).endswith("url") and value.lower().startswith("http://"):
            raise ConfigError(f"{path}.{key}: must be https:// (plain http only with --dev)")
