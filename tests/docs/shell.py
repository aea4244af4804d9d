"""Runs what a page prints."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.gateway.kit import clean_environment
from tests.postgres.fixtures import programs
from tests.postgres.server import Postgres


class Shell:
    """Runs printed commands, one after the other, and remembers what they export."""

    def __init__(self, server: Postgres, folder: Path) -> None:
        self._port = str(server.port)
        self._folder = folder
        here = f"{Path(sys.executable).parent}{os.pathsep}{programs()}{os.pathsep}{os.environ['PATH']}"
        self.environment = clean_environment(PATH=here)

    def run(self, block: str) -> str:
        """:returns: what the block's commands print; each must succeed."""
        commands = "\n".join(re.findall(r"^\$ (.+)$", block, re.M)).replace(
            "localhost:5432", f"localhost:{self._port}"
        )
        done = subprocess.run(
            ["bash", "-ec", f"{commands}\nenv -0 > environment"],
            cwd=self._folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        pairs = (self._folder / "environment").read_text().split("\0")
        self.environment = dict(pair.split("=", 1) for pair in pairs if pair)
        return done.stdout
