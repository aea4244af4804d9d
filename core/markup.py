"""Markdown as a channel without Markdown can show it.

Scripts write Markdown (TALK is text or Markdown, never HTML). A channel names its ``markup`` capability; this
module turns a text into that markup. Text without any Markdown sign comes out as it went in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

Markup = Literal["markdown", "whatsapp", "plain", "speech"]

MARKDOWN_SIGNS = re.compile(r"[\\`*_~\[\]#>&]")
WORD_JOINER = "\u2060"
# A pair of signs that WhatsApp would take for formatting: at a word's border, with text directly inside.
ACCIDENTAL = re.compile(r"(?<![\w*_~`])([*_~`])(?=\S)(?=[^\n]*?\S\1(?!\w))")


@dataclass(frozen=True, slots=True)
class Dialect:
    """The signs of one markup; "" where it has none.

    :param links: ``text (address)``; else only the text.
    :param guard: signs in literal text must be kept from formatting.
    """

    bold: str = ""
    italic: str = ""
    strike: str = ""
    code: str = ""
    fence: str = ""
    quote: str = ""
    bullet: str = "- "
    rule: str = "---"
    links: bool = True
    guard: bool = False


DIALECTS = {
    "whatsapp": Dialect(
        bold="*", italic="_", strike="~", code="`", fence="```", quote="> ", rule="———", guard=True
    ),
    "plain": Dialect(),
    "speech": Dialect(bullet="", rule="", links=False),
}


def convert(text: str, markup: Markup) -> str:
    """*text* (Markdown) in the channel's markup, without blank lines at its ends."""
    text = text.strip("\n")
    if markup == "markdown" or not MARKDOWN_SIGNS.search(text):
        return text.rstrip()
    return _blocks(SyntaxTreeNode(_parser().parse(text)), DIALECTS[markup], "\n\n").strip("\n")


@cache
def _parser() -> MarkdownIt:
    # Indented code is off: scripts indent their texts without meaning code. HTML stays text.
    return MarkdownIt("commonmark", {"html": False}).enable("strikethrough").disable("code")


def _blocks(node: SyntaxTreeNode, dialect: Dialect, gap: str) -> str:
    return gap.join(filter(None, (_block(child, dialect) for child in node.children)))


def _block(node: SyntaxTreeNode, dialect: Dialect) -> str:
    match node.type:
        case "heading":
            return _wrap(_inline(node, _without_bold(dialect)), dialect.bold)
        case "fence" | "code_block":
            fence = dialect.fence
            return f"{fence}\n{node.content.rstrip()}\n{fence}" if fence else node.content.rstrip()
        case "blockquote":
            return _prefix(_blocks(node, dialect, "\n\n"), dialect.quote, dialect.quote)
        case "bullet_list" | "ordered_list":
            return _items(node, dialect)
        case "hr":
            return dialect.rule
        case _:
            return _inline(node, dialect)


def _items(node: SyntaxTreeNode, dialect: Dialect) -> str:
    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    lines = []
    for place, item in enumerate(node.children):
        sign = dialect.bullet if first is None else f"{first + place}. "
        lines.append(_prefix(_blocks(item, dialect, "\n"), sign, " " * len(sign)))
    return "\n".join(lines)


def _prefix(text: str, first: str, rest: str) -> str:
    head, *tail = text.split("\n")
    return "\n".join([first + head, *(rest + line if line else line for line in tail)])


def _inline(node: SyntaxTreeNode, dialect: Dialect) -> str:
    if node.type == "inline" and dialect.guard and not any(child.type != "text" for child in node.children):
        return _guard("".join(child.content for child in node.children))
    return "".join(_span(child, dialect) for child in node.children)


def _span(node: SyntaxTreeNode, dialect: Dialect) -> str:
    match node.type:
        case "text" | "text_special":
            return _guard(node.content) if dialect.guard else node.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "strong":
            return _wrap(_inline(node, _without_bold(dialect)), dialect.bold)
        case "em":
            return _wrap(_inline(node, dialect), dialect.italic)
        case "s":
            return _wrap(_inline(node, dialect), dialect.strike)
        case "code_inline":
            return _wrap(node.content, dialect.code)
        case "link":
            return _link(_inline(node, dialect), str(node.attrs.get("href", "")), dialect)
        case "image":
            return _link(_inline(node, dialect) or node.content, str(node.attrs.get("src", "")), dialect)
        case _:
            return _inline(node, dialect) if node.children else ""


def _wrap(text: str, sign: str) -> str:
    # Signs must touch the text that they format, or they are shown as they are.
    body = text.strip()
    if not body or not sign:
        return text
    return text.replace(body, f"{sign}{body}{sign}", 1)


def _link(text: str, address: str, dialect: Dialect) -> str:
    bare = address.removeprefix("mailto:").removeprefix("tel:")
    if not dialect.links:
        return text or bare
    return bare if text in {address, bare, ""} else f"{text} ({bare})"


def _guard(text: str) -> str:
    return ACCIDENTAL.sub(lambda found: found.group(0) + WORD_JOINER, text)


def _without_bold(dialect: Dialect) -> Dialect:
    return replace(dialect, bold="")
