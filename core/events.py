"""What can happen to a session, as values. Everything that waits is answered by one of these.

An event that cannot be processed at once is stored in its inbox row as JSON of these forms; fields may be
added with a default and never renamed.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from core.messages import Inbound
from core.records import AddressKey, Effect, EventKey, Timer


class Opened(msgspec.Struct, frozen=True, kw_only=True, tag="opened"):
    """A conversation was opened without a word: ``start.bas`` runs."""


class Heard(msgspec.Struct, frozen=True, kw_only=True, tag="heard"):
    """A person wrote, tapped or sent something.

    :param shown: the prompt last shown at their address when this was accepted; 0 if unknown.
    """

    inbound: Inbound
    shown: int = 0


class Fired(msgspec.Struct, frozen=True, kw_only=True, tag="fired"):
    """A timer's time has come."""

    timer: Timer


class Settled(msgspec.Struct, frozen=True, kw_only=True, tag="settled"):
    """An outside call has a result.

    :param failure: why it failed, "" if it did not; ``number`` and ``code`` as in ``effects.Failed``.
    """

    effect: Effect
    value: Any = None
    failure: str = ""
    number: int = 1
    code: str = "E_RUNTIME"


class Ended(msgspec.Struct, frozen=True, kw_only=True, tag="ended"):
    """The person or an operator ends the session."""


class Upgraded(msgspec.Struct, frozen=True, kw_only=True, tag="upgraded"):
    """A signed identity says who an anonymous session's person is."""

    user_id: str
    subject: str
    profile: dict[str, str]


Event = Opened | Heard | Fired | Settled | Ended | Upgraded

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(Event).decode


def content_hash(key: bytes, inbound: Inbound) -> bytes:
    """A keyed hash of what a person sent: the same event key with another content is not the same event."""
    said = (
        inbound.kind,
        inbound.text,
        inbound.choice,
        inbound.prompt,
        [(file.id, file.url, file.name) for file in inbound.attachments],
    )
    return hashlib.blake2b(encode(said), key=key, digest_size=32).digest()


def timer_key(timer: Timer) -> EventKey:
    """``timer:<id>:<fire_at>``: a timer fires once, whoever fires it."""
    return EventKey("timer", "", f"timer:{timer.id}:{timer.fire_at.timestamp():.6f}")


def result_key(effect: Effect) -> EventKey:
    """One result for each outside call, however often it was attempted."""
    return EventKey("result", "", effect.idem_key)


def address_key(bot: str, inbound: Inbound) -> AddressKey:
    """Where the sender of an event can be reached."""
    return AddressKey(bot, inbound.channel, inbound.account, inbound.address)
