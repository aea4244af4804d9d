"""WhatsApp against the contract that every channel passes."""

from __future__ import annotations

import pytest

from adapters.whatsapp import WhatsApp
from tests.adapters.whatsapp.whatsapp_kit import INBOUND, PERSON, TOKEN, make_account, make_form, make_webhook
from trunkline import Permanent, Retry, Sent, Unknown, Webhook, WindowClosed
from trunkline.testing.adapter import AdapterContract, AdapterSubject
from trunkline.testing.twilio import Answer, FakeTwilio, sign


def message(text: str, key: str) -> Webhook:
    return make_webhook(make_form(text, seed=key))


class TestWhatsApp(AdapterContract):
    @pytest.fixture
    def subject(self, whatsapp: WhatsApp, twilio: FakeTwilio) -> AdapterSubject:
        form = make_form("hello", seed=1)
        return AdapterSubject(
            adapter=whatsapp,
            account=make_account(api_base_url=twilio.url, content_base_url=twilio.url, timeout=0.5),
            message=message,
            forgeries={
                "no signature": make_webhook(form, signature=""),
                "another token": make_webhook(form, token="x" * 32),
                "a lower-cased signature": make_webhook(form, signature=sign(TOKEN, INBOUND, form).lower()),
                "another account": make_webhook({**form, "AccountSid": "AC" + "6" * 32}),
            },
            fates={
                Sent: lambda: None,
                Retry: lambda: twilio.plan(Answer(status=429, retry_after=3)),
                Permanent: lambda: twilio.plan(Answer(status=400, code=21211)),
                WindowClosed: lambda: twilio.plan(Answer(status=400, code=63016)),
                Unknown: lambda: twilio.plan(Answer(cut=True)),
            },
            address=PERSON,
        )
