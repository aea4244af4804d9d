"""The web channel as an adapter: what it can show and which routes it serves.

Web messages are delivered by being in the session's log, which every view reads: REST, WebSocket, SSE, page.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from adapters.web import events, openapi, page, rest, socket, uploads
from adapters.web.connections import Connections
from adapters.web.endpoints import Handler, endpoint, preflight
from trunkline import (
    Account,
    Capabilities,
    Outbound,
    Parsed,
    Part,
    Refused,
    Route,
    SendContext,
    SendResult,
    Sent,
    Webhook,
)

CHAT_BODY = (
    640_000  # a text of 100,000 bytes may be escaped sixfold in JSON; longer ones hear E_TEXT_TOO_LONG
)
UPLOAD_BODY = (
    64 * 1024 * 1024
)  # the route's outer wall; the bot's own limit (10 MB by default) is counted inside
API_PATHS = ("/api/session", "/api/chat", "/api/chat/upload", "/api/chat/events", "/api/ws-ticket")


def _route(method: str, path: str, handle: Handler, max_bytes: int = 65_536) -> Route:
    return Route(method=method, path=path, handle=handle, max_bytes=max_bytes)


class WebSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The web channel has no accounts and nothing to configure here: allowed origins belong to a bot."""


class WebAdapter:
    name = "web"
    settings: type[msgspec.Struct] = WebSettings
    capabilities = Capabilities(
        markup="markdown",
        buttons=50,
        button_title=200,
        media=("image/*", "audio/*", "video/*", "*/*"),
        reply="log",
        stream="replaceable",
        opens=True,
    )

    def __init__(self) -> None:
        self.connections = Connections()

    def routes(self) -> Sequence[Route]:
        connections = self.connections
        return (
            _route("POST", "/api/session", endpoint(rest.open_session, changes=True)),
            _route("GET", "/api/session", endpoint(rest.show_session)),
            _route("DELETE", "/api/session", endpoint(rest.end_session, changes=True)),
            _route("POST", "/api/chat", endpoint(rest.post_message, changes=True), CHAT_BODY),
            _route("GET", "/api/chat", endpoint(rest.read_log)),
            _route("POST", "/api/chat/upload", endpoint(uploads.upload, changes=True), UPLOAD_BODY),
            _route("GET", "/api/chat/events", endpoint(events.stream(connections))),
            _route("POST", "/api/ws-ticket", endpoint(rest.issue_ticket, changes=True)),
            _route("GET", "/ws", endpoint(socket.accept(connections), changes=True)),
            _route("GET", "/api/openapi.json", endpoint(openapi.serve)),
            *(_route("OPTIONS", path, endpoint(preflight)) for path in API_PATHS),
            *(
                _route(method, path, handle)
                for path, handle in page.PAGES.items()
                for method in ("GET", "HEAD")
            ),
        )

    async def verify(self, webhook: Webhook, account: Account) -> None:
        raise Refused(404, "E_NOT_FOUND", "The web channel has no webhooks.")

    def parse(self, webhook: Webhook, account: Account) -> Parsed:
        raise Refused(404, "E_NOT_FOUND", "The web channel has no webhooks.")

    def render(self, outbound: Outbound, capabilities: Capabilities) -> Sequence[Part]:
        """The message as the log's readers see it: ``{"text", "parts"}`` of docs/reference/http.md."""
        parts: list[dict[str, object]] = []
        if outbound.options:
            options = [{"id": option.id, "title": option.title} for option in outbound.options]
            parts.append({"type": "suggestions", "prompt": outbound.prompt, "options": options})
        parts.extend(
            {"type": "file", "url": file.url, "name": file.name, "mime": file.mime, "size": file.size}
            for file in outbound.media
        )
        return (Part(index=0, payload={"text": "\n\n".join(outbound.texts), "parts": parts}),)

    async def send(self, part: Part, context: SendContext) -> SendResult:
        """Nothing is pushed: what is in the log is delivered."""
        return Sent(provider_id=f"{context.outbox_id}.{part.index}")

    async def close(self) -> None:
        """End every open socket and stream, so that clients reconnect elsewhere at once."""
        await self.connections.close()
