"""A turn, pure: (session, event, scene) -> what the step writes.

Rules that decide here:

- Frames that wait for a HEAR get the person's next message; frames that wait for anything else let it queue;
  without frames a new run begins.
- A suspension is answered by an event that carries its id; others of that kind are done without effect.
- An uncaught error keeps what was done and ends the run; a budget error discards the attempt and ends it.
- Nothing here does I/O, looks at a clock or draws a random number: the scene holds them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core import commands
from core.draft import Draft
from core.errors import Refused
from core.events import Ended, Event, Fired, Heard, Opened, Settled, Upgraded
from core.messages import Inbound
from core.reception import (
    album_files,
    album_text,
    as_value,
    is_busy,
    log_person,
    needs_fetching,
    notice,
    person_draft,
    queued,
    refused,
)
from core.records import IDENTITY, Address, AddressKey, Session
from core.running import Turn, begun, drop_frames, ran, void
from core.scene import Scene
from interpreter.effects import Answer, Elapsed, Failed, Option, Returned, TimedOut
from interpreter.effects import Event as Resumption
from interpreter.hearing import suggested

ALBUM = timedelta(seconds=1.5)  # media of one album arrive within this time


def take(session: Session, event: Event, scene: Scene) -> Turn:
    """Process *event*.

    :raises NeedRead: the step asked for memory outside ``scene.cells``.
    :raises Overrun: with ``scene.inline``: run again in a thread.
    :raises Refused: 409 or 422 for a choice, 429 for a full queue; only if ``scene.strict``.
    """
    if isinstance(event, Heard):
        return heard(session, event, scene)
    if isinstance(event, Fired):
        if session.suspension != event.timer.suspension:
            return without_effect(session, scene)
        return resumed(session, scene, TimedOut() if event.timer.kind == "hear_timeout" else Elapsed())
    if isinstance(event, Settled):
        if session.pending_effect != str(event.effect.suspension):
            return Turn(commit=None, outcome="stale")
        settled = (
            Returned(event.value) if not event.failure else Failed(event.failure, event.number, event.code)
        )
        return resumed(session, scene, settled, effect_result=event.effect)
    if isinstance(event, Opened):
        return begun(session, scene, Draft(session, scene, lane=None, turn=session.version + 1), opening=True)
    if isinstance(event, Ended):
        return ended(session, scene)
    return upgraded(session, event, scene)


def without_effect(session: Session, scene: Scene) -> Turn:
    """A timer whose suspension is over: done, and nothing else."""
    draft = Draft(session, scene, lane=None, turn=session.version + 1)
    return Turn(commit=draft.commit("control"), outcome="stale")


# --- a person's event --------------------------------------------------------------------------------------


def heard(session: Session, event: Heard, scene: Scene) -> Turn:
    inbound = event.inbound
    if inbound.kind == "joined":
        return joined(session, scene, inbound)
    if inbound.kind in ("left", "hangup"):
        return left(session, scene, inbound)
    command = commands.find(inbound, scene.bot.settings, scene.capabilities)
    if command:
        return commanded(session, scene, inbound, command)
    try:
        option = chosen(session, inbound)
    except Refused:
        if scene.strict:
            raise
        return notice(session, scene, inbound, scene.bot.settings.answered_message, "stale", question=True)
    if not scene.draining:
        if any(needs_fetching(file) for file in inbound.attachments):
            return queued(session, event, scene, hold=ALBUM)
        if is_busy(session) or session.backlog > 0:
            return queued(session, event, scene)
    if is_late(session, event, scene):
        return notice(session, scene, inbound, scene.bot.settings.answered_message, "late", question=True)
    return answered(session, scene, inbound, option)


def is_late(session: Session, event: Heard, scene: Scene) -> bool:
    """A text written to a prompt that was answered from another address."""
    return (
        0 < event.shown < session.suspension
        and session.reply_to is not None
        and scene.address is not None
        and session.reply_to != scene.address.key
    )


def chosen(session: Session, inbound: Inbound) -> tuple[str, str, str] | None:
    """The option that was tapped; None if the event is text.

    :raises Refused: 409 ``E_STALE_CHOICE``: its prompt is not the current one; 422 ``E_CHOICE``: the current one has
        no such option.
    """
    if inbound.kind != "choice":
        return None
    found = next((option for option in session.waiting.options if option[0] == inbound.choice), None)
    if not inbound.prompt:  # the provider does not say which card was tapped
        return found
    if inbound.prompt != str(session.suspension):
        raise Refused(409, "E_STALE_CHOICE", "That question is no longer asked.", field="choice.prompt")
    if found is None:
        raise Refused(422, "E_CHOICE", "The question has no such option.", field="choice.id")
    return found


def answered(session: Session, scene: Scene, inbound: Inbound, option: tuple[str, str, str] | None) -> Turn:
    """The message answers the HEAR that waits, or begins a run."""
    draft = person_draft(session, scene, inbound)
    hearing = session.waiting.kind == "hear" and not scene.restart
    text = option[2] if option else album_text(inbound, scene)
    files = album_files(inbound, scene)
    log_person(draft, inbound, option, files, hidden=hearing and session.waiting.secret)
    answer = Answer(
        text=text,
        option=option[0] if option else None,
        attachments=tuple(as_value(file) for file in files),
    )
    if not hearing:
        suggestion = suggested(answer, tuple(Option(*each) for each in session.waiting.options))
        return begun(session, scene, draft, message=suggestion.value if suggestion else text)
    return ran(session, scene, draft, guard="fast", resumption=answer)


def opts_out(event: Heard, scene: Scene) -> bool:
    """STOP: it is heard whatever the rate, for it is how a person gets rid of us."""
    return commands.find(event.inbound, scene.bot.settings, scene.capabilities) == "opt-out"


# --- commands and what else a channel reports --------------------------------------------------------------


def commanded(session: Session, scene: Scene, inbound: Inbound, command: str) -> Turn:
    settings = scene.bot.settings
    if command == "restart":
        draft = person_draft(session, scene, inbound)
        log_person(draft, inbound, None, (), hidden=False)
        void(draft)
        return begun(session, scene, draft, opening=True, guard="control")
    if command == "help":
        return notice(session, scene, inbound, commands.help_text(settings), "help", question=True)
    out = command == "opt-out"
    draft = person_draft(session, scene, inbound)
    if out:
        draft.writes.pop("charge", None)
    log_person(draft, inbound, None, (), hidden=False)
    draft.writes["address"] = draft.address(last_inbound=scene.now, opted_out=out)
    return Turn(commit=draft.commit("control"), outcome=command)


def joined(session: Session, scene: Scene, inbound: Inbound) -> Turn:
    """A person opened the conversation: ``start.bas`` runs if nothing has run yet."""
    draft = person_draft(session, scene, inbound)
    draft.writes.pop("charge", None)
    if session.suspension or is_busy(session):
        return Turn(commit=draft.commit("control"), outcome="joined")
    return begun(session, scene, draft, opening=True)


def left(session: Session, scene: Scene, inbound: Inbound) -> Turn:
    """A hang-up ends the run; leaving a conversation does not."""
    draft = person_draft(session, scene, inbound)
    draft.writes.pop("charge", None)
    if inbound.kind == "hangup":
        void(draft)
        drop_frames(draft)
    return Turn(commit=draft.commit("control"), outcome=inbound.kind)


def ended(session: Session, scene: Scene) -> Turn:
    draft = Draft(session, scene, lane=None, turn=session.version + 1)
    void(draft)
    drop_frames(draft)
    draft.changes |= {"state": "ended", "last_activity": scene.now}
    commit = draft.commit("control", revoke_tokens=True)
    return Turn(commit=commit, outcome="ended")


def upgraded(session: Session, event: Upgraded, scene: Scene) -> Turn:
    draft = Draft(session, scene, lane=None, turn=session.version + 1)
    profile = {**session.profile, **event.profile}
    draft.changes |= {
        "user_id": event.user_id,
        "expires_at": None,
        "profile": profile,
        "last_activity": scene.now,
    }
    key = AddressKey(session.bot, IDENTITY, "", event.subject)
    address = Address(key=key, session_id=session.id)
    commit = draft.commit("control", tokens=scene.tokens, revoke_tokens=True, address=address)
    return Turn(commit=commit, outcome="upgraded")


# --- running the script ------------------------------------------------------------------------------------


def resumed(session: Session, scene: Scene, resumption: Resumption, **writes: Any) -> Turn:
    """A timer or a result goes to the frames; messages go to the address of the person's last event."""
    draft = Draft(session, scene, lane=session.reply_to, turn=session.waiting.turn or session.version + 1)
    draft.writes |= {"resumes": session.suspension, **writes}
    draft.changes["pending_effect"] = None
    if session.user_id is None and session.expires_at is not None:
        retention = timedelta(days=scene.bot.settings.session_anonymous_retention_days)
        draft.changes["expires_at"] = max(session.expires_at, scene.now + retention)
    return ran(session, scene, draft, guard="resume", resumption=resumption)


def gave_up(session: Session, event: Event, scene: Scene, reason: str) -> Turn:
    """The event failed too often: it becomes a dead letter and the person is told once; frames stay."""
    if isinstance(event, Heard):
        draft = person_draft(session, scene, event.inbound)
        log_person(draft, event.inbound, None, event.inbound.attachments, hidden=session.waiting.secret)
    else:
        draft = Draft(session, scene, lane=session.reply_to, turn=session.version + 1)
    if isinstance(event, Fired | Settled):  # the suspension can no longer be answered
        void(draft)
        drop_frames(draft)
    draft.say(scene.bot.settings.error_message, system=True)
    return Turn(commit=draft.commit("control", state="dead", error=reason[:500]), outcome="dead")


def limited(session: Session, event: Heard, scene: Scene) -> Turn:
    """Over the rate limit. :raises Refused: 429 ``E_RATE_LIMITED``, if ``scene.strict``."""
    return refused(session, scene, event.inbound, "E_RATE_LIMITED", scene.bot.settings.rate_message)
