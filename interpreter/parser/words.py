"""Expressions that begin with a word: GET, FORMAT, IIF, NEW, ERROR, keywords, calls without brackets."""

from __future__ import annotations

from interpreter import catalogue, tree
from interpreter.functions import FUNCTIONS
from interpreter.parser import habits
from interpreter.parser.expressions import ADDITIVE, TIGHT
from interpreter.parser.phrases import Phrases
from interpreter.parser.stream import RESERVED
from interpreter.tokens import Token, fold

# Functions that also work without brackets, unless the script has a variable of that name.
_BARE = frozenset(("now", "today", "rnd", "uuid", "guid"))
# Predefined values that are also written as calls.
_CALLED_NAMES = frozenset(("session_id", "bot_id", "user_id", "username"))


class Words(Phrases):
    """Reads expressions that begin with a word of its own meaning."""

    def function(self, name: str) -> tuple[int, int | None] | None:
        found = FUNCTIONS.get(name)
        return None if found is None else (found.low, found.high)

    def special_word(self, tok: Token) -> tree.Expression | None:
        key = tok.key
        name = fold(tok.text)
        handler = _HANDLERS.get(key)
        if handler is not None and (node := handler(self, tok, name)) is not None:
            return node
        following = self.tokens[self.index + 1]
        if following.key in (".", "?.", "=") or key in RESERVED:
            return self.bare_call(tok, name)
        if name not in self.procedure_names:
            if (call := self.keyword(statement=False)) is not None:
                return call
            self.refuse_catalogued(statement=False)
        if following.key == "(":
            if name in _CALLED_NAMES and self.tokens[self.index + 2].key == ")":
                self.move(self.index + 3)
                return self.name(tok)
            return None
        if name in self.assigned:
            return None
        if (name in FUNCTIONS or name in self.procedure_names) and self.operand_follows(self.index + 1):
            self.advance()
            return self.open_call(tok, ADDITIVE)
        return self.bare_call(tok, name)

    def bare_call(self, tok: Token, name: str) -> tree.Call | None:
        """``NOW``, ``TODAY.year``: a call without operands or brackets."""
        if name not in _BARE or name in self.assigned or name in self.procedure_names:
            return None
        self.advance()
        return tree.Call(tok.line, tok.column, name, tok.text, [])

    def open_call(self, tok: Token, level: int) -> tree.Call:
        """``MAX a, b``: the arguments of a call without brackets."""
        name = fold(tok.text)
        found = FUNCTIONS.get(name)
        most = 100 if found is None or name in self.procedure_names else found.high
        self.deeper()
        arguments = [self.expression(level)]
        while len(arguments) < most and self.accept(","):
            arguments.append(self.expression(level))
        self.depth -= 1
        return tree.Call(tok.line, tok.column, name, tok.text, arguments)

    # --- GET ------------------------------------------------------------------------------------------------

    def _get(self, tok: Token, name: str) -> tree.Expression | None:
        following = self.tokens[self.index + 1]
        if following.key == "SESSION" and self.operand_follows(self.index + 2):
            self.advance()
            return self._get_session(tok)
        if tok.key == "GET_SESSION" and self.operand_follows(self.index + 1):
            return self._get_session(tok)
        if (call := self.keyword(statement=False)) is not None:
            return call
        if not self.operand_follows(self.index + 1):
            return None
        self.refuse_catalogued(statement=False)
        self.advance()
        if following.kind == "string" and following.value == "config" and self.peek().key == ",":
            self.move(self.index + 2)
            return self._get_config(tok)
        if following.key == "(":
            return self._get_bracketed(tok)
        if following.kind == "word" and self.peek().kind == "string":
            hint = habits.STATEMENT.get(f"GET {following.key}") or 'Write  GET "session.name"  or  GET name'
            message = f"GET {following.text[:40]} is not a keyword"
            self.fail(message, code="unknown-name", hint=hint, at=tok)
        if following.key == "TOOL" and self.peek().key == "PARAM" and self.operand_follows(self.index + 2):
            self.move(self.index + 2)
            return tree.Get(tok.line, tok.column, self._deeper_expression(ADDITIVE), False)
        operand = self._deeper_expression(ADDITIVE)
        return tree.Get(tok.line, tok.column, operand, isinstance(operand, tree.Name))

    def _get_bracketed(self, tok: Token) -> tree.Expression:
        values = self.listed(")", self.advance())
        if len(values) == 2 and isinstance(values[0], tree.Literal) and values[0].value == "config":
            return self._config_call(tok, values[1])
        if len(values) != 1:
            message = f"GET takes one value, not {len(values)}"
            self.fail(message, code="wrong-argument-count", at=tok, hint='GET("session.id")')
        return tree.Get(tok.line, tok.column, values[0], isinstance(values[0], tree.Name))

    def _get_session(self, tok: Token) -> tree.Expression:
        self.advance()
        if self.tok.kind == "word" and self.peek().kind == "string":
            hint = f"Write  GET SESSION {self.peek().text[:40]}"
            self.fail(f"Expected a name, but found {self.describe()}", hint=hint)
        key = self._deeper_expression(ADDITIVE)
        other = self.keywords.find("GET SESSION")
        if other is not None and self.depth <= 1 and self.accept(","):
            return self.keyword_call(tok, other, {"session": key, "key": self._deeper_expression(ADDITIVE)})
        return tree.Get(tok.line, tok.column, session_path(key), False)

    def _get_config(self, tok: Token) -> tree.Expression:
        return self._config_call(tok, self._deeper_expression(ADDITIVE))

    def _config_call(self, tok: Token, key: tree.Expression) -> tree.Expression:
        keyword = next(k for words, k in self.keywords_with("GET") if words == ("GET", "CONFIG"))
        return self.keyword_call(tok, keyword, {"key": key})

    def _deeper_expression(self, level: int) -> tree.Expression:
        self.deeper()
        node = self.expression(level)
        self.depth -= 1
        return node

    def _select_query(self, tok: Token, name: str) -> tree.Expression | None:
        """``x = SELECT … FROM rows``: queries on rows are no part of Trunkline."""
        index, ends = self.index + 1, 0
        if not self.operand_follows(index) and self.tokens[index].key != "*":
            return None
        while ends < 2 and self.tokens[index].kind != "end":
            if self.tokens[index].key == "FROM":
                self.unsupported(catalogue.SELECT_SQL, tok)
            ends += self.tokens[index].key == "\n"
            index += 1
        return None

    # --- FORMAT, IIF, NEW, ERROR ----------------------------------------------------------------------------

    def _format(self, tok: Token, name: str) -> tree.Expression | None:
        index = self.index + 1
        if name in self.procedure_names or not self.operand_follows(index):
            return None
        if self.tokens[index].key == "(" and self.tokens[self.matching(index) + 1].key != "AS":
            return None
        self.advance()
        value = self._deeper_expression(ADDITIVE)
        arguments = [value]
        if self.accept("AS"):
            if self.tok.key == "JSON":
                word = self.advance()
                arguments.append(tree.Literal(word.line, word.column, "JSON"))
            else:
                arguments.append(self._deeper_expression(TIGHT))
        elif self.accept(","):
            arguments.append(self._deeper_expression(TIGHT))
        return tree.Call(tok.line, tok.column, "format", tok.text, arguments)

    def _iif(self, tok: Token, name: str) -> tree.Expression | None:
        if self.tokens[self.index + 1].key != "(" or name in self.procedure_names:
            return None
        self.advance()
        arguments = self.listed(")", self.advance())
        if len(arguments) != 3:
            hint = f"{tok.key}(condition, value if true, value if false)"
            message = f"{tok.key} takes 3 values, not {len(arguments)}"
            self.fail(message, code="wrong-argument-count", hint=hint, at=tok)
        return tree.Conditional(tok.line, tok.column, *arguments)

    def _new(self, tok: Token, name: str) -> tree.Expression | None:
        kind = self.tokens[self.index + 1].key
        if kind not in ("OBJECT", "ARRAY", "LIST", "MAP"):
            return None
        self.move(self.index + 2)
        if self.tok.key == "(" and self.peek().key == ")":
            self.move(self.index + 2)
        if kind in ("OBJECT", "MAP"):
            return tree.ObjectLiteral(tok.line, tok.column, [])
        return tree.ArrayLiteral(tok.line, tok.column, [])

    def _new_joined(self, tok: Token, name: str) -> tree.Expression | None:
        """``NEW_OBJECT`` and ``NEW_ARRAY()``."""
        if name in self.assigned or name in self.procedure_names:
            return None
        self.advance()
        if self.tok.key == "(" and self.peek().key == ")":
            self.move(self.index + 2)
        if tok.key.endswith(("OBJECT", "MAP")):
            return tree.ObjectLiteral(tok.line, tok.column, [])
        return tree.ArrayLiteral(tok.line, tok.column, [])

    def _error_message(self, tok: Token, name: str) -> tree.Expression | None:
        if name in self.assigned or name in self.procedure_names:
            return None
        self.advance()
        return tree.ErrorInfo(tok.line, tok.column, "message")

    def _error(self, tok: Token, name: str) -> tree.Expression | None:
        if name in self.assigned or name in self.procedure_names:
            return None
        what = "flag" if tok.key == "ERROR" else "number"
        self.advance()
        if self.tok.key == "(" and self.peek().key == ")":
            self.move(self.index + 2)
        if self.tok.key in (".", "?."):
            member = self.peek()
            what = {"MESSAGE": "message", "DESCRIPTION": "message", "NUMBER": "number", "CODE": "number"}.get(
                member.key, ""
            )
            if not what:
                self.fail(f"ERR has no {member.text}", hint="ERR.MESSAGE or ERR.NUMBER", at=member)
            self.move(self.index + 2)
        elif tok.key == "ERROR" and self.accept("MESSAGE"):
            what = "message"
        return tree.ErrorInfo(tok.line, tok.column, what)

    # --- what may not stand inside an expression ------------------------------------------------------------

    def _hear(self, tok: Token, name: str) -> tree.Expression | None:
        hint = "Hear first, then go on with the variable:  answer = HEAR"
        message = "HEAR cannot stand inside a larger expression"
        return self.fail(message, code="hear-in-expression", hint=hint, at=tok)

    def _call_script(self, tok: Token, name: str) -> tree.Expression | None:
        following = self.tokens[self.index + 1]
        if following.kind == "word" and self.tokens[self.index + 2].key == "(":
            self.advance()
            return self.operand()
        if not self.operand_follows(self.index + 1):
            return None
        hint = 'Call first, then go on with the variable:  result = CALL "other.bas"'
        return self.fail(
            "CALL cannot stand inside a larger expression", code="call-in-expression", hint=hint, at=tok
        )


_HANDLERS = {
    "GET": Words._get,
    "GET_SESSION": Words._get,
    "FORMAT": Words._format,
    "IIF": Words._iif,
    "IF": Words._iif,
    "NEW": Words._new,
    "CREATE": Words._new,
    **dict.fromkeys(("NEW_OBJECT", "NEW_ARRAY", "NEW_LIST", "NEW_MAP", "CREATE_OBJECT"), Words._new_joined),
    "ERROR": Words._error,
    "ERROR_MESSAGE": Words._error_message,
    "ERR": Words._error,
    "HEAR": Words._hear,
    "SELECT": Words._select_query,
    "CALL": Words._call_script,
}


def session_path(key: tree.Expression) -> tree.Expression:
    """``"session." + key``, folded if the key is written out."""
    if isinstance(key, tree.Literal) and isinstance(key.value, str):
        return tree.Literal(key.line, key.column, f"session.{key.value}")
    prefix = tree.Literal(key.line, key.column, "session.")
    return tree.Binary(key.line, key.column, "+", prefix, key)


def leading_text(node: tree.Expression) -> str | None:
    """The text with which the value of an expression certainly begins; None if that is not known."""
    while isinstance(node, tree.Binary) and node.op in ("+", "&"):
        node = node.left
    if isinstance(node, tree.Literal) and isinstance(node.value, str):
        return node.value
    if isinstance(node, tree.Template) and isinstance(node.parts[0], str):
        return node.parts[0]
    return None
