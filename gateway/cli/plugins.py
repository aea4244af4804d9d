"""``trunkline plugins``, ``trunkline hooks`` and ``trunkline keywords``."""

from __future__ import annotations

import inspect

import click
import msgspec
import orjson

from gateway.cli.options import config_option, json_option, read_config


@click.command()
@config_option
@click.option("--dev", is_flag=True, help="Judge the settings as serve --dev would.")
@json_option
def plugins(*, config_path: str | None, dev: bool, as_json: bool) -> None:
    """List the plugins that are installed: on, off or failed, and why."""
    from gateway.plugins import load_plugins  # noqa: PLC0415

    found = load_plugins(read_config(config_path, dev=dev)).plugins
    if as_json:
        click.echo(orjson.dumps({"plugins": msgspec.to_builtins(found)}))
        return
    for plugin in found:
        origin = f"{plugin.distribution} {plugin.version}".strip() or "local module"
        click.echo(f"{plugin.name:<16} {plugin.state:<7} {origin}")
        for label, values in (("channels", plugin.adapters), ("keywords", plugin.keywords)):
            if values:
                click.echo(f"    {label}: {', '.join(values)}")
        if plugin.reason:
            click.echo(f"    {plugin.reason}")


@click.command()
def hooks() -> None:
    """List the hooks that a plugin may implement."""
    from core import hookspecs  # noqa: PLC0415

    for name, function in inspect.getmembers(hookspecs, inspect.isfunction):
        if name.startswith("register_"):
            first = (inspect.getdoc(function) or "").splitlines()[0]
            click.echo(f"{name}({', '.join(inspect.signature(function).parameters)})\n    {first}")


@click.command()
@config_option
@json_option
def keywords(config_path: str | None, as_json: bool) -> None:
    """List the keywords that scripts may use.

    Those of the plugins that are on are among them.
    """
    from gateway.plugins import keyword_table, load_plugins  # noqa: PLC0415

    plugins = load_plugins(read_config(config_path, dev=True))
    found = sorted(keyword_table(plugins), key=lambda keyword: keyword.phrase)
    if as_json:
        fields = ("phrase", "forms", "effect", "result", "description")
        listed = [{field: getattr(keyword, field) for field in fields} for keyword in found]
        click.echo(orjson.dumps({"keywords": listed}))
        return
    for keyword in found:
        origin = " (plugin)" if keyword.phrase in plugins.keywords else ""
        for form in keyword.forms:
            click.echo(f"{keyword.phrase} {form}".replace(" ,", ",").strip() + origin)
        click.echo(f"    {keyword.description}")
