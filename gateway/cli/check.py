"""``trunkline check``."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import click
import orjson

from gateway.cli.options import config_option, json_option, read_config
from interpreter.keywords import KeywordTable


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@config_option
@json_option
def check(paths: tuple[Path, ...], config_path: str | None, as_json: bool) -> None:
    """Check every script under PATHS; exit 65 if one does not compile.

    Without --config, scripts may use the keywords of the plugins that the nearest plugins.yaml above them lists.
    """
    from gateway.checking import check_paths  # noqa: PLC0415

    @cache
    def keywords(settings: str | None) -> KeywordTable:
        from gateway.plugins import keyword_table, load_plugins  # noqa: PLC0415

        plugins = load_plugins(read_config(settings))
        for plugin in plugins.failed():
            click.echo(f"plugin {plugin.name} failed: {plugin.reason}", err=True)
        return keyword_table(plugins)

    reports = check_paths(paths, lambda folder: keywords(config_path or _settings_above(folder)))
    if as_json:
        click.echo(orjson.dumps({"files": [report.as_json() for report in reports]}))
    else:
        for report in reports:
            for finding in report.findings:
                click.echo(finding.render(report.source, str(report.path)))
        bad = sum(not report.ok for report in reports)
        click.echo(
            f"{len(reports)} scripts, {bad} with errors" if bad else f"{len(reports)} scripts, no errors"
        )
    sys.exit(0 if all(report.ok for report in reports) else 65)


def _settings_above(folder: Path) -> str | None:
    found = (parent / "plugins.yaml" for parent in (folder, *folder.absolute().parents))
    return next((str(path) for path in found if path.is_file()), None)
