"""The store of production: PostgreSQL through asyncpg, several nodes on one database.

Rule of the folder: SQL stands in ``.sql`` files by name; ``committer.py`` alone commits steps.
"""

from core.postgres.store import PostgresStore

__all__ = ["PostgresStore"]
