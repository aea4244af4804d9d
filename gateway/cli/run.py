"""``trunkline run``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gateway.cli.options import config_option, data_option, read_config


@click.command()
@click.argument("script", type=click.Path(exists=True, dir_okay=True, path_type=Path))
@click.option(
    "--session", "person", metavar="NAME", help="Keep the session under this name and go on with it."
)
@config_option
@data_option
def run(script: Path, person: str | None, config_path: str | None, data: str | None) -> None:
    """Talk to SCRIPT in the terminal.

    Every line of standard input answers a HEAR. SCRIPT is a .bas file or a bot's folder.
    """
    from gateway.talk import talk  # noqa: PLC0415

    sys.exit(talk(read_config(config_path, dev=True, data=data), script, person))
