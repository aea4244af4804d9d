"""The other side of the relay for trying it out: keeps what the bot says, and answers ASK SERVICE."""

from pathlib import Path

from aiohttp import web


def keep(text: str) -> None:
    with Path("received.txt").open("a", encoding="utf-8") as file:
        file.write(text + "\n")


async def deliver(request: web.Request) -> web.Response:
    keep((await request.json())["text"])
    return web.Response()


async def ask(request: web.Request) -> web.Response:
    return web.json_response({"answer": "from 9 to 5"})


app = web.Application()
app.add_routes([web.post("/deliver", deliver), web.post("/ask", ask)])
print("listening", flush=True)
web.run_app(app, host="127.0.0.1", port=18087, print=None)
