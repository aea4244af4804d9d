"""Webhooks: raw bytes, verify, parse, commit, answer.

The order is the promise: nothing is parsed before the adapter has verified the raw bytes, and nothing is
acknowledged before the commit that holds the event.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from aiohttp import web

from core.adapter import Account, Adapter, HttpAnswer, Parsed, Port, Route, Webhook
from core.errors import PLUGIN_ERRORS, Refused
from core.http_input import read_body
from core.messages import Inbound
from gateway.http.errors import Handler

BaseUrl = Callable[[], str]  # where the world reaches this server, without a trailing slash

log = logging.getLogger(__name__)


def webhook_handler(
    adapter: Adapter,
    route: Route,
    accounts: Mapping[str, Account],
    port: Port,
    base_url: BaseUrl,
) -> Handler:
    """The handler of one webhook route, for every account of the adapter."""

    async def handle(request: web.Request) -> web.StreamResponse:
        account = accounts.get(request.match_info["account"])
        if account is None:
            raise Refused(404, "E_NOT_FOUND", "There is nothing at this address.")
        body = await read_body(request, max_bytes=route.max_bytes)
        webhook = as_webhook(request, body, base_url())
        await _verify(adapter, webhook, account)
        parsed = _parse(adapter, webhook, account)
        for event in parsed.events:
            await port.submit(event, bot=account.bot, wait=False)
        return as_response(parsed.answer)

    return handle


def as_webhook(request: web.Request, body: bytes, base_url: str) -> Webhook:
    """The request as the adapter sees it; its URL from our own configuration, never from its headers."""
    target = request.raw_path
    if not target.startswith("/"):
        raise Refused(400, "E_HTTP", "The request target must be a path.")
    return Webhook(
        method=request.method,
        path=request.path,
        url=base_url + target,
        query=request.query,
        headers=request.headers,
        body=body,
        remote=request.remote or "",
    )


def as_response(answer: HttpAnswer) -> web.Response:
    headers = {"Content-Type": answer.content_type, **answer.headers}
    return web.Response(status=answer.status, body=answer.body, headers=headers)


async def _verify(adapter: Adapter, webhook: Webhook, account: Account) -> None:
    try:
        await adapter.verify(webhook, account)
    except Refused:
        raise
    except PLUGIN_ERRORS:  # whatever trips a verifier is not a proof
        log.exception("verify_failed", extra={"channel": adapter.name, "account": account.name})
        raise Refused(403, "E_SIGNATURE", "The request is not authentic.") from None


def _parse(adapter: Adapter, webhook: Webhook, account: Account) -> Parsed:
    try:
        parsed = adapter.parse(webhook, account)
        if not isinstance(parsed, Parsed) or not all(isinstance(event, Inbound) for event in parsed.events):
            raise TypeError(f"parse returned {type(parsed).__name__}; it must be Parsed, of Inbound events")
        return parsed
    except Refused:
        raise
    except PLUGIN_ERRORS:
        log.exception("parse_failed", extra={"channel": adapter.name, "account": account.name})
        raise Refused(422, "E_MALFORMED", "The request cannot be understood.") from None
