"""A PostgreSQL server of the tests' own: started as an unprivileged user, killed and started again at will."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
from pathlib import Path
from typing import Any

import asyncpg

USER = "postgres"
START_SECONDS = 30.0
# Nothing is lost when the processes die; only a power cut would need the disk to sync.
OPTIONS = {"fsync": "off", "full_page_writes": "off", "shared_buffers": "64MB", "max_connections": "100"}


class Postgres:
    """One cluster in a folder of its own, on a socket and on a TCP port of the loopback."""

    def __init__(self, programs: Path, **options: str) -> None:
        self._programs = programs
        self._options = OPTIONS | options
        self.folder = Path(tempfile.mkdtemp(prefix="trunkline-pg-"))
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self._process: subprocess.Popen[bytes] | None = None
        self._as_user: dict[str, Any] = {}
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            nobody = pwd.getpwnam("nobody")
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
            self._as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
        self._run(
            "initdb", "-D", "data", "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"
        )

    def _run(self, program: str, *arguments: str) -> None:
        done = subprocess.run(
            [str(self._programs / program), *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            **self._as_user,
        )
        assert done.returncode == 0, done.stderr

    def url(self, database: str = "postgres") -> str:
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    # --- life ---

    def start(self) -> None:
        settings = [word for name, value in self._options.items() for word in ("-c", f"{name}={value}")]
        deadline = time.monotonic() + START_SECONDS
        with (self.folder / "log").open("ab") as log:
            while True:
                command = [str(self._programs / "postgres"), "-D", "data", "-k", str(self.folder)]
                command += ["-h", "127.0.0.1", "-p", str(self.port), *settings]
                self._process = subprocess.Popen(
                    command, cwd=self.folder, stdout=log, stderr=log, start_new_session=True, **self._as_user
                )
                if self._answers(deadline):
                    return
                # The shared memory of a killed one is still held by its children for a moment.
                assert time.monotonic() < deadline, (self.folder / "log").read_text()

    def _answers(self, deadline: float) -> bool:
        assert self._process
        while self._process.poll() is None and time.monotonic() < deadline:
            if asyncio.run(_can_connect(self.url())):
                return True
        return False

    def kill(self) -> None:
        """As if the power of the database's machine had failed: no child sees its parent say goodbye."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """Disconnect everybody and stop."""
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait()
            self._process = None

    def destroy(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGQUIT)
            self._process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    # --- databases ---

    async def execute(self, statement: str, database: str = "postgres") -> Any:
        connection = await asyncpg.connect(self.url(database))
        try:
            return await connection.fetch(statement)
        finally:
            await connection.close()

    async def new_database(self, template: str = "template0") -> str:
        """The URL of a fresh database."""
        name = f"t{uuid.uuid4().hex[:12]}"
        await self.execute(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8'")
        return self.url(name)

    async def disconnect_all(self, url: str) -> int:
        """``pg_terminate_backend`` for every connection to the database of *url*; how many there were."""
        name = url.rpartition("/")[2]
        found = await self.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{name}' AND backend_type = 'client backend'"
        )
        return len(found)


async def _can_connect(url: str) -> bool:
    try:
        connection = await asyncpg.connect(url, timeout=2)
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        await asyncio.sleep(0.02)
        return False
    await connection.close()
    return True
