"""Statements of one line."""

from __future__ import annotations

from collections.abc import Callable

from interpreter import catalogue, tree
from interpreter.keywords import INTERPRETER_KEYWORDS
from interpreter.parser.hear import HearForms
from interpreter.parser.stream import STATEMENT_ENDS, nearest
from interpreter.parser.words import session_path
from interpreter.tokens import Token, fold

Out = list[tree.Statement]
_ASSIGNMENTS = {"=": "=", "+=": "+", "-=": "-", "*=": "*", "/=": "/"}
_LEVELS = {
    "PRINT": "info", "LOG": "info", "LOG_INFO": "info", "LOG_WARN": "warn", "LOG_WARNING": "warn",
    "LOG_ERROR": "error", "LOG_DEBUG": "debug",
}  # fmt: skip
_SECONDS = {
    "SECOND": 1, "SECONDS": 1, "MINUTE": 60, "MINUTES": 60, "HOUR": 3600, "HOURS": 3600, "DAY": 86400,
    "DAYS": 86400,
}  # fmt: skip
# What other languages call something that this one has.
_ELSEWHERE = {
    "INPUT": "HEAR", "ASK": "HEAR", "READLINE": "HEAR", "ECHO": "TALK", "SAY": "TALK", "MSGBOX": "TALK",
    "RESPOND": "TALK", "REPLY": "TALK", "REPEAT": "DO … LOOP UNTIL", "UNTIL": "LOOP UNTIL", "DEF": "FUNCTION",
    "VAR": "LET", "CONST": "LET", "GLOBAL": "LET", "LOCAL": "DIM", "SLEEP": "WAIT", "PAUSE": "WAIT",
    "QUIT": "EXIT",
    "ENDPROC": "END SUB", "PROCEDURE": "SUB", "IMPORT": 'CALL "other.bas"', "INCLUDE": 'CALL "other.bas"',
    "PASS": "nothing at all", "EXCEPT": "CATCH", "RAND": "RANDOM",
}  # fmt: skip


class Statements(HearForms):
    """Reads one statement; blocks are added by the next layer."""

    def label(self, tok: Token, out: Out) -> None:
        """``name:`` or a line number."""
        raise NotImplementedError

    def call(self, tok: Token, out: Out, target: tree.Target | None = None) -> None:
        """``CALL`` of a script or procedure, whose result ``target`` takes."""
        raise NotImplementedError

    def statement(self, out: Out) -> None:
        """Reads one statement, without its end, and appends its nodes."""
        tok = self.tok
        if tok.kind != "word":
            self._unusual(out)
            return
        key, following = tok.key, self.tokens[self.index + 1]
        handler = STATEMENTS.get(key)
        after = following.key
        if after in _ASSIGNMENTS or after in (".", "?.") or (after == "[" and self._adjoins(handler)):
            self._assign_or_call(out)
            return
        if (call := self.keyword(statement=True)) is not None:
            out.append(tree.Evaluate(tok.line, tok.column, call))
            return
        if handler is not None:
            handler(self, tok, out)
            return
        if after == ":" and not self.inline:
            self.label(tok, out)
            return
        self.refuse_catalogued(statement=True)
        if after == "(":
            self._assign_or_call(out)
            return
        name = fold(tok.text)
        if name in self.procedure_names or self.function(name) is not None:
            self.advance()
            call_node = (
                tree.Call(tok.line, tok.column, name, tok.text, [])
                if self.ends_statement()
                else self.open_call(tok, 1)
            )
            out.append(tree.Evaluate(tok.line, tok.column, call_node))
            return
        self._unknown(tok)

    def _adjoins(self, handler: object) -> bool:
        return handler is None or not self.operand_follows(self.index + 1)

    def _unusual(self, out: Out) -> None:
        tok = self.tok
        if tok.kind == "number" and isinstance(tok.value, int) and self.peek().kind == "word":
            self.label(tok, out)  # a line number
            return
        if tok.key in (")", "]", "}"):
            self.fail(f"This {tok.text} closes nothing")
        hint = "A text is said with TALK" if tok.kind == "string" else ""
        self.fail(f"A statement begins with a word, not with {self.describe()}", hint=hint)

    def _unknown(self, tok: Token) -> None:
        if elsewhere := _ELSEWHERE.get(tok.key):
            hint = f"In this language it is {elsewhere}"
        else:
            hint = self._nearest_phrase()
        if following := self._lone_operator(tok):
            self.fail("A value alone does nothing", hint=following)
        message = f"{tok.text[:40]} is not a statement, keyword or procedure"
        self.fail(message, code="unknown-name", hint=hint)

    def _lone_operator(self, tok: Token) -> str:
        """A hint for a statement that begins like an expression: ``x == 5``."""
        operator = self.peek()
        if operator.kind != "op" or operator.key in STATEMENT_ENDS or operator.key == ",":
            return ""
        return (
            f"To assign, write {tok.text[:40]} = value"
            if operator.key == "=="
            else "Assign it to a variable with ="
        )

    def _nearest_phrase(self) -> str:
        """Did you mean: the words here against keywords of as many words."""
        words: list[str] = []
        while len(words) < 4 and self.peek(len(words)).kind == "word":
            words.append(self.peek(len(words)).text)
        phrases = [
            *(k.phrase for k in self.keywords),
            *(k.phrase for k in INTERPRETER_KEYWORDS),
            *catalogue.ENTRIES,
        ]
        for count in range(len(words), 1, -1):
            same = [phrase for phrase in phrases if phrase.count(" ") == count - 1]
            if hint := nearest(" ".join(words[:count]).replace("_", " "), same):
                return hint
        single = [*STATEMENTS, *self.procedure_names, *(name for name in self.assigned if len(name) > 2)]
        return nearest(words[0], [*single, *(phrase for phrase in phrases if " " not in phrase)])

    # --- assignment -----------------------------------------------------------------------------------------

    def _assign_or_call(self, out: Out) -> None:
        tok = self.tok
        if tok.key == "ERR" and self.peek().key == "." and self.peek(2).key == "CLEAR":
            self.move(self.index + 3)
            if self.tok.key == "(" and self.peek().key == ")":
                self.move(self.index + 2)
            out.append(tree.ClearError(tok.line, tok.column))
            return
        node = self._target_expression()
        if self.tok.key in _ASSIGNMENTS:
            self._assign(self.target(node), out)
            return
        if not isinstance(node, tree.Call | tree.MethodCall):
            hint = "Assign to it with =, or say it with TALK"
            self.fail("A value alone does nothing", hint=hint, at=tok if self.ends_statement() else self.tok)
        out.append(tree.Evaluate(tok.line, tok.column, node))

    def _target_expression(self) -> tree.Expression:
        """A name with members, elements and calls, whatever the name means elsewhere."""
        tok = self.advance()
        node: tree.Expression = self.name(tok)
        if self.tok.key == "(":
            arguments = self.listed(")", self.advance())
            node = tree.Call(tok.line, tok.column, fold(tok.text), tok.text, arguments)
        return self.postfix(node)

    def _assign(self, target: tree.Target, out: Out) -> None:
        line, column = target.line, target.column
        op = _ASSIGNMENTS[self.advance().key]
        key, following = self.tok.key, self.tokens[self.index + 1]
        if key == "HEAR" and op == "=":
            out.append(tree.Assign(line, column, target, op, self.hear_value()))
        elif key == "CALL" and op == "=" and following.key != "(":
            self.call(self.tok, out, target)
        else:
            out.append(tree.Assign(line, column, target, op, self.expression()))

    def _let(self, tok: Token, out: Out) -> None:
        self.advance()
        if self.tok.kind != "word":
            self.fail(f"Expected a variable after {tok.text}, but found {self.describe()}")
        node = self._target_expression()
        if self.tok.key not in _ASSIGNMENTS:
            self.fail(
                f"Expected = after the variable, but found {self.describe()}", hint=f"{tok.text} name = value"
            )
        self._assign(self.target(node), out)

    def _set(self, tok: Token, out: Out) -> None:
        """``SET`` of a variable, a session variable or a path; keywords were tried before."""
        following, after = self.peek(), self.peek(2)
        if following.kind == "word" and after.key in (*_ASSIGNMENTS, ".", "[", "("):
            self._let(tok, out)
            return
        if following.key == "SESSION" and self.operand_follows(self.index + 2):
            self.move(self.index + 2)
            self._set_path(tok, session_path(self.expression(6)), out)
            return
        self.refuse_catalogued(statement=True)
        self.advance()
        if following.kind == "word" and after.key == ",":
            word = self.advance()
            self._set_path(tok, tree.Literal(word.line, word.column, f"session.{word.text}"), out)
            return
        if following.kind == "word" and self.tokens[self.index + 1].kind in ("string", "word", "number"):
            self.move(self.index - 1)
            hint = self._nearest_phrase() or "SET name = value"
            self.fail(f"SET {following.text[:40]} is not a keyword", code="unknown-name", hint=hint, at=tok)
        self._set_path(tok, self.expression(6), out)

    def _set_path(self, tok: Token, path: tree.Expression, out: Out) -> None:
        if self.tok.key not in ("=", ",", "AS"):
            self.fail(f"Expected = after the name, but found {self.describe()}", hint="SET name = value")
        self.advance()
        value = self.hear_value() if self.tok.key == "HEAR" else self.expression()
        if self.tok.key == ",":
            self.unsupported(catalogue.SET_TABLE, tok)
        out.append(tree.SetPath(tok.line, tok.column, path, value))

    def _get_statement(self, tok: Token, out: Out) -> None:
        """``GET name`` brings a session variable back into the variable of that name."""
        following, after = self.peek(), self.peek(2)
        if following.kind == "word" and after.key in ("\n", "\0", ";", ":"):
            self.advance()
            name = self.name(self.advance())
            got = tree.Get(tok.line, tok.column, name, True)
            out.append(tree.Assign(tok.line, tok.column, self.name(following), "=", got))
            return
        node = self.expression()
        if not isinstance(node, tree.Get | tree.KeywordCall):
            self.fail("GET needs a name", hint='GET name, or x = GET "session.id"', at=tok)
        out.append(tree.Evaluate(tok.line, tok.column, node))

    def _dim(self, tok: Token, out: Out) -> None:
        self.advance()
        while True:
            word = self.identifier("the name of a variable after DIM")
            size: tree.Expression | None = None
            kind: str | None = None
            if self.tok.key in ("(", "["):
                opener = self.advance()
                closing = ")" if opener.key == "(" else "]"
                sizes = self.listed(closing, opener)
                if len(sizes) > 1:
                    self.fail("DIM takes one size", hint="Put arrays into an array", at=opener)
                size = sizes[0] if sizes else tree.Literal(opener.line, opener.column, 0)
            if self.accept("AS"):
                kind = self.identifier("a type after AS").text.lower()
            out.append(tree.Dim(tok.line, tok.column, fold(word.text), word.text, size, kind))
            if self.tok.key == "=":
                self._assign(self.name(word), out)
            if not self.accept(","):
                return

    # --- saying and waiting ---------------------------------------------------------------------------------

    def _talk(self, tok: Token, out: Out) -> None:
        self.refuse_catalogued(statement=True)
        self.advance()
        if self.ends_statement():
            out.append(tree.Talk(tok.line, tok.column, tree.Literal(tok.line, tok.column, "")))
            return
        out.append(tree.Talk(tok.line, tok.column, self.expression()))

    def _send(self, tok: Token, out: Out) -> None:
        if self.peek().key != "MESSAGE":
            self.refuse_catalogued(statement=True)
            self._unknown(tok)
        self.advance()
        self._talk(tok, out)

    def _hear_statement(self, tok: Token, out: Out) -> None:
        out.append(self.hear_statement(tok))

    def _wait(self, tok: Token, out: Out) -> None:
        self.refuse_catalogued(statement=True)
        self.advance()
        seconds = self.expression()
        if (unit := _SECONDS.get(self.tok.key)) is not None:
            self.advance()
            if unit > 1:
                factor = tree.Literal(tok.line, tok.column, unit)
                seconds = tree.Binary(seconds.line, seconds.column, "*", seconds, factor)
        out.append(tree.Wait(tok.line, tok.column, seconds))

    def _print(self, tok: Token, out: Out) -> None:
        self.advance()
        values: list[tree.Expression] = []
        while not (self.ends_statement() and self.tok.key != ";"):
            if self.tok.key == ";":
                self.advance()
                continue
            values.append(self.expression())
            if self.tok.key not in (",", ";"):
                break
            self.advance()
        out.append(tree.Print(tok.line, tok.column, _LEVELS[tok.key], values))

    def _begin(self, tok: Token, out: Out) -> None:
        self.refuse_catalogued(statement=True)
        raw = 2 if self.peek().key == "TALK" else 3
        if self.peek(raw).kind == "bad":
            self.fail_bad(self.peek(raw))
        if self.peek(raw).kind != "raw":
            self.fail(
                f"{tok.text} does not open a block here", code="unknown-name", hint="BEGIN TALK … END TALK"
            )
        self.move(self.index + raw)
        text = self.raw(self.tok)
        self.depth = 0
        self.advance()
        out.append(
            tree.Talk(tok.line, tok.column, text)
            if raw == 2
            else tree.SystemPrompt(tok.line, tok.column, text)
        )


Handler = Callable[[Statements, Token, Out], None]

STATEMENTS: dict[str, Handler] = {
    "LET": Statements._let,
    "SET": Statements._set,
    "GET": Statements._get_statement,
    "DIM": Statements._dim,
    "TALK": Statements._talk,
    "SEND": Statements._send,
    "HEAR": Statements._hear_statement,
    "WAIT": Statements._wait,
    **dict.fromkeys(_LEVELS, Statements._print),
    "BEGIN": Statements._begin,
}
