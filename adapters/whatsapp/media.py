"""Files that people send: fetched from Twilio, which may redirect to where it keeps them.

The account's credentials go to the account's own media path at Twilio and nowhere else; the redirect is
followed without them, to known hosts only.
"""

from __future__ import annotations

import asyncio
import mimetypes
from collections.abc import Sequence
from fnmatch import fnmatchcase
from urllib.parse import urljoin, urlsplit

import aiohttp

from adapters.whatsapp.client import basic
from adapters.whatsapp.inbound import is_media_of
from adapters.whatsapp.settings import AccountSettings
from trunkline import Account, Attachment, Fetched, Refused

REDIRECTS = {301, 302, 303, 307, 308}
MAX_REDIRECTS = 3
NOT_THERE_YET = (1.0, 3.0)  # seconds between tries: a file can be 404 for a moment after its webhook
CHUNK = 65_536


class MediaUnavailable(Exception):
    """The file could not be had this time; a later try may succeed."""


async def fetch(
    session: aiohttp.ClientSession,
    attachment: Attachment,
    account: Account,
    delays: Sequence[float] = NOT_THERE_YET,
) -> Fetched:
    """The bytes of *attachment*.

    :raises Refused: never: not ours, redirected elsewhere, too large, gone.
    :raises MediaUnavailable: not now.
    """
    settings: AccountSettings = account.settings
    if not is_media_of(attachment.url, settings):
        raise Refused(403, "E_MEDIA_URL", "The file is not one of this account's.")
    try:
        for delay in (*delays, None):
            async with asyncio.timeout(4 * settings.timeout):
                fetched = await _get(session, attachment, account)
            if fetched is not None:
                return fetched
            if delay is not None:
                await asyncio.sleep(delay)
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        raise MediaUnavailable(f"{type(error).__name__} while fetching a file") from error
    raise Refused(404, "E_MEDIA_GONE", "The provider does not have the file.")


async def _get(session: aiohttp.ClientSession, attachment: Attachment, account: Account) -> Fetched | None:
    """None: the first address answered 404."""
    settings: AccountSettings = account.settings
    url, headers = attachment.url, {"Authorization": basic(*settings.credentials)}
    for hop in range(MAX_REDIRECTS + 1):
        limits = aiohttp.ClientTimeout(total=4 * settings.timeout, sock_connect=5, sock_read=settings.timeout)
        async with session.get(url, headers=headers, allow_redirects=False, timeout=limits) as answer:
            if answer.status in REDIRECTS:
                url, headers = urljoin(url, answer.headers.get("Location", "")), {}
                if not _may_redirect(url, account):
                    raise Refused(403, "E_MEDIA_URL", "The provider redirects to an unknown host.")
                continue
            if answer.status == 404 and hop == 0:
                return None
            if answer.status >= 500 or answer.status == 429:
                raise MediaUnavailable(f"the provider answered {answer.status}")
            if answer.status != 200:
                raise Refused(502, "E_MEDIA_GONE", f"The provider answered {answer.status} for the file.")
            return await _read(answer, attachment, settings.max_media_bytes)
    raise Refused(403, "E_MEDIA_URL", "The provider redirects too often.")


async def _read(answer: aiohttp.ClientResponse, attachment: Attachment, limit: int) -> Fetched:
    body = bytearray()
    if (answer.content_length or 0) > limit:
        raise Refused(413, "E_FILE_TOO_LARGE", f"The file is larger than {limit} bytes.")
    async for chunk in answer.content.iter_chunked(CHUNK):
        body += chunk
        if len(body) > limit:
            raise Refused(413, "E_FILE_TOO_LARGE", f"The file is larger than {limit} bytes.")
    mime = answer.content_type if "Content-Type" in answer.headers else attachment.mime
    named = answer.content_disposition.filename if answer.content_disposition else None
    return Fetched(body=bytes(body), name=named or f"file{mimetypes.guess_extension(mime) or ''}", mime=mime)


def _may_redirect(url: str, account: Account) -> bool:
    settings: AccountSettings = account.settings
    parsed, api = urlsplit(url), urlsplit(settings.api_base_url)
    host = (parsed.hostname or "").lower()
    if parsed.username or (parsed.scheme != "https" and not (account.dev and parsed.scheme == "http")):
        return False
    if account.dev and host == api.hostname:
        return True
    return any(fnmatchcase(host, pattern.lower()) for pattern in settings.media_hosts)
