"""The REST surface of a running gateway: shapes, codes and statuses; no bad input changes anything."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from yarl import URL

from tests.e2e.gateway_process import Gateway

NOBODY = "A" * 64  # well formed, and nobody's


@pytest.fixture
async def http(gateway: Gateway) -> AsyncIterator[ClientSession]:
    async with ClientSession(gateway.url) as session:
        yield session


async def ask(http: ClientSession, method: str, path: str | URL, **options: Any) -> tuple[int, Any]:
    async with http.request(method, path, **options) as answer:
        text = await answer.text()
        return answer.status, json.loads(text) if text else None


async def opened(http: ClientSession, bot: str = "default") -> tuple[dict[str, str], dict[str, Any]]:
    status, session = await ask(http, "POST", "/api/session", json={"bot": bot})
    assert status == 201
    return {"Authorization": f"Bearer {session['token']}"}, session


async def test_a_conversation_by_hand(http: ClientSession) -> None:
    status, session = await ask(http, "POST", "/api/session")  # as the documentation's curl: no body at all
    assert status == 201
    assert set(session) == {
        "session_id", "token", "bot", "created_at", "expires_at", "messages", "waiting", "pending", "seq",
    }  # fmt: skip
    assert (session["bot"], session["waiting"], session["pending"], session["seq"]) == (
        "default",
        True,
        False,
        1,
    )
    (greeting,) = session["messages"]
    assert {"seq", "id", "role", "text", "parts", "created_at"} == set(greeting)
    assert greeting["text"] == "Welcome! What is your **name**?"
    assert greeting["parts"] == [
        {"type": "formatted", "html": "<p>Welcome! What is your <strong>name</strong>?</p>"}
    ]
    bearer = {"Authorization": f"Bearer {session['token']}"}

    status, answer = await ask(
        http, "POST", "/api/chat", headers=bearer, json={"text": "Ana", "client_id": "1"}
    )
    assert (status, answer["waiting"], answer["pending"], answer["seq"]) == (
        200,
        True,
        False,
        4 if len(answer["messages"]) == 2 else 3,
    )
    assert answer["messages"][0]["text"] == "Nice to meet you, Ana."
    (menu,) = [part for line in answer["messages"] for part in line["parts"] if part["type"] == "suggestions"]
    assert [option["title"] for option in menu["options"]] == ["Small", "Medium", "Large"]

    choice = {"prompt": menu["prompt"], "id": menu["options"][1]["id"]}
    status, answer = await ask(http, "POST", "/api/chat", headers=bearer, json={"choice": choice})
    assert (status, answer["messages"][0]["text"]) == (200, "One Medium coffee for Ana.")
    status, refused = await ask(http, "POST", "/api/chat", headers=bearer, json={"choice": choice})
    assert (status, refused["error"]["code"]) == (409, "E_STALE_CHOICE")

    status, shown = await ask(http, "GET", "/api/session", headers=bearer)
    assert (status, shown["state"], shown["channel"], shown["message_count"]) == (200, "active", "web", 2)
    assert set(shown) == {
        "session_id", "state", "bot", "channel", "user", "message_count", "created_at", "last_activity",
        "expires_at", "waiting_for",
    }  # fmt: skip
    assert set(shown["waiting_for"]) == {"variable", "type", "prompt", "options"}
    assert shown["waiting_for"]["type"] == "email"

    status, log = await ask(http, "GET", "/api/chat?after=1&limit=2", headers=bearer)
    assert (status, [line["seq"] for line in log["messages"]], log["seq"]) == (200, [2, 3], 3)
    assert (await ask(http, "GET", f"/api/chat?after={answer['seq']}", headers=bearer))[1]["messages"] == []

    assert (await ask(http, "DELETE", "/api/session", headers=bearer))[0] == 204
    assert (await ask(http, "GET", "/api/session", headers=bearer))[0] == 401


async def test_a_repeated_client_id_is_answered_from_the_log_and_another_body_refused(
    http: ClientSession,
) -> None:
    bearer, _ = await opened(http)
    first = await ask(http, "POST", "/api/chat", headers=bearer, json={"text": "Ana", "client_id": "k"})
    assert (
        await ask(http, "POST", "/api/chat", headers=bearer, json={"text": "Ana", "client_id": "k"}) == first
    )
    status, refused = await ask(
        http, "POST", "/api/chat", headers=bearer, json={"text": "Bo", "client_id": "k"}
    )
    assert (status, refused["error"]["code"]) == (422, "E_KEY_REUSED")
    _, log = await ask(http, "GET", "/api/chat", headers=bearer)
    assert [line["text"] for line in log["messages"] if line["role"] == "user"] == ["Ana"]


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "E_TOKEN_MISSING"),
        ({"Authorization": "Basic eDp5"}, "E_TOKEN_FORMAT"),
        ({"Authorization": "Bearer"}, "E_TOKEN_FORMAT"),
        ({"Authorization": "Bearer a b"}, "E_TOKEN_FORMAT"),
        ({"Authorization": f"Bearer {NOBODY[1:]}"}, "E_TOKEN_INVALID"),
        ({"Authorization": f"Bearer {NOBODY}A"}, "E_TOKEN_INVALID"),
        ({"Authorization": f"Bearer {'!' * 64}"}, "E_TOKEN_INVALID"),
        ({"Authorization": f"Bearer {NOBODY}"}, "E_TOKEN_INVALID"),
    ],
)
async def test_a_bad_token_is_refused_the_same_way_everywhere(
    http: ClientSession, headers: dict[str, str], code: str
) -> None:
    for method, path in (("POST", "/api/chat"), ("GET", "/api/session"), ("GET", "/api/chat/events")):
        status, body = await ask(http, method, path, headers=headers, json=None)
        assert (status, body["error"]["code"]) == (401, code)
        assert set(body["error"]) == {"code", "message", "field", "request_id"}


async def test_tokens_are_never_taken_from_a_url(http: ClientSession) -> None:
    bearer, session = await opened(http)
    for method, path in (
        ("GET", "/api/chat"),
        ("POST", "/api/chat"),
        ("GET", "/ws"),
        ("GET", "/api/session"),
    ):
        status, body = await ask(http, method, f"{path}?token={session['token']}", headers=bearer)
        assert (status, body["error"]["code"]) == (400, "E_TOKEN_IN_URL")


JSON = "application/json"
BODIES: list[tuple[bytes, str, int, str]] = [
    (b"{", JSON, 400, "E_JSON"),
    (b"", JSON, 400, "E_JSON"),
    (b"[]", JSON, 422, "E_TYPE"),
    (b'"x"', JSON, 422, "E_TYPE"),
    (b"null", JSON, 422, "E_TYPE"),
    (b'{"text":"\xff"}', JSON, 400, "E_UTF8"),
    ('{"text":"a"}'.encode("utf-16"), JSON, 400, "E_UTF8"),
    (b'\xef\xbb\xbf{"text":"a"}', JSON, 400, "E_UTF8"),
    (b"[" * 20_000, JSON, 400, "E_DEPTH"),
    (b'{"text":' + b"9" * 5000 + b"}", JSON, 400, "E_NUMBER"),
    (b'{"text":1e999}', JSON, 400, "E_NUMBER"),
    (b'{"text":NaN}', JSON, 400, "E_NUMBER"),
    (b'{"text":Infinity}', JSON, 400, "E_NUMBER"),
    (b'{"text":"a","text":"b"}', JSON, 400, "E_DUP_KEY"),
    (b'{"text":"a\\u0000b"}', JSON, 422, "E_NUL"),
    (b'{"text":"\\ud800"}', JSON, 422, "E_UNICODE"),
    (b'{"text":"' + b"x" * 100_001 + b'"}', JSON, 413, "E_TEXT_TOO_LONG"),
    (b'{"text":""}', JSON, 422, "E_EMPTY"),
    ('{"text":" \u200d "}'.encode(), JSON, 422, "E_EMPTY"),
    (b'{"text":5}', JSON, 422, "E_TYPE"),
    (b'{"text":"a","x":1}', JSON, 422, "E_FIELD"),
    (b'{"text":"a"}', "text/plain", 415, "E_CONTENT_TYPE"),
    (b'{"text":"a"}', "application/json; charset=hex", 415, "E_CONTENT_TYPE"),
    (b'{"text":"a","client_id":"' + b"x" * 300 + b'"}', JSON, 422, "E_CLIENT_ID"),
    (b"x" * 700_000, JSON, 413, "E_BODY_TOO_LARGE"),
]


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"), BODIES, ids=[f"{b[:24]!r}-{c}" for b, _, _, c in BODIES]
)
async def test_a_bad_body_is_refused_by_name_and_changes_nothing(
    http: ClientSession, body: bytes, kind: str, status: int, code: str
) -> None:
    bearer, _ = await opened(http)
    before = await ask(http, "GET", "/api/session", headers=bearer)
    answer = await ask(http, "POST", "/api/chat", headers=bearer | {"Content-Type": kind}, data=body)
    assert (answer[0], answer[1]["error"]["code"]) == (status, code)
    assert await ask(http, "GET", "/api/session", headers=bearer) == before


async def test_compressed_bodies_are_bounded(http: ClientSession) -> None:
    bearer, _ = await opened(http)
    bomb = gzip.compress(b'{"text":"' + b"x" * 50_000_000)
    for encoding, body, status in (("gzip", bomb, 413), ("br", b"x", 415), ("gzip", b"not gzip", 400)):
        headers = bearer | {"Content-Type": JSON, "Content-Encoding": encoding}
        assert (await ask(http, "POST", "/api/chat", headers=headers, data=body))[0] == status
    headers = bearer | {"Content-Type": JSON, "Content-Encoding": "gzip"}
    body = gzip.compress(b'{"text":"Ana"}')
    assert (await ask(http, "POST", "/api/chat", headers=headers, data=body))[0] == 200


@pytest.mark.parametrize("name", ["DEFAULT", "x" * 300, "😀", "../x", "__proto__", "nobody", ""])
async def test_unknown_bots_are_not_found(http: ClientSession, name: str) -> None:
    status, body = await ask(http, "POST", "/api/session", json={"bot": name})
    assert (status, body["error"]["code"]) == (404, "E_BOT_UNKNOWN")


@pytest.mark.parametrize(
    "path", ["/nobody", "/../etc/passwd", "/%2e%2e%2fetc", "//evil", "/default%00", "/assets/../page.py"]
)
async def test_unknown_paths_are_not_found(http: ClientSession, path: str) -> None:
    url = URL(str(http._base_url).rstrip("/") + path, encoded=True)  # as it is: nothing is normalised away
    assert (await ask(http, "GET", url))[0] == 404


@pytest.mark.parametrize(
    "query", ["after=-1", "after=x", "after=1e3", "limit=0", "limit=501", "after=１", f"after={10**30}"]
)
async def test_positions_in_the_log_are_whole_numbers_within_bounds(http: ClientSession, query: str) -> None:
    bearer, _ = await opened(http)
    status, body = await ask(http, "GET", f"/api/chat?{query}", headers=bearer)
    assert (status, body["error"]["field"]) == (422, query.partition("=")[0])


async def test_the_sixty_first_message_of_a_minute_waits_and_refused_ones_do_not_count(
    http: ClientSession,
) -> None:
    bearer, _ = await opened(http, "echo")
    for number in range(60):
        await ask(http, "POST", "/api/chat", headers=bearer, json={"text": ""})
        answer = await ask(
            http, "POST", "/api/chat", headers=bearer, json={"text": str(number), "client_id": str(number)}
        )
        assert answer[0] == 200
    assert (await ask(http, "POST", "/api/chat", headers=bearer, json={"text": "59", "client_id": "59"}))[
        0
    ] == 200
    async with http.post("/api/chat", headers=bearer, json={"text": "one more"}) as refused:
        assert refused.status == 429
        assert int(refused.headers["Retry-After"]) >= 1


async def test_foreign_pages_are_refused_and_allowed_ones_may_read(http: ClientSession) -> None:
    shop = {"Origin": "https://shop.example"}
    for origin in ("https://evil.example", "null"):
        async with http.post("/api/session", headers={"Origin": origin}) as answer:
            assert (answer.status, (await answer.json())["error"]["code"]) == (403, "E_ORIGIN")
            assert "Access-Control-Allow-Origin" not in answer.headers
    async with http.post("/api/session", headers=shop, json={"bot": "locked"}) as answer:
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (201, shop["Origin"])
        assert (answer.headers["Cache-Control"], answer.headers["Vary"]) == ("no-store", "Origin")
    async with http.post("/api/session", headers=shop, json={"bot": "echo"}) as answer:
        assert answer.status == 403  # that bot's pages are others
    async with http.get("/api/session", headers=shop) as answer:
        assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (401, shop["Origin"])
    preflight = shop | {"Access-Control-Request-Method": "POST"}
    async with http.options("/api/chat", headers=preflight) as answer:
        assert answer.status == 204
        assert "Authorization" in answer.headers["Access-Control-Allow-Headers"]


async def upload(
    http: ClientSession, bearer: dict[str, str], name: str, data: bytes, kind: str
) -> tuple[int, Any]:
    form = FormData(quote_fields=False)
    form.add_field("file", io.BytesIO(data), filename=name, content_type=kind)
    return await ask(http, "POST", "/api/chat/upload", headers=bearer, data=form)


async def test_an_uploaded_file_is_said_and_stays_the_sessions_own(http: ClientSession) -> None:
    bearer, _ = await opened(http, "echo")
    status, stored = await upload(http, bearer, "..\\..\\notes.txt", b"hello", "text/plain")
    assert (status, stored["name"], stored["size"]) == (201, "notes.txt", 5)
    message = {"attachments": [stored["attachment_id"]]}
    assert (await ask(http, "POST", "/api/chat", headers=bearer, json=message))[0] == 200
    _, log = await ask(http, "GET", "/api/chat", headers=bearer)
    (part,) = [part for line in log["messages"] for part in line["parts"] if "url" in part][:1]
    assert {"type", "url", "name", "mime", "size"} == set(part)
    async with http.get(part["url"]) as answer:
        assert await answer.read() == b"hello"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (await ask(http, "GET", part["url"].replace("sig=", "sig=A")))[0] == 403

    other, _ = await opened(http, "echo")
    status, body = await ask(http, "POST", "/api/chat", headers=other, json=message)
    assert (status, body["error"]["field"]) == (422, "attachments")


async def test_files_have_a_limit_that_is_counted(http: ClientSession) -> None:
    bearer, _ = await opened(http, "echo")
    assert (await upload(http, bearer, "a.bin", b"x" * 10_485_760, "application/octet-stream"))[0] in (
        201,
        415,
    )
    status, body = await upload(http, bearer, "a.bin", b"x" * 10_485_761, "application/octet-stream")
    assert (status, body["error"]["code"]) == (413, "E_FILE_TOO_LARGE")


KIND = "multipart/form-data; boundary=b"
PART = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("multipart/form-data", PART + b"\r\nhello\r\n--b--\r\n"),
        (KIND, PART + b"\r\nhel"),
        (KIND, b""),
        (KIND, b"garbage"),
        (KIND, b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n--b--\r\n"),
        (KIND, b"--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx\r\n--c--\r\n--b--\r\n"),
        (KIND, PART + b"Content-Transfer-Encoding: evil\r\n\r\nhello\r\n--b--\r\n"),
        (KIND, b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n' * 1000 + b"--b--\r\n"),
        (KIND, b"--b\r\n" + b"A: b\r\n" * 5000 + b"\r\nx\r\n--b--\r\n"),
        (KIND, b"--b\r\n\xff\xfe\r\n\r\nx\r\n--b--\r\n"),
    ],
    ids=[
        "no boundary", "truncated", "empty", "garbage", "no name", "nested", "encoding", "1000 parts", "headers",
        "not text",
    ],
)  # fmt: skip
async def test_malformed_multipart_is_a_bad_request(http: ClientSession, kind: str, body: bytes) -> None:
    bearer, _ = await opened(http, "echo")
    status, answer = await ask(
        http, "POST", "/api/chat/upload", headers=bearer | {"Content-Type": kind}, data=body
    )
    assert (status, answer["error"]["code"]) == (400, "E_MULTIPART")


@pytest.mark.parametrize(
    ("name", "status", "shown"),
    [
        ("x.php.jpg", 201, "x.php.jpg"),
        ("../../etc/passwd", 201, "passwd"),
        ("..\\..\\win.ini", 201, "win.ini"),
        ("CON", 201, "_CON"),
        ("\u202egpj.exe", 201, "gpj.exe"),
        (".", 201, "file"),
        ("", 201, "file"),
        ("n" * 300 + ".txt", 201, "n" * 251 + ".txt"),
        ("a\0.txt", 422, "E_FILENAME"),
    ],
)
async def test_a_files_name_is_only_ever_shown(
    http: ClientSession, name: str, status: int, shown: str
) -> None:
    bearer, _ = await opened(http, "echo")
    quoted = name.encode().replace(b"\\", b"\\\\")
    body = PART.replace(b"a.txt", quoted) + b"Content-Type: text/plain\r\n\r\nhello\r\n--b--\r\n"
    answer = await ask(http, "POST", "/api/chat/upload", headers=bearer | {"Content-Type": KIND}, data=body)
    assert (answer[0], answer[1].get("name") or answer[1]["error"]["code"]) == (status, shown)


async def test_an_upload_is_not_compressed(http: ClientSession) -> None:
    bearer, _ = await opened(http, "echo")
    headers = bearer | {"Content-Type": KIND, "Content-Encoding": "gzip"}
    body = gzip.compress(PART + b"\r\nhello\r\n--b--\r\n")
    status, answer = await ask(http, "POST", "/api/chat/upload", headers=headers, data=body)
    assert (status, answer["error"]["code"]) == (415, "E_CONTENT_ENCODING")


async def test_every_answer_carries_the_security_headers(http: ClientSession) -> None:
    for path in (
        "/",
        "/default",
        "/assets/app.js",
        "/widget.js",
        "/api/openapi.json",
        "/nobody",
        "/api/session",
    ):
        async with http.get(path) as answer:
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert answer.headers["Referrer-Policy"] == "no-referrer"
            assert "Set-Cookie" not in answer.headers
    async with http.get("/locked") as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "frame-ancestors 'self' https://shop.example http://localhost:1;" in policy
        assert "unsafe" not in policy


async def test_the_server_describes_itself(http: ClientSession) -> None:
    status, described = await ask(http, "GET", "/api/openapi.json")
    assert (status, described["openapi"]) == (200, "3.1.0")


async def test_the_log_streams_as_events_and_resumes_after_the_last_one(http: ClientSession) -> None:
    bearer, _ = await opened(http)

    async def seqs(count: int, **headers: str) -> list[int]:
        found: list[int] = []
        async with http.get("/api/chat/events", headers=bearer | headers) as stream:
            assert stream.content_type == "text/event-stream"
            while len(found) < count:
                line = (await stream.content.readline()).decode()
                assert line
                if line.startswith("id: "):
                    found.append(int(line[4:]))
                    await ask(
                        http, "POST", "/api/chat", headers=bearer, json={"text": "Ana", "client_id": "once"}
                    )
        return found

    assert await seqs(3) == [1, 2, 3]
    assert await seqs(1, **{"Last-Event-ID": "2"}) == [3]
    status, body = await ask(http, "GET", "/api/chat/events", headers=bearer | {"Last-Event-ID": "x"})
    assert (status, body["error"]["code"]) == (422, "E_SEQ")
