"""BOT MEMORY, shared by all sessions of a bot, and USER MEMORY, a person's own, REMEMBER among it."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from core.host import Host
from interpreter.dates import unit_name
from interpreter.errors import BasicError
from interpreter.keywords import Keyword


def set_bot_memory(host: Host, key: Any, value: Any) -> None:
    host.remember("bot", host.key(key), value)


def get_bot_memory(host: Host, key: Any) -> Any:
    value = host.recall("bot", host.key(key))
    return "" if value is None else value


def set_user_memory(host: Host, key: Any, value: Any) -> None:
    host.remember_of_user("memory", host.key(key), value)


def get_user_memory(host: Host, key: Any) -> Any:
    value = host.recall_of_user("memory", host.key(key))
    return "" if value is None else value


def clear_user_memory(host: Host) -> None:
    host.forget_user("memory")
    host.forget_user("kept")


def set_user_fact(host: Host, key: Any, value: Any) -> None:
    host.remember_of_user("fact", host.key(key), value)


def remember_user_fact(host: Host, fact: Any) -> None:
    text = host.key(fact)
    host.remember_of_user("fact", text, text)


def user_facts(host: Host) -> list[Any]:
    return [host.recall_of_user("fact", key) for key in host.user_keys("fact")]


def remember(host: Host, key: Any, value: Any, duration: Any) -> None:
    """Kept as ``{"value", "until"}``; ``until`` is ISO text, or None for ever."""
    name = host.key(key)
    if value is None:
        host.remember_of_user("kept", name, None)
        return
    until = None if duration is None else expiry(host.now, duration).isoformat()
    host.remember_of_user("kept", name, {"value": value, "until": until})


def recall(host: Host, key: Any) -> Any:
    kept = host.recall_of_user("kept", host.key(key))
    if kept is None:
        return host.recall_of_user("memory", host.key(key))
    until = kept["until"]
    return kept["value"] if until is None or host.now < datetime.fromisoformat(until) else None


def expiry(now: datetime, duration: Any) -> datetime:
    """The moment after *duration*: ``"30 days"``, ``"1 month"``, or a number of seconds.

    :raises BasicError: ``E_DURATION``.
    """
    if isinstance(duration, int | float) and not isinstance(duration, bool):
        return _moved(now, float(duration), "seconds", duration)
    found = DURATION.fullmatch(str(duration))
    if found is None:
        raise not_a_duration(duration)
    unit = unit_name(found[2])
    if unit is None:
        raise not_a_duration(duration)
    return _moved(now, float(found[1] or 1), unit, duration)


def _moved(now: datetime, count: float, unit: str, duration: Any) -> datetime:
    days = {"years": 365.0, "quarters": 91.0, "months": 30.0}.get(unit)
    try:
        return now + (timedelta(days=days * count) if days else timedelta(**{unit: count}))
    except (OverflowError, ValueError):
        raise not_a_duration(duration) from None


def not_a_duration(duration: Any) -> BasicError:
    return BasicError(
        f"“{str(duration)[:40]}” is no length of time", 4003, "E_DURATION", 'for example "30 days"'
    )


DURATION = re.compile(r"\s*(\d{1,9}(?:\.\d{1,6})?)?\s*([^\W\d]+)\s*")


PAIR = ("key , value", "key AS value")

KEYWORDS = (
    Keyword(
        phrase="SET BOT MEMORY",
        forms=PAIR,
        effect="local",
        result=False,
        handler=set_bot_memory,
        description="Stores a value under a key that all sessions of this bot share; NULL removes it.",
    ),
    Keyword(
        phrase="GET BOT MEMORY",
        forms=("key",),
        effect="local",
        handler=get_bot_memory,
        description='The value that SET BOT MEMORY stored under the key, or "".',
    ),
    Keyword(
        phrase="SET USER MEMORY",
        forms=PAIR,
        effect="local",
        result=False,
        handler=set_user_memory,
        description="Stores a value for this person and this bot; NULL removes it.",
    ),
    Keyword(
        phrase="GET USER MEMORY",
        forms=("key",),
        effect="local",
        handler=get_user_memory,
        description='The value that SET USER MEMORY stored for this person, or "".',
    ),
    Keyword(
        phrase="CLEAR USER MEMORY",
        forms=("",),
        effect="local",
        result=False,
        handler=clear_user_memory,
        description="Removes everything that SET USER MEMORY and REMEMBER stored for this person.",
    ),
    Keyword(
        phrase="SET USER FACT",
        forms=PAIR,
        effect="local",
        result=False,
        handler=set_user_fact,
        description="Keeps a fact about this person under a key.",
    ),
    Keyword(
        phrase="REMEMBER USER FACT",
        forms=("fact",),
        effect="local",
        result=False,
        handler=remember_user_fact,
        description="Keeps a fact about this person.",
    ),
    Keyword(
        phrase="GET USER FACTS",
        forms=("",),
        effect="local",
        handler=user_facts,
        description="The facts kept about this person, oldest first.",
    ),
    Keyword(
        phrase="USER FACTS",
        forms=("",),
        effect="local",
        handler=user_facts,
        description="The same as GET USER FACTS.",
    ),
    Keyword(
        phrase="REMEMBER",
        forms=("key , value [, duration | FOR duration]", "key = value", "key AS value"),
        effect="local",
        result=False,
        handler=remember,
        description='Keeps a value for this person, for ever or for so long: "30 days".',
    ),
    Keyword(
        phrase="RECALL",
        forms=("key",),
        effect="local",
        handler=recall,
        description="The value that REMEMBER or SET USER MEMORY keeps for this person, or NULL.",
    ),
)
