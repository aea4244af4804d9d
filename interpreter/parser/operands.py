"""Operands of keywords that are more than a value: names, conditions, columns, pairs (``interpreter.forms``).

Each becomes an ordinary expression: a condition is an object literal whose values are evaluated when the
keyword runs, so that nothing of a script is ever pasted into a query::

    {"column": name, "op": "=", "value": …}      op: = <> < <= > >= IN LIKE CONTAINS …, and NOT before those
    {"column": name, "op": "IS NULL"}            also IS NOT NULL
    {"column": name, "op": "BETWEEN", "low": …, "high": …}
    {"all": [condition, …]}  {"any": [condition, …]}  {"not": condition}

``apply`` beside ``column`` is a function of the language that the column's value goes through first.
"""

from __future__ import annotations

from collections.abc import Callable

from interpreter import tree
from interpreter.functions import FUNCTIONS
from interpreter.parser.expressions import ADDITIVE, Expressions
from interpreter.parser.stream import INFIX_WORDS
from interpreter.tokens import Token, fold

_COMPARISONS = {
    "=": "=", "==": "=", "<>": "<>", "!=": "<>", "<": "<", "<=": "<=", "=<": "<=", ">": ">", ">=": ">=",
    "=>": ">=",
}  # fmt: skip
_WORD_COMPARISONS = {
    "IN": "IN", "LIKE": "LIKE", "ILIKE": "LIKE", "CONTAINS": "CONTAINS", "STARTS": "STARTS WITH",
    "ENDS": "ENDS WITH", "BETWEEN": "BETWEEN",
}  # fmt: skip
_BEGINS_CONDITION = frozenset((*_COMPARISONS, *_WORD_COMPARISONS, "IS", "NOT"))
_PAIRED_BY = ("=", "AS", ":")


class Operands(Expressions):
    """Reads one operand of a kind."""

    def read_operand(self, kind: str, level: int) -> tree.Expression:
        reader = _READERS.get(kind)
        return self.expression(level) if reader is None else reader(self, level)

    def suits(self, kind: str) -> bool:
        """Whether what stands here can only be an operand of this kind; every expression suits a value."""
        word = self.tok.kind == "word"
        if kind == "pairs":
            return (word or self.tok.kind == "string") and self.peek().key in _PAIRED_BY
        if kind == "filter":
            return word and self._condition_follows()
        if kind == "name":
            return word and fold(self.tok.text) not in self.assigned and self.peek().key == "AS"
        return kind != "value"

    def literal(self, token: Token | tree.Node, value: bool | int | float | str | None) -> tree.Literal:
        return tree.Literal(token.line, token.column, value)

    def record(self, at: Token | tree.Node, **entries: tree.Expression) -> tree.ObjectLiteral:
        return tree.ObjectLiteral(at.line, at.column, list(entries.items()))

    # --- names ----------------------------------------------------------------------------------------------

    def _name(self, level: int) -> tree.Expression:
        """A bare word is its own text, unless it is a variable that holds one when the keyword runs."""
        tok = self.tok
        behind = self.peek()
        if tok.kind != "word" or behind.key in ("(", "[", "+", "&"):
            return self.expression(ADDITIVE)
        if behind.key == "." and self.peek(2).kind == "word":
            return self._dotted(tok)
        self.advance()
        spelling = self.literal(tok, tok.text)
        if fold(tok.text) not in self.assigned:
            return spelling
        name = self.name(tok)
        kind = tree.Call(tok.line, tok.column, "typeof", "TYPEOF", [name])
        test = tree.Binary(tok.line, tok.column, "=", kind, self.literal(tok, "string"))
        return tree.Conditional(tok.line, tok.column, test, name, spelling)

    def _dotted(self, tok: Token) -> tree.Expression:
        """``orders.csv`` and ``sales.orders``; ``settings.table`` of a variable is its member."""
        if fold(tok.text) in self.assigned:
            return self.expression(ADDITIVE)
        text = self.advance().text
        while self.tok.key == "." and self.peek().kind == "word":
            self.advance()
            text += f".{self.advance().text}"
        return self.literal(tok, text)

    def _column(self) -> tuple[tree.Literal, str]:
        """A column's name as written, and the function around it, if there is one."""
        tok = self.tok
        if tok.kind == "string" and isinstance(tok.value, str):
            self.advance()
            return self.literal(tok, tok.value), ""
        word = self.identifier("the name of a column")
        if self.tok.key == "(" and fold(word.text) in FUNCTIONS:
            opener = self.advance()
            column, _ = self._column()
            self.close(")", opener)
            return column, fold(word.text)
        text = word.text
        while self.tok.key == "." and self.peek().kind == "word":
            self.advance()
            text += f".{self.advance().text}"
        return self.literal(tok, text), ""

    def _columns(self, level: int) -> tree.Expression:
        first = self.tok
        names: list[tree.Expression] = [self._name(level)]
        while self.accept(","):
            names.append(self._name(level))
        return tree.ArrayLiteral(first.line, first.column, names)

    def _order(self, level: int) -> tree.Expression:
        """``name, total DESC``; a text such as "total desc" stays one."""
        first = self.tok
        columns: list[tree.Expression] = []
        while True:
            at = self.tok
            column = self._name(level)
            descending = self.tok.key in ("DESC", "DESCENDING")
            if descending or self.tok.key in ("ASC", "ASCENDING"):
                self.advance()
            columns.append(self.record(at, column=column, descending=self.literal(at, descending)))
            if self.tok.key != "," or self.peek().kind not in ("word", "string"):
                return tree.ArrayLiteral(first.line, first.column, columns)
            self.advance()

    # --- pairs and fields -----------------------------------------------------------------------------------

    def _pairs(self, level: int) -> tree.Expression:
        """``name = "Ana", total = total + 1`` and ``name AS "Ana"``: an object."""
        first = self.tok
        entries: list[tuple[str, tree.Expression]] = []
        while True:
            column, _ = self._column()
            if self.tok.key not in _PAIRED_BY:
                self.fail(f"Expected = after {column.value}, but found {self.describe()}")
            self.advance()
            entries.append((str(column.value), self.expression(level)))
            if not self.accept(","):
                return tree.ObjectLiteral(first.line, first.column, entries)

    def _fields(self, level: int) -> tree.Expression:
        """Values with the names that they are written by; null for what has none."""
        first = self.tok
        items: list[tree.Expression] = []
        while True:
            at = self.tok
            value = self.expression(level)
            name = value.spelling if isinstance(value, tree.Name) else None
            if isinstance(value, tree.Member):
                name = value.name
            items.append(self.record(at, name=self.literal(at, name), value=value))
            if not self.accept(","):
                return tree.ArrayLiteral(first.line, first.column, items)

    def _text(self, level: int) -> tree.Expression:
        """A text, or the words up to the end of the line: ``SET SCHEDULE every 2 hours``."""
        tok = self.tok
        if tok.kind != "word" or fold(tok.text) in self.assigned or self.peek().key in ("+", "&", "(", "."):
            return self.expression(ADDITIVE)
        end = self.source.find("\n", tok.start)
        written = self.source[tok.start : end if end >= 0 else len(self.source)]
        self.skip_line()
        return self.literal(tok, written.split("//")[0].strip(" \t;"))

    # --- conditions -----------------------------------------------------------------------------------------

    def _filter(self, level: int) -> tree.Expression:
        """A text, or any other value; a condition where one is written out."""
        return self._where(level) if self.suits("filter") else self.expression(level)

    def _condition_follows(self) -> bool:
        index = self.index + 1
        while self.tokens[index].key == "." and self.tokens[index + 1].kind == "word":
            index += 2
        return self.tokens[index].key in _BEGINS_CONDITION

    def _where(self, level: int) -> tree.Expression:
        if self.tok.kind == "string" and self.peek().key not in _BEGINS_CONDITION:
            return self.expression(ADDITIVE)  # WHERE "status='open'"
        return self._any(level)

    def _any(self, level: int) -> tree.Expression:
        return self._joined("OR", "any", lambda: self._joined("AND", "all", self._negation_or_test))

    def _joined(self, word: str, key: str, read: Callable[[], tree.Expression]) -> tree.Expression:
        first = self.tok
        parts = [read()]
        while self._goes_on(word):
            parts.append(read())
        if len(parts) == 1:
            return parts[0]
        return self.record(first, **{key: tree.ArrayLiteral(first.line, first.column, parts)})

    def _goes_on(self, word: str) -> bool:
        return bool(self.accept(word) or self.accept({"AND": "&&", "OR": "||"}[word]))

    def _negation_or_test(self) -> tree.Expression:
        tok = self.tok
        self.deeper()
        try:
            if self.accept("NOT") or self.accept("!"):
                return self.record(tok, **{"not": self._negation_or_test()})
            if self.accept("("):
                inner = self._any(ADDITIVE)
                self.close(")", tok)
                return inner
            return self._test()
        finally:
            self.depth -= 1

    def _test(self) -> tree.Expression:
        tok = self.tok
        column, applied = self._column()
        entries: dict[str, tree.Expression] = {"column": column}
        if applied:
            entries["apply"] = self.literal(column, applied)
        negated = self.accept("NOT") is not None
        word = self.tok
        if not negated and word.key in _COMPARISONS:
            self.advance()
            op = _COMPARISONS[word.key]
            entries |= {"op": self.literal(word, op), "value": self.expression(ADDITIVE)}
        elif not negated and self.accept("IS"):
            entries |= self._null_test(word)
        elif (op := _WORD_COMPARISONS.get(word.key, "")) and self.advance():
            if op.endswith(" WITH"):
                self.expect("WITH", f"after {word.text}")
            entries["op"] = self.literal(word, f"NOT {op}" if negated else op)
            entries |= self._bounds() if op == "BETWEEN" else {"value": self._listed_or_value(op)}
        elif negated or not (
            self.ends_statement() or self.tok.key in INFIX_WORDS | {")", ",", "ORDER", "LIMIT"}
        ):
            self.fail(f"Expected a comparison after {column.value}, but found {self.describe()}")
        else:  # a column of TRUE and FALSE
            entries |= {"op": self.literal(tok, "="), "value": self.literal(tok, True)}
        return self.record(tok, **entries)

    def _null_test(self, word: Token) -> dict[str, tree.Expression]:
        negated = self.accept("NOT") is not None
        if self.tok.key in ("NULL", "NOTHING", "EMPTY"):
            self.advance()
            return {"op": self.literal(word, "IS NOT NULL" if negated else "IS NULL")}
        op = "<>" if negated else "="
        return {"op": self.literal(word, op), "value": self.expression(ADDITIVE)}

    def _bounds(self) -> dict[str, tree.Expression]:
        low = self.expression(ADDITIVE)
        self.expect("AND", "between the two bounds of BETWEEN")
        return {"low": low, "high": self.expression(ADDITIVE)}

    def _listed_or_value(self, op: str) -> tree.Expression:
        """``IN ("a", "b")`` is a list; anything else one value."""
        if op == "IN" and self.tok.key == "(":
            opener = self.advance()
            return tree.ArrayLiteral(opener.line, opener.column, self.listed(")", opener))
        return self.expression(ADDITIVE)


_READERS: dict[str, Callable[[Operands, int], tree.Expression]] = {
    "name": Operands._name,
    "filter": Operands._filter,
    "where": Operands._where,
    "order": Operands._order,
    "columns": Operands._columns,
    "pairs": Operands._pairs,
    "fields": Operands._fields,
    "text": Operands._text,
}
