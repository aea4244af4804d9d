"""The settings of one WhatsApp account."""

from __future__ import annotations

import re
from typing import Literal

import msgspec

ACCOUNT_SID = re.compile(r"AC[0-9a-fA-F]{32}")
SERVICE_SID = re.compile(r"MG[0-9a-fA-F]{32}")
SENDER = re.compile(r"(whatsapp:)?\+[1-9][0-9]{4,19}")
PLACEHOLDER = re.compile(r"(change-?me|your[_ -].*|x{4,}|secret|password|token|<.*>|\.{3}|…)", re.IGNORECASE)


class AccountSettings(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename={"sender": "from"}
):
    """``plugins.whatsapp.accounts.<name>`` in plugins.yaml, without ``bot``.

    :param account_sid: ``AC…`` of the Twilio account (or subaccount).
    :param auth_token: its Auth Token: verifies webhooks, and signs our calls unless there is an API key.
    :param auth_token_secondary: a second token that also verifies, while tokens are being rotated.
    :param api_key_sid, api_key_secret: an API key for our calls, in place of the Auth Token.
    :param signing_keys: shared keys for HMAC-SHA256 webhook signatures, secret by key id.
    :param sender: our number, ``whatsapp:+15550100``; the prefix may be left out.
    :param messaging_service_sid: ``MG…``: send through this service; it chooses the number.
    :param api_base_url, content_base_url: Twilio's servers.
    :param media_hosts: where Twilio may redirect for a media file, besides itself; ``*.`` for any subdomain.
    :param max_media_bytes: larger files are refused; WhatsApp allows 16 MB.
    :param timeout: seconds for one call to Twilio.
    :param reconcile_after: seconds after which a send with a lost answer is looked up at Twilio.
    :param gap_fill: seconds of history that are read at the start for messages that we missed; 0: never look.
    :param gap_check: seconds between later looks for messages that we missed; 0: only at the start.
    :param list_button: the text on the button that opens a list of options.
    """

    provider: Literal["twilio"] = "twilio"
    account_sid: str
    auth_token: str
    auth_token_secondary: str = ""
    api_key_sid: str = ""
    api_key_secret: str = ""
    signing_keys: dict[str, str] = {}
    sender: str = ""
    messaging_service_sid: str = ""
    api_base_url: str = "https://api.twilio.com"
    content_base_url: str = "https://content.twilio.com"
    media_hosts: tuple[str, ...] = ("*.twiliocdn.com", "s3-external-1.amazonaws.com")
    max_media_bytes: int = 16_777_216
    timeout: float = 10.0
    reconcile_after: float = 60.0
    gap_fill: float = 3600.0
    gap_check: float = 600.0
    list_button: str = "Choose"

    def __post_init__(self) -> None:
        secrets = {
            "auth_token": self.auth_token,
            **{f"signing_keys.{k}": v for k, v in self.signing_keys.items()},
        }
        for name, value in secrets.items():
            if not value.strip() or PLACEHOLDER.fullmatch(value.strip()):
                raise ValueError(f"{name} is empty or a placeholder")
        if not ACCOUNT_SID.fullmatch(self.account_sid):
            raise ValueError("account_sid must be AC and 32 hexadecimal digits")
        if not self.sender and not self.messaging_service_sid:
            raise ValueError("one of from and messaging_service_sid is needed")
        if self.sender and not SENDER.fullmatch(self.sender):
            raise ValueError("from must look like whatsapp:+15550100")
        if self.messaging_service_sid and not SERVICE_SID.fullmatch(self.messaging_service_sid):
            raise ValueError("messaging_service_sid must be MG and 32 hexadecimal digits")
        if bool(self.api_key_sid) != bool(self.api_key_secret):
            raise ValueError("api_key_sid and api_key_secret belong together")
        for name in ("api_base_url", "content_base_url"):
            if not re.fullmatch(r"https?://[^/?#@\s]+/?", getattr(self, name)):
                raise ValueError(f"{name} must be a URL without a path")
        if not 0 < self.timeout <= 30:
            raise ValueError("timeout must be above 0 and at most 30 s")
        if min(self.reconcile_after, self.gap_fill, self.gap_check) < 0:
            raise ValueError("reconcile_after, gap_fill and gap_check must not be negative")
        if not 0 < len(self.list_button) <= 20:
            raise ValueError("list_button must have 1 to 20 characters")

    @property
    def us(self) -> str:
        """Our address as Twilio writes it; "" if a messaging service chooses the number."""
        return f"whatsapp:{self.sender.removeprefix('whatsapp:')}" if self.sender else ""

    @property
    def credentials(self) -> tuple[str, str]:
        """User name and password of our calls."""
        if self.api_key_sid:
            return self.api_key_sid, self.api_key_secret
        return self.account_sid, self.auth_token
