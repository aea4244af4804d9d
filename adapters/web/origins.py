"""Which web pages may talk to a bot: exact origins, never patterns, never a reflection of what was sent.

An Origin is allowed if it is the server's own (scheme and Host of this very request), that of ``public_url``,
or listed in ``allowed-origins`` of the bot's config.csv.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlsplit

from aiohttp import web

from trunkline import Port, Refused

EXPOSED = "Retry-After"
PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, POST, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Last-Event-ID",
    "Access-Control-Max-Age": "600",
}


def origin_of(request: web.Request) -> str | None:
    """The request's Origin, or None without one. :raises Refused: 403, several of them."""
    values = request.headers.getall("Origin", [])
    if len(values) > 1:
        raise _foreign()
    return values[0] if values else None


def is_own(request: web.Request, port: Port, origin: str) -> bool:
    return origin == f"{request.scheme}://{request.host}" or origin == _origin(port.public_url)


def is_allowed_by(port: Port, bot: str, origin: str) -> bool:
    try:
        listed = port.bot(bot)["allowed_origins"]
    except Refused:  # a broken bot allows nobody, and costs no other bot its pages
        return False
    return origin in {_origin(entry) for entry in listed}


def is_allowed(request: web.Request, port: Port, origin: str) -> bool:
    """Whether some bot here allows *origin*: all that can be known before the bot is (preflight, ticket)."""
    if origin == "null" or not origin:
        return False
    return is_own(request, port, origin) or any(is_allowed_by(port, bot, origin) for bot in port.bot_names())


def require_origin(request: web.Request, port: Port) -> None:
    """:raises Refused: 403, a foreign page's. Without an Origin no page sent it; its token decides."""
    origin = origin_of(request)
    if origin is not None and not is_allowed(request, port, origin):
        raise _foreign()


def require_bot_origin(request: web.Request, port: Port, bot: str) -> None:
    """:raises Refused: 403, the page is allowed to talk to another bot here but not to this one."""
    origin = origin_of(request)
    if origin is not None and not (is_own(request, port, origin) or is_allowed_by(port, bot, origin)):
        raise _foreign()


def cors_headers(request: web.Request, port: Port) -> dict[str, str]:
    """Headers of every API answer, errors too: readable by allowed pages only, without credentials."""
    headers = {"Vary": "Origin"}
    origin = request.headers.get("Origin")
    if origin is not None and is_allowed(request, port, origin):
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = EXPOSED
    return headers


@lru_cache(maxsize=256)
def _origin(url: str) -> str:
    """``https://Shop.example/`` as a browser writes it in Origin: lower case, no default port, no path."""
    try:
        parts = urlsplit(url.strip().lower())
        port = parts.port
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return ""
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    is_default = port is None or (parts.scheme, port) in {("http", 80), ("https", 443)}
    return f"{parts.scheme}://{host}" + ("" if is_default else f":{port}")


def _foreign() -> Refused:
    hint = "List the page's origin in allowed-origins of the bot's config.csv."
    return Refused(403, "E_ORIGIN", "This page may not talk to this server.", field="Origin", hint=hint)
