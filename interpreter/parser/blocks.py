"""Lists of statements, and recovery: an error costs its statement, not the rest of the file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from interpreter import tree
from interpreter.parser import habits
from interpreter.parser.jumps import Jumps
from interpreter.parser.statements import STATEMENTS, Out
from interpreter.parser.stream import LINE_ENDS, MAX_BLOCK_DEPTH, Abandon, Fault, Unsupported
from interpreter.tokens import Token, fold

Read = TypeVar("Read")

_ENDED = frozenset(("IF", "FOR", "WHILE", "DO", "SUB", "FUNCTION", "SELECT", "SWITCH", "WITH", "TRY", "ON"))
_PROCEDURES = ("SUB", "FUNCTION")
# A closing word that was probably meant for this kind of block.
_CONFUSED = (
    frozenset(("NEXT", "END FOR", "WEND", "END WHILE", "LOOP", "END DO")),
    frozenset(("END SELECT", "END SWITCH")),
    frozenset(("END SUB", "END FUNCTION")),
)
_OPENERS = {
    "NEXT": "FOR", "END FOR": "FOR", "WEND": "WHILE", "LOOP": "DO", "ELSE": "IF", "CASE": "SELECT CASE",
    "DEFAULT": "SWITCH", "CATCH": "TRY", "}": "{",
}  # fmt: skip
_ANY_NUMBER = 100  # parameters of a procedure that could not be read: calls of it are not judged
_UNDERSTOOD = 3  # tokens of a statement after which it is a mistake rather than prose


@dataclass(slots=True)
class Open:
    """A block that is being read: its word, where it began, and what may end or divide it."""

    kind: str
    token: Token
    closers: tuple[str, ...]
    dividers: tuple[str, ...] = ()
    ended: bool = False  # its end was meant, and reported

    def takes(self, closer: str) -> bool:
        return closer in self.closers or closer in self.dividers


class Blocks(Jumps):
    """Reads lists of statements up to the word that ends them."""

    open: list[Open]
    good: int  # statements read without an error
    foreign: int  # lines that look like prose or another language
    procedures: dict[str, tree.Procedure]
    cut_short: bool  # the statement just read is a block that was never closed
    absent: set[tuple[str, ...]]  # END lines that do not occur in the rest of the file
    excused: str  # a closing word that is not reported again: its opening word was
    whole_if: int  # line of the last IF that was complete on its line

    # --- lists of statements --------------------------------------------------------------------------------

    def in_block(self) -> bool:
        return bool(self.open) and self.open[-1].kind not in _PROCEDURES

    def top_level(self) -> list[tree.Statement]:
        """Everything up to the end of the text."""
        out: Out = []
        while True:
            self.skip_ends()
            if self.tok.kind == "end":
                return out
            if (closer := self.closer()) is not None:
                self._stray(closer)
            else:
                self.guarded(out)

    def block(self, opened: Open) -> tuple[list[tree.Statement], bool]:
        """Statements up to one of the block's closing or dividing words, which stays; False: none came."""
        out: Out = []
        if len(self.open) >= MAX_BLOCK_DEPTH:
            message = f"Blocks are nested more than {MAX_BLOCK_DEPTH} levels deep"
            hint = "Put the inner ones into a SUB"
            self.report(Fault("too-deep", message, opened.token.line, opened.token.column, hint))
            raise Abandon
        self.open.append(opened)
        try:
            while True:
                self.skip_ends()
                if self.tok.kind == "end":
                    self._unclosed(opened, None, out)
                    return out, False
                closer = self.closer()
                if closer is None:
                    if self._misnamed_end(opened):
                        return out, False
                    if self.tok.key in _PROCEDURES and self._defines():
                        ended = out and isinstance(out[-1], tree.Exit) and out[-1].what == "script"
                        if ended or opened.kind not in _PROCEDURES:  # END was meant to be END SUB
                            self._unclosed(opened, self.tok, out)
                            return out, False
                    self.guarded(out)
                elif opened.takes(closer):
                    return out, True
                elif any(outer.takes(closer) for outer in self.open[:-1]):
                    self._unclosed(opened, self.tok, out)
                    return out, False
                elif any(closer in group and opened.closers[0] in group for group in _CONFUSED):
                    hint = f"{opened.kind} in line {opened.token.line} is closed by {opened.closers[0]}"
                    message = f"{closer} does not close {opened.kind}"
                    self.report(Fault("stray-end", message, self.tok.line, self.tok.column, hint))
                    self.skip_line()
                    return out, False
                else:
                    self._stray(closer)
        finally:
            self.open.pop()

    def _defines(self) -> bool:
        return self.peek().kind == "word" and self.peek(2).key in ("(", "\n", "\0", "AS")

    def closer(self) -> str | None:
        """The closing or dividing word at the current token, with ``END`` and its word as one."""
        key = self.tok.key
        if key == "END":
            word = self.tokens[self.index + 1].key
            return f"END {word}" if word in _ENDED else None
        if key not in ("NEXT", "WEND", "LOOP", "CATCH", "ELSE", "CASE", "DEFAULT", "OTHERWISE", "}"):
            return None
        after = self.tokens[self.index + 1].key
        if after in (".", "+=", "-=", "*=", "/=") or (after == "=" and key != "CASE"):
            return None
        if key == "CASE" and after == "=":
            return None if self.tokens[self.index + 2].kind in ("string", "number", "word") else "CASE"
        if key in ("DEFAULT", "OTHERWISE"):
            return "DEFAULT" if after in ("\n", "\0", ":", ";") else None
        return key

    def _misnamed_end(self, opened: Open) -> bool:
        """``END FOREACH``: reports it, and takes it for the end that was meant."""
        tok, word = self.tok, self.peek()
        if tok.key != "END" or self.peek(2).key not in LINE_ENDS:
            return False
        if opened.kind not in habits.ENDS.get(word.key, ()):
            return False
        hint = f"{opened.kind} in line {opened.token.line} is closed by {opened.closers[0]}"
        message = f"END {word.text} does not close {opened.kind}"
        self.report(Fault("stray-end", message, tok.line, tok.column, hint))
        self.skip_line()
        return True

    def _unclosed(self, opened: Open, at: Token | None, body: Out | None = None) -> None:
        self.cut_short = True
        where = "" if at is None else f" before {self.describe_closer(at)} in line {at.line}"
        token, end = opened.token, opened.closers[0]
        message = f"{opened.kind} is not closed{where}"
        hint = f"Add {end}" + (f" before line {at.line}" if at is not None else self._by_indentation(token))
        if opened.kind == "WHILE" and not body and len(self.open) > 1 and self.open[-2].kind == "DO":
            hint = "A DO loop ends with  LOOP WHILE condition"
            self.open[-2].ended = True
        elif opened.ended:
            return
        last = body[-1] if body else None
        if isinstance(last, tree.Exit) and last.what == "script" and end.startswith("END "):
            hint = f"END alone ends the whole script: write {end} in line {last.line}"
        self.report(Fault("unclosed-block", message, token.line, token.column, hint))

    def _by_indentation(self, opener: Token) -> str:
        """Where the end of a block is missing, if the lines are indented."""
        lines = self.source.splitlines()
        depth = _indent(lines[opener.line - 1])
        inside = False
        for number, text in enumerate(lines[opener.line :], opener.line + 1):
            words = text.split()
            if not words or words[0].startswith(("'", "#", "//")):
                continue
            if _indent(text) > depth:
                inside = True
            elif not inside:
                return ""
            elif words[0].upper().rstrip(":") not in ("ELSE", "ELSEIF", "ELIF", "CASE", "CATCH", "}"):
                return f" before line {number}"
        return " at the end of the file" if inside else ""

    def describe_closer(self, at: Token) -> str:
        return self.closer() or at.text

    def _stray(self, closer: str) -> None:
        tok = self.tok
        opener = _OPENERS.get(closer, closer.removeprefix("END "))
        if closer == self.excused:
            self.excused = ""
            self.skip_line()
            return
        message = f"{closer} without {opener}"
        self.report(Fault("stray-end", message, tok.line, tok.column, self._why_stray(closer)))
        if closer == "ELSE":
            self.excused = "END IF"
        self.skip_line()

    def _why_stray(self, closer: str) -> str:
        if closer in ("ELSE", "END IF") and self.whole_if:
            why = "because a statement follows its THEN: move that statement to the next line"
            return f"The IF of line {self.whole_if} ends on its line, {why}"
        if closer == "LOOP" and self.peek().kind == "number":
            return f"Write  FOR i = 1 TO {self.peek().text} … NEXT"
        if self.open:
            inner = self.open[-1]
            return f"The innermost open block is {inner.kind} in line {inner.token.line}"
        opener = _OPENERS.get(closer, closer.removeprefix("END "))
        return f"Remove this line, or add the {opener} that it should close"

    def foreign_procedure(self, tok: Token) -> None:
        word = self.peek()
        if habits.STATEMENT.get(tok.key) != habits.STATEMENT["DEF"] or word.kind != "word":
            return
        parameters = [str(number) for number in range(_ANY_NUMBER)]
        node = tree.Procedure(tok.line, tok.column, "function", fold(word.text), word.text, parameters, [])
        self.procedures.setdefault(node.name, node)

    def guarded(self, out: Out) -> None:
        """One statement and its end; an error is noted and the statement skipped."""
        start = self.index
        try:
            self.cut_short = False
            self.statement(out)
            if not self.cut_short:
                self.end_statement()
            self.cut_short = False
            self.good += 1
        except Unsupported as fault:
            foreign = self._looks_foreign(start)
            self.foreign += foreign
            self.good += not foreign
            self.recover(fault)
            self._skip_construct(fault)
        except Fault as fault:
            self.foreign += self._looks_foreign(start)
            self.recover(fault)
        except RecursionError:
            tok = self.tokens[start]
            message = "This statement is nested too deeply"
            self.recover(Fault("expression-too-deep", message, tok.line, tok.column))

    def recover(self, fault: Fault) -> None:
        self.depth = 0
        self.report(fault)
        self.skip_line()

    def header(self, read: Callable[[], Read]) -> Read | None:
        """Reads a block's first line; its error does not cost the block."""
        try:
            return read()
        except Fault as fault:
            self.recover(fault)
            return None

    def _looks_foreign(self, start: int) -> bool:
        """Whether the line at ``start`` is prose or another language rather than a mistake."""
        tokens = self.tokens
        first = tokens[start]
        if first.kind in ("op", "bad"):
            return first.text[:1] not in ('"', "'")
        if first.key in STATEMENTS and self.index - start >= _UNDERSTOOD and tokens[start + 1].key != "\n":
            return False
        index, run = start, 0
        while tokens[index].kind == "word":
            index += 1
            run += 1
        return run >= (
            5 if first.key in STATEMENTS or first.key in ("IF", "FOR", "WHILE", "WITH", "DO") else 3
        )

    def _skip_construct(self, fault: Unsupported) -> None:
        """Past the END line or the further lines of a construct that is not built."""
        entry = fault.entry
        if entry.ends:
            index = self.end_line(entry.ends)
            if index is not None:
                self.move(index)
                self.skip_line()
                return
            if not entry.inner:
                line, column = fault.diagnostic.line, fault.diagnostic.column
                hint = f"Add {entry.ends[0]}"
                self.report(Fault("unclosed-block", "This block is never closed", line, column, hint))
                self.move(len(self.tokens) - 1)
                return
        while self.tok.key == "\n":
            word, after = self.peek().key, self.peek(2).key
            ends_inner = word == "END" and after in entry.inner
            if word not in entry.inner | entry.continued_by and not ends_inner:
                return
            if after in ("=", ".", "+="):
                return
            self.move(self.index + 1)
            self.skip_line()

    def end_line(self, ends: tuple[str, ...]) -> int | None:
        """The index of the next line that begins with one of these."""
        if ends in self.absent:
            return None
        tokens = self.tokens
        endings = [tuple(end.split()) for end in ends]
        for index in range(self.index, len(tokens)):
            if tokens[index - 1].key == "\n" and any(
                tuple(token.key for token in tokens[index : index + len(words)]) == words for words in endings
            ):
                return index
        self.absent.add(ends)
        return None


def _indent(line: str) -> int:
    text = line.expandtabs(4)
    return len(text) - len(text.lstrip())
