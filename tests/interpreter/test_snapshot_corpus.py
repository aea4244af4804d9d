"""A conversation that waits in a snapshot of any earlier version goes on in this one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.interpreter.snapshot_corpus import CURRENT, KEPT, SCRIPTS, resume_each

FILES = sorted(KEPT.glob("*/*.bas"))


@pytest.mark.parametrize("path", FILES, ids=[f"{path.parent.name}/{path.stem}" for path in FILES])
def test_kept_snapshots_go_on(path: Path) -> None:
    assert resume_each(path) > 0


def test_the_current_version_is_kept() -> None:
    missing = [name for name in SCRIPTS if not (CURRENT / f"{name}.snapshots").exists()]
    assert not missing, "python -m tests.interpreter.snapshot_corpus"
