"""The inside of texts: escapes and ``${…}`` in strings and raw blocks."""

from __future__ import annotations

import re

from interpreter.tokens import Hole, Raw

Wrong = tuple[str, int, str, str]
"""What is wrong with a text: code, offset, message, hint."""

MAX_HOLE = 4_000
"""Characters of one ``${…}``."""

_TEXT = {
    '"': re.compile(r'[^"\\$]+'),
    "”": re.compile(r"[^”\\$]+"),
    "'": re.compile(r"[^'\\$\n]+"),
    "’": re.compile(r"[^’\\$\n]+"),
}
_HOLE_MARK = re.compile(r"""[{}"'\n]""")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\", '"': '"', "'": "'"}


def string_parts(
    source: str, position: int, end: int, close: str
) -> tuple[list[str | Hole], int, Wrong | None]:
    """Texts and holes up to ``close``; the position behind it, or -1; what is wrong with a hole."""
    text = _TEXT[close]
    parts: list[str | Hole] = []
    problem: Wrong | None = None
    while position < end:
        if found := text.match(source, position, end):
            parts.append(found[0])
            position = found.end()
            continue
        char = source[position]
        if char == close:
            return parts, position + 1, problem
        if char == "\\":
            following = source[position + 1 : min(position + 2, end)]
            if following == "$" and source.startswith("${", position + 1):
                parts.append("${")
                position += 3
                continue
            parts.append(_ESCAPES.get(following, "\\" + following))
            position += 2
        elif char == "$":
            if problem is not None:  # one report is enough, and looking again would not be linear
                parts.append("$")
                position += 1
                continue
            position, part, problem = hole(source, position, end)
            parts.append(part)
        else:  # a newline inside an apostrophe string
            return parts, -1, None
    return parts, -1, None


def hole(source: str, at: int, end: int) -> tuple[int, str | Hole, Wrong | None]:
    """``${expr}`` at ``at``; a ``$`` that opens nothing is itself."""
    if not source.startswith("${", at):
        return at + 1, "$", None
    if source.startswith("${{", at):
        return at + 3, "${{", None
    depth, position = 1, at + 2
    end = min(end, at + MAX_HOLE)
    while found := _HOLE_MARK.search(source, position, end):
        mark, position = found[0], found.end()
        if mark == "\n":
            break
        if mark == "{":
            depth += 1
        elif mark == "}":
            depth -= 1
            if depth == 0:
                return position, Hole(at + 2, position - 1), None
        else:
            closing = source.find(mark, position, end)
            if closing >= 0 and "\n" in source[position:closing]:
                closing = -1
            if closing >= 0:
                position = closing + 1
            elif mark == '"':
                break
    hint = "Close it with }, or write \\${ for the two characters themselves"
    return at + 2, "${", ("unclosed-interpolation", at, "This ${ is never closed", hint)


def raw_parts(source: str, start: int, end: int) -> tuple[Raw, Wrong | None]:
    lines: list[tuple[int, int]] = []
    position = start
    while position < end:
        stop = source.find("\n", position, end)
        stop = end if stop < 0 else stop
        lines.append((position, stop))
        position = stop + 1
    indents = [len(text) - len(text.lstrip(" \t")) for a, b in lines if (text := source[a:b]).strip()]
    indent = min(indents, default=0)
    parts: list[str | Hole] = []
    problem: Wrong | None = None
    for index, (first, stop) in enumerate(lines):
        if index:
            parts.append("\n")
        position = min(first + indent, stop)
        while position < stop:
            dollar = source.find("${", position, stop)
            if dollar < 0 or problem is not None:
                parts.append(source[position:stop].rstrip())
                break
            if dollar > position and source[dollar - 1] == "\\":
                parts.append(source[position : dollar - 1] + "${")
                position = dollar + 2
                continue
            parts.append(source[position:dollar])
            position, part, problem = hole(source, dollar, end)
            parts.append(part)
    return Raw(parts), problem


def mail_parts(parts: list[str | Hole]) -> tuple[list[str | Hole], list[str | Hole]]:
    """Subject and body of a BEGIN MAIL block: a first line ``Subject: …`` and the empty line behind it."""
    first = parts[0] if parts else ""
    if isinstance(first, Hole) or not first.casefold().startswith("subject:"):
        return [], parts
    end = parts.index("\n") if "\n" in parts else len(parts)
    subject = [first[len("subject:") :].lstrip(), *parts[1:end]]
    body = parts[end + 1 :]
    while body and body[0] in ("", "\n"):
        body = body[1:]
    return subject, body
