"""What a script declares about its surroundings: WEBHOOK, SET SCHEDULE, TABLE … END TABLE, ON INSERT … END ON.

Like headers they are no statements: nothing happens where they stand.
"""

from __future__ import annotations

from typing import Any

from interpreter import catalogue, tree
from interpreter.parser.blocks import Open
from interpreter.parser.headers import Headers
from interpreter.parser.statements import STATEMENTS, Out
from interpreter.parser.stream import LINE_ENDS, Fault
from interpreter.tokens import Problem, Token, fold

_CHANGES = ("INSERT", "UPDATE", "DELETE")
_CONSTRAINTS = frozenset(("PRIMARY", "FOREIGN", "UNIQUE", "CONSTRAINT", "CHECK", "INDEX"))
_SIGNS = {"(": 1, "[": 1, ")": -1, "]": -1}


class Declarations(Headers):
    """Reads declarations and notes them."""

    declarations: list[tree.Declaration]

    def keyword_statement(self, call: tree.KeywordCall, out: Out) -> None:
        """At the top level, with written-out operands, a declaring keyword is no statement."""
        operands = call.arguments
        written = all(operand is None or isinstance(operand, tree.Literal) for operand in operands)
        if not call.keyword.declares or self.open or self.procedure or not written:
            super().keyword_statement(call, out)
            return
        named = zip(call.keyword.parameters, operands, strict=True)
        arguments = {name: value.value for name, value in named if isinstance(value, tree.Literal)}
        self.declarations.append(tree.Declaration(call.line, call.column, call.keyword.phrase, arguments))

    # --- TABLE ----------------------------------------------------------------------------------------------

    def _table(self, tok: Token, out: Out) -> None:
        self._declares(tok)
        end = self.end_line(("END TABLE",))
        if end is None:
            hint = "Add END TABLE below the last column"
            self.report(Fault("unclosed-block", "TABLE is not closed", tok.line, tok.column, hint))
            self.skip_line()
            while self._column_line_follows():
                self.advance()
                self.skip_line()
            return
        self.advance()
        arguments = self.header(self._table_names)
        if arguments is not None:
            arguments |= self._columns_up_to(end)
            self.declarations.append(tree.Declaration(tok.line, tok.column, "TABLE", arguments))
        self.move(end + 2)

    def _column_line_follows(self) -> bool:
        name, kind = self.peek(), self.peek(2)
        reads = name.kind == "word" and kind.kind == "word" and name.key not in STATEMENTS
        return reads and fold(name.text) not in self.procedure_names and not self.keywords_with(name.key)

    def _table_names(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {"name": self._declared_name("the name of the table"), "connection": None}
        if self.accept("ON"):
            arguments["connection"] = self._declared_name("the name of a connection after ON")
        self.end_statement()
        return arguments

    def _declared_name(self, what: str) -> str:
        token = self.tok
        if token.kind == "string":
            self.advance()
            return self._plain_text(token)
        name = self.identifier(what, "Write  TABLE orders … END TABLE, or ON INSERT OF orders … END ON").text
        while self.tok.key == "." and self.peek().kind == "word":
            self.advance()
            name += f".{self.advance().text}"
        return name

    def _columns_up_to(self, end: int) -> dict[str, Any]:
        columns: list[dict[str, Any]] = []
        constraints: list[str] = []
        for entry in self._entries_up_to(end):
            first = entry[0]
            if first.kind == "bad":
                problem: Problem = first.value
                self.report(Fault(problem.code, problem.message, first.line, first.column, problem.hint))
            elif first.kind not in ("word", "string"):
                message = f"Expected the name of a column, but found {self.describe(first)}"
                self.report(Fault("syntax", message, first.line, first.column, "name type(size)"))
            elif first.key in _CONSTRAINTS and len(entry) > 1 and entry[1].key in ("KEY", "(", *_CONSTRAINTS):
                constraints.append(self._written(entry))
            else:
                columns.append(self._column_of(entry))
        return {"columns": columns, "constraints": constraints}

    def _entries_up_to(self, end: int) -> list[list[Token]]:
        """The tokens of each column: a line, or a part of one between commas."""
        entries: list[list[Token]] = [[]]
        depth = 0
        for token in self.tokens[self.index : end]:
            depth += _SIGNS.get(token.key, 0)
            if token.key in LINE_ENDS or (token.key == "," and depth == 0):
                entries.append([])
                depth = 0
            elif token.key != ";":
                entries[-1].append(token)
        return [entry for entry in entries if entry]

    def _column_of(self, entry: list[Token]) -> dict[str, Any]:
        """``name type(size) further words``; SQL and shorter spellings alike."""
        name, *rest = entry
        kind = rest.pop(0).text.lower() if rest and rest[0].kind == "word" else "string"
        size: list[Any] = []
        if rest and rest[0].key == "(":
            close = next((at for at, token in enumerate(rest) if token.key == ")"), len(rest))
            size = [token.value or token.text for token in rest[1:close] if token.key != ","]
            rest = rest[close + 1 :]
        spelt = self._plain_text(name) if name.kind == "string" else name.text
        attributes = self._written(rest)
        return {"name": spelt, "type": kind, "size": size, "attributes": attributes}

    def _written(self, tokens: list[Token]) -> str:
        if not tokens:
            return ""
        return self.source[tokens[0].start : tokens[-1].start + len(tokens[-1].text)]

    # --- ON … -----------------------------------------------------------------------------------------------

    def _on_change(self, tok: Token, out: Out) -> None:
        """``ON INSERT OF "orders"``, with a body up to END ON or without; else what ON means elsewhere."""
        change = self.peek().key
        if self.peek().kind == "string":
            self.unsupported(catalogue.ON_CALL, tok)
        if change not in _CHANGES:
            self._on(tok, out)
            return
        self._declares(tok)
        self.move(self.index + 2)
        if self.tok.key in ("OF", "ON", "TO", "INTO", "FROM"):
            self.advance()
        table = self._declared_name("the name of a table")
        self.accept("DO")
        self.end_statement()
        node = tree.Declaration(tok.line, tok.column, f"ON {change}", {"table": table})
        self.declarations.append(node)
        if self.end_line(("END ON",)) is None:
            return
        self.procedure, outer = "sub", self.procedure
        try:
            node.body, closed = self.block(Open("ON", tok, ("END ON",)))
        finally:
            self.procedure = outer
        if closed:
            self.move(self.index + 2)


STATEMENTS.update(
    {
        "TABLE": Declarations._table,  # type: ignore[dict-item]
        "ON": Declarations._on_change,  # type: ignore[dict-item]
    }
)
