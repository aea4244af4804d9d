"""Sealing: only the key opens, only in its place, and the key file is the owner's alone."""

from __future__ import annotations

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ConfigError
from core.sealing import SealBroken, Sealer, load_or_create_key, parse_key

KEY, OTHER = os.urandom(32), os.urandom(32)


@given(st.binary(max_size=2000), st.binary(max_size=50))
def test_what_was_sealed_opens_in_its_place(value: bytes, place: bytes) -> None:
    assert Sealer(KEY).open(Sealer(KEY).seal(value, place), place) == value


def test_it_does_not_open_elsewhere_changed_or_with_another_key() -> None:
    sealed = Sealer(KEY).seal(b"pin 1234", b"here")
    with pytest.raises(SealBroken):
        Sealer(KEY).open(sealed, b"there")
    with pytest.raises(SealBroken):
        Sealer(OTHER).open(sealed, b"here")
    for index in range(len(sealed)):
        changed = bytearray(sealed)
        changed[index] ^= 1
        with pytest.raises(SealBroken):
            Sealer(KEY).open(bytes(changed), b"here")
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            Sealer(KEY).open(sealed[:length], b"here")


def test_the_same_value_is_never_sealed_alike() -> None:
    assert len({Sealer(KEY).seal(b"same") for _ in range(100)}) == 100


def test_after_a_rotation_the_old_key_still_opens_and_verifies() -> None:
    sealed, code = Sealer(OTHER).seal(b"old"), Sealer(OTHER).hmac(b"old")
    rotated = Sealer(KEY, OTHER)
    assert rotated.open(sealed) == b"old"
    assert rotated.verify(b"old", code)
    assert not rotated.verify(b"new", code)
    with pytest.raises(SealBroken):
        Sealer(OTHER).open(rotated.seal(b"new"))


def test_a_key_shows_nowhere() -> None:
    assert KEY.hex() not in repr(Sealer(KEY)) + repr(vars(Sealer(KEY)).keys())


def test_the_key_file_is_made_once_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret.key"
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(load_or_create_key, [path] * 16))
    assert keys == {load_or_create_key(path)}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["secret.key"]


def test_a_key_file_that_others_can_read_is_refused_with_the_fix(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    load_or_create_key(path)
    path.chmod(0o644)
    with pytest.raises(ConfigError) as refused:
        load_or_create_key(path)
    assert refused.value.hint == f"chmod 600 {path}"


@pytest.mark.parametrize(
    "text", ["", "changeme", "a" * 64, base64.b64encode(b"short").decode(), "ü" * 43, "=" * 44]
)
def test_what_is_no_random_key_is_refused_without_being_shown(tmp_path: Path, text: str) -> None:
    path = tmp_path / "secret.key"
    path.write_text(text, "utf-8")
    path.chmod(0o600)
    with pytest.raises(ConfigError, match="32 random bytes") as refused:
        load_or_create_key(path)
    assert not text or text not in str(refused.value)


def test_a_key_can_be_written_in_several_ways() -> None:
    plain = base64.b64encode(KEY).decode()
    for text in (plain, plain.rstrip("="), base64.urlsafe_b64encode(KEY).decode(), KEY.hex(), f" {plain}\n"):
        assert parse_key(text, "TRUNKLINE_SECRET_KEY") == KEY


def test_a_folder_that_cannot_hold_the_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigError, match="cannot be kept there"):
        load_or_create_key(tmp_path / "file" / "secret.key")
