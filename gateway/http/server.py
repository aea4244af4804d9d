"""The HTTP server around the application: limits on connections and headers; malformed requests as JSON.

aiohttp's defaults would keep a silent or trickling connection open for an hour (keepalive_timeout 3630):
here a request's header must be complete, and the next request begin, within ``IDLE_SECONDS``. Bodies have a
clock of their own (``core.http_input.read_body``).
"""

from __future__ import annotations

import logging
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import LineTooLong

from core.errors import Refused
from gateway.http.errors import error_response, new_request_id
from gateway.http.headers import COMMON_HEADERS

IDLE_SECONDS = 10.0
TARGET_BYTES = 8000  # of a request's target: what RFC 9110, 4.1 asks of every server
FIELD_BYTES = 8190
HEADER_FIELDS = 100
SHUTDOWN_SECONDS = 2.0  # for answers under way when the engine has drained
LINGER_SECONDS = 2.0  # a refused body is read and thrown away for so long, so that its sender sees the answer

log = logging.getLogger(__name__)


class _Connection(web.RequestHandler):
    """One client's connection."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """A request that could not be parsed, or a failure outside the application."""
        if request.writer.output_size > 0:
            raise ConnectionResetError
        if status >= 500:
            log.error("connection_failed", exc_info=exc)
            refused = Refused(500, "E_INTERNAL", "Something went wrong on our side.")
        elif isinstance(exc, LineTooLong):
            refused = _too_long(exc)
        else:
            refused = Refused(status, "E_HTTP", "This is not a valid HTTP request.")
        response = error_response(refused, new_request_id())
        response.headers.update(COMMON_HEADERS)
        response.force_close()
        return response


def _too_long(error: LineTooLong) -> Refused:
    _, limit, _ = error.args  # the only trace of what was read: that is why the two limits differ
    if limit == TARGET_BYTES:
        return Refused(414, "E_URL_TOO_LONG", f"The address is longer than {TARGET_BYTES} bytes.")
    return Refused(431, "E_HEADER_TOO_LARGE", f"A header line is longer than {FIELD_BYTES} bytes.")


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Connection(self, loop=self._loop, **self._kwargs)


class Runner(web.AppRunner):
    """Runs an application with our limits."""

    def __init__(self, app: web.Application, *, idle_seconds: float = IDLE_SECONDS) -> None:
        super().__init__(
            app,
            handle_signals=False,
            access_log=None,
            shutdown_timeout=SHUTDOWN_SECONDS,
            keepalive_timeout=idle_seconds,
            lingering_time=LINGER_SECONDS,
            max_line_size=TARGET_BYTES,
            max_field_size=FIELD_BYTES,
            max_headers=HEADER_FIELDS,
            auto_decompress=False,  # read_body decompresses, counting
        )

    async def turn_away(self) -> None:
        """Listen no more, and close every connection once its present request is answered.

        A connection that is kept alive would otherwise go on bringing requests for as long as the drain takes.
        """
        for site in list(self.sites):
            await site.stop()
        if self.server is not None:
            self.server.pre_shutdown()

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        kwargs: dict[str, Any] = dict(made._kwargs)
        return _Server(made.request_handler, request_factory=made.request_factory, loop=made._loop, **kwargs)
