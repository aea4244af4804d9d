"""The other side of the relay for trying it out: prints what the bot says, and answers ASK SERVICE."""

import sys

from aiohttp import web


async def deliver(request: web.Request) -> web.Response:
    print((await request.json())["text"], flush=True)
    return web.Response()


async def ask(request: web.Request) -> web.Response:
    return web.json_response({"answer": "from 9 to 5"})


app = web.Application()
app.add_routes([web.post("/deliver", deliver), web.post("/ask", ask)])
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]) if len(sys.argv) > 1 else 9000, print=None)
