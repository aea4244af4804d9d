"""Statements of one line."""

from __future__ import annotations

from collections.abc import Callable

from interpreter import catalogue, tree
from interpreter.keywords import INTERPRETER_KEYWORDS
from interpreter.parser import habits
from interpreter.parser.hear import HearForms
from interpreter.parser.skeletons import condition_in, pairs_in
from interpreter.parser.stream import STATEMENT_ENDS, Fault, Unsupported, nearest
from interpreter.parser.words import session_path
from interpreter.quoting import mail_parts
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
_SET_HINT = "Write  SET name = value"
_DIM_HINT = "Write  DIM names(5), or DIM total AS INTEGER"
_MODIFIERS = frozenset(("PRIVATE", "PUBLIC", "STATIC", "ASYNC", "EXPORT", "FRIEND"))
_NO_LABELS = frozenset(("FINALLY", "EXCEPT", "PASS"))  # they end in a colon elsewhere


class Statements(HearForms):
    """Reads one statement; blocks are added by the next layer."""

    def label(self, tok: Token, out: Out) -> None:
        """``name:`` or a line number."""
        raise NotImplementedError

    def call(self, tok: Token, out: Out, target: tree.Target | None = None) -> None:
        """``CALL`` of a script or procedure, whose result ``target`` takes."""
        raise NotImplementedError

    def keyword_statement(self, call: tree.KeywordCall, out: Out) -> None:
        """A keyword of the table as a statement."""
        out.append(tree.Evaluate(call.line, call.column, call))

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
            self.keyword_statement(call, out)
            return
        if handler is not None:
            handler(self, tok, out)
            return
        if after == ":" and not self.inline and key not in _NO_LABELS:
            self.label(tok, out)
            return
        if key in _MODIFIERS and following.key in ("SUB", "FUNCTION"):
            self._modified(tok, out)
            return
        self.refuse_catalogued(statement=True)
        if after == "(":
            self._assign_or_call(out)
            return
        name = fold(tok.text)
        foreign = key in habits.STATEMENT and after in STATEMENT_ENDS  # REPEAT alone is no call
        if name in self.procedure_names or (self.function(name) is not None and not foreign):
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
            self.fail(f"This {tok.text} closes nothing", hint=f"Remove this {tok.text}")
        hint = "To work something out, assign it to a variable:  x = …"
        if tok.kind == "string" and self.index and self.tokens[self.index - 1].key == ";":
            hint = "Join texts and values with +"
        elif tok.kind == "string":
            before = self.tokens[self.index - 2].text if self.index > 1 else ""
            colon = self.index > 1 and self.tokens[self.index - 1].key == ":" and before.upper() in STATEMENTS
            hint = f"Leave the colon after {before} out" if colon else "A text is said with TALK"
        self.fail(f"A statement begins with a word, not with {self.describe()}", hint=hint)

    def _modified(self, tok: Token, out: Out) -> None:
        """``PRIVATE SUB``: one error, and the procedure is read all the same."""
        hint = f"Leave {tok.text} out: a procedure belongs to its script"
        message = f"{tok.text} does not stand before {self.peek().text}"
        self.report(Fault("syntax", message, tok.line, tok.column, hint))
        self.advance()
        self.statement(out)

    def _unknown(self, tok: Token) -> None:
        words = self._words()
        if following := self._lone_operator(tok):
            self.fail("A value alone does nothing", hint=following)
        if self.peek().key == "," and self._line_assigns():
            hint = f"One variable a line:  {tok.text[:40]} = value"
            self.fail("Several variables cannot be assigned at once", hint=hint)
        self.foreign_procedure(tok)
        hint = habits.statement(words) or self._nearest_phrase(words) or self._definition(tok)
        head = any(len(phrase) > 1 for phrase, _ in self.keywords_with(tok.key))
        shown = " ".join(words[:2]) if head else tok.text
        message = f"{shown[:40]} is not a statement, keyword or procedure"
        self.fail(message, code="unknown-name", hint=hint)

    def _definition(self, tok: Token) -> str:
        """How to define the procedure that a statement looks like a call of, if it does not look like prose."""
        if len(self._words()) > 2:
            return 'A text is said with TALK "…"; a remark begins with an apostrophe'
        value = "" if self.peek().key in STATEMENT_ENDS else "value"
        return f"Define it:  SUB {tok.text[:40]}({value}) … END SUB"

    def foreign_procedure(self, tok: Token) -> None:
        """Notes the name behind ``def`` and its like, so that calls of it are no errors of their own."""
        raise NotImplementedError

    def _line_assigns(self) -> bool:
        ahead = 1
        while self.peek(ahead).kind == "word" or self.peek(ahead).key == ",":
            ahead += 1
        return self.peek(ahead).key == "="

    def _lone_operator(self, tok: Token) -> str:
        """A hint for a statement that begins like an expression: ``x == 5``."""
        operator = self.peek()
        if operator.kind != "op" or operator.key in STATEMENT_ENDS or operator.key == ",":
            return ""
        if operator.key in ("+", "-") and self.peek(2).key == operator.key:
            return f"Write  {tok.text[:40]} {operator.key}= 1"
        return (
            f"To assign, write  {tok.text[:40]} = value"
            if operator.key == "=="
            else "Assign it to a variable with ="
        )

    def _words(self) -> list[str]:
        """The words with which the statement begins, at most four."""
        found: list[str] = []
        while len(found) < 4 and self.peek(len(found)).kind == "word":
            found.append(self.peek(len(found)).text)
        return found

    def _nearest_phrase(self, words: list[str]) -> str:
        """Did you mean: the words here against keywords of as many words, of those that exist."""
        phrases = [*(k.phrase for k in self.keywords), *(k.phrase for k in INTERPRETER_KEYWORDS), "END IF"]
        for count in range(len(words), 1, -1):
            same = [phrase for phrase in phrases if phrase.count(" ") == count - 1]
            if hint := nearest(" ".join(words[:count]).replace("_", " "), same):
                return hint
        names = (name for name in self.assigned if len(name) > 2)
        single = [*STATEMENTS, *self.procedure_names, *names, "ENDIF", "ELSEIF", "WEND"]
        single += (phrase for phrase in phrases if " " not in phrase)
        return nearest(words[0], (word for word in single if word.upper() != words[0].upper()))

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
            message = f"Expected a variable after {tok.text}, but found {self.describe()}"
            self.fail(message, hint=f"Write  {tok.text} name = value")
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
            words = self._words()
            if after.key == "TO":
                self.fail("Expected = after the name, but found TO", hint=_SET_HINT, at=after)
            hint = habits.statement(words) or self._nearest_phrase(words) or _SET_HINT
            self.fail(f"SET {following.text[:40]} is not a keyword", code="unknown-name", hint=hint, at=tok)
        self._set_path(tok, self.expression(6), out)

    def _set_path(self, tok: Token, path: tree.Expression, out: Out) -> None:
        if self.tok.key not in ("=", ",", "AS"):
            self.fail(f"Expected = after the name, but found {self.describe()}", hint=_SET_HINT)
        self.advance()
        value = self.hear_value() if self.tok.key == "HEAR" else self.expression()
        if (
            not isinstance(value, tree.Hear)
            and self.tok.key == ","
            and (update := self.keywords.find("UPDATE"))
        ):
            self.advance()  # SET "table", "filter", "name=value": rows, not a variable
            updates = self.expression()
            row = {
                "table": path,
                "filter": condition_in(value) or value,
                "row": pairs_in(updates) or updates,
            }
            out.append(tree.Evaluate(tok.line, tok.column, self.keyword_call(tok, update, row)))
            return
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
            word = self.identifier("the name of a variable after DIM", _DIM_HINT)
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
                kind = self.identifier("a type after AS", _DIM_HINT).text.lower()
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
        if tok.key == "WAIT" and self.tok.key == "FOR":
            self.fail(f"Expected seconds, but found {self.describe()}", hint=habits.STATEMENT["WAIT FOR"])
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
        if self.peek().key == "MAIL":
            self._begin_mail(tok, out)
            return
        raw = 2 if self.peek().key == "TALK" else 3
        if self.peek(raw).kind == "bad":
            self.fail_bad(self.peek(raw))
        if self.peek(raw).kind != "raw":
            self._unknown_block(tok)
        self.move(self.index + raw)
        text = self.raw(self.tok)
        self.depth = 0
        self.advance()
        out.append(
            tree.Talk(tok.line, tok.column, text)
            if raw == 2
            else tree.SystemPrompt(tok.line, tok.column, text)
        )

    def _unknown_block(self, tok: Token) -> None:
        """``BEGIN PROMPT``: its lines are text, so they are skipped up to its END."""
        word = self.peek()
        hint = habits.statement(self._words()) or "Blocks of text are BEGIN TALK … END TALK"
        fault = Unsupported(
            "unknown-name", f"There is no block BEGIN {word.text[:40]}", tok.line, tok.column, hint
        )
        closed = word.kind == "word" and self.line_begins(("END", word.key))
        fault.entry = catalogue.Entry(f"BEGIN {word.key}", ends=(f"END {word.key}",) if closed else ())
        raise fault

    def _begin_mail(self, tok: Token, out: Out) -> None:
        """``BEGIN MAIL to``, a line ``Subject: …``, the body: SEND MAIL over several lines."""
        self.move(self.index + 2)
        to = self.expression()
        if self.tok.kind != "raw" or (send := self.keywords.find("SEND MAIL")) is None:
            self.fail(f"Expected the end of the line, but found {self.describe()}", hint="BEGIN MAIL address")
        subject, body = mail_parts(self.tok.value.parts)
        mail = {
            "recipient": to,
            "subject": self.template(self.tok, subject),
            "body": self.template(self.tok, body),
        }
        self.depth = 0
        self.advance()
        out.append(tree.Evaluate(tok.line, tok.column, self.keyword_call(tok, send, mail)))


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
