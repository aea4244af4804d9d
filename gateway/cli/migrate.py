"""``trunkline migrate``."""

from __future__ import annotations

import asyncio

import click

from gateway.cli.options import config_option, data_option, read_config


@click.command()
@config_option
@data_option
def migrate(config_path: str | None, data: str | None) -> None:
    """Bring the database to this version's schema.

    That includes what only the operator may decide; `serve` itself applies what may run beside older programs. Run
    this once every node has the new version.
    """
    from gateway import log  # noqa: PLC0415
    from gateway.storage import migrate as run  # noqa: PLC0415

    log.configure(level="error")
    click.echo(asyncio.run(run(read_config(config_path, data=data))))
