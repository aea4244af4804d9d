"""Which knowledge bases a session uses."""

from __future__ import annotations

import re
from typing import Any

from core.host import Host
from core.keywords.declared import declared
from interpreter.errors import BasicError
from interpreter.keywords import Keyword

NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


def collection(value: Any) -> str:
    """The collection's name, without a trailing ``.gbkb``. Names never become paths.

    :raises BasicError: ``E_KB_NAME``.
    """
    name = value.strip().lower().removesuffix(".gbkb") if isinstance(value, str) else ""
    if not NAME.fullmatch(name):
        raise BasicError(
            "a knowledge base is named with letters, digits, - and _",
            4001,
            "E_KB_NAME",
            'for example USE KB "policies"',
        )
    return name


def use_kb(host: Host, name: Any) -> bool:
    wanted = collection(name)
    if wanted not in host.bot.collections:
        return False
    host.context.add("kb", wanted)
    return True


def set_kb(host: Host, name: Any) -> bool:
    wanted = collection(name)
    if wanted not in host.bot.collections:
        return False
    host.context.clear("kb")
    host.context.add("kb", wanted)
    return True


def clear_kb(host: Host, name: Any) -> None:
    if name is None:
        host.context.clear("kb")
    else:
        host.context.remove("kb", collection(name))


_WEBSITE = ("url [REFRESH interval]", "url , interval")

KEYWORDS = (
    Keyword(
        phrase="USE KB",
        forms=("name:name",),
        effect="local",
        handler=use_kb,
        description="Lets this session answer from a knowledge base; FALSE if the bot has none of that name.",
    ),
    Keyword(
        phrase="ADD KB",
        forms=("name:name",),
        effect="local",
        handler=use_kb,
        description="The same as USE KB.",
    ),
    Keyword(
        phrase="SET KB",
        forms=("name:name",),
        effect="local",
        handler=set_kb,
        description="Makes one knowledge base the only one of this session.",
    ),
    Keyword(
        phrase="CLEAR KB",
        forms=("ALL", "name:name", ""),
        effect="local",
        result=False,
        handler=clear_kb,
        description="Stops using one knowledge base, or all of them.",
    ),
    declared("USE WEBSITE", *_WEBSITE, description="Lets this session answer from a website."),
    declared("ADD WEBSITE", *_WEBSITE, description="The same as USE WEBSITE."),
    declared("CLEAR WEBSITES", "", result=False, description="Stops answering from websites."),
)
