"""What a channel can show, computed in one place from its Capabilities.

A turn's outbox rows are joined, then degraded: buttons -> list -> numbered text -> spoken choices; Markdown
-> the channel's markup; files that cannot be sent -> links; long text -> several messages. Pure: the same
rows always give the same messages, so an interrupted delivery goes on at the part where it stopped.
"""

from __future__ import annotations

import mimetypes
import re
import unicodedata
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

import msgspec
from msgspec.structs import replace

from core.markup import convert
from core.messages import Attachment, Capabilities, Option, Outbound
from core.records import OutboxRow

# Where a long text is cut, best first: after a paragraph, a line, a sentence, a word.
BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"[.!?…。！？]['\"»”)]*\s+"),
    re.compile(r"\s+"),
)

PICTURE = re.compile(r"(?:^|\n[ \t]*\n)[ \t]*!\[[^\]\n]*\]\((?P<url>https?://[^\s)]+)\)\s*$")


class Payload(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The JSON in ``OutboxRow.payload``: an Outbound without what the row itself says."""

    texts: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    prompt: str = ""
    media: tuple[Attachment, ...] = ()


def read(row: OutboxRow) -> Outbound:
    """The message that *row* holds.

    :raises msgspec.DecodeError: the payload is damaged.
    """
    said = msgspec.json.decode(row.payload, type=Payload)
    return Outbound(
        id=row.id,
        channel=row.channel,
        account=row.account,
        address=row.address,
        texts=said.texts,
        options=said.options,
        prompt=said.prompt,
        media=said.media,
    )


def join(outbounds: Sequence[Outbound], capabilities: Capabilities) -> list[Outbound]:
    """The messages of one turn as few as the channel wants them, in the script's order.

    Files and options end a message: what follows them is said after them. A text that is, or ends in a
    paragraph that is, nothing but a Markdown image is that image where files can be sent.
    """
    joined: list[Outbound] = []
    for outbound in (_with_picture(each, capabilities) for each in outbounds):
        last = joined[-1] if joined else None
        if capabilities.coalesce == "none" or last is None or last.media or last.options:
            joined.append(outbound)
        else:
            joined[-1] = replace(
                last,
                texts=last.texts + outbound.texts,
                options=outbound.options,
                prompt=outbound.prompt,
                media=outbound.media,
            )
    return joined


def degrade(outbound: Outbound, capabilities: Capabilities) -> list[Outbound]:
    """*outbound* as messages that the channel can show, one text each; nothing to show gives none.

    Options that remain fit the channel (:func:`fits_buttons`, :func:`fits_rows`), on the last message.
    """
    shown, linked = _sort_media(outbound.media, capabilities)
    texts = [convert(text, capabilities.markup) for text in outbound.texts]
    texts += [f"{file.name}: {file.url}" if file.name else file.url for file in linked]
    text = "\n\n".join(filter(None, (part.strip("\n") for part in texts)))
    options = outbound.options
    if options and not _shows_options(text, options, capabilities):
        text = "\n\n".join(filter(None, (text, _as_text(options, capabilities))))
        options = ()
    bare = replace(outbound, texts=(), options=(), prompt="", media=())
    messages = [replace(bare, texts=(chunk,)) for chunk in split(text, capabilities.text)]
    if shown and options:
        messages.insert(0, replace(bare, media=shown))
    elif shown:
        messages = [*messages[:-1], replace(messages[-1] if messages else bare, media=shown)]
    if options:
        messages[-1] = replace(messages[-1], options=options, prompt=outbound.prompt)
    return messages


def fits_buttons(options: Sequence[Option], capabilities: Capabilities) -> bool:
    return _fits(options, capabilities.buttons, capabilities.button_title)


def fits_rows(options: Sequence[Option], capabilities: Capabilities) -> bool:
    return _fits(options, capabilities.rows, capabilities.row_title)


def width(text: str) -> int:
    """Characters as providers count them: UTF-16 units, so an emoji may be two."""
    return len(text) + sum(character > "\uffff" for character in text)


def split(text: str, limit: int) -> list[str]:
    """*text* in pieces of at most *limit* characters (0: one piece), cut where a reader would pause."""
    if not text.strip():
        return []
    return list(_pieces(text, limit)) if limit else [text]


def _pieces(text: str, limit: int) -> Iterator[str]:
    while width(text) > limit:
        end = _cut(text, limit)
        piece = text[:end].rstrip()
        if piece:
            yield piece
        text = text[end:].lstrip()
    if text:
        yield text


def _cut(text: str, limit: int) -> int:
    """Where to cut: at the last good break in the second half of what fits, else after the last word."""
    room = _room(text, limit)
    for pattern in BREAKS:
        ends = [found.end() for found in pattern.finditer(text, 0, room + 1) if found.start() <= room]
        if ends and (ends[-1] > room // 2 or pattern is BREAKS[-1]):
            return min(ends[-1], room) or room
    while room > 1 and _joined(text[room]):
        room -= 1
    return room


def _room(text: str, limit: int) -> int:
    used = 0
    for place, character in enumerate(text):
        used += 2 if character > "\uffff" else 1
        if used > limit:
            return max(place, 1)
    return len(text)


def _joined(character: str) -> bool:
    """Whether the character belongs to the one before it: a combining mark, a joiner or a variation."""
    return (
        bool(unicodedata.combining(character))
        or character in "\u200d\ufe0e\ufe0f"
        or "🏻" <= character <= "🏿"
    )


def _fits(options: Sequence[Option], count: int, title: int) -> bool:
    titles = {option.title for option in options}
    return (
        len(options) <= count and len(titles) == len(options) and all(0 < width(t) <= title for t in titles)
    )


def _shows_options(text: str, options: Sequence[Option], capabilities: Capabilities) -> bool:
    room = capabilities.prompt_text or capabilities.text
    if not text or (room and width(text) > room):
        return False
    return fits_buttons(options, capabilities) or fits_rows(options, capabilities)


def _as_text(options: Sequence[Option], capabilities: Capabilities) -> str:
    if capabilities.markup == "speech":
        return " ".join(f"{place}: {option.title}." for place, option in enumerate(options, 1))
    return "\n".join(f"{place}. {option.title}" for place, option in enumerate(options, 1))


def _with_picture(outbound: Outbound, capabilities: Capabilities) -> Outbound:
    if not outbound.texts or outbound.media or not _is_sent("image/jpeg", capabilities):
        return outbound
    found = PICTURE.search(outbound.texts[-1])
    if found is None:
        return outbound
    before = outbound.texts[-1][: found.start()].rstrip()
    url = found["url"]
    mime = mimetypes.guess_type(url.partition("?")[0])[0] or ""
    picture = Attachment(url=url, mime=mime if mime.startswith("image/") else "image/jpeg")
    texts = (*outbound.texts[:-1], before) if before else outbound.texts[:-1]
    return replace(outbound, texts=texts, media=(picture,))


def _is_sent(mime: str, capabilities: Capabilities) -> bool:
    return any(fnmatchcase(mime, known) for known in capabilities.media)


def _sort_media(
    files: Sequence[Attachment], capabilities: Capabilities
) -> tuple[tuple[Attachment, ...], tuple[Attachment, ...]]:
    """Files that the channel sends, and those that become links."""
    shown: list[Attachment] = []
    linked: list[Attachment] = []
    for file in files:
        kind = file.mime.partition(";")[0].strip().lower()
        (shown if _is_sent(kind, capabilities) else linked).append(file)
    return tuple(shown), tuple(linked)
