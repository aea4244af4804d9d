"""Who comes in: addresses, new sessions, Bearer tokens, tickets and signed identities."""

from __future__ import annotations

import time
import uuid
from collections import OrderedDict
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from core import metrics, tokens
from core.adapter import Caller
from core.bots import Bot, Bots
from core.errors import Refused
from core.identity import Identity
from core.limits import PerAddress, Presence, ServerLimits
from core.messages import Inbound
from core.records import IDENTITY, Address, AddressKey, Session, Token
from core.store import Store

K = TypeVar("K")
V = TypeVar("V")

FRESH = 1.0  # s; reads and open sockets may trust a token for so long
TICKET_LIFE = 30  # s
KEPT = 20_000  # tokens and addresses remembered in the process


class Seen(msgspec.Struct, frozen=True):
    """A token that was good at ``at`` (monotonic seconds)."""

    caller: Caller
    at: float


class Entrance:
    """Finds and makes sessions. What it remembers is checked again by commits or ages within a second."""

    def __init__(self, store: Store, bots: Bots, limits: ServerLimits) -> None:
        self._store = store
        self._bots = bots
        self._limits = limits
        self._creations = PerAddress()
        self._failures = PerAddress()
        self._requests = PerAddress()
        self.presence = Presence()
        self._tokens: OrderedDict[bytes, Seen] = OrderedDict()
        self._revoked: OrderedDict[str, float] = OrderedDict()
        self._addresses: OrderedDict[AddressKey, Address] = OrderedDict()

    # --- tokens ---

    async def authenticate(self, token: str | None, *, remote: str, submits: bool) -> Caller:
        """:raises Refused: 401, one text for whatever is wrong with it; 429 after many failures or requests."""
        if token is None:
            raise Refused(401, "E_TOKEN_MISSING", "Send the header Authorization: Bearer <token>.")
        caller = await self._caller(token, remote=remote, submits=submits)
        limit = self._bots.get(caller.bot).settings.api_rate_limit if is_sound(self._bots, caller.bot) else 0
        if refusal := over(self._requests, remote, limit, "E_API_RATE", "requests from this address"):
            raise refusal
        return caller

    async def _caller(self, token: str, *, remote: str, submits: bool) -> Caller:
        sha256 = tokens.digest(token) if token.isascii() else b""
        seen = self._tokens.get(sha256)
        if seen is not None and self._holds(seen, submits):
            return seen.caller
        if tokens.session_of(token) is None:
            raise self.failed(remote)
        found = await self._store.token(sha256)
        if found is None or found.kind != "session" or found.session_id != tokens.session_of(token):
            self._tokens.pop(sha256, None)
            raise self.failed(remote)
        caller = Caller(session_id=found.session_id, bot=found.bot, token_hash=sha256)
        remember(self._tokens, sha256, Seen(caller, time.monotonic()))
        return caller

    def _holds(self, seen: Seen, submits: bool) -> bool:
        if seen.at <= self._revoked.get(seen.caller.session_id, 0.0):
            return False
        return submits or seen.at > time.monotonic() - FRESH

    def failed(self, remote: str) -> Refused:
        """What a wrong token is answered with; counts it against the caller's address."""
        limit = self._limits.auth_failures
        refusal = over(self._failures, remote, limit, "E_AUTH_RATE", "failed attempts")
        return refusal or Refused(401, "E_TOKEN_INVALID", "The token is not valid.")

    def revoked(self, session_id: str) -> None:
        """The session's tokens are void: nothing remembered about them holds."""
        remember(self._revoked, session_id, time.monotonic())

    def new_token(self, session: Session, bot: Bot, now: datetime) -> tuple[str, Token]:
        text, sha256 = tokens.mint(session.id)
        life = timedelta(days=bot.settings.token_lifetime_days) if session.user_id else None
        expires = now + life if life else None  # an anonymous session's token lives as long as the session
        return text, Token(
            sha256=sha256, session_id=session.id, bot=session.bot, created_at=now, expires_at=expires
        )

    async def issue_ticket(self, caller: Caller, *, origin: str, now: datetime) -> tuple[str, int]:
        text, sha256 = tokens.mint(caller.session_id)
        ticket = Token(
            sha256=sha256,
            session_id=caller.session_id,
            bot=caller.bot,
            kind="ticket",
            origin=origin,
            parent=caller.token_hash,
            created_at=now,
            expires_at=now + timedelta(seconds=TICKET_LIFE),
        )
        await self._store.add_token(ticket)
        return text, TICKET_LIFE

    async def redeem_ticket(self, ticket: str, *, origin: str) -> Caller:
        """:raises Refused: 401 ``E_TICKET``: malformed, used, expired, or issued to another Origin."""
        found = None
        if tokens.session_of(ticket) is not None:
            found = await self._store.redeem(tokens.digest(ticket))
        if found is None or found.kind != "ticket" or found.origin != origin:
            raise Refused(401, "E_TICKET", "The ticket is not valid.")
        return Caller(session_id=found.session_id, bot=found.bot, token_hash=found.parent or b"")

    # --- new sessions ---

    @property
    def capacity(self) -> int:
        """Concurrent sessions: the server's setting, or the largest that a bot's config.csv asks for."""
        asked = [self._bots.get(name).settings.session_max_concurrent for name in self._sound_bots()]
        return max(asked, default=0) or self._limits.session_max_concurrent

    def _sound_bots(self) -> list[str]:
        return [name for name in self._bots.names() if is_sound(self._bots, name)]

    def admit(self, bot: Bot, remote: str, connected: Collection[str]) -> None:
        """Let a new web session in. :raises Refused: 429 for its address, 503 when the server is full."""
        limit = bot.settings.session_create_rate_limit or self._limits.session_create_rate_limit
        if refusal := over(
            self._creations, remote, limit, "E_SESSION_RATE", "new sessions from this address"
        ):
            raise refusal
        if self.presence.count(connected) >= self.capacity:
            metrics.REFUSED.labels("E_CAPACITY").inc()
            raise Refused(503, "E_CAPACITY", "The server is full.", retry_after=10)

    def blank(
        self, bot: Bot, channel: str, now: datetime, *, user_id: str | None, profile: Mapping[str, str]
    ) -> Session:
        """A session's first row."""
        retention = timedelta(days=bot.settings.session_anonymous_retention_days)
        return Session(
            id=str(uuid.uuid4()),
            bot=bot.name,
            user_id=user_id,
            channel=channel,
            created_at=now,
            last_activity=now,
            expires_at=None if user_id else now + retention,
            profile=dict(profile),
        )

    async def create(self, session: Session, *, address: Address | None, token: Token | None) -> Session:
        """Claim and insert; the session that the address led to already, if it did."""
        created = await self._store.create(session, address=address, token=token)
        if created.id == session.id:
            metrics.CREATED.labels(session.channel).inc()
        self.presence.seen(created.id)
        return created

    async def person(self, bot: Bot, identity: Identity) -> Session | None:
        """The live session that a known person has with *bot*."""
        session_id = await self._store.user_session(bot.name, identity.user_id)
        session = await self._store.load(session_id) if session_id else None
        return session if session is not None and session.state in ("active", "idle") else None

    def claim(self, session: Session, identity: Identity) -> Address:
        """Two first visits of one person at once make one session: both claim this address."""
        key = AddressKey(session.bot, IDENTITY, "", identity.subject)
        return Address(key=key, session_id=session.id)

    # --- addresses of push channels ---

    async def resolve(self, bot: Bot, inbound: Inbound, now: datetime) -> Address:
        """The address that an event came from, with its session, made if it is new."""
        key = AddressKey(bot.name, inbound.channel, inbound.account, inbound.address)
        known = self._addresses.get(key)
        if known is None:
            known = await self._store.find(key)
        if known is None:
            known = await self.renew(bot, inbound, now, previous=None)
        self.note(known)
        return known

    async def renew(self, bot: Bot, inbound: Inbound, now: datetime, *, previous: Address | None) -> Address:
        """A new session for an address that has none, or whose last one has ended."""
        key = AddressKey(bot.name, inbound.channel, inbound.account, inbound.address)
        user_id = f"{inbound.channel}:{inbound.address}" if inbound.verified else None
        session = self.blank(bot, inbound.channel, now, user_id=user_id, profile={})
        address = Address(key=key, session_id=session.id)
        if previous is not None:
            address = replace(
                previous, session_id=session.id, previous_session_id=previous.session_id, shown_prompt=0
            )
        created = await self.create(session, address=address, token=None)
        found = await self._store.find(key) if created.id != session.id else None
        address = found or address
        self.note(address)
        return address

    def note(self, address: Address) -> None:
        """An address as it was committed. What another process may change is looked up each time."""
        if not self._store.shared:
            remember(self._addresses, address.key, address)

    async def address(self, key: AddressKey) -> Address | None:
        return self._addresses.get(key) or await self._store.find(key)


def over(counter: PerAddress, remote: str, limit: int, code: str, what: str) -> Refused | None:
    """Count one against *remote* ("": nobody's). :returns: the refusal of what is above *limit* a minute."""
    wait = counter.charge(remote, limit) if remote else 0.0
    if not wait:
        return None
    metrics.REFUSED.labels(code).inc()
    return Refused(429, code, f"Too many {what}.", retry_after=wait)


def is_sound(bots: Bots, name: str) -> bool:
    try:
        bots.get(name)
    except Refused:
        return False
    return True


def remember(table: OrderedDict[K, V], key: K, value: V) -> None:
    table[key] = value
    table.move_to_end(key)
    if len(table) > KEPT:
        table.popitem(last=False)
