"""A Twilio webhook as events. Pure.

Source: https://www.twilio.com/docs/messaging/guides/webhook-request and
https://www.twilio.com/docs/messaging/guides/track-outbound-message-status.
Parameters are added without notice, so unknown ones are ignored and unknown kinds are acknowledged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, cast, get_args
from urllib.parse import urlsplit

import structlog

from adapters.whatsapp.settings import AccountSettings
from adapters.whatsapp.signature import parameters
from trunkline import (
    Account,
    Attachment,
    DeliveryStatus,
    HttpAnswer,
    Inbound,
    Parsed,
    Profile,
    Refused,
    Webhook,
)

log = structlog.get_logger("trunkline.whatsapp")

ACKNOWLEDGED = HttpAnswer(status=200, body=b"<Response/>", content_type="text/xml; charset=utf-8")
MESSAGE_SID = re.compile(r"(SM|MM)[0-9a-fA-F]{32}")
MEDIA_PATH = re.compile(
    r"/2010-04-01/Accounts/(AC[0-9a-fA-F]{32})/Messages/(?:SM|MM)[0-9a-fA-F]{32}/Media/ME[0-9a-fA-F]{32}"
)
ADDRESS = re.compile(r"whatsapp:[+A-Za-z0-9][A-Za-z0-9._-]{2,127}")  # a number or an opaque user id
PHONE = re.compile(r"whatsapp:(\+[0-9]{5,20})")
MAX_MEDIA = 10
KINDS = {
    "", "text", "image", "audio", "video", "document", "sticker", "location", "contacts", "button",
    "interactive", "order", "list_reply", "button_reply",
}  # fmt: skip
TAP = re.compile(
    r"([0-9A-Za-z-]{1,64}):(.{1,128})", re.DOTALL
)  # <prompt>:<option>, as outbound.tap_id writes it
MIME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")

State = Literal["accepted", "sent", "delivered", "read", "undelivered", "failed"]
STATES = {state: state for state in get_args(State)} | {
    "scheduled": "accepted", "queued": "accepted", "sending": "accepted",
    "partially_delivered": "sent", "canceled": "failed",
}  # fmt: skip


def parse(webhook: Webhook, account: Account) -> Parsed:
    """:raises Refused: 422: it is Twilio's, but one of its parameters cannot be."""
    form = parameters(webhook)
    if webhook.path.rstrip("/").endswith("/status"):
        event = _status(webhook, form, account)
    else:
        event = _message(form, account)
    return Parsed(events=(event,) if event else (), answer=ACKNOWLEDGED)


def tap(payload: str) -> tuple[str, str]:
    """Prompt and option of one of our buttons; two empty strings for somebody else's."""
    found = TAP.fullmatch(payload)
    return (found[1], found[2]) if found else ("", "")


def is_media_of(url: str, settings: AccountSettings) -> bool:
    """Whether *url* is a media file of this very account, so that its credentials may be sent there."""
    parsed, api = urlsplit(url), urlsplit(settings.api_base_url)
    found = MEDIA_PATH.fullmatch(parsed.path)
    return (
        (parsed.scheme, parsed.netloc) == (api.scheme, api.netloc)
        and found is not None
        and found[1] == settings.account_sid
        and not parsed.query
    )


def _message(form: Mapping[str, str], account: Account) -> Inbound | None:
    sid = form.get("MessageSid") or form.get("SmsMessageSid") or form.get("SmsSid") or ""
    _require(MESSAGE_SID.fullmatch(sid), "MessageSid")
    sender = form.get("From", "")
    _require(ADDRESS.fullmatch(sender), "From")
    files = _attachments(form, account.settings)
    kind = form.get("MessageType", "").lower()
    if form.get("SmsStatus", "received") != "received" or kind not in KINDS:
        log.info("ignored a message of an unknown kind", account=account.name, kind=kind[:40], sid=sid)
        return None
    button = form.get("ButtonPayload") or form.get("ListId") or ""
    prompt, choice = tap(button)
    text = form.get("ButtonText") or form.get("ListTitle") or form.get("Body") or button or _place(form)
    if not text and not files and int(form.get("NumMedia") or 0):
        return None  # only files that were not Twilio's
    phone = PHONE.fullmatch(sender)
    return Inbound(
        channel="whatsapp",
        account=account.name,
        address=sender,
        external_id=sid,
        kind="choice" if choice else "message",
        text=text.replace("\x00", ""),
        choice=choice,
        prompt=prompt,
        attachments=files,
        profile=Profile(name=_display_name(form.get("ProfileName", "")), phone=phone[1] if phone else ""),
        verified=True,
    )


def _attachments(form: Mapping[str, str], settings: AccountSettings) -> tuple[Attachment, ...]:
    count = form.get("NumMedia") or "0"
    _require(count.isascii() and count.isdigit() and len(count) < 3 and int(count) <= MAX_MEDIA, "NumMedia")
    files = []
    for place in range(int(count)):
        url = form.get(f"MediaUrl{place}", "")
        _require(url, f"MediaUrl{place}")
        mime = form.get(f"MediaContentType{place}", "").partition(";")[0].strip().lower()
        if not is_media_of(url, settings):
            log.warning("ignored a media URL that is not Twilio's", host=urlsplit(url).hostname or "")
            continue
        files.append(Attachment(url=url, mime=mime if MIME.fullmatch(mime) else "application/octet-stream"))
    return tuple(files)


def _place(form: Mapping[str, str]) -> str:
    """A shared location as text: its label and address if it has them, and its coordinates."""
    latitude, longitude = form.get("Latitude", ""), form.get("Longitude", "")
    if not latitude or not longitude:
        return ""
    named = ", ".join(filter(None, (form.get("Label", ""), form.get("Address", ""))))
    return f"{named} ({latitude}, {longitude})" if named else f"{latitude}, {longitude}"


def _status(webhook: Webhook, form: Mapping[str, str], account: Account) -> Inbound | None:
    sid = form.get("MessageSid") or form.get("SmsSid") or ""
    _require(MESSAGE_SID.fullmatch(sid), "MessageSid")
    state = STATES.get(form.get("MessageStatus") or form.get("SmsStatus") or "")
    if form.get("EventType", "").upper() == "READ":
        state = "read"
    if state is None:
        return None
    outbox_id, _, part = webhook.query.get("o", "").rpartition(".")
    ours = (
        bool(re.fullmatch(r"[0-9A-Za-z-]{1,64}", outbox_id))
        and part.isascii()
        and part.isdigit()
        and len(part) < 5
    )
    person = form.get("To", "")
    return Inbound(
        channel="whatsapp",
        account=account.name,
        address=person if ADDRESS.fullmatch(person) else "",
        external_id=f"{sid}:{state}",
        kind="status",
        verified=True,
        status=DeliveryStatus(
            outbox_id=outbox_id if ours else "",
            part=int(part) if ours else 0,
            provider_id=sid,
            state=cast(State, state),
            error=form.get("ErrorCode", "")[:20],
        ),
    )


def _display_name(name: str) -> str:
    """A name that people chose for themselves, as data to show: no control or direction characters."""
    return "".join(character for character in name if character.isprintable())[:100].strip()


def _require(condition: object, field: str) -> None:
    if not condition:
        raise Refused(422, "E_FIELD", f"{field} is missing or malformed.", field=field)
