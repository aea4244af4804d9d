"""``trunkline outbox list | retry | drop``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import click
import orjson

from core.errors import TrunklineError
from core.records import OutboxRow
from core.store import Store
from gateway.cli.options import config_option, data_option, json_option, read_config
from gateway.cli.stored import with_store
from gateway.operator import OUTBOX_STATES, ask

STATES = ("open", "ready", "inflight", "sent", "unknown", "held", "dead")
UNSENT = ("ready", "inflight", "unknown", "held", "dead")


@click.group()
def outbox() -> None:
    """Look at messages on their way out."""


@outbox.command("list")
@config_option
@data_option
@click.option("--state", "states", multiple=True, type=click.Choice(STATES), help="May be repeated.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=100, show_default=True)
@json_option
def list_rows(
    *, config_path: str | None, data: str | None, states: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """List messages that were not sent (or those in the given states)."""

    async def work(store: Store) -> Sequence[OutboxRow]:
        return await store.list_outbox(states=states or UNSENT, limit=limit)

    rows = with_store(read_config(config_path, data=data), work, read_only=True)
    if as_json:
        click.echo(orjson.dumps({"outbox": [_summary(row) for row in rows]}))
        return
    for row in rows:
        click.echo(
            f"{row.id}  {row.state:<8} {row.channel}/{row.account:<10} tries {row.attempts}  {row.error}"
        )


@outbox.command()
@click.argument("row_id")
@config_option
@data_option
def retry(row_id: str, config_path: str | None, data: str | None) -> None:
    """Send a dead, held or unknown message again."""
    _change(config_path, data, row_id, "retry")


@outbox.command()
@click.argument("row_id")
@config_option
@data_option
def drop(row_id: str, config_path: str | None, data: str | None) -> None:
    """Give a message up; what waits behind it for that person goes on."""
    _change(config_path, data, row_id, "drop")


def _change(config_path: str | None, data: str | None, row_id: str, verb: str) -> None:
    config = read_config(config_path, data=data)

    async def work(store: Store) -> bool:
        return await store.change_outbox(row_id, OUTBOX_STATES[verb])

    answer = asyncio.run(ask(config.data, "POST", f"/outbox/{row_id}/{verb}"))
    if answer is None and not with_store(config, work, read_only=False):
        raise TrunklineError(f"there is no outbox row {row_id} that could be changed")
    click.echo(f"{row_id}: {OUTBOX_STATES[verb]}")


def _summary(row: OutboxRow) -> dict[str, object]:
    return {
        "id": row.id,
        "session_id": row.session_id,
        "channel": row.channel,
        "account": row.account,
        "state": row.state,
        "delivery": row.delivery,
        "attempts": row.attempts,
        "error": row.error,
        "created_at": row.created_at.isoformat(),
        "next_at": row.next_at.isoformat() if row.next_at else None,
    }
