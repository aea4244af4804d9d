"""What every answer carries, whoever made it: an endpoint, a refusal, or the parser of requests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import web
from yarl import URL

COMMON_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'",
    "Cache-Control": "no-store",
    "Server": "trunkline",
}
_HSTS = "max-age=31536000"


def add_common_headers(public_url: str) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """For ``on_response_prepare``: what the answer does not set itself. HSTS only where TLS is promised."""
    common = dict(COMMON_HEADERS)
    if URL(public_url).scheme == "https":
        common["Strict-Transport-Security"] = _HSTS

    async def prepare(request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        for name, value in common.items():
            headers.setdefault(name, value)
        headers["Server"] = COMMON_HEADERS["Server"]

    return prepare
