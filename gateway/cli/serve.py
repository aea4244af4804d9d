"""``trunkline serve``."""

from __future__ import annotations

import os
import sys
import threading

import click

from core.errors import ConfigError
from gateway.cli.options import config_option, data_option, read_config

EXIT_SECONDS = 3.0


@click.command()
@config_option
@data_option
@click.option("--bots", metavar="DIR", help="Folder of bots.")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on; 0: any free one.")
@click.option("--workers", type=click.IntRange(1), default=1, help="Server processes: 1.")
@click.option(
    "--dev", is_flag=True, help="Reload bots when their files change; errors on the page; plain http."
)
@click.option("--strict", is_flag=True, help="Do not start if a script does not compile (exit 65).")
def serve(
    *,
    config_path: str | None,
    data: str | None,
    bots: str | None,
    host: str | None,
    port: int | None,
    workers: int,
    dev: bool,
    strict: bool,
) -> None:
    """Serve the bots on every channel that is on."""
    from gateway import log  # noqa: PLC0415
    from gateway.serve import serve as run  # noqa: PLC0415

    config = read_config(config_path, dev=dev, data=data, bots=bots, server__host=host, server__port=port)
    if workers > 1:
        hint = "leave --workers out; on PostgreSQL, start as many servers as you like"
        raise ConfigError("--workers: a server is one process", hint=hint)
    log.configure(dev=dev, level=os.environ.get("TRUNKLINE_LOG", ""))
    code = run(config, strict=strict)
    _end_anyway(code)
    sys.exit(code)


def _end_anyway(code: int) -> None:
    """A thread that a plugin has left running must not keep the process of a server that has stopped."""
    timer = threading.Timer(EXIT_SECONDS, os._exit, (code,))
    timer.daemon = True
    timer.start()
