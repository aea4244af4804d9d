"""What is directly inside a node of the tree."""

from __future__ import annotations

from collections.abc import Iterator

from interpreter import tree


def children(node: tree.Node) -> list[tree.Expression]:
    """The expressions directly inside an expression or a Hear."""
    match node:
        case tree.Literal() | tree.Name() | tree.ErrorInfo():
            return []
        case tree.Binary():
            return [node.left, node.right]
        case tree.Template():
            return [part for part in node.parts if not isinstance(part, str)]
        case tree.ArrayLiteral():
            return node.items
        case tree.ObjectLiteral():
            return [value for _, value in node.entries]
        case tree.Unary() | tree.IsNull() | tree.Get():
            return [node.operand]
        case tree.Logical():
            return node.operands
        case tree.Between():
            return [node.operand, node.low, node.high]
        case tree.Conditional():
            return [node.test, node.yes, node.no]
        case tree.Member():
            return [node.object]
        case tree.Index():
            return [node.object, node.index]
        case tree.Call():
            return node.arguments
        case tree.MethodCall():
            return [node.object, *node.arguments]
        case tree.KeywordCall():
            return [argument for argument in node.arguments if argument is not None]
        case tree.Hear():
            return [*node.options, *(part for part in (node.prompt, node.default) if part is not None)]
        case _:
            return []


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
