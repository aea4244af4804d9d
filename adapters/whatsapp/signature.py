"""Is a webhook Twilio's? Fail closed: whatever goes wrong is a 403 that says nothing.

Twilio signs the URL that it called and the parameters; see
https://www.twilio.com/docs/usage/security#validating-requests. The library computes the signature; what it
lets pass (a missing header, JSON whose body nobody hashed) is checked here.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from multidict import MultiDict

from adapters.whatsapp.settings import AccountSettings
from trunkline import Account, Refused, Webhook

SIGNATURE = "X-Twilio-Signature"
SIGNATURE_SETTINGS = "X-Twilio-Webhooks-Signature-Settings"
MAX_PARAMETERS = 500
IDENTITY = ("AccountSid", "MessageSid", "From", "To", "MessageStatus")


def verify(webhook: Webhook, account: Account) -> None:
    """:raises Refused: 403 ``E_SIGNATURE``."""
    try:
        genuine = _is_signed(webhook, account.settings) and _is_ours(webhook, account.settings)
    except Exception as error:  # the library raises six kinds of errors on odd URLs and headers
        raise _refused() from error
    if not genuine:
        raise _refused()


def parameters(webhook: Webhook) -> MultiDict[str]:
    """The parameters of a form, undecodable bytes replaced.

    :raises ValueError: too many of them.
    """
    if webhook.method == "GET":
        return MultiDict(_pairs(urlsplit(webhook.url).query, "replace"))
    return MultiDict(_pairs(webhook.body.decode("latin-1"), "replace"))


def _is_signed(webhook: Webhook, settings: AccountSettings) -> bool:
    signatures = webhook.headers.getall(SIGNATURE, [])
    if len(signatures) != 1 or not signatures[0].isascii():
        return False
    signature = signatures[0]
    algorithm, secrets = _keys(webhook, settings)
    kind = webhook.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if webhook.method == "POST" and kind == "application/json":
        # The signature covers only the URL: the body counts by the hash that the URL carries.
        if not _hash_matches(webhook):
            return False
        candidates: list[MultiDict[str]] = [MultiDict()]
    elif webhook.method == "POST" and kind == "application/x-www-form-urlencoded":
        candidates = list(_readings(webhook.body))
    elif webhook.method == "GET" and not webhook.body:
        candidates = [MultiDict()]  # the parameters are in the URL
    else:
        return False
    matches = [
        _matches(secret, algorithm, webhook.url, reading, signature)
        for secret in secrets
        for reading in candidates
    ]
    return any(matches)


def _keys(webhook: Webhook, settings: AccountSettings) -> tuple[str, list[str]]:
    """The algorithm and the secrets that may have signed. A named key is never exchanged for a weaker one."""
    from twilio.request_validator import HMAC_SHA1, HMAC_SHA256  # noqa: PLC0415  (twilio is imported when used)

    named = webhook.headers.getall(SIGNATURE_SETTINGS, [])
    if not named:
        tokens = [settings.auth_token, settings.auth_token_secondary]
        return HMAC_SHA1, [token for token in tokens if token]
    fields = dict(item.strip().partition("=")[::2] for item in named[0].split(","))
    if len(named) != 1 or fields.get("algorithm") != HMAC_SHA256:
        return HMAC_SHA256, []
    secret = settings.signing_keys.get(fields.get("key", ""))
    return HMAC_SHA256, [secret] if secret else []


def _matches(secret: str, algorithm: str, url: str, form: MultiDict[str], signature: str) -> bool:
    from twilio.request_validator import RequestValidator, add_port, remove_port  # noqa: PLC0415

    validator = RequestValidator(secret)
    parsed = urlsplit(url)
    # Twilio's own servers differ on whether the port is signed.
    urls = {url, add_port(parsed), remove_port(parsed) if not parsed.netloc.startswith("[") else url}
    computed = [validator.compute_signature(each, form, algorithm) for each in sorted(urls)]
    return any(hmac.compare_digest(each.encode(), signature.encode()) for each in computed)


def _readings(body: bytes) -> Iterator[MultiDict[str]]:
    """The form as Twilio may have read it before signing; more than one if it is not UTF-8."""
    raw = body.decode("latin-1")
    yield MultiDict(_pairs(raw, "replace"))
    try:
        _pairs(raw, "strict")
    except UnicodeDecodeError:
        yield MultiDict(
            parse_qsl(raw, keep_blank_values=True, encoding="latin-1", max_num_fields=MAX_PARAMETERS)
        )


def _pairs(raw: str, errors: str) -> list[tuple[str, str]]:
    return parse_qsl(raw, keep_blank_values=True, errors=errors, max_num_fields=MAX_PARAMETERS)


def _hash_matches(webhook: Webhook) -> bool:
    hashes = [value for name, value in _pairs(urlsplit(webhook.url).query, "strict") if name == "bodySHA256"]
    return len(hashes) == 1 and hmac.compare_digest(
        hashlib.sha256(webhook.body).hexdigest().encode(), hashes[0].encode()
    )


def _is_ours(webhook: Webhook, settings: AccountSettings) -> bool:
    """The signature has no separators, so the names that matter must be there once and be ours."""
    form = parameters(webhook)
    if any(len(set(form.getall(name, []))) > 1 for name in IDENTITY):
        return False
    if form.get("AccountSid") != settings.account_sid:
        return False
    us = form.get("From" if webhook.path.rstrip("/").endswith("/status") else "To", "")
    return not settings.us or us == settings.us or bool(settings.messaging_service_sid)


def _refused() -> Refused:
    return Refused(403, "E_SIGNATURE", "The request is not signed by the provider.")
