"""A fake Twilio, and the adapter that talks to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from adapters.whatsapp import WhatsApp
from tests.adapters.whatsapp.whatsapp_kit import ACCOUNT_SID, SPECS, TOKEN, MemoryCache, make_account
from trunkline import SendContext
from trunkline.testing.twilio import FakeTwilio


@pytest.fixture
async def twilio() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio(account_sid=ACCOUNT_SID, auth_token=TOKEN, specs=SPECS) as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture
async def whatsapp() -> AsyncIterator[WhatsApp]:
    adapter = WhatsApp(media_delays=(0, 0))
    yield adapter
    await adapter.close()


@pytest.fixture
def context(twilio: FakeTwilio) -> SendContext:
    account = make_account(api_base_url=twilio.url, content_base_url=twilio.url, timeout=0.5)
    return SendContext(
        account=account, outbox_id="o1", attempt=1, cache=MemoryCache(), signed_url=lambda file: file.url
    )
