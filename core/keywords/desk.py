"""Handing a conversation over to people, and what they note about it."""

from __future__ import annotations

from core.keywords.declared import declared

_TO_HUMAN = "[to [, priority [, context]]]"

KEYWORDS = (
    declared("TRANSFER TO HUMAN", _TO_HUMAN, description="Hands the conversation over to a person."),
    declared("TRANSFER HUMAN", _TO_HUMAN, description="The same as TRANSFER TO HUMAN."),
    declared("TRANSFER CONVERSATION", "TO bot:name", description="Hands the conversation over to a bot."),
    declared("TAG CONVERSATION", "session , tag", result=False, description="Marks a conversation."),
    declared("ADD NOTE", "session , note", result=False, description="Notes something about a conversation."),
    declared("SET PRIORITY", "session (, | TO) priority", result=False, description="How urgent it is."),
    declared("GET SESSION", "session , key", description="A variable of another session."),
    declared("ALLOW ROLE", "role", result=False, description="Goes on only for people with a role."),
    declared("USE ACCOUNT", "name:name", result=False, description="Acts for an account of the person."),
    declared(
        "ADD SWITCHER",
        "switcher:name [(, | AS) text]",
        result=False,
        description="Offers a form of the answers to choose.",
    ),
    declared("CLEAR SWITCHERS", "", result=False, description="Takes back what ADD SWITCHER offered."),
)
