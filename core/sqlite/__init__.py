"""The embedded store: one SQLite file, one server process, one writer thread with group commit.

Rule of the folder: SQL stands in ``.sql`` files by name; only ``store.py`` knows the event loop.
"""

from core.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
