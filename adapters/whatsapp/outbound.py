"""A message as calls to Twilio. Pure.

The core has degraded the message already: its text is in WhatsApp's markup and short enough, and its options
fit. A part's payload is ``{"to", "body"?, "media"?, "menu"?}``.

Source: https://www.twilio.com/docs/whatsapp/api (text 1,600; one file a message; quick replies 3 of 20
characters in a session; lists 10 of 24; body above options 1,024).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from trunkline import Attachment, Capabilities, Option, Outbound, Part

CAPABILITIES = Capabilities(
    text=1600,
    markup="whatsapp",
    buttons=3,
    button_title=20,
    rows=10,
    row_title=24,
    prompt_text=1024,
    media=(
        "image/jpeg", "image/png", "image/webp", "audio/*", "video/mp4", "video/3gpp", "application/pdf",
        "application/msword", "application/vnd.*", "text/plain", "text/csv", "text/vcard",
    ),
    window=86_400,
    retry_for=86_400,
    coalesce="turn",
    opt_out=True,
)  # fmt: skip
CAPTIONED = ("image/", "video/")


def render(outbound: Outbound, capabilities: Capabilities) -> Sequence[Part]:
    """One part for the text (with its options), one for each file; a file takes the text as its caption."""
    payloads: list[dict[str, Any]] = []
    text = "\n\n".join(outbound.texts)
    if text and not (outbound.media and not outbound.options and _takes_caption(outbound.media[0])):
        payloads.append({"body": text, **_menu(outbound, capabilities)})
        text = ""
    for file in outbound.media:
        payloads.append({"media": file.url, **({"body": text} if text else {})})
        text = ""
    return [
        Part(index=place, payload={"to": outbound.address, **each}) for place, each in enumerate(payloads)
    ]


def tap_id(prompt: str, option: str) -> str:
    """What a tapped button sends back."""
    return f"{prompt}:{option}"


def numbered(body: str, options: Sequence[Mapping[str, str]]) -> str:
    """The options as text, for when Twilio does not take our buttons."""
    lines = "\n".join(f"{place}. {option['title']}" for place, option in enumerate(options, 1))
    return f"{body}\n\n{lines}"


def _menu(outbound: Outbound, capabilities: Capabilities) -> dict[str, Any]:
    if not outbound.options:
        return {}
    kind = "quick-reply" if _fit_buttons(outbound.options, capabilities) else "list-picker"
    options = [{"id": tap_id(outbound.prompt, each.id), "title": each.title} for each in outbound.options]
    return {"menu": {"kind": kind, "options": options}}


def _fit_buttons(options: Sequence[Option], capabilities: Capabilities) -> bool:
    return len(options) <= capabilities.buttons and all(
        len(option.title) <= capabilities.button_title for option in options
    )


def _takes_caption(file: Attachment) -> bool:
    return file.mime.startswith(CAPTIONED)
