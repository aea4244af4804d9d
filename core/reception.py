"""What a person's event leaves on record, whether it is processed now, later, or turned away. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from msgspec.structs import replace

from core.draft import Draft, shown_options
from core.errors import Refused
from core.events import Heard, encode
from core.messages import Attachment, Inbound
from core.records import HIDDEN, AddressKey, Session
from core.running import Turn
from core.scene import Scene

TYPE_AHEAD = 20  # messages that may wait behind a busy run


def is_busy(session: Session) -> bool:
    """The frames wait for something other than a HEAR."""
    return session.pending_effect is not None or session.waiting.kind in ("wait", "outside")


def person_draft(session: Session, scene: Scene, inbound: Inbound) -> Draft:
    """A draft in which the person's event has been noted on the session and its address."""
    pushes = scene.capabilities.reply == "push"
    lane = AddressKey(session.bot, inbound.channel, inbound.account, inbound.address) if pushes else None
    draft = Draft(session, scene, lane=lane, turn=session.version + 1)
    draft.changes |= {"channel": inbound.channel, "last_activity": scene.now, "state": "active"}
    draft.changes["reply_to"] = lane
    if session.user_id is None:
        retention = timedelta(days=scene.bot.settings.session_anonymous_retention_days)
        draft.changes["expires_at"] = scene.now + retention
    note_profile(draft, inbound)
    if not scene.draining:
        draft.writes["charge"] = scene.bot.settings.session_rate_limit
    if scene.address is not None:
        draft.writes["address"] = draft.address(last_inbound=scene.now)
        draft.writes["release_held"] = True
    return draft


def note_profile(draft: Draft, inbound: Inbound) -> None:
    given = inbound.profile
    known = draft.session.profile
    fields = {"name": given.name, "email": given.email, "phone": given.phone, "locale": given.locale}
    news = {key: value[:512] for key, value in fields.items() if value and known.get(key) != value[:512]}
    if news:
        draft.changes["profile"] = {**known, **news}


def log_person(
    draft: Draft,
    inbound: Inbound,
    option: tuple[str, str, str] | None,
    files: tuple[Attachment, ...],
    *,
    hidden: bool,
) -> None:
    """Append the person's message to the log, unless it was appended when it was queued."""
    if draft.scene.row.seq_from:
        if hidden:  # nobody knew then that it would answer a secret question
            draft.writes["hide"] = tuple(row.seq_from for row in (draft.scene.row, *draft.scene.consumed))
        return
    draft.changes["message_count"] = draft.session.message_count + 1
    text = option[1] if option else inbound.text or inbound.choice
    draft.log("user", HIDDEN if hidden else text, [file_part(file) for file in files])


def album_text(inbound: Inbound, scene: Scene) -> str:
    """The words of a message and of the album's further messages."""
    own = inbound.text or (inbound.choice if inbound.kind == "choice" else "")
    if not scene.album:
        return own
    return "\n".join(text for text in (own, *(other.text for other in scene.album)) if text)


def album_files(inbound: Inbound, scene: Scene) -> tuple[Attachment, ...]:
    return inbound.attachments + tuple(file for other in scene.album for file in other.attachments)


def as_value(file: Attachment) -> dict[str, Any]:
    """An attachment as scripts see it; ``url`` is NULL with a reason if it could not be fetched."""
    value = {"url": file.url or None, "filename": file.name, "mime": file.mime, "size": file.size}
    return {**value, "url": None, "reason": file.reason} if file.reason else value


def file_part(file: Attachment) -> dict[str, Any]:
    kind = "image" if file.mime.startswith("image/") else "file"
    part = {"type": kind, "id": file.id, "name": file.name, "mime": file.mime, "size": file.size}
    return {**part, "reason": file.reason} if file.reason else part


def needs_fetching(file: Attachment) -> bool:
    """The provider has it and we do not."""
    return not file.id and not file.reason


def queued(session: Session, event: Heard, scene: Scene, *, hold: timedelta | None = None) -> Turn:
    """Store the message for later; it enters the log now, so that its acknowledgement has a seq.

    :param hold: it is not ready before then: the rest of its album may follow.
    """
    inbound, settings = event.inbound, scene.bot.settings
    if session.backlog >= TYPE_AHEAD or (settings.type_ahead == "drop" and is_busy(session)):
        return refused(session, scene, inbound, "E_BUSY", settings.wait_message)
    draft = person_draft(session, scene, inbound)
    log_person(draft, inbound, None, inbound.attachments, hidden=False)
    del draft.changes["reply_to"]  # what the busy run says still goes where it was asked
    draft.changes["accept_seq"] = session.accept_seq + 1
    draft.changes["backlog"] = session.backlog + 1
    commit = draft.commit("store", state="new")
    assert commit.inbox is not None
    ready_at = scene.now + hold if hold else None
    inbox = replace(commit.inbox, body=encode(event), turn=0, ready_at=ready_at)
    return Turn(commit=replace(commit, inbox=inbox), outcome="queued")


def refused(session: Session, scene: Scene, inbound: Inbound, code: str, text: str) -> Turn:
    """Turn a message away for now: the caller is told, or, on push channels, the person (once a minute).

    :raises Refused: 429, if ``scene.strict``.
    """
    if scene.strict:
        raise Refused(429, code, text, retry_after=scene.retry_after or 1)
    draft = person_draft(session, scene, inbound)
    del draft.changes["reply_to"]
    draft.writes.pop("charge", None)
    if scene.may_tell:
        draft.say(text, system=True)
    return Turn(commit=draft.commit("control", state="refused", error=code), outcome="refused")


def notice(
    session: Session, scene: Scene, inbound: Inbound, text: str, outcome: str, *, question: bool = False
) -> Turn:
    """Tell the person something and leave the frames alone; with *question*, show the current one again."""
    draft = person_draft(session, scene, inbound)
    del draft.changes["reply_to"]
    log_person(draft, inbound, None, (), hidden=session.waiting.secret)
    draft.say(text, system=True)
    if question and session.waiting.kind == "hear" and session.waiting.prompt:
        draft.say(session.waiting.prompt, options=shown_options(session.waiting))
    return Turn(commit=draft.commit("control"), outcome=outcome)
