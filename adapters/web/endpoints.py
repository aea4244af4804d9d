"""What all API endpoints have in common: headers, Origin, no tokens in URLs, JSON out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from aiohttp import web

from adapters.web.origins import PREFLIGHT, cors_headers, require_bot_origin, require_origin
from trunkline import Caller, Port, answer_headers, bearer_token, refuse_token_in_url

Handler = Callable[[web.Request, Port], Awaitable[web.StreamResponse]]

_encode = msgspec.json.Encoder().encode


def endpoint(handle: Handler, *, changes: bool = False) -> Handler:
    """*handle* as an API endpoint.

    :param changes: it changes state (or opens a socket): a foreign page is refused before anything else.
    """

    async def guarded(request: web.Request, port: Port) -> web.StreamResponse:
        # The gateway copies these onto error answers as well.
        answer_headers(request).update({"Cache-Control": "no-store", **cors_headers(request, port)})
        if changes:
            require_origin(request, port)
        refuse_token_in_url(request.query)
        return await handle(request, port)

    return guarded


async def authenticated(request: web.Request, port: Port, *, submits: bool = False) -> Caller:
    """Who calls. :raises Refused: 401 without a valid token, 403 from a page that this bot does not allow.

    :param submits: what comes next is ``port.submit``, whose commit looks at the token again.
    """
    token = bearer_token(request.headers)
    caller = await port.authenticate(token, remote=request.remote or "", submits=submits)
    require_bot_origin(request, port, caller.bot)
    return caller


async def preflight(request: web.Request, port: Port) -> web.StreamResponse:
    """A browser asks whether a page may call. :raises Refused: 403, it may not."""
    require_origin(request, port)
    return web.Response(status=204, headers={**PREFLIGHT, **answer_headers(request)})


def answer(request: web.Request, body: Any, status: int = 200) -> web.Response:
    """*body*, a struct or a mapping, as JSON."""
    return web.Response(
        status=status,
        body=_encode(body),
        content_type="application/json",
        headers=answer_headers(request),
    )
