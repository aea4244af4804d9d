"""``trunkline export`` and ``trunkline import``."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

import click

from gateway.cli.options import config_option, data_option, read_config

if TYPE_CHECKING:
    from gateway.moving import Moved


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@config_option
@data_option
def export(folder: Path, config_path: str | None, data: str | None) -> None:
    """Write all that a stopped server keeps into a folder.

    `trunkline import` fills another store with it.
    """
    from gateway.moving import export as run  # noqa: PLC0415

    moved = asyncio.run(run(read_config(config_path, data=data), folder))
    click.echo(f"{folder}: {_words(moved)}")


@click.command("import")
@click.argument("folder", type=click.Path(path_type=Path))
@config_option
@data_option
def import_(folder: Path, config_path: str | None, data: str | None) -> None:
    """Fill an empty store with what export has written.

    The secret key must be the one of the server that it came from.
    """
    from gateway.moving import bring  # noqa: PLC0415

    moved = asyncio.run(bring(read_config(config_path, data=data), folder))
    click.echo(f"imported {_words(moved)}")


def _words(moved: Moved) -> str:
    rows = moved.rows
    words = f"{rows['sessions']} sessions, {rows['messages']} messages, {moved.files} files"
    return f"{words}; {moved.missing} files are not there" if moved.missing else words
