"""Calls of other services over HTTP."""

from __future__ import annotations

from core.keywords.declared import declared

_SENT = ("url [, body [, further ...]]", "url WITH body")

KEYWORDS = (
    declared("POST", *_SENT, description="Sends a body as JSON; the answer's body, with .status and .data."),
    declared("PUT", *_SENT, description="Replaces what an address names."),
    declared("PATCH", *_SENT, description="Changes a part of what an address names."),
    declared("DELETE HTTP", *_SENT, description="Deletes what an address names."),
    declared(
        "SET HEADER",
        "name , value",
        "name AS value",
        "name = value",
        result=False,
        description="A header of the HTTP calls of this run that follow.",
    ),
    declared("CLEAR HEADERS", "", result=False, description="Takes back what SET HEADER set."),
)
