"""Buttons and lists: Twilio shows them only from a Content resource.

A resource is made once per *shape* (kind, number of options, lines of text) and found again by the shape's
hash; the words travel as variables. So an account needs a handful of resources, whatever its scripts say.

Source: https://www.twilio.com/docs/content/twilio-quick-reply, …/twiliolist-picker, and error 21656: a
variable of the body may not be empty nor hold a line break, a tab or more than four spaces in a row.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MAX_LINES = 60  # variables of a body; longer menus are sent as numbered text


@dataclass(frozen=True, slots=True)
class Menu:
    """A Content resource to create, and the variables with which it is sent."""

    request: Mapping[str, Any]
    variables: str
    key: str


def menu(body: str, kind: str, options: Sequence[Mapping[str, str]], button: str) -> Menu | None:
    """*body* with *options* as a ``quick-reply`` or a ``list-picker``; None if it does not fit into one."""
    lines = [line.strip() for line in body.split("\n")]
    values = [line for line in lines if line]
    if not values or len(values) > MAX_LINES:
        return None
    numbers = iter(range(1, len(values) + 1))
    template = "\n".join(f"{{{{{next(numbers)}}}}}" if line else "" for line in lines)
    first = len(values) + 1
    slots = [
        (f"{{{{{first + 2 * place}}}}}", f"{{{{{first + 2 * place + 1}}}}}") for place in range(len(options))
    ]
    values += [option[field] for option in options for field in ("title", "id")]
    types = {f"twilio/{kind}": _type(kind, template, slots, button)}
    digest = hashlib.sha256(json.dumps(types, sort_keys=True).encode()).hexdigest()
    request = {
        "friendly_name": f"trunkline {kind} {digest[:12]}",
        "language": "en",
        "variables": {str(place): "…" for place in range(1, len(values) + 1)},
        "types": types,
    }
    return Menu(request, _variables(values), f"content:{digest}")


def _type(kind: str, body: str, slots: Sequence[tuple[str, str]], button: str) -> dict[str, Any]:
    if kind == "quick-reply":
        return {"body": body, "actions": [{"type": "QUICK_REPLY", "title": t, "id": i} for t, i in slots]}
    return {"body": body, "button": button, "items": [{"item": title, "id": id} for title, id in slots]}


def _variables(values: Sequence[str]) -> str:
    cleaned = {
        str(place): re.sub(r" {5,}", "    ", value.replace("\t", " "))
        for place, value in enumerate(values, 1)
    }
    # Twilio has been seen to stumble over a plain apostrophe in this string.
    return json.dumps(cleaned).replace("'", "\\u0027")
