"""Sessions, messages and tickets over plain HTTP (docs/reference/http.md)."""

from __future__ import annotations

import re

from aiohttp import web

from adapters.web.endpoints import answer, authenticated
from adapters.web.origins import origin_of, require_bot_origin
from adapters.web.views import views
from adapters.web.wire import (
    ChatAnswer,
    ChatInput,
    LogAnswer,
    SessionAnswer,
    SessionInput,
    SessionView,
    TicketAnswer,
    inbound,
)
from trunkline import Port, answer_headers, bearer_token, check_string, read_json, whole_number

CHAT_BODY = 640_000
MAX_SEQ = 2**53  # what every JSON reader holds exactly
_LOCALE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})?")


async def open_session(request: web.Request, port: Port) -> web.StreamResponse:
    """Start a session and run ``start.bas`` until it rests: 201."""
    wanted = await read_json(request, SessionInput, empty=True)
    require_bot_origin(request, port, port.bot(check_string(wanted.bot, field="bot"))["name"])
    token = None
    if wanted.identity is not None and "Authorization" in request.headers:
        token = bearer_token(request.headers)
    opened = await port.open_session(
        bot=wanted.bot,
        identity=wanted.identity,
        token=token,
        remote=request.remote or "",
        profile=_profile(request),
    )
    reply = opened.reply
    body = SessionAnswer(
        session_id=opened.session_id,
        token=opened.token,
        bot=opened.bot,
        created_at=opened.created_at,
        expires_at=opened.expires_at,
        messages=views(reply.messages),
        waiting=reply.waiting,
        pending=reply.pending,
        seq=reply.seq,
    )
    return answer(request, body, 201)


async def show_session(request: web.Request, port: Port) -> web.StreamResponse:
    described = await port.describe(await authenticated(request, port))
    return answer(request, SessionView(**{name: described[name] for name in SessionView.__struct_fields__}))


async def end_session(request: web.Request, port: Port) -> web.StreamResponse:
    await port.end_session(await authenticated(request, port))
    return web.Response(status=204, headers=answer_headers(request))


async def post_message(request: web.Request, port: Port) -> web.StreamResponse:
    """Hand in what the person wrote, tapped or sent; the answer comes when the run rests."""
    caller = await authenticated(request, port, submits=True)
    content = await read_json(request, ChatInput, max_bytes=CHAT_BODY)
    reply = await port.submit(inbound(content, caller), bot=caller.bot, caller=caller)
    messages = views(reply.messages)
    return answer(
        request, ChatAnswer(messages=messages, waiting=reply.waiting, pending=reply.pending, seq=reply.seq)
    )


async def read_log(request: web.Request, port: Port) -> web.StreamResponse:
    """The session's log, oldest first, from after a seq on."""
    caller = await authenticated(request, port)
    after = whole_number(request.query.get("after"), field="after", default=0, low=0, high=MAX_SEQ)
    limit = whole_number(request.query.get("limit"), field="limit", default=100, low=1, high=500)
    messages = await port.log(caller, after=after, limit=limit)
    return answer(request, LogAnswer(messages=views(messages), seq=messages[-1].seq if messages else after))


async def issue_ticket(request: web.Request, port: Port) -> web.StreamResponse:
    """A one-time ticket with which a WebSocket opens: browsers cannot set headers there."""
    caller = await authenticated(request, port)
    ticket, seconds = await port.issue_ticket(caller, origin=origin_of(request) or "")
    return answer(request, TicketAnswer(ticket=ticket, expires_in=seconds), 201)


def _profile(request: web.Request) -> dict[str, str]:
    found = _LOCALE.match(request.headers.get("Accept-Language", ""))
    return {"locale": found[0]} if found else {}
