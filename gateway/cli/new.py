"""``trunkline new bot | adapter | keyword``."""

from __future__ import annotations

from pathlib import Path

import click

from gateway.scaffold import make


@click.group()
def new() -> None:
    """Make the files of something new."""


@new.command()
@click.argument("name")
@click.option("--dir", "folder", default="bots", show_default=True, type=click.Path(path_type=Path))
def bot(name: str, folder: Path) -> None:
    """A bot: its script and settings, ready to run."""
    _show(make("bot", name, folder / name))
    click.echo(f"\nTalk to it:   trunkline run {folder / name}")
    click.echo(f"Test it:   trunkline test {folder / name}")
    click.echo(f"Put it on the web:   trunkline serve --dev --bots {folder}")


@new.command()
@click.argument("name")
@click.option("--dir", "folder", default=".", show_default=True, type=click.Path(path_type=Path))
def adapter(name: str, folder: Path) -> None:
    """A channel adapter: an installable package with its contract test."""
    _show(make("adapter", name, folder / f"trunkline-{name}"))
    click.echo(f"\nInstall it:   pip install -e {folder / f'trunkline-{name}'}")
    click.echo(
        f"Switch it on in plugins.yaml:   plugins: {{web: {{}}, {name}: {{accounts: {{main: {{…}}}}}}}}"
    )


@new.command()
@click.argument("name")
@click.option("--dir", "folder", default=".", show_default=True, type=click.Path(path_type=Path))
def keyword(name: str, folder: Path) -> None:
    """A keyword for scripts: an installable package with its test."""
    _show(make("keyword", name, folder / f"trunkline-{name}"))
    click.echo(f"\nInstall it:   pip install -e {folder / f'trunkline-{name}'}")
    click.echo(f"Switch it on in plugins.yaml:   plugins: {{web: {{}}, {name}: {{}}}}")


def _show(paths: list[Path]) -> None:
    for path in paths:
        click.echo(path)
