"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from gateway.config import Config, load

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
