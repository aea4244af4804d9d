"""The JSON forms of the web channel, in and out: handlers, WebSocket and the OpenAPI document share them.

Times are RFC 3339 in UTC. A log line is ``trunkline.Message`` itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from trunkline import Attachment, Caller, Inbound, Message, Refused, check_string, check_text

MAX_ATTACHMENTS = 10
MAX_CHOICE = 256  # characters of a prompt's or an option's id


class Input(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What clients send: an unknown field is a mistake that they want to hear of."""


class SessionInput(Input, frozen=True, kw_only=True):
    bot: Annotated[str, Meta(description="The bot's name.")] = "default"
    identity: Annotated[str | None, Meta(description="A signed identity token (JWT).")] = None


class ChoiceInput(Input, frozen=True, kw_only=True):
    prompt: Annotated[str, Meta(description="Of the suggestions part that offered the option.")]
    id: Annotated[str, Meta(description="Of the option.")]


class ChatInput(Input, frozen=True, kw_only=True):
    """A text (with files, if any), files alone, or a choice."""

    text: str | None = None
    choice: ChoiceInput | None = None
    attachments: Annotated[list[str], Meta(description="attachment_ids of this session.")] = []
    client_id: Annotated[
        str | None,
        Meta(description="1-128 printable characters, chosen by the client: makes a repetition harmless."),
    ] = None


class ChatAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """``waiting``: the bot waits for the person. ``pending``: more can come without the person."""

    messages: list[Message]
    waiting: bool
    pending: bool
    seq: int


class SessionAnswer(msgspec.Struct, frozen=True, kw_only=True):
    session_id: str
    token: str
    bot: str
    created_at: datetime
    expires_at: datetime | None
    messages: list[Message]
    waiting: bool
    pending: bool
    seq: int


class SessionView(msgspec.Struct, frozen=True, kw_only=True):
    session_id: str
    state: str
    bot: str
    channel: str
    user: Any
    message_count: int
    created_at: datetime
    last_activity: datetime
    expires_at: datetime | None
    waiting_for: Mapping[str, Any] | None


class LogAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """``seq`` goes into the next request's ``after``."""

    messages: list[Message]
    seq: int


class UploadAnswer(msgspec.Struct, frozen=True, kw_only=True):
    attachment_id: str
    name: str
    mime: str
    size: int


class TicketAnswer(msgspec.Struct, frozen=True, kw_only=True):
    ticket: str
    expires_in: int


class ErrorDetail(msgspec.Struct, frozen=True, kw_only=True):
    code: str
    message: str
    field: str | None
    request_id: str


class ErrorAnswer(msgspec.Struct, frozen=True, kw_only=True):
    error: ErrorDetail


def inbound(content: ChatInput, caller: Caller) -> Inbound:
    """What the person sent, as an event of their session.

    :raises Refused: 422 naming the field, 413 ``E_TEXT_TOO_LONG``.
    """
    client_id = content.client_id
    if client_id is not None and not (1 <= len(client_id) <= 128 and client_id.isprintable()):
        raise Refused(
            422, "E_CLIENT_ID", "client_id must be 1 to 128 printable characters.", field="client_id"
        )
    text, choice = content.text, content.choice
    if choice is not None:
        if text is not None or content.attachments:
            raise Refused(422, "E_FIELD", "A choice stands alone.", field="choice")
        for name, value in (("choice.prompt", choice.prompt), ("choice.id", choice.id)):
            if not 1 <= len(check_string(value, field=name)) <= MAX_CHOICE:
                raise Refused(422, "E_FIELD", f"{name} must have 1 to {MAX_CHOICE} characters.", field=name)
    elif text is not None and (text or not content.attachments):
        check_text(text)
    elif not content.attachments:
        raise Refused(422, "E_EMPTY", "Send text, choice or attachments.", field="text")
    return Inbound(
        channel="web",
        account="",
        address=caller.session_id,
        external_id=client_id or "",
        kind="message" if choice is None else "choice",
        text=text or "",
        choice=choice.id if choice else "",
        prompt=choice.prompt if choice else "",
        attachments=_attachments(content.attachments),
    )


def _attachments(ids: list[str]) -> tuple[Attachment, ...]:
    if len(ids) > MAX_ATTACHMENTS:
        raise Refused(422, "E_ATTACHMENT", f"At most {MAX_ATTACHMENTS} files a message.", field="attachments")
    for file_id in ids:
        if not (1 <= len(file_id) <= 64 and file_id.isascii() and file_id.isprintable()):
            raise Refused(422, "E_ATTACHMENT", "There is no such file in this session.", field="attachments")
    return tuple(Attachment(id=file_id) for file_id in ids)
