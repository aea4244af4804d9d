"""Finds the programs that stand around a server in production, or brings them from Debian (as root)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

# The program, and Debian's package that brings it.
PACKAGES = {"nginx": "nginx-light", "caddy": "caddy", "systemd-analyze": "systemd"}
_PATH = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/sbin"))


def find(name: str) -> str | None:
    return shutil.which(name, path=_PATH)


def install(name: str) -> str | None:
    """Find the program or bring it; None if that is not possible here."""
    if found := find(name):
        return found
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return None
    # The package would start a server of its own, on the ports of the machine.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    command = ("apt-get", "install", "-y", "--no-install-recommends", PACKAGES[name])
    for before in ((), ("apt-get", "update")):
        if before:
            subprocess.run(before, env=environment, capture_output=True, check=False)
        if subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0:
            break
    return find(name)


def program(name: str) -> str:
    """Where it is. Skips, but never where every test must run."""
    found = install(name)
    if found is None:
        reason = f"no {name} on this machine, and apt could not bring it"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return found


if __name__ == "__main__":
    for each in PACKAGES:
        where = install(each) if "--install" in sys.argv else find(each)
        print(where or f"no {each} can be had here: its tests will say that they were skipped")
