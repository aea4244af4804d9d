"""Keys: what must not be readable in the database is sealed, what must be recognised is hashed with a key."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from core.errors import ConfigError, TrunklineError

KEY_BYTES = 32
_FORMAT = b"\x01"  # of a sealed value: format, key id (4), nonce (12), AES-256-GCM ciphertext with its tag
_ID, _NONCE = 4, 12


class SealBroken(TrunklineError):
    """A sealed value was made with another key, for another place, or was changed."""


class Sealer:
    """Encrypts with the primary key; opens what either key has sealed.

    :param key: 32 random bytes.
    :param previous: the key before the last rotation: still opens and verifies, never seals.
    """

    def __init__(self, key: bytes, previous: bytes | None = None) -> None:
        keys = [key] if previous is None else [key, previous]
        if any(len(each) != KEY_BYTES for each in keys):
            raise ConfigError(f"the secret key must have {KEY_BYTES} bytes")
        ciphers = {derived(each, b"id")[:_ID]: AESGCM(derived(each, b"seal")) for each in keys}
        self._prefix = _FORMAT + derived(key, b"id")[:_ID]
        self._cipher = ciphers[self._prefix[1:]]
        self._ciphers = ciphers
        self._hmac_keys = [derived(each, b"hmac") for each in keys]

    def __repr__(self) -> str:
        return "Sealer(***)"

    def seal(self, value: bytes, context: bytes = b"") -> bytes:
        """:param context: where the value belongs; it can be opened only with the same."""
        nonce = os.urandom(_NONCE)
        return self._prefix + nonce + self._cipher.encrypt(nonce, value, context)

    def open(self, sealed: bytes, context: bytes = b"") -> bytes:
        """:raises SealBroken: see there."""
        start = len(_FORMAT) + _ID
        cipher = self._ciphers.get(sealed[1:start])
        if cipher is None or sealed[:1] != _FORMAT:
            raise SealBroken("a sealed value was made with another secret key")
        try:
            return cipher.decrypt(sealed[start : start + _NONCE], sealed[start + _NONCE :], context)
        except (InvalidTag, ValueError) as error:
            raise SealBroken("a sealed value was changed or belongs elsewhere") from error

    def hmac(self, value: bytes) -> bytes:
        """HMAC-SHA256, 32 bytes."""
        return hmac.digest(self._hmac_keys[0], value, "sha256")

    def verify(self, value: bytes, code: bytes) -> bool:
        """*code* is the HMAC of *value* under either key."""
        return any(hmac.compare_digest(hmac.digest(key, value, "sha256"), code) for key in self._hmac_keys)


def derived(key: bytes, purpose: bytes) -> bytes:
    """A key of its own for each purpose."""
    return hmac.digest(key, b"trunkline/" + purpose, hashlib.sha256)


def parse_key(text: str, source: str) -> bytes:
    """A key as configured: 32 bytes in base64 (either alphabet) or hexadecimal.

    :param source: where it was read, for the message.
    :raises ConfigError: anything else, and a key of equal bytes (a placeholder).
    """
    text = text.strip()
    try:
        key = bytes.fromhex(text) if len(text) == 2 * KEY_BYTES else _base64(text)
    except (ValueError, binascii.Error):
        key = b""
    if len(key) != KEY_BYTES or len(set(key)) == 1:
        raise ConfigError(
            f"{source}: the secret key is not {KEY_BYTES} random bytes in base64 or hexadecimal",
            hint="python -c 'import base64, os; print(base64.b64encode(os.urandom(32)).decode())' makes one",
        )
    return key


def _base64(text: str) -> bytes:
    text = text.rstrip("=").translate(str.maketrans("-_", "+/"))
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)


def load_or_create_key(path: Path | str) -> bytes:
    """The key in *path*; a new one, readable by the owner only, if there is none.

    :raises ConfigError: others may read the file, it holds no key, or the folder is not writable.
    """
    path = Path(path)
    try:
        if not path.exists():
            _create_key(path)
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise ConfigError(
                f"{path}: others can read the secret key (mode {mode:o})", hint=f"chmod 600 {path}"
            )
        return parse_key(path.read_text("ascii", "replace"), str(path))
    except OSError as error:
        raise ConfigError(
            f"{path}: the secret key cannot be kept there: {error.strerror}",
            hint="make the data folder writable, or choose another with --data",
        ) from error


def _create_key(path: Path) -> None:
    """All or nothing: a process killed here leaves no half a key, and of two that race one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(base64.b64encode(os.urandom(KEY_BYTES)) + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            return
        sync_folder(path.parent)
    finally:
        draft.unlink()


def sync_folder(path: Path) -> None:
    """Make a new name in the folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
