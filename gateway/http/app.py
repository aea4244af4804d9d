"""The application: the adapters' routes, the health end points, and what is common to every answer."""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Middleware

from core.adapter import Adapter, Port
from core.errors import ConfigError
from gateway.config import Config, Network
from gateway.health import Health
from gateway.http import files
from gateway.http.errors import Handler, answer_errors
from gateway.http.expectations import expecting
from gateway.http.headers import add_common_headers
from gateway.http.webhooks import BaseUrl, webhook_handler
from gateway.metrics import Metrics
from gateway.plugins import Plugins


def build_app(
    config: Config, plugins: Plugins, port: Port, *, health: Health, metrics: Metrics, base_url: BaseUrl
) -> web.Application:
    """Every route of every adapter that is on.

    :param base_url: where the world reaches this server: ``public_url``, else the address it listens on.
    :raises ConfigError: two adapters want one route.
    """
    middlewares: list[Middleware] = [metrics.observe, answer_errors]
    if config.trusted_proxies:
        middlewares.insert(0, _real_remote(config.trusted_proxies))
    app = web.Application(middlewares=middlewares)
    app.router.add_get("/healthz", health.alive, allow_head=True)
    app.router.add_get("/readyz", health.ready, allow_head=True)
    app.router.add_get(files.PATH, files.download(port), allow_head=True)
    for adapter in plugins.adapters.values():
        own = {
            name: account for (channel, name), account in plugins.accounts.items() if channel == adapter.name
        }
        for route in adapter.routes():
            if route.handle is None:
                path = f"/channels/{adapter.name}/{{account}}{route.path}"
                handler = webhook_handler(adapter, route, own, port, base_url)
            else:
                path, handler = route.path, _endpoint(route.handle, port)
            try:
                app.router.add_route(route.method, path, handler, expect_handler=expecting(route.max_bytes))
            except (ValueError, RuntimeError) as error:
                raise ConfigError(f"adapter {adapter.name}: route {route.method} {path}: {error}") from None
    app.on_response_prepare.append(add_common_headers(config.public_url))
    return app


def first_segments(adapters: Iterable[Adapter]) -> set[str]:
    """First path segments of fixed routes: a bot of such a name could not be reached."""
    paths = (route.path for adapter in adapters for route in adapter.routes() if route.handle is not None)
    heads = {path.strip("/").split("/", 1)[0] for path in paths}
    return {head for head in heads if head and "{" not in head}


def _endpoint(handle: Callable[[Any, Port], Awaitable[Any]], port: Port) -> Handler:
    async def endpoint(request: web.Request) -> web.StreamResponse:
        try:
            response: web.StreamResponse = await handle(request, port)
        except SystemExit as end:
            raise RuntimeError("the endpoint tried to end the program") from end
        return response

    return endpoint


def _real_remote(proxies: tuple[Network, ...]) -> Middleware:
    """The caller's address behind proxies that we trust: the last hop in X-Forwarded-For that is none."""

    def trusted(text: str) -> bool:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return False
        return any(address in network for network in proxies)

    @web.middleware
    async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.remote and trusted(request.remote):
            hops = [
                hop.strip()
                for value in request.headers.getall("X-Forwarded-For", [])
                for hop in value.split(",")
            ]
            caller = next((hop for hop in reversed(hops) if not trusted(hop)), None)
            if caller is not None and _is_address(caller):
                request = request.clone(remote=caller)
        return await handler(request)

    return middleware


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
