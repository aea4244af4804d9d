"""``trunkline test``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from gateway.cli.options import config_option, keywords_of, plugins_above


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--coverage", is_flag=True, help="Tell which lines of the scripts never ran.")
@config_option
def test(paths: tuple[Path, ...], coverage: bool, config_path: str | None) -> None:
    """Hold the written conversations under PATHS again.

    They are <bot>/tests/*.txt, and scripts that state their dialogue in comments.

    Exit 1 if one goes another way, 2 if there is none, 65 if a script does not compile.
    """
    from gateway.rehearsal.runner import run_tests  # noqa: PLC0415

    sys.exit(run_tests(paths, keywords_of(plugins_above(config_path)), coverage=coverage, say=click.echo))
