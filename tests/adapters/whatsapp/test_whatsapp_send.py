"""Sending, reconciling, fetching and catching up, against a Twilio on loopback."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import aiohttp
import pytest

from adapters.whatsapp import WhatsApp
from adapters.whatsapp.client import retry_after
from tests.adapters.whatsapp.whatsapp_kit import PERSON, PUBLIC, US, MemoryCache, make_account
from trunkline import (
    Account,
    Attachment,
    Inbound,
    Part,
    Permanent,
    Refused,
    Reply,
    Retry,
    SendContext,
    Sent,
    Unknown,
    WindowClosed,
)
from trunkline.testing.twilio import Answer, FakeTwilio, sid

MENU = {"kind": "quick-reply", "options": [{"id": "7:1", "title": "Yes"}, {"id": "7:2", "title": "No"}]}


def _part(index: int = 0, **payload: object) -> Part:
    return Part(index=index, payload={"to": PERSON, **payload})


async def test_a_message_leaves_with_our_row_and_part_in_its_callback(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext
) -> None:
    result = await whatsapp.send(_part(2, body="Hello\n🙂"), context)
    (message,) = twilio.messages
    assert result == Sent(provider_id=message.sid)
    assert message.form == {
        "To": PERSON,
        "From": US,
        "Body": "Hello\n🙂",
        "StatusCallback": f"{PUBLIC}/channels/whatsapp/main/status?o=o1.2",
    }


async def test_what_is_sent_is_what_twilio_publishes(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext
) -> None:
    await whatsapp.send(_part(body="text"), context)
    await whatsapp.send(_part(body="caption", media="https://bot.example/a.png"), context)
    await whatsapp.send(_part(body="Which?", menu=MENU), context)
    await whatsapp.send(_part(body="Which?", menu={**MENU, "kind": "list-picker"}), context)
    await whatsapp.reconcile(_part(body="text"), context, datetime.now(UTC))
    assert len(twilio.sent) == 4
    assert twilio.violations == []


async def test_the_check_against_the_descriptions_can_fail(twilio: FakeTwilio) -> None:
    url = f"{twilio.url}/2010-04-01/Accounts/{twilio.account_sid}/Messages.json"
    headers = {"Authorization": twilio.authorization}
    async with (
        aiohttp.ClientSession() as session,
        session.post(url, data={"From": US}, headers=headers) as answer,
    ):
        assert answer.status == 400
    assert "'To' is a required property" in twilio.violations.pop()


async def test_a_files_text_is_its_caption(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext
) -> None:
    await whatsapp.send(_part(body="Look", media="https://bot.example/a.png"), context)
    assert (twilio.messages[0].body, twilio.messages[0].media) == ("Look", ["https://bot.example/a.png"])


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        (Answer(status=429, retry_after=7), Retry(after=7.0, reason="429 too many requests")),
        (Answer(status=429), Retry(after=0, reason="429 too many requests")),
        (Answer(status=429, retry_after=float("inf")), Retry(after=0, reason="429 too many requests")),
        (Answer(status=500), Retry),
        (Answer(status=503, code=20503), Retry),
        (Answer(status=400, code=63018), Retry),
        (Answer(status=400, code=21211), Permanent),
        (Answer(status=401, code=20003), Permanent),
        (Answer(status=400, code=63016), WindowClosed(reason="window")),
        (Answer(hang=True), Unknown),
        (Answer(cut=True), Unknown),
        (Answer(status=504), Unknown),
    ],
)
async def test_every_answer_has_its_class(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext, answer: Answer, result: object
) -> None:
    twilio.plan(answer)
    got = await whatsapp.send(_part(body="hi"), context)
    assert isinstance(got, result) if isinstance(result, type) else got == result


@pytest.mark.parametrize(
    "value", ["", "soon", "-1", "nan", "inf", "Sun, 06 Nov 1994 08:49:37 GMT", "Sun, 06 Nov"]
)
def test_a_retry_after_that_says_nothing_is_our_own_back_off(value: str) -> None:
    assert retry_after(value) == 0


def test_a_retry_after_may_be_a_date() -> None:
    assert 50 < retry_after(format_datetime(datetime.now(UTC) + timedelta(minutes=1), usegmt=True)) <= 60


async def test_a_twilio_that_cannot_be_reached_is_tried_again(
    whatsapp: WhatsApp, unused_tcp_port: int
) -> None:
    account = make_account(api_base_url=f"http://127.0.0.1:{unused_tcp_port}")
    context = SendContext(
        account=account, outbox_id="o", attempt=1, cache=MemoryCache(), signed_url=lambda file: ""
    )
    assert isinstance(await whatsapp.send(_part(body="hi"), context), Retry)


async def test_refused_credentials_show_in_the_accounts_health(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext
) -> None:
    twilio.plan(Answer(status=401, code=20003))
    await whatsapp.send(_part(body="hi"), context)
    assert "credentials" in await whatsapp.health(context.account)
    await whatsapp.send(_part(body="hi"), context)
    assert await whatsapp.health(context.account) == ""


async def test_buttons_are_made_once_and_found_again(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext
) -> None:
    await whatsapp.send(_part(body="It's this:\n\n1) a  \tb", menu=MENU), context)
    await whatsapp.send(_part(body="Other\n\nwords", menu=MENU), context)
    assert len(twilio.contents) == 1
    first = twilio.messages[0]
    assert first.body == "It's this:\n\n1) a   b"
    assert json.loads(first.form["ContentVariables"])["4"] == "7:1"
    assert "Body" not in first.form


@pytest.mark.parametrize("status", [400, 403, 429, 500])
async def test_buttons_that_twilio_does_not_make_become_numbered_text(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext, status: int
) -> None:
    twilio.content_status = status
    assert isinstance(await whatsapp.send(_part(body="Which?", menu=MENU), context), Sent)
    assert twilio.messages[0].form["Body"] == "Which?\n\n1. Yes\n2. No"


async def test_a_resource_that_was_deleted_at_twilio_is_made_anew_the_next_time(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext
) -> None:
    await whatsapp.send(_part(body="Which?", menu=MENU), context)
    twilio.contents.clear()
    await whatsapp.send(_part(body="Which?", menu=MENU), context)
    await whatsapp.send(_part(body="Which?", menu=MENU), context)
    assert ["ContentSid" in message.form for message in twilio.messages] == [True, False, True]


async def test_trouble_on_the_way_does_not_turn_buttons_into_a_second_message(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext
) -> None:
    twilio.plan(Answer(cut=True), Answer(status=429, retry_after=5))
    assert isinstance(await whatsapp.send(_part(body="Which?", menu=MENU), context), Unknown)
    assert await whatsapp.send(_part(body="Which?", menu=MENU), context) == Retry(
        after=5, reason="429 too many requests"
    )
    assert len(twilio.sent) == 1


async def test_a_send_with_a_lost_answer_is_found_in_twilios_list(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext
) -> None:
    started = datetime.now(UTC)
    for payload in [
        {"body": "hi  there"},
        {"body": "Which?", "menu": MENU},
        {"media": "https://bot.example/a.png"},
    ]:
        twilio.plan(Answer(cut=True))
        assert isinstance(await whatsapp.send(_part(**payload), context), Unknown)
        accepted = twilio.messages[-1].sid
        assert await whatsapp.reconcile(_part(**payload), context, started) == Sent(provider_id=accepted)


async def test_a_send_that_twilio_does_not_know_may_be_repeated(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext
) -> None:
    await whatsapp.send(_part(body="hi"), context)
    now = datetime.now(UTC)
    assert isinstance(await whatsapp.reconcile(_part(body="other"), context, now), Retry)
    assert isinstance(await whatsapp.reconcile(_part(body="hi"), context, now + timedelta(minutes=5)), Retry)
    twilio.wrote(PERSON, US, "echo", "e")
    assert isinstance(await whatsapp.reconcile(_part(body="echo"), context, now), Retry)


async def test_a_file_is_fetched_with_the_credentials_and_its_redirect_without(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext
) -> None:
    url = twilio.add_media(b"\x89PNG", "image/png", missing=2, stored=True)
    fetched = await whatsapp.fetch(Attachment(url=url), context.account)
    assert (fetched.body, fetched.mime, fetched.name) == (b"\x89PNG", "image/png", "file.png")
    *to_twilio, to_storage = next(iter(twilio.media.values())).requests
    assert len(to_twilio) == 3
    assert all(to_twilio)
    assert to_storage is None


async def test_a_file_elsewhere_is_never_fetched(
    whatsapp: WhatsApp, context: SendContext, twilio: FakeTwilio
) -> None:
    media = twilio.add_media(b"x", "image/png")
    for url in [
        "http://169.254.169.254/",
        media.replace("127.0.0.1", "localhost"),
        media + "/../x",
        "file:///etc/passwd",
    ]:
        with pytest.raises(Refused):
            await whatsapp.fetch(Attachment(url=url), context.account)
    assert next(iter(twilio.media.values())).requests == []


@pytest.mark.parametrize(
    "target", ["http://169.254.169.254/", "http://evil.example/", "ftp://127.0.0.1/", "http://u@127.0.0.1/"]
)
async def test_a_redirect_to_an_unknown_host_is_not_followed(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext, target: str
) -> None:
    url = twilio.add_media(b"x", "image/png")
    next(iter(twilio.media.values())).redirect = target
    with pytest.raises(Refused, match="redirects"):
        await whatsapp.fetch(Attachment(url=url), context.account)


async def test_a_file_that_is_too_large_or_gone_is_refused(whatsapp: WhatsApp, twilio: FakeTwilio) -> None:
    account = make_account(api_base_url=twilio.url, max_media_bytes=10)
    with pytest.raises(Refused) as refused:
        await whatsapp.fetch(Attachment(url=twilio.add_media(b"x" * 11, "image/png")), account)
    assert refused.value.status == 413
    with pytest.raises(Refused) as refused:
        await whatsapp.fetch(Attachment(url=twilio.add_media(b"x", "image/png", missing=9)), account)
    assert refused.value.status == 404


class CollectingPort:
    """The part of the port that a listener uses; remembers what was submitted."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []
        self.files: list[Attachment] = []

    async def submit(self, inbound: object, *, bot: str, wait: bool) -> object:
        assert isinstance(inbound, Inbound)
        self.seen.append((inbound.external_id, inbound.text))
        self.files += inbound.attachments
        return Reply(outcome="ok", session_id="s")


def only_at_the_start(twilio: FakeTwilio) -> Account:
    return make_account(api_base_url=twilio.url, content_base_url=twilio.url, gap_check=0)


async def test_messages_that_were_missed_are_taken_in_at_the_start_oldest_first(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext
) -> None:
    await whatsapp.send(_part(body="ours"), context)
    old = twilio.wrote(PERSON, US, "yesterday", 0)
    twilio.messages[-1].created -= timedelta(days=1)
    for number in range(1, 121):
        twilio.wrote(PERSON, US, f"text {number}", number)
    twilio.wrote(PERSON, "whatsapp:+15550199", "to another number", "x")
    port = CollectingPort()
    await whatsapp.run(only_at_the_start(twilio), port)  # type: ignore[arg-type]
    assert port.seen == [(sid("SM", number), f"text {number}") for number in range(1, 121)]
    assert old not in dict(port.seen)


async def test_a_missed_file_can_be_fetched(
    whatsapp: WhatsApp, twilio: FakeTwilio, context: SendContext
) -> None:
    twilio.wrote(PERSON, US, "look", 1, twilio.add_media(b"\x89PNG", "image/png"))
    port = CollectingPort()
    await whatsapp.run(only_at_the_start(twilio), port)  # type: ignore[arg-type]
    (file,) = port.files
    assert (await whatsapp.fetch(file, context.account)).body == b"\x89PNG"


async def test_what_an_outage_lost_is_found_by_a_later_look(whatsapp: WhatsApp, twilio: FakeTwilio) -> None:
    port = CollectingPort()
    account = make_account(api_base_url=twilio.url, gap_check=0.05)
    async with asyncio.TaskGroup() as group:
        listener = group.create_task(whatsapp.run(account, port))  # type: ignore[arg-type]
        await twilio.wait_for_listings(1)
        twilio.wrote(PERSON, US, "its webhook may be on its way", 1)
        lost = twilio.wrote(PERSON, US, "lost", 2)
        twilio.messages[-1].created -= timedelta(minutes=2)
        await twilio.wait_for_listings(3)
        listener.cancel()
    assert set(port.seen) == {(lost, "lost")}


async def test_nothing_is_looked_for_where_that_is_switched_off(
    whatsapp: WhatsApp, twilio: FakeTwilio
) -> None:
    twilio.wrote(PERSON, US, "hi", 1)
    port = CollectingPort()
    await whatsapp.run(make_account(api_base_url=twilio.url, gap_fill=0), port)  # type: ignore[arg-type]
    assert port.seen == []
