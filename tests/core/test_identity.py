"""Signed identity tokens: who a site says that its visitor is."""

from __future__ import annotations

import time
from typing import Any

import jwt
import pytest

from core.bots import BotSettings
from core.errors import Refused
from core.identity import Verifier

SECRET = "a secret of sixty-four characters, so that HS512 does not complain!"
SETTINGS = BotSettings(identity_secret=SECRET)


def signed(claims: dict[str, Any], key: str = SECRET, algorithm: str = "HS256") -> str:
    return jwt.encode(claims, key, algorithm=algorithm)


def claims(**changes: Any) -> dict[str, Any]:
    return {"sub": "ana", "exp": int(time.time()) + 60, **changes}


async def test_a_good_token_says_who_someone_is() -> None:
    identity = await Verifier().verify(signed(claims(name="Ana", email="ana@example.com")), SETTINGS)
    assert (identity.subject, identity.name, identity.email) == ("ana", "Ana", "ana@example.com")
    assert identity.user_id == "identity:ana"


@pytest.mark.filterwarnings("ignore:.*HMAC key")
async def test_a_short_secret_still_works() -> None:
    token = signed(claims(), key="short")
    assert (await Verifier().verify(token, BotSettings(identity_secret="short"))).subject == "ana"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "a.b.c",
        "x" * 10_000,
        signed(claims(), key="another secret of sixty-four characters, which nobody has told us."),
        signed(claims(exp=int(time.time()) - 5)),
        signed({"sub": "ana"}),
        signed({"exp": int(time.time()) + 60}),
        signed(claims(sub="")),
        signed(claims(sub="x" * 300)),
        jwt.encode(claims(), "", algorithm="none"),
        signed(claims(), algorithm="HS512"),
    ],
)
async def test_a_bad_token_is_refused_with_401(token: str) -> None:
    with pytest.raises(Refused) as refusal:
        await Verifier().verify(token, SETTINGS)
    assert refusal.value.status == 401
    assert refusal.value.code == "E_IDENTITY"


async def test_a_bot_without_a_secret_accepts_no_identity() -> None:
    with pytest.raises(Refused):
        await Verifier().verify(signed(claims()), BotSettings())


async def test_the_audience_is_checked_where_one_is_configured() -> None:
    settings = BotSettings(identity_secret=SECRET, identity_audience="trunkline")
    assert (await Verifier().verify(signed(claims(aud="trunkline")), settings)).subject == "ana"
    with pytest.raises(Refused):
        await Verifier().verify(signed(claims(aud="another")), settings)
    with pytest.raises(Refused):
        await Verifier().verify(signed(claims()), settings)
