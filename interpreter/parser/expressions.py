"""Expressions: operator precedence by climbing, literals, members, calls.

Levels, loosest first: 1 ``?:`` ``??``; 2 OR XOR; 3 AND; 4 NOT; 5 comparisons, which do not chain;
6 ``+ - &``; 7 ``* / % MOD``; 8 ``^``, from the right; 9 signs; 10 call, index, member.
"""

from __future__ import annotations

from interpreter import tree
from interpreter.lexer import Lexer
from interpreter.parser import habits
from interpreter.parser.stream import LINE_ENDS, RESERVED, Stream
from interpreter.tokens import Hole, Raw, Token, fold
from interpreter.walk import children

COMPARISON = 5
ADDITIVE = 6
TIGHT = 10

_INFIX: dict[str, tuple[int, str]] = {
    "OR": (2, "OR"), "||": (2, "OR"), "XOR": (2, "XOR"), "AND": (3, "AND"), "&&": (3, "AND"),
    "=": (5, "="), "==": (5, "="), "<>": (5, "<>"), "!=": (5, "<>"), "<": (5, "<"), ">": (5, ">"),
    "<=": (5, "<="), "=<": (5, "<="), ">=": (5, ">="), "=>": (5, ">="),
    "IN": (5, "IN"), "CONTAINS": (5, "CONTAINS"), "LIKE": (5, "LIKE"), "IS": (5, "IS"), "NOT": (5, "NOT"),
    "BETWEEN": (5, "BETWEEN"), "STARTS": (5, "STARTS WITH"), "ENDS": (5, "ENDS WITH"),
    "+": (6, "+"), "-": (6, "-"), "&": (6, "&"),
    "*": (7, "*"), "/": (7, "/"), "%": (7, "MOD"), "MOD": (7, "MOD"), "^": (8, "^"),
}  # fmt: skip
_NEGATABLE = frozenset(("IN", "CONTAINS", "LIKE", "BETWEEN", "STARTS", "ENDS"))
_CONSTANTS: dict[str, bool | None] = {"TRUE": True, "FALSE": False, "NULL": None, "NOTHING": None}
_MAX_HOLES = 8
_LONG = 64  # tokens: a shorter expression cannot be too deep


class Expressions(Stream):
    """Reads expressions from the stream."""

    def expression(self, level: int = 1) -> tree.Expression:
        """An expression of this level or tighter."""
        if self.depth:
            return self._choice() if level == 1 else self.binary(level)
        first = self.index
        self.depth = 1
        node = self._choice() if level == 1 else self.binary(level)
        self.depth = 0
        if self.index - first > _LONG:
            self.check_depth(node)
        return node

    def _choice(self) -> tree.Expression:
        """``a ?? b`` and ``c ? a : b``."""
        node = self.binary(2)
        key = self.tok.key
        if key == "??":
            operands = [node]
            while self.accept("??"):
                operands.append(self.binary(2))
            node = tree.Logical(node.line, node.column, "??", operands)
        if self.tok.key == "?":
            self.advance()
            self.deeper()
            yes = self.expression()
            self.expect(":", "between the two values of ? :", "Write condition ? value : other value")
            no = self.expression()
            self.depth -= 1
            node = tree.Conditional(node.line, node.column, node, yes, no)
        return node

    def binary(self, minimum: int) -> tree.Expression:
        left = self.operand()
        while True:
            found = _INFIX.get(self.tok.key)
            if found is None or found[0] < minimum:
                return left
            level, op = found
            if level == COMPARISON:
                if op == "NOT" and self.peek().key not in _NEGATABLE:
                    return left
                left = self._comparison(left, op)
                following = _INFIX.get(self.tok.key)
                if following is not None and following[0] == COMPARISON:
                    hint = "Compare twice: a < b AND b < c"
                    self.fail("Comparisons do not chain", code="comparison-chain", hint=hint)
                continue
            sign = self.advance()
            if level <= 3 and op != "XOR":
                operands = [left, self.binary(level + 1)]
                while (again := _INFIX.get(self.tok.key)) is not None and again[1] == op:
                    self.advance()
                    operands.append(self.binary(level + 1))
                left = tree.Logical(left.line, left.column, op, operands)
            elif level == 8:
                self.deeper()
                left = tree.Binary(sign.line, sign.column, op, left, self.binary(8))
                self.depth -= 1
            else:
                left = tree.Binary(sign.line, sign.column, op, left, self.binary(level + 1))

    def _comparison(self, left: tree.Expression, op: str) -> tree.Expression:
        line, column = left.line, left.column
        self.advance()
        if op == "IS":
            return self._is(left)
        negated = op == "NOT"
        if negated:
            op = _INFIX[self.advance().key][1]
        if op == "BETWEEN":
            low = self.binary(ADDITIVE)
            self.expect("AND", "between the two bounds of BETWEEN", "Write  total BETWEEN 1 AND 9")
            between = tree.Between(line, column, left, low, self.binary(ADDITIVE))
            return tree.Unary(line, column, "NOT", between) if negated else between
        if op in ("STARTS WITH", "ENDS WITH"):
            self.expect("WITH", f"after {op.split()[0]}", f'Write  name {op} "A"')
            node = tree.Binary(line, column, op, left, self.binary(ADDITIVE))
            return tree.Unary(line, column, "NOT", node) if negated else node
        right = self.binary(4 if self.tok.key in ("NOT", "!") else ADDITIVE)
        return tree.Binary(line, column, f"NOT {op}" if negated else op, left, right)

    def _is(self, left: tree.Expression) -> tree.Expression:
        negated = self.accept("NOT") is not None
        key = self.tok.key
        if key in ("NULL", "NOTHING"):
            self.advance()
            return tree.IsNull(left.line, left.column, left, negated)
        if key in ("NUMERIC", "EMPTY"):
            self.advance()
            name = f"is{key.lower()}"
            test = tree.Call(left.line, left.column, name, name.upper(), [left])
            return tree.Unary(left.line, left.column, "NOT", test) if negated else test
        return self.fail(
            f"Expected NULL after IS, but found {self.describe()}",
            hint=habits.VALUE.get(fold(self.tok.text)) or "To compare values, write =",
        )

    # --- operands -------------------------------------------------------------------------------------------

    def operand(self) -> tree.Expression:
        """A value with its signs, members, indexes and calls."""
        tok = self.tok
        kind, key = tok.kind, tok.key
        node: tree.Expression
        if kind == "word":
            if key == "NOT":
                return self._negation()
            node = self._word(tok)
        elif kind == "string":
            self.advance()
            value = tok.value
            if value.__class__ is str:
                node = tree.Literal(tok.line, tok.column, value)
            else:
                node = self.template(tok, value)
        elif kind == "number":
            self.advance()
            if tok.value == 2**63:
                hint = "The largest whole number is 9223372036854775807"
                self.fail("This number does not fit in 64 bits", code="number-too-large", at=tok, hint=hint)
            return tree.Literal(tok.line, tok.column, tok.value)
        elif key == "." and self.peek().kind == "number" and self.peek().text.isdigit():
            self.advance()
            return tree.Literal(tok.line, tok.column, float(f"0.{self.advance().text}"))
        elif key == "(":
            node = self._group()
        elif key == "[":
            node = self._array()
        elif key in ("{", "#{"):
            node = self._object()
        elif key in ("-", "+"):
            return self._sign()
        elif key == "!":
            return self._negation()
        else:
            self.fail_operand()
        key = self.tok.key
        if key in (".", "[", "?.", "("):
            return self.postfix(node)
        return node

    def fail_operand(self) -> None:
        before = self.tokens[self.index - 1].text if self.index else ""
        after = f" after {before}" if before.strip() and before != self.tok.text else ""
        self.fail(
            f"Expected a value{after[:40]}, but found {self.describe()}", hint=self._hint_for_operand(before)
        )

    def _hint_for_operand(self, before: str) -> str:
        key = self.tok.key
        if before in ("==", "!=") and key == "=":
            return "A comparison is a single =, and <> its opposite"
        if before == "-" and key == ">":
            return "A member is read with a dot:  order.id"
        if before == key == "*":
            return "A power is written with ^"
        if key in LINE_ENDS:
            return f"Something is missing behind {before[:40]}" if before.strip() else ""
        if key == "&" and self.peek().key[:1] in ("H", "O", "B"):
            return "Numbers are decimal"
        if key == "IS":
            return "IS stands behind the value:  name IS NULL"
        if self.tok.kind == "word":
            return f"{self.tok.text[:40]} is a word of the language; a text stands in quotation marks"
        return f"Remove {self.tok.text[:40]}, or put a value before it"

    def _sign(self) -> tree.Expression:
        signs: list[Token] = []
        while self.tok.key in ("-", "+"):
            self.deeper()
            signs.append(self.advance())
        node: tree.Expression
        if self.tok.kind == "number" and signs[-1].key == "-":
            token, sign = self.advance(), signs.pop()
            node = tree.Literal(sign.line, sign.column, -token.value)
            self.depth -= 1
        else:
            node = self.operand()
        for sign in reversed(signs):
            node = tree.Unary(sign.line, sign.column, sign.key, node)
        self.depth -= len(signs)
        return node

    def _negation(self) -> tree.Expression:
        words: list[Token] = []
        while self.tok.key in ("NOT", "!"):
            self.deeper()
            words.append(self.advance())
        node = self.binary(COMPARISON)
        for word in reversed(words):
            node = tree.Unary(word.line, word.column, "NOT", node)
        self.depth -= len(words)
        return node

    def _group(self) -> tree.Expression:
        opener = self.advance()
        self.deeper()
        if self.accept(")"):
            self.depth -= 1
            return tree.Literal(opener.line, opener.column, None)
        node = self.expression()
        self.close(")", opener)
        self.depth -= 1
        return node

    def close(self, key: str, opener: Token) -> None:
        if self.tok.key == key:
            self.advance()
        elif self.tok.key in ("\n", "\0"):
            self.fail(
                f"This {opener.text} is never closed", code="unclosed-bracket", hint=f"Add {key}", at=opener
            )
        else:
            hint = self.hint_for_extra() or f"The {opener.text} was opened in line {opener.line}"
            self.fail(f"Expected , or {key}, but found {self.describe()}", hint=hint)

    def listed(self, closing: str, opener: Token) -> list[tree.Expression]:
        """Expressions up to ``closing``, which is consumed; a trailing comma is nothing."""
        items: list[tree.Expression] = []
        self.deeper()
        while self.tok.key != closing:
            items.append(self.expression())
            if not self.accept(","):
                break
        self.close(closing, opener)
        self.depth -= 1
        return items

    def _array(self) -> tree.Expression:
        opener = self.advance()
        return tree.ArrayLiteral(opener.line, opener.column, self.listed("]", opener))

    def _object(self) -> tree.Expression:
        opener = self.advance()
        entries: list[tuple[str, tree.Expression]] = []
        self.deeper()
        while self.tok.key != "}":
            key = self.tok
            if key.kind == "string" and isinstance(key.value, str):
                name = key.value
            elif key.kind == "word":
                name = key.text
            elif key.kind == "number":
                name = str(key.value)
            else:
                self.fail(
                    f"Expected the name of an entry, but found {self.describe()}", hint='{ "name": value }'
                )
            self.advance()
            self.expect(":", "after the name of an entry", "Write { name: value, other: value }")
            entries.append((name, self.expression()))
            if not self.accept(","):
                break
        self.close("}", opener)
        self.depth -= 1
        return tree.ObjectLiteral(opener.line, opener.column, entries)

    def postfix(self, node: tree.Expression) -> tree.Expression:
        """Members, indexes and method calls behind ``node``."""
        links = 0
        while True:
            key = self.tok.key
            if key in (".", "?."):
                self.advance()
                if self.tok.key in LINE_ENDS:
                    self.fail("Nothing follows the dot", hint="A statement ends without a dot")
                word = self.identifier("the name of a member", 'Write  order.total, or order["total"]')
                if self.tok.key == "(":
                    arguments = self.listed(")", self.advance())
                    node = tree.MethodCall(node.line, node.column, node, fold(word.text), arguments)
                else:
                    node = tree.Member(node.line, node.column, node, word.text)
            elif key == "[":
                opener = self.advance()
                self.deeper()
                index = self.expression()
                self.close("]", opener)
                self.depth -= 1
                node = tree.Index(node.line, node.column, node, index)
            elif key == "(" and isinstance(node, tree.Call | tree.MethodCall | tree.Index):
                arguments = self.listed(")", self.advance())
                if len(arguments) != 1:
                    self.fail("Only a name can be called", hint="An element is read with [index]")
                node = tree.Index(node.line, node.column, node, arguments[0])
            else:
                break
            links += 1
            self.deeper()
        self.depth -= links
        return node

    # --- words ----------------------------------------------------------------------------------------------

    def _word(self, tok: Token) -> tree.Expression:
        key = tok.key
        if key in _CONSTANTS:
            self.advance()
            return tree.Literal(tok.line, tok.column, _CONSTANTS[key])
        if (special := self.special_word(tok)) is not None:
            return special
        called = key == "MOD" and self.peek().key == "("
        named = called or fold(tok.text) in self.assigned or (key == "TO" and self.peek().key in (",", "."))
        if key in RESERVED and not named:
            self.fail_operand()
        self.advance()
        if self.tok.key == "(":
            arguments = self.listed(")", self.advance())
            return tree.Call(tok.line, tok.column, fold(tok.text), tok.text, arguments)
        return tree.Name(tok.line, tok.column, fold(tok.text), tok.text)

    def special_word(self, tok: Token) -> tree.Expression | None:
        """What a word means besides a variable or a call; None if nothing."""
        raise NotImplementedError

    # --- interpolation --------------------------------------------------------------------------------------

    def template(self, tok: Token, parts: list[str | Hole]) -> tree.Expression:
        """A string or raw block with holes; a Literal if it has none."""
        filled: list[str | tree.Expression] = []
        for part in parts:
            if isinstance(part, Hole):
                filled.append(self._hole(tok, part))
            elif filled and isinstance(filled[-1], str):
                filled[-1] += part
            elif part:
                filled.append(part)
        if not filled:
            return tree.Literal(tok.line, tok.column, "")
        if len(filled) == 1 and isinstance(filled[0], str):
            return tree.Literal(tok.line, tok.column, filled[0])
        return tree.Template(tok.line, tok.column, filled)

    def raw(self, tok: Token) -> tree.Expression:
        raw: Raw = tok.value
        return self.template(tok, raw.parts)

    def _hole(self, tok: Token, hole: Hole) -> tree.Expression:
        if self.holes >= _MAX_HOLES:
            message = f"Interpolations are nested more than {_MAX_HOLES} levels deep"
            hint = "Keep parts of it in variables of their own"
            self.fail(message, code="expression-too-deep", at=tok, hint=hint)
        tokens, index, inline = self.tokens, self.index, self.inline
        self.tokens = Lexer(self.source, hole.start, hole.end, place=self.place(hole.start)).run()
        self.holes += 1
        self.inline = 0
        self.deeper()
        try:
            self.move(0)
            if self.tok.key == "\0":
                self.fail(
                    "Nothing stands between ${ and }",
                    hint="Write ${name}, or \\${ for the characters themselves",
                )
            node = self.expression()
            if self.tok.key != "\n":
                hint = self.hint_for_extra() or "Close the value with }"
                self.fail(f"Expected }} after this value, but found {self.describe()}", hint=hint)
        finally:
            self.tokens = tokens
            self.move(index)
            self.holes -= 1
            self.inline = inline
        self.depth -= 1
        return node

    # --- depth ----------------------------------------------------------------------------------------------

    def check_depth(self, root: tree.Expression) -> None:
        """Refuses trees deeper than the limit; a chain of one ``+`` or ``&`` counts as one level."""
        waiting: list[tuple[tree.Node, int]] = [(root, 1)]
        while waiting:
            node, depth = waiting.pop()
            if depth > 64:
                message = "This expression is nested more than 64 levels deep"
                hint = "Keep parts of it in variables of their own"
                self.fail(message, code="expression-too-deep", hint=hint, at=node)
            if isinstance(node, tree.Binary):
                same = (
                    isinstance(node.left, tree.Binary) and node.left.op == node.op and node.op in ("+", "&")
                )
                waiting.append((node.left, depth if same else depth + 1))
                waiting.append((node.right, depth + 1))
            else:
                waiting.extend((child, depth + 1) for child in children(node))
