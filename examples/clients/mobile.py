"""A chat client as a mobile app has one: it keeps its token, its place in the log and what is unacknowledged.

python mobile.py http://127.0.0.1:8080 [BOT] [STATE_FILE]: lines typed are sent, what comes is printed.
"""

import asyncio
import json
import sys
import uuid
from pathlib import Path
from typing import Any

import aiohttp

NOTHING = {"token": "", "seq": 0, "unsent": {}}


class Client:
    def __init__(self, bot: str, file: Path) -> None:
        self.bot, self.file, self.socket = bot, file, None
        self.kept = json.loads(file.read_text()) if file.exists() else {**NOTHING, "unsent": {}}

    async def say(self, text: str) -> None:
        self.kept["unsent"][client_id := uuid.uuid4().hex] = text
        self.file.write_text(json.dumps(self.kept))
        await self.send(client_id)

    async def send(self, client_id: str) -> None:
        if self.socket and not self.socket.closed:  # else it is sent once we are connected
            text = self.kept["unsent"][client_id]
            await self.socket.send_json({"type": "message", "client_id": client_id, "text": text})

    async def follow(self, http: aiohttp.ClientSession) -> None:
        if not self.kept["token"]:
            self.kept["token"] = (await (await http.post("/api/session", json={"bot": self.bot})).json())[
                "token"
            ]
        bearer = {"Authorization": f"Bearer {self.kept['token']}"}
        ticket = (await (await http.post("/api/ws-ticket", headers=bearer)).json())["ticket"]
        async with http.ws_connect(
            "/ws", protocols=("trunkline.v1", f"ticket.{ticket}"), heartbeat=20
        ) as self.socket:
            await self.socket.send_json({"type": "hello", "after": self.kept["seq"]})
            for client_id in list(self.kept["unsent"]):  # what the server has got already, it takes only once
                await self.send(client_id)
            async for message in self.socket:
                match frame := message.json():
                    case {"type": "ack" | "error", "client_id": client_id}:
                        self.kept["unsent"].pop(client_id, None)
                    case {"type": "message", "seq": seq} if seq > self.kept["seq"]:
                        self.kept["seq"] = seq
                        show(frame)
                self.file.write_text(json.dumps(self.kept))

    async def stay_connected(self, base: str) -> None:
        async with aiohttp.ClientSession(base, raise_for_status=True) as http:
            while True:
                try:
                    await self.follow(http)
                except aiohttp.ClientResponseError as refused:
                    if refused.status == 401:
                        self.kept = {**NOTHING, "unsent": {}}
                        print("(that conversation is over; a new one begins)", flush=True)
                    elif refused.status < 500 and refused.status != 429:
                        sys.exit(f"{refused.request_info.url}: {refused.status} {refused.message}")
                except (aiohttp.ClientError, ConnectionError):
                    pass  # nobody is there: try again
                await asyncio.sleep(1)


def show(message: dict[str, Any]) -> None:
    """A message as a terminal shows it; an app shows the options as buttons, and sends a tap as a ``choice``."""
    print("<" if message["role"] != "user" else ">", message["text"], flush=True)
    for part in message["parts"]:
        for option in part.get("options", ()):
            print(f"  {option['id']}. {option['title']}", flush=True)


async def chat(base: str, bot: str = "default", file: str = "chat.json") -> None:
    client = Client(bot, Path(file))
    following = asyncio.create_task(client.stay_connected(base))
    typed = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(typed), sys.stdin)
    async for line in typed:
        await client.say(line.decode().strip())
    following.cancel()


if __name__ == "__main__":
    if not 2 <= len(sys.argv) <= 4:
        sys.exit(__doc__)
    asyncio.run(chat(*sys.argv[1:]))
