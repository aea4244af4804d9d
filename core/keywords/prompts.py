"""What a model is told in this session: contexts and the system prompt."""

from __future__ import annotations

from typing import Any

from core.host import Host
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
        phrase="SYSTEM PROMPT",
        forms=("text",),
        effect="local",
        result=False,
        handler=system_prompt,
        description="Sets this session's system prompt; BEGIN SYSTEM PROMPT writes it over several lines.",
    ),
)
