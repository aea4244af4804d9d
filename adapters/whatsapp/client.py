"""The twilio library's asynchronous client with our time-outs, and what its errors mean for a delivery.

The library's own HTTP client never times out, and hides the headers of an answer; ours does neither.
"""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from typing import Any
from urllib.parse import urlencode

import aiohttp

from adapters.whatsapp.settings import AccountSettings
from trunkline import Permanent, Retry, SendResult, Unknown, WindowClosed

MAX_ANSWER = 4 * 1024 * 1024
WINDOW = 63016  # outside the 24 hours after the person's last message
RATE = {20429, 63018, 21611, 14107}  # too many requests, sender's rate, sender's queue is full
RETRY_CAP = 3600.0


class Throttled(Exception):
    """429: Twilio names the seconds in Retry-After, or not (0)."""

    def __init__(self, after: float) -> None:
        super().__init__(f"429, Retry-After {after:g}")
        self.after = after


@cache
def library() -> tuple[Any, Any]:
    """The library's Client class and our subclass of its asynchronous HTTP client. Slow the first time."""
    from twilio.http.async_http_client import AsyncTwilioHttpClient  # noqa: PLC0415
    from twilio.http.response import Response  # noqa: PLC0415
    from twilio.rest import Client  # noqa: PLC0415

    class HttpClient(AsyncTwilioHttpClient):  # type: ignore[misc]
        """Must be created within the event loop."""

        def __init__(self, timeout: float) -> None:
            super().__init__()
            self.limits = aiohttp.ClientTimeout(total=timeout, sock_connect=min(5.0, timeout))

        async def request(
            self,
            method: str,
            url: str,
            params: dict[str, object] | None = None,
            data: dict[str, object] | None = None,
            headers: dict[str, str] | None = None,
            auth: tuple[str, str] | None = None,
            timeout: float | None = None,  # noqa: ASYNC109
            allow_redirects: bool = False,
        ) -> Any:
            headers = dict(headers or {})
            as_json = headers.get("Content-Type") == "application/json"
            async with self.session.request(
                method.upper(),
                url,
                params=params,
                data=json.dumps(data) if as_json else urlencode(data, doseq=True) if data else None,
                headers={**headers, **_authorization(auth)},
                timeout=self.limits,
                allow_redirects=False,
            ) as answer:
                body = await answer.content.read(MAX_ANSWER)
                while chunk := await answer.content.read(MAX_ANSWER):
                    body += chunk
                    if len(body) > MAX_ANSWER:
                        raise aiohttp.ClientPayloadError("the answer is too large")
                if answer.status == 429:
                    raise Throttled(retry_after(answer.headers.get("Retry-After", "")))
                return Response(answer.status, body.decode("utf-8", "replace"), answer.headers)

    return Client, HttpClient


async def connect(settings: AccountSettings) -> Any:
    """A client for one account; close it with ``await client.http_client.close()``."""
    client_class, http_class = await asyncio.to_thread(library)
    user, password = settings.credentials
    client = client_class(
        user,
        password,
        settings.account_sid,
        http_client=http_class(settings.timeout),
        environment={"TWILIO_EDGE": ""},  # the process's environment must not move our requests elsewhere
    )
    client.api.base_url = settings.api_base_url.rstrip("/")
    client.content.base_url = settings.content_base_url.rstrip("/")
    return client


def classify(error: BaseException) -> SendResult:
    """What an exception of a create call says about the message."""
    match error:
        case Throttled(after=after):
            return Retry(after=after, reason="429 too many requests")
        case aiohttp.ConnectionTimeoutError() | aiohttp.ClientConnectorError():
            return Retry(reason=f"no connection: {error}")
        case aiohttp.InvalidURL():
            return Permanent(reason=f"the URL is invalid: {error}")
        case TimeoutError():
            return Unknown(reason="no answer in time")
        case aiohttp.ClientError() | OSError():
            return Unknown(reason=f"the connection broke: {type(error).__name__}")
    status, code = getattr(error, "status", None), getattr(error, "code", None) or 0
    if status is None:
        return Unknown(reason=f"the answer was not understood: {type(error).__name__}")
    text = getattr(error, "msg", "") or getattr(error, "title", "")
    reason = f"{status} {code or ''} {text}".replace("  ", " ")[:300]
    if code == WINDOW:
        return WindowClosed(reason="window")
    if status >= 500 or status == 408 or code in RATE:
        return Unknown(reason=reason) if status == 504 else Retry(reason=reason)
    return Permanent(reason=reason)


def retry_after(value: str) -> float:
    """Seconds of a Retry-After header, a number or a date; 0 if it has none that we can use."""
    try:
        seconds = float(value)
    except ValueError:
        try:
            seconds = (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
        except (ValueError, TypeError):
            return 0.0
    return min(seconds, RETRY_CAP) if 0 < seconds < float("inf") else 0.0


def _authorization(auth: tuple[str, str] | None) -> dict[str, str]:
    return {"Authorization": basic(*auth)} if auth else {}


def basic(user: str, password: str) -> str:
    """The value of an Authorization header."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()
