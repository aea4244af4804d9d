"""Errors as HTTP: one JSON shape, ``{"error": {"code", "message", "field", "request_id"}}``; no traceback."""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable

import orjson
from aiohttp import ClientPayloadError, HttpVersion10, HttpVersion11, web
from aiohttp.http_exceptions import HttpProcessingError

from core.errors import Refused, StoreCorrupt, StoreUnavailable
from core.http_input import answer_headers, error_object
from core.randomness import random_bytes

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

STORE_RETRY_SECONDS = 2.0
_WORDS = {404: "E_NOT_FOUND", 405: "E_METHOD", 413: "E_BODY_TOO_LARGE", 408: "E_BODY_TIMEOUT"}
_BODY_ERRORS = (HttpProcessingError, web.RequestPayloadError, ClientPayloadError)

log = logging.getLogger(__name__)


def new_request_id() -> str:
    return random_bytes(8).hex()


def error_response(refused: Refused, request_id: str) -> web.Response:
    """*refused* as the answer to a request."""
    headers = {"X-Request-Id": request_id}
    if refused.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if refused.retry_after > 0:
        headers["Retry-After"] = str(math.ceil(refused.retry_after))
    body = orjson.dumps(error_object(refused, request_id))
    return web.Response(status=refused.status, body=body, content_type="application/json", headers=headers)


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Name the request, and turn whatever its handler raises into the one JSON shape."""
    request_id = new_request_id()
    try:
        _refuse_other_versions(request)
        _refuse_other_codings(request)
        response = await handler(request)
    except Refused as refused:
        refusal = refused
    except (StoreUnavailable, StoreCorrupt) as error:
        log.warning("store_unavailable", extra={"request_id": request_id, "reason": error.message})
        message = "The store cannot answer now; try again."
        refusal = Refused(503, "E_STORE", message, retry_after=STORE_RETRY_SECONDS)
    except web.HTTPException as error:
        if error.status < 400:
            raise
        refusal = _of_http(error)
    except _BODY_ERRORS:
        refusal = Refused(400, "E_BODY", "The body was cut off or is malformed.")
    except ConnectionError:
        raise
    except Exception:
        route = getattr(request.match_info.route.resource, "canonical", "")
        log.exception("request_failed", extra={"request_id": request_id, "route": route})
        refusal = Refused(500, "E_INTERNAL", "Something went wrong on our side.")
    else:
        if not response.prepared:
            response.headers["X-Request-Id"] = request_id
        return response
    if request.writer.output_size > 0:  # an answer has begun; it can only be cut off
        log.warning("answer_cut_off", extra={"request_id": request_id, "code": refusal.code})
        if request.transport is not None:
            request.transport.abort()
        raise ConnectionResetError
    refused_with = _with_allow(request, error_response(refusal, request_id))
    # What an endpoint has decided for all its answers (CORS) holds for refusals as well.
    refused_with.headers.update(answer_headers(request))
    return refused_with


def _refuse_other_versions(request: web.Request) -> None:
    """Nobody reads 0.9, and 2 has another framing. The answer's status line repeats ``_version``."""
    version = request._version  # not `version`, which remembers what it once said
    if version < HttpVersion10:
        request._version = HttpVersion10
    elif version.major > 1:
        request._version = HttpVersion11
    else:
        return
    raise Refused(400, "E_HTTP", "Use HTTP/1.1.")


def _refuse_other_codings(request: web.Request) -> None:
    """The parser takes any coding that ends in chunked and HTTP/1.0 never had one: a proxy may read them otherwise.

    Source: RFC 9112, 6.1.
    """
    codings = request.headers.getall("Transfer-Encoding", None)
    if codings is None:
        return
    is_chunked = len(codings) == 1 and codings[0].strip().lower() == "chunked"
    if not is_chunked or request._version < HttpVersion11:
        raise Refused(400, "E_HTTP", "The only transfer coding is chunked, in HTTP/1.1.")


def _of_http(error: web.HTTPException) -> Refused:
    """aiohttp's own refusals (no route, wrong method, too large) by our words."""
    word = _WORDS.get(error.status, "E_HTTP")
    message = {
        404: "There is nothing at this address.",
        405: "This address does not know that method.",
        413: "The body is too large.",
    }.get(error.status, error.reason)
    return Refused(error.status, word, message)


def _with_allow(request: web.Request, response: web.Response) -> web.Response:
    """RFC 9110 15.5.6: a 405 names the methods that would do."""
    failure = request.match_info.http_exception
    if response.status == 405 and isinstance(failure, web.HTTPMethodNotAllowed):
        response.headers["Allow"] = ", ".join(sorted(failure.allowed_methods))
    return response
