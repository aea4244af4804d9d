"""Which pages may talk to a bot: exactly those that are listed, whatever an Origin looks like."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import pytest
from aiohttp.test_utils import make_mocked_request

from adapters.web.origins import cors_headers, require_bot_origin, require_origin
from trunkline import Port, Refused

BOTS: dict[str, Sequence[str]] = {"shop": ("https://Good.example/", "http://localhost:8000"), "closed": ()}


class Bots:
    """The part of a Port that origins ask."""

    public_url = "https://chat.example"

    def bot_names(self) -> Sequence[str]:
        return tuple(BOTS)

    def bot(self, name: str) -> Mapping[str, Any]:
        return {"allowed_origins": BOTS[name]}


PORT = cast(Port, Bots())


def request(origin: str | None, host: str = "127.0.0.1:8080") -> Any:
    headers = {"Host": host} | ({} if origin is None else {"Origin": origin})
    return make_mocked_request("POST", "/api/chat", headers=headers)


@pytest.mark.parametrize(
    "origin",
    [None, "http://127.0.0.1:8080", "https://chat.example", "https://good.example", "http://localhost:8000"],
)
def test_listed_pages_and_our_own_may_call(origin: str | None) -> None:
    require_origin(request(origin), PORT)
    require_bot_origin(request(origin), PORT, "shop")


@pytest.mark.parametrize(
    "origin",
    [
        "null", "", "https://good.example.evil", "https://evil-good.example", "http://good.example", "https://good.example:8443",
        "https://GOOD.example", "https://good.example.", "https://good.example/", "https://127.0.0.1:8080", "http://127.0.0.1",
        "https://good.example https://evil.example", "http://localhost:8001", "*",
    ],
)  # fmt: skip
def test_anything_else_is_refused_and_gets_no_cors_headers(origin: str) -> None:
    with pytest.raises(Refused) as refused:
        require_origin(request(origin), PORT)
    assert (refused.value.status, refused.value.code) == (403, "E_ORIGIN")
    assert cors_headers(request(origin), PORT) == {"Vary": "Origin"}


def test_a_page_of_one_bot_may_not_talk_to_another() -> None:
    with pytest.raises(Refused):
        require_bot_origin(request("https://good.example"), PORT, "closed")


def test_an_allowed_page_reads_answers_without_credentials() -> None:
    headers = cors_headers(request("https://good.example"), PORT)
    assert headers["Access-Control-Allow-Origin"] == "https://good.example"
    assert "Access-Control-Allow-Credentials" not in headers
