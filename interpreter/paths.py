"""SET and GET by a path: ``session.x``, ``user.name``, ``order.total``, a configuration key.

What a path may not be: the name of a file, an address, or anything that begins with two underscores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from interpreter import values
from interpreter.errors import BasicError, unavailable
from interpreter.lowering.analysis import HEADS, RESERVED
from interpreter.tokens import words

if TYPE_CHECKING:
    from interpreter.runtime import Run

Value = Any
LONGEST = 1000
FILE_ENDINGS = words(
    "pdf doc docx xls xlsx ppt pptx txt md csv tsv json jsonl xml yaml yml html htm png jpg jpeg gif webp "
    "svg mp3 ogg wav mp4 zip gz log bas eml ics"
)


def unknown(path: str, part: str) -> BasicError:
    return BasicError(
        f"“{path}” is no path: nothing is called “{part}”",
        code="E_NAME",
        hint="a path begins with session., user., bot., channel. or the name of a variable",
    )


def unanswered(operand: str) -> BasicError:
    shown = operand if len(operand) <= 60 else operand[:59] + "…"
    return unavailable(f"GET “{shown}”")


def segments(path: str) -> list[str]:
    """The parts of a path.

    :raises BasicError: E_NAME for an empty part or one that begins with two underscores.
    """
    parts = path.strip().split(".")
    if len(path) > LONGEST:
        raise unknown(path[:40] + "…", "")
    for part in parts:
        if not part.strip() or part.startswith("__"):
            raise unknown(path, part)
    return parts


def walk(value: Value, parts: list[str]) -> Value:
    """Follow members; "" if something on the way is missing (what GET of a path answers)."""
    for part in parts:
        value = values.get_index(value, part) if part.isdecimal() else values.get_member(value, part)
    return "" if value is None else value


def get(run: Run, operand: Value) -> Value:
    """GET of an operand known at run time only, or of a literal path."""
    text = values.to_text(operand, run.limits.string)
    if text.startswith("/") and "api-base-url" not in run.settings.config:
        hint = "set api-base-url in config.csv"
        raise BasicError(f"GET “{text[:60]}” needs the address of a server", 9002, "E_UNAVAILABLE", hint)
    if is_remote(text):
        raise unanswered(text)
    head = text.strip().partition(".")[0].casefold()
    if is_file(text) and head not in HEADS and head not in run.variables and head not in run.stored:
        raise unanswered(text)
    parts = segments(text)
    if len(parts) == 1:
        return run.recall(head)
    if head in HEADS:
        return in_context(run, head, parts)
    if head in run.variables or head in run.stored:
        return walk(run.recall(head), parts[1:])
    raise unknown(text, parts[0])


def in_context(run: Run, head: str, parts: list[str]) -> Value:
    """``session.…``: the context first, then the session's variables; the other heads are context only."""
    path = ".".join([head, *parts[1:]])
    context = run.surroundings.context
    for key in (path, path.casefold()):
        if key in context:
            return values.from_plain(context[key], run.limits)
    if head != "session":
        return None
    value = run.recall(parts[1].casefold())
    return value if len(parts) == 2 else walk(value, parts[2:])


def follow(run: Run, value: Value) -> Value:
    """GET of a variable that holds a text: an address or a context path in it is followed, else it is the answer."""
    if value.__class__ is not str:
        return value
    head, dot, _ = value.partition(".")
    if is_remote(value) or (dot and head.casefold() in HEADS and value.replace(".", "").isidentifier()):
        return get(run, value)
    return value


def is_remote(text: str) -> bool:
    """Whether it is an address or a service path."""
    return text.lstrip()[:8].casefold().startswith(("http://", "https://", "/"))


def is_file(text: str) -> bool:
    """Whether it names a file rather than a path to a value: ``report.pdf``, ``data/list.txt``."""
    head, dot, ending = text.rpartition(".")
    if dot and head.casefold() in HEADS:
        return False
    return "/" in text or (bool(dot) and ending.casefold() in FILE_ENDINGS)


def check_writable(run: Run, path: str) -> None:
    """:raises BasicError: E_READONLY for the context, E_NAME for what is no path."""
    parts = segments(path)
    head = parts[0].casefold()
    if len(parts) == 1:
        return
    if head in HEADS and (head != "session" or parts[1].casefold() in RESERVED or in_mapping(run, path)):
        raise BasicError(f"“{path}” can be read but not set", code="E_READONLY")
    if head not in HEADS and head not in run.variables:
        raise unknown(path, parts[0])


def in_mapping(run: Run, path: str) -> bool:
    return path.strip().casefold() in run.surroundings.context


def store(run: Run, path: str, value: Value) -> None:
    """SET of a path known at run time only."""
    check_writable(run, path)
    parts = segments(path)
    if parts[0].casefold() == "session":
        parts = parts[1:] or parts
    name = parts[0].casefold()
    if len(parts) == 1:
        values.charge_kept(run, name, value)
        run.variables[name] = value
        return
    target = run.variables.get(name)
    if target is None:
        target = run.variables[name] = values.Record()
    for part in parts[1:-1]:
        inner = values.get_member(target, part)
        if inner is None:
            inner = values.Record()
            values.set_member(run, target, part, inner)
        target = inner
    values.set_member(run, target, parts[-1], value)
