"""Text to syntax tree, with every error of the file.

    Stream -> Expressions -> Operands -> Phrases -> Words -> HearForms
    -> Statements -> Jumps -> Blocks -> Compound -> Procedures -> Headers -> Declarations -> Parser

Each layer reads one kind of thing and uses those before it.
"""

from __future__ import annotations

from contextlib import suppress

from interpreter import catalogue
from interpreter.errors import Diagnostic
from interpreter.keywords import INTERPRETER_KEYWORDS, KeywordTable
from interpreter.lexer import Lexer
from interpreter.parser.codes import CODES, ERRORS, WARNINGS
from interpreter.parser.declarations import Declarations
from interpreter.parser.stream import Abandon
from interpreter.parser.survey import survey
from interpreter.tokens import Token, normalise
from interpreter.tree import Script

MAX_SOURCE = 1_048_576
"""Characters of a script (UTF-8 bytes are checked too)."""

_CATALOGUE_WORDS = frozenset(entry.phrase.split()[-1] for entry in catalogue.ENTRIES.values())
_OWN_WORDS = frozenset(keyword.phrase.split()[-1] for keyword in INTERPRETER_KEYWORDS)


class Parser(Declarations):
    """One run over one script."""

    def __init__(self, source: str, tokens: list[Token], keywords: KeywordTable) -> None:
        super().__init__(source, tokens, keywords)
        self.assigned, self.procedure_names = survey(tokens)
        self.loops = []
        self.procedure = ""
        self.open = []
        self.good = 0
        self.foreign = 0
        self.procedures = {}
        self.cut_short = False
        self.absent = set()
        self.excused = ""
        self.whole_if = 0
        self.parameters = []
        self.parameter_names = set()
        self.declarations = []
        self.description = ""
        self.sections = 0
        self.returned = self.reopened = False
        self.described_at = 0


def parse(name: str, source: str, keywords: KeywordTable) -> tuple[Script, list[Diagnostic]]:
    """The tree of a script and everything that is wrong with it. Never raises, whatever the text.

    :param name: the file's stem.
    :param keywords: what the release has; the interpreter's own are added.
    """
    script = Script(name.casefold(), [])
    if len(source) > MAX_SOURCE or len(source.encode(errors="replace")) > MAX_SOURCE:
        hint = "Split it, and CALL one part from another"
        return script, [_error("script-too-large", "A script may have at most 1 MB", hint=hint)]
    text = normalise(source)
    openers = _CATALOGUE_WORDS | _OWN_WORDS | {keyword.phrase.split()[-1] for keyword in keywords}
    tokens = Lexer(text, openers=openers).run()
    parser = Parser(text, tokens, keywords)
    with suppress(Abandon):
        script.body = parser.top_level()
    script.procedures = parser.procedures
    script.parameters = parser.parameters
    script.description = parser.description
    script.declarations = parser.declarations
    if (refusal := _not_a_script(parser)) is not None:
        return script, [refusal]
    return script, sorted(parser.diagnostics, key=lambda finding: (finding.line, finding.column))


def _not_a_script(parser: Parser) -> Diagnostic | None:
    """The one finding about a file that was never meant as a program."""
    if parser.good == 0 and not parser.diagnostics:
        return _error("not-a-script", "The file contains no statement", hint='A first one:  TALK "Hello"')
    if parser.foreign > parser.good:
        hint = "Scripts consist of statements such as TALK, HEAR and IF; texts stand in quotation marks"
        return _error("not-a-script", "This is text, not a script", hint=hint)
    if parser.sections:
        hint = "Put each part, with its own DESCRIPTION and PARAMs, into a file of its own"
        return _error("not-a-script", "This file is a collection of several programs", hint=hint)
    return None


def _error(code: str, message: str, *, hint: str = "") -> Diagnostic:
    return Diagnostic(severity="error", code=code, message=message, line=1, column=1, hint=hint)


__all__ = ("CODES", "ERRORS", "MAX_SOURCE", "WARNINGS", "parse")
