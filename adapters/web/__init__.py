"""The web channel: REST, WebSocket, server-sent events, the chat page and its widget."""

from __future__ import annotations

from collections.abc import Iterable

from adapters.web.adapter import WebAdapter
from trunkline import Adapter, hookimpl

trunkline_api = 1


@hookimpl
def register_adapters() -> Iterable[Adapter]:
    return [WebAdapter()]
