"""A channel over plain HTTP: JSON webhooks in, JSON posts out, both signed with a shared secret.

In:   POST /channels/relay/<account>/inbound    {"id": "1", "from": "ana", "text": "hello"}
Out:  POST <deliver_url>    {"id": "<row>.<part>", "to": "ana", "text": "…", "options": […]}
Both carry ``X-Relay-Signature: sha256=<hex of HMAC-SHA256(secret, body)>``.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import msgspec

from trunkline import (
    Account,
    Capabilities,
    HttpAnswer,
    Inbound,
    Outbound,
    Parsed,
    Part,
    Permanent,
    Refused,
    Retry,
    Route,
    SendContext,
    SendResult,
    Sent,
    Unknown,
    Webhook,
)

SIGNATURE = "X-Relay-Signature"


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One account in plugins.yaml.

    :param secret: shared with the other side; signs both directions.
    :param deliver_url: where our messages are posted.
    """

    secret: str
    deliver_url: str
    timeout: float = 10.0

    def __post_init__(self) -> None:
        if len(self.secret) < 16:
            raise ValueError("secret must have at least 16 characters")


class Note(msgspec.Struct, frozen=True):
    """The webhook's body. Unknown fields are ignored, so that the other side may add some."""

    id: str
    sender: str = msgspec.field(name="from")
    text: str


def sign(secret: str, body: bytes) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


class Relay:
    """The adapter: one object for all accounts."""

    name = "relay"
    capabilities = Capabilities(text=4000, markup="markdown", buttons=5, button_title=40, coalesce="step")
    settings: type[msgspec.Struct] = Settings

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    def routes(self) -> Sequence[Route]:
        return [Route(method="POST", path="/inbound")]

    async def verify(self, webhook: Webhook, account: Account) -> None:
        signatures = webhook.headers.getall(SIGNATURE, [])
        expected = sign(account.settings.secret, webhook.body)
        if len(signatures) != 1 or not hmac.compare_digest(signatures[0].encode(), expected.encode()):
            raise Refused(403, "E_SIGNATURE", "The request is not signed.")

    def parse(self, webhook: Webhook, account: Account) -> Parsed:
        try:
            note = msgspec.json.decode(webhook.body, type=Note)
        except msgspec.MsgspecError as error:
            raise Refused(422, "E_FIELD", str(error)) from error
        if not note.id or not note.sender:
            raise Refused(422, "E_FIELD", "id and from must not be empty.")
        event = Inbound(
            channel=self.name, account=account.name, address=note.sender, external_id=note.id, text=note.text
        )
        return Parsed(
            events=(event,), answer=HttpAnswer(body=b'{"ok": true}', content_type="application/json")
        )

    def render(self, outbound: Outbound, capabilities: Capabilities) -> Sequence[Part]:
        payload: dict[str, Any] = {"to": outbound.address, "text": "\n\n".join(outbound.texts)}
        if outbound.options:
            payload["options"] = [option.title for option in outbound.options]
        return [Part(index=0, payload=payload)]

    async def send(self, part: Part, context: SendContext) -> SendResult:
        """Post one message. Its id lets the other side recognise a repetition."""
        key = f"{context.outbox_id}.{part.index}"
        settings: Settings = context.account.settings
        body = msgspec.json.encode({"id": key, **part.payload})
        headers = {"Content-Type": "application/json", SIGNATURE: sign(settings.secret, body)}
        if self._session is None:
            self._session = aiohttp.ClientSession()
        limits = aiohttp.ClientTimeout(total=settings.timeout)
        try:
            async with self._session.post(
                settings.deliver_url, data=body, headers=headers, timeout=limits, allow_redirects=False
            ) as answer:
                return _result(answer.status, answer.headers, key)
        except aiohttp.ClientConnectorError as error:
            return Retry(reason=str(error))  # nothing was sent
        except (aiohttp.ClientError, TimeoutError) as error:
            return Unknown(reason=type(error).__name__)  # it may have arrived

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None


def _result(status: int, headers: Mapping[str, str], key: str) -> SendResult:
    if status in {429, 503}:
        after = headers.get("Retry-After", "")
        return Retry(after=float(after) if after.isdecimal() else 0, reason=str(status))
    if status >= 500:
        return Retry(reason=str(status))
    return Sent(provider_id=key) if status < 300 else Permanent(reason=f"the receiver answered {status}")
