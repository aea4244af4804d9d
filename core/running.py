"""Running a script for one step, and everything that follows from what it did. Pure.

An uncaught error keeps what was done and ends the run; a budget error discards the attempt and ends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec.structs import replace

from core.draft import Draft, shown_options
from core.host import Host
from core.messages import Option
from core.records import Session, StepCommit, Waiting
from core.scene import Scene, SessionView, predefined_names
from interpreter import run
from interpreter.effects import Event as Resumption
from interpreter.effects import Logged, Outside, Said, Step, Surroundings
from interpreter.errors import BasicError, BudgetError, SnapshotError

CALLS_PER_TURN = 20  # outside calls
NOTHING_PREDEFINED: Mapping[str, Any] = {}


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """What a step decided.

    :param commit: what to write; None if the event has no effect and leaves no trace.
    :param outcome: one word for the log line.
    :param error: the uncaught error of the script, if one ended the run.
    :param logged: PRINT and LOG lines.
    :param report: the error with its line, a caret and the call chain.
    """

    commit: StepCommit | None
    outcome: str
    units: int = 0
    error: BasicError | None = None
    logged: tuple[Logged, ...] = ()
    report: str = ""


def begun(
    session: Session,
    scene: Scene,
    draft: Draft,
    *,
    message: str = "",
    opening: bool = False,
    guard: str = "fast",
) -> Turn:
    """A new run: ``start.bas`` when a conversation opens, later ``message.bas`` if the bot has one."""
    programs = scene.release.programs
    start = scene.bot.settings.start_dialog.removesuffix(".bas")
    first = opening or session.suspension == 0
    script = start if first or "message" not in programs else "message"
    if script not in programs:
        greeting = scene.bot.settings.welcome_message
        if greeting:
            draft.say(greeting)
        draft.suspend(None, (), 0)
        return Turn(commit=draft.commit(guard), outcome="no-script")
    return ran(session, scene, draft, guard=guard, script=script, message=message)


def ran(
    session: Session,
    scene: Scene,
    draft: Draft,
    *,
    guard: str,
    resumption: Resumption | None = None,
    script: str = "",
    message: str = "",
) -> Turn:
    """Advance the frames by *resumption*, or begin *script*, and note everything that followed."""
    if scene.broken and not script:
        return broken(session, scene, draft, scene.broken)
    as_noted = replace(session, **draft.changes) if draft.changes else session
    host = Host(
        bot=scene.bot,
        session=as_noted,
        scripts=scene.release.programs,
        table=scene.table,
        cells=scene.cells,
        now=scene.now,
    )
    count = draft.changes.get("message_count", session.message_count)
    surroundings = Surroundings(
        now=scene.now,
        seed=scene.row.seed,
        settings=scene.bot.script_settings,
        context=SessionView(as_noted, scene.bot, count),
        predefined=predefined_names(as_noted, scene.bot, message) if script else NOTHING_PREDEFINED,
        call=host.call,
        run_inline=scene.inline,
    )
    try:
        if script:
            snapshot = (
                session.snapshot if session.waiting.kind == "none" else kept_variables(session.snapshot)
            )
            step = run.begin(scene.release, script, snapshot=snapshot, surroundings=surroundings)
        else:
            assert resumption is not None
            step = run.resume(
                scene.release, snapshot=session.snapshot, event=resumption, surroundings=surroundings
            )
    except SnapshotError as error:
        return broken(session, scene, draft, str(error))
    calls = session.waiting.calls if session.waiting.turn else 0
    if isinstance(step.suspension, Outside) and calls >= CALLS_PER_TURN:
        return overspent(session, scene, draft, guard, step)
    return finished(draft, step, host, guard=guard, calls=calls)


def finished(draft: Draft, step: Step, host: Host, *, guard: str, calls: int) -> Turn:
    """Everything that the step did, as writes."""
    scene = draft.scene
    logged: list[Logged] = []
    said: list[Said] = []
    for output in step.outputs:
        if isinstance(output, Logged):
            logged.append(output)
        elif output.text.strip():
            said.append(output)
    error = step.error
    draft.suspend(step.suspension, step.suggestions, calls)
    options = shown_options(draft.changes["waiting"]) if error is None else ()
    say_all(draft, said, options)
    report = error.render(scene.release.sources) if error is not None else ""
    if report:
        draft.say(apology(scene, report), system=True)
    if not isinstance(error, BudgetError):
        draft.keep(host)
        if step.variables is not None:
            draft.writes["variables"] = step.variables
    draft.changes["snapshot"] = step.snapshot
    note_shown(draft, options)
    closing = draft.closes and draft.session.waiting.turn != 0
    return Turn(
        commit=draft.commit(guard, close_turn=closing),
        outcome="ok" if error is None else "error",
        units=step.units,
        error=error,
        logged=tuple(logged),
        report=report,
    )


def apology(scene: Scene, report: str) -> str:
    """What the person is told of an error; the script's author, who tries it on the page, is told all of it."""
    message = scene.bot.settings.error_message
    shows = scene.dev and scene.capabilities.reply == "log"
    return f"{message}\n\n```\n{report}\n```" if shows else message


def say_all(draft: Draft, said: list[Said], options: tuple[Option, ...]) -> None:
    """The messages of the step; options are shown with the last one that is the script's own."""
    number = draft.changes["suspension"]
    last = max((index for index, output in enumerate(said) if not output.system), default=-1)
    for index, output in enumerate(said):
        draft.say(output.text, system=output.system, options=options if index == last else (), prompt=number)
    if options and last < 0:
        draft.say("", options=options, prompt=number)


def note_shown(draft: Draft, options: tuple[Option, ...]) -> None:
    """The address now shows the prompt of this suspension."""
    waiting = draft.changes["waiting"]
    if draft.scene.address is None or (waiting.kind != "hear" and not options):
        return
    current = draft.writes.get("address") or draft.scene.address
    draft.writes["address"] = replace(current, shown_prompt=draft.changes["suspension"])


def overspent(session: Session, scene: Scene, draft: Draft, guard: str, step: Step) -> Turn:
    """Too many outside calls in one turn: a budget error, so the attempt is discarded."""
    error = BudgetError(f"more than {CALLS_PER_TURN} outside calls in one turn", 9006, "E_BUDGET_CALLS")
    draft.suspend(None, (), 0)
    draft.changes["snapshot"] = kept_variables(session.snapshot)
    report = error.render(scene.release.sources)
    draft.say(apology(scene, report), system=True)
    commit = draft.commit(guard, close_turn=session.waiting.turn != 0)
    return Turn(commit=commit, outcome="error", units=step.units, error=error, report=report)


def broken(session: Session, scene: Scene, draft: Draft, reason: str) -> Turn:
    """The frames cannot be read: the event is a dead letter, the frames are dropped, the person is told."""
    void(draft)
    drop_frames(draft)
    draft.say(scene.bot.settings.error_message, system=True)
    return Turn(
        commit=draft.commit("control", state="dead", error=f"snapshot: {reason}"[:500]), outcome="broken"
    )


def void(draft: Draft) -> None:
    """A control event: what the session had pending is cancelled; the epoch fences late results."""
    session = draft.session
    draft.changes |= {"epoch": session.epoch + 1, "pending_effect": None, "waiting": Waiting(), "release": ""}
    draft.writes |= {"cancel_timers": True, "cancel_effects": True}


def drop_frames(draft: Draft) -> None:
    draft.changes |= {"suspension": draft.session.suspension + 1, "waiting": Waiting(), "release": ""}
    draft.changes["snapshot"] = kept_variables(draft.session.snapshot)


def kept_variables(snapshot: bytes) -> bytes:
    """The snapshot without frames; empty if it cannot be read."""
    try:
        return run.drop_frames(snapshot) if snapshot else b""
    except SnapshotError:
        return b""
