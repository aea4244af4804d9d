"""The token stream that the parser's parts share: looking ahead, expecting, reporting, recovering."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections.abc import Iterable
from typing import NoReturn

from interpreter import tree
from interpreter.catalogue import Entry
from interpreter.errors import Diagnostic
from interpreter.keywords import KeywordTable
from interpreter.tokens import Problem, Token, fold, words

MAX_EXPRESSION_DEPTH = 64
MAX_BLOCK_DEPTH = 16
MAX_DIAGNOSTICS = 100

STATEMENT_ENDS = frozenset(("\n", "\0", ";", ":", "}"))
LINE_ENDS = frozenset(("\n", "\0"))

# Words that join operands or parts of a statement: a name before one of them stands alone.
INFIX_WORDS = words(
    "AND OR XOR MOD IN IS LIKE CONTAINS STARTS ENDS BETWEEN THEN ELSE TO STEP AS DO LAST WITH DEFAULT GOTO "
    "BY OPTIONAL REQUIRED ENUM DESCRIPTION UNTIL WHILE WHERE FROM FOR INTO"
)
# Words that can never be a value.
RESERVED = words("AND OR XOR MOD THEN ELSE TO STEP AS IN IS LIKE ENDS WEND ENDIF")
# What people of other languages write behind a value, and what they can write here.
_TRAILING = {
    "IF": "Write  IIF(condition, value if true, value if false)",
    "FOR": "Fill the list in a loop:  FOR EACH item IN items,  PUSH list, item,  NEXT",
    ":": "A part is  MID(text, start, length)  or  SLICE(list, first, last)",
    "{": "Blocks have no braces: they end with a line such as END IF, NEXT or END FUNCTION",
    "=": "A comparison is a single =",
    "WHERE": "A condition follows WHERE:  WHERE total > 5",
}


class Fault(Exception):
    """An error in the statement that is being read; caught where reading can go on."""

    def __init__(self, code: str, message: str, line: int, column: int, hint: str = "") -> None:
        self.diagnostic = Diagnostic(
            severity="error", code=code, message=message, line=line, column=column, hint=hint
        )
        super().__init__(message)


class Unsupported(Fault):
    """A keyword that is known and no part of Trunkline."""

    entry: Entry


class Abandon(Exception):
    """The rest of the file is not read: too many errors, or nesting that no one meant."""


def plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def nearest(word: str, candidates: Iterable[str]) -> str:
    """``Did you mean X?`` for the candidate closest to ``word``; empty if none is close."""
    found = difflib.get_close_matches(word.upper()[:40], {c.upper() for c in candidates}, n=1, cutoff=0.7)
    return f"Did you mean {found[0]}?" if found else ""


class Stream:
    """One script's tokens and the position in them."""

    def __init__(self, source: str, tokens: list[Token], keywords: KeywordTable) -> None:
        self.source = source
        self.tokens = tokens
        self.keywords = keywords
        self.index = 0
        self.tok = tokens[0]
        self.diagnostics: list[Diagnostic] = []
        self.depth = 0
        self.holes = 0  # interpolations around the current token
        self.inline = 0  # single-line IFs around the current token: ELSE ends a statement there
        self._line_starts: list[int] | None = None
        self.assigned: frozenset[str] = frozenset()
        self.procedure_names: frozenset[str] = frozenset()

    # --- looking and moving ---------------------------------------------------------------------------------

    def peek(self, ahead: int = 1) -> Token:
        index = self.index + ahead
        return self.tokens[index] if index < len(self.tokens) else self.tokens[-1]

    def advance(self) -> Token:
        """The current token; the next one becomes current."""
        token = self.tok
        if token.kind == "bad":
            self.fail_bad(token)
        if token.kind == "end":
            return token
        self.index += 1
        self.tok = self.tokens[self.index]
        return token

    def move(self, index: int) -> None:
        self.index = index
        self.tok = self.tokens[index]

    def accept(self, key: str) -> Token | None:
        """The current token if it is this word or operator, and moves on."""
        return self.advance() if self.tok.key == key else None

    def expect(self, key: str, where: str, hint: str) -> Token:
        if self.tok.key != key:
            self.fail(f"Expected {key} {where}, but found {self.describe()}", hint=hint)
        return self.advance()

    def ends_statement(self) -> bool:
        key = self.tok.key
        return key in STATEMENT_ENDS or (key == "ELSE" and self.inline > 0)

    def end_statement(self) -> None:
        """Checks that the statement is complete; does not move past its end."""
        if not self.ends_statement():
            self.fail(
                f"Expected the end of the statement, but found {self.describe()}", hint=self.hint_for_extra()
            )

    def hint_for_extra(self) -> str:
        """Why something stands behind what was a whole statement or value already."""
        tok = self.tok
        before = self.tokens[self.index - 1] if self.index else tok
        adjoins = before.start + len(before.text) == tok.start
        if before.kind == "string" and tok.kind in ("string", "word") and adjoins:
            if before.text.startswith("'"):
                return "A text with an apostrophe in it stands in double quotation marks"
            if tok.kind == "string":
                return 'Inside a text, write \\" for a quotation mark'
        if tok.kind == "string" and adjoins and before.key in ("F", "B", "R", "U"):
            return f"Leave the {before.text} out; a value inside a text is written ${{name}}"
        if tok.key == ".":
            return "A statement ends without a dot"
        if tok.key == "%" and adjoins:
            return "Leave the % out: names have no type mark"
        if tok.key == "," and before.kind == self.peek().kind == "number":
            return "Digits stand without commas between them: 1000"
        if tok.key == ",":
            return "Join texts and values with +; an array stands in brackets: [a, b]"
        if tok.key in _TRAILING:
            return _TRAILING[tok.key]
        if before.key == "USING":
            return 'Write  TALK FORMAT(amount, "#,##0.00")'
        if tok.kind == "word" and before.kind == "word":
            if self.index > 1 and self.tokens[self.index - 2].key == "=>":
                return "There are no functions inside expressions: use a FOR EACH loop"
            if before.key == "LAMBDA":
                return "Write a procedure:  FUNCTION name(value) … END FUNCTION"
            return f'A text is written in quotation marks:  "{before.text[:40]} {tok.text[:40]}"'
        if "string" in (tok.kind, before.kind) and tok.kind in ("string", "word", "number"):
            return "Join texts and values with +"
        return ""

    def line_begins(self, keys: tuple[str, ...]) -> bool:
        """Whether a further line begins with these words."""
        tokens = self.tokens
        return any(
            tokens[index - 1].key == "\n" and tuple(t.key for t in tokens[index : index + len(keys)]) == keys
            for index in range(self.index + 1, len(tokens))
        )

    def skip_line(self) -> None:
        """To the end of the logical line."""
        tokens, index = self.tokens, self.index
        while tokens[index].key not in LINE_ENDS:
            index += 1
        self.move(index)

    def skip_ends(self) -> None:
        """Past line ends and separators."""
        while self.tok.key in ("\n", ";", ":"):
            self.move(self.index + 1)

    def matching(self, index: int) -> int:
        """The index of the bracket that closes the one at ``index``; of the line's end if none does."""
        depth = 0
        while True:
            key = self.tokens[index].key
            if key in ("(", "[", "{", "#{"):
                depth += 1
            elif key in (")", "]", "}"):
                depth -= 1
                if depth == 0:
                    return index
            elif key in LINE_ENDS:
                return index
            index += 1

    def identifier(self, what: str, hint: str) -> Token:
        """A word that names something."""
        if self.tok.kind != "word":
            self.fail(f"Expected {what}, but found {self.describe()}", hint=hint)
        return self.advance()

    def name(self, token: Token) -> tree.Name:
        return tree.Name(token.line, token.column, fold(token.text), token.text)

    def place(self, offset: int) -> tuple[int, int]:
        """Line number of an offset, and the offset at which that line starts."""
        if self._line_starts is None:
            self._line_starts = [0, *(found.end() for found in re.finditer("\n", self.source))]
        line = bisect_right(self._line_starts, offset)
        return line, self._line_starts[line - 1]

    # --- reporting ------------------------------------------------------------------------------------------

    def describe(self, token: Token | None = None) -> str:
        token = token or self.tok
        if token.key in LINE_ENDS:
            return "the end of the line"
        if token.kind == "string":
            shown = token.text if len(token.text) <= 30 else token.text[:27] + "…"
            return f"the text {shown}".replace("\n", " ")
        if token.kind == "raw":
            return "a block of text"
        return token.text[:40]

    def fail(
        self, message: str, *, code: str = "syntax", hint: str = "", at: Token | tree.Node | None = None
    ) -> NoReturn:
        at = at or self.tok
        if isinstance(at, Token) and at.kind == "bad":
            self.fail_bad(at)
        raise Fault(code, message, at.line, at.column, hint)

    def fail_bad(self, token: Token) -> NoReturn:
        problem: Problem = token.value
        raise Fault(problem.code, problem.message, token.line, token.column, problem.hint)

    def report(self, fault: Fault) -> None:
        """Notes an error; abandons a file that has too many."""
        self.diagnostics.append(fault.diagnostic)
        if len(self.diagnostics) >= MAX_DIAGNOSTICS:
            self.give_up()

    def give_up(self) -> NoReturn:
        last = self.diagnostics[-1]
        message = f"{len(self.diagnostics)} errors so far: the rest of the file was not read"
        self.diagnostics.append(
            Diagnostic(
                severity="error", code="too-many-errors", message=message, line=last.line, column=last.column
            )
        )
        raise Abandon

    # --- what the parts need of one another -----------------------------------------------------------------

    def expression(self, level: int = 1) -> tree.Expression:
        raise NotImplementedError

    def deeper(self) -> None:
        """One level further down in an expression; pair with ``self.depth -= 1``."""
        self.depth += 1
        if self.depth > MAX_EXPRESSION_DEPTH:
            message = f"This expression is nested more than {MAX_EXPRESSION_DEPTH} levels deep"
            self.fail(message, code="expression-too-deep", hint="Keep parts of it in variables of their own")
