"""What a file really is, and whether it is safe to keep: magic bytes against the type, bombs by headers.

Nothing is expanded or decoded here: archives are judged by their directory, images by their header.
Runs in a thread; pure but for reading the file.
"""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

import puremagic

from core.errors import Refused

HEAD = 65_536  # bytes that are looked at for magic and image headers
MAX_PIXELS: Final = 40_000_000
MAX_ENTRIES: Final = 1_000
MAX_RATIO: Final = 100
MAX_EXPANDED: Final = 100 * 1024 * 1024  # bytes

ANYTHING = "application/octet-stream"
TEXT = "text/plain"
_OFFICE = "application/vnd.openxmlformats-officedocument."

# Type -> the extensions by which puremagic names it. Several types may share a container.
_BINARY: dict[str, frozenset[str]] = {
    mime: frozenset(extensions.split())
    for mime, extensions in {
        "image/png": ".png",
        "image/jpeg": ".jpg .jpeg .jfif .jpe",
        "image/gif": ".gif",
        "image/webp": ".webp",
        "image/bmp": ".bmp .dib",
        "image/heic": ".heic .heif",
        "image/heif": ".heic .heif",
        "application/pdf": ".pdf",
        "audio/mpeg": ".mp3 .mpga",
        "audio/ogg": ".ogg .oga .opus",
        "audio/opus": ".ogg .oga .opus",
        "video/ogg": ".ogg .ogv",
        "audio/wav": ".wav",
        "audio/mp4": ".m4a .f4a .mp4 .3gp",
        "audio/3gpp": ".3gp .3ga .3g2",
        "audio/aac": ".aac .adts .m4a",
        "audio/amr": ".amr",
        "audio/webm": ".webm",
        "video/webm": ".webm",
        "video/mp4": ".mp4 .m4v .f4v .mov .3gp",
        "video/3gpp": ".3gp .3g2 .3ga",
        "video/quicktime": ".mov .qt",
        "application/rtf": ".rtf",
        "application/gzip": ".gz",
        "application/msword": ".doc",
        "application/vnd.ms-excel": ".doc .xls",
        "application/vnd.ms-powerpoint": ".doc .ppt",
    }.items()
}
# Type -> a folder or file that its archive must contain.
_ARCHIVES = {
    "application/zip": "",
    f"{_OFFICE}wordprocessingml.document": "word/",
    f"{_OFFICE}spreadsheetml.sheet": "xl/",
    f"{_OFFICE}presentationml.presentation": "ppt/",
    "application/vnd.oasis.opendocument.text": "content.xml",
    "application/vnd.oasis.opendocument.spreadsheet": "content.xml",
    "application/vnd.oasis.opendocument.presentation": "content.xml",
    "application/epub+zip": "META-INF/",
}
_TEXTS = frozenset(("application/json", "application/xml", "application/xhtml+xml", "image/svg+xml"))
# Texts that a browser would run. They are kept and served as plain text.
_ACTIVE = frozenset(("text/html", "text/xml", "application/xml", "application/xhtml+xml", "image/svg+xml"))
_ALIASES = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/x-ms-bmp": "image/bmp",
    "audio/mp3": "audio/mpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/x-m4a": "audio/mp4",
    "text/rtf": "application/rtf",
    "application/x-zip-compressed": "application/zip",
    "application/x-gzip": "application/gzip",
}
_NESTED = frozenset((".zip", ".jar", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".zst", ".tar"))
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\v\f\r\x1b")


def classify(path: Path, declared: str) -> str:
    """The type under which the file is kept.

    :param declared: what the sender says; "" or ``application/octet-stream`` leaves it to us.
    :raises Refused: 415 ``E_TYPE_MISMATCH`` the content is something else; 422 ``E_ARCHIVE_LIMIT``,
        ``E_IMAGE_LIMIT`` or ``E_XML`` a bomb.
    """
    declared = declared.partition(";")[0].strip().lower()
    declared = _ALIASES.get(declared, declared)
    with path.open("rb") as file:
        head = file.read(HEAD)
    if declared.startswith("text/") or declared in _TEXTS:
        found = _as_text(path, declared)
    elif declared in _ARCHIVES:
        found = declared if _archive_holds(path, _ARCHIVES[declared]) else None
    elif declared in _BINARY:
        found = declared if _BINARY[declared] & _magic(head) else None
    else:
        found = _recognise(path, head)
    if found is None:
        raise Refused(
            415,
            "E_TYPE_MISMATCH",
            f"The file's content is not {declared}.",
            hint="Send it with its real type.",
        )
    if found.startswith("image/"):
        _check_image(head, found)
    elif found == "application/gzip":
        _check_gzip(path)
    return found


def _recognise(path: Path, head: bytes) -> str:
    """The type of a file that came without one."""
    if zipfile.is_zipfile(path):
        return next(mime for mime in reversed(_ARCHIVES) if _archive_holds(path, _ARCHIVES[mime]))
    if (text := _as_text(path, TEXT)) is not None:
        return text
    names = _magic(head)
    return next((mime for mime, extensions in _BINARY.items() if extensions & names), ANYTHING)


def _magic(head: bytes) -> frozenset[str]:
    try:
        return frozenset(match.extension.lower() for match in puremagic.magic_string(head))
    except (puremagic.PureError, ValueError):
        return frozenset()


def _as_text(path: Path, declared: str) -> str | None:
    """*declared*, or plain text for what a browser would run; None: bytes that no text holds."""
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):  # UTF-16 has zero bytes
        content = content.decode("utf-16", "replace").encode()
    if content.translate(None, _CONTROL) != content:
        return None
    if b"<!ENTITY" in content:
        raise Refused(422, "E_XML", "The file defines XML entities.", hint="Send it without a DOCTYPE.")
    return TEXT if declared in _ACTIVE else declared


# --- archives ---


def _archive_holds(path: Path, member: str) -> bool:
    """The file is an archive within the limits and has *member*."""
    try:
        with path.open("rb") as file:
            if file.read(4) not in (b"PK\x03\x04", b"PK\x05\x06"):
                return False
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError):
        return False
    _check_entries(entries, path.stat().st_size, nested=bool(member))
    return not member or any(entry.filename.startswith(member) for entry in entries)


def _check_entries(entries: list[zipfile.ZipInfo], size: int, *, nested: bool) -> None:
    """:param nested: an office document may carry others in it."""
    if len(entries) > MAX_ENTRIES:
        raise _archive(f"it holds more than {MAX_ENTRIES} files")
    expanded = sum(entry.file_size for entry in entries)
    if expanded > MAX_EXPANDED or expanded > MAX_RATIO * max(size, 1):
        raise _archive("it would grow too much when it is unpacked")
    for entry in entries:
        name = PurePosixPath(entry.filename.replace("\\", "/"))
        if name.is_absolute() or ".." in name.parts or ":" in name.parts[:1]:
            raise _archive("a name in it leads out of it")
        if stat.S_ISLNK(entry.external_attr >> 16):
            raise _archive("it holds a symbolic link")
        if not nested and name.suffix.lower() in _NESTED:
            raise _archive("it holds another archive")


def _check_gzip(path: Path) -> None:
    """Source: RFC 1952 2.3.1: the last four bytes are the size of the original, modulo 2^32."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(size - 4, 0))
        expanded = int.from_bytes(file.read(4), "little")
    if expanded > MAX_EXPANDED or expanded > MAX_RATIO * size:
        raise _archive("it would grow too much when it is unpacked")


def _archive(reason: str) -> Refused:
    return Refused(422, "E_ARCHIVE_LIMIT", f"The archive is refused: {reason}.")


# --- images ---


def _check_image(head: bytes, mime: str) -> None:
    size = image_size(head, mime)
    if size is None:
        if mime in ("image/heic", "image/heif"):
            return  # its size lies in nested boxes; nothing of ours decodes it
        raise Refused(415, "E_TYPE_MISMATCH", f"The file begins like {mime} but is not one.")
    if size[0] * size[1] > MAX_PIXELS:
        raise Refused(
            422, "E_IMAGE_LIMIT", f"The image has {size[0]} x {size[1]} pixels; {MAX_PIXELS:,} are allowed."
        )


def image_size(head: bytes, mime: str) -> tuple[int, int] | None:
    """Width and height in pixels as the header says; None if it is no such header.

    Source: PNG 3rd ed. 11.2.1; GIF89a 18; BITMAPINFOHEADER; RFC 9649 2; ITU-T T.81 B.2.2.
    """
    if mime == "image/png" and head[12:16] == b"IHDR" and head[8:12] == b"\0\0\0\r":
        return _number(head[16:20]), _number(head[20:24])
    if mime == "image/gif" and len(head) >= 13:
        return _little(head[6:8]), _little(head[8:10])
    if mime == "image/bmp" and len(head) >= 26:
        if _little(head[14:18]) == 12:  # the older BITMAPCOREHEADER
            return _little(head[18:20]), _little(head[20:22])
        return abs(_signed(head[18:22])), abs(_signed(head[22:26]))
    if mime == "image/webp":
        return _webp_size(head)
    if mime == "image/jpeg":
        return _jpeg_size(head)
    return None


def _webp_size(head: bytes) -> tuple[int, int] | None:
    kind, body = head[12:16], head[20:]
    if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        return _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF
    if kind == b"VP8L" and body[:1] == b"\x2f" and len(body) >= 5:
        bits = _little(body[1:5])
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8X" and len(body) >= 10:
        return _little(body[4:7]) + 1, _little(body[7:10]) + 1
    return None


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    at = 2
    for at in _jpeg_segments(head):
        marker = head[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC) and at + 9 <= len(head):
            return _number(head[at + 7 : at + 9]), _number(head[at + 5 : at + 7])
    # A camera's thumbnail can push the frame header out of what we read: then the segments reach its end.
    return (0, 0) if at + 4 + _number(head[at + 2 : at + 4]) >= HEAD else None


def _jpeg_segments(head: bytes) -> Iterable[int]:
    at = 2
    while at + 4 <= len(head) and head[at] == 0xFF:
        yield at
        if head[at + 1] == 0xFF:  # fill
            at += 1
        else:
            at += 2 + max(_number(head[at + 2 : at + 4]), 2)


def _number(value: bytes) -> int:
    return int.from_bytes(value, "big")


def _little(value: bytes) -> int:
    return int.from_bytes(value, "little")


def _signed(value: bytes) -> int:
    return int.from_bytes(value, "little", signed=True)
