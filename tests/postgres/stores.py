"""Stores on databases of the tests: the URL stands in a file of the test's folder, so that other processes find it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from core.postgres import PostgresStore
from core.sealing import Sealer
from core.store import Store

KEY = bytes(range(32))
URL = "database.url"


def make_store(folder: Path, **options: Any) -> PostgresStore:
    return PostgresStore((folder / URL).read_text(), sealer=Sealer(KEY), **options)


def on_postgres(folder: Path, sealer: Sealer) -> Store:
    return PostgresStore((folder / URL).read_text(), sealer=sealer)
