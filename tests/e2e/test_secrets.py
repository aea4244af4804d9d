"""A password and a card number, looked for wherever a gateway could leave them."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, TCPConnector

from tests.e2e.gateway_process import Gateway

TOO_SHORT, WORD = "Zq7#kx", "Canary-9f3#Zebra"
WRONG_CARD, CARD = "5425 2334 3010 9904", "5425 2334 3010 9903"
CANARIES = (TOO_SHORT, WORD, WRONG_CARD, CARD, CARD.replace(" ", ""), WRONG_CARD.replace(" ", ""))


class Person:
    """Someone who talks to the bot and keeps every answer of the server, headers included."""

    def __init__(self, http: ClientSession) -> None:
        self.http = http
        self.bearer: dict[str, str] = {}
        self.received: list[str] = []

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        async with self.http.request(method, path, headers=self.bearer, json=body) as answer:
            text = await answer.text()
            self.received.append(f"{answer.headers} {text}")
            return json.loads(text)

    async def open(self) -> None:
        session = await self.ask("POST", "/api/session", {"bot": "vault"})
        self.bearer = {"Authorization": f"Bearer {session['token']}"}

    async def say(self, text: str) -> list[str]:
        """What the bot answers. Every message is sent twice, as after a lost answer."""
        body = {"text": text, "client_id": f"message-{len(self.received)}"}
        answer = await self.ask("POST", "/api/chat", body)
        assert await self.ask("POST", "/api/chat", body) == answer
        return [message["text"] for message in answer["messages"]]


def forms(secret: str) -> list[bytes]:
    """A secret as it could lie in a file: plain, UTF-16, hexadecimal, and base64 at each of its offsets."""
    plain = secret.encode()
    return [plain, secret.encode("utf-16-le"), plain.hex().encode()] + [
        base64.b64encode(b"x" * offset + plain)[4 * (offset > 0) : -4] for offset in range(3)
    ]


def leaks(folder: Path) -> list[str]:
    """The files that hold one of the canaries."""
    return [
        f"{path.relative_to(folder)}: {secret}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for content in [path.read_bytes()]
        for secret in CANARIES
        if any(form in content for form in forms(secret))
    ]


async def test_a_secret_is_nowhere_in_clear(own_gateway: Gateway) -> None:
    data = own_gateway.folder / "data"
    async with ClientSession(own_gateway.url, connector=TCPConnector(force_close=True)) as http:
        person = Person(http)
        await person.open()
        assert await person.say(TOO_SHORT) == ["Please choose a password of at least 8 characters."]
        assert await person.say(WORD) == ["And a card, please."]
        assert await person.say(WRONG_CARD) == ["Please enter a valid card number."]
        heard, question = await person.say(CARD)
        assert WORD not in heard
        assert question == "The password again?"

        assert leaks(data) == []  # while the snapshot holds them
        own_gateway.kill()
        assert leaks(data) == []  # as a thief of the disk finds it
        own_gateway.start()

        same, error, apology = await person.say(WORD)
        assert same == f"The same, {len(WORD)} characters."
        assert error.startswith("Error: ")
        assert apology.startswith("Sorry, something went wrong.")
        assert "TALK CINT(card) * 2" in apology, (
            "the report for developers is not shown, so none was looked through"
        )
        log = await person.ask("GET", "/api/chat?after=0")
        await person.ask("GET", "/api/session")

    said = [message["text"] for message in log["messages"] if message["role"] == "user"]
    assert len(said) == 5
    assert {character for text in said for character in text} == {"•"}
    own_gateway.stop()
    assert leaks(data) == []
    printed = "".join(own_gateway.lines)
    assert "stored " in printed, "the bot's LOG is not in the log, so that nothing was looked through"
    received = "\n".join(person.received)
    assert not [secret for secret in CANARIES if secret in printed or secret in received]
