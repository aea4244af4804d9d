"""Messages as values: what adapters hand in, what they are asked to show, and what became of it.

Times are aware UTC datetimes. Sizes are bytes. These forms are serialised in the inbox and the outbox with
msgspec, so a field may be added with a default and never renamed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

import msgspec


class Attachment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file that came in or goes out.

    :param id: ours, once stored (``port.store_file``); "" while only the provider has it.
    :param url: where it can be had: the provider's, or our signed one.
    :param reason: why it could not be fetched; "" if it could.
    """

    id: str = ""
    url: str = ""
    name: str = ""
    mime: str = "application/octet-stream"
    size: int = 0
    reason: str = ""


class Profile(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the channel says of the sender. Display data: never an identity."""

    name: str = ""
    email: str = ""
    phone: str = ""
    locale: str = ""


class DeliveryStatus(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A provider's report on something that we sent.

    :param outbox_id: our row, when the provider echoes it (``<outbox id>.<part>`` in callbacks), else "".
    :param provider_id: the provider's id of the message, else "".
    :param rank: reports arrive out of order; the highest rank wins.
    """

    outbox_id: str = ""
    part: int = 0
    provider_id: str = ""
    state: Literal["accepted", "sent", "delivered", "read", "undelivered", "failed"]
    error: str = ""

    @property
    def rank(self) -> int:
        return ("accepted", "sent", "delivered", "read", "undelivered", "failed").index(self.state)


class Inbound(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that happened on a channel.

    :param channel: the adapter's name.
    :param account: the name of our account there (``plugins.yaml``).
    :param address: the sender's opaque id on that channel.
    :param external_id: the provider's id of this event: the dedupe key within (channel, account).
        "" means that repetitions cannot be recognised.
    :param kind: ``message`` a text and/or attachments; ``choice`` a tapped option (``prompt``, ``choice``);
        ``status`` a delivery report (``status``); ``joined`` a person opened the conversation; ``left``;
        ``hangup``.
    :param verified: the channel proves the address: the sender is a known person.
    :param sent_at: by the provider's clock, if it says; for display only.
    :param status: of a ``status`` event: the delivery it reports on.
    """

    channel: str
    account: str
    address: str
    external_id: str = ""
    kind: Literal["message", "choice", "status", "joined", "left", "hangup"] = "message"
    text: str = ""
    choice: str = ""
    prompt: str = ""
    attachments: tuple[Attachment, ...] = ()
    profile: Profile = Profile()
    verified: bool = False
    sent_at: datetime | None = None
    status: DeliveryStatus | None = None


class Option(msgspec.Struct, frozen=True):
    """One choice as shown: ``id`` comes back when it is tapped."""

    id: str
    title: str


class Outbound(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is to be shown to one address: one or several messages of a turn, already joined.

    Channel-neutral; ``core.rendering`` has degraded it to the channel's capabilities before ``render`` sees it.

    :param id: the outbox row's id, unique for ever.
    :param texts: paragraphs in Markdown, in order.
    :param options: a menu or suggestions to show below the last text.
    :param prompt: id of the question that the options answer; goes back with a tap.
    :param media: files to send after the texts.
    """

    id: str
    channel: str
    account: str
    address: str
    texts: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    prompt: str = ""
    media: tuple[Attachment, ...] = ()


class Capabilities(msgspec.Struct, frozen=True, kw_only=True):
    """What a channel can show, as data: degradation is computed from this table in one place.

    :param text: characters in one message; 0: no limit.
    :param markup: how text may be marked up.
    :param buttons: options shown as buttons at most; 0: none. ``button_title``: characters of a title.
    :param rows: options shown as a list at most; 0: none. ``row_title``: characters of a row's title.
    :param prompt_text: characters of the text above buttons or rows; 0: as ``text``.
    :param retry_for: seconds for which a refused message is tried again before it is a dead letter.
    :param media: media types that can be sent (``image/*``); empty: a link is sent instead.
    :param window: seconds after the last inbound message in which we may write; 0: always.
    :param coalesce: which TALKs are joined into one message: of one step, of one turn, or none.
    :param reply: ``push`` through the outbox; ``log`` read from the session's log (web); ``body`` the answer
        is the HTTP body of the request (voice).
    :param stream: whether text can be shown while it grows.
    :param opens: the channel can open a conversation: ``start.bas`` runs when a person joins.
    :param opt_out: STOP and START are taken from the person's words there.
    """

    text: int = 0
    markup: Literal["markdown", "whatsapp", "plain", "speech"] = "plain"
    buttons: int = 0
    button_title: int = 20
    rows: int = 0
    row_title: int = 24
    prompt_text: int = 0
    retry_for: float = 86_400
    media: tuple[str, ...] = ()
    window: float = 0
    coalesce: Literal["none", "step", "turn"] = "none"
    reply: Literal["push", "log", "body"] = "push"
    stream: Literal["none", "replaceable", "append"] = "none"
    edit: bool = False
    opens: bool = False
    opt_out: bool = False


# --- what became of a part ---------------------------------------------------------------


class Sent(msgspec.Struct, frozen=True, tag=True):
    """The provider accepted it under ``provider_id``."""

    provider_id: str


class Retry(msgspec.Struct, frozen=True, tag=True):
    """Refused before it was accepted; try again after so many seconds (0: our own back-off)."""

    after: float = 0
    reason: str = ""


class Permanent(msgspec.Struct, frozen=True, tag=True):
    """Will never be accepted."""

    reason: str


class WindowClosed(msgspec.Struct, frozen=True, tag=True):
    """The person must write first; the row is held until then."""

    reason: str = ""


class Unknown(msgspec.Struct, frozen=True, tag=True):
    """Sent, but the answer was lost: it may have been accepted. Reconciled before it is repeated."""

    reason: str = ""


SendResult = Sent | Retry | Permanent | WindowClosed | Unknown


# --- the log -------------------------------------------------------------------------------------------------


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a session's log: the JSON shape of docs/reference/http.md.

    :param seq: rises by session, never reused.
    :param parts: ``{"type": "suggestions", "prompt", "options": [{"id", "title"}]}``, ``image``, ``file`` …
    """

    seq: int
    id: str
    role: Literal["user", "assistant", "system"]
    text: str
    parts: tuple[Mapping[str, Any], ...] = ()
    created_at: datetime


class Reply(msgspec.Struct, frozen=True, kw_only=True):
    """What the engine answers to an input once it is committed.

    :param outcome: ``ok`` processed or stored; ``dup`` seen before, this is the stored answer.
    :param session_id: the session it went to.
    :param messages: the assistant's and system's messages that it led to, until the run rests.
    :param waiting: a HEAR waits for the person.
    :param pending: more can come without the person.
    :param seq: the log's highest seq.
    :param accepted: seq of the person's own message in the log; 0 if the event left none.
    """

    outcome: Literal["ok", "dup"]
    session_id: str
    messages: tuple[Message, ...] = ()
    waiting: bool = False
    pending: bool = False
    seq: int = 0
    accepted: int = 0
