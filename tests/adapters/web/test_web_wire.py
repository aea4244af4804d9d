"""What clients send: understood, or refused with the field that is wrong."""

from __future__ import annotations

import pytest
from openapi_spec_validator import validate

from adapters.web import WebAdapter
from adapters.web.openapi import document
from adapters.web.page import PAGES
from adapters.web.theme import css, luminance, text_on
from adapters.web.wire import ChatInput, ChoiceInput, inbound
from trunkline import Adapter, Attachment, Caller, Option, Outbound, Refused, Route, convert

CALLER = Caller(session_id="s", bot="default", token_hash=b"")


def test_a_text_a_choice_and_files_become_events() -> None:
    assert inbound(ChatInput(text="hi", client_id="c"), CALLER).external_id == "c"
    tapped = inbound(ChatInput(choice=ChoiceInput(prompt="3", id="b")), CALLER)
    assert (tapped.kind, tapped.prompt, tapped.choice) == ("choice", "3", "b")
    assert inbound(ChatInput(attachments=["f1", "f2"]), CALLER).attachments == (
        Attachment(id="f1"),
        Attachment(id="f2"),
    )


@pytest.mark.parametrize(
    ("body", "status", "code", "field"),
    [
        ({}, 422, "E_EMPTY", "text"),
        ({"text": " \u200d\n"}, 422, "E_EMPTY", "text"),
        ({"text": "é" * 50_001}, 413, "E_TEXT_TOO_LONG", "text"),
        ({"text": 5}, 422, "E_TYPE", "text"),
        ({"txt": "hi"}, 422, "E_FIELD", "txt"),
        ({"text": "hi", "client_id": "x" * 129}, 422, "E_CLIENT_ID", "client_id"),
        ({"text": "hi", "client_id": ""}, 422, "E_CLIENT_ID", "client_id"),
        ({"text": "hi", "client_id": "a\nb"}, 422, "E_CLIENT_ID", "client_id"),
        ({"text": "hi", "choice": {"prompt": "1", "id": "a"}}, 422, "E_FIELD", "choice"),
        ({"choice": {"prompt": "1"}}, 422, "E_FIELD", "choice.id"),
        ({"choice": {"prompt": "", "id": "a"}}, 422, "E_FIELD", "choice.prompt"),
        ({"choice": {"prompt": 1, "id": "a"}}, 422, "E_TYPE", "choice.prompt"),
        ({"attachments": ["a"] * 11}, 422, "E_ATTACHMENT", "attachments"),
        ({"attachments": ["../x" * 40]}, 422, "E_ATTACHMENT", "attachments"),
        ({"attachments": "a"}, 422, "E_TYPE", "attachments"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(
    body: dict[str, object], status: int, code: str, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        inbound(convert(body, ChatInput), CALLER)
    assert (refused.value.status, refused.value.code, refused.value.field) == (status, code, field)


def test_a_text_of_exactly_the_limit_is_accepted() -> None:
    assert len(inbound(ChatInput(text="x" * 100_000), CALLER).text) == 100_000


def test_the_openapi_document_is_valid_and_names_every_route_but_pages() -> None:
    described = document()
    validate(described)
    routes = {
        (route.method.lower(), route.path)
        for route in WebAdapter().routes()
        if route.path not in PAGES and route.method != "OPTIONS"
    }
    beside_it = {("get", "/healthz"), ("get", "/readyz"), ("get", "/files/{id}")}
    assert routes | beside_it == {
        (method, path) for path, item in described["paths"].items() for method in item
    }


def test_the_adapter_keeps_the_protocol_and_shows_options_and_files() -> None:
    adapter = WebAdapter()
    assert isinstance(adapter, Adapter)
    assert all(isinstance(route, Route) for route in adapter.routes())
    outbound = Outbound(
        id="o", channel="web", account="", address="s", texts=("One", "Two"), prompt="7",
        options=(Option("a", "A"),),
        media=(Attachment(url="/files/x", name="x.pdf", mime="application/pdf", size=3),),
    )  # fmt: skip
    (part,) = adapter.render(outbound, adapter.capabilities)
    assert part.payload == {
        "text": "One\n\nTwo",
        "parts": [
            {"type": "suggestions", "prompt": "7", "options": [{"id": "a", "title": "A"}]},
            {"type": "file", "url": "/files/x", "name": "x.pdf", "mime": "application/pdf", "size": 3},
        ],
    }


@pytest.mark.parametrize("color", ["#000000", "#ffffff", "#f5b301", "#0f766e", "#777777", "#7b61ff"])
def test_text_on_a_bots_colour_is_always_legible(color: str) -> None:
    one, other = sorted((luminance(color), luminance(text_on(color))), reverse=True)
    assert (one + 0.05) / (other + 0.05) >= 4.5


def test_a_colour_that_is_none_changes_nothing() -> None:
    assert "evil" not in css({"color": "red;} evil {", "second_color": "#12345g;} evil {", "css": ""})


def test_colours_are_numbers_or_names_and_the_second_one_defaults_to_the_first() -> None:
    assert css({"color": " #FC0"}).startswith(":root{--brand:#ffcc00;--on-brand:#000000;--second:#ffcc00}")
    assert "--brand:#000080;--on-brand:#ffffff;--second:#4b0082" in css(
        {"color": "Navy", "second_color": "indigo"}
    )
