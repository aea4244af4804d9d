"""``trunkline export`` and ``import``: everything that a stopped server keeps, from one store into another."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from core.archive import folder as archive
from core.errors import ConfigError, TrunklineError
from core.files import file_path
from core.sealing import Sealer, sync_folder
from core.sqlite import archive as sqlite
from gateway.config import Config
from gateway.data_folder import held, make_data_folder
from gateway.serve import version
from gateway.storage import has_key, is_postgres, secret_key, sqlite_path

FILES = "files"
KEY_HINT = "set TRUNKLINE_SECRET_KEY to the key of the server that the archive came from"


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What was moved.

    :param missing: files that the store names and that are not in the data folder.
    """

    rows: dict[str, int]
    files: int
    missing: int


async def export(config: Config, folder: Path) -> Moved:
    """Write all that the store and the data folder hold into *folder*, which is made.

    :raises TrunklineError: a server is running; there is no store or no key; the folder is not empty.
    """
    key = _key(config)
    async with AsyncExitStack() as stack:
        if config.data.is_dir():
            stack.enter_context(held(config.data))
        source = await stack.enter_async_context(_reading(config))
        archive.create(folder)
        rows = await archive.write(folder, source)
        files, missing = _copy(archive.file_ids(folder), config.data / FILES, folder / FILES)
        archive.finish(folder, made_by=version(), key=_fingerprint(key), rows=rows, files=files)
    return Moved(rows=rows, files=files, missing=missing)


async def bring(config: Config, folder: Path) -> Moved:
    """Fill the empty store, and the data folder, with what *folder* holds. All rows come in or none.

    :raises TrunklineError: a server is running; the store holds something; it is no whole archive; its values are
        sealed with another key.
    """
    manifest = archive.open_archive(folder)
    if _fingerprint(_key(config)) != manifest.key:
        raise ConfigError(f"{folder} is sealed with another secret key", hint=KEY_HINT)
    make_data_folder(config.data)
    async with AsyncExitStack() as stack:
        stack.enter_context(held(config.data))
        target = await stack.enter_async_context(_filling(config))
        await archive.read(folder, manifest, target)
        files, missing = _copy(archive.file_ids(folder), folder / FILES, config.data / FILES)
        if files != manifest.files:
            raise TrunklineError(
                f"{folder / FILES} has {files} files, and the manifest says {manifest.files}"
            )
    return Moved(rows=manifest.rows, files=files, missing=missing)


# --- the store ---


@asynccontextmanager
async def _reading(config: Config) -> AsyncIterator[archive.Source]:
    if is_postgres(config):
        from core.postgres import archive as postgres  # noqa: PLC0415  asyncpg is loaded only where it is used

        async with postgres.reading(config.store) as source:
            yield source
        return
    _require_sqlite(config)
    if not sqlite_path(config).exists():
        raise TrunklineError(
            f"there is no database at {sqlite_path(config)}", hint="choose the data folder with --data"
        )
    with sqlite.reading(str(sqlite_path(config))) as rows:
        yield rows


@asynccontextmanager
async def _filling(config: Config) -> AsyncIterator[archive.Target]:
    if is_postgres(config):
        from core.postgres import archive as postgres  # noqa: PLC0415

        async with postgres.filling(config.store) as target:
            yield target
        return
    _require_sqlite(config)
    with sqlite.filling(str(sqlite_path(config))) as rows:
        yield rows


def _require_sqlite(config: Config) -> None:
    scheme = urlsplit(config.store).scheme
    if scheme != "sqlite":
        raise ConfigError(f"{config.source}: store: {scheme} can be neither exported nor filled")


# --- the key and the files ---


def _key(config: Config) -> bytes:
    if not has_key(config):
        raise ConfigError("there is no secret key", hint=KEY_HINT)
    return secret_key(config)


def _fingerprint(key: bytes) -> str:
    return Sealer(key).hmac(b"archive").hex()


def _copy(ids: list[str], source: Path, target: Path) -> tuple[int, int]:
    """:returns: how many were copied, and how many are not there."""
    copied = 0
    for file_id in ids:
        place = file_path(target, file_id)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            shutil.copyfile(file_path(source, file_id), place)
        except FileNotFoundError:
            continue
        _sync(place)
        copied += 1
    return copied, len(ids) - copied


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    sync_folder(path.parent)
