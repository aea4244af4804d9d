"""``trunkline new bot | adapter | keyword``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from gateway.scaffold import make


def _into(default: str) -> Callable[[Any], Any]:
    kind = click.Path(path_type=Path)
    text = "Folder in which to make it."
    return click.option("--dir", "folder", default=default, show_default=True, type=kind, help=text)


@click.group()
def new() -> None:
    """Make the files of something new."""


@new.command()
@click.argument("name")
@_into("bots")
def bot(name: str, folder: Path) -> None:
    """A bot: its script and settings, ready to run."""
    _show(make("bot", name, folder / name))
    click.echo(f"\nTalk to it:         trunkline run {folder / name}")
    click.echo(f"Test it:            trunkline test {folder / name}")
    click.echo(
        f"Put it on the web:  trunkline serve --dev --bots {folder}, then http://127.0.0.1:8080/{name}"
    )


@new.command()
@click.argument("name")
@_into(".")
def adapter(name: str, folder: Path) -> None:
    """A channel adapter: an installable package with its contract test."""
    _show(make("adapter", name, folder / f"trunkline-{name}"))
    _say_how(folder / f"trunkline-{name}", f"{name}: {{accounts: {{main: {{…}}}}}}")


@new.command()
@click.argument("name")
@_into(".")
def keyword(name: str, folder: Path) -> None:
    """A keyword for scripts: an installable package with its test."""
    _show(make("keyword", name, folder / f"trunkline-{name}"))
    _say_how(folder / f"trunkline-{name}", f"{name}: {{}}")


def _say_how(package: Path, settings: str) -> None:
    click.echo(f"\nInstall it:                    pip install -e {package}")
    click.echo(f"Switch it on in plugins.yaml:  plugins: {{web: {{}}, {settings}}}")


def _show(paths: list[Path]) -> None:
    for path in paths:
        click.echo(path)
