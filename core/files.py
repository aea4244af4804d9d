"""Uploaded and fetched files: bytes under the data folder by a random id, a row in the store, signed URLs.

A file is synced and in its place before its row is committed; so a row never names a file that is not there.
"""

from __future__ import annotations

import asyncio
import base64
import os
import re
import secrets
import time
import unicodedata
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from core.errors import Refused
from core.failpoints import failpoint
from core.file_types import classify
from core.messages import Attachment
from core.records import StoredFile
from core.sealing import Sealer, sync_folder
from core.store import Store

URL_LIFE = 3600  # seconds
SESSION_BYTES = 200 * 1024 * 1024  # all files of one session
WRITE_BYTES = 256 * 1024
NAME_BYTES = 255
_ID = re.compile(r"[0-9a-f]{32}\Z")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)", re.IGNORECASE)
_DRAFTS = "incoming"


class Files:
    """:param root: folder of the files; made if it is absent.
    :param public_url: prefix of signed URLs; "" makes them paths.
    """

    def __init__(self, root: Path, store: Store, sealer: Sealer, public_url: str = "") -> None:
        self._root = root
        (root / _DRAFTS).mkdir(parents=True, exist_ok=True)
        self._store = store
        self._sealer = sealer
        self._public_url = public_url.rstrip("/")

    async def keep(
        self, session_id: str, name: str, mime: str, chunks: AsyncIterator[bytes], max_bytes: int
    ) -> Attachment:
        """Store what *chunks* bring. Nothing is left behind if it is refused or breaks off.

        :raises Refused: 413 ``E_FILE_TOO_LARGE`` or ``E_QUOTA``, 422 ``E_EMPTY``, and those of ``classify``.
        """
        room = SESSION_BYTES - await self._store.file_bytes(session_id)
        file_id = secrets.token_hex(16)
        draft = self._root / _DRAFTS / file_id
        try:
            size = await self._receive(draft, chunks, max_bytes, room)
            kind = await asyncio.to_thread(self._settle, draft, file_id, mime)
        except BaseException:
            await asyncio.to_thread(draft.unlink, missing_ok=True)
            raise
        failpoint("file.before_row")
        row = StoredFile(
            id=file_id,
            session_id=session_id,
            name=display_name(name),
            mime=kind,
            size=size,
            created_at=datetime.now(UTC),
        )
        await self._store.add_file(row)
        return _attachment(row)

    async def _receive(self, draft: Path, chunks: AsyncIterator[bytes], max_bytes: int, room: int) -> int:
        file = await asyncio.to_thread(_create, draft)
        size, waiting = 0, bytearray()
        try:
            async for chunk in chunks:
                size += len(chunk)
                if size > max_bytes:
                    raise Refused(413, "E_FILE_TOO_LARGE", f"A file may have {max_bytes:,} bytes.")
                if size > room:
                    raise Refused(
                        413, "E_QUOTA", f"The files of one session may have {SESSION_BYTES:,} bytes."
                    )
                waiting += chunk
                if len(waiting) >= WRITE_BYTES:
                    await asyncio.to_thread(file.write, bytes(waiting))
                    waiting.clear()
            if not size:
                raise Refused(422, "E_EMPTY", "The file is empty.")
            await asyncio.to_thread(_finish, file, bytes(waiting))
        finally:
            file.close()
        return size

    def _settle(self, draft: Path, file_id: str, mime: str) -> str:
        kind = classify(draft, mime)
        place = self.path(file_id)
        place.parent.mkdir(parents=True, exist_ok=True)
        os.rename(draft, place)
        sync_folder(place.parent)
        return kind

    def path(self, file_id: str) -> Path:
        """Where the bytes of *file_id* lie. The id is ours: 32 hexadecimal digits, never a person's word."""
        return file_path(self._root, file_id)

    # --- signed URLs ---

    def signed_url(self, attachment: Attachment, *, life: int = URL_LIFE) -> str:
        """A path, or with ``public_url`` a URL, that opens the file for *life* seconds."""
        expires = str(int(time.time()) + life)
        return (
            f"{self._public_url}/files/{attachment.id}?exp={expires}&sig={self._sign(attachment.id, expires)}"
        )

    async def open(self, file_id: str, expires: str, signature: str) -> tuple[Attachment, Path]:
        """:raises Refused: 403 ``E_SIGNATURE`` not signed by us, or expired; 404 ``E_FILE_UNKNOWN``."""
        if not _ID.match(file_id):
            raise Refused(404, "E_FILE_UNKNOWN", "There is no such file.")
        if not self._is_signed(file_id, expires, signature):
            raise Refused(403, "E_SIGNATURE", "The link is not valid or no longer valid.")
        row = await self._store.file(file_id)
        path = self.path(file_id)
        if row is None or not await asyncio.to_thread(path.is_file):
            raise Refused(404, "E_FILE_UNKNOWN", "There is no such file.")
        return _attachment(row), path

    def _sign(self, file_id: str, expires: str) -> str:
        code = self._sealer.hmac(f"file:{file_id}:{expires}".encode())
        return base64.urlsafe_b64encode(code).rstrip(b"=").decode()

    def _is_signed(self, file_id: str, expires: str, signature: str) -> bool:
        if not (expires.isascii() and expires.isdecimal() and len(expires) <= 12 and signature.isascii()):
            return False
        try:
            code = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
        except ValueError:
            return False
        return self._sealer.verify(f"file:{file_id}:{expires}".encode(), code) and int(expires) > time.time()

    # --- removal ---

    async def remove(self, file_ids: Iterable[str]) -> None:
        """Delete the bytes of rows that are gone."""

        def run() -> None:
            for file_id in file_ids:
                if _ID.match(file_id):
                    self.path(file_id).unlink(missing_ok=True)

        await asyncio.to_thread(run)

    async def clear_drafts(self, *, older_than: float = 3600.0) -> int:
        """Delete what a process left half received; what is younger may be another's that still receives it.

        :returns: how many.
        """

        def run() -> int:
            before = time.time() - older_than
            drafts = [entry for entry in os.scandir(self._root / _DRAFTS) if entry.stat().st_mtime < before]
            for draft in drafts:
                Path(draft).unlink(missing_ok=True)
            return len(drafts)

        return await asyncio.to_thread(run)

    async def remove_orphans(self, *, older_than: float = 86_400.0, limit: int = 1000) -> int:
        """Delete files whose row was never committed or is gone. :returns: how many."""

        def old() -> list[str]:
            before = time.time() - older_than
            found = (
                entry.name
                for folder in self._root.glob("[0-9a-f][0-9a-f]")
                for entry in os.scandir(folder)
                if _ID.match(entry.name) and entry.stat().st_mtime < before
            )
            return [name for name, _ in zip(found, range(limit), strict=False)]

        orphans = [name for name in await asyncio.to_thread(old) if await self._store.file(name) is None]
        await self.remove(orphans)
        return len(orphans)


def file_path(root: Path, file_id: str) -> Path:
    """Where a file lies under the folder of the files."""
    return root / file_id[:2] / file_id


def _create(draft: Path) -> IO[bytes]:
    return open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _finish(file: IO[bytes], rest: bytes) -> None:
    file.write(rest)
    file.flush()
    os.fsync(file.fileno())


def _attachment(row: StoredFile) -> Attachment:
    return Attachment(id=row.id, name=row.name, mime=row.mime, size=row.size)


def display_name(name: str) -> str:
    """*name* as it may be shown and saved: one path component, NFC, nothing invisible, 255 bytes."""
    name = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode())
    name = re.split(r"[/\\]", name)[-1]
    # Control and format characters: the latter turn "gpj.exe" around or hide parts of a name.
    name = "".join(letter for letter in name if unicodedata.category(letter) not in ("Cc", "Cf", "Zl", "Zp"))
    name = name.strip() if name.strip(". ") else ""
    if _RESERVED.match(name):
        name = f"_{name}"
    return _shortened(name) or "file"


def _shortened(name: str) -> str:
    """Cut in the middle, so that the extension stays."""
    if len(name.encode()) <= NAME_BYTES:
        return name
    stem, dot, extension = name.rpartition(".")
    if not dot or len(extension.encode()) > 16:
        stem, dot, extension = name, "", ""
    room = NAME_BYTES - len((dot + extension).encode())
    return stem.encode()[:room].decode("utf-8", "ignore") + dot + extension
