"""The command group: our commands, then those of plugins; our errors become one line and an exit code."""

from __future__ import annotations

import importlib
import keyword
import sys
from importlib import metadata
from typing import Any

import click

from core.errors import PLUGIN_ERRORS, TrunklineError

_COMMANDS = {
    "serve": "gateway.cli.serve",
    "run": "gateway.cli.run",
    "check": "gateway.cli.check",
    "test": "gateway.cli.test",
    "new": "gateway.cli.new",
    "plugins": "gateway.cli.plugins",
    "hooks": "gateway.cli.plugins",
    "keywords": "gateway.cli.plugins",
    "sessions": "gateway.cli.sessions",
    "outbox": "gateway.cli.outbox",
    "doctor": "gateway.cli.doctor",
    "migrate": "gateway.cli.migrate",
    "export": "gateway.cli.moving",
    "import": "gateway.cli.moving",
}


class _Commands(click.Group):
    """Loads a command's module when the command is wanted, and plugins when none of ours is."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        self._load_plugins()
        return sorted({*_COMMANDS, *super().list_commands(ctx)})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name in _COMMANDS:
            attribute = f"{name}_" if keyword.iskeyword(name) else name
            command: click.Command = getattr(importlib.import_module(_COMMANDS[name]), attribute)
            return command
        self._load_plugins()
        return super().get_command(ctx, name)

    def _load_plugins(self) -> None:
        """A plugin's command cannot replace one of ours. Wrong settings are left to whoever needs them."""
        if self.commands:
            return
        from gateway.config import load  # noqa: PLC0415
        from gateway.plugins import in_words, load_plugins  # noqa: PLC0415

        try:
            plugins = load_plugins(load(dev=True))
        except TrunklineError:
            return
        for register in plugins.commands:
            try:
                register(self)
            except PLUGIN_ERRORS as error:
                click.echo(f"Warning: the commands of a plugin are missing: {in_words(error)}", err=True)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().main(*args, **kwargs)
        except TrunklineError as error:
            click.echo(f"Error: {error.message}", err=True)
            if error.hint:
                click.echo(f"  hint: {error.hint}", err=True)
            sys.exit(error.exit_code)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(1)


def _version() -> str:
    try:
        return metadata.version("trunkline")
    except metadata.PackageNotFoundError:
        return "unknown"


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(_version(), prog_name="trunkline")
def main() -> None:
    """Write a conversation once, in BASIC; hold it on the web and in WhatsApp."""
