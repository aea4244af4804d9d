"""Every kind of bad body, token and text has one code, and good ones come through unchanged."""

from __future__ import annotations

import asyncio
import json
import zlib
from contextlib import suppress
from typing import Any

import msgspec
import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.streams import StreamReader
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from core.errors import Refused
from core.http_input import (
    bearer_token,
    check_text,
    convert,
    error_object,
    parse_json,
    parse_object,
    read_body,
    refuse_token_in_url,
    require_json_type,
    whole_number,
)


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    id: str


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    text: str
    choice: Inner | None = None


def refusal(call: Any, *arguments: Any, **options: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        call(*arguments, **options)
    return caught.value


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "E_JSON"),
        (b"", 400, "E_JSON"),
        (b"{} x", 400, "E_JSON"),
        (b'{"a": 1,}', 400, "E_JSON"),
        (b'{"text": "a\nb"}', 400, "E_JSON"),
        (b"[]", 422, "E_TYPE"),
        (b'"x"', 422, "E_TYPE"),
        (b"null", 422, "E_TYPE"),
        (b'{"a": "\xff"}', 400, "E_UTF8"),
        (b'{"a": "\xed\xa0\x80"}', 400, "E_UTF8"),
        ('{"text": "a"}'.encode("utf-16"), 400, "E_UTF8"),
        ('{"text": "a"}'.encode("utf-16-le"), 400, "E_UTF8"),
        (b"\xef\xbb\xbf{}", 400, "E_UTF8"),
        (b"[" * 20_000, 400, "E_DEPTH"),
        (b'{"a":' * 33 + b"1" + b"}" * 33, 400, "E_DEPTH"),
        (b'{"a": ' + b"9" * 5000 + b"}", 400, "E_NUMBER"),
        (b'{"a": 9223372036854775808}', 400, "E_NUMBER"),
        (b'{"a": 1e999}', 400, "E_NUMBER"),
        (b'{"a": NaN}', 400, "E_NUMBER"),
        (b'{"a": -Infinity}', 400, "E_NUMBER"),
        (b'{"text": "a", "text": "b"}', 400, "E_DUP_KEY"),
        (b'{"a": {"b": 1, "\\u0062": 2}}', 400, "E_DUP_KEY"),
        (b'{"text": "a\\u0000b"}', 422, "E_NUL"),
        (b'{"text": "\\ud800"}', 422, "E_UNICODE"),
        (b'{"\\udfff": 1}', 422, "E_UNICODE"),
    ],
)
def test_a_body_that_is_no_sound_object_has_its_own_code(body: bytes, status: int, code: str) -> None:
    refused = refusal(parse_object, body)
    assert (refused.status, refused.code) == (status, code)


def test_the_depth_of_brackets_inside_strings_does_not_count() -> None:
    text = "[{" * 200 + '\\"' + "]" * 3
    assert parse_object(json.dumps({"text": text}).encode()) == {"text": text}


def test_an_escaped_pair_of_surrogates_is_one_character() -> None:
    assert parse_object(b'{"text": "\\ud83d\\ude00"}') == {"text": "\U0001f600"}


words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
numbers = st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
plain = st.recursive(
    st.none() | st.booleans() | numbers | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


@given(plain, st.booleans())
def test_whatever_json_can_say_comes_back_as_it_was(value: Any, ascii_only: bool) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_but_a_refusal(body: bytes) -> None:
    with suppress(Refused):
        parse_json(body)


@pytest.mark.parametrize(
    ("value", "code", "field"),
    [
        ({"text": 5}, "E_TYPE", "text"),
        ({"text": None}, "E_TYPE", "text"),
        ({"text": "a", "colour": 1}, "E_FIELD", "colour"),
        ({}, "E_FIELD", "text"),
        ({"text": "a", "choice": {"id": 1}}, "E_TYPE", "choice.id"),
        ({"text": "a", "choice": {"id": "1", "x": 2}}, "E_FIELD", "choice.x"),
        ({"text": "a", "choice": {}}, "E_FIELD", "choice.id"),
    ],
)
def test_a_field_that_does_not_fit_is_named(value: Any, code: str, field: str) -> None:
    refused = refusal(convert, value, Outer)
    assert (refused.status, refused.code, refused.field) == (422, code, field)


@pytest.mark.parametrize("text", ["", "  ", "\n\t", "\u200d", "\u200b \u2060", "\ufeff"])
def test_a_text_without_anything_to_see_is_empty(text: str) -> None:
    assert refusal(check_text, text).code == "E_EMPTY"


def test_the_length_of_a_text_counts_in_bytes() -> None:
    assert check_text("é" * 50_000)
    refused = refusal(check_text, "é" * 50_000 + "x")
    assert (refused.status, refused.code) == (413, "E_TEXT_TOO_LONG")
    assert "100000" in refused.message


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "application/json; charset=hex",
     "application/json; charset=x-evil", "application/jsonx"],
)  # fmt: skip
def test_only_json_in_utf8_is_json(content_type: str | None) -> None:
    assert refusal(require_json_type, content_type).code == "E_CONTENT_TYPE"
    require_json_type('Application/JSON; charset="UTF-8"')


TOKEN = "A" * 43 + "_-" + "z" * 19


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ([], "E_TOKEN_MISSING"),
        (["Basic abc"], "E_TOKEN_FORMAT"),
        (["Bearer"], "E_TOKEN_FORMAT"),
        (["Bearer "], "E_TOKEN_FORMAT"),
        (["Bearer a b"], "E_TOKEN_FORMAT"),
        ([f"Bearer  {TOKEN}"], "E_TOKEN_FORMAT"),
        ([f"Bearer {TOKEN}", f"Bearer {TOKEN}"], "E_TOKEN_FORMAT"),
        ([f"Bearer {TOKEN[:-1]}"], "E_TOKEN_INVALID"),
        ([f"Bearer {TOKEN}x"], "E_TOKEN_INVALID"),
        ([f"Bearer {TOKEN[:-1]}="], "E_TOKEN_INVALID"),
        ([f"Bearer {'é' * 64}"], "E_TOKEN_INVALID"),
    ],
)
def test_a_token_must_stand_alone_and_have_its_shape(values: list[str], code: str) -> None:
    refused = refusal(bearer_token, CIMultiDict([("Authorization", value) for value in values]))
    assert (refused.status, refused.code) == (401, code)


def test_the_scheme_of_a_token_may_be_written_in_any_case() -> None:
    assert bearer_token(CIMultiDict({"authorization": f"bEARER {TOKEN}"})) == TOKEN


def test_a_token_in_the_url_is_refused_because_urls_are_logged() -> None:
    assert refusal(refuse_token_in_url, {"Token": "x"}).code == "E_TOKEN_IN_URL"
    refuse_token_in_url({"after": "1"})


@pytest.mark.parametrize("text", ["", "x", "-1", "501", "1.0", "１", "9" * 30, " 1", "+1"])
def test_a_number_in_a_url_is_ascii_digits_within_its_bounds(text: str) -> None:
    assert refusal(whole_number, text, field="limit", default=100, low=1, high=500).field == "limit"


def test_a_missing_number_is_its_default() -> None:
    assert whole_number(None, field="limit", default=100, low=1, high=500) == 100
    assert whole_number("500", field="limit", default=100, low=1, high=500) == 500


def test_the_json_of_an_error_has_four_fields() -> None:
    assert error_object(Refused(422, "E_TYPE", "No.", field="text"), "r1") == {
        "error": {"code": "E_TYPE", "message": "No.", "field": "text", "request_id": "r1"}
    }


# --- bodies -------------------------------------------------------------------------------------------------


class Incoming:
    """As much of a request as a body needs: the stream is aiohttp's own, filled in pieces or all at once."""

    def __init__(
        self, *chunks: bytes, encoding: str = "", length: int | None = None, at_once: bool = False
    ) -> None:
        loop = asyncio.get_running_loop()
        self.headers = CIMultiDict({"Content-Encoding": encoding} if encoding else {})
        connection = BaseProtocol(loop)
        connection.connection_made(asyncio.Transport())
        self.content = StreamReader(connection, 2**16, loop=loop)
        self.content_length = length
        self._rest = iter(chunks)
        while at_once and not self.content.is_eof():
            self._arrive()
        if not at_once:
            loop.call_soon(self._arrive_one_by_one)

    def _arrive(self) -> None:
        chunk = next(self._rest, None)
        if chunk is None:
            self.content.feed_eof()
        else:
            self.content.feed_data(chunk)

    def _arrive_one_by_one(self) -> None:
        self._arrive()
        if not self.content.is_eof():
            asyncio.get_running_loop().call_soon(self._arrive_one_by_one)


async def body_of(request: Incoming, limit: int = 1000) -> bytes:
    return await read_body(request, max_bytes=limit)  # type: ignore[arg-type]


async def refusal_of(request: Incoming, limit: int = 1000) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        await body_of(request, limit)
    return caught.value.status, caught.value.code


async def test_a_body_may_come_in_pieces_and_compressed() -> None:
    raw = b"x" * 900
    packed = zlib.compress(raw)
    assert await body_of(Incoming(raw[:400], raw[400:])) == raw
    assert await body_of(Incoming(raw[:400], raw[400:], at_once=True)) == raw
    assert await body_of(Incoming(at_once=True)) == b""
    assert await body_of(Incoming(packed[:5], packed[5:], encoding="deflate")) == raw
    gzip = zlib.compressobj(wbits=31)
    assert await body_of(Incoming(gzip.compress(raw) + gzip.flush(), encoding="GZIP")) == raw


async def test_a_body_that_says_it_is_too_large_is_not_read() -> None:
    request = Incoming(b"never read", length=10_000_000_000)
    assert await refusal_of(request) == (413, "E_BODY_TOO_LARGE")
    assert await request.content.readany() == b"never read"


async def test_a_body_that_hides_its_size_is_cut_off() -> None:
    assert await refusal_of(Incoming(b"x" * 600, b"x" * 600)) == (413, "E_BODY_TOO_LARGE")
    assert await refusal_of(Incoming(b"x" * 1001, at_once=True)) == (413, "E_BODY_TOO_LARGE")
    bomb = zlib.compress(b"\0" * 100_000_000, 9)
    assert await refusal_of(Incoming(bomb, encoding="deflate")) == (413, "E_BODY_TOO_LARGE")


async def test_a_compression_that_is_unknown_corrupt_or_cut_off_is_refused() -> None:
    packed = zlib.compress(b"x" * 900)
    assert await refusal_of(Incoming(b"x", encoding="br")) == (415, "E_CONTENT_ENCODING")
    assert await refusal_of(Incoming(b"gzip, gzip", encoding="gzip, gzip")) == (415, "E_CONTENT_ENCODING")
    assert await refusal_of(Incoming(b"not compressed", encoding="gzip")) == (400, "E_ENCODING")
    assert await refusal_of(Incoming(packed[:-3], encoding="deflate")) == (400, "E_ENCODING")
    assert await refusal_of(Incoming(packed[:1], encoding="deflate")) == (400, "E_ENCODING")
    assert await refusal_of(Incoming(packed, packed, encoding="deflate")) == (400, "E_ENCODING")
    assert await refusal_of(Incoming(packed + b"more", encoding="deflate")) == (400, "E_ENCODING")


async def test_no_second_encoding_hides_behind_the_first() -> None:
    request = Incoming(zlib.compress(b"x"), encoding="deflate")
    request.headers.add("Content-Encoding", "br")
    assert await refusal_of(request) == (415, "E_CONTENT_ENCODING")
