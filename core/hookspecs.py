"""The hooks through which plugins register what they provide. All are synchronous and run once, at start-up.

A hook implementation names only the arguments it wants. There are no per-message hooks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import click
import pluggy

from core.adapter import Adapter
from interpreter.keywords import Keyword

API_VERSION = 1  # of the face; a plugin declares ``trunkline_api = 1``

hookspec = pluggy.HookspecMarker("trunkline")
hookimpl = pluggy.HookimplMarker("trunkline")


@hookspec
def register_adapters(settings: Mapping[str, Any]) -> Iterable[Adapter]:  # type: ignore[empty-body]
    """Return the channel adapters that this plugin provides.

    Called once per plugin at start-up, before the event loop runs: do no I/O here.

    :param settings: the plugin's own mapping in ``plugins.yaml``; ``{}`` if it has none.
    :returns: adapters whose names no other plugin uses.
    :raises ConfigError: a setting is missing or malformed; the gateway does not start.
    """


@hookspec
def register_keywords(settings: Mapping[str, Any]) -> Iterable[Keyword]:  # type: ignore[empty-body]
    """Return BASIC keywords that scripts may use while this plugin is on.

    Called once per plugin at start-up, before scripts are compiled: do no I/O here.

    :param settings: the plugin's own mapping in ``plugins.yaml``.
    :returns: keywords whose phrases no other plugin uses.
    :raises ConfigError: a setting is missing or malformed.
    """


@hookspec
def register_stores(settings: Mapping[str, Any]) -> Mapping[str, Callable[..., Any]]:  # type: ignore[empty-body]
    """Return store factories by URL scheme.

    Called once per plugin at start-up, before the store is opened: do no I/O here.

    :returns: ``{"scheme": factory}``; ``factory(url, secret_key=bytes)`` returns a ``core.store.Store``.
    """


@hookspec
def register_validators(settings: Mapping[str, Any]) -> Mapping[str, Callable[..., Any]]:  # type: ignore[empty-body]
    """Return HEAR AS types: ``{"TYPE": validate}``; ``validate(answer, settings) -> value`` raises ValueError(text).

    Called once per plugin at start-up, before scripts are compiled. The function must be pure.
    """


@hookspec
def register_transcribers(settings: Mapping[str, Any]) -> Mapping[str, Callable[..., Any]]:  # type: ignore[empty-body]
    """Return speech-to-text services by name: ``async transcribe(body, mime, language) -> text``.

    Called once per plugin at start-up.
    """


@hookspec
def register_commands(group: click.Group) -> None:
    """Add commands to the ``trunkline`` command line: ``group.add_command(...)``.

    Called once per plugin when the command line starts. Add commands only; do no I/O here.
    """
