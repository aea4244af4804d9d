"""SUB and FUNCTION."""

from __future__ import annotations

from interpreter import tree
from interpreter.parser.blocks import Open
from interpreter.parser.compound import Compound
from interpreter.parser.statements import STATEMENTS, Out
from interpreter.parser.stream import Fault
from interpreter.tokens import Token, fold

_TYPES = "A type is a word such as STRING, INTEGER or DATE"


class Procedures(Compound):
    """Reads definitions. They are no statements: the script's body goes on behind them."""

    def _define(self, tok: Token, out: Out) -> None:
        if self.open:
            hint = f"{self.open[-1].kind} in line {self.open[-1].token.line} is still open"
            message = f"{tok.key} stands inside another block"
            self.report(Fault("nested-procedure", message, tok.line, tok.column, hint))
        kind = tok.key.lower()
        self.advance()
        node = self.header(lambda: self._signature(tok, kind))
        outer = self.procedure, self.loops, self.open
        self.procedure, self.loops, self.open = kind, [], []
        try:
            body, closed = self.block(Open(tok.key, tok, self.ends(f"END {tok.key}")))
        finally:
            self.procedure, self.loops, self.open = outer
        if closed and self.advance().key == "END":
            self.advance()
        if node is None:
            return
        node.body = body
        if (first := self.procedures.get(node.name)) is not None:
            message = f"{node.spelling} is already defined in line {first.line}"
            self.report(Fault("duplicate-procedure", message, node.line, node.column, "Rename one of them"))
            return
        self.procedures[node.name] = node

    def _signature(self, tok: Token, kind: str) -> tree.Procedure:
        word = self.identifier(f"the name of the {tok.key}", f"Write  {tok.key} greet(name)")
        parameters: list[str] = []
        if self.accept("("):
            while self.tok.key != ")":
                if self.tok.key in ("BYVAL", "BYREF", "OPTIONAL") and self.peek().kind == "word":
                    self.advance()
                name = self.identifier("the name of a parameter", f"Write  {tok.key} greet(name, city)")
                if fold(name.text) in parameters:
                    message = f"The parameter {name.text[:40]} stands twice"
                    self.fail(message, code="duplicate-name", at=name, hint="Rename one of them")
                parameters.append(fold(name.text))
                if self.accept("AS"):
                    self.identifier("a type after AS", _TYPES)
                if not self.accept(","):
                    break
            hint = f"Parameters are names:  {tok.key} {word.text}(name, city)"
            if self.tok.key == "=":
                last = self.tokens[self.index - 1].text
                hint = f"A value that is left out is null: inside, write  IF {last} IS NULL THEN {last} = …"
            self.expect(")", "after the parameters", hint)
        if self.accept("AS"):
            self.identifier("a type after AS", _TYPES)
        self.refuse_brace()
        self.end_statement()
        return tree.Procedure(tok.line, tok.column, kind, fold(word.text), word.text, parameters, [])


STATEMENTS.update(
    {
        "SUB": Procedures._define,  # type: ignore[dict-item]
        "FUNCTION": Procedures._define,  # type: ignore[dict-item]
    }
)
