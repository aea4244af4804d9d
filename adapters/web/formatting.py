"""Markdown as safe HTML: what a bot says is text, and no text can become anything but text and these tags.

Two walls: markdown-it's ``js-default`` preset keeps raw HTML as text, and nh3 lets only listed tags,
attributes and URL schemes through. The page has a third of its own. Pure.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p",
    "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
MAX_FORMATTED = 20_000  # characters; longer texts are shown as they are, so that none can hold up the server

# What no plain sentence has: most texts are answered by this one search.
_MARKUP = re.compile(
    r"[*_`~\[\]<>|\\#@]|&\S|://|www\.|\.\w{2,}/|^\s{0,3}(?:[-+]|\d+[.)])\s|^(?:\t| {4})|^[-=]{2,}$",
    re.MULTILINE,
)


def _alt_text(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, options: OptionsDict, env: Any
) -> str:
    """A picture by URL would tell its owner who reads: its description is shown instead."""
    return html.escape(tokens[index].content)


def _markdown() -> MarkdownIt:
    parser = MarkdownIt("js-default", {"html": False, "linkify": True, "breaks": True, "typographer": False})
    assert parser.linkify is not None
    parser.linkify.set(
        {"fuzzy_link": False}
    )  # "www.x" and "x.com" without a scheme stay text; mail addresses link
    parser.add_render_rule("image", _alt_text)
    return parser


_parser = _markdown()


def formatted(text: str) -> str:
    """*text* as HTML, or "" if it holds no markup and is best shown as it is."""
    if len(text) > MAX_FORMATTED or not _MARKUP.search(text):
        return ""
    return _formatted(text)


@lru_cache(maxsize=512)
def _formatted(text: str) -> str:
    rendered = _parser.render(text)
    clean = nh3.clean(
        rendered,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow",
        strip_comments=True,
    ).strip()
    return "" if _is_plain(clean, text) else clean


def _is_plain(clean: str, text: str) -> bool:
    """Whether the rendering says no more than the text itself."""
    inner = clean.removeprefix("<p>").removesuffix("</p>")
    return (
        "<" not in inner.replace("<br>\n", "")
        and html.unescape(inner.replace("<br>\n", "\n")) == text.strip()
    )
