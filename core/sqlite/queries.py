"""The statements and migrations of this folder."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from core import sql

_FOLDER = Path(__file__).parent

load = partial(sql.load, _FOLDER)


def migrations() -> list[str]:
    """Scripts in their order: the n-th leads to ``user_version`` n."""
    return [path.read_text("utf-8") for path in sorted(_FOLDER.glob("migration_*.sql"))]
