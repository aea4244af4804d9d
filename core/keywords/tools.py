"""Which of the bot's scripts a model may call as tools in this session."""

from __future__ import annotations

from typing import Any

from core.host import Host
from interpreter.keywords import Keyword

FOLDER = ".gbdialog/"


def tool_name(value: Any) -> str:
    """The script's stem: ``.bas`` and folders before the name are dropped."""
    name = str(value if value is not None else "").strip().replace("\\", "/")
    return name.rsplit("/", 1)[-1].removesuffix(".bas").lower()


def add_tool(host: Host, name: Any) -> bool:
    wanted = tool_name(name)
    if not host.has_script(wanted):
        return False
    host.context.add("tools", wanted)
    return True


def remove_tool(host: Host, name: Any) -> bool:
    return host.context.remove("tools", tool_name(name))


def list_tools(host: Host) -> list[str]:
    return host.context.names("tools")


def clear_tools(host: Host) -> None:
    host.context.clear("tools")


def adding(phrase: str) -> Keyword:
    return Keyword(
        phrase=phrase,
        forms=("name:name AS MCP", "name:name"),
        effect="local",
        handler=add_tool,
        description="Lets a model call one of the bot's scripts in this session; FALSE if there is none.",
    )


KEYWORDS = (
    adding("ADD TOOL"),
    adding("USE TOOL"),
    Keyword(
        phrase="REMOVE TOOL",
        forms=("name:name",),
        effect="local",
        handler=remove_tool,
        description="Takes a tool away again; FALSE if it was not in use.",
    ),
    Keyword(
        phrase="LIST TOOLS",
        forms=("",),
        effect="local",
        handler=list_tools,
        description="The names of the tools in use, as an array.",
    ),
    Keyword(
        phrase="CLEAR TOOLS",
        forms=("",),
        effect="local",
        result=False,
        handler=clear_tools,
        description="Takes all tools away.",
    ),
    Keyword(
        phrase="CLEAR TOOL",
        forms=("name:name",),
        effect="local",
        handler=remove_tool,
        description="The same as REMOVE TOOL.",
    ),
)
