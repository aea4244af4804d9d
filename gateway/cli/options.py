"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import click

from gateway.config import Config, load
from interpreter.keywords import KeywordTable

Command = Callable[..., Any]


def config_option(command: Command) -> Command:
    return click.option(
        "--config",
        "config_path",
        metavar="FILE",
        help="Settings file (default: plugins.yaml, if there is one).",
    )(command)


def data_option(command: Command) -> Command:
    return click.option("--data", metavar="DIR", help="Data folder: database, files, secret key.")(command)


def json_option(command: Command) -> Command:
    return click.option("--json", "as_json", is_flag=True, help="Print JSON.")(command)


def read_config(config_path: str | None, *, dev: bool = False, **options: Any) -> Config:
    """:param options: settings by dotted name, with ``__`` for the dot; None: not given."""
    return load(
        config_path, options={name.replace("__", "."): value for name, value in options.items()}, dev=dev
    )


def keywords_above(config_path: str | None) -> Callable[[Path], KeywordTable]:
    """The keywords that the scripts of a folder may use: those of the plugins that *config_path*, or else the
    nearest plugins.yaml above the folder, lists.
    """

    @cache
    def keywords(settings: str | None) -> KeywordTable:
        from gateway.plugins import keyword_table, load_plugins  # noqa: PLC0415

        plugins = load_plugins(read_config(settings))
        for plugin in plugins.failed():
            click.echo(f"plugin {plugin.name} failed: {plugin.reason}", err=True)
        return keyword_table(plugins)

    return lambda folder: keywords(config_path or _settings_above(folder))


def _settings_above(folder: Path) -> str | None:
    found = (parent / "plugins.yaml" for parent in (folder, *folder.absolute().parents))
    return next((str(path) for path in found if path.is_file()), None)
