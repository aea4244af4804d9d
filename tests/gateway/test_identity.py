"""Signed identities over HTTP: who is let in as a known person, and what becomes of the token that they had."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest

from tests.gateway.kit import Server, write_bot

SECRET = "a secret of at least thirty-two characters"
GREET = 'TALK "Hello " + username\nHEAR words\nTALK words\n'
PERSON = {"sub": "ana", "name": "Ana", "email": "ana@example.org"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("identity")
    (folder / "plugins.yaml").write_text("plugins: {web: {}}\n")
    for name in ("default", "other"):
        write_bot(folder / "bots", name, GREET, config_csv=f"identity-secret,{SECRET}\n")
    write_bot(folder / "bots", "closed", GREET)
    with Server(folder) as server:
        yield server


def signed(key: str = SECRET, algorithm: str = "HS256", **claims: Any) -> str:
    return jwt.encode({"exp": int(time.time()) + 600} | claims, key, algorithm=algorithm)


def opening(server: Server, identity: str, *, bot: str = "default", **headers: str) -> tuple[int, Any]:
    status, _, answer = server.request("POST", "/api/session", {"bot": bot, "identity": identity}, **headers)
    return status, answer


def test_a_known_person_gets_their_session_again_with_another_token(server: Server) -> None:
    _, first = opening(server, signed(**PERSON))
    status, again = opening(server, signed(**PERSON))
    assert (status, again["session_id"], again["expires_at"]) == (201, first["session_id"], None)
    assert (again["messages"], again["waiting"]) == ([], True)
    assert again["token"] != first["token"]
    _, _, shown = server.request("GET", "/api/session", token=first["token"])
    assert shown["user"] == {"id": "ana", "name": "Ana", "email": "ana@example.org"}
    assert opening(server, signed(**PERSON), bot="other")[1]["session_id"] != first["session_id"]


def test_an_anonymous_session_is_upgraded_and_its_token_replaced(server: Server) -> None:
    anonymous = server.open()
    status, upgraded = opening(server, signed(sub="bo"), Authorization=f"Bearer {anonymous['token']}")
    assert (status, upgraded["session_id"]) == (201, anonymous["session_id"])
    assert server.request("GET", "/api/session", token=anonymous["token"])[0] == 401
    assert server.say(upgraded, "still here") == ["still here"]


@pytest.mark.parametrize(
    ("identity", "bot"),
    [
        ("", "default"),
        ("a.b.c", "default"),
        ("x" * 60_000, "default"),
        (signed(key="another secret of thirty-two characters", sub="ana"), "default"),
        (signed(sub="ana", exp=1), "default"),
        (signed(sub="ana", nbf=2**40), "default"),
        (jwt.encode({"sub": "ana"}, SECRET), "default"),
        (signed(), "default"),
        (signed(sub=""), "default"),
        (jwt.encode({"sub": "ana", "exp": 2**40}, "", algorithm="none"), "default"),
        (signed(sub="ana"), "closed"),
    ],
    ids=[
        "empty", "no token", "long", "wrong key", "expired", "not yet", "no expiry", "nobody", "empty subject",
        "unsigned", "a bot without a secret",
    ],
)  # fmt: skip
def test_a_wrong_identity_is_401(server: Server, identity: str, bot: str) -> None:
    status, answer = opening(server, identity, bot=bot)
    assert (status, answer["error"]["code"], answer["error"]["field"]) == (401, "E_IDENTITY", "identity")


@pytest.mark.parametrize(
    ("authorization", "code"),
    [
        ("Basic abc", "E_TOKEN_FORMAT"),
        ("Bearer short", "E_TOKEN_INVALID"),
        (f"Bearer {'A' * 64}", "E_TOKEN_INVALID"),
    ],
)
def test_an_identity_does_not_excuse_a_wrong_token(server: Server, authorization: str, code: str) -> None:
    status, answer = opening(server, signed(**PERSON), Authorization=authorization)
    assert (status, answer["error"]["code"]) == (401, code)
