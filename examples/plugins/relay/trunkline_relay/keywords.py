"""Two keywords: one that is answered inside the step, one that calls somebody else.

masked = MASK card_number          ' ************1111
answer = ASK SERVICE "opening hours?"
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import aiohttp

from trunkline import Keyword

TIMEOUT = aiohttp.ClientTimeout(total=10)


def keywords(service_url: str) -> Iterable[Keyword]:
    """:param service_url: what ASK SERVICE calls; from plugins.yaml."""

    def mask(host: Any, value: Any) -> str:
        """Local: pure, and quick; it may run more than once for the same step."""
        text = "" if value is None else str(value)
        return "*" * max(len(text) - 4, 0) + text[-4:]

    async def ask_service(call: Any, question: Any) -> str:
        """Outside: the script sleeps meanwhile. After a crash it may be asked again, with the same key."""
        headers = {"Idempotency-Key": call.idempotency_key}
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT, raise_for_status=True) as session,
            session.post(service_url, json={"question": question}, headers=headers) as answer,
        ):
            return str((await answer.json())["answer"])

    yield Keyword(
        phrase="MASK",
        forms=("value",),
        effect="local",
        handler=mask,
        description="The value with all but its last four characters hidden.",
    )
    yield Keyword(
        phrase="ASK SERVICE",
        forms=("question",),
        effect="outside",
        handler=ask_service,
        description="The answer of the service at `service_url`.",
    )
