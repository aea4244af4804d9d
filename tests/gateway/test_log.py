"""The log: secrets are taken out by their look, whatever the text around them, and no text can stop the loop."""

from __future__ import annotations

import time

import pytest

from gateway.log import redact_text

TOKEN = "Ab1_" * 16
SID = "AC" + "0123456789abcdef" * 2


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (f"Authorization: Bearer {TOKEN}", "Authorization: Bearer [redacted]"),
        (f"the token {TOKEN}, again", "the token [token], again"),
        ("identity=eyJhbGciOi.eyJzdWIi.c2ln-_!", "identity=[jwt]!"),
        (f"/Accounts/{SID}/Messages", "/Accounts/AC…cdef/Messages"),
        ("postgresql://ana:s3cret@db:5432/x", "postgresql://ana:[redacted]@db:5432/x"),
        ("2postgresql://ana:s3:cret@db/x", "2postgresql://ana:[redacted]@db/x"),
        (f"redis://{'u' * 300}:s3cret@db", f"redis://{'u' * 300}:[redacted]@db"),
        ("from <ana.b+c@mail.example.org>, to bo@x.example", "from <[mail]>, to [mail]"),
        ("called +5511987654321", "called +…4321"),
        ("one\rtwo\x1b[2J\u2028", "one\\rtwo\\x1b[2J\\u2028"),
        ("a file's name \udcff", "a file's name \\udcff"),
        ("nothing: a@b, 12:30, https://x.example/a?b=c", "nothing: a@b, 12:30, https://x.example/a?b=c"),
    ],
)
def test_what_looks_like_a_secret_is_not_shown(written: str, shown: str) -> None:
    assert redact_text(written) == shown
    padding = "x " * 200  # a long text is cleaned like a short one
    assert redact_text(padding + written) == padding + shown


@pytest.mark.parametrize(
    "piece",
    ["0", "a", "a.", "-eyJ", "eyJa.", "a@", "a@b", "://", "a" * 31 + "://", "x://u:", "bearer ", "+1"],
)
def test_no_text_of_a_person_holds_the_log_up(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.perf_counter()
    redact_text(text)
    assert time.perf_counter() - started < 5  # a pattern that tries again at every character takes a minute
