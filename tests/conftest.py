"""What every folder's tests may use."""

from __future__ import annotations

from tests.postgres.fixtures import database, postgres

__all__ = ["database", "postgres"]
