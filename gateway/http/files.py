"""``GET /files/<id>``: a stored file, to whoever has its signed and expiring URL."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from core.adapter import Port
from gateway.http.errors import Handler

PATH = "/files/{id}"
_SHOWN_AS_TEXT = frozenset(
    ("text/html", "image/svg+xml", "application/xhtml+xml", "text/xml", "application/xml", "text/javascript")
)


def download(port: Port) -> Handler:
    """A file is data: it is saved, not opened, and never becomes a page of this server."""

    async def handle(request: web.Request) -> web.StreamResponse:
        query = request.query
        file, path = await port.open_file(
            request.match_info["id"], expires=query.get("exp", ""), signature=query.get("sig", "")
        )
        headers = {
            "Content-Type": "text/plain; charset=utf-8" if file.mime in _SHOWN_AS_TEXT else file.mime,
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name, safe='')}",
            "X-Content-Type-Options": "nosniff",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "Cache-Control": "private, max-age=3600",
        }
        return web.FileResponse(path, headers=headers)

    return handle
