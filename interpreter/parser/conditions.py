"""Conditions of keywords, written out or in a text.

A condition becomes an object literal whose values are evaluated when the
keyword runs, so that nothing of a script is ever pasted into a query::

    {"column": name, "op": "=", "value": …}      op: = <> < <= > >= IN LIKE CONTAINS …, and NOT before those
    {"column": name, "op": "IS NULL"}            also IS NOT NULL
    {"column": name, "op": "BETWEEN", "low": …, "high": …}
    {"all": [condition, …]}  {"any": [condition, …]}  {"not": condition}

``apply`` beside ``column`` is a function of the language that the column's value goes through first.

``column`` and ``op`` may be values of the script, and a text behind IN lists its values. In place of a condition,
``{"text": …}`` is one in a text that is known only when the keyword runs.
"""

from __future__ import annotations

from collections.abc import Callable

from interpreter import tree
from interpreter.functions import FUNCTIONS
from interpreter.parser.expressions import ADDITIVE, Expressions
from interpreter.parser.skeletons import condition_in
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


class Conditions(Expressions):
    """Reads conditions and the columns in them."""

    def literal(self, token: Token | tree.Node, value: bool | int | float | str | None) -> tree.Literal:
        return tree.Literal(token.line, token.column, value)

    def record(self, at: Token | tree.Node, **entries: tree.Expression) -> tree.ObjectLiteral:
        return tree.ObjectLiteral(at.line, at.column, list(entries.items()))

    def _column(self) -> tuple[tree.Literal, str]:
        """A column's name as written, and the function around it, if there is one."""
        tok = self.tok
        if tok.kind == "string" and isinstance(tok.value, str):
            self.advance()
            return self.literal(tok, tok.value), ""
        word = self.identifier("the name of a column", 'Write  total > 5 AND state = "open"')
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

    # --- conditions -----------------------------------------------------------------------------------------

    def _condition_follows(self) -> bool:
        index = self.index + 1
        while self.tokens[index].key == "." and self.tokens[index + 1].kind == "word":
            index += 2
        return self.tokens[index].key in _BEGINS_CONDITION

    def _where(self, level: int) -> tree.Expression:
        if self.tok.kind == "string" and self.peek().key not in _BEGINS_CONDITION:
            text = self.expression(ADDITIVE)  # WHERE "status='open'"
            return condition_in(text) or text
        condition = self._any(level)
        if self.tok.kind == "word" and self._condition_follows():
            self.fail(
                f"Expected AND, OR or the end of the condition, but found {self.describe()}",
                hint="Conditions are joined with AND or OR",
            )
        return condition

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
                self.expect("WITH", f"after {word.text}", f'Write  name {op} "A"')
            entries["op"] = self.literal(word, f"NOT {op}" if negated else op)
            entries |= self._bounds() if op == "BETWEEN" else {"value": self._listed_or_value(op)}
        elif negated or not (
            self.ends_statement() or self.tok.key in INFIX_WORDS | {")", ",", "ORDER", "LIMIT"}
        ):
            hint = "Write  <>, NOT IN, NOT LIKE or NOT CONTAINS" if negated else "Write  total > 5"
            self.fail(f"Expected a comparison after {column.value}, but found {self.describe()}", hint=hint)
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
        self.expect("AND", "between the two bounds of BETWEEN", "Write  total BETWEEN 1 AND 9")
        return {"low": low, "high": self.expression(ADDITIVE)}

    def _listed_or_value(self, op: str) -> tree.Expression:
        """``IN ("a", "b")`` is a list; anything else one value."""
        if op == "IN" and self.tok.key == "(":
            opener = self.advance()
            return tree.ArrayLiteral(opener.line, opener.column, self.listed(")", opener))
        return self.expression(ADDITIVE)
