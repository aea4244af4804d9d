"""The folders' rule: imports point inwards, and adapters know only the public face."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT = {
    "interpreter": {"interpreter"},
    "core": {"core", "interpreter"},
    "trunkline": {"trunkline", "core", "interpreter"},
    "adapters": {"adapters", "trunkline"},
    "gateway": {"gateway", "core", "interpreter", "trunkline"},
}
# The command-line module is where `python -m trunkline` enters; the published test kit starts real parts.
EXEMPT = {"trunkline/__main__.py"}
PURE = {
    "asyncio",
    "socket",
    "sqlite3",
    "aiohttp",
    "subprocess",
    "threading",
    "os",
    "pathlib",
    "secrets",
    "time",
}


def _imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def _files(folder: str) -> list[Path]:
    return [p for p in sorted((ROOT / folder).rglob("*.py")) if str(p.relative_to(ROOT)) not in EXEMPT]


@pytest.mark.parametrize("folder", sorted(MAY_IMPORT))
def test_imports_point_inwards(folder: str) -> None:
    ours = set(MAY_IMPORT)
    wrong = {
        str(path.relative_to(ROOT)): sorted(_imports(path) & ours - MAY_IMPORT[folder])
        for path in _files(folder)
        if _imports(path) & ours - MAY_IMPORT[folder]
    }
    assert wrong == {}


def test_the_interpreter_does_no_input_output_and_has_no_clock() -> None:
    wrong = {
        str(p.relative_to(ROOT)): sorted(_imports(p) & PURE)
        for p in _files("interpreter")
        if _imports(p) & PURE
    }
    assert wrong == {}
    drawn = [p for p in _files("interpreter") if "random" in _imports(p)]
    assert [p.name for p in drawn] == ["runtime.py"]
    assert (
        "from random import Random\n" in drawn[0].read_text()
    )  # a generator of its own, from the event's seed


def test_the_public_face_exports_exactly_what_it_lists() -> None:
    import trunkline

    assert trunkline.__all__ == sorted(trunkline.__all__)
    exported = {
        name for name, value in vars(trunkline).items()
        if not name.startswith("_") and not isinstance(value, type(sys))
    }  # fmt: skip
    assert exported == set(trunkline.__all__)
