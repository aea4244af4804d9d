"""Opening the store that the settings name: SQLite, or a scheme that a plugin registers."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from core.errors import ConfigError
from core.sealing import Sealer, load_or_create_key, parse_key
from core.sqlite import SqliteStore
from core.store import Store
from gateway.config import Config
from gateway.plugins import Plugins

KEY_FILE = "secret.key"


def secret_key(config: Config) -> bytes:
    """``TRUNKLINE_SECRET_KEY``, else the key in the data folder, made at the first start."""
    if config.secret_key:
        return parse_key(config.secret_key, "TRUNKLINE_SECRET_KEY")
    return load_or_create_key(config.data / KEY_FILE)


def make_store(config: Config, plugins: Plugins, key: bytes, *, read_only: bool = False) -> Store:
    """The store, not yet open.

    :param read_only: take no lock and write nothing: a server may be running over it.
    :raises ConfigError: nobody provides the scheme.
    """
    scheme = urlsplit(config.store).scheme
    if config.cache:
        raise _unavailable(config, "cache", urlsplit(config.cache).scheme)
    if scheme == "sqlite":
        return SqliteStore(sqlite_path(config), sealer=Sealer(key), read_only=read_only)
    factory = plugins.stores.get(scheme)
    if factory is None:
        raise _unavailable(config, "store", scheme)
    store: Store = factory(config.store, secret_key=key)
    return store


def sqlite_path(config: Config) -> Path:
    """The file of a ``sqlite:///`` store."""
    return Path(config.store.removeprefix("sqlite:///"))


def _unavailable(config: Config, setting: str, scheme: str) -> ConfigError:
    message = f"{config.source}: {setting}: the scheme {scheme!r} is not available in this version"
    hint = "leave it empty for the built-in one" + (
        ", or list a plugin that registers the scheme" if setting == "store" else ""
    )
    return ConfigError(message, hint=hint)
