"""A Twilio that answers on loopback, and a signer of its webhooks: for tests of channels that use Twilio.

    async with FakeTwilio(account_sid=SID, auth_token=TOKEN) as twilio:
        ...  # point api_base_url and content_base_url at twilio.url
        twilio.plan(Answer(status=429, retry_after=2))
        ...
        assert twilio.messages[0].form["Body"] == "Hello"

With ``specs`` (a folder that holds Twilio's published ``twilio_api_v2010.json`` and
``twilio_content_v1.json``) every request is checked against them: see ``twilio.violations``.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

import aiohttp
from aiohttp import web

API = "/2010-04-01/Accounts/{account}"
SPECS = ("twilio_api_v2010.json", "twilio_content_v1.json")


def sign(token: str, url: str, form: Mapping[str, Any] | None = None, algorithm: str | None = None) -> str:
    """The X-Twilio-Signature of a webhook to the public *url*, by the twilio library's own validator."""
    from twilio.request_validator import RequestValidator  # noqa: PLC0415  (large)

    return str(RequestValidator(token).compute_signature(url, form or {}, algorithm))


def sid(kind: str, seed: object) -> str:
    """A well-formed SID (``SM…``, ``MM…``, ``ME…``, ``HX…``), the same for the same seed."""
    return kind + hashlib.md5(f"{kind}{seed}".encode(), usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Answer:
    """How the next message is answered, instead of being accepted.

    :param status: of a refusal; 0: as below.
    :param code: Twilio's error code in the refusal's body.
    :param retry_after: seconds in the Retry-After header; None: no header.
    :param hang: accept nothing and never answer.
    :param cut: accept the message, then close the connection without an answer.
    :param late: accept the message, and answer when the test says ``answer_late()``.
    """

    status: int = 0
    code: int = 20001
    message: str = "refused"
    retry_after: float | None = None
    hang: bool = False
    cut: bool = False
    late: bool = False


@dataclass(slots=True)
class SentMessage:
    """A message that was accepted, or (``direction`` ``inbound``) that a person wrote."""

    sid: str
    form: dict[str, str]
    body: str
    media: list[str]
    created: datetime
    direction: str = "outbound-api"

    @property
    def callback(self) -> str:
        return self.form.get("StatusCallback", "")


@dataclass(slots=True)
class MediaFile:
    """A file behind a MediaUrl. ``missing``: so many requests are answered 404 first."""

    body: bytes
    mime: str
    missing: int = 0
    redirect: str = ""
    requests: list[str | None] = field(default_factory=list)  # the Authorization of each request


class FakeTwilio:
    """The REST interface of one account: messages, their media, and Content resources."""

    def __init__(self, *, account_sid: str, auth_token: str, specs: Path | None = None) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.url = ""
        self.messages: list[SentMessage] = []
        self.contents: dict[str, dict[str, Any]] = {}
        self.media: dict[str, MediaFile] = {}
        self.attempts = 0
        self.listings = 0
        self.violations: list[str] = []
        self.content_status = 201
        self._plan: deque[Answer] = deque()
        self._specs = specs
        self._arrived = asyncio.Event()
        self._release = asyncio.Event()
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        if self._specs is not None:
            for name in SPECS:
                await asyncio.to_thread(_checker, self._specs / name)
        application = web.Application(client_max_size=1_000_000)
        api = API.format(account="{account}")
        application.add_routes(
            [
                web.post(f"{api}/Messages.json", self._create_message),
                web.get(f"{api}/Messages.json", self._list_messages),
                web.get(f"{api}/Messages/{{message}}/Media.json", self._list_media),
                web.get(f"{api}/Messages/{{message}}/Media/{{media}}", self._get_media),
                web.get("/stored/{media}", self._get_stored),
                web.post("/v1/Content", self._create_content),
            ]
        )
        self._runner = web.AppRunner(application, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._release.set()
        if self._runner is not None:
            await self._runner.cleanup()

    # --- what a test does ---

    def plan(self, *answers: Answer) -> None:
        """The next messages are answered so, one each; afterwards they are accepted again."""
        self._plan.extend(answers)

    def answer_late(self) -> None:
        """Answer what waits for it."""
        self._release.set()

    async def wait_for(self, count: int, *, within: float = 10) -> Sequence[SentMessage]:
        """The messages that left, as soon as there are *count* of them.

        :raises TimeoutError: there are not so many.
        """
        async with asyncio.timeout(within):
            while len(self.sent) < count:
                self._arrived.clear()
                await self._arrived.wait()
        return self.sent

    async def wait_for_attempts(self, count: int, *, within: float = 10) -> None:
        """Wait until so many creations have been tried, accepted or not."""
        async with asyncio.timeout(within):
            while self.attempts < count:
                self._arrived.clear()
                await self._arrived.wait()

    async def wait_for_listings(self, count: int, *, within: float = 10) -> None:
        """Wait until the list of messages has been asked for so many times."""
        async with asyncio.timeout(within):
            while self.listings < count:
                self._arrived.clear()
                await self._arrived.wait()

    @property
    def planned(self) -> int:
        """Answers that are planned and not given yet."""
        return len(self._plan)

    @property
    def authorization(self) -> str:
        """The Authorization header of the account's own requests."""
        return "Basic " + base64.b64encode(f"{self.account_sid}:{self.auth_token}".encode()).decode()

    @property
    def sent(self) -> list[SentMessage]:
        return [message for message in self.messages if message.direction != "inbound"]

    def add_media(self, body: bytes, mime: str, *, missing: int = 0, stored: bool = False) -> str:
        """A file that a person sends; returns its MediaUrl. ``stored``: it redirects to another path."""
        place = len(self.media)
        media = sid("ME", place)
        redirect = f"{self.url}/stored/{media}" if stored else ""
        self.media[media] = MediaFile(body, mime, missing, redirect)
        return f"{self.url}{API.format(account=self.account_sid)}/Messages/{sid('MM', place)}/Media/{media}"

    def wrote(self, person: str, us: str, body: str, seed: object, *media: str) -> str:
        """A person's message that is only in the list: its webhook was missed. Returns its SID.

        :param media: from :meth:`add_media`.
        """
        form = {"From": person, "To": us}
        message = SentMessage(sid("SM", seed), form, body, list(media), datetime.now(UTC), "inbound")
        self.messages.append(message)
        return message.sid

    async def report(self, message: SentMessage, state: str, *, error: int = 0, server: str = "") -> int:
        """Post a signed status callback; returns the HTTP status of the answer.

        :param server: where the gateway listens, if that is not its public URL.
        """
        form = {
            "MessageSid": message.sid, "SmsSid": message.sid, "MessageStatus": state, "SmsStatus": state,
            "AccountSid": self.account_sid, "From": message.form["From"], "To": message.form["To"],
            "ApiVersion": "2010-04-01", **({"ErrorCode": str(error)} if error else {}),
        }  # fmt: skip
        return await self.post(message.callback, form, server=server)

    async def post(
        self, url: str, form: Mapping[str, str], *, server: str = "", signature: str | None = None
    ) -> int:
        """Post a webhook to the public *url*, signed; returns the HTTP status of the answer."""
        headers = {
            "X-Twilio-Signature": sign(self.auth_token, url, form) if signature is None else signature,
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8",
        }
        target = server + re.sub(r"^https?://[^/]+", "", url) if server else url
        async with (
            aiohttp.ClientSession() as session,
            session.post(target, data=urlencode(form).encode(), headers=headers) as answer,
        ):
            await answer.read()
            return answer.status

    def inbound(self, person: str, us: str, body: str = "", *, seed: object, **more: str) -> dict[str, str]:
        """The parameters of a message webhook. Source: twilio.com/docs/messaging/guides/webhook-request."""
        message = sid("SM", seed)
        return {
            "MessageSid": message, "SmsSid": message, "SmsMessageSid": message,
            "AccountSid": self.account_sid, "From": person, "To": us, "Body": body, "NumMedia": "0",
            "NumSegments": "1", "SmsStatus": "received", "ApiVersion": "2010-04-01", "ProfileName": "Ana",
            "WaId": person.removeprefix("whatsapp:+"), "MessageType": "text", **more,
        }  # fmt: skip

    # --- the interface ---

    async def _create_message(self, request: web.Request) -> web.StreamResponse:
        self._check("twilio_api_v2010.json", request, await request.read())
        self.attempts += 1
        self._arrived.set()
        if not self._authorised(request):
            return _error(401, 20003, "Authenticate")
        pairs = parse_qsl((await request.read()).decode(), keep_blank_values=True)
        form, media = dict(pairs), [value for name, value in pairs if name == "MediaUrl"]
        answer = self._plan.popleft() if self._plan else Answer()
        if answer.hang:
            await self._release.wait()
        if answer.status:
            return _error(answer.status, answer.code, answer.message, answer.retry_after)
        if not form.get("To") or not (form.get("From") or form.get("MessagingServiceSid")):
            return _error(400, 21604, "'To' and a sender are required.")
        if len(form.get("Body", "")) > 1600:
            return _error(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
        if "ContentSid" in form and form["ContentSid"] not in self.contents:
            return _error(400, 21655, "The ContentSid is invalid.")
        if not (form.get("Body") or media or form.get("ContentSid")):
            return _error(400, 21619, "A text message body, media or content is required.")
        try:
            body = self._rendered(form)
        except ValueError as error:
            return _error(400, 21656, str(error))
        kind = "MM" if media else "SM"
        message = SentMessage(sid(kind, f"out{len(self.messages)}"), form, body, media, datetime.now(UTC))
        self.messages.append(message)
        self._arrived.set()
        if answer.cut:
            assert request.transport is not None
            request.transport.close()
        if answer.late:
            await self._release.wait()
        return web.json_response(self._resource(message), status=201)

    def _rendered(self, form: Mapping[str, str]) -> str:
        """The text as the person sees it. :raises ValueError: Twilio refuses a variable (error 21656)."""
        if "ContentSid" not in form:
            return form.get("Body", "")
        variables = json.loads(form.get("ContentVariables", "{}"))
        body = next(iter(self.contents[form["ContentSid"]]["types"].values()))["body"]
        for name in re.findall(r"{{(\w+)}}", body):
            if not variables.get(name) or re.search(r"[\n\t]| {5}", variables[name]):
                raise ValueError(f"The ContentVariables Parameter is invalid: {name}")
        return re.sub(r"{{(\w+)}}", lambda found: str(variables[found[1]]), body)

    async def _list_messages(self, request: web.Request) -> web.StreamResponse:
        self._check("twilio_api_v2010.json", request, b"")
        self.listings += 1
        self._arrived.set()
        if not self._authorised(request):
            return _error(401, 20003, "Authenticate")
        found = [
            self._resource(message)
            for message in reversed(self.messages)
            if all(request.query.get(name) in {None, message.form.get(name)} for name in ("To", "From"))
        ]
        size, page = int(request.query.get("PageSize", 50)), int(request.query.get("Page", 0))
        shown = found[page * size : (page + 1) * size]
        filters = {name: value for name, value in request.query.items() if name not in {"Page", "PageToken"}}
        base = f"{API.format(account=self.account_sid)}/Messages.json?{urlencode(filters)}"
        following = f"{base}&Page={page + 1}&PageToken=PA{page}" if len(found) > (page + 1) * size else None
        return web.json_response(
            {
                "messages": shown, "page": page, "page_size": size, "start": page * size,
                "end": page * size + len(shown), "uri": f"{base}&Page={page}",
                "first_page_uri": f"{base}&Page=0",
                "next_page_uri": following, "previous_page_uri": None,
            }
        )  # fmt: skip

    def _resource(self, message: SentMessage) -> dict[str, Any]:
        uri = f"{API.format(account=self.account_sid)}/Messages/{message.sid}"
        when = format_datetime(message.created)
        return {
            "account_sid": self.account_sid, "api_version": "2010-04-01", "body": message.body,
            "date_created": when, "date_sent": when, "date_updated": when, "direction": message.direction,
            "error_code": None, "error_message": None, "from": message.form.get("From"),
            "messaging_service_sid": message.form.get("MessagingServiceSid"),
            "num_media": str(len(message.media)), "num_segments": "1", "price": None, "price_unit": None,
            "sid": message.sid, "status": "received" if message.direction == "inbound" else "queued",
            "subresource_uris": {"media": f"{uri}/Media.json"}, "to": message.form["To"],
            "uri": f"{uri}.json",
        }  # fmt: skip

    async def _list_media(self, request: web.Request) -> web.StreamResponse:
        if not self._authorised(request):
            return _error(401, 20003, "Authenticate")
        message = next(each for each in self.messages if each.sid == request.match_info["message"])
        files = [self._media_resource(message, url) for url in message.media]
        return web.json_response({"media_list": files, "page": 0, "page_size": 50, "next_page_uri": None})

    def _media_resource(self, message: SentMessage, url: str) -> dict[str, Any]:
        media = url.rpartition("/")[2]
        return {
            "sid": media,
            "account_sid": self.account_sid,
            "parent_sid": message.sid,
            "content_type": self.media[media].mime,
            "uri": f"{url.removeprefix(self.url)}.json",
        }

    async def _get_media(self, request: web.Request) -> web.StreamResponse:
        file = self.media.get(request.match_info["media"])
        if file is None:
            return _error(404, 20404, "not found")
        file.requests.append(request.headers.get("Authorization"))
        if not self._authorised(request):
            return _error(401, 20003, "Authenticate")
        if len(file.requests) <= file.missing:
            return _error(404, 20404, "not found yet")
        if file.redirect:
            return web.Response(status=307, headers={"Location": file.redirect})
        return web.Response(body=file.body, content_type=file.mime)

    async def _get_stored(self, request: web.Request) -> web.StreamResponse:
        file = self.media[request.match_info["media"]]
        file.requests.append(request.headers.get("Authorization"))
        return web.Response(body=file.body, content_type=file.mime)

    async def _create_content(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        self._check("twilio_content_v1.json", request, body)
        if not self._authorised(request):
            return _error(401, 20003, "Authenticate")
        if self.content_status != 201:
            return _error(self.content_status, 20001, "refused")
        content = {"sid": sid("HX", len(self.contents)), "account_sid": self.account_sid, **json.loads(body)}
        self.contents[content["sid"]] = content
        return web.json_response(content, status=201)

    def _authorised(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == self.authorization

    def _check(self, spec: str, request: web.Request, body: bytes) -> None:
        """Record what *request* does that Twilio's description does not allow."""
        if self._specs is None:
            return
        from openapi_core.testing import MockRequest  # noqa: PLC0415  (only tests have it)

        host = "https://content.twilio.com" if "content" in spec else "https://api.twilio.com"
        mocked = MockRequest(
            host,
            request.method.lower(),
            request.path,
            args=dict(request.query),
            headers=dict(request.headers),
            data=body or None,
            content_type=request.content_type,
        )
        try:
            _checker(self._specs / spec).validate_request(mocked)
        except Exception as error:
            causes = [each.message for each in getattr(error.__cause__, "schema_errors", [])]
            self.violations.append(f"{request.method} {request.path}: {error} {causes}")


@cache
def _checker(spec: Path) -> Any:
    """Checks requests against a published description; takes a second to load."""
    from openapi_core import Config, OpenAPI  # noqa: PLC0415  (only tests have it)

    return OpenAPI.from_dict(
        json.loads(spec.read_text(encoding="utf-8")), config=Config(spec_validator_cls=None)
    )


def _error(status: int, code: int, message: str, retry_after: float | None = None) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    body = {
        "code": code,
        "message": message,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    return web.json_response(body, status=status, headers=headers)
