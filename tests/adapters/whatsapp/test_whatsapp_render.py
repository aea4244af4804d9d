"""Messages as calls to Twilio, within what WhatsApp shows."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.whatsapp import WhatsApp
from adapters.whatsapp.content import menu
from core.rendering import degrade
from tests.adapters.whatsapp.whatsapp_kit import ACCOUNT_SID, PERSON, TOKEN, US, make_settings
from trunkline import Attachment, Option, Outbound

ADAPTER = WhatsApp()
IMAGE = Attachment(url="https://bot.example/files/1", mime="image/png", name="a.png")
SOUND = Attachment(url="https://bot.example/files/2", mime="audio/ogg", name="b.ogg")


def _payloads(
    *texts: str, options: int = 0, title: str = "Option", media: tuple[Attachment, ...] = ()
) -> list[dict]:  # type: ignore[type-arg]
    outbound = Outbound(
        id="o1",
        channel="whatsapp",
        account="main",
        address=PERSON,
        texts=texts,
        options=tuple(Option(str(number), f"{title} {number}") for number in range(1, options + 1)),
        prompt="7",
        media=media,
    )
    messages = degrade(outbound, ADAPTER.capabilities)
    return [
        dict(part.payload) for message in messages for part in ADAPTER.render(message, ADAPTER.capabilities)
    ]


def test_a_text_goes_to_the_person_in_whatsapps_markup() -> None:
    assert _payloads("**Hi** _Ana_") == [{"to": PERSON, "body": "*Hi* _Ana_"}]


def test_three_options_are_buttons_that_name_their_question() -> None:
    (part,) = _payloads("Which?", options=3)
    assert part["menu"]["kind"] == "quick-reply"
    assert part["menu"]["options"][0] == {"id": "7:1", "title": "Option 1"}


def test_ten_options_are_a_list() -> None:
    (part,) = _payloads("Which?", options=10)
    assert (part["menu"]["kind"], len(part["menu"]["options"])) == ("list-picker", 10)


@pytest.mark.parametrize(("options", "title"), [(11, "Option"), (2, "A title of more than 24 characters")])
def test_what_fits_neither_is_numbered_text(options: int, title: str) -> None:
    (part,) = _payloads("Which?", options=options, title=title)
    assert "menu" not in part
    assert part["body"].startswith(f"Which?\n\n1. {title} 1\n2. {title} 2")


def test_titles_too_long_for_buttons_but_not_for_rows_are_a_list() -> None:
    (part,) = _payloads("Which?", options=2, title="Twenty characters..")
    assert part["menu"]["kind"] == "list-picker"


def test_an_image_takes_the_text_as_its_caption_and_each_file_is_a_message() -> None:
    assert _payloads("Look", media=(IMAGE, SOUND)) == [
        {"to": PERSON, "media": IMAGE.url, "body": "Look"},
        {"to": PERSON, "media": SOUND.url},
    ]


def test_a_sound_takes_no_caption() -> None:
    assert _payloads("Listen", media=(SOUND,)) == [
        {"to": PERSON, "body": "Listen"},
        {"to": PERSON, "media": SOUND.url},
    ]


def test_a_file_that_whatsapp_does_not_show_is_a_link() -> None:
    archive = Attachment(url="https://bot.example/files/3", mime="application/zip", name="c.zip")
    assert _payloads("Here", media=(archive,)) == [
        {"to": PERSON, "body": "Here\n\nc.zip: https://bot.example/files/3"}
    ]


def test_options_stay_below_the_text_when_there_is_a_file_too() -> None:
    image, question = _payloads("Which?", options=2, media=(IMAGE,))
    assert image == {"to": PERSON, "media": IMAGE.url}
    assert question["menu"]["kind"] == "quick-reply"


@given(st.lists(st.text(max_size=3000), max_size=4), st.integers(0, 12), st.text(min_size=1, max_size=40))
def test_nothing_that_is_said_exceeds_the_limits(texts: list[str], options: int, title: str) -> None:
    for part in _payloads(*texts, options=options, title=title):
        body = part.get("body", "")
        assert len(body.encode("utf-16-le")) // 2 <= (1024 if "menu" in part else 1600)
        if "menu" in part:
            assert body
            limit, count = (20, 3) if part["menu"]["kind"] == "quick-reply" else (24, 10)
            assert len(part["menu"]["options"]) <= count
            assert all(len(option["title"]) <= limit for option in part["menu"]["options"])


OPTIONS = [{"id": "7:1", "title": "It's"}, {"id": "7:2", "title": "No"}]


def test_a_menus_resource_holds_its_shape_and_its_words_travel_as_variables() -> None:
    first = menu("Hello\n\nWhich one?", "quick-reply", OPTIONS, "Choose")
    second = menu(
        "Other\n\nwords", "quick-reply", [{"id": "9:x", "title": "A"}, {"id": "9:y", "title": "B"}], "Choose"
    )
    third = menu("One line", "quick-reply", OPTIONS, "Choose")
    assert first is not None
    assert second is not None
    assert third is not None
    assert first.key == second.key != third.key
    assert json.loads(first.variables) == {
        "1": "Hello",
        "2": "Which one?",
        "3": "It's",
        "4": "7:1",
        "5": "No",
        "6": "7:2",
    }
    assert "'" not in first.variables


@given(st.text(max_size=600))
def test_no_variable_of_a_menu_is_one_that_twilio_refuses(body: str) -> None:
    made = menu(body, "list-picker", OPTIONS, "Choose")
    for value in json.loads(made.variables).values() if made else ():
        assert value
        assert not any(sign in value for sign in ("\n", "\t", " " * 5))


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"auth_token": ""}, "auth_token"),
        ({"auth_token": "changeme"}, "auth_token"),
        ({"auth_token": "<your token>"}, "auth_token"),
        ({"signing_keys": {"k": ""}}, "signing_keys.k"),
        ({"account_sid": "AC1"}, "account_sid"),
        ({"from": "15550100"}, "from"),
        ({"from": ""}, "from"),
        ({"api_base_url": "https://u:p@api.twilio.com"}, "api_base_url"),
        ({"api_base_url": "ftp://api.twilio.com"}, "api_base_url"),
        ({"timeout": 0}, "timeout"),
        ({"gap_check": -1}, "gap_check"),
        ({"api_key_sid": "SK" + "0" * 32}, "api_key_secret"),
        ({"colour": "red"}, "colour"),
        ({"provider": "other"}, "provider"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_by_name(change: dict[str, object], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=complaint):
        make_settings(**change)


def test_the_settings_of_the_reference_are_accepted() -> None:
    settings = make_settings(
        provider="twilio",
        api_base_url="https://api.twilio.com",
        content_base_url="https://content.twilio.com",
    )
    assert (settings.us, settings.credentials) == (US, (ACCOUNT_SID, TOKEN))
    assert make_settings(**{"from": US.removeprefix("whatsapp:")}).us == US
