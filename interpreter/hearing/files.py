"""FILE, DOCUMENT, IMAGE, AUDIO, VIDEO: an attachment as an object ``{filename, url, mime, size, all}``.

One that could not be fetched is an answer, too: its ``url`` is null and its ``reason`` says why, so that the script
decides what to do. To ask the person again would not help where the file is too large or the channel has lost it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interpreter.hearing.types import Asked, Unacceptable, Validator
from interpreter.values import Record, Value

MOST_FILES = 50
UNKNOWN = "application/octet-stream"
MEDIA = ("image/", "audio/", "video/")
ALSO: Mapping[str, tuple[str, ...]] = {"audio": ("application/ogg",), "video": ("application/mp4",)}


def file_value(attachment: Mapping[str, Any]) -> Record:
    """One attachment as the script sees it. An object with these keys prints as its url."""
    value = Record(
        filename=str(attachment.get("filename") or ""),
        url=attachment.get("url") or None,
        mime=_mime(attachment),
        size=int(attachment.get("size") or 0),
    )
    if value["url"] is None:
        value["reason"] = str(attachment.get("reason") or "the file could not be fetched")
    return value


def _mime(attachment: Mapping[str, Any]) -> str:
    return str(attachment.get("mime") or UNKNOWN).split(";")[0].strip().lower()


def _is_lost(attachment: Mapping[str, Any]) -> bool:
    """Whether it could not be fetched, so that nobody knows what it is."""
    return not attachment.get("url") and _mime(attachment) == UNKNOWN


def attached(asked: Asked) -> list[Mapping[str, Any]]:
    return list(asked.answer.attachments[:MOST_FILES])


def first_of(attachments: list[Mapping[str, Any]]) -> Value:
    """The first that could be fetched, else the first.

    :raises Unacceptable: there is none.
    """
    if not attachments:
        raise Unacceptable
    value = file_value(next((each for each in attachments if each.get("url")), attachments[0]))
    value["all"] = [file_value(each) for each in attachments]
    return value


def file(asked: Asked) -> Value:
    """Any file."""
    return first_of(attached(asked))


def document(asked: Asked) -> Value:
    """A file that is no picture, sound or film."""
    return first_of([each for each in attached(asked) if not _mime(each).startswith(MEDIA)])


def media(kind: str) -> Validator:
    """A file of one media type: ``image``, ``audio`` or ``video``."""

    def validator(asked: Asked) -> Value:
        fitting = [
            each
            for each in attached(asked)
            if _mime(each).startswith(f"{kind}/") or _mime(each) in ALSO.get(kind, ()) or _is_lost(each)
        ]
        return first_of(fitting)

    return validator
