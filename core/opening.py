"""Opening a session on the web channel: anonymous, of a known person, or upgraded from one to the other."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from core.adapter import Caller, OpenedSession
from core.bots import Bot
from core.driver import Driver, Request, now, own_row
from core.entrance import Entrance
from core.errors import Refused, StoreUnavailable
from core.events import Ended, Event, Opened, Upgraded
from core.identity import Identity, Verifier
from core.messages import Capabilities, Reply
from core.records import EventKey, Session
from core.replies import Replies
from core.store import Store
from core.wakeups import Wakeups

CHANNEL = "web"

Mine = tuple[Caller, Session]  # who calls, and their session


class Opening:
    """Makes and returns web sessions. Arguments are the engine's own parts."""

    def __init__(
        self,
        *,
        store: Store,
        driver: Driver,
        entrance: Entrance,
        replies: Replies,
        wakeups: Wakeups,
        capabilities: Callable[[str], Capabilities],
    ) -> None:
        self._store = store
        self._driver = driver
        self._entrance = entrance
        self._replies = replies
        self._wakeups = wakeups
        self._capabilities = capabilities
        self._verifier = Verifier()

    async def open(
        self,
        served: Bot,
        *,
        identity: str | None,
        token: str | None,
        remote: str,
        profile: Mapping[str, str],
    ) -> OpenedSession:
        """See ``core.adapter.Port.open_session``."""
        person = await self._identified(served, identity, remote) if identity is not None else None
        if person is not None:
            existing = await self._known(served, person, token, remote)
            if existing is not None:
                return existing
        self._entrance.admit(served, remote, self._wakeups.sessions())
        at = now()
        user_id = person.user_id if person else None
        known = {**profile, **(person.profile if person else {})}
        session = self._entrance.blank(served, CHANNEL, at, user_id=user_id, profile=known)
        text, row = self._entrance.new_token(session, served, at)
        address = self._entrance.claim(session, person) if person else None
        created = await self._entrance.create(session, address=address, token=row)
        if created.id != session.id:  # the person's other first visit was first
            return await self._returning(served, created)
        return await self._opened(served, created, text)

    async def _identified(self, bot: Bot, identity: str, remote: str) -> Identity:
        try:
            return await self._verifier.verify(identity, bot.settings)
        except Refused as refusal:
            failed = self._entrance.failed(remote)
            raise (failed if failed.status == 429 else refusal) from None

    async def _known(
        self, bot: Bot, person: Identity, token: str | None, remote: str
    ) -> OpenedSession | None:
        """A known person's session, or the anonymous one that becomes theirs; None if there is neither.

        A person has one session with a bot: if they have one already, the anonymous one ends, and its token with it.
        """
        mine = await self._anonymous(bot, token, remote) if token is not None else None
        session = await self._entrance.person(bot, person)
        if session is not None:
            opened = await self._returning(bot, session)
            if mine is not None:
                await self._driver.process(control(mine, Ended(), "end"))
            return opened
        if mine is None:
            return None
        anonymous = mine[1]
        text, row = self._entrance.new_token(replace(anonymous, user_id=person.user_id), bot, now())
        event = Upgraded(user_id=person.user_id, subject=person.subject, profile=person.profile)
        result = await self._driver.process(replace(control(mine, event, "upgrade"), tokens=(row,)))
        if result.kind != "ok" or result.session is None:
            raise Refused(401, "E_TOKEN_INVALID", "The token is not valid.")
        return self._as_opened(result.session, text, self._replies.status(result.session))

    async def _anonymous(self, bot: Bot, token: str, remote: str) -> Mine | None:
        """Whose token this is, and their session if it is anonymous.

        :raises Refused: 401, it is no valid token of this bot.
        """
        caller = await self._entrance.authenticate(token, remote=remote, submits=False)
        if caller.bot != bot.name:
            raise Refused(401, "E_TOKEN_INVALID", "The token is not valid.")
        session = await self._driver.session(caller.session_id)
        return (caller, session) if session is not None and session.user_id is None else None

    async def _returning(self, bot: Bot, session: Session) -> OpenedSession:
        """A new token for a known person's session; what it said before is in its log."""
        text, row = self._entrance.new_token(session, bot, now())
        await self._store.add_token(row)
        if session.suspension == 0:  # made, but never started
            return await self._opened(bot, session, text)
        return self._as_opened(session, text, self._replies.status(session))

    async def _opened(self, bot: Bot, session: Session, token: str) -> OpenedSession:
        """Run ``start.bas`` until it rests."""
        self._driver.cache.put(session)
        key = EventKey("engine", "", "open")
        request = Request(
            session_id=session.id,
            event=Opened(),
            row=own_row(session.id, key, "opened", now()),
            capabilities=self._capabilities(session.channel),
        )
        result = await self._driver.process(request)
        if result.session is None:
            raise StoreUnavailable("the session was not started")
        reply = await self._replies.reply(result, wait=bot.settings.reply_timeout)
        return self._as_opened(result.session, token, reply)

    def _as_opened(self, session: Session, token: str, reply: Reply) -> OpenedSession:
        return OpenedSession(
            session_id=session.id,
            token=token,
            bot=session.bot,
            created_at=session.created_at,
            expires_at=session.expires_at,
            reply=reply,
        )


def control(mine: Mine, event: Event, kind: str) -> Request:
    """A request of the session's owner that no message carries."""
    caller, session = mine
    key = EventKey("engine", "", f"{kind}:{uuid.uuid4().hex}")
    return Request(
        session_id=session.id,
        event=event,
        row=own_row(session.id, key, kind, now()),
        token=caller.token_hash,
    )
