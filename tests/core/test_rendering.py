"""What each channel shows of the same message: options, markup, files, long texts, turns."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.markup import WORD_JOINER, convert
from core.messages import Attachment, Capabilities, Option, Outbound
from core.records import OutboxRow
from core.rendering import Payload, degrade, join, read, split, width

WEB = Capabilities(markup="markdown", buttons=30, button_title=200, media=("*/*",), reply="log")
WHATSAPP = Capabilities(
    text=1600, markup="whatsapp", buttons=3, button_title=20, rows=10, row_title=24, prompt_text=1024,
    media=("image/*",), coalesce="turn",
)  # fmt: skip
SMS = Capabilities(text=160, markup="plain")
VOICE = Capabilities(markup="speech", reply="body")
PLAIN = Outbound(id="o", channel="c", account="a", address="p")


def _options(count: int, title: str = "Choice") -> tuple[Option, ...]:
    return tuple(Option(f"id{number}", f"{title} {number}") for number in range(1, count + 1))


def _numbered(count: int) -> str:
    return "\n".join(f"{number}. Choice {number}" for number in range(1, count + 1))


def _spoken(count: int) -> str:
    return " ".join(f"{number}: Choice {number}." for number in range(1, count + 1))


KEPT = "kept"
GOLDEN = {
    "web": (WEB, {2: KEPT, 3: KEPT, 4: KEPT, 10: KEPT, 11: KEPT, 30: KEPT}),
    "whatsapp": (WHATSAPP, {2: KEPT, 3: KEPT, 4: KEPT, 10: KEPT, 11: _numbered(11), 30: _numbered(30)}),
    "sms": (SMS, {count: _numbered(count) for count in (2, 3, 4, 10, 11)}),
    "voice": (VOICE, {count: _spoken(count) for count in (2, 3, 4, 10, 11, 30)}),
}


@pytest.mark.parametrize(
    ("channel", "count"), [(name, count) for name, (_, sizes) in GOLDEN.items() for count in sizes]
)
def test_options_are_shown_as_the_channel_can(channel: str, count: int) -> None:
    capabilities, sizes = GOLDEN[channel]
    outbound = msgspec.structs.replace(PLAIN, texts=("Which?",), options=_options(count), prompt="7")
    messages = degrade(outbound, capabilities)
    if sizes[count] == KEPT:
        assert messages == [outbound]
    else:
        assert "\n\n".join(message.texts[0] for message in messages) == f"Which?\n\n{sizes[count]}"
        assert not any(message.options for message in messages)


def test_options_under_a_text_that_is_too_long_for_buttons_stay_in_one_message_as_text() -> None:
    outbound = msgspec.structs.replace(PLAIN, texts=("x" * 1100,), options=_options(3), prompt="7")
    (message,) = degrade(outbound, WHATSAPP)
    assert message.texts[0].endswith(_numbered(3))


def test_options_without_a_text_are_text() -> None:
    (message,) = degrade(msgspec.structs.replace(PLAIN, options=_options(2)), WHATSAPP)
    assert message.texts == (_numbered(2),)


def test_equal_or_empty_titles_are_never_buttons() -> None:
    for titles in [("A", "A"), ("A", "")]:
        options = tuple(Option(str(place), title) for place, title in enumerate(titles))
        (message,) = degrade(msgspec.structs.replace(PLAIN, texts=("?",), options=options), WHATSAPP)
        assert message.options == ()


def test_a_file_that_the_channel_cannot_send_becomes_a_link_and_another_is_sent() -> None:
    files = (
        Attachment(url="https://x/a.png", mime="image/png", name="a.png"),
        Attachment(url="https://x/b.zip", mime="application/zip", name="b.zip"),
    )
    (message,) = degrade(msgspec.structs.replace(PLAIN, texts=("Here",), media=files), WHATSAPP)
    assert message.texts == ("Here\n\nb.zip: https://x/b.zip",)
    assert message.media == files[:1]


def test_nothing_to_show_is_no_message() -> None:
    assert degrade(msgspec.structs.replace(PLAIN, texts=("", " \n ")), WHATSAPP) == []


def _say(*texts: str, **more: object) -> Outbound:
    return msgspec.structs.replace(PLAIN, texts=texts, **more)


def test_the_texts_of_a_turn_are_one_message_and_its_menu_comes_last() -> None:
    turn = [_say("Hi"), _say("How are you?"), _say("Pick:", options=_options(2), prompt="7")]
    assert join(turn, WHATSAPP) == [_say("Hi", "How are you?", "Pick:", options=_options(2), prompt="7")]
    assert join(turn, SMS) == turn


def test_what_is_said_after_a_file_comes_after_it() -> None:
    file = (Attachment(url="https://x/a.png", mime="image/png"),)
    turn = [_say("Look:"), _say(media=file), _say("Nice?"), _say("Yes?")]
    assert join(turn, WHATSAPP) == [_say("Look:", media=file), _say("Nice?", "Yes?")]


def test_a_text_that_is_only_a_picture_is_sent_as_one_where_files_can_be_sent() -> None:
    picture = Attachment(url="https://x/a.png?k=1", mime="image/png")
    shown = "Look:\n\n![a](https://x/a.png?k=1)"
    assert join([_say("Hi"), _say(shown), _say("Nice?")], WHATSAPP) == [
        _say("Hi", "Look:", media=(picture,)),
        _say("Nice?"),
    ]
    assert join([_say("![a](https://x/files/1)")], WHATSAPP)[0].media[0].mime == "image/jpeg"
    for text in ["see ![a](https://x/a.png)", "![a](javascript:1)", "![a](ftp://x/a.png) ", shown + " more"]:
        assert join([_say(text)], WHATSAPP) == [_say(text)]
    assert join([_say(shown)], SMS) == [_say(shown)]


def test_a_row_holds_a_message() -> None:
    payload = msgspec.json.encode(Payload(texts=("Hi",), options=_options(1), prompt="7"))
    row = OutboxRow(
        id="r1", session_id="s", channel="c", account="a", address="p", bot="b", seq=1, turn=1,
        payload=payload, created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    assert read(row) == _say("Hi", options=_options(1), prompt="7", id="r1")


def test_a_long_text_is_cut_where_a_reader_would_pause() -> None:
    text = "One two three. Four five six.\n\nSeven eight nine ten."
    assert split(text, 40) == ["One two three. Four five six.", "Seven eight nine ten."]
    assert split(text, 20) == ["One two three.", "Four five six.", "Seven eight nine", "ten."]


def test_a_word_longer_than_a_message_is_cut_but_no_character_is() -> None:
    assert split("a" * 25, 10) == ["a" * 10, "a" * 10, "a" * 5]
    family = "👨\u200d👩\u200d👧"
    assert all(not piece.startswith("\u200d") for piece in split("x" * 7 + family, 10))
    assert split("e\u0301" * 4, 3)[0] == "e\u0301"


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400), st.integers(2, 60))
def test_cutting_loses_nothing_but_spaces_and_keeps_to_the_limit(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert "".join("".join(pieces).split()) == "".join(text.split())
    assert all(0 < width(piece) <= limit for piece in pieces)


@given(
    st.lists(st.text(max_size=200), max_size=5),
    st.integers(0, 12),
    st.sampled_from([WEB, WHATSAPP, SMS, VOICE]),
)
def test_no_message_exceeds_its_channel_and_rendering_repeats_itself(
    texts: list[str], options: int, capabilities: Capabilities
) -> None:
    outbound = _say(*texts, options=_options(options))
    messages = degrade(outbound, capabilities)
    assert messages == degrade(outbound, capabilities)
    assert not capabilities.text or all(
        width(text) <= capabilities.text for each in messages for text in each.texts
    )
    assert all(not message.options for message in messages[:-1])


@pytest.mark.parametrize(
    ("markdown", "whatsapp", "plain"),
    [
        ("plain 1 < 2 & 3", "plain 1 < 2 & 3", "plain 1 < 2 & 3"),
        (
            "**bold** and *slanted* and ~~gone~~",
            "*bold* and _slanted_ and ~gone~",
            "bold and slanted and gone",
        ),
        ("***both***", "_*both*_", "both"),
        ("`code` here", "`code` here", "code here"),
        ("```\na *b*\n```", "```\na *b*\n```", "a *b*"),
        ("# Title\n\ntext", "*Title*\n\ntext", "Title\n\ntext"),
        ("# A **b** c", "*A b c*", "A b c"),
        ("- a\n- **b**\n  - c", "- a\n- *b*\n  - c", "- a\n- b\n  - c"),
        ("3. c\n4. **d**", "3. c\n4. *d*", "3. c\n4. d"),
        ("> wise\n> words", "> wise\n> words", "wise\nwords"),
        ("[us](https://a.b/c)", "us (https://a.b/c)", "us (https://a.b/c)"),
        ("[https://a.b](https://a.b)", "https://a.b", "https://a.b"),
        ("[mail](mailto:a@b.c)", "mail (a@b.c)", "mail (a@b.c)"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("![pic](https://a.b/p.png)", "pic (https://a.b/p.png)", "pic (https://a.b/p.png)"),
        ("<b>no</b> *x*", "<b>no</b> _x_", "<b>no</b> x"),
        ("snake_case *x*", "snake_case _x_", "snake_case x"),
        ("\\*stars\\*", f"*{WORD_JOINER}stars*", "*stars*"),
        ("one  \ntwo\nthree *x*", "one\ntwo\nthree _x_", "one\ntwo\nthree x"),
        ("a\n\n\n\nb *x*", "a\n\nb _x_", "a\n\nb x"),
        ("    indented *x*", "indented _x_", "indented x"),
    ],
)
def test_markdown_is_shown_in_the_channels_own_markup(markdown: str, whatsapp: str, plain: str) -> None:
    assert convert(markdown, "whatsapp") == whatsapp
    assert convert(markdown, "plain") == plain
    assert convert(markdown, "markdown") == markdown


def test_speech_has_no_signs_and_no_addresses() -> None:
    assert convert("- **Hi** [us](https://a.b)", "speech") == "Hi us"


@given(st.text(max_size=300), st.sampled_from(["whatsapp", "plain", "speech"]))
def test_no_text_breaks_the_conversion(text: str, markup: str) -> None:
    assert isinstance(convert(text, markup), str)  # type: ignore[arg-type]
