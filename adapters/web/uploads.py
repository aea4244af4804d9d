"""Files in: ``POST /api/chat/upload``, a multipart body of which the first file is kept."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError, InvalidHeader

from adapters.web.endpoints import answer, authenticated
from adapters.web.wire import UploadAnswer
from trunkline import Caller, Port, Refused

MAX_FILE = 10 * 1024 * 1024  # bytes, unless the bot says otherwise
ENVELOPE = 16_384  # bytes that a multipart body may have around its file
CHUNK_SECONDS = 30.0  # a body that stands still for so long is given up
UPLOAD_SECONDS = 600.0
MAX_PARTS = 10
# What aiohttp's multipart reader raises for hostile bodies; a refusal passes through.
MALFORMED = (
    ValueError, AssertionError, LookupError, RuntimeError, EOFError, ConnectionError, HttpProcessingError,
    web.RequestPayloadError,
)  # fmt: skip


async def upload(request: web.Request, port: Port) -> web.StreamResponse:
    """Keep the first file of a multipart body for this session: 201."""
    caller = await authenticated(request, port)
    max_bytes = port.bot(caller.bot).get("max_file_bytes", MAX_FILE)
    if not (request.content_type or "").startswith("multipart/form-data"):
        raise Refused(415, "E_CONTENT_TYPE", "Send Content-Type: multipart/form-data.")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Refused(415, "E_CONTENT_ENCODING", "Send the file as it is, without a content encoding.")
    if (request.content_length or 0) > max_bytes + ENVELOPE:
        raise _too_large(max_bytes)
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            stored = await _store(request, port, caller, max_bytes)
    except TimeoutError:
        raise Refused(408, "E_BODY_TIMEOUT", "The file did not arrive in time.") from None
    except InvalidHeader as error:
        raise (_bad_name() if "filename" in str(error.hdr) else _malformed()) from error
    except MALFORMED as error:
        raise _malformed() from error
    return answer(request, stored, 201)


async def _store(request: web.Request, port: Port, caller: Caller, max_bytes: int) -> UploadAnswer:
    reader = await request.multipart()
    for _ in range(MAX_PARTS):
        part = await reader.next()
        if part is None:
            break
        if isinstance(part, MultipartReader):
            raise _malformed("Files do not nest.")
        if part.filename is None:
            await _skip(part)
            continue
        mime = part.headers.get("Content-Type", "application/octet-stream").partition(";")[0].strip().lower()
        chunks = _chunks(part, max_bytes)
        kept = await port.store_file(
            caller, name=part.filename, mime=mime, chunks=chunks, max_bytes=max_bytes
        )
        return UploadAnswer(attachment_id=kept.id, name=kept.name, mime=kept.mime, size=kept.size)
    raise _malformed("The body holds no file: a part needs a filename.")


async def _chunks(part: BodyPartReader, max_bytes: int) -> AsyncIterator[bytes]:
    """The file's bytes. Counted here as well, so that nobody depends on being polite."""
    if part.headers.get("Content-Transfer-Encoding", "binary").lower() not in {"binary", "7bit", "8bit"}:
        raise _malformed("Send the file as it is, without a transfer encoding.")
    if part.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise _malformed("Send the file as it is, without a content encoding.")
    size = 0
    while True:
        async with asyncio.timeout(CHUNK_SECONDS):
            chunk = await part.read_chunk(65_536)
        if not chunk:
            break
        size += len(chunk)
        if size > max_bytes:
            raise _too_large(max_bytes)
        yield bytes(chunk)
    if not part.at_eof():
        raise _malformed()


async def _skip(part: BodyPartReader) -> None:
    size = 0
    while chunk := await part.read_chunk():
        size += len(chunk)
        if size > ENVELOPE:
            raise _malformed("A form field is too long.")


def _too_large(max_bytes: int) -> Refused:
    return Refused(413, "E_FILE_TOO_LARGE", f"The file is larger than {max_bytes} bytes.", field="file")


def _bad_name() -> Refused:
    return Refused(422, "E_FILENAME", "The file's name holds a control character.", field="file")


def _malformed(message: str = "The multipart body is malformed or was cut off.") -> Refused:
    return Refused(400, "E_MULTIPART", message)
