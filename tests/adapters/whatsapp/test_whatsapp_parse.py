"""What a webhook means: texts, files, taps, places, delivery reports; and what is ignored or turned away."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.whatsapp import WhatsApp
from tests.adapters.whatsapp.whatsapp_kit import (
    ACCOUNT_SID,
    PERSON,
    STATUS,
    US,
    make_account,
    make_form,
    make_webhook,
)
from trunkline import Inbound, Parsed, Profile, Refused
from trunkline.testing.twilio import sid

ACCOUNT = make_account()
MEDIA = (
    f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT_SID}/Messages/{sid('MM', 1)}/Media/{sid('ME', 1)}"
)


def _parse(form: dict[str, str] | bytes, url: str = "") -> Parsed:
    return WhatsApp().parse(make_webhook(form, url) if url else make_webhook(form), ACCOUNT)


def _event(form: dict[str, str] | bytes, url: str = "") -> Inbound:
    (event,) = _parse(form, url).events
    return event


def test_a_text_is_a_message_of_a_proven_sender() -> None:
    assert _event(make_form("Olá 🙂", seed="a")) == Inbound(
        channel="whatsapp",
        account="main",
        address=PERSON,
        external_id=sid("SM", "a"),
        text="Olá 🙂",
        profile=Profile(name="Ana", phone="+5511987654321"),
        verified=True,
    )


def test_the_answer_says_nothing_to_the_person() -> None:
    answer = _parse(make_form()).answer
    assert (answer.status, answer.body, answer.content_type) == (
        200,
        b"<Response/>",
        "text/xml; charset=utf-8",
    )


def test_a_sender_without_a_number_is_known_by_the_opaque_id() -> None:
    event = _event(make_form(From="whatsapp:CO.1047385771169864", WaId=""))
    assert (event.address, event.profile.phone) == ("whatsapp:CO.1047385771169864", "")


def test_files_come_with_their_types_and_the_caption_as_text() -> None:
    form = make_form(
        "look", NumMedia="2", MediaUrl0=MEDIA, MediaContentType0="image/jpeg", MessageType="image",
        MediaUrl1=MEDIA.replace("/ME", "/ME")[:-1] + "0", MediaContentType1="nonsense",
    )  # fmt: skip
    event = _event(form)
    assert event.text == "look"
    assert [(file.url, file.mime) for file in event.attachments] == [
        (MEDIA, "image/jpeg"),
        (MEDIA[:-1] + "0", "application/octet-stream"),
    ]


@pytest.mark.parametrize(
    "url",
    [
        "http://169.254.169.254/latest/meta-data",
        MEDIA.replace("https", "http"),
        MEDIA.replace("api.twilio.com", "api.twilio.com.evil.example"),
        MEDIA.replace("api.twilio.com", "api.twilio.com@evil.example"),
        MEDIA.replace("api.twilio.com", "api.twilio.com:8443"),
        MEDIA.replace(ACCOUNT_SID, "AC" + "6" * 32),
        MEDIA + "/../../../../Calls.json",
        MEDIA + "?x=1",
    ],
)
def test_a_media_url_that_is_not_our_accounts_is_ignored(url: str) -> None:
    form = make_form("look", NumMedia="1", MediaUrl0=url, MediaContentType0="image/jpeg")
    assert _event(form).attachments == ()
    assert _parse({**form, "Body": ""}).events == ()


def test_a_tapped_button_names_its_question_and_option() -> None:
    event = _event(make_form("Yes", MessageType="button", ButtonText="Yes", ButtonPayload="17:2"))
    assert (event.kind, event.prompt, event.choice, event.text) == ("choice", "17", "2", "Yes")


def test_a_tapped_row_names_its_question_and_option() -> None:
    event = _event(make_form("", MessageType="interactive", ListTitle="Large", ListId="17:size:l"))
    assert (event.kind, event.prompt, event.choice, event.text) == ("choice", "17", "size:l", "Large")


def test_a_button_that_is_not_ours_counts_as_its_label() -> None:
    event = _event(make_form("Track", MessageType="button", ButtonText="Track", ButtonPayload="{order}"))
    assert (event.kind, event.text, event.choice) == ("message", "Track", "")


def test_a_place_is_text_with_its_coordinates() -> None:
    place = {"MessageType": "location", "Latitude": "51.5", "Longitude": "-0.12"}
    assert _event(make_form("", **place)).text == "51.5, -0.12"
    named = {**place, "Label": "Hotel", "Address": "1 Road"}
    assert _event(make_form("", **named)).text == "Hotel, 1 Road (51.5, -0.12)"


@pytest.mark.parametrize(
    "change", [{"MessageType": "reaction"}, {"MessageType": "новое"}, {"SmsStatus": "sent"}]
)
def test_what_we_do_not_know_is_acknowledged_and_ignored(change: dict[str, str]) -> None:
    parsed = _parse({**make_form(), **change})
    assert (parsed.events, parsed.answer.status) == ((), 200)


def test_unknown_parameters_are_ignored() -> None:
    assert _event(make_form("hi", Novelty="1", ChannelMetadata="{")).text == "hi"


def test_a_text_of_64_kb_arrives_whole() -> None:
    assert len(_event(make_form("é" * 32_768)).text) == 32_768


def test_bytes_that_are_not_utf8_are_replaced_and_nul_is_dropped() -> None:
    form = make_form("x")
    body = "&".join(f"{name}={value}" for name, value in form.items()).replace("+", "%2B")
    assert _event(body.replace("Body=x", "Body=a%ffb%00c").encode()).text == "a\ufffdbc"


def test_a_name_is_only_for_display() -> None:
    event = _event(make_form(ProfileName="Ana\u202e\x07 \u200b" + "x" * 500))
    assert event.profile.name == "Ana " + "x" * 95 or event.profile.name.startswith("Ana ")
    assert "\u202e" not in event.profile.name
    assert len(event.profile.name) <= 100


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"MessageSid": "SM1", "SmsMessageSid": ""}, "MessageSid"),
        ({"MessageSid": "XX" + "0" * 32}, "MessageSid"),
        ({"MessageSid": "SM" + "g" * 32}, "MessageSid"),
        ({"From": "+5511987654321"}, "From"),
        ({"From": "whatsapp:"}, "From"),
        ({"NumMedia": "11"}, "NumMedia"),
        ({"NumMedia": "-1"}, "NumMedia"),
        ({"NumMedia": "²"}, "NumMedia"),
        ({"NumMedia": "1"}, "MediaUrl0"),
    ],
)
def test_what_twilio_cannot_have_sent_is_refused_by_name(change: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as refused:
        _parse({**make_form(), **change})
    assert (refused.value.status, refused.value.field) == (422, field)


def _report(state: str, query: str = "", **more: str) -> dict[str, str]:
    form = make_form(seed="out", From=US, To=PERSON, MessageStatus=state, SmsStatus=state, **more)
    del form["Body"]
    return form


def test_a_delivery_report_names_our_row_and_part() -> None:
    event = _event(_report("delivered"), f"{STATUS}?o=8c1a-4f.2")
    assert event.kind == "status"
    assert event.external_id == f"{sid('SM', 'out')}:delivered"
    assert event.status is not None
    assert (event.status.outbox_id, event.status.part) == ("8c1a-4f", 2)
    assert (event.status.provider_id, event.status.state) == (sid("SM", "out"), "delivered")


def test_a_failed_delivery_keeps_its_error() -> None:
    status = _event(_report("undelivered", ErrorCode="63016"), STATUS).status
    assert status is not None
    assert (status.state, status.error, status.outbox_id) == ("undelivered", "63016", "")


@pytest.mark.parametrize(
    ("state", "ours"),
    [
        ("queued", "accepted"),
        ("sending", "accepted"),
        ("sent", "sent"),
        ("read", "read"),
        ("canceled", "failed"),
    ],
)
def test_twilios_states_are_ranked_as_ours(state: str, ours: str) -> None:
    status = _event(_report(state), STATUS).status
    assert status is not None
    assert status.state == ours


def test_a_state_that_is_new_to_us_is_acknowledged_and_ignored() -> None:
    assert _parse(_report("pondering"), STATUS).events == ()


@pytest.mark.parametrize(
    "query", ["o=", "o=.", "o=a.b", "o=a.99999", "o=%00.1", "o=" + "x" * 99 + ".1", "p=a.1"]
)
def test_a_report_with_a_mangled_row_id_still_counts_by_its_sid(query: str) -> None:
    status = _event(_report("sent"), f"{STATUS}?{query}").status
    assert status is not None
    assert (status.outbox_id, status.provider_id) == ("", sid("SM", "out"))


@given(
    st.dictionaries(
        st.sampled_from(sorted(make_form(NumMedia="1", MediaUrl0="x", ButtonPayload="x"))),
        st.text(max_size=60),
    )
)
def test_no_form_breaks_the_parser(form: dict[str, str]) -> None:
    with contextlib.suppress(Refused):
        parsed = _parse({name: value.encode("utf-8", "replace").decode() for name, value in form.items()})
        assert parsed.answer.status == 200
