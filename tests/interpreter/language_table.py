"""The host's keyword table and a few keywords more, for tests of the language alone, and trees as text."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any, Literal

from core.keywords import HOST_KEYWORDS
from interpreter.errors import Diagnostic
from interpreter.keywords import INTERPRETER_KEYWORDS, Keyword, KeywordTable
from interpreter.parser import parse
from interpreter.tree import Script


def keyword(
    phrase: str, *forms: str, result: bool = False, effect: Literal["local", "outside"] = "local"
) -> Keyword:
    return Keyword(
        phrase=phrase, forms=forms, effect=effect, result=result, handler=print, description="For tests."
    )


KEYWORDS = KeywordTable(
    (
        *INTERPRETER_KEYWORDS,
        *HOST_KEYWORDS,
        keyword("ASK SERVICE", "question TO service", "question", result=True, effect="outside"),
        keyword("TAG", "name , values ...", result=True),
        keyword("MASK", "value", result=True),
    )
)


def shape(node: Any) -> str:
    """A tree as one line: ``Talk(Name('x'))``; positions and spellings left out."""
    if isinstance(node, list):
        return f"[{', '.join(map(shape, node))}]"
    if isinstance(node, tuple):
        return f"({', '.join(map(shape, node))})"
    if isinstance(node, Keyword):
        return node.phrase
    if is_dataclass(node):
        shown = [f for f in fields(node) if f.name not in ("line", "column", "spelling")]
        return f"{type(node).__name__}({', '.join(shape(getattr(node, f.name)) for f in shown)})"
    return repr(node)


def parsed(source: str) -> tuple[Script, list[Diagnostic]]:
    return parse("test", source, KEYWORDS)


def statements(source: str) -> list[str]:
    """The statements of a script that has no errors."""
    script, findings = parsed(source)
    assert not findings, [finding.render(source, "test.bas") for finding in findings]
    return [shape(statement) for statement in script.body]


def statement(source: str) -> str:
    (one,) = statements(source)
    return one


def expression(source: str) -> str:
    """The tree of one expression."""
    return statement(f"result = {source}").removeprefix("Assign(Name('result'), '=', ").removesuffix(")")


def codes(source: str) -> list[tuple[str, int, int]]:
    return [(finding.code, finding.line, finding.column) for finding in parsed(source)[1]]
