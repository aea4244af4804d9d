"""A unit's Python function, and a script's module of them."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from interpreter.errors import Diagnostic
from interpreter.lowering.analysis import Facts, Unit
from interpreter.lowering.build import Builder
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
        lowered.functions.update({code: key for key, code in control.functions.items()})
        module.body.append(block_function(control) if unit.blocks else plain_function(control))
        points = tuple(control.points)
        labels = control.labels
        lowered.units.append(
            LoweredUnit(unit, unit_name(unit), points, control.handlers, control.traps, labels)
        )
    return lowered


def plain_function(control: Control) -> ast.FunctionDef:
    """A procedure that cannot suspend: ``def p1(R, ticks, a, b)``, its locals Python's own."""
    unit, build = control.unit, control.build
    parameters = [control.slots[parameter] for parameter in unit.parameters]
    build.go_to(unit.line)
    code, used = control.out, frozenset(build.used)
    control.out = []
    control.emit(build.assign("ticks", build.call("next_tick", build.name("ticks"))))
    prologue_of_cells(control, used)
    for name, slot in control.slots.items():
        if name not in unit.parameters and slot in used:
            control.emit(build.assign(slot, build.none))
    return build.function(unit_name(unit), ["R", "ticks", *parameters], [*control.out, *code])


def block_function(control: Control) -> ast.FunctionDef:
    """A unit in blocks: ``def p0(R, ticks, frame, code, block)``; it returns what the driver is to do."""
    unit, build = control.unit, control.build
    control.emit(build.assign("signal", build.call("Returned", build.none)), build.leave())
    used = frozenset(build.used)
    build.go_to(unit.line)
    control.out = []
    prologue_of_cells(control, used | ({"cells", "cell"} if unit.main else set()))
    control.emit(build.assign("values", build.attribute("frame", "values")))
    slots = {name: slot for name, slot in control.slots.items() if slot in used}
    load(control, slots)
    shell = build.forever([attempt(control)])
    return build.function(
        unit_name(unit),
        ["R", "ticks", "frame", "code", "block"],
        [*control.out, shell, *epilogue(control, slots)],
    )


def load(control: Control, slots: dict[str, str]) -> None:
    """The variables, from the shared table or the frame, all of a kind at a time; null is what is not there."""
    build = control.build
    for shared in (True, False):
        names = [name for name in slots if control.persists(name) == shared]
        if not names:
            continue
        getter: ast.expr = build.name("cell") if shared else build.attribute("values", "get")
        keys = build.tuple_of(build.constant(name) for name in names)
        control.emit(build.unpack([slots[name] for name in names], build.call("each", getter, keys)))
    flags = [f"n{slot[1:]}" for name, slot in slots.items() if name in control.nulled]
    if flags:
        control.emit(build.assign_all(flags, build.constant(False)))


def prologue_of_cells(control: Control, used: frozenset[str]) -> None:
    build = control.build
    if "cells" in used or "cell" in used:
        control.emit(build.assign("cells", build.attribute("R", "variables")))
        control.emit(build.assign("cell", build.attribute("cells", "get")))


def attempt(control: Control) -> ast.Try:
    """The blocks, and what becomes of an error in one of them."""
    build = control.build
    handle = build.run("handle", *map(build.name, ("frame", "code", "block", "error")))
    leave: list[ast.stmt] = [build.assign("signal", build.run("left")), build.leave()]
    left = build.if_(build.compare(build.name("block"), ast.Lt(), build.constant(0)), leave)
    blocks = dispatch(build, control.blocks, 0)
    return build.try_(blocks, "CAUGHT", "error", [build.assign("block", handle), left])


def dispatch(build: Builder, blocks: list[list[ast.stmt]], first: int) -> list[ast.stmt]:
    """A binary tree of tests on ``block``."""
    if len(blocks) == 1:
        return build.body(blocks[0])
    half = len(blocks) // 2
    test = build.compare(build.name("block"), ast.Lt(), build.constant(first + half))
    low, high = dispatch(build, blocks[:half], first), dispatch(build, blocks[half:], first + half)
    return [build.if_(test, low, high)]


def epilogue(control: Control, slots: dict[str, str]) -> list[ast.stmt]:
    """Script-level variables go back to the shared table, the other locals into the frame."""
    build = control.build
    statements: list[ast.stmt] = []
    kept: list[tuple[str, ast.expr]] = []
    for name, slot in slots.items():
        value = build.name(slot)
        if not control.persists(name):
            kept.append((name, value))
            continue
        is_set: ast.expr = build.compare(value, ast.IsNot(), build.none)
        if name in control.nulled:
            is_set = build.some([is_set, build.name(f"n{slot[1:]}")])
        stored = build.set_item(build.name("cells"), build.constant(name), value)
        statements.append(build.if_(is_set, [stored]))
    statements.append(build.set_attribute("frame", "values", build.dict_of(kept)))
    statements.append(build.return_(build.name("signal")))
    return statements
