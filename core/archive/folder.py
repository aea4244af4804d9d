"""An archive on disk: a file of JSON lines a table, the files that people sent, and a manifest.

The manifest is written last and counts everything, so that half an archive is never taken for a whole one.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import msgspec

from core.archive.rows import TABLES, File, Row, Table
from core.errors import TrunklineError
from core.sealing import sync_folder

FORMAT = 1
MANIFEST = "manifest.json"
PORTION = 500  # rows

_encode = msgspec.json.Encoder().encode


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """:param key: tells which secret key sealed the values, and nothing about it.
    :param rows: how many there are, by table.
    :param files: how many files of people there are.
    """

    format: int
    made_at: datetime
    made_by: str
    key: str
    rows: dict[str, int]
    files: int


class Source(Protocol):
    def rows(self, table: Table) -> AsyncIterator[Sequence[Row]]:
        """All rows of a table in the order of its key, in portions."""
        ...


class Target(Protocol):
    async def add(self, table: Table, rows: Sequence[Row]) -> None: ...


def create(folder: Path) -> None:
    """:raises TrunklineError: it holds something, or cannot be made."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise TrunklineError(f"{folder} is not empty", hint="name a folder that does not exist yet")
    except OSError as error:
        raise TrunklineError(f"{folder} cannot be made: {error.strerror}") from None


async def write(folder: Path, source: Source) -> dict[str, int]:
    """Every table's rows. :returns: how many there are, by table."""
    counts = {}
    for table in TABLES:
        with _synced(_path(folder, table)) as handle, os.fdopen(handle, "wb", closefd=False) as file:
            count = 0
            async for rows in source.rows(table):
                file.writelines(_encode(row) + b"\n" for row in rows)
                count += len(rows)
        counts[table.name] = count
    return counts


def finish(folder: Path, *, made_by: str, key: str, rows: Mapping[str, int], files: int) -> None:
    """Write the manifest: from now on it is an archive."""
    manifest = Manifest(
        format=FORMAT, made_at=datetime.now(UTC), made_by=made_by, key=key, rows=dict(rows), files=files
    )
    draft = folder / f".{MANIFEST}"
    with _synced(draft) as handle:
        os.write(handle, msgspec.json.format(_encode(manifest)) + b"\n")
    draft.rename(folder / MANIFEST)
    sync_folder(folder)


def open_archive(folder: Path) -> Manifest:
    """:raises TrunklineError: it is none, or of a newer Trunkline."""
    try:
        manifest = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest)
    except FileNotFoundError:
        raise TrunklineError(
            f"{folder} is no archive: it has no {MANIFEST}", hint="was `trunkline export` cut off?"
        ) from None
    except OSError as error:
        raise TrunklineError(f"{folder / MANIFEST} cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise TrunklineError(f"{folder / MANIFEST} cannot be read: {error}") from None
    if manifest.format != FORMAT or set(manifest.rows) != {table.name for table in TABLES}:
        raise TrunklineError(
            f"{folder} was made by Trunkline {manifest.made_by} in a form that this version does not know",
            hint="import it with the version that made it",
        )
    return manifest


async def read(folder: Path, manifest: Manifest, target: Target) -> None:
    """Give every row to *target*. :raises TrunklineError: a line is damaged, or some are missing."""
    for table in TABLES:
        count = 0
        for rows in _portions(_path(folder, table), table):
            await target.add(table, rows)
            count += len(rows)
        if count != manifest.rows[table.name]:
            raise TrunklineError(
                f"{_path(folder, table)} has {count} rows, and the manifest says {manifest.rows[table.name]}"
            )


def file_ids(folder: Path) -> list[str]:
    """The files that the archive's rows name."""
    (table,) = (each for each in TABLES if each.row is File)
    return [
        row.id for rows in _portions(_path(folder, table), table) for row in rows if isinstance(row, File)
    ]


def _portions(path: Path, table: Table) -> Iterator[list[Row]]:
    decode = msgspec.json.Decoder(table.row).decode
    rows: list[Row] = []
    try:
        with path.open("rb") as lines:
            for number, line in enumerate(lines, 1):
                rows.append(_decoded(decode, line, f"{path}:{number}"))
                if len(rows) == PORTION:
                    yield rows
                    rows = []
    except OSError as error:
        raise TrunklineError(f"{path} cannot be read: {error.strerror}") from None
    if rows:
        yield rows


def _decoded(decode: Callable[[bytes], Row], line: bytes, place: str) -> Row:
    try:
        return decode(line)
    except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError) as error:
        raise TrunklineError(f"{place}: {error}") from None


def _path(folder: Path, table: Table) -> Path:
    return folder / f"{table.name}.jsonl"


class _synced:
    """A new file, for the owner only, that a power cut does not take."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)

    def __enter__(self) -> int:
        return self._handle

    def __exit__(self, *_: object) -> None:
        os.fsync(self._handle)
        os.close(self._handle)
