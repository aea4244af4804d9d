"""FILE, DOCUMENT, IMAGE, AUDIO, VIDEO: an attachment as an object ``{filename, url, mime, size, all}``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from interpreter.hearing.types import Asked, Unacceptable, Validator
from interpreter.values import Record, Value

MOST_FILES = 50
MEDIA = ("image/", "audio/", "video/")
ALSO: Mapping[str, tuple[str, ...]] = {"audio": ("application/ogg",), "video": ("application/mp4",)}


def file_value(attachment: Mapping[str, Any]) -> Record:
    """One attachment as the script sees it. An object with these keys prints as its url."""
    return Record(
        filename=str(attachment.get("filename") or ""),
        url=str(attachment["url"]),
        mime=_mime(attachment),
        size=int(attachment.get("size") or 0),
    )


def _mime(attachment: Mapping[str, Any]) -> str:
    return str(attachment.get("mime") or "application/octet-stream").split(";")[0].strip().lower()


def attached(asked: Asked) -> list[Mapping[str, Any]]:
    """The attachments that were received.

    :raises Unacceptable: there is none, or none could be fetched.
    """
    if not asked.answer.attachments:
        raise Unacceptable
    received = [each for each in asked.answer.attachments[:MOST_FILES] if each.get("url")]
    if not received:
        raise Unacceptable("file-missing")
    return received


def first_of(attachments: list[Mapping[str, Any]]) -> Value:
    if not attachments:
        raise Unacceptable
    value = file_value(attachments[0])
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
            if _mime(each).startswith(f"{kind}/") or _mime(each) in ALSO.get(kind, ())
        ]
        return first_of(fitting)

    return validator
