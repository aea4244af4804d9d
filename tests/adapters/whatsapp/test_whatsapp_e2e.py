"""A signed webhook to a real server leads to a reply at Twilio: the whole way, in processes of their own."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import signal
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.adapters.serve_kit import Serve
from tests.adapters.whatsapp.whatsapp_kit import ACCOUNT_SID, PUBLIC, SPECS, TOKEN, US
from trunkline.testing.twilio import Answer, FakeTwilio, SentMessage

pytestmark = pytest.mark.asyncio(loop_scope="module")

INBOUND = f"{PUBLIC}/channels/whatsapp/main/inbound"
WELCOME = "*Welcome!*\n\nWhat is your name?"
HELLO = "Hello Ana, which size?"
PICTURE = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + bytes(60)
SCRIPTS = {
    "start.bas": """
TALK "**Welcome!**"
TALK "What is your name?"
HEAR name AS NAME
TALK "Hello " + name + ", which size?"
HEAR size AS "Small", "Medium", "Large"
TALK "You chose " + size
TALK "A photo, please."
HEAR photo AS IMAGE
WHILE photo.url IS NULL
  HEAR photo AS IMAGE WITH "Once more, please: " + photo.reason
WEND
there = FILTER(photo.all, url IS NOT NULL)
TALK "Thank you for " + UBOUND(there) + " " + photo.mime
TALK "![photo](" + photo.url + ")"
TALK "Bye"
""",
}


class Server(Serve):
    """A server with one WhatsApp account at a fake Twilio."""

    def __init__(self, folder: Path, twilio: FakeTwilio, scripts: Mapping[str, str] = SCRIPTS) -> None:
        self.twilio = twilio
        account = {
            "bot": "default", "account_sid": ACCOUNT_SID, "auth_token": TOKEN, "from": US, "timeout": 2,
            "api_base_url": twilio.url, "content_base_url": twilio.url, "reconcile_after": 0.2,
        }  # fmt: skip
        plugins = {"whatsapp": {"accounts": {"main": account}}}
        super().__init__(folder, {"public_url": PUBLIC, "plugins": plugins}, scripts)

    async def write(self, person: str, body: str, *, seed: object, **more: str) -> int:
        """A message's webhook; *seed* makes its MessageSid."""
        form = self.twilio.inbound(person, US, body, seed=f"{person}{seed}", **more)
        return await self.twilio.post(INBOUND, form, server=self.url)

    def said(self, person: str) -> list[str]:
        return [message.body for message in self.sent(person)]

    def sent(self, person: str) -> list[SentMessage]:
        return [message for message in self.twilio.sent if message.form["To"] == person]

    async def until(self, condition: Callable[[], Any]) -> None:
        """Wait for what the server does in its own time."""
        async with asyncio.timeout(20):
            while not condition():  # noqa: ASYNC110  (another process tells us nothing)
                await asyncio.sleep(0.02)

    async def hears(self, person: str, *said: str) -> None:
        """Wait until exactly *said* has been said to *person*."""
        await self.until(lambda: len(self.said(person)) >= len(said))
        assert self.said(person) == list(said)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared_twilio() -> AsyncIterator[FakeTwilio]:
    async with FakeTwilio(account_sid=ACCOUNT_SID, auth_token=TOKEN, specs=SPECS) as fake:
        yield fake
        assert fake.violations == []


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def server(
    tmp_path_factory: pytest.TempPathFactory, shared_twilio: FakeTwilio
) -> AsyncIterator[Server]:
    """One server for all that does not kill it; every test is another person."""
    server = Server(tmp_path_factory.mktemp("gateway"), shared_twilio)
    await server.start()
    yield server
    assert await server.kill(signal.SIGTERM) == 0


@pytest_asyncio.fixture(loop_scope="module")
async def mortal(tmp_path: Path) -> AsyncIterator[Server]:
    """A server of the test's own, to be killed, with a Twilio of its own; not started yet."""
    async with FakeTwilio(account_sid=ACCOUNT_SID, auth_token=TOKEN) as fake:
        server = Server(tmp_path, fake)
        yield server
        await server.kill()


_numbers = itertools.count(11_987_650_000)


@pytest.fixture
def person() -> str:
    return f"whatsapp:+55{next(_numbers)}"


async def test_a_conversation_with_buttons_a_file_in_and_a_file_out(server: Server, person: str) -> None:
    assert await server.write(person, "hi", seed=1) == 200
    await server.hears(person, WELCOME)
    assert [await server.write(person, "Ana", seed=2) for _ in range(3)] == [200, 200, 200]
    await server.hears(person, WELCOME, HELLO)
    tapped = _buttons(server.sent(person)[-1])["Medium"]
    button = {"MessageType": "button", "ButtonText": "Medium", "ButtonPayload": tapped}
    assert await server.write(person, "Medium", seed=3, **button) == 200
    await server.hears(person, WELCOME, HELLO, "You chose Medium\n\nA photo, please.")

    media = server.twilio.add_media(PICTURE, "image/png", stored=True)
    files = {"NumMedia": "1", "MediaUrl0": media, "MediaContentType0": "image/png"}
    assert await server.write(person, "", seed=4, MessageType="image", **files) == 200
    await server.until(lambda: "Bye" in server.said(person))
    thanks, bye = server.sent(person)[-2:]
    assert (thanks.body, bye.body, len(server.sent(person))) == ("Thank you for 1 image/png", "Bye", 5)
    assert await _download(server, thanks.media[0]) == PICTURE


def _buttons(message: SentMessage) -> dict[str, str]:
    """The payload of each button, by its title."""
    values = list(json.loads(message.form["ContentVariables"]).values())[1:]
    return dict(zip(values[::2], values[1::2], strict=True))


async def _download(server: Server, url: str) -> bytes:
    """What Twilio would fetch."""
    assert url.startswith(f"{PUBLIC}/files/")
    async with aiohttp.ClientSession() as session, session.get(url.replace(PUBLIC, server.url)) as answer:
        assert answer.status == 200
        return await answer.read()


async def test_ten_copies_of_a_webhook_at_once_make_one_turn(server: Server, person: str) -> None:
    for seed, said in [(1, [WELCOME]), (2, [WELCOME, HELLO])]:
        copies = [server.write(person, "Ana", seed=seed) for _ in range(10)]
        assert await asyncio.gather(*copies) == [200] * 10
        await server.hears(person, *said)


async def test_an_album_answers_one_question_without_the_file_that_is_gone(
    server: Server, person: str
) -> None:
    for seed, text in enumerate(["hi", "Ana", "Small"]):
        assert await server.write(person, text, seed=seed) == 200
    await server.until(lambda: len(server.said(person)) == 3)
    add = server.twilio.add_media
    gone, *there = [add(PICTURE, "image/png", missing=missing) for missing in (99, 0, 1)]
    await _send_picture(server, person, gone)
    await server.until(lambda: len(server.said(person)) == 4)
    assert server.said(person)[3] == "Once more, please: The provider does not have the file."
    for url in (gone, *there):
        await _send_picture(server, person, url, "album")
    await server.until(lambda: "Bye" in server.said(person))
    assert server.said(person)[4:] == ["Thank you for 2 image/png", "Bye"]


async def _send_picture(server: Server, person: str, url: str, seed: str = "") -> None:
    files = {"NumMedia": "1", "MediaUrl0": url, "MediaContentType0": "image/png"}
    assert await server.write(person, "", seed=f"{url}{seed}", MessageType="image", **files) == 200


async def test_over_the_limit_a_person_is_told_once_and_twilio_gets_its_ok(
    server: Server, person: str
) -> None:
    assert await server.write(person, "hi", seed=0) == 200
    writes = [server.write(person, f"{number}", seed=number) for number in range(1, 71)]
    assert await asyncio.gather(*writes) == [200] * 70
    assert await server.write(person, "and again", seed=99) == 200
    await server.until(lambda: any("writing faster" in text for text in server.said(person)))
    assert sum("writing faster" in text for text in server.said(person)) == 1


async def test_command_words_are_taken_before_the_question(server: Server, person: str) -> None:
    for seed, text in enumerate(["hi", "/help", "/restart", "Ana"]):
        assert await server.write(person, text, seed=seed) == 200
    await server.until(lambda: HELLO in server.said(person))
    first, helped, restarted, hello = server.said(person)
    assert (first, restarted, hello) == (WELCOME, WELCOME, HELLO)
    assert "/restart" in helped


async def test_a_late_tap_on_an_answered_question_changes_nothing(server: Server, person: str) -> None:
    for seed, text in enumerate(["hi", "Ana"]):
        assert await server.write(person, text, seed=seed) == 200
    await server.hears(person, WELCOME, HELLO)
    tapped = _buttons(server.sent(person)[-1])
    for seed, title in enumerate(["Small", "Large"], 3):
        button = {"MessageType": "button", "ButtonText": title, "ButtonPayload": tapped[title]}
        assert await server.write(person, title, seed=seed, **button) == 200
    await server.until(lambda: len(server.said(person)) > 2)
    assert "You chose Small\n\nA photo, please." in server.said(person)
    assert not any("Large" in text for text in server.said(person))


async def test_a_forged_webhook_is_refused_and_leads_to_nothing(server: Server, person: str) -> None:
    form = server.twilio.inbound(person, US, "hi", seed=person)
    post = server.twilio.post
    assert await post(INBOUND, form, server=server.url, signature="AAAA") == 403
    assert await post(INBOUND, {**form, "AccountSid": "AC" + "6" * 32}, server=server.url) == 403
    assert await post(INBOUND.replace("main", "other"), form, server=server.url) == 404
    assert await server.write(person, "hi", seed=2) == 200
    await server.hears(person, WELCOME)


async def test_a_sender_without_a_number_is_answered_by_the_opaque_id(server: Server) -> None:
    person = "whatsapp:CO.1047385771169864"
    assert await server.write(person, "hi", seed=1) == 200
    await server.hears(person, WELCOME)


@pytest.mark.parametrize(
    ("body", "more", "status"),
    [
        ("", {}, 200),
        ("x" * 65_536, {}, 200),
        ("🙂", {}, 200),
        ("a\x00b", {}, 200),
        ("x", {"MessageSid": "SM1"}, 422),
        ("x", {"NumMedia": "11"}, 422),
        ("x", {"NumMedia": "1"}, 422),
        ("x", {"NumMedia": "1", "MediaUrl0": "http://169.254.169.254/"}, 200),
        ("x", {"MessageType": "reaction"}, 200),
    ],
)
async def test_odd_messages_are_answered_as_promised_and_the_next_one_is_heard(
    server: Server, person: str, body: str, more: dict[str, str], status: int
) -> None:
    assert await server.write(person, body, seed=1, **more) == status
    assert await server.write(person, "hi", seed=2) == 200
    await server.until(lambda: WELCOME in server.said(person))


async def test_a_lost_answer_is_settled_by_the_status_callback(server: Server, person: str) -> None:
    server.twilio.plan(Answer(cut=True))
    assert await server.write(person, "hi", seed=1) == 200
    await server.hears(person, WELCOME)
    assert await server.twilio.report(server.sent(person)[0], "delivered", server=server.url) == 200
    assert await server.write(person, "Ana", seed=2) == 200
    await server.hears(person, WELCOME, HELLO)


async def test_a_twilio_in_trouble_gets_each_message_once_it_is_well(server: Server, person: str) -> None:
    before = server.twilio.attempts
    server.twilio.plan(Answer(status=500), Answer(status=429, retry_after=0.1), Answer(status=503))
    assert await server.write(person, "hi", seed=1) == 200
    await server.hears(person, WELCOME)
    assert server.twilio.attempts == before + 4


async def test_outside_the_window_a_message_waits_until_the_person_writes(
    server: Server, person: str
) -> None:
    server.twilio.plan(Answer(status=400, code=63016))
    assert await server.write(person, "hi", seed=1) == 200
    await server.until(lambda: not server.twilio.planned)
    assert server.said(person) == []
    assert await server.write(person, "Ana", seed=2) == 200
    await server.hears(person, WELCOME, HELLO)


async def test_stop_silences_the_bot_until_start(server: Server, person: str) -> None:
    assert await server.write(person, "hi", seed=1) == 200
    await server.hears(person, WELCOME)
    for seed, text in enumerate(["STOP", "Ana", "Medium"], 2):
        assert await server.write(person, text, seed=seed) == 200
    assert await server.write(person, "START", seed=5) == 200
    assert await server.write(person, "no photo", seed=6) == 200
    await server.until(lambda: len(server.said(person)) > 1)
    # What was said in between was for nobody: it is not delivered late.
    assert not any("Ana" in text or "Medium" in text for text in server.said(person))


async def test_killed_at_each_point_everything_is_said_once(mortal: Server) -> None:
    points = [
        "in.before_insert", "in.after_commit_before_200", "out.claimed", "out.before_send",
        "out.after_send_before_mark", "out.marked",
    ]  # fmt: skip
    people = {point: f"whatsapp:+5521{number:07d}" for number, point in enumerate(points)}
    for point, person in people.items():
        await mortal.start(fail=f"{point}:kill@1")
        with contextlib.suppress(aiohttp.ClientError):
            await mortal.write(person, "hi", seed=1)
        await mortal.ended()
    await mortal.start()
    for person in people.values():  # Twilio tries again
        assert await mortal.write(person, "hi", seed=1) == 200
    for person in people.values():
        await mortal.until(lambda person=person: mortal.said(person))
        assert await mortal.write(person, "Ana", seed=2) == 200
    for person in people.values():
        await mortal.hears(person, WELCOME, HELLO)


async def test_killed_while_a_question_waits_in_a_loop_the_next_webhook_goes_on_there(tmp_path: Path) -> None:
    loop = 'FOR i = 1 TO 3\nHEAR word\nlist = list + word + " "\nTALK i + ": " + list\nNEXT\nTALK "done"\n'
    person = "whatsapp:+5511900000002"
    async with FakeTwilio(account_sid=ACCOUNT_SID, auth_token=TOKEN) as twilio:
        server = Server(tmp_path, twilio, {"start.bas": 'TALK "go"\nlist = ""\n' + loop})
        said = ["go", "1: a", "2: a b", "3: a b c\n\ndone"]
        for seed, text in enumerate(["hi", "a", "b", "c"]):
            await server.start()
            assert await server.write(person, text, seed=seed) == 200
            await server.hears(person, *said[: seed + 1])
            assert await server.kill() == -signal.SIGKILL


async def test_an_operator_sends_a_dead_message_again_or_drops_it(mortal: Server) -> None:
    people = ["whatsapp:+5511900000003", "whatsapp:+5511900000004"]
    mortal.twilio.plan(*[Answer(status=400, code=21211, message="not a number")] * 2)
    await mortal.start()
    for person in people:
        assert await mortal.write(person, "hi", seed=1) == 200
    await mortal.until(lambda: not mortal.twilio.planned)
    dead: list[dict[str, Any]] = []
    async with asyncio.timeout(20):
        while len(dead) < 4:  # two TALKs each, refused as one message
            dead = json.loads(await mortal.cli("outbox", "list", "--json", "--state", "dead"))["outbox"]
    assert {row["error"] for row in dead} == {"400 21211 Unable to create record: not a number"}
    again, dropped = {row["session_id"]: row["id"] for row in dead}.values()
    assert await mortal.cli("outbox", "retry", again) == f"{again}: ready\n"
    await mortal.until(lambda: mortal.twilio.sent)
    assert [message.body for message in mortal.twilio.sent] == [WELCOME]

    await mortal.kill()  # the command also works on the folder of a server that does not run
    assert await mortal.cli("outbox", "retry", dropped) == f"{dropped}: ready\n"
    assert await mortal.cli("outbox", "drop", dropped) == f"{dropped}: dead\n"
    assert "dropped by an operator" in await mortal.cli("outbox", "list")
    assert "no outbox row nothing" in await mortal.cli("outbox", "retry", "nothing", code=1)
    await mortal.start()
    for person in people:
        assert await mortal.write(person, "Ana", seed=2) == 200
    await mortal.until(lambda: len(mortal.twilio.sent) == 3)
    assert sorted(message.body for message in mortal.twilio.sent) == [WELCOME, HELLO, HELLO]


async def test_reports_may_come_before_the_answer_and_in_any_order(mortal: Server) -> None:
    person = "whatsapp:+5511900000005"
    mortal.twilio.plan(Answer(late=True))
    await mortal.start()
    assert await mortal.write(person, "hi", seed=1) == 200
    await mortal.until(lambda: mortal.said(person))
    (message,) = mortal.sent(person)
    for state in ["read", "sent", "queued", "delivered", "read"]:
        assert await mortal.twilio.report(message, state, server=mortal.url) == 200
    mortal.twilio.answer_late()
    assert await mortal.write(person, "Ana", seed=2) == 200
    await mortal.hears(person, WELCOME, HELLO)
    (first, *_) = json.loads(await mortal.cli("outbox", "list", "--json", "--state", "sent"))["outbox"]
    assert (first["delivery"], first["attempts"]) == ("read", 1)


async def test_a_send_that_is_never_answered_is_looked_up_and_then_said_once(mortal: Server) -> None:
    person = "whatsapp:+5511900000006"
    mortal.twilio.plan(Answer(hang=True))
    await mortal.start()
    assert await mortal.write(person, "hi", seed=1) == 200
    await mortal.hears(person, WELCOME)
    assert (mortal.twilio.attempts, mortal.twilio.listings >= 2) == (2, True)


async def test_messages_written_while_the_server_was_away_are_answered_at_the_start(mortal: Server) -> None:
    person = "whatsapp:+5511900000001"
    mortal.twilio.wrote(person, US, "hi", f"{person}1")
    await mortal.start()
    await mortal.hears(person, WELCOME)
    assert await mortal.write(person, "hi", seed=1) == 200
    assert await mortal.write(person, "Ana", seed=2) == 200
    await mortal.hears(person, WELCOME, HELLO)
