"""PostgreSQL keeps the store's contract."""

from __future__ import annotations

import pytest

from trunkline.testing.store import StoreContract


@pytest.mark.usefixtures("database")
class TestPostgresStore(StoreContract):
    factory = "tests.postgres.stores:make_store"
