"""An example plugin: the channel ``relay`` and the keywords MASK and ASK SERVICE."""

from collections.abc import Iterable, Mapping
from typing import Any

from trunkline import Adapter, Keyword, hookimpl
from trunkline_relay.channel import Relay
from trunkline_relay.keywords import keywords

trunkline_api = 1  # the version of Trunkline's face that this plugin was written for


@hookimpl
def register_adapters() -> Iterable[Adapter]:
    return [Relay()]


@hookimpl
def register_keywords(settings: Mapping[str, Any]) -> Iterable[Keyword]:
    return keywords(str(settings.get("service_url", "")))
