"""Opening the store that the settings name: SQLite, PostgreSQL, or a scheme that a plugin registers."""

from __future__ import annotations

import contextlib
from pathlib import Path
from urllib.parse import urlsplit

from core.code_cache import CODE_FOLDER, CodeCache
from core.errors import ConfigError
from core.sealing import Sealer, load_or_create_key, parse_key
from core.sqlite import SqliteStore
from core.store import Store
from gateway.config import Config
from gateway.plugins import Plugins, load_plugins
from interpreter.program import Compiler, compile_release

KEY_FILE = "secret.key"
POSTGRES = ("postgresql", "postgres")
KEY_HINT = "restore the file from the backup, or set TRUNKLINE_SECRET_KEY to the key"
KEY_NOTE = ("gateway", "secret key")  # in the store's cache: what tells the key without giving it away


def secret_key(config: Config) -> bytes:
    """``TRUNKLINE_SECRET_KEY``, else the key in the data folder, made at the first start.

    :raises ConfigError: it is no key; there is a database, but the key that it was written with is gone; or the
        nodes on a PostgreSQL database, whose key is theirs together, were not given it.
    """
    if config.secret_key:
        return parse_key(config.secret_key, "TRUNKLINE_SECRET_KEY")
    if is_postgres(config):
        raise ConfigError(
            "TRUNKLINE_SECRET_KEY is not set; with PostgreSQL every node needs the same key",
            hint="make one with openssl rand -base64 32, and give it to every node",
        )
    path = config.data / KEY_FILE
    if not path.exists() and config.store.startswith("sqlite:") and sqlite_path(config).exists():
        raise ConfigError(
            f"{path} is missing, and {sqlite_path(config)} holds what was sealed with it", hint=KEY_HINT
        )
    return load_or_create_key(path)


async def check_key(store: Store, key: bytes, *, note: bool = True) -> None:
    """See that the store is written with *key*.

    :param note: at the first start, write down which key it is.
    :raises ConfigError: it is written with another: waiting messages and secret answers could not be read.
    """
    mine = Sealer(key).hmac(b"which key").hex()
    known = await store.get_cache(*KEY_NOTE)
    if known is None and note:
        await store.put_cache(*KEY_NOTE, mine)
    elif known not in (None, mine):
        raise ConfigError("the secret key is not the one that this store was written with", hint=KEY_HINT)


def is_postgres(config: Config) -> bool:
    return urlsplit(config.store).scheme in POSTGRES


def has_key(config: Config) -> bool:
    """Whether the secret key can be had without making one."""
    return bool(config.secret_key) or (not is_postgres(config) and (config.data / KEY_FILE).exists())


def compiler_of(config: Config) -> Compiler:
    """The compiler, with what it has compiled kept in the data folder if there is one."""
    with contextlib.suppress(ConfigError):
        if config.data.is_dir() and has_key(config):
            return CodeCache(config.data / CODE_FOLDER, secret_key(config)).release
    return compile_release


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
    if is_postgres(config):
        from core.postgres import PostgresStore  # noqa: PLC0415  asyncpg is loaded only where it is used

        return PostgresStore(config.store, sealer=Sealer(key), migrate=config.migrate, read_only=read_only)
    factory = plugins.stores.get(scheme)
    if factory is None:
        raise _unavailable(config, "store", scheme)
    store: Store = factory(config.store, secret_key=key)
    return store


async def migrate(config: Config) -> str:
    """Apply every pending migration; says what was done.

    :raises TrunklineError: the database cannot be reached, is in use, or is newer than this program.
    """
    if is_postgres(config):
        from core.postgres.connections import Database  # noqa: PLC0415
        from core.postgres.migrating import migrate as apply  # noqa: PLC0415

        applied = await apply(Database(config.store), "all")
        return f"applied: {', '.join(map(str, applied))}" if applied else "nothing was pending"
    store = make_store(config, load_plugins(config), secret_key(config))
    await store.open()
    await store.close()
    return "the schema is this version's"


def sqlite_path(config: Config) -> Path:
    """The file of a ``sqlite:///`` store."""
    return Path(config.store.removeprefix("sqlite:///"))


def _unavailable(config: Config, setting: str, scheme: str) -> ConfigError:
    message = f"{config.source}: {setting}: the scheme {scheme!r} is not available in this version"
    hint = "leave it empty for the built-in one" + (
        ", or list a plugin that registers the scheme" if setting == "store" else ""
    )
    return ConfigError(message, hint=hint)
