"""Compiled releases on disk, so that a start does not compile what an earlier one has compiled.

A file is named after everything that its code depends on: the scripts, the keywords, the compiler, Python. It
holds code that will run, so it carries a code made with a key of this installation: a file that was damaged, changed
or copied from elsewhere is as good as none. Nothing is lost with the folder.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import importlib.util
import os
import secrets
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import structlog

import interpreter
from core.sealing import derived
from interpreter import compiled
from interpreter.keywords import KeywordTable
from interpreter.program import Release, compile_sources, digest_of, language_of, linked

MAC = 32  # bytes at the beginning of a file
CODE_FOLDER = "code"  # in the data folder
MOST = 256  # files; the oldest go first

log = structlog.get_logger("trunkline.code")


class CodeCache:
    """:param folder: made when something is written, for its owner only.
    :param secret_key: of the installation.
    """

    def __init__(self, folder: Path, secret_key: bytes) -> None:
        self.folder = folder
        self._key = derived(secret_key, b"code")

    def release(
        self, sources: Mapping[str, str], keywords: KeywordTable, *, service_paths: bool = False
    ) -> Release:
        """As ``interpreter.program.compile_release``."""
        digest = digest_of(sources)
        name = name_of(digest, keywords, service_paths=service_paths)
        found = self.read(name)
        if found is None:
            found = compile_sources(sources, keywords, service_paths=service_paths)
            self.write(name, found)
        return linked(found, sources, keywords, digest)

    def read(self, name: str) -> compiled.CompiledRelease | None:
        path = self.folder / name
        try:
            raw = path.read_bytes()
        except OSError:
            return None
        if not hmac.compare_digest(raw[:MAC], self._mac(name, raw[MAC:])):
            log.warning("compiled code is not ours or damaged; compiled again", file=str(path))
            return None
        return compiled.loads(raw[MAC:])

    def write(self, name: str, release: compiled.CompiledRelease) -> None:
        """All or nothing. A folder that cannot be written costs time, nothing else."""
        code = compiled.dumps(release)
        draft = self.folder / f".{secrets.token_hex(8)}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._prune()
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(self._mac(name, code) + code)
            draft.replace(self.folder / name)
        except OSError as error:
            log.warning("compiled code cannot be kept", folder=str(self.folder), reason=str(error))
            with contextlib.suppress(OSError):
                draft.unlink(missing_ok=True)

    def _mac(self, name: str, code: bytes) -> bytes:
        """Keyed BLAKE2b (RFC 7693), three times as fast as HMAC-SHA256 where the processor has no help for that."""
        code_of = hashlib.blake2b(name.encode(), key=self._key, digest_size=MAC)
        code_of.update(code)
        return code_of.digest()

    def _prune(self) -> None:
        """Make room for one more."""
        kept = [(entry.stat().st_mtime, entry.path) for entry in os.scandir(self.folder)]
        for _, path in sorted(kept)[: max(0, len(kept) - MOST + 1)]:
            with contextlib.suppress(OSError):
                os.unlink(path)


def name_of(digest: str, keywords: KeywordTable, *, service_paths: bool) -> str:
    """Names everything that compiled code depends on."""
    parts = (digest, language_of(keywords).hex(), compiler(), str(service_paths))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


@cache
def compiler() -> str:
    """Names this compiler by its sources and its Python: whoever changes either compiles again."""
    code = hashlib.sha256(importlib.util.MAGIC_NUMBER + sys.implementation.cache_tag.encode())
    root = Path(interpreter.__file__).parent
    for path in sorted(root.rglob("*.py")):
        code.update(f"{path.relative_to(root)}\n".encode() + path.read_bytes())
    return code.hexdigest()
