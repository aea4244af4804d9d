"""The WhatsApp adapter: one object for all accounts, with one Twilio client each."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import msgspec
import structlog

from adapters.whatsapp import content, history, inbound, media, outbound, signature
from adapters.whatsapp.client import classify, connect
from adapters.whatsapp.settings import AccountSettings
from trunkline import (
    Account,
    Attachment,
    Capabilities,
    Fetched,
    Outbound,
    Parsed,
    Part,
    Permanent,
    Port,
    Refused,
    Route,
    SendContext,
    SendResult,
    Sent,
    Unknown,
    Webhook,
)

log = structlog.get_logger("trunkline.whatsapp")

MAX_WEBHOOK = 262_144  # bytes: 64 kB of text, percent-encoded
OVERLAP = 600.0  # seconds that two looks for missed messages share
UNDER_WAY = 60.0  # seconds in which Twilio may still be trying the webhook, which says more than its list


class WhatsApp:
    """WhatsApp through Twilio."""

    name = "whatsapp"
    capabilities = outbound.CAPABILITIES
    settings: type[msgspec.Struct] = AccountSettings
    needs_public_url = True  # Twilio signs the public URL, and calls it
    bot_keys = {  # noqa: RUF012  (read by the gateway, never written)
        "twilio-account-sid": "account_sid",
        "twilio-auth-token": "auth_token",
        "twilio-phone-number": "from",
        "twilio-from-number": "from",
    }

    def __init__(self, media_delays: Sequence[float] = media.NOT_THERE_YET) -> None:
        self._clients: dict[str, asyncio.Task[Any]] = {}
        self._session: aiohttp.ClientSession | None = None
        self._media_delays = media_delays
        self._troubles: dict[str, str] = {}

    def routes(self) -> Sequence[Route]:
        return [
            Route(method=method, path=path, max_bytes=MAX_WEBHOOK)
            for path in ("/inbound", "/status")
            for method in ("POST", "GET")
        ]

    async def verify(self, webhook: Webhook, account: Account) -> None:
        signature.verify(webhook, account)

    def parse(self, webhook: Webhook, account: Account) -> Parsed:
        return inbound.parse(webhook, account)

    def render(self, outbound_: Outbound, capabilities: Capabilities) -> Sequence[Part]:
        return outbound.render(outbound_, capabilities)

    async def send(self, part: Part, context: SendContext) -> SendResult:
        """Ask Twilio to send one message; its id is the MessageSid."""
        client = await self._client(context.account)
        arguments = self._arguments(part, context)
        menu = self._menu(part, context)
        if menu:
            result = await self._send_menu(client, menu, arguments, context)
            if result is not None:
                return self._noted(context.account, result)
        if part.payload.get("menu"):
            arguments["body"] = outbound.numbered(part.payload["body"], part.payload["menu"]["options"])
        result = await self._create(client, arguments)
        if menu and isinstance(result, Sent):
            await context.cache.put(menu.key, "")  # the words were fine: make the resource anew next time
        return self._noted(context.account, result)

    async def reconcile(self, part: Part, context: SendContext, since: datetime) -> SendResult | None:
        """Look *part* up in Twilio's list; None: Twilio does not answer."""
        client = await self._client(context.account)
        try:
            return await history.look_up(client, part.payload, since, context.account.settings)
        except Exception as error:
            log.warning(
                "the list of messages could not be read", account=context.account.name, error=str(error)[:200]
            )
            return None

    def reconcile_after(self, account: Account) -> float:
        return float(account.settings.reconcile_after)

    async def fetch(self, attachment: Attachment, account: Account) -> Fetched:
        """A file that a person sent. :raises Refused: it never can be had. :raises Exception: not now."""
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar(), auto_decompress=False)
        return await media.fetch(self._session, attachment, account, self._media_delays)

    async def run(self, account: Account, port: Port) -> None:
        """Take in what people wrote while nobody answered Twilio's webhooks: at the start, then now and again.

        The later looks find what an outage of the store, a proxy or the network has cost while we ran.
        """
        settings: AccountSettings = account.settings
        if not settings.gap_fill or not settings.us:
            return
        await self._catch_up(account, port, settings.gap_fill)
        while settings.gap_check:
            await asyncio.sleep(settings.gap_check)
            await self._catch_up(account, port, settings.gap_check + OVERLAP, spare=UNDER_WAY)

    async def _catch_up(self, account: Account, port: Port, seconds: float, spare: float = 0.0) -> None:
        """Submit what Twilio lists of the last *seconds*, except for the last *spare* of them."""
        now = datetime.now(UTC)
        since, until = now - timedelta(seconds=seconds), now - timedelta(seconds=spare)
        found = await history.missed(await self._client(account), account, since, until)
        new = 0
        for message in found:
            try:
                reply = await port.submit(message, bot=account.bot, wait=False)
                new += reply.outcome == "ok"
            except Refused as refused:
                log.info("a missed message was refused", account=account.name, code=refused.code)
        log.info("looked for missed messages", account=account.name, listed=len(found), new=new)

    async def health(self, account: Account) -> str:
        return self._troubles.get(account.name, "")

    async def close(self) -> None:
        for task in self._clients.values():
            if task.done() and not task.cancelled() and task.exception() is None:
                await task.result().http_client.close()
            task.cancel()
        self._clients.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _client(self, account: Account) -> Any:
        task = self._clients.get(account.name)
        if task is None:
            task = self._clients[account.name] = asyncio.ensure_future(connect(account.settings))
        return await asyncio.shield(task)

    def _arguments(self, part: Part, context: SendContext) -> dict[str, Any]:
        account = context.account
        settings: AccountSettings = account.settings
        arguments: dict[str, Any] = {"to": part.payload["to"]}
        if settings.messaging_service_sid:
            arguments["messaging_service_sid"] = settings.messaging_service_sid
        else:
            arguments["from_"] = settings.us
        if account.public_url:
            # The callback says which part was accepted, even if the answer to our request is lost.
            arguments["status_callback"] = (
                f"{account.public_url}/channels/whatsapp/{account.name}/status?o={context.outbox_id}.{part.index}"
            )
        if part.payload.get("body"):
            arguments["body"] = part.payload["body"]
        if part.payload.get("media"):
            arguments["media_url"] = [part.payload["media"]]
        return arguments

    def _menu(self, part: Part, context: SendContext) -> content.Menu | None:
        menu = part.payload.get("menu")
        if not menu:
            return None
        return content.menu(
            part.payload["body"], menu["kind"], menu["options"], context.account.settings.list_button
        )

    async def _send_menu(
        self, client: Any, menu: content.Menu, arguments: dict[str, Any], context: SendContext
    ) -> SendResult | None:
        """Send with buttons; None: Twilio does not take them, send text instead."""
        sid = await context.cache.get(menu.key)
        if not sid:
            try:
                created = await client.content.v1.contents.create_async(_content_request(client, menu))
                sid = created.sid
                await context.cache.put(menu.key, sid)
            except Exception as error:
                log.warning(
                    "buttons are sent as text", account=context.account.name, error=str(classify(error))
                )
                return None
        with_menu = {key: value for key, value in arguments.items() if key != "body"}
        result = await self._create(
            client, {**with_menu, "content_sid": sid, "content_variables": menu.variables}
        )
        return None if isinstance(result, Permanent) else result

    async def _create(self, client: Any, arguments: dict[str, Any]) -> SendResult:
        try:
            message = await client.messages.create_async(**arguments)
        except Exception as error:
            return classify(error)
        return Sent(provider_id=message.sid) if message.sid else Unknown(reason="the answer names no message")

    def _noted(self, account: Account, result: SendResult) -> SendResult:
        """Remember trouble that is the account's rather than the message's, for /readyz."""
        if isinstance(result, Permanent) and result.reason.startswith(("401", "403")):
            self._troubles[account.name] = f"Twilio refuses the credentials: {result.reason}"
        elif isinstance(result, Sent):
            self._troubles.pop(account.name, None)
        return result


def _content_request(client: Any, menu: content.Menu) -> Any:
    return client.content.v1.contents.ContentCreateRequest(dict(menu.request))
