"""Operands of keywords that are more than a value: names, conditions, columns, pairs (``interpreter.forms``).

Each becomes an ordinary expression.
"""

from __future__ import annotations

from collections.abc import Callable

from interpreter import tree
from interpreter.parser.conditions import Conditions
from interpreter.parser.expressions import ADDITIVE
from interpreter.parser.stream import plural
from interpreter.tokens import Token, fold

_PAIRED_BY = ("=", "AS", ":")


class Operands(Conditions):
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
        if kind == "listed":
            return self.tok.key == "("
        if kind == "rows":
            return self._values_follow(self.index)
        return kind != "value"

    # --- names ----------------------------------------------------------------------------------------------

    def _name(self, level: int) -> tree.Expression:
        """A bare word is its own text, unless it is a variable that holds one when the keyword runs."""
        tok = self.tok
        behind = self.peek()
        bracketed = behind.key == "(" and not self._values_follow(self.index + 1)
        if tok.kind != "word" or bracketed or behind.key in ("[", "+", "&"):
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

    def _filter(self, level: int) -> tree.Expression:
        """A text, or any other value; a condition where one is written out."""
        return self._where(level) if self.suits("filter") else self.expression(level)

    # --- pairs and fields -----------------------------------------------------------------------------------

    def _pairs(self, level: int) -> tree.Expression:
        """``name = "Ana", total = total + 1`` and ``name AS "Ana"``: an object."""
        first = self.tok
        entries: list[tuple[str, tree.Expression]] = []
        while True:
            column, _ = self._column()
            if self.tok.key not in _PAIRED_BY:
                hint = f"Write  {column.value} = value, other = value"
                self.fail(f"Expected = after {column.value}, but found {self.describe()}", hint=hint)
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

    def _listed(self, level: int) -> tree.Expression:
        opener = self.advance()
        fields = self._fields(level)
        self.close(")", opener)
        return fields

    def _values_follow(self, index: int) -> bool:
        """Whether brackets at ``index`` hold columns, with their VALUES behind them."""
        if self.tokens[index].key != "(":
            return False
        behind = self.matching(index) + 1
        return self.tokens[behind + (self.tokens[behind].key == "\n")].key == "VALUES"

    def _rows(self, level: int) -> tree.Expression:
        """``(name, total) VALUES ("Ana", 5), ("Rui", 7)``: an object for each bracket."""
        first = self.advance()
        columns = [str(self._column()[0].value)]
        while self.accept(","):
            columns.append(str(self._column()[0].value))
        self.close(")", first)
        self.accept("\n")
        self.expect("VALUES", "after the columns", 'INSERT INTO orders (name, total) VALUES ("Ana", 5)')
        rows = [self._row_of(columns)]
        while self.accept(","):
            rows.append(self._row_of(columns))
        return rows[0] if len(rows) == 1 else tree.ArrayLiteral(first.line, first.column, rows)

    def _row_of(self, columns: list[str]) -> tree.Expression:
        opener = self.expect("(", "before the values", 'INSERT INTO orders (name, total) VALUES ("Ana", 5)')
        values = self.listed(")", opener)
        if len(values) != len(columns):
            message = f"{plural(len(columns), 'column')}, but {plural(len(values), 'value')}"
            self.fail(message, hint=f"One value each for {', '.join(columns)}"[:200], at=opener)
        return tree.ObjectLiteral(opener.line, opener.column, list(zip(columns, values, strict=True)))

    def _text(self, level: int) -> tree.Expression:
        """A text, or the words up to the end of the line: ``SET SCHEDULE every 2 hours``."""
        tok = self.tok
        if tok.kind != "word" or fold(tok.text) in self.assigned or self.peek().key in ("+", "&", "(", "."):
            return self.expression(ADDITIVE)
        end = self.source.find("\n", tok.start)
        written = self.source[tok.start : end if end >= 0 else len(self.source)]
        self.skip_line()
        return self.literal(tok, written.split("//")[0].strip(" \t;"))


_READERS: dict[str, Callable[[Operands, int], tree.Expression]] = {
    "name": Operands._name,
    "filter": Operands._filter,
    "where": Operands._where,
    "order": Operands._order,
    "columns": Operands._columns,
    "pairs": Operands._pairs,
    "fields": Operands._fields,
    "listed": Operands._listed,
    "rows": Operands._rows,
    "text": Operands._text,
}
