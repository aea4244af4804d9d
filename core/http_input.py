"""Reading hostile HTTP input strictly: bytes in, plain values out, or ``Refused`` with an ``E_…`` word.

Every endpoint and every adapter reads bodies, JSON, tokens and texts through these functions, so that one
kind of bad input has one answer everywhere. All but ``read_body`` and ``read_json`` are pure.
"""

from __future__ import annotations

import asyncio
import json
import re
import unicodedata
import zlib
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import msgspec

from core.errors import Refused

if TYPE_CHECKING:
    from aiohttp import web

MAX_DEPTH = 32
MAX_TEXT_BYTES = 100_000
MAX_BODY_BYTES = 65_536
BODY_SECONDS = 30.0  # for the whole body: a trickled one is cut off, however steadily it drips
TOKEN = re.compile(r"[A-Za-z0-9_-]{64}")  # base64url of the session's 16 bytes and 32 random ones
TOKEN_PARAMETERS = frozenset({"token", "access_token", "authorization", "bearer"})

_T = TypeVar("_T")
_INT64 = 2**63
_STRUCTURE = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
_FIELD_PATH = re.compile(r" - at `\$\.?(?P<path>[^`]*)`$")
_UNKNOWN_FIELD = re.compile(r"unknown field `(?P<name>[^`]*)`")
_MISSING_FIELD = re.compile(r"missing required field `(?P<name>[^`]*)`")
_INVISIBLE = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})


# --- JSON ---------------------------------------------------------------------------------------------------


def parse_json(body: bytes, *, max_depth: int = MAX_DEPTH) -> Any:
    """Decode *body* as strict JSON: no duplicate keys, no NaN, no lone surrogates, no U+0000, 64-bit ints.

    :raises Refused: 400 ``E_UTF8, E_JSON, E_DEPTH, E_NUMBER, E_DUP_KEY``; 422 ``E_NUL, E_UNICODE``.
    """
    text = decode_utf8(body)
    _check_depth(body, max_depth)
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        raise _too_deep(max_depth) from None
    except ValueError as error:  # json.JSONDecodeError is one
        raise Refused(400, "E_JSON", f"The body is not valid JSON: {_reason(error)}.") from None
    if b"\\u" in body:  # raw U+0000 and raw surrogates cannot get this far
        _check_characters(value, "")
    return value


def parse_object(body: bytes, *, max_depth: int = MAX_DEPTH) -> dict[str, Any]:
    """As ``parse_json``; the value must be an object. :raises Refused: also 422 ``E_TYPE``."""
    value = parse_json(body, max_depth=max_depth)
    if not isinstance(value, dict):
        raise Refused(422, "E_TYPE", "The body must be a JSON object.")
    return value


def convert(value: Any, kind: type[_T]) -> _T:
    """Make a struct of a decoded value, naming the field that does not fit.

    :param kind: a msgspec struct; declare it with ``forbid_unknown_fields=True``.
    :raises Refused: 422 ``E_TYPE`` a wrong type or value, ``E_FIELD`` an unknown or missing field.
    """
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise _misfit(str(error)) from None


def decode_utf8(body: bytes) -> str:
    """:raises Refused: 400 ``E_UTF8``: not UTF-8, with a byte order mark, or UTF-16 by its zero bytes."""
    if body[:3] == b"\xef\xbb\xbf" or b"\0" in body[:4]:
        raise Refused(400, "E_UTF8", "The body must be UTF-8 without a byte order mark.")
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        message = f"The body is not valid UTF-8 (byte {error.start})."
        raise Refused(400, "E_UTF8", message) from None


def check_text(text: str, *, field: str = "text", max_bytes: int = MAX_TEXT_BYTES) -> str:
    """*text* as it is, if a person can have written it.

    :raises Refused: 413 ``E_TEXT_TOO_LONG``, 422 ``E_EMPTY`` (nothing visible), ``E_NUL``, ``E_UNICODE``.
    """
    if len(text) * 4 > max_bytes and len(text.encode("utf-8", "surrogatepass")) > max_bytes:
        raise Refused(413, "E_TEXT_TOO_LONG", f"{field} is longer than {max_bytes} bytes.", field=field)
    check_string(text, field=field)
    if not any(unicodedata.category(character) not in _INVISIBLE for character in text):
        raise Refused(422, "E_EMPTY", f"{field} is empty.", field=field)
    return text


def check_string(text: str, *, field: str) -> str:
    """*text* as it is. :raises Refused: 422 ``E_NUL`` for U+0000, ``E_UNICODE`` for a lone surrogate."""
    if "\0" in text:
        raise Refused(422, "E_NUL", "The character U+0000 is not allowed.", field=field)
    if not text.isascii():
        try:
            text.encode("utf-8")
        except UnicodeEncodeError:
            raise Refused(422, "E_UNICODE", "A lone surrogate is not a character.", field=field) from None
    return text


# --- headers and tokens -------------------------------------------------------------------------------------


def require_json_type(content_type: str | None) -> None:
    """:raises Refused: 415 ``E_CONTENT_TYPE``: not ``application/json``, or a charset other than UTF-8."""
    kind, _, parameters = (content_type or "").partition(";")
    if kind.strip().lower() != "application/json":
        raise Refused(415, "E_CONTENT_TYPE", "Send Content-Type: application/json.")
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset" and value.strip().strip('"').lower() not in {"utf-8", "utf8"}:
            raise Refused(415, "E_CONTENT_TYPE", "The only charset is utf-8.")


def bearer_token(headers: Mapping[str, str]) -> str:
    """The token of the ``Authorization`` header, well formed but not yet looked up.

    :raises Refused: 401 ``E_TOKEN_MISSING, E_TOKEN_FORMAT, E_TOKEN_INVALID``.
    """
    values = headers.getall("Authorization", []) if hasattr(headers, "getall") else _single(headers)
    if not values:
        raise Refused(401, "E_TOKEN_MISSING", "Send the header Authorization: Bearer <token>.")
    scheme, separator, token = values[0].partition(" ")
    if len(values) > 1 or scheme.lower() != "bearer" or not separator or token.split() != [token]:
        raise Refused(401, "E_TOKEN_FORMAT", "The Authorization header must be: Bearer <token>.")
    return check_token(token)


def check_token(token: str) -> str:
    """*token* if it has the shape of one. :raises Refused: 401 ``E_TOKEN_INVALID``, as for an unknown one."""
    if not TOKEN.fullmatch(token):
        raise Refused(401, "E_TOKEN_INVALID", "The token is not valid.")
    return token


def refuse_token_in_url(query: Mapping[str, str]) -> None:
    """URLs end up in logs and histories. :raises Refused: 400 ``E_TOKEN_IN_URL``."""
    for name in query:
        if name.lower() in TOKEN_PARAMETERS:
            raise Refused(400, "E_TOKEN_IN_URL", "Tokens belong in the Authorization header.", field=name)


def whole_number(text: str | None, *, field: str, default: int, low: int, high: int) -> int:
    """A query parameter as an integer. :raises Refused: 422 ``E_NUMBER``: ASCII digits, within bounds."""
    if text is None:
        return default
    digits = text.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(text) <= 20 and low <= int(text) <= high:
        return int(text)
    raise Refused(422, "E_NUMBER", f"{field} must be a whole number from {low} to {high}.", field=field)


@cache
def _answer_headers_key() -> web.RequestKey[dict[str, str]]:
    from aiohttp import web  # noqa: PLC0415 - commands that serve nothing do without it

    return web.RequestKey("answer_headers", dict[str, str])


def answer_headers(request: web.Request) -> dict[str, str]:
    """What every answer to *request* carries, refusals included; an endpoint adds to it."""
    headers: dict[str, str] = request.setdefault(_answer_headers_key(), {})
    return headers


def error_object(refused: Refused, request_id: str = "") -> dict[str, Any]:
    """The one JSON shape of an error: ``{"error": {"code", "message", "field", "request_id"}}``."""
    field = refused.field or None
    error = {"code": refused.code, "message": refused.message, "field": field, "request_id": request_id}
    return {"error": error}


# --- bodies -------------------------------------------------------------------------------------------------


async def read_body(request: web.BaseRequest, *, max_bytes: int = MAX_BODY_BYTES) -> bytes:
    """The request's body, at most *max_bytes* after decompression, within ``BODY_SECONDS``.

    :raises Refused: 413 ``E_BODY_TOO_LARGE`` (before reading, if Content-Length says so), 408
        ``E_BODY_TIMEOUT``, 400 ``E_BODY`` cut off, 415 ``E_CONTENT_ENCODING``, 400 ``E_ENCODING`` corrupt.
    """
    inflate = _inflater(", ".join(request.headers.getall("Content-Encoding", [])))
    if (request.content_length or 0) > max_bytes:
        raise _too_large(max_bytes)
    content, body = request.content, bytearray()
    if inflate is None and content.is_eof() and content.exception() is None:  # nearly always: it is all here
        whole = content.read_nowait()
        if len(whole) > max_bytes:
            raise _too_large(max_bytes)
        return whole
    is_empty = True
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while chunk := await content.readany():
                is_empty = False
                if inflate is not None:
                    chunk = _inflate(inflate, chunk, max_bytes + 1 - len(body))
                body += chunk
                if len(body) > max_bytes:
                    raise _too_large(max_bytes)
    except TimeoutError:
        raise Refused(408, "E_BODY_TIMEOUT", "The body did not arrive in time.") from None
    except (ValueError, OSError) as error:
        raise Refused(400, "E_BODY", "The body was cut off or is malformed.") from error
    if inflate is not None and not is_empty and not inflate.eof:
        raise Refused(400, "E_ENCODING", "The compressed body is incomplete.")
    return bytes(body)


async def read_json(
    request: web.BaseRequest, kind: type[_T], *, max_bytes: int = MAX_BODY_BYTES, empty: bool = False
) -> _T:
    """The request's JSON object as a *kind*.

    :param empty: a body of zero bytes means ``{}``, whatever the Content-Type.
    :raises Refused: everything that the functions above raise.
    """
    body = await read_body(request, max_bytes=max_bytes)
    if not body and empty:
        return convert({}, kind)
    require_json_type(request.headers.get("Content-Type"))
    return convert(parse_object(body), kind)


# --- parts --------------------------------------------------------------------------------------------------


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    record = dict(pairs)
    if len(record) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Refused(400, "E_DUP_KEY", "A key appears twice in one object.", field=_printable(twice))
    return record


def _integer(digits: str) -> int:
    if len(digits) > 20 or not -_INT64 <= int(digits) < _INT64:
        raise Refused(400, "E_NUMBER", "An integer is outside the 64-bit range.")
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if number in (float("inf"), float("-inf")):
        raise Refused(400, "E_NUMBER", "A number is too large.")
    return number


def _constant(word: str) -> NoReturn:
    raise Refused(400, "E_NUMBER", f"{word} is not a JSON number.")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_int=_integer, parse_float=_float, parse_constant=_constant
)


def _check_depth(body: bytes, limit: int) -> None:
    if body.count(b"[") + body.count(b"{") <= limit:
        return
    depth = 0
    for found in _STRUCTURE.finditer(body):
        mark = found[0]
        if mark in b"[{":
            depth += 1
            if depth > limit:
                raise _too_deep(limit)
        elif mark in b"]}":
            depth -= 1


def _check_characters(value: Any, path: str) -> None:
    """Depth is already bounded, so recursion is too."""
    if isinstance(value, str):
        check_string(value, field=_printable(path))
    elif isinstance(value, dict):
        for name, item in value.items():
            check_string(name, field=_printable(path))
            _check_characters(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _check_characters(item, f"{path}[{index}]")


def _misfit(message: str) -> Refused:
    """msgspec's message, ``Expected `str`, got `int` - at `$.text```, as a refusal that names the field."""
    found = _FIELD_PATH.search(message)
    path = found["path"] if found else ""
    text = message[: found.start()] if found else message
    for pattern in (_UNKNOWN_FIELD, _MISSING_FIELD):
        if named := pattern.search(text):
            field = _printable(f"{path}.{named['name']}" if path else named["name"])
            word = "unknown" if pattern is _UNKNOWN_FIELD else "missing"
            return Refused(422, "E_FIELD", f"The field {field} is {word}.", field=field)
    return Refused(422, "E_TYPE", f"{text}.", field=_printable(path))


def _inflater(encoding: str) -> zlib._Decompress | None:
    word = encoding.strip().lower()
    if word in {"", "identity"}:
        return None
    if word in {"gzip", "x-gzip", "deflate"}:
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)  # 32: gzip or zlib by its header
    raise Refused(415, "E_CONTENT_ENCODING", "Send the body as it is, or as gzip or deflate.")


def _inflate(inflate: zlib._Decompress, chunk: bytes, room: int) -> bytes:
    try:
        data = inflate.decompress(chunk, max(1, room))
    except zlib.error:
        raise Refused(400, "E_ENCODING", "The compressed body is corrupt.") from None
    if inflate.unused_data:  # a second member or rubbish: what one reader skips another one reads
        raise Refused(400, "E_ENCODING", "Something follows the compressed body.")
    return data


def _single(headers: Mapping[str, str]) -> list[str]:
    value = headers.get("Authorization")
    return [] if value is None else [value]


def _printable(name: str) -> str:
    """A client's own field name, safe to send back and to log."""
    return "".join(character if character.isprintable() else "?" for character in name)[:100]


def _reason(error: ValueError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} (line {error.lineno}, column {error.colno})"
    return "a number cannot be read"


def _too_large(limit: int) -> Refused:
    return Refused(413, "E_BODY_TOO_LARGE", f"The body is larger than {limit} bytes.")


def _too_deep(limit: int) -> Refused:
    return Refused(400, "E_DEPTH", f"The body is nested deeper than {limit} levels.")
