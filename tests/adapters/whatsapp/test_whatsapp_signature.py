"""Only what Twilio signed for this account gets in; everything else is a 403 that says nothing."""

from __future__ import annotations

import hashlib
import json
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict, CIMultiDictProxy, MultiDict

from adapters.whatsapp import WhatsApp
from tests.adapters.whatsapp.whatsapp_kit import (
    ACCOUNT_SID,
    INBOUND,
    PUBLIC,
    TOKEN,
    US,
    make_account,
    make_form,
    make_webhook,
)
from trunkline import Refused, Webhook
from trunkline.testing.twilio import sign

ACCOUNT = make_account(auth_token_secondary="old-" + TOKEN, signing_keys={"webhooks_sharedkey_1": "k" * 40})


async def _verify(webhook: Webhook) -> int:
    """200, or the status of the refusal; no refusal may tell anything."""
    try:
        await WhatsApp().verify(webhook, ACCOUNT)
    except Refused as error:
        refused = error
    else:
        return 200
    assert refused.code == "E_SIGNATURE"
    assert TOKEN not in refused.message
    return refused.status


@pytest.mark.parametrize(
    "form",
    [
        make_form("hello"),
        make_form("emoji 🙂 and ünï"),
        make_form("trailing space "),
        make_form(""),
        make_form("a+b%2B&c=d"),
        make_form("many", **{f"Extra{number}": str(number) for number in range(200)}),
    ],
)
async def test_a_form_that_twilio_signed_is_let_in(form: dict[str, str]) -> None:
    assert await _verify(make_webhook(form)) == 200


async def test_the_published_example_of_the_signature_is_reproduced() -> None:
    # Source: https://www.twilio.com/docs/usage/security (the example request of a telephone call).
    form = {
        "CallSid": "CA1234567890ABCDE", "Caller": "+14158675310", "Digits": "1234", "From": "+14158675310",
        "To": "+18005551212",
    }  # fmt: skip
    assert sign("12345", "https://example.com/myapp.php?foo=1&bar=2", form) == "L/OH5YylLD5NRKLltdqwSvS0BnU="


@pytest.mark.parametrize("token", ["old-" + TOKEN, TOKEN])
async def test_both_tokens_verify_while_they_are_rotated(token: str) -> None:
    assert await _verify(make_webhook(make_form(), token=token)) == 200


@pytest.mark.parametrize("url", [INBOUND.replace("example/", "example:443/"), INBOUND])
async def test_a_standard_port_may_or_may_not_be_signed(url: str) -> None:
    form = make_form()
    assert await _verify(make_webhook(form, signature=sign(TOKEN, url, form))) == 200


@pytest.mark.parametrize(
    "url",
    [
        INBOUND.replace("https", "http"),
        INBOUND.replace("example/", "example:8443/"),
        INBOUND.replace("main", "other"),
        INBOUND + "?x=1",
        INBOUND + "/",
    ],
)
async def test_a_signature_over_another_url_is_refused(url: str) -> None:
    form = make_form()
    assert await _verify(make_webhook(form, signature=sign(TOKEN, url, form))) == 403


async def test_the_query_is_part_of_what_is_signed() -> None:
    assert await _verify(make_webhook(make_form(), INBOUND + "?o=a.1&x=%2B")) == 200


def _with_headers(*signatures: str, **more: str) -> Webhook:
    webhook = make_webhook(make_form())
    headers = CIMultiDict(webhook.headers)
    del headers["X-Twilio-Signature"]
    for signature in signatures:
        headers.add("x-twilio-signature", signature)
    headers.update(more)
    return Webhook(
        method="POST",
        path=webhook.path,
        url=webhook.url,
        query={},
        headers=CIMultiDictProxy(headers),
        body=webhook.body,
    )


async def test_a_missing_wrong_lower_cased_or_doubled_signature_is_refused() -> None:
    right = sign(TOKEN, INBOUND, make_form())
    assert await _verify(_with_headers(right)) == 200
    for wrong in [
        (),
        ("",),
        ("AAAA",),
        (right.lower(),),
        (right, right),
        (right + " ",),
        ("é",),
        (right[:-1],),
    ]:
        assert await _verify(_with_headers(*wrong)) == 403, wrong


async def test_an_empty_token_signs_nothing() -> None:
    assert await _verify(make_webhook(make_form(), token="")) == 403


async def test_a_changed_parameter_is_refused() -> None:
    form = make_form()
    assert await _verify(make_webhook({**form, "Body": "other"}, signature=sign(TOKEN, INBOUND, form))) == 403


def _json(body: bytes, query: str, signature: str | None = None) -> Webhook:
    url = f"{INBOUND}?{query}" if query else INBOUND
    signed = sign(TOKEN, url) if signature is None else signature
    return make_webhook(body, url, signature=signed, content_type="application/json")


async def test_json_counts_only_by_the_one_hash_in_its_url() -> None:
    body = json.dumps({"AccountSid": ACCOUNT_SID}).encode()
    digest = hashlib.sha256(body).hexdigest()
    for query in ["", "bodySHA256=", f"bodySHA256={digest}&bodySHA256={digest}", "bodySHA256=" + "0" * 64]:
        assert await _verify(_json(body, query)) == 403, query
    assert await _verify(_json(body.replace(b"5", b"6", 1), f"bodySHA256={digest}")) == 403


async def test_json_under_a_forms_name_is_refused() -> None:
    body = json.dumps(make_form()).encode()
    assert await _verify(make_webhook(body, signature=sign(TOKEN, INBOUND))) == 403


@pytest.mark.parametrize("kind", ["", "text/plain", "multipart/form-data", "application/xml"])
async def test_other_content_types_are_refused(kind: str) -> None:
    assert await _verify(make_webhook(make_form(), content_type=kind)) == 403


async def test_a_shared_key_signs_with_sha256_and_is_never_exchanged_for_the_token() -> None:
    form, header = make_form(), "X-Twilio-Webhooks-Signature-Settings"
    named = {header: "key=webhooks_sharedkey_1,algorithm=HMAC_SHA256"}
    right = sign("k" * 40, INBOUND, form, "HMAC_SHA256")
    assert await _verify(make_webhook(form, signature=right, headers=named)) == 200
    assert await _verify(make_webhook(form, signature=right)) == 403
    assert await _verify(make_webhook(form, headers=named)) == 403
    for other in [
        "key=unknown,algorithm=HMAC_SHA256",
        "key=webhooks_sharedkey_1,algorithm=HMAC_SHA1",
        "",
        "garbage",
    ]:
        assert await _verify(make_webhook(form, signature=right, headers={header: other})) == 403
        assert await _verify(make_webhook(form, headers={header: other})) == 403


@pytest.mark.parametrize(
    "change",
    [{"AccountSid": "AC" + "6" * 32}, {"AccountSid": ""}, {"To": "whatsapp:+15550199"}, {"To": ""}],
)
async def test_another_account_or_number_is_refused_though_signed(change: dict[str, str]) -> None:
    assert await _verify(make_webhook({**make_form(), **change})) == 403


async def test_a_parameter_may_repeat_unless_it_says_who_or_what() -> None:
    pairs = "&".join(f"{name}={value}" for name, value in make_form().items()).replace("+", "%2B")
    for extra, status in [("Extra=1&Extra=2", 200), (f"AccountSid=AC{'6' * 32}", 403), ("From=x", 403)]:
        body = f"{pairs}&{extra}".encode()
        form = MultiDict(parse_qsl(body.decode(), keep_blank_values=True))
        assert await _verify(make_webhook(body, signature=sign(TOKEN, INBOUND, form))) == status, extra


async def test_bytes_that_are_not_utf8_verify_as_twilio_may_have_read_them() -> None:
    form = make_form("x")
    body = (
        "&".join(f"{n}={v}" for n, v in form.items())
        .replace("+", "%2B")
        .replace("Body=x", "Body=%ff")
        .encode()
    )
    for reading in ["\ufffd", "\xff"]:
        signature = sign(TOKEN, INBOUND, {**form, "Body": reading})
        assert await _verify(make_webhook(body, signature=signature)) == 200


async def test_a_get_is_verified_over_its_url() -> None:
    url = f"{INBOUND}?AccountSid={ACCOUNT_SID}&To={US.replace('+', '%2B')}&Body=hi"
    assert await _verify(make_webhook(b"", url, method="GET", signature=sign(TOKEN, url))) == 200
    assert await _verify(make_webhook(b"", url + "x", method="GET", signature=sign(TOKEN, url))) == 403


@given(st.binary(max_size=300), st.text(max_size=40), st.text(max_size=60), st.text(max_size=40))
async def test_no_garbage_gets_in_or_breaks_the_check(
    body: bytes, url: str, signature: str, settings: str
) -> None:
    headers = CIMultiDict(
        {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    )
    if settings:
        headers["X-Twilio-Webhooks-Signature-Settings"] = settings
    webhook = Webhook(
        method="POST",
        path="/inbound",
        url=f"{PUBLIC}{url}",
        query={},
        headers=CIMultiDictProxy(headers),
        body=body,
    )
    assert await _verify(webhook) == 403


@pytest.mark.parametrize(
    "url", ["https://bot.example:99999/x", "https://bot.example:abc/x", "https://[::1/x", ""]
)
async def test_a_malformed_public_url_refuses_instead_of_breaking(url: str) -> None:
    webhook = make_webhook(make_form())
    broken = Webhook(method="POST", path="/x", url=url, query={}, headers=webhook.headers, body=webhook.body)
    assert await _verify(broken) == 403
