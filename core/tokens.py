"""Bearer tokens and tickets: the session's id (by which its row is found) and 256 random bits.

A token is base64url of 16 bytes of session id and 32 random bytes: 64 characters. Only its SHA-256 is stored.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
import uuid

LENGTH = 64
FORM = re.compile(rf"[A-Za-z0-9_-]{{{LENGTH}}}")


def mint(session_id: str) -> tuple[str, bytes]:
    """A new token of *session_id* and the SHA-256 to store."""
    token = base64.urlsafe_b64encode(uuid.UUID(session_id).bytes + secrets.token_bytes(32)).decode()
    return token, digest(token)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def session_of(token: str) -> str | None:
    """The session id that a token names, None if it is malformed. Grants nothing by itself."""
    if not FORM.fullmatch(token):
        return None
    return str(uuid.UUID(bytes=base64.urlsafe_b64decode(token)[:16]))
