"""A real ``trunkline serve`` in a process of its own, on a port and a data folder of its own."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

READY = re.compile(r"ready: http://127\.0\.0\.1:(\d+)/")
CONFIG = "plugins:\n  web: {}\n"


class Gateway:
    """Start it, kill it, start it again: the port stays the same."""

    def __init__(self, folder: Path, bots: Path) -> None:
        self.folder = folder
        self.bots = bots
        self.port = 0
        self.lines: list[str] = []
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        config = self.folder / "plugins.yaml"
        config.write_text(CONFIG)
        command = [
            sys.executable,
            "-m",
            "trunkline",
            "serve",
            "--config",
            str(config),
            "--bots",
            str(self.bots),
        ]
        command += ["--data", str(self.folder / "data"), "--port", str(self.port), "--dev"]
        # A folder of its own as the working one: whatever lies in the checkout plays no part.
        self._process = subprocess.Popen(
            command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self.lines.append(line)
            if found := READY.search(line):
                self.port = int(found[1])
                threading.Thread(target=self.lines.extend, args=(self._process.stderr,), daemon=True).start()
                return
        raise AssertionError("the gateway did not start:\n" + "".join(self.lines[-30:]))

    def kill(self) -> None:
        """As a power cut would: no chance to say goodbye."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.send_signal(how)
        try:
            process.wait(timeout=40)
        finally:
            process.kill()
            if process.stderr is not None:
                process.stderr.close()
