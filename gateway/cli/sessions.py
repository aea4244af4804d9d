"""``trunkline sessions list | show | end``."""

from __future__ import annotations

import asyncio
from typing import Any

import click
import msgspec
import orjson

from core.errors import TrunklineError
from core.messages import Message
from core.records import Session
from core.store import Store
from gateway.cli.options import config_option, data_option, json_option, read_config
from gateway.cli.stored import with_store

LOG_PAGE = 500


@click.group()
def sessions() -> None:
    """Look at sessions and end them."""


@sessions.command("list")
@config_option
@data_option
@click.option("--bot", help="Only this bot's.")
@click.option(
    "--state", type=click.Choice(["active", "idle", "expired", "ended"]), help="Only in this state."
)
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
@json_option
def list_sessions(
    *,
    config_path: str | None,
    data: str | None,
    bot: str | None,
    state: str | None,
    limit: int,
    as_json: bool,
) -> None:
    """List sessions, the latest first."""

    async def work(store: Store) -> Any:
        return await store.list_sessions(bot=bot, state=state, limit=limit)

    found = with_store(read_config(config_path, data=data), work, read_only=True)
    if as_json:
        click.echo(orjson.dumps({"sessions": [_summary(session) for session in found]}))
        return
    for session in found:
        waits = _waits(session)
        last = session.last_activity.isoformat(timespec="seconds")
        click.echo(
            f"{session.id}  {session.bot:<12} {session.channel:<10} {session.state:<8} {last}  {waits}"
        )


@sessions.command()
@click.argument("session_id")
@config_option
@data_option
@json_option
def show(session_id: str, config_path: str | None, data: str | None, as_json: bool) -> None:
    """Show a session: its state and its log."""

    async def work(store: Store) -> tuple[Session, list[Message]]:
        session = await store.load(session_id)
        if session is None:
            raise TrunklineError(f"there is no session {session_id}")
        log: list[Message] = []
        while page := await store.messages(session_id, after=log[-1].seq if log else 0, limit=LOG_PAGE):
            log += page
        return session, log

    session, log = with_store(read_config(config_path, data=data), work, read_only=True)
    if as_json:
        click.echo(orjson.dumps(_summary(session) | {"messages": msgspec.to_builtins(log)}))
        return
    for name, value in _summary(session).items():
        click.echo(f"{name}: {'' if value is None else value}")
    for message in log:
        click.echo(f"{message.seq:>5} {message.role:<9} {message.text}")


@sessions.command()
@click.argument("session_id")
@config_option
@data_option
def end(session_id: str, config_path: str | None, data: str | None) -> None:
    """End a session.

    Its script stops, and its tokens are refused from now on.
    """
    from gateway.offline import end_session  # noqa: PLC0415
    from gateway.operator import ask  # noqa: PLC0415

    config = read_config(config_path, data=data)
    if asyncio.run(ask(config.data, "POST", f"/sessions/{session_id}/end")) is None:
        end_session(config, session_id)
    click.echo(f"ended {session_id}")


def _summary(session: Session) -> dict[str, Any]:
    return {
        "session_id": session.id,
        "bot": session.bot,
        "channel": session.channel,
        "state": session.state,
        "user": session.user_id,
        "created_at": session.created_at.isoformat(),
        "last_activity": session.last_activity.isoformat(),
        "expires_at": session.expires_at.isoformat() if session.expires_at else None,
        "message_count": session.message_count,
        "backlog": session.backlog,
        "waiting": _waits(session),
    }


def _waits(session: Session) -> str:
    waiting = session.waiting
    words = [waiting.kind, waiting.type, waiting.variable] if waiting.kind == "hear" else [waiting.kind]
    return " ".join(filter(None, words))
