"""Twilio's own list of messages: what became of a send in doubt, and what people wrote while we were away.

Source: https://www.twilio.com/docs/messaging/api/message-resource#read-multiple-message-resources.
Twilio tries a webhook once or twice and then forgets it, so the list is the only way to a missed message.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from adapters.whatsapp.inbound import ADDRESS, MAX_MEDIA, PHONE, is_media_of
from adapters.whatsapp.outbound import numbered
from adapters.whatsapp.settings import AccountSettings
from trunkline import Account, Attachment, Inbound, Profile, Retry, SendResult, Sent

PAGE = 50
MISSED = 1000  # messages read at once at most
CLOCKS = timedelta(minutes=1)  # ours and Twilio's may differ by so much


async def look_up(
    client: Any, payload: Mapping[str, Any], since: datetime, settings: AccountSettings
) -> SendResult:
    """Sent if Twilio has accepted this part at or after *since*, else Retry."""
    sent = {"from_": settings.us} if settings.us and not settings.messaging_service_sid else {}
    listed = await client.messages.list_async(to=payload["to"], limit=PAGE, page_size=PAGE, **sent)
    wanted = _readings(payload)
    found = [
        message
        for message in listed
        if str(message.direction).startswith("outbound")
        and message.date_created is not None
        and message.date_created >= since - CLOCKS
        and _normal(message.body or "") in wanted
        and (int(message.num_media or 0) > 0) == ("media" in payload)
    ]
    # Newest first: several equal ones cannot be told apart, and the part in doubt is the last that was sent.
    return Sent(provider_id=found[0].sid) if found else Retry(reason="the provider does not know it")


async def missed(client: Any, account: Account, since: datetime, until: datetime) -> list[Inbound]:
    """Messages to our number of that time, oldest first; duplicates are known by SID."""
    settings: AccountSettings = account.settings
    listed = await client.messages.list_async(
        to=settings.us, date_sent_after=since, limit=MISSED, page_size=PAGE
    )
    recent = [
        message
        for message in listed
        if message.direction == "inbound"
        and ADDRESS.fullmatch(message.from_ or "")
        and since <= (message.date_sent or message.date_created or since) <= until
    ]
    return [await _inbound(client, message, account) for message in reversed(recent)]


async def _inbound(client: Any, message: Any, account: Account) -> Inbound:
    settings: AccountSettings = account.settings
    files: list[Attachment] = []
    if int(message.num_media or 0):
        for media in await client.messages(message.sid).media.list_async(limit=MAX_MEDIA):
            url = f"{settings.api_base_url.rstrip('/')}{media.uri.removesuffix('.json')}"
            if is_media_of(url, settings):
                files.append(Attachment(url=url, mime=media.content_type or "application/octet-stream"))
    phone = PHONE.fullmatch(message.from_)
    return Inbound(
        channel="whatsapp",
        account=account.name,
        address=message.from_,
        external_id=message.sid,
        text=(message.body or "").replace("\x00", ""),
        attachments=tuple(files),
        profile=Profile(phone=phone[1] if phone else ""),
        verified=True,
        sent_at=message.date_sent,
    )


def _readings(payload: Mapping[str, Any]) -> set[str]:
    """How the part's text may stand in Twilio's list."""
    body = str(payload.get("body", ""))
    menu = payload.get("menu")
    return {_normal(body)} | ({_normal(numbered(body, menu["options"]))} if menu else set())


def _normal(text: str) -> str:
    return " ".join(text.split())
