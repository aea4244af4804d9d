"""Warnings about scripts that run, but hardly as their author meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from interpreter import tree
from interpreter.errors import Diagnostic
from interpreter.parser.skeletons import is_assembled
from interpreter.tokens import fold
from interpreter.walk import children, expressions_of, statements_in, statements_of

_PLACEHOLDER = re.compile(r"(?<![{$\\])\{([^\W\d]\w*)\}(?!\})|\$([^\W\d]\w*)|%([^\W\d]\w*)%")


def suspicions(script: tree.Script, known: Collection[str]) -> list[Diagnostic]:
    """:param known: the variables that the script sets, folded."""
    statements = list(statements_of(script))
    assembled = _assembled(statements)
    found = [*_nothing_runs(script), *_nothing_said(script, statements), *_unreturned(script)]
    found += _unused_labels(script.body)
    for procedure in script.procedures.values():
        found += _unused_labels(procedure.body)
    for statement in statements:
        found += _conditions(statement)
        found += _placeholders(statement, known)
        found += _open_conditions(statement, assembled)
    return found


def _warning(code: str, message: str, at: tree.Node, hint: str) -> Diagnostic:
    return Diagnostic(
        severity="warning", code=code, message=message, line=at.line, column=at.column, hint=hint
    )


def _nothing_runs(script: tree.Script) -> Iterator[Diagnostic]:
    if not script.body and script.procedures:
        first = next(iter(script.procedures.values()))
        call = f"{first.spelling}()" if first.kind == "function" else first.spelling
        message = "The script only defines procedures, so nothing happens when it runs"
        yield _warning("nothing-runs", message, first, f"Call it below, on a line of its own:  {call}")


def _nothing_said(script: tree.Script, statements: list[tree.Statement]) -> Iterator[Diagnostic]:
    prints = [each for each in statements if isinstance(each, tree.Print) and each.level == "info"]
    runs_alone = bool(
        script.parameters or script.declarations
    )  # a tool, or by schedule: there is nobody to talk to
    if prints and not runs_alone and not any(map(_speaks, statements)):
        message = "PRINT writes to the log: the person does not see it"
        yield _warning("nothing-said", message, prints[0], "To say something, write TALK")


def _speaks(statement: tree.Statement) -> bool:
    heard = isinstance(statement, tree.Assign) and isinstance(statement.value, tree.Hear)
    return isinstance(statement, tree.Talk | tree.CallScript | tree.Return) or (
        heard and isinstance(statement, tree.Assign) and getattr(statement.value, "prompt", None) is not None
    )


def _unreturned(script: tree.Script) -> Iterator[Diagnostic]:
    for procedure in script.procedures.values():
        for statement in statements_in(procedure.body):
            target = statement.target if isinstance(statement, tree.Assign) else None
            if (
                procedure.kind == "function"
                and isinstance(target, tree.Name)
                and target.name == fold(procedure.spelling)
            ):
                message = f"Assigning to {target.spelling} does not return the value"
                yield _warning("result-not-returned", message, target, "Write  RETURN value")


def _unused_labels(body: list[tree.Statement]) -> Iterator[Diagnostic]:
    statements = list(statements_in(body))
    wanted = {each.label for each in statements if isinstance(each, tree.Goto | tree.Gosub | tree.OnError)}
    for statement in statements:
        if (
            isinstance(statement, tree.Label)
            and statement.name not in wanted
            and not statement.name.isdigit()
        ):
            message = f"Nothing jumps to the label {statement.spelling[:40]}"
            yield _warning("unused-label", message, statement, "Remove it, or leave the colon out")


# --- conditions ---------------------------------------------------------------------------------------------


def _conditions(statement: tree.Statement) -> Iterator[Diagnostic]:
    tests: list[tree.Expression | None] = []
    if isinstance(statement, tree.If):
        tests = [branch.test for branch in statement.branches]
    elif isinstance(statement, tree.Loop):
        tests = [statement.before, statement.after]
    for test in tests:
        asked = test.operand if isinstance(test, tree.Unary) and test.op == "NOT" else test
        if isinstance(asked, tree.Logical) and asked.op == "OR":
            yield from _always_true(asked)


def _always_true(test: tree.Logical) -> Iterator[Diagnostic]:
    """``colour = "red" OR "blue"``."""
    first = test.operands[0]
    for operand in test.operands[1:]:
        if isinstance(operand, tree.Literal) and operand.value and not isinstance(operand.value, bool):
            hint = "Write the whole comparison again behind OR"
            if isinstance(first, tree.Binary) and first.op == "=" and isinstance(first.left, tree.Name):
                hint = f"Write  {first.left.spelling} = …  again behind OR"
            yield _warning(
                "always-true", "This is always true: OR joins whole conditions, not values", operand, hint
            )
            return


def _assembled(statements: list[tree.Statement]) -> set[str]:
    """The variables that hold a text with values in it."""
    return {
        each.target.name
        for each in statements
        if isinstance(each, tree.Assign)
        and isinstance(each.target, tree.Name)
        and not isinstance(each.value, tree.Hear)
        and is_assembled(each.value)
    }


def _open_conditions(statement: tree.Statement, assembled: Collection[str]) -> Iterator[Diagnostic]:
    """``FIND "orders", condition`` where the values are in the text already."""
    waiting: list[tree.Node] = [*expressions_of(statement)]
    if isinstance(statement, tree.Assign):
        waiting.append(statement.value)
    while waiting:
        node = waiting.pop()
        waiting += children(node)
        if not isinstance(node, tree.KeywordCall):
            continue
        for name, value in zip(node.keyword.parameters, node.arguments, strict=True):
            if name in node.keyword.conditions and isinstance(value, tree.Name) and value.name in assembled:
                message = f"A value in the text of {value.spelling[:40]} can change this condition"
                hint = "Write the condition itself here: then values in it stay values"
                yield _warning("condition-in-variable", message, value, hint)


# --- placeholders -------------------------------------------------------------------------------------------


def _placeholders(statement: tree.Statement, known: Collection[str]) -> Iterator[Diagnostic]:
    """Texts that are said as they stand: of TALK and of a HEAR's question."""
    said: list[tree.Expression] = []
    if isinstance(statement, tree.Talk):
        said = [*expressions_of(statement)]  # type: ignore[list-item]
    elif isinstance(statement, tree.Assign) and isinstance(statement.value, tree.Hear):
        said = [statement.value.prompt] if statement.value.prompt is not None else []
    while said:
        node = said.pop()
        if isinstance(node, tree.Binary):
            said += (node.left, node.right)
        texts = [node.value] if isinstance(node, tree.Literal) else getattr(node, "parts", [])
        for text in texts:
            for found in _PLACEHOLDER.finditer(text) if isinstance(text, str) else ():
                name = found[1] or found[2] or found[3]
                if fold(name) in known:
                    message = f"{found[0]} is said as it stands"
                    yield _warning("placeholder", message, node, f"Write  ${{{name}}}  to say its value")
