"""Command words: taken before a HEAR sees the message."""

from __future__ import annotations

from functools import lru_cache

from core.bots import BotSettings
from core.messages import Capabilities, Inbound

KNOWN = {"/restart": "restart", "/help": "help"}
HELP = "Send {words}."
PURPOSE = {"restart": "to begin again", "help": "to read this"}


def find(inbound: Inbound, settings: BotSettings, capabilities: Capabilities) -> str:
    """The command that a message is, or "": ``restart``, ``help``, ``opt-out``, ``opt-in``."""
    if inbound.kind != "message" or inbound.attachments or len(inbound.text) > 64:
        return ""
    text = inbound.text.strip().casefold()
    if not text:
        return ""
    command = words(settings.command_words).get(text)
    if command:
        return command
    if capabilities.opt_out:
        if any(text == word.casefold() for word in settings.opt_out_words):
            return "opt-out"
        if any(text == word.casefold() for word in settings.opt_in_words):
            return "opt-in"
    return ""


@lru_cache(maxsize=256)
def words(entries: tuple[str, ...]) -> dict[str, str]:
    """The words that are on and what each does. ``word=/restart`` gives a command another word."""
    active: dict[str, str] = {}
    for entry in entries:
        word, _, meaning = entry.partition("=")
        command = KNOWN.get((meaning or word).strip().casefold())
        if command:
            active[word.strip().casefold()] = command
    return active


def help_text(settings: BotSettings) -> str:
    if settings.help_message:
        return settings.help_message
    listed = [f"{word} {PURPOSE[command]}" for word, command in words(settings.command_words).items()]
    return HELP.format(words=", ".join(listed))
