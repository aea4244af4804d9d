"""The anchor: an aiohttp application that parses JSON and answers JSON, and does nothing else."""

from __future__ import annotations

import sys

from aiohttp import web


async def echo(request: web.Request) -> web.Response:
    body = await request.json()
    return web.json_response({"messages": [{"role": "assistant", "text": body["text"]}], "waiting": True})


if __name__ == "__main__":
    application = web.Application()
    application.router.add_post("/api/chat", echo)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
