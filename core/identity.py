"""Signed identity tokens: how a web site says who its visitor is (docs/reference/http.md).

The bot's ``identity-secret`` verifies HS256, its ``identity-jwks-url`` verifies asymmetric algorithms. The
token's header chooses between the two, never what key serves an algorithm: a public key cannot pass as a
secret. Source: RFC 7519 (JWT), RFC 8725 section 3.1 (algorithm verification).
"""

from __future__ import annotations

import asyncio
import warnings
from typing import Any

import jwt
import msgspec
from jwt.warnings import InsecureKeyLengthWarning

from core.bots import BotSettings
from core.errors import Refused

ASYMMETRIC = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA")
KEYS_TIMEOUT = 5.0  # s, to fetch the key set
LONGEST = 8192  # characters of a token
SUBJECT = 255  # characters


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """Who a token says that someone is."""

    subject: str
    name: str = ""
    email: str = ""

    @property
    def user_id(self) -> str:
        """Cannot collide with what channels prove: their ids begin with the channel's name."""
        return f"identity:{self.subject}"

    @property
    def profile(self) -> dict[str, str]:
        return {key: value for key, value in (("name", self.name), ("email", self.email)) if value}


class Verifier:
    """Checks identity tokens; keeps the key sets that it has fetched."""

    def __init__(self) -> None:
        self._clients: dict[str, jwt.PyJWKClient] = {}

    async def verify(self, token: str, settings: BotSettings) -> Identity:
        """:raises Refused: 401 ``E_IDENTITY``: malformed, wrong key, expired, or the bot accepts none."""
        try:
            if len(token) > LONGEST:
                raise jwt.InvalidTokenError("too long")
            algorithm = jwt.get_unverified_header(token).get("alg")
            key = await self._key(token, algorithm, settings)
            claims = decode(token, key, str(algorithm), settings)
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            raise refusal() from error
        return identity_of(claims)

    async def _key(self, token: str, algorithm: Any, settings: BotSettings) -> Any:
        if algorithm == "HS256" and settings.identity_secret:
            return settings.identity_secret
        if algorithm in ASYMMETRIC and settings.identity_jwks_url:
            client = self._clients.get(settings.identity_jwks_url)
            if client is None:
                client = jwt.PyJWKClient(settings.identity_jwks_url, timeout=KEYS_TIMEOUT, cache_keys=True)
                self._clients[settings.identity_jwks_url] = client
            return (await asyncio.to_thread(client.get_signing_key_from_jwt, token)).key
        raise jwt.InvalidAlgorithmError("no key for this algorithm")


def decode(token: str, key: Any, algorithm: str, settings: BotSettings) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", InsecureKeyLengthWarning)  # said once, when the bot is loaded
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=[algorithm],
            audience=settings.identity_audience or None,
            issuer=settings.identity_issuer or None,
            options={"require": ["exp", "sub"], "verify_aud": bool(settings.identity_audience)},
        )
    return claims


def identity_of(claims: dict[str, Any]) -> Identity:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT or "\0" in subject:
        raise refusal()
    return Identity(subject=subject, name=text_of(claims.get("name")), email=text_of(claims.get("email")))


def text_of(value: Any) -> str:
    return value.replace("\0", "")[:SUBJECT] if isinstance(value, str) else ""


def refusal() -> Refused:
    return Refused(401, "E_IDENTITY", "The identity token is not valid.", field="identity")
