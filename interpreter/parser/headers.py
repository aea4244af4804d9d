"""What a script declares about itself: PARAM and DESCRIPTION. They are no statements; nothing runs."""

from __future__ import annotations

from interpreter import tree
from interpreter.parser.procedures import Procedures
from interpreter.parser.statements import STATEMENTS, Out
from interpreter.parser.stream import Fault
from interpreter.tokens import Hole, Token, fold

_CLAUSES = ("AS", "LIKE", "DESCRIPTION", "OPTIONAL", "REQUIRED", "DEFAULT", "ENUM")

_PARAM_HINT = 'Write  PARAM city AS STRING LIKE "Lisbon" DESCRIPTION "Where to"'


class Headers(Procedures):
    """Reads headers and notes where they stand."""

    parameters: list[tree.Parameter]
    parameter_names: set[str]
    description: str
    sections: int  # headers that begin a new program after a RETURN at top level
    returned: bool  # a RETURN has been read at top level
    reopened: bool  # a second DESCRIPTION came after statements
    described_at: int  # statements before the last DESCRIPTION

    def _declares(self, tok: Token) -> None:
        if self.open or self.procedure:
            message = f"{tok.key} stands inside a block"
            hint = "Headers stand at the top of the file"
            self.report(Fault("misplaced-header", message, tok.line, tok.column, hint))

    def _describe(self, tok: Token, out: Out) -> None:
        self._declares(tok)
        if self.returned and self.description:
            self.sections += 1
            self.returned = False
        self.reopened = bool(self.description) and len(out) > self.described_at
        self.described_at = len(out)
        following = self.tokens[self.index + 1]
        if following.kind == "string":
            self.advance()
            text = self._joined_texts()
        else:
            text = self._rest_of_line(tok)
            self.skip_line()
        self.description = self.description or text

    def _joined_texts(self) -> str:
        """A text, or several with + between them."""
        text = ""
        while self.tok.kind == "string":
            text += self._plain_text(self.advance())
            if self.tok.key not in ("+", "&") or self.peek().kind != "string":
                break
            self.advance()
        return text

    def _rest_of_line(self, tok: Token) -> str:
        start = tok.start + len(tok.text)
        end = self.source.find("\n", start)
        return self.source[start : end if end >= 0 else len(self.source)].strip()

    def _plain_text(self, token: Token) -> str:
        """A string as written: headers are not evaluated, so holes keep their ``${}``."""
        if isinstance(token.value, str):
            return token.value
        return "".join(
            f"${{{self.source[part.start : part.end]}}}" if isinstance(part, Hole) else part
            for part in token.value
        )

    def _param(self, tok: Token, out: Out) -> None:
        self._declares(tok)
        if self.returned or self.reopened:
            self.sections += 1
            self.returned = self.reopened = False
        self.advance()
        word = self.identifier("the name of the parameter", _PARAM_HINT)
        node = tree.Parameter(
            tok.line, tok.column, fold(word.text), word.text, "string", None, "", False, None, []
        )
        while self.tok.key in _CLAUSES:
            self._clause(self.advance().key, node)
        if self.tok.key == ",":
            self.fail("A PARAM names one parameter", hint="Write a PARAM line for each")
        if node.name in self.parameter_names:
            message = f"The parameter {word.text[:40]} is declared twice"
            self.fail(message, code="duplicate-name", at=word, hint="Rename one of them")
        self.parameters.append(node)
        self.parameter_names.add(node.name)

    def _clause(self, clause: str, node: tree.Parameter) -> None:
        if clause == "AS":
            self._type(node)
        elif clause == "LIKE":
            node.example = self._example()
            while self.accept(","):
                self._example()
        elif clause == "DESCRIPTION":
            if self.tok.kind != "string":
                hint = 'Write  DESCRIPTION "What it is for"'
                self.fail(f"Expected a text after DESCRIPTION, but found {self.describe()}", hint=hint)
            node.description = self._joined_texts()
        elif clause == "DEFAULT":
            node.default = self.expression()
            node.optional = True
        elif clause == "ENUM":
            node.enum = self._texts()
        else:
            node.optional = clause == "OPTIONAL"

    def _type(self, node: tree.Parameter) -> None:
        """``AS type``; several texts are the values allowed, one text describes."""
        if self.tok.key == "ENUM" and self.peek().key in ("[", "("):
            self.advance()
            node.enum = self._texts()
            return
        if self.tok.kind == "string":
            texts = self._texts()
            if len(texts) == 1:
                node.description = texts[0]
            else:
                node.enum = texts
            return
        node.type = self.identifier("a type after AS", _PARAM_HINT).text.lower()

    def _texts(self) -> list[str]:
        closing = "]" if self.accept("[") else ")" if self.accept("(") else ""
        texts: list[str] = []
        while self.tok.kind in ("string", "number"):
            token = self.tok
            texts.append(self._plain_text(token) if token.kind == "string" else token.text)
            self.advance()
            if not self.accept(","):
                break
        if closing:
            self.expect(closing, "after the values", 'ENUM ["small", "large"]')
        if not texts:
            self.fail(f"Expected a text, but found {self.describe()}", hint='ENUM ["small", "large"]')
        return texts

    def _example(self) -> bool | int | float | str | None:
        token = self.tok
        if token.kind == "string":
            text = self._plain_text(token)
            self.advance()
            return text
        node = self.expression(6)
        return node.value if isinstance(node, tree.Literal) else None

    def _return_header(self, tok: Token, out: Out) -> None:
        if not self.open and not self.procedure:
            self.returned = True
        self._return(tok, out)


STATEMENTS.update(
    {
        "PARAM": Headers._param,  # type: ignore[dict-item]
        "DESCRIPTION": Headers._describe,  # type: ignore[dict-item]
        "RETURN": Headers._return_header,  # type: ignore[dict-item]
    }
)
