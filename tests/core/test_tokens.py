"""Tokens: 64 characters, unguessable, their session readable."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import tokens


def test_a_token_has_64_url_safe_characters_and_names_its_session() -> None:
    session_id = str(uuid.uuid4())
    token, sha256 = tokens.mint(session_id)
    assert len(token) == 64
    assert tokens.session_of(token) == session_id
    assert tokens.digest(token) == sha256


def test_two_tokens_of_one_session_differ() -> None:
    session_id = str(uuid.uuid4())
    assert len({tokens.mint(session_id)[0] for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    "token", ["", "x", "a" * 63, "a" * 65, "é" * 64, "a" * 63 + "=", "a" * 62 + "+/", " " * 64]
)
def test_a_malformed_token_names_nothing(token: str) -> None:
    assert tokens.session_of(token) is None


@given(st.text(max_size=80))
def test_any_text_is_read_without_an_error(text: str) -> None:
    found = tokens.session_of(text)
    assert found is None or uuid.UUID(found)
