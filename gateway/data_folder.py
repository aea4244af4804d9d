"""The data folder: for its owner only, and of one server at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import ConfigError

LOCK = "server.lock"


@contextmanager
def held(data: Path) -> Iterator[None]:
    """The folder is this process's, until it ends in whichever way. :raises ConfigError: another server has it."""
    file = os.open(data / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = os.read(file, 20).decode("ascii", "replace").strip() or "?"
            raise ConfigError(
                f"the data folder {data} is in use by another server (process {holder})",
                hint="stop that server, or give this one a data folder of its own with --data",
            ) from None
        os.ftruncate(file, 0)
        os.write(file, str(os.getpid()).encode())
        yield
    finally:
        os.close(file)


def make_data_folder(data: Path) -> None:
    """For the owner only. :raises ConfigError: it cannot be made."""
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        hint = "choose another with --data"
        raise ConfigError(f"the data folder {data} cannot be made: {error.strerror}", hint=hint) from None
