"""Short constructors for Python ``ast`` nodes: everything that generated code consists of is made here.

Each helper takes names that the compiler chose (slots, temporaries, helpers), never a text of the script's;
texts of the script become constants.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import Any

LOAD = ast.Load()
STORE = ast.Store()

Expr = ast.expr
Stmt = ast.stmt


def name(identifier: str) -> ast.Name:
    return ast.Name(identifier, LOAD)


def constant(value: Any) -> ast.Constant:
    return ast.Constant(value)


NONE = ast.Constant(None)


def call(function: str, *arguments: Expr) -> ast.Call:
    """``function(arguments)``: a helper or a slot that holds a function."""
    return ast.Call(name(function), list(arguments), [])


def method(owner: str, attribute: str, *arguments: Expr) -> ast.Call:
    """``owner.attribute(arguments)``: only on the run (R), never on a script's value."""
    return ast.Call(ast.Attribute(name(owner), attribute, LOAD), list(arguments), [])


def run(attribute: str, *arguments: Expr) -> ast.Call:
    return method("R", attribute, *arguments)


def assign(target: str, value: Expr) -> ast.Assign:
    return ast.Assign([ast.Name(target, STORE)], value)


def set_attribute(owner: str, attribute: str, value: Expr) -> ast.Assign:
    return ast.Assign([ast.Attribute(name(owner), attribute, STORE)], value)


def set_item(owner: str, key: str, value: Expr) -> ast.Assign:
    return ast.Assign([ast.Subscript(name(owner), constant(key), STORE)], value)


def item(owner: Expr, key: Expr) -> ast.Subscript:
    return ast.Subscript(owner, key, LOAD)


def part(owner: Expr, first: int | None, last: int | None) -> ast.Subscript:
    """``owner[first:last]`` of a text."""
    ends = [None if end is None else constant(end) for end in (first, last)]
    return ast.Subscript(owner, ast.Slice(ends[0], ends[1]), LOAD)


def statement(value: Expr) -> ast.Expr:
    return ast.Expr(value)


def walrus(target: str, value: Expr) -> ast.NamedExpr:
    return ast.NamedExpr(ast.Name(target, STORE), value)


def choose(test: Expr, yes: Expr, no: Expr) -> ast.IfExp:
    return ast.IfExp(test, yes, no)


def binary(operator: ast.operator, left: Expr, right: Expr) -> ast.BinOp:
    return ast.BinOp(left, operator, right)


def compare(left: Expr, operator: ast.cmpop, right: Expr) -> ast.Compare:
    return ast.Compare(left, [operator], [right])


def between(low: Expr, value: Expr, high: Expr) -> ast.Compare:
    return ast.Compare(low, [ast.LtE(), ast.LtE()], [value, high])


def negated(test: Expr) -> Expr:
    """The opposite of a test, where only its truth matters."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return test.operand
    return ast.UnaryOp(ast.Not(), test)


def inverse(test: Expr) -> Expr:
    """``not test`` as a value: always a boolean."""
    return ast.UnaryOp(ast.Not(), test)


def every(tests: list[Expr]) -> Expr:
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.And(), tests)


def some(tests: list[Expr]) -> Expr:
    return tests[0] if len(tests) == 1 else ast.BoolOp(ast.Or(), tests)


def tuple_of(items: Iterable[Expr]) -> ast.Tuple:
    return ast.Tuple(list(items), LOAD)


def list_of(items: Iterable[Expr]) -> ast.List:
    return ast.List(list(items), LOAD)


def dict_of(entries: Sequence[tuple[str, Expr]]) -> ast.Dict:
    return ast.Dict([constant(key) for key, _ in entries], [value for _, value in entries])


def if_(test: Expr, body: list[Stmt], otherwise: list[Stmt] | None = None) -> ast.If:
    return ast.If(test, body or [ast.Pass()], otherwise or [])


def for_(target: ast.expr, items: Expr, body: list[Stmt]) -> ast.For:
    return ast.For(target, items, body or [ast.Pass()], [])


def try_(body: list[Stmt], caught: str, variable: str, handler: list[Stmt]) -> ast.Try:
    """``try: body except caught as variable: handler``."""
    return ast.Try(body or [ast.Pass()], [ast.ExceptHandler(name(caught), variable, handler)], [], [])


def function(identifier: str, parameters: Sequence[str], body: list[Stmt]) -> ast.FunctionDef:
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(parameter) for parameter in parameters],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    return ast.FunctionDef(name=identifier, args=arguments, body=body, decorator_list=[])


def ends(body: list[Stmt]) -> bool:
    """Whether control never runs off the end of these statements."""
    return bool(body) and isinstance(body[-1], ast.Continue | ast.Break | ast.Return | ast.Raise)
