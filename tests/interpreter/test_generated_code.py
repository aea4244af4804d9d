"""No text of a script's reaches Python: the generated tree consists of listed nodes and names only."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from interpreter.helpers import HELPERS
from interpreter.lowering.analysis import Facts
from interpreter.lowering.types import Types
from interpreter.lowering.units import lower_script
from interpreter.parser import parse
from interpreter.runtime import Run
from tests.interpreter.dialogue_kit import KEYWORDS, play, read_golden

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "language").glob("*.bas"))
NODES = {
    *(
        ast.Module,
        ast.FunctionDef,
        ast.arguments,
        ast.arg,
        ast.Return,
        ast.Assign,
        ast.For,
        ast.While,
        ast.If,
    ),
    *(ast.Try, ast.ExceptHandler, ast.Expr, ast.Pass, ast.Break, ast.Continue, ast.BoolOp, ast.And, ast.Or),
    *(
        ast.NamedExpr,
        ast.BinOp,
        ast.Add,
        ast.Sub,
        ast.Mult,
        ast.Mod,
        ast.UnaryOp,
        ast.Not,
        ast.IfExp,
        ast.Dict,
    ),
    *(ast.Compare, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Is, ast.IsNot, ast.Call),
    *(
        ast.Constant,
        ast.Attribute,
        ast.Subscript,
        ast.Slice,
        ast.JoinedStr,
        ast.FormattedValue,
        ast.Name,
        ast.List,
        ast.Tuple,
        ast.Load,
        ast.Store,
    ),
}
NAMES = re.compile(r"(v|n|w|p)\d+|t\d+_\d+|f\d+_\d+|R|ticks|frame|code|block|signal|cells|cell|values|error")
ATTRIBUTES = {
    "frame": {"values", "temporaries", "point", "returns"},
    "cells": {"get"},
    "values": {"get"},
    "R": {name for name in dir(Run) if not name.startswith("_")} | {"variables"},
}


def generated(source: str, **siblings: str) -> Iterator[ast.Module]:
    scripts = {}
    for name, text in {"start": source, **siblings}.items():
        scripts[name], diagnostics = parse(name, text, KEYWORDS)
        assert not [found for found in diagnostics if found.severity == "error"], diagnostics
        scripts[name].name = name
    facts = Facts(scripts)
    types = Types(facts)
    for name in scripts:
        yield lower_script(facts, types, name, []).module


def check(module: ast.Module) -> None:
    for node in ast.walk(module):
        assert type(node) in NODES, ast.dump(node)
        if isinstance(node, ast.Name):
            assert NAMES.fullmatch(node.id) or node.id in HELPERS, node.id
        elif isinstance(node, ast.arg | ast.FunctionDef | ast.ExceptHandler):
            name = node.arg if isinstance(node, ast.arg) else node.name
            assert name is not None
            assert NAMES.fullmatch(name), name
        elif isinstance(node, ast.Attribute):
            assert isinstance(node.value, ast.Name), ast.dump(node)
            assert node.attr in ATTRIBUTES[node.value.id], node.attr
        elif isinstance(node, ast.Constant):
            assert node.value is None or type(node.value) in (bool, int, float, str), node.value


@pytest.mark.parametrize("path", GOLDEN, ids=[path.stem for path in GOLDEN])
def test_golden_scripts_become_listed_nodes_and_names_only(path: Path) -> None:
    golden = read_golden(path)
    siblings = {name: source for name, source in golden.sources.items() if name != "start"}
    for module in generated(golden.sources["start"], **siblings):
        check(module)


HOSTILE = (
    'x = 1\nTALK x.__class__\nTALK x["__class__"]',
    "__class__ = 5\nTALK __class__",
    "R = 1\nticks = 2\nframe = 3\nv0 = 4\nHELPERS = 5\nTALK R + ticks + frame + v0",
    'TALK "{0.__class__}"\nTALK "%s %(x)s"\nTALK "${x.__init__.__globals__}"',
    "SUB p1(p0)\n TALK p0\nEND SUB\np1(7)",
    'o = { "__class__": 1, "__dict__": 2 }\nTALK o.__class__ + o.__dict__',
    "eval = 1\nexec = 2\nopen = 3\nimport = 4\nTALK eval + exec + open",
    "größe = 1\nx̂ = 2\nTALK größe",
)


@pytest.mark.parametrize("source", HOSTILE)
def test_names_of_python_mean_nothing_to_a_script(source: str) -> None:
    for module in generated(source):
        check(module)


def test_dunder_members_are_null_or_keys() -> None:
    assert play(HOSTILE[0]) == ["", ""]
    assert play(HOSTILE[5]) == ["3"]
    assert play(HOSTILE[3]) == ["{0.__class__}", "%s %(x)s", ""]


def test_names_that_the_compiler_uses_are_ordinary_variables() -> None:
    assert play(HOSTILE[2]) == ["10"]
    assert play(HOSTILE[4]) == ["7"]


def test_a_script_of_many_blocks_finds_each_by_halving() -> None:
    """A turn of the thousandth HEAR must not test for the 999 before it."""
    (module,) = generated("\n".join(f'TALK "{number}"\nHEAR x' for number in range(1000)))

    def depth(node: ast.AST) -> int:
        tests_block = isinstance(node, ast.If) and ast.unparse(node.test).startswith("block <")
        return tests_block + max(map(depth, ast.iter_child_nodes(node)), default=0)

    assert 10 <= depth(module) <= 12
    assert play("\n".join(f"HEAR x\nTALK x + {number}" for number in range(100)), *["a"] * 100)[-1] == "a99"


def test_generated_code_has_no_builtins() -> None:
    from tests.interpreter.dialogue_kit import compiled

    release = compiled(start="SUB s()\n TALK 1\nEND SUB\nTALK 1")
    for code in release.programs["start"].units.values():
        assert code.call.__globals__["__builtins__"] == {}
