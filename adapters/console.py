"""The terminal as a channel: every line of input answers a HEAR; what the bot says is printed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence

import msgspec

from trunkline import (
    Account,
    Adapter,
    Caller,
    Capabilities,
    Inbound,
    Message,
    Outbound,
    Parsed,
    Part,
    Port,
    Refused,
    Reply,
    Route,
    SendContext,
    SendResult,
    Sent,
    Webhook,
    hookimpl,
)

trunkline_api = 1
CHANNEL = "console"
ACCOUNT = "terminal"

Read = Callable[[], Awaitable[str | None]]
Write = Callable[[str], None]


@hookimpl
def register_adapters() -> Iterable[Adapter]:
    return [ConsoleAdapter()]


class ConsoleSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The terminal has nothing to configure."""


class ConsoleAdapter:
    """What the terminal can show. Nothing arrives by HTTP and nothing is pushed: it reads the log."""

    name = CHANNEL
    settings: type[msgspec.Struct] = ConsoleSettings
    capabilities = Capabilities(markup="markdown", reply="log", opens=True)

    def routes(self) -> Sequence[Route]:
        return ()

    async def verify(self, webhook: Webhook, account: Account) -> None:
        raise Refused(404, "E_NOT_FOUND", "The terminal has no webhooks.")

    def parse(self, webhook: Webhook, account: Account) -> Parsed:
        raise Refused(404, "E_NOT_FOUND", "The terminal has no webhooks.")

    def render(self, outbound: Outbound, capabilities: Capabilities) -> Sequence[Part]:
        titles = [option.title for option in outbound.options]
        lines = [*outbound.texts, *numbered(titles), *(file.url for file in outbound.media)]
        return (Part(index=0, payload={"text": "\n".join(lines)}),)

    async def send(self, part: Part, context: SendContext) -> SendResult:
        return Sent(provider_id=f"{context.outbox_id}.{part.index}")

    async def converse(
        self, port: Port, *, bot: str, person: str, read: Read, write: Write, complain: Write
    ) -> bool:
        """Talk until the run ends or the input does.

        :param person: names the session: the same person finds it again.
        :param read: the next line of input, or None at its end.
        :param write: shows one message; ``complain`` shows the one that ended the run, if an error did.
        :returns: False if an error ended the run.
        """
        talk = _Conversation(port, bot=bot, person=person, read=read, write=write, complain=complain)
        return await talk.hold()


class _Conversation:
    """One person at a terminal; see ``ConsoleAdapter.converse``."""

    def __init__(
        self, port: Port, *, bot: str, person: str, read: Read, write: Write, complain: Write
    ) -> None:
        self._port = port
        self._bot = bot
        self._person = person
        self._read = read
        self._write = write
        self._complain = complain
        self._shown = 0

    async def hold(self) -> bool:
        reply = await self._submit("joined")
        caller = Caller(session_id=reply.session_id, bot=self._bot, token_hash=b"")
        known = not reply.messages
        if known:  # what was said before is not said again
            self._shown = reply.seq
        subscription = self._port.subscribe(caller)
        signals = aiter(subscription)
        try:
            while True:
                failed = await self._show(caller, reply)
                if reply.waiting or known:
                    known = False
                    line = await self._read()
                    if line is None:
                        return True
                    reply = await self._submit("message", line)
                elif reply.pending:
                    await anext(signals)
                    reply = await self._submit("joined")
                else:
                    return not failed
        finally:
            subscription.close()

    async def _submit(self, kind: str, text: str = "") -> Reply:
        """``joined`` starts a session that has never run; on any other it only tells how it stands."""
        event = Inbound(
            channel=CHANNEL,
            account=ACCOUNT,
            address=self._person,
            kind="message" if kind == "message" else "joined",
            text=text,
        )
        return await self._port.submit(event, bot=self._bot)

    async def _show(self, caller: Caller, reply: Reply) -> bool:
        """Print what is new in the log; True if the last of it says that an error ended the run."""
        failed = False
        rests = not (reply.waiting or reply.pending)
        while news := await self._port.log(caller, after=self._shown):
            for message in news:
                failed = message.role == "system" and rests and message is news[-1]
                if message.role != "user":
                    (self._complain if failed else self._write)(as_text(message))
                self._shown = message.seq
        return failed


def as_text(message: Message) -> str:
    """A message as a terminal shows it: its text, then a menu's options, numbered."""
    lines = [message.text] if message.text else []
    for part in message.parts:
        if part.get("type") == "suggestions":
            lines += numbered([option["title"] for option in part["options"]])
        elif part.get("url"):
            lines.append(str(part["url"]))
    return "\n".join(lines)


def numbered(titles: Sequence[str]) -> list[str]:
    return [f"{number}. {title}" for number, title in enumerate(titles, 1)]
