"""A log line as the web shows it: formatted text beside the plain one."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from adapters.web.formatting import formatted
from trunkline import Message


def view(message: Message) -> Message:
    """*message* itself if nothing needs to be added. What a person wrote is never read as markup."""
    if message.role == "user" or not (html := formatted(message.text)):
        return message
    return msgspec.structs.replace(message, parts=(*message.parts, {"type": "formatted", "html": html}))


def views(messages: Iterable[Message]) -> list[Message]:
    return [view(message) for message in messages]
