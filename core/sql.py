"""SQL by name: ``-- name: claim_heads`` begins a statement in one of the ``.sql`` files of a store's folder."""

from __future__ import annotations

from pathlib import Path

_MARK = "-- name: "


def load(folder: Path, file: str) -> dict[str, str]:
    """The statements of ``<file>.sql``, without comments that stand between them."""
    queries: dict[str, str] = {}
    for part in (folder / f"{file}.sql").read_text("utf-8").split(_MARK)[1:]:
        name, _, text = part.partition("\n")
        lines = (line for line in text.splitlines() if not line.startswith("--"))
        queries[name.strip()] = "\n".join(lines).strip().rstrip(";")
    return queries
