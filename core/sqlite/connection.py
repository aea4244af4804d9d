"""Opening the database file: who may, with which settings, in which shape. Runs in a worker's thread."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from pathlib import Path
from typing import IO, Literal
from urllib.parse import quote

from core.errors import ConfigError, StoreCorrupt, TrunklineError
from core.failpoints import failpoint
from core.sqlite.queries import migrations

Mode = Literal["ro", "rw", "rwc"]

MEMORY = ":memory:"
APPLICATION_ID = 0x54524B4C  # "TRKL" in the file's header
NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb2", "smb3", "smbfs", "ncpfs", "afs", "ceph", "glusterfs", "lustre", "gpfs")
)
_RUNNING, _CLEAN = b"running ", b"closed"

# What is said of a file, not of a statement: the outcome of a COMMIT that ends so is unknown.
STORAGE_FAILURES = frozenset(
    (
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_INTERRUPT,
        sqlite3.SQLITE_PERM,
    )
)
DAMAGE = frozenset((sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB))


def code(error: BaseException) -> int:
    """SQLite's primary result code; 0 if it is no error of SQLite's."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def is_storage_failure(error: BaseException) -> bool:
    return isinstance(error, OSError) or code(error) in STORAGE_FAILURES


def connect(path: str, *, synchronous: str = "FULL", mode: Mode = "rwc") -> sqlite3.Connection:
    """A connection with our settings; transactions are begun by hand.

    :param mode: SQLite's: read only, write what is there, or make the file if there is none.
    """
    name = path if path == MEMORY else f"file:{quote(path)}?mode={mode}"
    connection = sqlite3.connect(
        name,
        uri=path != MEMORY,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
        timeout=5.0,
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("PRAGMA cache_size = -16000")
        if mode != "ro":
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {synchronous}")
            # The writer checkpoints between batches, so that no COMMIT waits for it.
            connection.execute("PRAGMA wal_autocheckpoint = 0")
            connection.execute("PRAGMA journal_size_limit = 67108864")
    except BaseException:
        connection.close()
        raise
    return connection


class FileLock:
    """The one server of a database file: a lock on ``<file>.lock`` that ends with its process, in any way."""

    def __init__(self, path: str) -> None:
        self._path = f"{path}.lock"
        self._file: IO[bytes] | None = None
        self.was_unclean = False

    def take(self) -> None:
        """:raises ConfigError: another process has it, or the folder is not writable."""
        check_place(Path(self._path))
        file = open(os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b", buffering=0)  # noqa: SIM115
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            holder = file.read(64).removeprefix(_RUNNING).decode("ascii", "replace").strip()
            file.close()
            raise ConfigError(
                f"{self._path.removesuffix('.lock')} is in use by another server (process {holder or '?'})",
                hint="stop that server, or give this one a data folder of its own with --data",
            ) from None
        self._file = file
        self.was_unclean = file.read(64).startswith(_RUNNING)
        self._note(_RUNNING + str(os.getpid()).encode())

    def give_back(self, *, clean: bool) -> None:
        if self._file is not None:
            if clean:
                self._note(_CLEAN)
            self._file.close()
            self._file = None

    def _note(self, text: bytes) -> None:
        assert self._file is not None
        self._file.seek(0)
        self._file.truncate()
        self._file.write(text)


def check_place(path: Path) -> None:
    """:raises ConfigError: the folder cannot be written, or lies where SQLite's locks do not hold."""
    folder = path.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(folder, error) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise unwritable(folder, PermissionError("no permission to write"))
    kind = filesystem(folder)
    if kind in NETWORK:
        raise ConfigError(
            f"{folder} is on a network file system ({kind}), where SQLite can lose data",
            hint="choose a folder on a local disk with --data, or PostgreSQL with store: postgresql://…",
        )


def check_file(path: str) -> None:
    """:raises ConfigError: the file is there and cannot be used; SQLite would open it and fail later."""
    if path == MEMORY or not os.path.exists(path):
        return
    if not os.path.isfile(path):
        raise ConfigError(f"{path} is not a file", hint="choose another data folder with --data")
    if not os.access(path, os.R_OK | os.W_OK):
        raise ConfigError(
            f"{path} cannot be read and written by this user",
            hint=f"chown or chmod {path} and what lies beside it",
        )


def unwritable(folder: Path, error: BaseException) -> ConfigError:
    reason = getattr(error, "strerror", None) or str(error)
    return ConfigError(
        f"the data folder {folder} cannot be written: {reason}",
        hint="give this user the right to write there, or choose another folder with --data",
    )


def filesystem(folder: Path) -> str:
    """The type of the file system that holds *folder*; "" where it cannot be told.

    Source: proc(5), /proc/self/mountinfo: the fields after `` - `` begin with the type.
    """
    try:
        lines = Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape").splitlines()
    except OSError:
        return ""
    real, best, kind = os.path.realpath(folder), -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].encode("latin-1", "replace").decode("unicode_escape")
        inside = real == point or real.startswith(point.rstrip("/") + "/")
        if inside and len(point) >= best:
            best, kind = len(point), after.split(" ")[0]
    return kind


# --- shape ---


def prepare(connection: sqlite3.Connection, path: str) -> None:
    """Bring the schema to this program's version.

    :raises ConfigError: the file is newer, or another program's.
    """
    steps = migrations()
    version = check_shape(connection, path, len(steps))
    if 0 < version < len(steps):
        connection.execute("VACUUM INTO ?", (f"{path}.before-migration-{version + 1}",))
    for number, script in enumerate(steps[version:], version + 1):
        connection.executescript(f"BEGIN IMMEDIATE; {script}")
        failpoint("migrate.mid")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {number}")
        connection.execute("COMMIT")


def check_shape(connection: sqlite3.Connection, path: str, newest: int) -> int:
    """The schema's version. :raises ConfigError: it is newer than *newest*, or another program's."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    owner: int = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and owner != APPLICATION_ID:
        raise ConfigError(f"{path} is a database of another program", hint="choose another file in `store`")
    if version > newest:
        raise ConfigError(
            f"{path} has schema {version}, written by a newer Trunkline; this one knows {newest}",
            hint="install the newer version again, or restore the backup made before the upgrade",
        )
    return version


def check_log(path: str) -> str:
    """What to tell of the write-ahead log after a server has died; "" if it is where it died.

    The last connection that closes merges the log into the database and removes it with its index (``-shm``).
    An index without a log means that somebody removed the log alone.
    Source: sqlite.org/walformat.html, 1. Files on disk.

    :raises ConfigError: what was acknowledged last is lost unless the file comes back.
    """
    if path == MEMORY or not os.path.exists(path) or os.path.exists(f"{path}-wal"):
        return ""
    if os.path.exists(f"{path}-shm"):
        raise ConfigError(
            f"{path}-wal is missing: the last server died, and what it acknowledged last lies in that file",
            hint=f"put the file back; or restore a backup; or lose it: remove {path}-shm and start again",
        )
    return "unless another program has opened the database since, the messages acknowledged last are lost"


def check_integrity(connection: sqlite3.Connection, path: str) -> None:
    """:raises StoreCorrupt: pages are damaged."""
    if path == MEMORY:
        return
    try:
        problems = [row[0] for row in connection.execute("PRAGMA quick_check(3)")]
    except sqlite3.DatabaseError as error:
        problems = [str(error)]
    if problems != ["ok"]:
        raise damaged(path, "; ".join(problems))


def damaged(path: str, what: str) -> StoreCorrupt:
    return StoreCorrupt(
        f"{path} is damaged ({what}); nothing was changed",
        hint=f"stop the server and restore a backup: rm -f {path}-wal {path}-shm; cp BACKUP {path}; "
        f"or salvage what is readable: "
        f"sqlite3 {path} .recover | sqlite3 {path}.recovered",
    )


def explain(error: BaseException, path: str) -> TrunklineError:
    """An error while the database was opened, as what the operator must do."""
    if isinstance(error, TrunklineError):
        return error
    if code(error) in DAMAGE:
        return damaged(path, str(error))
    if code(error) == sqlite3.SQLITE_FULL:
        return ConfigError(f"no space left for {path}", hint="free some space on that disk")
    return unwritable(Path(path).parent, error)
