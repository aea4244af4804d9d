"""``trunkline check``."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

import click
import orjson

from core.messages import Capabilities
from gateway.cli.options import config_option, json_option, keywords_of, plugins_above


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@config_option
@click.option("--channels", is_flag=True, help="Warn about menus that a channel shows as numbered text.")
@json_option
def check(paths: tuple[Path, ...], config_path: str | None, channels: bool, as_json: bool) -> None:
    """Check every script under PATHS; exit 65 if one does not compile.

    With --json, "files" are the scripts and "settings" each config.csv that there is something to say of.

    Without --config, scripts may use the keywords of the plugins that the nearest plugins.yaml above them lists.
    """
    from gateway.bot_files import shown  # noqa: PLC0415
    from gateway.checking import check_paths  # noqa: PLC0415

    plugins = plugins_above(config_path)

    def capabilities(folder: Path) -> Mapping[str, Capabilities]:
        return {name: adapter.capabilities for name, adapter in plugins(folder).adapters.items() if channels}

    reports = check_paths(paths, keywords_of(plugins), capabilities)
    if as_json:
        scripts = [report.as_json() for report in reports if report.is_script]
        settings = [report.as_json() for report in reports if not report.is_script]
        click.echo(orjson.dumps({"files": scripts, "settings": settings}))
    else:
        for report in reports:
            for finding in report.findings:
                click.echo(finding.render(report.source, shown(report.path)))
        bad = sum(not report.ok for report in reports)
        count = sum(report.is_script for report in reports)
        checked = "1 script" if count == 1 else f"{count} scripts"
        click.echo(f"{checked}, {bad} with errors" if bad else f"{checked}, no errors")
    sys.exit(0 if all(report.ok for report in reports) else 65)
