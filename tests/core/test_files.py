"""Uploads: streamed, counted, kept under an id, served by a signed URL, gone with their session."""

from __future__ import annotations

import os
import time
import unicodedata
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refused
from core.failpoints import FailpointError, arm
from core.files import SESSION_BYTES, Files, display_name
from core.messages import Attachment
from core.records import Session, StoredFile
from core.sealing import Sealer
from core.sqlite import SqliteStore
from trunkline.testing.store_values import new_session, now

SEALER = Sealer(bytes(range(32)))
LIMIT = 10 * 1024 * 1024


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqliteStore]:
    store = SqliteStore(":memory:", sealer=SEALER)
    await store.open()
    yield store
    await store.close()


@pytest.fixture
async def session(store: SqliteStore) -> Session:
    return await store.create(new_session(), address=None, token=None)


@pytest.fixture
def files(tmp_path: Path, store: SqliteStore) -> Files:
    return Files(tmp_path / "files", store, SEALER, "https://bot.example/")


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def kept(
    files: Files, session: Session, *parts: bytes, name: str = "note.txt", mime: str = ""
) -> Attachment:
    return await files.keep(session.id, name, mime, chunks(*parts), LIMIT)


def asked(url: str) -> tuple[str, str, str]:
    split = urlsplit(url)
    query = parse_qs(split.query)
    return split.path.rpartition("/")[2], query["exp"][0], query["sig"][0]


def left(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


async def test_a_kept_file_is_opened_by_its_signed_url(
    files: Files, session: Session, store: SqliteStore
) -> None:
    file = await kept(files, session, b"hello ", b"world", name="../Bücher/nöte.txt", mime="text/plain")
    assert (file.name, file.mime, file.size) == ("nöte.txt", "text/plain", 11)
    url = files.signed_url(file)
    assert url.startswith("https://bot.example/files/")
    found, path = await files.open(*asked(url))
    assert found == file
    assert path.read_bytes() == b"hello world"
    assert path.stat().st_mode & 0o077 == 0
    assert await store.file_bytes(session.id) == 11


@pytest.mark.parametrize(
    "change",
    [
        lambda id, exp, sig: (id, str(int(exp) + 1), sig),
        lambda id, exp, sig: (id, exp, sig[:-4] + "AAAA"),
        lambda id, exp, sig: (id, exp, ""),
        lambda id, exp, sig: (id, exp, "ü" * 43),
        lambda id, exp, sig: (id, exp, "!"),
        lambda id, exp, sig: (id, "", sig),
        lambda id, exp, sig: (id, "-1", sig),
        lambda id, exp, sig: (id, "１" * 10, sig),
        lambda id, exp, sig: (id, "9" * 5000, sig),
        lambda id, exp, sig: ("0" * 32, exp, sig),
    ],
)
async def test_a_url_that_was_changed_opens_nothing(
    files: Files, session: Session, change: Callable[[str, str, str], tuple[str, str, str]]
) -> None:
    url = files.signed_url(await kept(files, session, b"x"))
    with pytest.raises(Refused) as refused:
        await files.open(*change(*asked(url)))
    assert (refused.value.status, refused.value.code) == (403, "E_SIGNATURE")


async def test_an_expired_url_opens_nothing(files: Files, session: Session) -> None:
    url = files.signed_url(await kept(files, session, b"x"), life=-1)
    with pytest.raises(Refused) as refused:
        await files.open(*asked(url))
    assert refused.value.code == "E_SIGNATURE"


@pytest.mark.parametrize("file_id", ["", "..", "../../etc/passwd", "A" * 32, "a" * 32 + "\n", "a" * 5000])
async def test_what_is_no_id_is_unknown(files: Files, file_id: str) -> None:
    with pytest.raises(Refused) as refused:
        await files.open(file_id, "9999999999", "x")
    assert (refused.value.status, refused.value.code) == (404, "E_FILE_UNKNOWN")


@pytest.mark.parametrize(
    ("parts", "mime", "code"),
    [
        ((b"x" * 1024,) * 10_241, "", "E_FILE_TOO_LARGE"),
        ((), "", "E_EMPTY"),
        ((b"<html>",), "image/png", "E_TYPE_MISMATCH"),
    ],
)
async def test_a_refused_file_leaves_nothing(
    files: Files, session: Session, parts: tuple[bytes, ...], mime: str, code: str
) -> None:
    with pytest.raises(Refused) as refused:
        await kept(files, session, *parts, mime=mime)
    assert refused.value.code == code
    assert left(files.path("x").parents[1].parent) == []


async def test_an_upload_that_breaks_off_leaves_nothing(
    files: Files, session: Session, tmp_path: Path
) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 500_000
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await files.keep(session.id, "a", "", broken(), LIMIT)
    assert left(tmp_path) == []


async def test_a_session_has_a_quota(files: Files, session: Session, store: SqliteStore) -> None:
    row = StoredFile(
        id="f", session_id=session.id, name="f", mime="", size=SESSION_BYTES - 5, created_at=now()
    )
    await store.add_file(row)
    await kept(files, session, b"12345")
    with pytest.raises(Refused) as refused:
        await kept(files, session, b"6")
    assert (refused.value.status, refused.value.code) == (413, "E_QUOTA")


async def test_files_go_with_their_session(
    files: Files, session: Session, store: SqliteStore, tmp_path: Path
) -> None:
    file = await kept(files, session, b"x")
    url = files.signed_url(file)
    await files.remove(await store.remove(session.id))
    assert left(tmp_path) == []
    with pytest.raises(Refused) as refused:
        await files.open(*asked(url))
    assert refused.value.code == "E_FILE_UNKNOWN"
    await files.remove([file.id, "../../etc/passwd"])


async def test_what_a_dead_process_left_is_cleared(files: Files, session: Session, tmp_path: Path) -> None:
    stays = await kept(files, session, b"stays")
    arm("file.before_row:raise")
    with pytest.raises(FailpointError):
        await kept(files, session, b"orphan")
    arm("")
    draft = tmp_path / "files" / "incoming" / "half"
    draft.write_bytes(b"half")
    assert await files.clear_drafts() == 0  # another process may be receiving it
    os.utime(draft, (time.time() - 3700,) * 2)
    assert await files.clear_drafts() == 1
    assert await files.remove_orphans() == 0
    for path in left(tmp_path):
        os.utime(path, (time.time() - 90_000,) * 2)
    assert await files.remove_orphans() == 1
    assert [path.name for path in left(tmp_path)] == [stays.id]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("x.php.jpg", "x.php.jpg"),
        ("a\0.txt", "a.txt"),
        ("..\\..\\win.ini", "win.ini"),
        ("/etc/passwd", "passwd"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("\u202egpj.exe", "gpj.exe"),
        ("a\u200b\u2066b\r\n.txt", "ab.txt"),
        ("e\u0301.txt", "é.txt"),
        ("", "file"),
        (".", "file"),
        ("..", "file"),
        ("   ", "file"),
        (".profile", ".profile"),
        ("\ud800.txt", "?.txt"),
    ],
)
def test_a_name_is_made_safe_to_show(name: str, shown: str) -> None:
    assert display_name(name) == shown


def test_a_long_name_keeps_its_extension() -> None:
    shown = display_name("ü" * 300 + ".docx")
    assert shown.endswith(".docx")
    assert len(shown.encode()) <= 255


@given(st.text(max_size=400))
def test_every_name_becomes_a_plain_one(name: str) -> None:
    shown = display_name(name)
    assert 0 < len(shown.encode()) <= 255
    assert not any(letter in "/\\" or unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in shown)
    assert shown not in (".", "..")
    assert display_name(shown) == shown
