"""``trunkline doctor``."""

from __future__ import annotations

import sys

import click
import msgspec
import orjson

from gateway.cli.options import config_option, data_option, json_option

MARKS = {"ok": "ok  ", "warn": "warn", "fail": "FAIL"}


@click.command()
@config_option
@data_option
@click.option("--bots", metavar="DIR", help="Folder of bots.")
@click.option("--dev", is_flag=True, help="Judge the settings as serve --dev would.")
@json_option
def doctor(*, config_path: str | None, data: str | None, bots: str | None, dev: bool, as_json: bool) -> None:
    """Look for what keeps Trunkline from running well.

    Exit 1 if something does; every line says what to do.
    """
    from gateway import log  # noqa: PLC0415
    from gateway.doctor import examine  # noqa: PLC0415

    log.configure(level="critical")
    lines = examine(config_path, options={"data": data, "bots": bots}, dev=dev)
    failed = any(line.state == "fail" for line in lines)
    if as_json:
        click.echo(orjson.dumps({"ok": not failed, "checks": msgspec.to_builtins(lines)}))
    else:
        for line in lines:
            click.echo(f"{MARKS[line.state]}  {line.check}: {line.message}")
            if line.fix:
                click.echo(f"      fix: {line.fix}")
    sys.exit(1 if failed else 0)
