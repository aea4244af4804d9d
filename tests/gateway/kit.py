"""Folders to load, and a real ``trunkline`` in a process of its own."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from gateway.config import Config, load

READY = re.compile(
    r"^Trunkline (\S+) ready: http://(\S+):(\d+)/ \(bots: (.*); channels on: (.*)\)$", re.MULTILINE
)
START_SECONDS = 30
COMMAND = (sys.executable, "-m", "trunkline")


def clean_environment(**more: str) -> dict[str, str]:
    """The process's environment without settings of Trunkline's."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRUNKLINE_")}
    return kept | more


def config_of(folder: Path, text: str = "", *, dev: bool = False, **environ: str) -> Config:
    """The settings of a ``plugins.yaml`` in *folder*."""
    path = folder / "plugins.yaml"
    path.write_text(text, "utf-8")
    return load(path, environ=environ, dev=dev)


def write_bot(bots: Path, name: str, start: str | None = 'TALK "Hello"', **files: str) -> Path:
    """A bot's folder. :param files: further files, by name with ``_`` for the dot: ``config_csv``."""
    folder = bots / name
    folder.mkdir(parents=True, exist_ok=True)
    if start is not None:
        (folder / "start.bas").write_text(start, "utf-8")
    for key, text in files.items():
        stem, _, suffix = key.rpartition("_")
        (folder / f"{stem}.{suffix}").write_text(text, "utf-8")
    return folder


def run(*arguments: str, cwd: Path, stdin: str = "", **environ: str) -> subprocess.CompletedProcess[str]:
    """One command, to its end."""
    return subprocess.run(
        [*COMMAND, *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        env=clean_environment(**environ),
        check=False,
    )


class Server:
    """``trunkline serve`` in *folder*, with its data and bots there; use as a context manager."""

    def __init__(self, folder: Path, *arguments: str, **environ: str) -> None:
        self.folder = folder
        self.arguments = arguments
        self.environ = environ
        self.errors = ""
        self.port = 0
        self.ready = ""
        self._output = threading.Condition()

    def __enter__(self) -> Server:
        self.errors = ""
        command = [*COMMAND, "serve", "--port", str(self.port), *self.arguments]
        self.process = subprocess.Popen(
            command,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=clean_environment(**self.environ),
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for("ready: ")
        found = READY.search(self.errors)
        assert found, self.errors
        self.ready, self.port = found[0], int(found[3])
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._output:
                self.errors += line
                self._output.notify_all()
        with self._output:
            self._output.notify_all()

    def wait_for(self, text: str, *, after: int = 0) -> None:
        """Until *text* is on standard error behind position *after*; fails if the process ends before."""
        with self._output:
            found = self._output.wait_for(
                lambda: text in self.errors[after:] or self.process.poll() is not None, timeout=START_SECONDS
            )
        assert found, f"{text!r} never came:\n{self.errors}"
        if text not in self.errors[after:]:
            self._reader.join()
            assert text in self.errors[after:], f"it ended:\n{self.errors}"

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Signal it and wait. :returns: the exit code."""
        self.process.send_signal(how)
        code = self.process.wait(timeout=40)
        self._reader.join()
        return code

    # --- talking to it ---

    def request(
        self, method: str, path: str, body: Any = None, *, token: str = "", **headers: str
    ) -> tuple[int, dict[str, str], Any]:
        """One request; a body that is no bytes goes as JSON, and JSON comes back decoded."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers=sent)
            answer = connection.getresponse()
            raw = answer.read()
            kind = answer.headers.get("Content-Type", "")
            decoded = json.loads(raw) if kind.startswith("application/json") else raw
            return answer.status, {name.lower(): value for name, value in answer.headers.items()}, decoded

    def raw(self, request: bytes, *, seconds: float = 10) -> bytes:
        """Bytes over a connection of their own, and all that comes back until it is closed or silent."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(request)
            received = b""
            with contextlib.suppress(TimeoutError, ConnectionResetError):
                while chunk := connection.recv(65_536):
                    received += chunk
            return received

    def open(self, bot: str = "default") -> dict[str, Any]:
        status, _, session = self.request("POST", "/api/session", {"bot": bot})
        assert status == 201, session
        return dict(session)

    def say(self, session: dict[str, Any], text: str) -> list[str]:
        """Send a text; what the bot answers."""
        status, _, answer = self.request("POST", "/api/chat", {"text": text}, token=session["token"])
        assert status == 200, answer
        return [message["text"] for message in answer["messages"]]


def status_of(raw: bytes) -> int:
    """The status of a raw HTTP answer; 0 if the connection was closed without one."""
    return int(raw.split(b" ", 2)[1]) if raw.startswith(b"HTTP/1.") else 0
