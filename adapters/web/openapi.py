"""``/api/openapi.json``: OpenAPI 3.1, made from the very structs that the handlers read and write."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version
from typing import Any

import msgspec
from aiohttp import web

from adapters.web.wire import (
    ChatAnswer,
    ChatInput,
    ErrorAnswer,
    LogAnswer,
    SessionAnswer,
    SessionInput,
    SessionView,
    TicketAnswer,
    UploadAnswer,
)
from trunkline import Message, Port, answer_headers

STRUCTS = (
    ChatAnswer, ChatInput, ErrorAnswer, LogAnswer, Message, SessionAnswer, SessionInput, SessionView,
    TicketAnswer, UploadAnswer,
)  # fmt: skip
ALWAYS = (400, 401, 403, 429, 503)  # what every endpoint that looks at a token may answer
BODY = (408, 413, 415, 422)  # and one that reads a body
BEARER: list[dict[str, list[str]]] = [{"token": []}]
PART: dict[str, Any] = {
    "type": "object",
    "required": ["type"],
    "description": "What a plain channel cannot show. Readers ignore the types that they do not know.",
    "properties": {
        "type": {
            "type": "string",
            "examples": ["suggestions", "formatted", "image", "audio", "video", "file"],
        },
        "prompt": {"type": "string", "description": "Of suggestions: goes back with the choice."},
        "options": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "title"],
                "properties": {"id": {"type": "string"}, "title": {"type": "string"}},
            },
        },
        "html": {"type": "string", "description": "Of formatted: the text as sanitised HTML."},
        "url": {"type": "string", "description": "Of a file: signed, valid for an hour."},
        "name": {"type": "string"},
        "mime": {"type": "string"},
        "size": {"type": "integer", "description": "bytes"},
    },
}


async def serve(request: web.Request, port: Port) -> web.StreamResponse:
    body = _encoded()
    return web.Response(body=body, content_type="application/json", headers=answer_headers(request))


@cache
def _encoded() -> bytes:
    return msgspec.json.encode(document())


def document() -> dict[str, Any]:
    """The whole document, as plain data."""
    _, schemas = msgspec.json.schema_components(STRUCTS, ref_template="#/components/schemas/{name}")
    schemas["Message"]["properties"]["parts"] = {"type": "array", "items": PART}
    for schema in schemas.values():
        schema["description"] = schema.get("description", "").replace("``", "`")
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Trunkline",
            "version": version("trunkline"),
            "description": "Hold a conversation with a bot. The WebSocket is `GET /ws`.",
        },
        "paths": _paths(),
        "components": {
            "schemas": schemas,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _paths() -> dict[str, Any]:
    after, limit = _number("after", "query", 0, 0), _number("limit", "query", 100, 1, 500)
    return {
        "/api/session": {
            "post": _operation(
                "openSession",
                "Start a session",
                body=SessionInput,
                is_body_optional=True,
                answers={201: SessionAnswer},
                refusals=(*ALWAYS, *BODY, 404),
                security=[*BEARER, {}],
            ),
            "get": _operation("showSession", "The session", answers={200: SessionView}),
            "delete": _operation("endSession", "End the session; its tokens die", answers={204: None}),
        },
        "/api/chat": {
            "post": _operation(
                "postMessage",
                "Send a text, a choice or files; answered when the run rests",
                body=ChatInput,
                answers={200: ChatAnswer},
                refusals=(*ALWAYS, *BODY, 404, 409),
            ),
            "get": _operation(
                "readLog",
                "The log, oldest first",
                answers={200: LogAnswer},
                refusals=(*ALWAYS, 422),
                parameters=[after, limit],
            ),
        },
        "/api/chat/events": {
            "get": _operation(
                "streamLog",
                "The log as server-sent events: `id` is seq, `data` a Message",
                answers={200: "text/event-stream"},
                refusals=(*ALWAYS, 422),
                parameters=[_number("Last-Event-ID", "header", 0, 0), after],
            ),
        },
        "/api/chat/upload": {
            "post": _operation(
                "uploadFile",
                "Keep a file for a message",
                body="multipart/form-data",
                answers={201: UploadAnswer},
                refusals=(*ALWAYS, *BODY),
            ),
        },
        "/api/ws-ticket": {
            "post": _operation(
                "issueTicket", "A one-time ticket for the WebSocket", answers={201: TicketAnswer}
            ),
        },
        "/ws": {
            "get": _operation(
                "openSocket",
                "The WebSocket; offer the subprotocols `trunkline.v1` and `ticket.<ticket>`",
                answers={101: None},
                parameters=[_text("Sec-WebSocket-Protocol", "header")],
                security=[],
            ),
        },
        "/files/{id}": {
            "get": _operation(
                "downloadFile",
                "A file by its signed URL",
                answers={200: "application/octet-stream"},
                refusals=(403, 404, 503),
                parameters=[_text("id", "path"), _text("exp", "query"), _text("sig", "query")],
                security=[],
            ),
        },
        "/healthz": {"get": _plain("isAlive", "Whether the server listens")},
        "/readyz": {"get": _plain("isReady", "Whether it can do its work, and what keeps it from that", 503)},
        "/api/openapi.json": {"get": _plain("describe", "This document")},
    }


def _operation(
    name: str,
    summary: str,
    *,
    answers: dict[int, type[msgspec.Struct] | str | None],
    refusals: tuple[int, ...] = ALWAYS,
    body: type[msgspec.Struct] | str | None = None,
    is_body_optional: bool = False,
    parameters: list[dict[str, Any]] | None = None,
    security: list[dict[str, list[str]]] = BEARER,
) -> dict[str, Any]:
    responses = {str(status): _response(content) for status, content in answers.items()}
    responses |= {
        str(status): {"description": "Refused", "content": _json(ErrorAnswer)} for status in refusals
    }
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "responses": responses,
        "security": security,
    }
    if parameters:
        operation["parameters"] = parameters
    if isinstance(body, str):
        file = {
            "type": "object",
            "required": ["file"],
            "properties": {"file": {"type": "string", "format": "binary"}},
        }
        operation["requestBody"] = {"required": True, "content": {body: {"schema": file}}}
    elif body is not None:
        operation["requestBody"] = {"required": not is_body_optional, "content": _json(body)}
    return operation


def _plain(name: str, summary: str, *otherwise: int) -> dict[str, Any]:
    """An operation for anybody whose answer is an object, whatever its status."""
    answers: dict[int, type[msgspec.Struct] | str | None] = dict.fromkeys(
        (200, *otherwise), "application/json"
    )
    operation = _operation(name, summary, answers=answers, refusals=(), security=[])
    for response in operation["responses"].values():
        response["content"]["application/json"]["schema"] = {"type": "object"}
    return operation


def _response(content: type[msgspec.Struct] | str | None) -> dict[str, Any]:
    if content is None:
        return {"description": "Done"}
    media = {content: {"schema": {"type": "string"}}} if isinstance(content, str) else _json(content)
    return {"description": "Done", "content": media}


def _json(struct: type[msgspec.Struct]) -> dict[str, Any]:
    return {"application/json": {"schema": {"$ref": f"#/components/schemas/{struct.__name__}"}}}


def _number(name: str, place: str, default: int, low: int, high: int | None = None) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "integer", "default": default, "minimum": low}
    if high is not None:
        schema["maximum"] = high
    return {"name": name, "in": place, "required": False, "schema": schema}


def _text(name: str, place: str) -> dict[str, Any]:
    return {"name": name, "in": place, "required": True, "schema": {"type": "string"}}
