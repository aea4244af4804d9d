"""Files are what they say, and bombs are refused before anything is expanded."""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from pathlib import Path

import pytest

from core.errors import Refused
from core.file_types import ANYTHING, classify, image_size

OFFICE = "application/vnd.openxmlformats-officedocument."


def png(width: int = 10, height: int = 10) -> bytes:
    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x06\0\0\0"
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 41))
        + chunk(b"IEND", b"")
    )


def chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def jpeg(width: int, height: int, before: int = 0) -> bytes:
    """:param before: bytes of metadata in front of the frame header."""
    metadata = b""
    while before > 0:
        part = min(before, 60_000)
        metadata += b"\xff\xe1" + (part + 2).to_bytes(2, "big") + b"x" * part
        before -= part
    frame = b"\x08" + height.to_bytes(2, "big") + width.to_bytes(2, "big") + b"\x03" + b"\x01\x11\0" * 3
    return (
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01\x01\0\0\x01\0\x01\0\0"
        + metadata
        + b"\xff\xc0"
        + (len(frame) + 2).to_bytes(2, "big")
        + frame
        + b"\xff\xd9"
    )


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + width.to_bytes(2, "little") + height.to_bytes(2, "little") + b"\0\0\0;"


def webp(width: int, height: int) -> bytes:
    body = b"\0\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return b"RIFF\x1e\0\0\0WEBPVP8X\x0a\0\0\0" + body + b"VP8 " + b"\0" * 10


def archive(files: dict[str, bytes], *, links: tuple[str, ...] = ()) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in files.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o120777 if name in links else 0o100644) << 16
            made.writestr(info, content)
    return held.getvalue()


DOCX = archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})


def kind_of(tmp_path: Path, content: bytes, declared: str = "") -> str:
    path = tmp_path / "file"
    path.write_bytes(content)
    return classify(path, declared)


def refusal(tmp_path: Path, content: bytes, declared: str = "") -> tuple[int, str]:
    with pytest.raises(Refused) as refused:
        kind_of(tmp_path, content, declared)
    return refused.value.status, refused.value.code


@pytest.mark.parametrize(
    ("declared", "content"),
    [
        ("image/png", png()),
        ("image/jpeg", jpeg(10, 10)),
        ("image/jpeg", jpeg(10, 10, before=150_000)),
        ("image/gif", gif(1, 1)),
        ("image/webp", webp(10, 10)),
        ("application/pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
        ("audio/ogg", b"OggS\0\x02" + b"\0" * 20 + b"\x01OpusHead"),
        ("audio/mpeg", b"ID3\x03\0\0\0\0\0\0" + b"\0" * 100),
        ("audio/amr", b"#!AMR\n\x3c\0"),
        ("video/mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom"),
        ("video/3gpp", b"\0\0\0\x14ftyp3gp4\0\0\0\0"),
        ("text/plain", "Grüße\n\tan alle 😀".encode()),
        ("text/plain", "Windows".encode("utf-16")),
        ("text/csv", b"a;b\r\n1;\xfc\r\n"),
        ("text/vcard", b"BEGIN:VCARD\r\nEND:VCARD\r\n"),
        ("application/json", b'{"a": 1}'),
        ("application/zip", archive({"a.txt": b"hello"})),
        (f"{OFFICE}wordprocessingml.document", DOCX),
        ("application/gzip", gzip.compress(b"hello")),
    ],
)
def test_a_file_that_is_what_it_says_keeps_its_type(tmp_path: Path, declared: str, content: bytes) -> None:
    assert kind_of(tmp_path, content, declared) == declared


@pytest.mark.parametrize(
    ("declared", "expected", "content"),
    [
        ("image/jpg", "image/jpeg", jpeg(10, 10)),
        ("IMAGE/PNG; name=x", "image/png", png()),
        ("", "image/png", png()),
        ("", "text/plain", b"hello"),
        (ANYTHING, "application/pdf", b"%PDF-1.7\n\0"),
        (ANYTHING, f"{OFFICE}wordprocessingml.document", DOCX),
        (ANYTHING, "application/zip", archive({"a.txt": b"hello"})),
        ("application/x-unheard-of", ANYTHING, b"\0\x01\x02\x03 nothing known"),
        # What a browser would run is kept and served as text.
        ("text/html", "text/plain", b"<script>alert(1)</script>"),
        ("image/svg+xml", "text/plain", b"<svg onload='alert(1)'/>"),
        ("application/xml", "text/plain", b"<a/>"),
    ],
)
def test_other_names_are_understood(tmp_path: Path, declared: str, expected: str, content: bytes) -> None:
    assert kind_of(tmp_path, content, declared) == expected


@pytest.mark.parametrize(
    ("declared", "content"),
    [
        ("image/png", b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script></html>"),
        ("image/png", b"<html></html>"),
        ("image/png", jpeg(10, 10)),
        ("image/jpeg", b"\xff\xd8\xff<html>"),
        ("image/gif", b"GIF89a"),
        ("image/webp", b"RIFF\x10\0\0\0WEBPjunk"),
        ("application/pdf", b"hello"),
        ("application/zip", b"hello"),
        ("application/zip", b"PK\x03\x04 but no directory"),
        ("application/zip", DOCX[:-30]),
        (f"{OFFICE}wordprocessingml.document", archive({"a.txt": b"no document"})),
        (f"{OFFICE}spreadsheetml.sheet", DOCX),
        ("text/plain", b"MZ\x90\0\x03\0"),
        ("text/html", png()),
        ("application/json", b"\0"),
    ],
)
def test_a_file_that_is_something_else_is_refused(tmp_path: Path, declared: str, content: bytes) -> None:
    assert refusal(tmp_path, content, declared) == (415, "E_TYPE_MISMATCH")


@pytest.mark.parametrize("declared", ["image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", ""])
def test_an_image_of_too_many_pixels_is_refused_by_its_header(tmp_path: Path, declared: str) -> None:
    bmp = b"BM" + b"\0" * 12 + (40).to_bytes(4, "little") + (50_000).to_bytes(4, "little") * 2 + b"\0" * 28
    huge = {
        "image/png": png(50_000, 50_000),
        "image/jpeg": jpeg(50_000, 50_000),
        "image/gif": gif(50_000, 50_000),
        "image/webp": webp(50_000, 50_000),
        "image/bmp": bmp,
        "": png(50_000, 50_000),
    }
    assert refusal(tmp_path, huge[declared], declared) == (422, "E_IMAGE_LIMIT")


@pytest.mark.parametrize("declared", ["application/zip", f"{OFFICE}wordprocessingml.document", ""])
def test_archives_that_would_explode_or_escape_are_refused(tmp_path: Path, declared: str) -> None:
    document = {"word/document.xml": b"<w/>"}
    for content in (
        archive({**document, "bomb": b"\0" * 10_000_000}),
        archive({**document, **{f"{number}": b"" for number in range(1_000)}}),
        archive({**document, "../../evil": b"x"}),
        archive({**document, "/etc/passwd": b"x"}),
        archive({**document, "..\\evil": b"x"}),
        archive({**document, "link": b"/etc/passwd"}, links=("link",)),
    ):
        assert refusal(tmp_path, content, declared) == (422, "E_ARCHIVE_LIMIT")


def test_an_archive_in_an_archive_is_refused_and_a_gzip_bomb_as_well(tmp_path: Path) -> None:
    nested = archive({"inner.ZIP": archive({"a": b"x"})})
    assert refusal(tmp_path, nested, "application/zip") == (422, "E_ARCHIVE_LIMIT")
    bomb = gzip.compress(b"\0" * 10_000_000)
    assert refusal(tmp_path, bomb, "application/gzip") == (422, "E_ARCHIVE_LIMIT")


@pytest.mark.parametrize("declared", ["text/xml", "image/svg+xml", "text/plain", ""])
def test_xml_entities_are_refused(tmp_path: Path, declared: str) -> None:
    bomb = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "lol"><!ENTITY b "&a;&a;">]><l>&b;</l>'
    assert refusal(tmp_path, bomb, declared) == (422, "E_XML")


def test_sizes_are_read_from_headers() -> None:
    assert image_size(png(7, 9), "image/png") == (7, 9)
    assert image_size(jpeg(7, 9), "image/jpeg") == (7, 9)
    assert image_size(gif(7, 9), "image/gif") == (7, 9)
    assert image_size(webp(7, 9), "image/webp") == (7, 9)
    lossless = b"RIFF\x1e\0\0\0WEBPVP8L\x0a\0\0\0\x2f" + (6 | 8 << 14).to_bytes(4, "little")
    assert image_size(lossless, "image/webp") == (7, 9)
    lossy = b"RIFF\x1e\0\0\0WEBPVP8 \x0a\0\0\0\0\0\0\x9d\x01\x2a\x07\0\x09\0"
    assert image_size(lossy, "image/webp") == (7, 9)
