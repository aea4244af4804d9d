"""The surroundings of one step, from the host's side: everything besides the session that it may look at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from core.bots import Bot
from core.messages import Capabilities, Inbound
from core.records import Address, InboxRow, MemoryCell, MemoryKey, Session, Token
from interpreter.keywords import KeywordTable
from interpreter.program import Release


class Scene(msgspec.Struct, frozen=True, kw_only=True):
    """One attempt of one step. A step given the same session, event and scene repeats itself.

    :param row: the event's inbox row as accepted: key, hash, time, seed.
    :param release: what runs: the one that the frames are pinned to, else the bot's newest.
    :param restart: the frames' release was replaced: they are dropped and a new run begins (``on-change``).
    :param broken: why the frames cannot run any more; "" if they can.
    :param cells: the read set.
    :param inline: on the event loop: abandon the step when it takes long (Overrun).
    :param capabilities: of the channel that the event came from, or that answers go to.
    :param address: of the person who wrote, on channels that push; None elsewhere.
    :param token: SHA-256 of the caller's token, checked by the commit; None for none.
    :param draining: the row is the head of the backlog.
    :param consumed: rows that this step takes with its own (media sent together); ``album`` is what they say.
    :param strict: the caller reads refusals (web): raise them instead of telling the person.
    :param may_tell: the person has not been told to slow down in the last minute.
    :param retry_after: seconds after which a refused message may be repeated.
    :param tokens: to be added by an upgrade.
    :param dev: whoever talks is the script's author: the page shows why a script failed.
    """

    row: InboxRow
    bot: Bot
    release: Release
    table: KeywordTable
    capabilities: Capabilities
    cells: Mapping[MemoryKey, MemoryCell]
    restart: bool = False
    broken: str = ""
    inline: bool = True
    address: Address | None = None
    token: bytes | None = None
    draining: bool = False
    consumed: tuple[InboxRow, ...] = ()
    album: tuple[Inbound, ...] = ()
    strict: bool = False
    may_tell: bool = True
    retry_after: float = 0.0
    tokens: tuple[Token, ...] = ()
    dev: bool = False

    @property
    def now(self) -> datetime:
        return self.row.accepted_at


class SessionView(Mapping[str, Any]):
    """Read-only context values by dotted path: ``session.id``, ``user.name`` …, computed when asked for.

    :param count: the person's messages so far, the current one included.
    """

    __slots__ = ("_bot", "_count", "_session")

    def __init__(self, session: Session, bot: Bot, count: int) -> None:
        self._session = session
        self._bot = bot
        self._count = count

    def __getitem__(self, path: str) -> Any:
        return FIELDS[path](self)

    def __contains__(self, path: object) -> bool:
        return path in FIELDS

    def __iter__(self) -> Iterator[str]:
        return iter(FIELDS)

    def __len__(self) -> int:
        return len(FIELDS)

    def person(self, name: str) -> str | None:
        return self._session.profile.get(name) or None

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(ZoneInfo(self._bot.settings.timezone))

    @property
    def session(self) -> Session:
        return self._session

    @property
    def bot(self) -> Bot:
        return self._bot

    @property
    def count(self) -> int:
        return self._count


FIELDS: Mapping[str, Callable[[SessionView], Any]] = {
    "session.id": lambda view: view.session.id,
    "session.user_id": lambda view: view.session.user_id,
    "session.user_name": lambda view: view.person("name"),
    "session.user_email": lambda view: view.person("email"),
    "session.user_phone": lambda view: view.person("phone"),
    "session.bot": lambda view: view.bot.name,
    "session.bot_id": lambda view: view.bot.name,
    "session.channel": lambda view: view.session.channel,
    "session.state": lambda view: view.session.state,
    "session.message_count": lambda view: view.count,
    "session.created_at": lambda view: view.local(view.session.created_at),
    "session.last_activity": lambda view: view.local(view.session.last_activity),
    "session.is_authenticated": lambda view: view.session.user_id is not None,
    "session.language": lambda view: view.person("locale") or view.bot.settings.default_language,
    "session.client_ip": lambda view: view.person("client_ip"),
    "session.user_agent": lambda view: view.person("user_agent"),
    "user.id": lambda view: view.session.user_id,
    "user.name": lambda view: view.person("name"),
    "user.email": lambda view: view.person("email"),
    "user.phone": lambda view: view.person("phone"),
    "user.external_id": lambda view: view.person("external_id"),
    "bot.id": lambda view: view.bot.name,
    "bot.name": lambda view: view.bot.settings.bot_name or view.bot.name,
    "channel.name": lambda view: view.session.channel,
    "channel.address": lambda view: view.session.reply_to.address if view.session.reply_to else None,
}


def predefined_names(session: Session, bot: Bot, message: str) -> dict[str, Any]:
    """Ordinary variables set at the start of a run.

    :param message: the words that started the run, "" if none did.
    """
    profile = session.profile
    name = profile.get("name", "")
    sender = profile.get("phone") or (session.reply_to.address if session.reply_to else "")
    return {
        "session_id": session.id,
        "user_id": session.user_id,
        "bot_id": bot.name,
        "channel": session.channel,
        "username": name,
        "user": {"id": session.user_id, "name": name, "email": profile.get("email", ""), "phone": sender},
        "from": sender,
        "mobile": sender,
        "message": message,
    }
