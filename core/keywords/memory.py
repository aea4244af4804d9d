"""BOT MEMORY, shared by all sessions of a bot, and USER MEMORY, a person's own."""

from __future__ import annotations

from typing import Any

from core.host import Host
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


def set_user_fact(host: Host, key: Any, value: Any) -> None:
    host.remember_of_user("fact", host.key(key), value)


def remember_user_fact(host: Host, fact: Any) -> None:
    text = host.key(fact)
    host.remember_of_user("fact", text, text)


def user_facts(host: Host) -> list[Any]:
    return [host.recall_of_user("fact", key) for key in host.user_keys("fact")]


def recall(host: Host, key: Any) -> Any:
    return host.recall_of_user("memory", host.key(key))


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
        description="Removes everything that SET USER MEMORY stored for this person.",
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
        phrase="RECALL",
        forms=("key",),
        effect="local",
        handler=recall,
        description="The value that SET USER MEMORY stored for this person, or NULL.",
    ),
)
