"""The engine: the one door for everything that happens to a session, and the port of the channels.

``submit`` resolves the address to a session, carries the event through the driver and answers when the run
rests.
The engine also owns the workers of the process: timers, outside calls, delivery, the sweeper.
"""

from __future__ import annotations

import asyncio
import os
import uuid
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from msgspec.structs import replace

from core import events
from core.adapter import Account, Adapter, Caller, OpenedSession
from core.backlog import Backlog
from core.bots import Bot, Bots
from core.code_cache import CODE_FOLDER, CodeCache
from core.dispatcher import Dispatcher
from core.draft import shown_options
from core.driver import LIVE, Driver, Request, Result, fresh_seed, now, own_row
from core.effect_worker import EffectWorker
from core.entrance import Entrance
from core.errors import Refused
from core.events import Ended, Event, Fired, Heard, Settled
from core.failpoints import failpoint
from core.files import Files
from core.limits import ServerLimits
from core.messages import Attachment, Capabilities, Inbound, Message, Reply
from core.opening import Opening
from core.poison import InFlight
from core.records import Address, EventKey, InboxRow, Session, StepCommit, Timer
from core.replies import Replies
from core.sealing import Sealer
from core.store import Store
from core.sweeper import Sweeper
from core.timers import Timers
from core.wakeups import TYPING, Subscription, Wakeups
from interpreter.keywords import KeywordTable

LOGGED = Capabilities(reply="log", opens=True, markup="markdown")
REVOKED = 4401  # close code: the token or its session is gone
IDLE = 4408  # close code: nobody has written for the session-timeout
RESTARTING = 1012  # close code: service restart

log = structlog.get_logger("trunkline.engine")


class Engine:
    """Implements ``core.adapter.Port``.

    :param adapters: by channel name; ``accounts`` those that are switched on, by (channel, account).
    :param data: the data folder: files, and the tables of events in flight.
    :param secret_key: seals values and signs URLs.
    :param public_url: of this gateway, without a trailing slash.
    :param clock: aware UTC: when events are accepted and timers fire.
    """

    def __init__(
        self,
        *,
        store: Store,
        bots: Bots,
        keywords: KeywordTable,
        adapters: Mapping[str, Adapter],
        accounts: Mapping[tuple[str, str], Account],
        data: Path,
        secret_key: bytes,
        server: ServerLimits | None = None,
        public_url: str = "",
        dev: bool = False,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._store = store
        self._bots = bots
        self._adapters = adapters
        self._accounts = accounts
        self._dev = dev
        self._clock = clock
        self._public_url = public_url
        self._owner = f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
        sealer = Sealer(secret_key)
        self._hash_key = sealer.hmac(b"event content")
        self.files = Files(data / "files", store, sealer, public_url)
        self.wakeups = Wakeups(store.tell)
        self.entrance = Entrance(store, bots, server or ServerLimits())
        data.mkdir(parents=True, exist_ok=True)
        self.driver = Driver(
            store=store,
            bots=bots,
            table=keywords,
            compiler=CodeCache(data / CODE_FOLDER, secret_key).release,
            in_flight=InFlight(data),
            committed=self._committed,
            dev=dev,
        )
        self.replies = Replies(
            store=store,
            driver=self.driver,
            wakeups=self.wakeups,
            signed_url=self.files.signed_url,
            clock=clock,
        )
        self.backlog = Backlog(
            store=store,
            driver=self.driver,
            bots=bots,
            files=self.files,
            adapters=adapters,
            accounts=accounts,
            prepare=self._stored,
        )
        self.timers = Timers(store, self._fire, clock)
        self.effects = EffectWorker(
            store=store,
            table=keywords,
            bots=bots,
            owner=self._owner,
            bot_of=self._bot_of,
            settle=self._settle,
            clock=clock,
        )
        self.dispatcher = Dispatcher(store, adapters, accounts, self.files, self._owner)
        self.sweeper = Sweeper(
            store=store,
            bots=bots,
            files=self.files,
            drain=self.backlog.drain,
            ended=self._gone,
            idled=self._idled,
        )
        self._opening = Opening(
            store=store,
            driver=self.driver,
            entrance=self.entrance,
            replies=self.replies,
            wakeups=self.wakeups,
            capabilities=self._capabilities,
        )
        self._workers: list[asyncio.Task[None]] = []

    # --- life of the process ---

    async def start(self) -> None:
        """Record what killed the last process, then start the workers."""
        self._store.listen(self._heard, self.wakeups.watched)
        suspects = self.driver.in_flight.recover()
        if suspects:
            log.warning("events were running when the last process died", count=len(suspects))
            await self._store.suspect(suspects)
        for session_id in await self._store.sessions_with_backlog(idle_for=0.0, limit=1000):
            self.backlog.drain(session_id)
        for work in (self.timers.run(), self.effects.run(), self.dispatcher.run(), self.sweeper.run()):
            self._worker(work)

    def _worker(self, work: Coroutine[Any, Any, None]) -> None:
        self._workers.append(asyncio.create_task(work, name=getattr(work, "__qualname__", "worker")))

    async def drain(self, timeout: float) -> None:  # noqa: ASYNC109 - a budget for several steps
        """Finish what is under way and stop the workers. An optimisation: nothing depends on it.

        Events that still come in are processed or kept for the next start, until ``close``.
        """
        failpoint("drain.mid")
        deadline = asyncio.get_running_loop().time() + timeout
        self.replies.hurry()
        self.wakeups.close_all(RESTARTING)
        self.timers.stop()
        self.effects.stop()
        self.sweeper.stop()

        def left() -> float:
            return max(0.1, deadline - asyncio.get_running_loop().time())

        await self.backlog.close(left() / 2)
        await self.effects.finish(left() / 2)
        await self.dispatcher.drain()
        await self.driver.queue.empty(left())
        _, late = await asyncio.wait(self._workers, timeout=left()) if self._workers else (set(), set())
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
        self._workers.clear()

    def close(self) -> None:
        """Nothing comes in any more: give back threads and files."""
        self.driver.close()

    # --- the one door ---

    async def submit(
        self, inbound: Inbound, *, bot: str, caller: Caller | None = None, wait: bool = True
    ) -> Reply:
        """Put an event through. See ``core.adapter.Port``."""
        if inbound.kind == "status":
            return await self._delivered(inbound)
        served = self._bots.get(bot)
        if inbound.channel in served.settings.channels_off:
            raise Refused(404, "E_CHANNEL_OFF", f"The bot {bot!r} is not served on this channel.")
        capabilities = self._capabilities(inbound.channel)
        at = self._clock()
        inbound = well_formed(inbound)
        if caller is not None:
            if caller.bot != bot:
                raise Refused(401, "E_TOKEN_INVALID", "The token is not valid.")
            if inbound.attachments:
                inbound = replace(inbound, attachments=await self._own_files(caller, inbound.attachments))
            session_id, address = caller.session_id, None
        else:
            known = await self.entrance.resolve(served, inbound, at)
            session_id, address = known.session_id, known
        result = await self.driver.process(
            self._request(session_id, inbound, at, address=address, caller=caller)
        )
        if result.kind == "ended" and address is not None:
            if result.session is not None and result.session.state in LIVE:  # past its date, not swept yet
                await self.end(session_id)
            address = await self.entrance.renew(served, inbound, at, previous=address)
            result = await self.driver.process(
                self._request(address.session_id, inbound, at, address=address, caller=caller)
            )
        if result.kind == "queued":
            self.backlog.drain(result.session.id if result.session else session_id)
        failpoint("in.after_commit_before_200")
        return await self._answer(
            result, served, wait=wait and capabilities.reply != "push", strict=caller is not None
        )

    def _request(
        self,
        session_id: str,
        inbound: Inbound,
        at: datetime,
        *,
        address: Address | None,
        caller: Caller | None,
    ) -> Request:
        capabilities = self._capabilities(inbound.channel)
        seed = fresh_seed()
        key = EventKey(inbound.channel, inbound.account, inbound.external_id or f"~{seed[:16].hex()}")
        row = InboxRow(
            session_id=session_id,
            key=key,
            kind=inbound.kind,
            state="done",
            body_hash=events.content_hash(self._hash_key, inbound),
            accepted_at=at,
            seed=seed,
        )
        pushes = capabilities.reply == "push"
        return Request(
            session_id=session_id,
            event=Heard(inbound=inbound, shown=address.shown_prompt if address else 0),
            row=row,
            capabilities=capabilities,
            address=address if pushes else None,
            token=caller.token_hash or None if caller else None,
            strict=caller is not None,
        )

    async def _stored(self, row: InboxRow, event: Heard) -> Request:
        """The request of an event that was stored for later."""
        session = await self.driver.session(row.session_id)
        assert session is not None
        inbound = event.inbound
        capabilities = self._capabilities(inbound.channel)
        address = None
        if capabilities.reply == "push":
            address = await self.entrance.address(events.address_key(session.bot, inbound))
        return Request(
            session_id=row.session_id, event=event, row=row, capabilities=capabilities, address=address
        )

    async def _answer(self, result: Result, bot: Bot, *, wait: bool, strict: bool) -> Reply:
        if result.kind in ("unauthorised", "ended"):
            if result.session is not None:
                self.entrance.revoked(result.session.id)
            raise Refused(401, "E_TOKEN_INVALID", "The token is not valid.")
        if result.kind == "reuse" and strict:
            raise Refused(
                422, "E_KEY_REUSED", "This client_id was used for another message.", field="client_id"
            )
        return await self.replies.reply(result, wait=bot.settings.reply_timeout if wait else 0.0)

    async def _delivered(self, inbound: Inbound) -> Reply:
        """A provider's report on something that we sent; it belongs to no turn."""
        if inbound.status is not None:
            row = await self._store.apply_delivery(inbound.channel, inbound.account, inbound.status)
            if row is not None:
                self.dispatcher.wake()
        return Reply(outcome="ok", session_id="")

    async def _own_files(self, caller: Caller, files: Sequence[Attachment]) -> tuple[Attachment, ...]:
        """The caller's uploads, in full. :raises Refused: 422 for one that is not this session's."""
        found = []
        for file in files:
            stored = await self._store.file(file.id)
            if stored is None or stored.session_id != caller.session_id:
                raise Refused(
                    422, "E_ATTACHMENT", "There is no such file in this session.", field="attachments"
                )
            kept = Attachment(id=stored.id, name=stored.name, mime=stored.mime, size=stored.size)
            found.append(replace(kept, url=self.files.signed_url(kept)))
        return tuple(found)

    def _capabilities(self, channel: str) -> Capabilities:
        adapter = self._adapters.get(channel)
        return adapter.capabilities if adapter is not None else LOGGED

    # --- after every commit ---

    def _committed(self, request: Request, commit: StepCommit, session: Session) -> None:
        """Hints only: whoever misses one finds the same in the store."""
        session_id = session.id
        if isinstance(request.event, Heard):
            self.entrance.presence.seen(session_id)
        if commit.messages or commit.guard == "control":
            self.wakeups.notify(session_id)
        if commit.address is not None:
            self.entrance.note(commit.address)
        if commit.outbox or commit.close_turn or commit.release_held:
            self.dispatcher.wake()
        for timer in commit.timers:
            self.timers.wake(timer.fire_at)
        if commit.effect is not None:
            self.wakeups.notify(session_id, TYPING)
            self.effects.wake()
        if commit.inbox is not None and commit.inbox.state != "new":
            self.replies.processed(commit)
        if session.backlog:
            self.backlog.drain(session_id)
        if commit.revoke_tokens:
            self._gone(session_id)

    def _gone(self, session_id: str) -> None:
        """The session's tokens are void."""
        self.entrance.revoked(session_id)
        self.driver.cache.drop(session_id)
        self.wakeups.notify(session_id, {"type": "closed", "code": REVOKED})

    def _heard(self, session_id: str, signal: Mapping[str, Any]) -> None:
        """Another process has done something to the session."""
        self.driver.cache.drop(session_id)
        if signal.get("type") == "closed":
            self.entrance.revoked(session_id)
        self.wakeups.heard(session_id, signal)

    def _idled(self, session_id: str) -> None:
        """Nobody has written for a while: sockets close, nothing is lost."""
        self.driver.cache.drop(session_id)
        self.wakeups.notify(session_id, {"type": "closed", "code": IDLE})

    # --- timers and outside calls ---

    async def _fire(self, timer: Timer) -> None:
        session = await self.driver.session(timer.session_id)
        if session is None:
            return
        key = events.timer_key(timer)
        await self.driver.process(await self._proactive(session, Fired(timer=timer), key, "timer"))

    async def _settle(self, settled: Settled) -> None:
        session = await self.driver.session(settled.effect.session_id)
        if session is None:
            return
        key = events.result_key(settled.effect)
        await self.driver.process(await self._proactive(session, settled, key, "result"))

    async def _proactive(self, session: Session, event: Event, key: EventKey, kind: str) -> Request:
        """An event that no person sent; what it says goes to the address of their last one."""
        address = None
        capabilities = self._capabilities(session.channel)
        if session.reply_to is not None:
            capabilities = self._capabilities(session.reply_to.channel)
            address = await self.entrance.address(session.reply_to)
        return Request(
            session_id=session.id,
            event=event,
            row=own_row(session.id, key, kind, self._clock()),
            capabilities=capabilities,
            address=address,
        )

    async def _bot_of(self, session_id: str) -> str:
        session = await self.driver.session(session_id)
        return session.bot if session else ""

    # --- sessions of the web channel ---

    async def open_session(
        self, *, bot: str, identity: str | None, token: str | None, remote: str, profile: Mapping[str, str]
    ) -> OpenedSession:
        return await self._opening.open(
            self._bots.get(bot), identity=identity, token=token, remote=remote, profile=profile
        )

    async def authenticate(self, token: str | None, *, remote: str = "", submits: bool = False) -> Caller:
        return await self.entrance.authenticate(token, remote=remote, submits=submits)

    async def describe(self, caller: Caller) -> Mapping[str, Any]:
        session = await self._of(caller)
        waiting = session.waiting
        profile = session.profile
        user = (
            {
                "id": session.user_id.partition(":")[2],
                "name": profile.get("name"),
                "email": profile.get("email"),
            }
            if session.user_id
            else None
        )
        return {
            "session_id": session.id,
            "state": session.state,
            "bot": session.bot,
            "channel": session.channel,
            "user": user,
            "message_count": session.message_count,
            "created_at": session.created_at,
            "last_activity": session.last_activity,
            "expires_at": session.expires_at,
            "waiting_for": {
                "variable": waiting.variable,
                "type": waiting.type,
                "prompt": waiting.prompt,
                "options": [{"id": option.id, "title": option.title} for option in shown_options(waiting)],
            }
            if waiting.kind == "hear"
            else None,
            "seq": session.seq,
        }

    async def _of(self, caller: Caller) -> Session:
        session = await self._store.load(caller.session_id)
        if session is None or session.state not in LIVE:
            raise Refused(401, "E_TOKEN_INVALID", "The token is not valid.")
        return session

    async def end_session(self, caller: Caller) -> None:
        await self.end(caller.session_id, token=caller.token_hash or None)

    async def end(self, session_id: str, *, token: bytes | None = None) -> bool:
        """End a session: its tokens are void, what it had pending is cancelled.

        :returns: False if it has ended already.
        :raises Refused: 404 if there is no such session.
        """
        key = EventKey("engine", "", f"end:{uuid.uuid4().hex}")
        result = await self.driver.process(
            Request(
                session_id=session_id,
                event=Ended(),
                row=own_row(session_id, key, "end", self._clock()),
                token=token,
            )
        )
        if result.session is None:
            raise Refused(404, "E_SESSION_UNKNOWN", "There is no such session.")
        return result.kind == "ok"

    def figures(self) -> Mapping[str, float]:
        """How busy this process is now."""
        connected = self.wakeups.sessions()
        return {
            "sessions_concurrent": self.entrance.presence.count(connected),
            "sessions_connected": len(connected),
            "steps_under_way": len(self.driver.queue),
        }

    def wake_dispatcher(self) -> None:
        """An operator changed the outbox."""
        self.dispatcher.wake()

    # --- reading, listening, files ---

    async def log(self, caller: Caller, *, after: int = 0, limit: int = 100) -> Sequence[Message]:
        return self.replies.shown(await self._store.messages(caller.session_id, after=after, limit=limit))

    def subscribe(self, caller: Caller) -> Subscription:
        return self.wakeups.subscribe(caller.session_id)

    async def issue_ticket(self, caller: Caller, *, origin: str) -> tuple[str, int]:
        return await self.entrance.issue_ticket(caller, origin=origin, now=self._clock())

    async def redeem_ticket(self, ticket: str, *, origin: str) -> Caller:
        return await self.entrance.redeem_ticket(ticket, origin=origin)

    async def store_file(
        self, caller: Caller, *, name: str, mime: str, chunks: AsyncIterator[bytes], max_bytes: int
    ) -> Attachment:
        return await self.files.keep(caller.session_id, name, mime, chunks, max_bytes)

    async def open_file(self, file_id: str, *, expires: str, signature: str) -> tuple[Attachment, Any]:
        return await self.files.open(file_id, expires, signature)

    def signed_url(self, attachment: Attachment) -> str:
        return self.files.signed_url(attachment)

    # --- what pages may know ---

    def bot(self, name: str) -> Mapping[str, Any]:
        bot = self._bots.get(name)
        settings = bot.settings
        return {
            "name": bot.name,
            "title": bot.title,
            "color": settings.theme_color1,
            "second_color": settings.theme_color2,
            "logo": settings.theme_logo,
            "language": settings.default_language,
            "allowed_origins": settings.allowed_origins,
            "css": bot.theme,
            "max_file_bytes": settings.upload_max_size,
            "directline_secret": settings.directline_secret,
            "ws_per_address": settings.ws_per_address,
        }

    def bot_names(self) -> Sequence[str]:
        return self._bots.names()

    @property
    def dev(self) -> bool:
        return self._dev

    @property
    def public_url(self) -> str:
        return self._public_url


LONGEST_TEXT = 100_000  # characters kept of a message


def well_formed(inbound: Inbound) -> Inbound:
    """An event whose texts every store can keep: no NUL, no lone surrogate, no endless text."""
    text = inbound.text
    if text.isascii() and "\0" not in text and len(text) <= LONGEST_TEXT:
        return inbound
    clean = text[:LONGEST_TEXT].replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    return inbound if clean == text else replace(inbound, text=clean)
