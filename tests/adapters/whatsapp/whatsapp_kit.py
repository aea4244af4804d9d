"""One account, and its webhooks as Twilio would send them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import msgspec
from multidict import CIMultiDict, CIMultiDictProxy

from adapters.whatsapp.settings import AccountSettings
from trunkline import Account, Webhook
from trunkline.testing.twilio import sid, sign

ACCOUNT_SID = "AC" + "5" * 32
TOKEN = "12345678901234567890123456789012"
US = "whatsapp:+15550100"
PERSON = "whatsapp:+5511987654321"
PUBLIC = "https://bot.example"
INBOUND = f"{PUBLIC}/channels/whatsapp/main/inbound"
STATUS = f"{PUBLIC}/channels/whatsapp/main/status"
SPECS = Path(os.environ.get("TRUNKLINE_SPECS", Path(__file__).parent / "specs"))


def make_settings(**changes: Any) -> AccountSettings:
    plain = {"account_sid": ACCOUNT_SID, "auth_token": TOKEN, "from": US, **changes}
    return msgspec.convert(plain, AccountSettings)


def make_account(**changes: Any) -> Account:
    return Account(name="main", bot="default", settings=make_settings(**changes), public_url=PUBLIC, dev=True)


def make_webhook(
    form: Mapping[str, str] | bytes,
    url: str = INBOUND,
    *,
    signature: str | None = None,
    content_type: str = "application/x-www-form-urlencoded; charset=utf-8",
    headers: Mapping[str, str] = {},
    method: str = "POST",
    token: str = TOKEN,
) -> Webhook:
    """A webhook signed over *form*; bytes are sent as they are and signed as parsed."""
    body = form if isinstance(form, bytes) else urlencode(form).encode()
    parameters = dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True, errors="replace"))
    sent = CIMultiDict({"Content-Type": content_type, **headers})
    sent.add("X-Twilio-Signature", sign(token, url, parameters) if signature is None else signature)
    parts = urlsplit(url)
    return Webhook(
        method=method,
        path=parts.path,
        url=url,
        query=dict(parse_qsl(parts.query)),
        headers=CIMultiDictProxy(sent),
        body=body,
    )


def make_form(body: str = "hello", *, seed: object = 1, **more: str) -> dict[str, str]:
    message = sid("SM", seed)
    return {
        "MessageSid": message, "SmsMessageSid": message, "AccountSid": ACCOUNT_SID, "From": PERSON, "To": US,
        "Body": body, "NumMedia": "0", "SmsStatus": "received", "MessageType": "text", "ProfileName": "Ana",
        "WaId": "5511987654321", "ApiVersion": "2010-04-01", **more,
    }  # fmt: skip


class MemoryCache:
    """SendContext's cache, in memory."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}

    async def get(self, key: str) -> str | None:
        return self.values.get(key)

    async def put(self, key: str, value: str) -> None:
        self.values[key] = value
