"""The chat page at ``/`` and ``/<bot>``, its assets, and ``/widget.js``.

The page is static but for a few attributes; everything else it asks the API for. Its headers allow nothing
that did not come from this server, and no inline script or style.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from string import Template
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from adapters.web.theme import css
from trunkline import Port, Refused

FOLDER = Path(__file__).parent / "page"
TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".html": "text/html; charset=utf-8",
}
COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",  # revalidated by ETag: a new version shows at once
}
BOT_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")


async def page(request: web.Request, port: Port) -> web.StreamResponse:
    """The chat page of a bot."""
    name = request.match_info.get("bot", "default")
    try:
        bot = port.bot(name)
    except Refused as refused:
        if "text/html" not in request.headers.get("Accept", ""):
            raise
        return _sorry(refused)
    body = _page_template().substitute(
        {
            key: html.escape(str(value))
            for key, value in {
                "bot": bot["name"],
                "title": bot.get("title") or bot["name"],
                "logo": bot.get("logo") or "",
                "language": bot.get("language") or "en",
                "origins": " ".join(bot.get("allowed_origins", ())),
                "dev": "1" if port.dev else "",
            }.items()
        }
    )
    headers = {**COMMON, "Content-Security-Policy": _policy(bot), "Cross-Origin-Opener-Policy": "same-origin"}
    if request.scheme == "https" or port.public_url.startswith("https:"):
        headers["Strict-Transport-Security"] = "max-age=31536000"
    return web.Response(text=body, content_type="text/html", headers=headers)


async def asset(request: web.Request, port: Port) -> web.StreamResponse:
    """A file of the page. Only what is in its folder: names are looked up, never joined to a path."""
    name = request.match_info["name"]
    files = _files()
    if name not in files:
        raise Refused(404, "E_NOT_FOUND", "There is nothing here.")
    return _static(request, files[name], TYPES[Path(name).suffix])


async def widget(request: web.Request, port: Port) -> web.StreamResponse:
    """The launcher script, which any page may include; whether the frame opens is the bot's to say."""
    response = _static(request, _files()["widget.js"], TYPES[".js"])
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


async def theme(request: web.Request, port: Port) -> web.StreamResponse:
    """A bot's colours and its ``theme.css``, as a stylesheet."""
    return _static(request, css(port.bot(request.match_info["bot"])).encode(), TYPES[".css"])


async def favicon(request: web.Request, port: Port) -> web.StreamResponse:
    return _static(request, _files()["icon.svg"], TYPES[".svg"])


async def robots(request: web.Request, port: Port) -> web.StreamResponse:
    return web.Response(text="User-agent: *\nDisallow: /api/\nDisallow: /files/\n", headers=COMMON)


PAGES = {
    "/": page,
    "/{bot}": page,
    "/assets/{name}": asset,
    "/assets/theme/{bot}.css": theme,
    "/widget.js": widget,
    "/favicon.ico": favicon,
    "/robots.txt": robots,
}


def _policy(bot: Mapping[str, Any]) -> str:
    """Content-Security-Policy of the page. Source: W3C CSP Level 3; 'self' covers ws and wss of this host."""
    ancestors = " ".join(
        ("'self'", *(origin for origin in bot.get("allowed_origins", ()) if _is_origin(origin)))
    )
    logo = urlsplit(bot.get("logo") or "")
    images = (
        f"'self' data: blob: {logo.scheme}://{logo.netloc}"
        if logo.scheme == "https"
        else "'self' data: blob:"
    )
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            f"img-src {images}",
            "media-src 'self' blob:",
            f"frame-ancestors {ancestors}",
            "base-uri 'none'",
            "form-action 'self'",
            "object-src 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types trunkline",
        )
    )


def _is_origin(text: str) -> bool:
    """Nothing that could end the directive gets into the header."""
    return re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+", text) is not None


@cache
def _files() -> dict[str, bytes]:
    return {
        path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix in {".js", ".css", ".svg"}
    }


@cache
def _page_template() -> Template:
    return Template((FOLDER / "index.html").read_text("utf-8"))


def _static(request: web.Request, body: bytes, content_type: str) -> web.Response:
    tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    headers = {**COMMON, "ETag": tag}
    if tag in request.headers.get("If-None-Match", ""):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, headers={**headers, "Content-Type": content_type})


def _sorry(refused: Refused) -> web.Response:
    """What a person sees who asks for a bot that is not there, or is broken."""
    text = Template((FOLDER / "sorry.html").read_text("utf-8")).substitute(
        message=html.escape(refused.message)
    )
    policy = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    headers = {**COMMON, "Content-Security-Policy": policy, "X-Trunkline-Error": refused.code}
    return web.Response(status=refused.status, text=text, content_type="text/html", headers=headers)
