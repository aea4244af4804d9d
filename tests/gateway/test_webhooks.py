"""Webhooks: the raw bytes are verified first, and nothing is acknowledged before the commit."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.gateway.kit import Server, write_bot

SECRET = "only-for-these-tests"
CHANNEL = '''
import hashlib, hmac, json
import msgspec
from trunkline import Capabilities, HttpAnswer, Inbound, Parsed, Part, Refused, Route, Sent, hookimpl

trunkline_api = 1

class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    secret: str

class Pigeon:
    """Signed over the URL and the bytes; answers with what it saw."""
    name = "pigeon"
    capabilities = Capabilities(text=1000)
    settings = Settings
    def routes(self):
        return [Route(method="POST", path="/in", max_bytes=1000), Route(method="GET", path="/in")]
    async def verify(self, webhook, account):
        if webhook.headers.get("X-Trip") == "verify":
            raise KeyError("tripped")
        signed = webhook.url.encode() + webhook.body
        expected = hmac.new(account.settings.secret.encode(), signed, hashlib.sha256)
        if not hmac.compare_digest(expected.hexdigest(), webhook.headers.get("X-Signature", "")):
            raise Refused(403, "E_SIGNATURE", "The request is not signed.")
    def parse(self, webhook, account):
        if webhook.headers.get("X-Trip") == "parse":
            raise KeyError("tripped")
        note = json.loads(webhook.body or b"{}")
        seen = {"url": webhook.url, "query": dict(webhook.query), "remote": webhook.remote}
        who = {"channel": "pigeon", "account": account.name, "address": note.get("from", "")}
        events = [Inbound(external_id=each["id"], text=each["text"], **who) for each in note.get("notes", [])]
        kind = {"content_type": "application/json", "headers": {"X-Pigeon": "coo"}}
        answer = HttpAnswer(status=202, body=json.dumps(seen).encode(), **kind)
        return Parsed(events=tuple(events), answer=answer)
    def render(self, outbound, capabilities):
        return [Part(index=0, payload={"text": " ".join(outbound.texts)})]
    async def send(self, part, context):
        return Sent(provider_id="p")

@hookimpl
def register_adapters():
    return [Pigeon()]
'''
PUBLIC = "https://bot.example/behind"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("webhooks")
    write_bot(folder / "bots", "default", 'TALK "Hello"\nHEAR word\nTALK "You said ${word}"\n')
    (folder / "pigeon.py").write_text(CHANNEL)
    (folder / "plugins.yaml").write_text(
        f"""
public_url: {PUBLIC}/
trusted_proxies: [127.0.0.0/8]
plugins:
  web: {{}}
  pigeon:
    module: pigeon
    accounts: {{main: {{secret: "${{PIGEON}}"}}, gone: {{secret: "${{NO}}"}}}}
"""
    )
    with Server(folder, PIGEON=SECRET) as running:
        yield running


def post(
    server: Server, note: Any, path: str = "/channels/pigeon/main/in", **headers: str
) -> tuple[int, Any, Any]:
    body = note if isinstance(note, bytes) else json.dumps(note).encode()
    signature = hmac.new(SECRET.encode(), f"{PUBLIC}{path}".encode() + body, hashlib.sha256).hexdigest()
    return server.request("POST", path, body, **({"X_Signature": signature} | headers))


def notes(*texts: str, sender: str, prefix: str = "") -> dict[str, Any]:
    numbered = [{"id": f"{prefix}{number}", "text": text} for number, text in enumerate(texts)]
    return {"from": sender, "notes": numbered}


def session_of(server: Server) -> list[dict[str, Any]]:
    from tests.gateway.kit import run

    listed = run("sessions", "list", "--json", cwd=server.folder)
    return list(json.loads(listed.stdout)["sessions"])


def test_a_signed_webhook_is_answered_once_its_events_are_kept(server: Server) -> None:
    before = {session["session_id"] for session in session_of(server)}
    status, headers, _ = post(server, notes("hi", "there", sender="ana"))
    assert (status, headers["x-pigeon"]) == (202, "coo")
    (new,) = [session for session in session_of(server) if session["session_id"] not in before]
    assert (new["channel"], new["message_count"]) == ("pigeon", 2)


def test_a_repeated_webhook_changes_nothing(server: Server) -> None:
    assert post(server, notes("hi", sender="bea", prefix="r"))[0] == 202
    before = session_of(server)
    assert post(server, notes("hi", sender="bea", prefix="r"))[0] == 202
    assert session_of(server) == before


def test_the_url_is_the_public_one_with_the_path_as_it_was_sent(server: Server) -> None:
    path = "/channels/pigeon/main/in?a=%2B+%7e&b=caf%C3%A9&b=2"
    status, _, seen = post(
        server, notes(sender="x"), path, Host="evil.example", X_Forwarded_Host="evil.example"
    )
    assert (status, seen["url"]) == (202, PUBLIC + path)
    assert seen["query"]["a"] == "+ ~"


def test_the_caller_is_the_last_one_that_no_proxy_of_ours_is(server: Server) -> None:
    def remote(*forwarded: str) -> str:
        return str(post(server, notes(sender="x"), X_Forwarded_For=", ".join(forwarded))[2]["remote"])

    assert remote("6.6.6.6", "203.0.113.9", "127.0.0.2") == "203.0.113.9"
    assert remote("nonsense") == "127.0.0.1"


@pytest.mark.parametrize("headers", [{"X_Signature": ""}, {"X_Signature": "0" * 64}, {"X_Trip": "verify"}])
def test_what_is_not_proved_authentic_is_403_and_leaves_nothing(
    server: Server, headers: dict[str, str]
) -> None:
    before = session_of(server)
    status, _, body = post(server, notes("hi", sender="mallory"), **headers)
    assert (status, body["error"]["code"]) == (403, "E_SIGNATURE")
    assert "tripped" not in json.dumps(body)
    assert session_of(server) == before


def test_what_cannot_be_understood_is_422(server: Server) -> None:
    status, _, body = post(server, notes(sender="x"), X_Trip="parse")
    assert (status, body["error"]["code"]) == (422, "E_MALFORMED")


def test_a_body_over_the_routes_limit_is_413_before_it_is_verified(server: Server) -> None:
    status, _, body = post(server, b"x" * 1001)
    assert (status, body["error"]["code"]) == (413, "E_BODY_TOO_LARGE")


@pytest.mark.parametrize(
    "path", ["/channels/pigeon/nobody/in", "/channels/pigeon/gone/in", "/channels/pigeon/main/out"]
)
def test_an_account_that_is_not_on_is_404(server: Server, path: str) -> None:
    assert post(server, notes(sender="x"), path)[0] == 404


def test_readiness_names_the_account_that_is_off(server: Server) -> None:
    assert "gone is off: NO is not set" in server.request("GET", "/readyz")[2]["checks"]["channels"]["pigeon"]
    assert server.errors.count("NO is not set") == 1
