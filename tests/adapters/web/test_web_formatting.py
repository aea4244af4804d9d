"""What a bot says, as HTML: plain sentences stay plain, Markdown is shown, nothing else gets through."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.web.formatting import MAX_FORMATTED, formatted
from adapters.web.views import view
from trunkline import Message

ALLOWED = re.compile(
    r"</?(?:blockquote|br|code|del|em|h[1-6]|hr|li|ol|p|pre|s|strong|table|tbody|td|th|thead|tr|ul)>"
    r"|<ol start=\"\d+\">|</a>"
    r"|<a href=\"(?:https?://|mailto:|tel:)[^\"<>]*\"(?: title=\"[^\"<>]*\")?"
    r" rel=\"noopener noreferrer nofollow\">"
    r"|<a rel=\"noopener noreferrer nofollow\">"
)


@pytest.mark.parametrize(
    "text",
    [
        "Hello, Ana!",
        "5 < 6",
        "a & b",
        "first\nsecond",
        "snake_case_name",
        "1.5 litres",
        "Is it 10:30?",
        "",
        "x@",
    ],
)
def test_plain_text_has_no_formatted_part(text: str) -> None:
    assert formatted(text) == ""


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**bold**", "<p><strong>bold</strong></p>"),
        ("a\n*b*", "<p>a<br>\n<em>b</em></p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("`<b>`", "<p><code>&lt;b&gt;</code></p>"),
        ("![a cat](https://tracker.example/x.png) **b**", "<p>a cat <strong>b</strong></p>"),
        (
            "see https://example.org/a.",
            '<p>see <a href="https://example.org/a" rel="noopener noreferrer nofollow">https://example.org/a</a>.</p>',
        ),
        (
            "[call](tel:+15550100)",
            '<p><a href="tel:+15550100" rel="noopener noreferrer nofollow">call</a></p>',
        ),
    ],
)
def test_markdown_is_rendered(text: str, html: str) -> None:
    assert formatted(text) == html


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd"],
)
def test_links_to_other_schemes_stay_text(target: str) -> None:
    assert "<a" not in formatted(f"[x]({target}) **b**")


@given(st.text(st.sampled_from("<>\"'&/ =abijmgsrxonelvtpc:*_`[]()!#|-\n\\{}$1"), max_size=80))
def test_no_text_whatever_makes_a_tag_that_is_not_allowed(text: str) -> None:
    html = formatted(text)
    assert "<" not in ALLOWED.sub("", html)


def test_texts_beyond_the_limit_are_shown_as_they_are() -> None:
    assert formatted("**b** " * MAX_FORMATTED) == ""


def test_a_persons_own_words_are_never_formatted() -> None:
    line = Message(seq=1, id="m", role="user", text="**not bold**", created_at=datetime.now(UTC))
    assert view(line) is line
