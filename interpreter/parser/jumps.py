"""CALL, RETURN, jumps, labels and errors."""

from __future__ import annotations

from interpreter import catalogue, tree
from interpreter.parser import habits
from interpreter.parser.statements import STATEMENTS, Out, Statements
from interpreter.parser.words import leading_text
from interpreter.tokens import Token, fold

_RETURN_HINT = "RETURN WITH name AS value, other AS value"
_LOOPS = {"FOR": "for", "WHILE": "while", "DO": "do"}


class Jumps(Statements):
    """Reads statements after which the next one may not follow."""

    loops: list[str]
    procedure: str  # "sub", "function" or ""

    # --- jumps ----------------------------------------------------------------------------------------------

    def call(self, tok: Token, out: Out, target: tree.Target | None = None) -> None:
        if target is None:
            self.refuse_catalogued(statement=True)
        self.advance()
        word = self.tok
        name = fold(word.text)
        named_file = self.peek().key == "." and self.peek(2).key == "BAS"
        if (
            word.kind == "word"
            and not named_file
            and (name in self.procedure_names or self.peek().key == "(" or name not in self.assigned)
        ):
            self.advance()
            arguments: list[tree.Expression] = []
            if self.tok.key == "(":
                arguments = self.listed(")", self.advance())
            elif not self.ends_statement():
                self.accept(",")
                arguments = [*self.open_call(word, 1).arguments]
            call = tree.Call(word.line, word.column, name, word.text, arguments)
            if target is None:
                out.append(tree.Evaluate(tok.line, tok.column, call))
            else:
                out.append(tree.Assign(target.line, target.column, target, "=", call))
            return
        script = self._bare_file() or self.expression()
        arguments = []
        while self.accept(",") or self.accept("WITH"):
            arguments.append(self.expression())
        if (leading_text(script) or "").startswith("/"):
            self._call_service(tok, out, target, script, arguments)
        else:
            out.append(tree.CallScript(tok.line, tok.column, script, arguments, target))

    def _bare_file(self) -> tree.Literal | None:
        """``CALL other.bas`` without quotation marks."""
        word = self.tok
        if word.kind != "word" or self.peek().key != "." or self.peek(2).key != "BAS":
            return None
        self.move(self.index + 3)
        return self.literal(word, f"{word.text}.bas")

    def _call_service(
        self,
        tok: Token,
        out: Out,
        target: tree.Target | None,
        path: tree.Expression,
        arguments: list[tree.Expression],
    ) -> None:
        """``CALL "/orders/close", order``: a POST to the bot's server."""
        post = self.keywords.find("POST")
        if post is None:
            self.unsupported(catalogue.SERVICE_PATH, tok)
        operands = {"url": path, **dict(zip(("body",), arguments, strict=False))}
        if len(arguments) > 1:
            operands["further"] = tree.ArrayLiteral(tok.line, tok.column, arguments[1:])
        call = self.keyword_call(tok, post, operands)
        if target is None:
            out.append(tree.Evaluate(tok.line, tok.column, call))
        else:
            out.append(tree.Assign(target.line, target.column, target, "=", call))

    def _return(self, tok: Token, out: Out) -> None:
        self.advance()
        value: tree.Expression | None = None
        if self.tok.key == "WITH":
            value = self._named_values(self.advance())
        elif not self.ends_statement():
            value = self.expression()
        out.append(tree.Return(tok.line, tok.column, value))

    def _named_values(self, tok: Token) -> tree.ObjectLiteral:
        entries: list[tuple[str, tree.Expression]] = []
        while True:
            if self.tok.key == "\n" and self.peek().kind == "word" and self.peek(2).key == "AS":
                self.advance()
            word = self.identifier("a name after RETURN WITH", _RETURN_HINT)
            if not self.accept("="):
                self.expect("AS", f"after {word.text}", _RETURN_HINT)
            entries.append((word.text, self.expression()))
            if not self.accept(","):
                return tree.ObjectLiteral(tok.line, tok.column, entries)

    def _exit(self, tok: Token, out: Out) -> None:
        self.advance()
        what = "script"
        word = self.tok
        if word.key in _LOOPS:
            what = _LOOPS[word.key]
            if what not in self.loops:
                hint = "EXIT alone ends the script"
                message = f"EXIT {word.key} stands outside any {word.key} loop"
                self.fail(message, code="exit-outside", hint=hint, at=tok)
        elif word.key == "LOOP":
            what = "loop"
            self._inside_loop(tok)
        elif word.key in ("SUB", "FUNCTION"):
            what = word.key.lower()
            if self.procedure != what:
                hint = "EXIT alone ends the script"
                message = f"EXIT {word.key} stands outside any {word.key}"
                self.fail(message, code="exit-outside", hint=hint, at=tok)
        elif word.key in ("SELECT", "SWITCH", "IF", "CASE"):
            hint = "The first matching CASE is the only one that runs; an IF branch ends at ELSE or END IF"
            self.fail(f"EXIT {word.key} is not needed", hint=hint, at=tok)
        if what != "script" or word.key in ("SCRIPT", "PROGRAM"):
            self.advance()
        out.append(tree.Exit(tok.line, tok.column, what))

    def _inside_loop(self, tok: Token) -> None:
        if not self.loops:
            hint = "CASE does not fall through: leave it out" if tok.key == "BREAK" else "Leave it out"
            self.fail(f"{tok.text.upper()} stands outside any loop", code="exit-outside", hint=hint, at=tok)

    def _break(self, tok: Token, out: Out) -> None:
        self._inside_loop(tok)
        self.advance()
        out.append(tree.Exit(tok.line, tok.column, "loop"))

    def _continue(self, tok: Token, out: Out) -> None:
        self._inside_loop(tok)
        self.advance()
        if self.tok.key in (*_LOOPS, "LOOP"):
            self.advance()
        out.append(tree.Exit(tok.line, tok.column, "continue"))

    def _stop(self, tok: Token, out: Out) -> None:
        self.advance()
        if not self.ends_statement():
            word = self.tok
            hint = "END alone ends the script" if word.key != "." else "A statement ends without a dot"
            hint = habits.STATEMENT.get(word.key, hint)
            self.fail(f"END {word.text[:40]} closes nothing here", code="stray-end", hint=hint, at=tok)
        out.append(tree.Exit(tok.line, tok.column, "script"))

    def _goto(self, tok: Token, out: Out) -> None:
        self.advance()
        word = self._label_name()
        node = tree.Goto if tok.key == "GOTO" else tree.Gosub
        out.append(node(tok.line, tok.column, fold(word.text), word.text))

    def _go(self, tok: Token, out: Out) -> None:
        """``GO TO`` and ``GO SUB``."""
        if self.peek().key not in ("TO", "SUB"):
            self._unknown(tok)
        node = tree.Goto if self.peek().key == "TO" else tree.Gosub
        self.move(self.index + 2)
        word = self._label_name()
        out.append(node(tok.line, tok.column, fold(word.text), word.text))

    def _label_name(self) -> Token:
        if self.tok.kind not in ("word", "number"):
            self.fail(
                f"Expected a label, but found {self.describe()}",
                hint="A label is a name with a colon:  again:",
            )
        return self.advance()

    def label(self, tok: Token, out: Out) -> None:
        if self.in_block():
            hint = "Put it outside the block: GOTO may not jump into one"
            self.fail(f"The label {tok.text[:40]} stands inside a block", code="label-in-block", hint=hint)
        self.advance()
        if tok.kind == "word":
            self.advance()
        out.append(tree.Label(tok.line, tok.column, fold(tok.text), tok.text))
        if not self.ends_statement():
            self.statement(out)

    def in_block(self) -> bool:
        """Whether an IF, loop or other block is open in this script or procedure."""
        raise NotImplementedError

    # --- errors ---------------------------------------------------------------------------------------------

    def _on(self, tok: Token, out: Out) -> None:
        if self.peek().key != "ERROR":
            self.refuse_catalogued(statement=True)
            if self.peek(2).key in ("GOTO", "GOSUB"):
                hint = f"Write  SELECT CASE {self.peek().text[:40]} … CASE 1 … END SELECT"
                self.fail("ON … GOTO exists for errors only", hint=hint)
            self._unknown(tok)
        self.move(self.index + 2)
        if self.accept("RESUME"):
            self.expect("NEXT", "after ON ERROR RESUME", "Write  ON ERROR RESUME NEXT")
            out.append(tree.OnError(tok.line, tok.column, "next", None))
            return
        self.expect("GOTO", "or RESUME NEXT after ON ERROR", "Write  ON ERROR RESUME NEXT")
        if self.accept("-"):
            self.advance()
            out.append(tree.OnError(tok.line, tok.column, "off", None))
            return
        word = self._label_name()
        if word.kind == "number" and word.value == 0:
            out.append(tree.OnError(tok.line, tok.column, "off", None))
        else:
            out.append(tree.OnError(tok.line, tok.column, "goto", fold(word.text)))

    def _clear(self, tok: Token, out: Out) -> None:
        if self.peek().key not in ("ERROR", "ERR", "ERRORS"):
            self.refuse_catalogued(statement=True)
            self._unknown(tok)
        self.move(self.index + 2)
        out.append(tree.ClearError(tok.line, tok.column))

    def _throw(self, tok: Token, out: Out) -> None:
        self.advance()
        out.append(tree.Throw(tok.line, tok.column, self.expression()))

    def _assert(self, tok: Token, out: Out) -> None:
        self.advance()
        message: tree.Expression | None = None
        if self.tok.key == "(" and self.tokens[self.matching(self.index) + 1].key in (
            "\n",
            "\0",
            ";",
            ":",
            "}",
        ):
            arguments = self.listed(")", self.advance())
            if len(arguments) not in (1, 2):
                self.fail(
                    "ASSERT takes a condition and a message",
                    code="wrong-argument-count",
                    at=tok,
                    hint='Write  ASSERT total > 0, "There is nothing to pay"',
                )
            test = arguments[0]
            message = arguments[1] if len(arguments) == 2 else None
        else:
            test = self.expression()
            if self.accept(","):
                message = self.expression()
        out.append(tree.Assert(tok.line, tok.column, test, message))


STATEMENTS.update(
    {
        "CALL": Jumps.call,  # type: ignore[dict-item]
        "RETURN": Jumps._return,  # type: ignore[dict-item]
        "EXIT": Jumps._exit,  # type: ignore[dict-item]
        "BREAK": Jumps._break,  # type: ignore[dict-item]
        "CONTINUE": Jumps._continue,  # type: ignore[dict-item]
        "END": Jumps._stop,  # type: ignore[dict-item]
        "STOP": Jumps._stop,  # type: ignore[dict-item]
        "GO": Jumps._go,  # type: ignore[dict-item]
        "GOTO": Jumps._goto,  # type: ignore[dict-item]
        "GOSUB": Jumps._goto,  # type: ignore[dict-item]
        "ON": Jumps._on,  # type: ignore[dict-item]
        "CLEAR": Jumps._clear,  # type: ignore[dict-item]
        "THROW": Jumps._throw,  # type: ignore[dict-item]
        "RAISE": Jumps._throw,  # type: ignore[dict-item]
        "ASSERT": Jumps._assert,  # type: ignore[dict-item]
    }
)
