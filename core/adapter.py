"""The contract between a channel and the core: what an adapter is, and the port through which it speaks.

Data flow of a webhook::

    HTTP request -> Webhook -> adapter.verify -> adapter.parse -> Inbound* -> the inbox -> answer
    outbox row -> Outbound -> adapter.render -> Part* -> adapter.send -> SendResult

``verify`` may await nothing but the adapter's own key look-ups; ``parse`` and ``render`` are pure and never await.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

import msgspec

from core.messages import Attachment, Capabilities, Inbound, Message, Outbound, Reply, SendResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """An HTTP request as it arrived.

    :param url: the public URL that the provider called, built from ``public_url`` and the raw path and query;
        never from Host or X-Forwarded-* headers.
    :param headers: multi-valued, names case-insensitive (a multidict).
    :param body: the raw bytes, at most the route's ``max_bytes``.
    """

    method: str
    path: str
    url: str
    query: Mapping[str, str]
    headers: Any  # multidict.CIMultiDictProxy[str]
    body: bytes
    remote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpAnswer:
    """The body that a webhook's caller receives."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a webhook means: events for the inbox and the answer once they are committed."""

    events: tuple[Inbound, ...] = ()
    answer: HttpAnswer = HttpAnswer()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One HTTP route of an adapter.

    :param method: ``GET``, ``POST`` …
    :param path: for a webhook relative to ``/channels/<adapter>/<account>`` (``/inbound``) and served there
        for every account; for an endpoint absolute (``/api/session``), aiohttp syntax.
    :param handle: None: a webhook (verify, parse, answer). Else an endpoint:
        ``await handle(request: aiohttp.web.Request, port: Port) -> aiohttp.web.StreamResponse``.
    :param max_bytes: larger bodies are refused with 413 before they are read.
    """

    method: str
    path: str
    handle: Callable[[Any, Port], Awaitable[Any]] | None = None
    max_bytes: int = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One of our accounts on a channel, as configured.

    :param bot: the bot that it belongs to, exactly one.
    :param settings: an instance of the adapter's ``settings`` struct.
    :param public_url: of this gateway, without a trailing slash; "" if none is configured.
    """

    name: str
    bot: str
    settings: Any
    public_url: str = ""
    dev: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One call to the provider, rendered: whatever the adapter's ``send`` needs, as plain data.

    ``index`` is its place in the Outbound; with the outbox id it is the ``<outbox id>.<part>`` of callbacks.
    """

    index: int
    payload: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class SendContext:
    """What ``send`` may use besides the part.

    :param outbox_id: of the row; goes into callbacks and idempotency keys.
    :param attempt: 1 for the first try of this part.
    :param cache: a small durable key-value cache of the account (for provider-side resources by hash).
    :param signed_url: ``signed_url(attachment) -> str``: a public, signed, expiring URL of a stored file.
    """

    account: Account
    outbox_id: str
    attempt: int
    cache: Cache
    signed_url: Callable[[Attachment], str]


class Cache(Protocol):
    """Durable strings of one account; may be lost without harm."""

    async def get(self, key: str) -> str | None: ...

    async def put(self, key: str, value: str) -> None: ...


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """An attachment's bytes, fetched from the provider by ``Adapter.fetch``."""

    body: bytes
    name: str
    mime: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls an endpoint: the session that a valid token belongs to."""

    session_id: str
    bot: str
    token_hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """A new session, or a known person's with a new token."""

    session_id: str
    token: str
    bot: str
    created_at: Any
    expires_at: Any
    reply: Reply


class Subscription(Protocol):
    """Wake-ups for one session: something was appended to its log, or a transient signal was raised."""

    def __aiter__(self) -> AsyncIterator[Mapping[str, Any]]:
        """Yields ``{"type": "log"}`` (read the log), ``{"type": "typing"}``, ``{"type": "closed", "code"}``."""
        ...

    def close(self) -> None: ...


class Port(Protocol):
    """The core as an endpoint or listener sees it. Every method that changes something has committed when it returns.

    Raises Refused (the gateway turns it into the JSON error) and StoreUnavailable (503).
    """

    async def open_session(
        self, *, bot: str, identity: str | None, token: str | None, remote: str, profile: Mapping[str, str]
    ) -> OpenedSession:
        """Start a session on the web channel and run ``start.bas`` until it rests.

        :param identity: a signed identity token; wrong or expired: Refused 401.
        :param token: the Bearer of an anonymous session that ``identity`` upgrades, else None.
        :param remote: the caller's address, for the creation limit.
        """
        ...

    async def authenticate(self, token: str | None, *, remote: str = "", submits: bool = False) -> Caller:
        """The session that a Bearer token opens. :raises Refused: 401 ``E_TOKEN_…``, 429 after many failures.

        :param remote: the caller's address, for the limit on failures.
        :param submits: the request goes on to ``submit``, whose commit checks the token again: a token seen
            before then costs no read.
        """
        ...

    async def describe(self, caller: Caller) -> Mapping[str, Any]:
        """``GET /api/session`` of docs/reference/http.md, and ``seq``, the log's highest."""
        ...

    async def end_session(self, caller: Caller) -> None: ...

    async def submit(
        self, inbound: Inbound, *, bot: str, caller: Caller | None = None, wait: bool = True
    ) -> Reply:
        """Put an event through the one door. With ``wait`` the reply comes when the run rests (docs/reference/http.md).

        :param caller: web endpoints pass the authenticated caller; the token is checked again by the commit.
        """
        ...

    async def log(self, caller: Caller, *, after: int = 0, limit: int = 100) -> Sequence[Message]: ...

    def subscribe(self, caller: Caller) -> Subscription: ...

    async def issue_ticket(self, caller: Caller, *, origin: str) -> tuple[str, int]:
        """A one-time WebSocket ticket and its life in seconds, bound to the caller and the Origin."""
        ...

    async def redeem_ticket(self, ticket: str, *, origin: str) -> Caller:
        """:raises Refused: 401, missing, used, expired or another Origin's."""
        ...

    async def store_file(
        self, caller: Caller, *, name: str, mime: str, chunks: AsyncIterator[bytes], max_bytes: int
    ) -> Attachment:
        """Keep an uploaded file. :raises Refused: 413, 415 or 422."""
        ...

    async def open_file(self, file_id: str, *, expires: str, signature: str) -> tuple[Attachment, Any]:
        """A stored file by its signed URL: its data and its path. :raises Refused: 403 or 404."""
        ...

    def signed_url(self, attachment: Attachment) -> str:
        """A path (``/files/…``) or, with ``public_url``, a URL that opens the file for an hour."""
        ...

    def bot(self, name: str) -> Mapping[str, Any]:
        """What a page may know of a bot: ``name, title, color, second_color, logo, language``,
        ``allowed_origins``, ``css`` (its theme.css) and ``max_file_bytes``.
        :raises Refused: 404 ``E_BOT_UNKNOWN``, 503 ``E_BOT_BROKEN``."""
        ...

    def bot_names(self) -> Sequence[str]:
        """The bots that are served, broken ones included."""
        ...

    @property
    def dev(self) -> bool: ...

    @property
    def public_url(self) -> str: ...


@runtime_checkable
class Adapter(Protocol):
    """A channel. Subclassing is not needed; ``trunkline.testing.AdapterContract`` is the definition.

    Optional members, looked up by name: ``async fetch(attachment, account) -> Fetched``,
    ``async reconcile(part, context, since) -> SendResult | None`` (what became of a send in doubt: ``Sent``, or
    ``Retry`` if the provider does not know it, or None if it cannot be asked), ``reconcile_after(account) -> float``
    (seconds that a send in doubt is left alone before it is repeated; 60),
    ``async run(account, port) -> None`` (a listener; restarted with back-off when it raises),
    ``async health(account) -> str`` ("" if well, else the reason), ``respond(parts) -> HttpAnswer`` (pure;
    channels with ``reply: body``), ``async start() / async close()`` (the adapter's own clients).
    """

    name: str
    capabilities: Capabilities
    settings: type[msgspec.Struct]

    def routes(self) -> Sequence[Route]: ...

    async def verify(self, webhook: Webhook, account: Account) -> None:
        """:raises Refused: the request is not the provider's: 401 or 403, with no hint of what was expected."""
        ...

    def parse(self, webhook: Webhook, account: Account) -> Parsed:
        """:raises Refused: authentic, but malformed beyond use: 422."""
        ...

    def render(self, outbound: Outbound, capabilities: Capabilities) -> Sequence[Part]: ...

    async def send(self, part: Part, context: SendContext) -> SendResult: ...
