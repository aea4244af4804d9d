"""A unit's Python function, and a script's module of them."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from interpreter.errors import Diagnostic
from interpreter.lowering import build
from interpreter.lowering.analysis import Facts, Unit
from interpreter.lowering.control import Control
from interpreter.lowering.expressions import unit_name
from interpreter.lowering.types import Types


@dataclass(slots=True)
class LoweredUnit:
    unit: Unit
    name: str
    points: tuple[tuple[int, int, int, int], ...]
    handlers: dict[int, int]
    traps: dict[int, int]
    labels: dict[str, int]


@dataclass(slots=True)
class LoweredScript:
    """:param functions: functions of the language that the code calls: name in the code -> key."""

    module: ast.Module
    units: list[LoweredUnit]
    functions: dict[str, str]


def lower_script(facts: Facts, types: Types, name: str, problems: list[Diagnostic]) -> LoweredScript:
    """The Python module of one script; what is wrong with it goes to ``problems``."""
    script = facts.scripts[name]
    module = ast.Module([], [])
    lowered = LoweredScript(module, [], {})
    for unit in script.units:
        control = Control(facts, types, unit, problems)
        control.body(unit.body)
        if control.functions:
            lowered.functions.update({code: key for key, code in control.functions.items()})
        function = block_function(control) if unit.blocks else plain_function(control)
        module.body.append(ast.fix_missing_locations(function))
        points = tuple(control.points)
        labels = control.labels
        lowered.units.append(
            LoweredUnit(unit, unit_name(unit), points, control.handlers, control.traps, labels)
        )
    return lowered


def plain_function(control: Control) -> ast.FunctionDef:
    """A procedure that cannot suspend: ``def p1(R, ticks, depth, a, b)``, its locals Python's own."""
    unit = control.unit
    parameters = [control.slots[parameter] for parameter in unit.parameters]
    control.line = unit.line
    code = control.out
    control.out = []
    control.tick()
    deep = build.compare(build.name("depth"), ast.Gt(), build.constant(100))
    too_deep = control.capture(lambda: control.emit(build.statement(build.run("too_deep"))))
    control.emit(build.if_(deep, too_deep))
    used = names_in(code)
    prologue_of_cells(control, used)
    for name, slot in control.slots.items():
        if name not in unit.parameters and slot in used:
            control.emit(build.assign(slot, build.NONE))
    function = build.function(unit_name(unit), ["R", "ticks", "depth", *parameters], [*control.out, *code])
    control.placed(function)
    return function


def block_function(control: Control) -> ast.FunctionDef:
    """A unit in blocks: ``def p0(R, ticks, frame, code, block)``; it returns what the driver is to do."""
    unit = control.unit
    control.emit(build.assign("signal", build.call("Returned", build.NONE)), ast.Break())
    used = {name for block in control.blocks for name in names_in(block)}
    control.line = unit.line
    control.out = []
    prologue_of_cells(control, used | ({"cells", "cell"} if unit.main else set()))
    control.emit(build.assign("values", ast.Attribute(build.name("frame"), "values", build.LOAD)))
    slots = {name: slot for name, slot in control.slots.items() if slot in used}
    for name, slot in slots.items():
        shared = control.persists(name)
        control.emit(build.assign(slot, build.call("cell", build.constant(name)) if shared else load(name)))
        if name in control.nulled:
            control.emit(build.assign(f"n{slot[1:]}", build.constant(False)))
    prologue = control.out
    shell = ast.While(build.constant(True), [attempt(control)], [])
    function = build.function(
        unit_name(unit),
        ["R", "ticks", "frame", "code", "block"],
        [*prologue, shell, *epilogue(control, slots)],
    )
    control.placed(function)
    return function


def load(name: str) -> ast.expr:
    return build.method("values", "get", build.constant(name))


def prologue_of_cells(control: Control, used: set[str]) -> None:
    if "cells" in used or "cell" in used:
        variables = ast.Attribute(build.name("R"), "variables", build.LOAD)
        control.emit(build.assign("cells", variables))
        control.emit(build.assign("cell", ast.Attribute(build.name("cells"), "get", build.LOAD)))


def attempt(control: Control) -> ast.Try:
    """The blocks, and what becomes of an error in one of them."""
    handle = build.run(
        "handle", build.name("frame"), build.name("code"), build.name("block"), build.name("error")
    )
    leave: list[ast.stmt] = [build.assign("signal", build.run("left")), ast.Break()]
    left = build.if_(build.compare(build.name("block"), ast.Lt(), build.constant(0)), leave)
    return build.try_(dispatch(control.blocks, 0), "CAUGHT", "error", [build.assign("block", handle), left])


def dispatch(blocks: list[list[ast.stmt]], first: int) -> list[ast.stmt]:
    """A binary tree of tests on ``block``."""
    if len(blocks) == 1:
        return blocks[0] or [ast.Pass()]
    half = len(blocks) // 2
    test = build.compare(build.name("block"), ast.Lt(), build.constant(first + half))
    return [build.if_(test, dispatch(blocks[:half], first), dispatch(blocks[half:], first + half))]


def epilogue(control: Control, slots: dict[str, str]) -> list[ast.stmt]:
    """Script-level variables go back to the shared table, the other locals into the frame."""
    statements: list[ast.stmt] = []
    kept: list[tuple[str, ast.expr]] = []
    for name, slot in slots.items():
        value = build.name(slot)
        if not control.persists(name):
            kept.append((name, value))
            continue
        is_set: ast.expr = build.compare(value, ast.IsNot(), build.NONE)
        if name in control.nulled:
            is_set = build.some([is_set, build.name(f"n{slot[1:]}")])
        statements.append(build.if_(is_set, [build.set_item("cells", name, value)]))
    statements.append(build.set_attribute("frame", "values", build.dict_of(kept)))
    statements.append(ast.Return(build.name("signal")))
    return statements


def names_in(statements: list[ast.stmt]) -> set[str]:
    return {node.id for statement in statements for node in ast.walk(statement) if isinstance(node, ast.Name)}
