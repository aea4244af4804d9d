"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gateway.config import Config, load

if TYPE_CHECKING:
    from gateway.plugins import Plugins
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


def plugins_above(config_path: str | None) -> Callable[[Path], Plugins]:
    """The plugins that a folder's scripts may use: those that *config_path*, or else the nearest plugins.yaml
    above the folder, lists. Nobody is served, so plain http will do, as with ``serve --dev``.
    """

    @cache
    def plugins(settings: str | None) -> Plugins:
        from gateway.plugins import load_plugins  # noqa: PLC0415

        found = load_plugins(read_config(settings, dev=True))
        for plugin in found.failed():
            click.echo(f"plugin {plugin.name} failed: {plugin.reason}", err=True)
        return found

    return lambda folder: plugins(config_path or _settings_above(folder))


def keywords_of(plugins: Callable[[Path], Plugins]) -> Callable[[Path], KeywordTable]:
    """The keywords that a folder's scripts may use."""
    from gateway.plugins import keyword_table  # noqa: PLC0415

    return lambda folder: keyword_table(plugins(folder))


def _settings_above(folder: Path) -> str | None:
    found = (parent / "plugins.yaml" for parent in (folder, *folder.absolute().parents))
    return next((str(path) for path in found if path.is_file()), None)
