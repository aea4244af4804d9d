"""One dialogue held with a bot: it goes as written, or here is where it does not."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import structlog

from core.bots import Bot
from core.messages import Message
from core.records import Session
from gateway.rehearsal.dialogue import Dialogue, Line, seconds_of
from gateway.rehearsal.stage import Stage, staged
from interpreter.keywords import KeywordTable

ANYTHING = "…"
CONTEXT = 4  # lines of the conversation shown before the one that differs


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """:param problem: what went another way, with the conversation up to there; "" if nothing did."""

    dialogue: Dialogue
    problem: str = ""
    line: int = 0


@dataclass
class _Talk:
    """The conversation so far, and what the bot said that the dialogue has not come to yet."""

    past: list[str] = field(default_factory=list)
    waiting: list[Message] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


async def play(dialogue: Dialogue, bot: Bot, table: KeywordTable) -> Outcome:
    """Hold the dialogue, up to the first line that goes another way."""
    talk = _Talk()
    _listen(talk)
    answers = [line.text for line in dialogue.lines if line.kind == "answer"]
    async with staged(bot, table, dialogue.begins, answers) as stage:
        talk.waiting = await stage.begin()
        for line in dialogue.lines:
            problem = await _follow(line, talk, stage)
            if problem:
                return Outcome(dialogue=dialogue, problem=problem, line=line.number)
        if talk.waiting:
            said = [f"+ {_mark(message)} {_indented(_shown(message))}" for message in talk.waiting]
            problem = _report(talk, said, "The bot said more than the dialogue expects.")
            return Outcome(dialogue=dialogue, problem=problem, line=dialogue.lines[-1].number)
    return Outcome(dialogue=dialogue)


async def _follow(line: Line, talk: _Talk, stage: Stage) -> str:
    """Go one line on. :returns: what went another way, or ""."""
    if line.kind in ("said", "error"):
        if talk.waiting and _matches(line, talk.waiting[0], talk):
            talk.past.append(f"{_mark(talk.waiting[0])} {_indented(_shown(talk.waiting.pop(0)))}")
            return ""
        expected = f"- {'!' if line.kind == 'error' else '<'} {_indented(line.text)}"
        if not talk.waiting:
            return _report(talk, [expected], f"The bot said nothing: {_rests(await stage.session())}.")
        found = f"+ {_mark(talk.waiting[0])} {_indented(_shown(talk.waiting[0]))}"
        return _report(talk, [expected, found], "")
    if line.kind in ("heard", "passes") and talk.waiting:
        said = [f"+ {_mark(message)} {_indented(_shown(message))}" for message in talk.waiting]
        return _report(talk, said, "The bot said this, which the dialogue does not expect here.")
    if line.kind == "heard":
        talk.past.append(f"> {_indented(line.text)}")
        talk.waiting = await stage.hear(line.text)
    elif line.kind == "passes":
        talk.past.append(f"~ {line.text}")
        talk.waiting = await stage.wait(seconds_of(line.text))
    return ""


def _matches(line: Line, message: Message, talk: _Talk) -> bool:
    if (line.kind == "error") != (message.role == "system"):
        return False
    texts = {message.text, _shown(message)}
    if line.kind == "error":
        texts |= set(re.findall(r"\[(E_\w+)\]", "\n".join(talk.errors)))
    pattern = ".*".join(re.escape(piece) for piece in line.text.strip().split(ANYTHING))
    return any(re.fullmatch(pattern, text.strip(), re.S) for text in texts)


def _shown(message: Message) -> str:
    """A message as the terminal shows it: its text, then the options, numbered."""
    lines = [message.text] if message.text else []
    for part in message.parts:
        if part.get("type") == "suggestions":
            lines += [f"{number}. {option['title']}" for number, option in enumerate(part["options"], 1)]
        elif part.get("url"):
            lines.append(str(part["url"]))
    return "\n".join(lines)


def _mark(message: Message) -> str:
    return "!" if message.role == "system" else "<"


def _indented(text: str) -> str:
    return text.replace("\n", "\n      ")


def _rests(session: Session) -> str:
    waiting = session.waiting
    if waiting.kind != "hear":
        return "the script has ended"
    return f"it waits at HEAR {waiting.variable} AS {waiting.type.upper()}"


def _report(talk: _Talk, lines: list[str], why: str) -> str:
    past = talk.past[-CONTEXT:]
    shown = ["    …"] if len(talk.past) > CONTEXT else []
    shown += [f"    {line}" for line in past] + [f"  {line}" for line in lines]
    if why:
        shown.append(f"  {why}")
    shown += [f"  {line}" for error in talk.errors for line in error.splitlines()]
    return "\n".join(shown)


def _listen(talk: _Talk) -> None:
    """Collect the errors of scripts from the log; drop everything else."""

    def note(_: Any, __: str, event: Mapping[str, Any]) -> str:
        if event["event"] == "script error":
            talk.errors.append(str(event["report"]))
        raise structlog.DropEvent

    structlog.configure(processors=[note], cache_logger_on_first_use=False)
