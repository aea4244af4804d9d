"""What is directly inside a node of the tree."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from functools import cache
from typing import Any

from interpreter import tree

_HOLDS_NODES = re.compile("Expression|Statement|Target|Branch|Case|Hear")


@cache
def _parts(kind: Any) -> tuple[str, ...]:
    """The fields of a class of nodes that hold nodes, in the order in which they are evaluated or executed."""
    return tuple(field.name for field in fields(kind) if _HOLDS_NODES.search(str(field.type)))


def children(node: tree.Node) -> list[tree.Node]:
    """The nodes directly below ``node``, in the order in which they are evaluated or executed."""
    found: list[tree.Node] = []
    kind: Any = node.__class__
    parts = _parts(kind)
    if not parts:
        return found
    for name in parts:
        value = getattr(node, name)
        if value.__class__ is list:
            for item in value:
                if isinstance(item, tree.Node):
                    found.append(item)
                elif item.__class__ is tuple:  # an entry of an object: its key and its value
                    found.append(item[1])
        elif value is not None:
            found.append(value)
    return found


def expressions_of(node: tree.Statement) -> Iterator[tree.Expression | tree.Hear]:
    """The expressions directly in a statement; not those of Assign, of targets and of nested bodies."""
    match node:
        case tree.SetPath():
            yield node.path
            yield node.value
        case tree.Evaluate() | tree.Talk() | tree.Throw():
            yield node.value
        case tree.Return() if node.value is not None:
            yield node.value
        case tree.Dim() if node.size is not None:
            yield node.size
        case tree.Wait():
            yield node.seconds
        case tree.Print():
            yield from node.values
        case tree.If():
            yield from (branch.test for branch in node.branches)
        case tree.Select():
            yield node.subject
            for case in node.cases:
                for test in case.tests:
                    yield from _tests(test)
        case tree.For():
            yield from (part for part in (node.start, node.stop, node.step) if part is not None)
        case tree.ForEach():
            yield node.items
            if node.last is not None:
                yield node.last
        case tree.Loop():
            yield from (part for part in (node.before, node.after) if part is not None)
        case tree.CallScript():
            yield node.script
            yield from node.arguments
        case tree.Assert():
            yield node.test
            if node.message is not None:
                yield node.message
        case tree.With():
            yield from (value for _, value in node.entries)
        case tree.SystemPrompt():
            yield node.text
        case tree.Hear():
            yield node


def _tests(test: tree.Expression | tree.CaseRange | tree.CaseCompare) -> Iterator[tree.Expression]:
    if isinstance(test, tree.CaseRange):
        yield test.low
        yield test.high
    elif isinstance(test, tree.CaseCompare):
        yield test.operand
    else:
        yield test


def bodies_of(node: tree.Statement) -> Iterator[list[tree.Statement]]:
    """The lists of statements inside a statement."""
    match node:
        case tree.If():
            yield from (branch.body for branch in node.branches)
            yield node.otherwise
        case tree.Select():
            yield from (case.body for case in node.cases)
            yield node.otherwise
        case tree.For() | tree.ForEach() | tree.Loop():
            yield node.body
        case tree.Try():
            yield node.body
            yield node.handler


def statements_in(body: list[tree.Statement]) -> Iterator[tree.Statement]:
    """The statements of a body and of those inside it, in order."""
    for statement in body:
        yield statement
        for inner in bodies_of(statement):
            yield from statements_in(inner)


def statements_of(script: tree.Script) -> Iterator[tree.Statement]:
    """Every statement of a script, its procedures and what it does when a table changes."""
    procedures = (procedure.body for procedure in script.procedures.values())
    handlers = (declaration.body for declaration in script.declarations)
    for body in (script.body, *procedures, *handlers):
        yield from statements_in(body)
