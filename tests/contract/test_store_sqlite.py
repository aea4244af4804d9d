"""The embedded store keeps the store's contract."""

from __future__ import annotations

from trunkline.testing.store import StoreContract


class TestSqliteStore(StoreContract):
    factory = "trunkline.testing.store_values:sqlite_store"
