"""``Expect: 100-continue``: a client asks before it sends its body, and hears of a refusal instead.

Source: RFC 9110, 10.1.1.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from aiohttp import HttpVersion11, web

from core.errors import Refused
from gateway.http.errors import error_response, new_request_id


def expecting(max_bytes: int) -> Callable[[web.Request], Awaitable[web.StreamResponse | None]]:
    """For a route whose bodies have at most *max_bytes*: what it answers before the body comes."""

    async def handle(request: web.Request) -> web.StreamResponse | None:
        if request._version != HttpVersion11:
            return None  # 1.0 cannot expect anything, and others are refused
        if request.headers["Expect"].lower() != "100-continue":
            refused = Refused(417, "E_EXPECT", "The only expectation is 100-continue.")
        elif (request.content_length or 0) > max_bytes:
            refused = Refused(413, "E_BODY_TOO_LARGE", f"The body is larger than {max_bytes} bytes.")
        else:
            await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            request.writer.output_size = 0  # the answer proper has not begun
            return None
        return error_response(refused, new_request_id())

    return handle
