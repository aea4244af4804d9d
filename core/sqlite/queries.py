"""SQL by name: ``-- name: claim_heads`` begins a statement in one of the ``.sql`` files of this folder."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).parent
_MARK = "-- name: "


def load(file: str) -> dict[str, str]:
    """The statements of ``<file>.sql``, without comments that stand between them."""
    queries: dict[str, str] = {}
    for part in (_FOLDER / f"{file}.sql").read_text("utf-8").split(_MARK)[1:]:
        name, _, text = part.partition("\n")
        lines = (line for line in text.splitlines() if not line.startswith("--"))
        queries[name.strip()] = "\n".join(lines).strip().rstrip(";")
    return queries


def migrations() -> list[str]:
    """Scripts in their order: the n-th leads to ``user_version`` n."""
    return [path.read_text("utf-8") for path in sorted(_FOLDER.glob("migration_*.sql"))]
