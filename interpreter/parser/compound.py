"""IF, loops, SELECT, TRY, WITH and procedures."""

from __future__ import annotations

from interpreter import catalogue, tree
from interpreter.parser.blocks import Blocks, Open
from interpreter.parser.statements import STATEMENTS, Out
from interpreter.parser.stream import LINE_ENDS, MAX_BLOCK_DEPTH, Abandon, Fault
from interpreter.tokens import Token, fold

_COMPARISONS = {"=": "=", "==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", ">": ">", ">=": ">="}

_WITH_HINT = "Inside WITH every line is name = value, and END WITH closes it"


class Compound(Blocks):
    """Reads the statements that enclose others."""

    # --- IF -------------------------------------------------------------------------------------------------

    def _if(self, tok: Token, out: Out) -> None:
        self.advance()
        node = tree.If(tok.line, tok.column, [], [])
        start = self.index
        test = self.header(lambda: self._condition("IF"))
        if test is None:
            test = tree.Literal(tok.line, tok.column, None)
            if self._single_line(start):
                return
        elif self.tok.key not in LINE_ENDS and self.tok.key != "{":
            self._inline_if(tok, test, node)
            out.append(node)
            return
        self._arms(tok, test, node)
        out.append(node)

    def _condition(self, word: str) -> tree.Expression:
        """A condition, THEN or ``{`` included."""
        test = self.expression()
        if self.tok.key == "=":
            self.fail("Expected THEN, but found =", hint="A comparison is a single =, and <> its opposite")
        if self.tok.key == ":":
            hint = f"{word} condition THEN, and END IF below the block"
            message = f"The condition of {word} ends with THEN, not with a colon"
            self.report(Fault("syntax", message, self.tok.line, self.tok.column, hint))
            self.advance()
            return test
        if not self.accept("THEN") and self.tok.key not in ("\n", "\0", "{", "GOTO"):
            if self.tok.key in STATEMENTS:
                line, column = self.tok.line, self.tok.column
                message = f"Expected THEN after the condition of {word}, but found {self.describe()}"
                self.report(Fault("syntax", message, line, column, "IF condition THEN statement"))
                return test
            negated = self.tok.key == "NOT" and self.peek().key in ("NULL", "NOTHING", "EMPTY")
            self.fail(
                f"Expected THEN after the condition of {word}, but found {self.describe()}",
                hint=f"Write  IS NOT {self.peek().key}" if negated else "IF condition THEN",
            )
        if self.tok.key in (":", ";"):
            self.advance()
        return test

    def _single_line(self, start: int) -> bool:
        """After an error in a condition: whether a statement follows THEN on the same line."""
        keys = [token.key for token in self.tokens[start : self.index]]
        return "THEN" in keys[:-1] and keys[-1] != "{"

    def _inline_if(self, tok: Token, test: tree.Expression, node: tree.If) -> None:
        """``IF c THEN a ELSE b`` on one line."""
        self._nest(tok)
        self.whole_if = tok.line
        self.inline += 1
        try:
            node.branches.append(tree.Branch(tok.line, tok.column, test, self._inline_body()))
            if self.accept("ELSE"):
                node.otherwise = self._inline_body()
        finally:
            self.inline -= 1
            self.open.pop()

    def _nest(self, tok: Token) -> None:
        if len(self.open) >= MAX_BLOCK_DEPTH:
            message = f"Blocks are nested more than {MAX_BLOCK_DEPTH} levels deep"
            self.report(Fault("too-deep", message, tok.line, tok.column, "Put the inner ones into a SUB"))
            raise Abandon
        self.open.append(Open("IF", tok, ("END IF",)))

    def _inline_body(self) -> list[tree.Statement]:
        out: Out = []
        while True:
            while self.tok.key in (":", ";"):
                self.advance()
            if self.tok.key in ("\n", "\0", "ELSE", "}"):
                return out
            if self.tok.kind == "number":
                number = self.advance()
                out.append(tree.Goto(number.line, number.column, number.text, number.text))
            elif self.tok.key == "END" and self.peek().key == "IF":
                self.advance()
                self.advance()
                return out
            else:
                self.statement(out)
            self.end_statement()

    def _arms(self, tok: Token, test: tree.Expression, node: tree.If) -> None:
        """The block form: bodies up to END IF, or in braces."""
        braces = self.tok.key == "{" or self._braced()
        while True:
            if self.tok.key == "{":
                self.advance()
            opened = Open("{", self.tok, ("}",)) if braces else Open("IF", tok, ("END IF",), ("ELSE",))
            opened.token = tok
            body, closed = self.block(opened)
            node.branches.append(tree.Branch(test.line, test.column, test, body))
            if not closed:
                return
            if braces:
                self.advance()
                if self.tok.key != "ELSE":
                    if self.tokens[self.index].key == "\n" and self.peek().key == "ELSE":
                        self.advance()
                    else:
                        return
            if self.tok.key == "END":
                self.advance()
                self.advance()
                return
            word = self.advance()  # ELSE
            if self.tok.key != "IF":
                break
            self.advance()
            further = self.header(lambda: self._condition("ELSE IF"))
            test = further if further is not None else tree.Literal(word.line, word.column, None)
            braces = self.tok.key == "{" or self._braced()
        if self.tok.key == "{":
            self.advance()
            node.otherwise, closed = self.block(Open("{", tok, ("}",)))
            if closed:
                self.advance()
            return
        node.otherwise, closed = self.block(Open("IF", tok, ("END IF",)))
        if closed:
            self.advance()
            self.advance()

    # --- loops ----------------------------------------------------------------------------------------------

    def _loop_body(self, kind: str, opened: Open) -> tuple[list[tree.Statement], bool]:
        self.loops.append(kind)
        try:
            return self.block(opened)
        finally:
            self.loops.pop()

    def _line_end(self) -> None:
        """The end of a block's first line; DO before it is noise."""
        self.accept("DO")
        self.refuse_brace()
        self.end_statement()

    def refuse_brace(self) -> None:
        """``FOR … {``: one error for the block; its ``}`` is then taken for the end."""
        if self.tok.key == "{":
            hint = "Blocks have no braces: they end with a line such as END IF, NEXT or END FUNCTION"
            self.report(
                Fault("syntax", "A block does not begin with {", self.tok.line, self.tok.column, hint)
            )
            self.advance()

    def _braced(self) -> bool:
        """Whether the first line of the block ended with a brace."""
        return self.tok.key in LINE_ENDS and self.tokens[self.index - 1].key == "{"

    def ends(self, *closers: str) -> tuple[str, ...]:
        """The words that close a block, read after its first line."""
        return (*closers, "}") if self._braced() else closers

    def _for(self, tok: Token, out: Out) -> None:
        self.advance()
        node = self.header(lambda: self._for_each(tok) if self._is_each() else self._for_to(tok))
        kept = node or tree.For(tok.line, tok.column, "", "", _nothing(tok), _nothing(tok), None, [])
        kept.body, closed = self._loop_body("for", Open("FOR", tok, self.ends("NEXT", "END FOR")))
        if closed:
            word = self.advance()
            if word.key == "END":
                self.advance()
            if self.tok.kind == "word" and not self.ends_statement():
                self._next_name(word, kept)
        out.append(kept)

    def _next_name(self, word: Token, node: tree.For | tree.ForEach) -> None:
        name = self.advance()
        if node.name and fold(name.text) != node.name:
            message = (
                f"{word.text.upper()} {name.text[:40]} closes FOR {node.spelling[:40]} of line {node.line}"
            )
            hint = f"Write NEXT {node.spelling}"
            self.report(Fault("mismatched-next", message, name.line, name.column, hint))

    def _is_each(self) -> bool:
        return self.tok.key == "EACH" or self.peek().key == "IN"

    def _for_each(self, tok: Token) -> tree.ForEach:
        if self.tok.key == "EACH" and self.peek().key != "IN":
            self.advance()
        name = self.identifier("the name of the loop's variable", "FOR EACH item IN list")
        self.expect("IN", "after the loop's variable", "FOR EACH item IN list")
        items = self.expression()
        last = self.expression() if self.accept("LAST") else None
        self._line_end()
        return tree.ForEach(tok.line, tok.column, fold(name.text), name.text, items, last, [])

    def _for_to(self, tok: Token) -> tree.For:
        if self.tok.key == "(":
            self.fail("FOR has no brackets", hint="FOR i = 0 TO 9, or FOR EACH item IN list")
        name = self.identifier("the name of the loop's variable", "FOR i = 1 TO 10")
        if self.tok.key == ",":
            self.fail("FOR has one variable", hint="FOR EACH item IN list")
        self.expect("=", "after the loop's variable", "FOR i = 1 TO 10, or FOR EACH item IN list")
        start = self.expression()
        if self.tok.key == "DOWNTO":
            self.fail("DOWNTO is not known", hint="FOR i = 10 TO 1 STEP -1")
        self.expect("TO", "after the first value", "FOR i = 1 TO 10")
        stop = self.expression()
        step = self.expression() if self.accept("STEP") else None
        self._line_end()
        return tree.For(tok.line, tok.column, fold(name.text), name.text, start, stop, step, [])

    def _while(self, tok: Token, out: Out) -> None:
        self.advance()
        test = self.header(self._while_test)
        body, closed = self._loop_body("while", Open("WHILE", tok, self.ends("WEND", "END WHILE")))
        if closed and self.advance().key == "END":
            self.advance()
        out.append(tree.Loop(tok.line, tok.column, "while", test or _nothing(tok), None, body))

    def _while_test(self) -> tree.Expression:
        test = self.expression()
        self._line_end()
        return test

    def _do(self, tok: Token, out: Out) -> None:
        self.advance()
        before = None
        if not self.ends_statement():
            before = self.header(self._do_test)
        body, closed = self._loop_body("do", Open("DO", tok, ("LOOP", "END DO")))
        after = None
        if closed:
            if self.advance().key == "END":
                self.advance()
            if not self.ends_statement():
                after = self._do_test()
        if before is not None and after is not None:
            hint = "Put the second one into the loop: IF … THEN EXIT DO"
            self.report(
                Fault("syntax", "A DO loop has one condition, not two", after.line, after.column, hint)
            )
        out.append(tree.Loop(tok.line, tok.column, "do", before, after, body))

    def _do_test(self) -> tree.Expression:
        word = self.tok
        if word.key not in ("WHILE", "UNTIL"):
            hint = "Write  DO WHILE condition … LOOP, or DO … LOOP UNTIL condition"
            self.fail(f"Expected WHILE or UNTIL, but found {self.describe()}", hint=hint)
        self.advance()
        test = self.expression()
        self.end_statement()
        return test if word.key == "WHILE" else tree.Unary(test.line, test.column, "NOT", test)

    # --- SELECT and SWITCH ----------------------------------------------------------------------------------

    def _select(self, tok: Token, out: Out) -> None:
        end = f"END {tok.key}"
        if tok.key == "SELECT" and self.peek().key != "CASE" and self._line_has("FROM"):
            self.unsupported(catalogue.SELECT_SQL, tok)
        self.advance()
        self.accept("CASE")
        subject = self.header(self._select_subject) or _nothing(tok)
        node = tree.Select(tok.line, tok.column, subject, [], [])
        out.append(node)
        opened = Open(tok.key, tok, (end,), ("CASE", "DEFAULT"))
        before, closed = self.block(opened)
        if before:
            first = before[0]
            hint = "Every statement belongs to a CASE"
            self.report(
                Fault(
                    "syntax",
                    f"A statement stands before the first CASE of {tok.key}",
                    first.line,
                    first.column,
                    hint,
                )
            )
        ended = False
        while closed and self.tok.key != "END":
            word = self.advance()
            if word.key != "CASE" or self.tok.key == "ELSE":
                self.accept("ELSE")
                node.otherwise, closed = self.block(opened)
                ended = True
                continue
            if ended:
                self.report(
                    Fault(
                        "syntax",
                        "CASE stands after CASE ELSE",
                        word.line,
                        word.column,
                        "CASE ELSE comes last",
                    )
                )
            case = tree.Case(word.line, word.column, [], [])
            case.tests = self.header(self._case_tests) or []
            case.body, closed = self.block(opened)
            node.cases.append(case)
        if closed:
            self.advance()
            self.advance()

    def _line_has(self, key: str) -> bool:
        index = self.index
        while self.tokens[index].key not in LINE_ENDS:
            if self.tokens[index].key == key:
                return True
            index += 1
        return False

    def _select_subject(self) -> tree.Expression:
        subject = self.expression()
        if self.tok.key != "{":
            self.end_statement()
        return subject

    def _case_tests(self) -> list[tree.Expression | tree.CaseRange | tree.CaseCompare]:
        tests: list[tree.Expression | tree.CaseRange | tree.CaseCompare] = []
        while True:
            tok = self.tok
            if tok.key == "IS" or tok.key in _COMPARISONS:
                self.accept("IS")
                op = _COMPARISONS.get(self.tok.key)
                if op is None:
                    self.fail(
                        f"Expected a comparison after IS, but found {self.describe()}", hint="CASE IS > 5"
                    )
                self.advance()
                tests.append(tree.CaseCompare(tok.line, tok.column, op, self.expression()))
            else:
                low = self.expression()
                if self.accept("TO"):
                    tests.append(tree.CaseRange(low.line, low.column, low, self.expression()))
                else:
                    tests.append(low)
            if not self.accept(","):
                break
        self.accept("THEN")
        self.end_statement()
        return tests

    # --- TRY and WITH ---------------------------------------------------------------------------------------

    def _try(self, tok: Token, out: Out) -> None:
        self.advance()
        node = tree.Try(tok.line, tok.column, [], None, [])
        out.append(node)
        node.body, closed = self.block(Open("TRY", tok, ("END TRY",), ("CATCH",)))
        if closed and self.accept("CATCH"):
            if self.tok.kind == "word":
                node.name = fold(self.advance().text)
            self.header(self.end_statement)
            node.handler, closed = self.block(Open("TRY", tok, ("END TRY",)))
        if closed:
            self.advance()
            self.advance()

    def _with(self, tok: Token, out: Out) -> None:
        self.advance()
        name = self.identifier("the name of a new object after WITH", _WITH_HINT)
        self.end_statement()
        node = tree.With(tok.line, tok.column, fold(name.text), name.text, [])
        out.append(node)
        opened = Open("WITH", tok, ("END WITH",))
        self.open.append(opened)
        try:
            while True:
                while self.tok.key in ("\n", ";", ":", ","):
                    self.advance()
                closer = self.closer()
                if closer == "END WITH":
                    self.advance()
                    self.advance()
                    return
                if self.tok.kind == "end" or (
                    closer and any(outer.takes(closer) for outer in self.open[:-1])
                ):
                    self._unclosed(opened, None if self.tok.kind == "end" else self.tok)
                    return
                entry = self.header(self._with_entry)
                if entry is not None:
                    node.entries.append(entry)
        finally:
            self.open.pop()

    def _with_entry(self) -> tuple[str, tree.Expression]:
        self.accept(".")
        word = self.tok
        if word.kind != "word":
            message = f"Expected a line name = value inside WITH, but found {self.describe()}"
            self.fail(message, hint=_WITH_HINT)
        self.advance()
        self.expect("=", f"after {word.text[:40]} inside WITH", _WITH_HINT)
        value = self.expression()
        if self.tok.key != ",":
            self.end_statement()
        return word.text, value


def _nothing(tok: Token) -> tree.Literal:
    return tree.Literal(tok.line, tok.column, None)


STATEMENTS.update(
    {
        "IF": Compound._if,  # type: ignore[dict-item]
        "FOR": Compound._for,  # type: ignore[dict-item]
        "WHILE": Compound._while,  # type: ignore[dict-item]
        "DO": Compound._do,  # type: ignore[dict-item]
        "SELECT": Compound._select,  # type: ignore[dict-item]
        "SWITCH": Compound._select,  # type: ignore[dict-item]
        "TRY": Compound._try,  # type: ignore[dict-item]
        "WITH": Compound._with,  # type: ignore[dict-item]
    }
)
