"""Short constructors for Python ``ast`` nodes: everything that generated code consists of is made here.

Each method takes names that the compiler chose (slots, temporaries, helpers), never a text of the script's;
texts of the script become constants.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

LOAD = ast.Load()
STORE = ast.Store()

Placed = TypeVar("Placed", bound=ast.expr | ast.stmt | ast.arg | ast.ExceptHandler)


class Builder:
    """Makes the nodes of one unit, each at the position in the script that is being lowered: tracebacks speak of
    those.

    :ivar column: from 1; 0 for a statement as a whole.
    :ivar used: every name that was made so far.
    """

    def __init__(self, line: int) -> None:
        self.used: set[str] = set()
        self.line = line
        self.column = 0
        self._names: dict[str, ast.Name] = {}

    def go_to(self, line: int, column: int = 0) -> None:
        if line != self.line:
            self.line = line
            self._names = {}  # a name that is read in many places of a line is one node: it cannot fail
        self.column = column

    def placed(self, node: Placed) -> Placed:
        node.lineno = self.line
        node.col_offset = self.column
        return node

    # --- expressions ----------------------------------------------------------------------------------------

    def name(self, identifier: str) -> ast.Name:
        found = self._names.get(identifier)
        if found is None:
            self.used.add(identifier)
            found = self._names[identifier] = ast.Name(identifier, LOAD)
            found.lineno, found.col_offset = self.line, self.column  # as ``placed``, without the call
        return found

    def target(self, identifier: str) -> ast.Name:
        self.used.add(identifier)
        return self.placed(ast.Name(identifier, STORE))

    def constant(self, value: Any) -> ast.Constant:
        made = ast.Constant(value)
        made.lineno, made.col_offset = self.line, self.column
        return made

    @property
    def none(self) -> ast.Constant:
        return self.constant(None)

    def invoke(self, function: ast.expr, arguments: Sequence[ast.expr]) -> ast.Call:
        made = ast.Call(function, list(arguments), [])
        made.lineno, made.col_offset = self.line, self.column
        return made

    def call(self, function: str, *arguments: ast.expr) -> ast.Call:
        """``function(arguments)``: a helper or a slot that holds a function."""
        return self.invoke(self.name(function), arguments)

    def run(self, attribute: str, *arguments: ast.expr) -> ast.Call:
        """``R.attribute(arguments)``."""
        return self.invoke(self.attribute("R", attribute), arguments)

    def attribute(self, owner: str, attribute: str) -> ast.Attribute:
        """``owner.attribute``: only of the run, a frame or the cells, never of a script's value."""
        return self.placed(ast.Attribute(self.name(owner), attribute, LOAD))

    def item(self, owner: ast.expr, key: ast.expr) -> ast.Subscript:
        return self.placed(ast.Subscript(owner, key, LOAD))

    def text(self, pieces: Sequence[ast.expr]) -> ast.expr:
        """An f-string of texts that are written out and of ``formatted`` values."""
        return self.placed(ast.JoinedStr(list(pieces)))

    def formatted(self, value: ast.expr) -> ast.FormattedValue:
        """A part of an f-string: only of a text or an integer, which Python has no choice how to format."""
        return self.placed(ast.FormattedValue(value, conversion=-1, format_spec=None))

    def part(self, owner: ast.expr, first: int | None, last: int | None) -> ast.Subscript:
        """``owner[first:last]`` of a text."""
        ends = [None if end is None else self.constant(end) for end in (first, last)]
        return self.item(owner, self.placed(ast.Slice(ends[0], ends[1])))

    def walrus(self, target: str, value: ast.expr) -> ast.NamedExpr:
        return self.placed(ast.NamedExpr(self.target(target), value))

    def choose(self, test: ast.expr, yes: ast.expr, no: ast.expr) -> ast.IfExp:
        return self.placed(ast.IfExp(test, yes, no))

    def binary(self, operator: ast.operator, left: ast.expr, right: ast.expr) -> ast.BinOp:
        return self.placed(ast.BinOp(left, operator, right))

    def compare(self, left: ast.expr, operator: ast.cmpop, right: ast.expr) -> ast.Compare:
        return self.placed(ast.Compare(left, [operator], [right]))

    def between(self, low: ast.expr, value: ast.expr, high: ast.expr) -> ast.Compare:
        return self.placed(ast.Compare(low, [ast.LtE(), ast.LtE()], [value, high]))

    def inverse(self, test: ast.expr) -> ast.expr:
        """``not test`` as a value: always a boolean."""
        return self.placed(ast.UnaryOp(ast.Not(), test))

    def negated(self, test: ast.expr) -> ast.expr:
        """The opposite of a test, where only its truth matters."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return test.operand
        return self.inverse(test)

    def every(self, tests: list[ast.expr]) -> ast.expr:
        return tests[0] if len(tests) == 1 else self.placed(ast.BoolOp(ast.And(), tests))

    def some(self, tests: list[ast.expr]) -> ast.expr:
        return tests[0] if len(tests) == 1 else self.placed(ast.BoolOp(ast.Or(), tests))

    def tuple_of(self, items: Iterable[ast.expr]) -> ast.Tuple:
        return self.placed(ast.Tuple(list(items), LOAD))

    def list_of(self, items: Iterable[ast.expr]) -> ast.List:
        return self.placed(ast.List(list(items), LOAD))

    def dict_of(self, entries: Sequence[tuple[str, ast.expr]]) -> ast.Dict:
        keys: list[ast.expr | None] = [self.constant(key) for key, _ in entries]
        return self.placed(ast.Dict(keys, [value for _, value in entries]))

    # --- statements -----------------------------------------------------------------------------------------

    def assign(self, target: str, value: ast.expr) -> ast.Assign:
        return self.placed(ast.Assign([self.target(target)], value))

    def assign_all(self, targets: Sequence[str], value: ast.expr) -> ast.Assign:
        """The same value to each."""
        return self.placed(ast.Assign([self.target(target) for target in targets], value))

    def unpack(self, targets: Sequence[str], values: ast.expr) -> ast.Assign:
        """One of the values to each."""
        return self.placed(ast.Assign([self.targets(targets)], values))

    def targets(self, names: Sequence[str]) -> ast.Tuple:
        return self.placed(ast.Tuple([self.target(name) for name in names], STORE))

    def set_attribute(self, owner: str, attribute: str, value: ast.expr) -> ast.Assign:
        target = self.placed(ast.Attribute(self.name(owner), attribute, STORE))
        return self.placed(ast.Assign([target], value))

    def set_item(self, owner: ast.expr, key: ast.expr, value: ast.expr) -> ast.Assign:
        return self.placed(ast.Assign([self.placed(ast.Subscript(owner, key, STORE))], value))

    def statement(self, value: ast.expr) -> ast.Expr:
        return self.placed(ast.Expr(value))

    def if_(self, test: ast.expr, body: Sequence[ast.stmt], otherwise: Sequence[ast.stmt] = ()) -> ast.If:
        return self.placed(ast.If(test, self.body(body), list(otherwise)))

    def for_(self, targets: Sequence[str], items: ast.expr, body: list[ast.stmt]) -> ast.For:
        target = self.target(targets[0]) if len(targets) == 1 else self.targets(targets)
        return self.placed(ast.For(target, items, self.body(body), []))

    def forever(self, body: list[ast.stmt]) -> ast.While:
        return self.placed(ast.While(self.constant(True), body, []))

    def try_(self, body: list[ast.stmt], caught: str, variable: str, handler: list[ast.stmt]) -> ast.Try:
        """``try: body except caught as variable: handler``."""
        caughts = [self.placed(ast.ExceptHandler(self.name(caught), variable, handler))]
        return self.placed(ast.Try(self.body(body), caughts, [], []))

    def body(self, statements: Sequence[ast.stmt]) -> list[ast.stmt]:
        return list(statements) or [self.placed(ast.Pass())]

    def leave(self) -> ast.Break:
        return self.placed(ast.Break())

    def again(self) -> ast.Continue:
        return self.placed(ast.Continue())

    def return_(self, value: ast.expr) -> ast.Return:
        return self.placed(ast.Return(value))

    def function(self, identifier: str, parameters: Sequence[str], body: list[ast.stmt]) -> ast.FunctionDef:
        arguments = ast.arguments(
            posonlyargs=[],
            args=[self.placed(ast.arg(parameter)) for parameter in parameters],
            kwonlyargs=[],
            kw_defaults=[],
            defaults=[],
        )
        return self.placed(ast.FunctionDef(name=identifier, args=arguments, body=body, decorator_list=[]))


def ends(body: list[ast.stmt]) -> bool:
    """Whether control never runs off the end of these statements."""
    return bool(body) and isinstance(body[-1], ast.Continue | ast.Break | ast.Return | ast.Raise)
