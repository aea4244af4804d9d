"""What a model is told in this session: contexts and the system prompt."""

from __future__ import annotations

from typing import Any

from core.host import Host
from interpreter.errors import BasicError
from interpreter.keywords import Keyword

DEFAULT_SLOT = "default"


def set_context(host: Host, key: Any, value: Any, text: Any) -> None:
    if key is None:
        host.context.put("contexts", DEFAULT_SLOT, text)
    else:
        host.context.put("contexts", host.key(key), value)


def clear_context(host: Host) -> None:
    host.context.clear("contexts")


def system_prompt(host: Host, text: Any) -> None:
    host.context.put("prompts", "system", text)


def set_answer_mode(host: Host, mode: Any) -> None:
    """:raises BasicError: ``E_ANSWER_MODE``."""
    name = str(mode).strip().lower()
    name = name if not name.isdecimal() or int(name) >= len(NUMBERED) else NUMBERED[int(name)]
    if name not in MODES:
        raise BasicError(f"an answer mode is one of {', '.join(MODES)}", 4004, "E_ANSWER_MODE")
    host.context.put("prompts", "answer_mode", name)


MODES = ("direct", "tool", "document", "sql")
NUMBERED = ("direct", "tool", "document", "document", "tool")  # how older packages write them

KEYWORDS = (
    Keyword(
        phrase="SET CONTEXT",
        forms=("key:name (, | AS) value", "text"),
        effect="local",
        result=False,
        handler=set_context,
        description="Gives a model background for this session, under a key or in the default place.",
    ),
    Keyword(
        phrase="CLEAR CONTEXT",
        forms=("",),
        effect="local",
        result=False,
        handler=clear_context,
        description="Removes everything that SET CONTEXT gave.",
    ),
    Keyword(
        phrase="SET ANSWER MODE",
        forms=("mode:name",),
        effect="local",
        result=False,
        handler=set_answer_mode,
        description="How this session's questions are answered: direct, tool, document or sql.",
    ),
    Keyword(
        phrase="SYSTEM PROMPT",
        forms=("text",),
        effect="local",
        result=False,
        handler=system_prompt,
        description="Sets this session's system prompt; BEGIN SYSTEM PROMPT writes it over several lines.",
    ),
)
