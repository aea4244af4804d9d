"""``trunkline serve``."""

from __future__ import annotations

import os

import click

from gateway.cli.options import config_option, data_option, read_config


@click.command()
@config_option
@data_option
@click.option("--bots", metavar="DIR", help="Folder of bots.")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=click.IntRange(0, 65_535), help="Port to listen on; 0: any free one.")
@click.option(
    "--workers",
    type=click.IntRange(1, 256),
    default=1,
    help="Server processes on the port; more than one needs PostgreSQL.",
)
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
    from gateway.ending import exit_with  # noqa: PLC0415
    from gateway.serve import serve as run  # noqa: PLC0415
    from gateway.workers.supervisor import supervise  # noqa: PLC0415

    config = read_config(config_path, dev=dev, data=data, bots=bots, server__host=host, server__port=port)
    log.configure(dev=dev, level=os.environ.get("TRUNKLINE_LOG", ""))
    exit_with(run(config, strict=strict) if workers == 1 else supervise(config, workers, strict=strict))
