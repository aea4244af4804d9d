"""Where lowered statements go: straight-line Python, nested Python, or blocks that jump to each other.

A unit in blocks is one function: ``while True: try: <dispatch on block> except …``. A jump sets ``block`` and
continues; only code at the top of a block jumps, never code inside a Python loop.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from interpreter import tree
from interpreter.lowering.analysis import Facts, Unit
from interpreter.lowering.build import Builder, ends
from interpreter.lowering.types import Types


class Emitter:
    """Collects the code of one unit.

    :ivar points: the suspensions found so far: statement ordinal, suspension ordinal, block, line.
    :ivar live: temporaries (stable name, Python name) that hold values across a suspension right now.
    """

    def __init__(self, facts: Facts, types: Types, unit: Unit) -> None:
        self.facts = facts
        self.types = types
        self.unit = unit
        self.script = facts.scripts[unit.script]
        self.blocks: list[list[ast.stmt]] = [[]]
        self.out = self.blocks[0]
        self.block = 0
        self.depth = 0  # how many Python structures the code is inside
        self.handlers: dict[int, int] = {}
        self.traps: dict[int, int] = {}
        self.handler = -1
        self.trap = -1
        self.points: list[tuple[int, int, int, int]] = []
        self.labels: dict[str, int] = {name: self.new_block() for name in sorted(unit.labels)}
        self.live: list[tuple[str, str]] = []
        self.build = Builder(unit.line)
        self.line = unit.line  # of the current statement
        self.ordinal = 0
        self.statements = 0
        self.temporaries = 0
        self.suspensions = 0
        self.scratches = 0
        self.slots = {name: f"v{index}" for index, name in enumerate(sorted(unit.local))}
        self.nulled: set[str] = set()

    # --- writing --------------------------------------------------------------------------------------------

    def emit(self, *statements: ast.stmt) -> None:
        self.out += statements

    def capture(self, lower: Callable[[], None]) -> list[ast.stmt]:
        """What ``lower`` emits, for use inside a Python structure."""
        saved, self.out = self.out, []
        self.depth += 1
        lower()
        self.depth -= 1
        captured, self.out = self.out, saved
        return captured

    # --- blocks ---------------------------------------------------------------------------------------------

    def new_block(self) -> int:
        self.blocks.append([])
        return len(self.blocks) - 1

    def begin(self, block: int) -> None:
        """Go on in ``block``; the one before falls into it."""
        assert self.depth == 0, "a block cannot begin inside a Python structure"
        if not ends(self.out):
            self.jump(block)
        self.block = block
        self.out = self.blocks[block]
        if self.handler >= 0:
            self.handlers[block] = self.handler
        if self.trap >= 0:
            self.traps[block] = self.trap

    def jump(self, block: int) -> None:
        build = self.build
        self.emit(build.assign("block", build.constant(block)), build.again())

    def jump_if(self, test: ast.expr, block: int) -> None:
        jump = self.capture(lambda: self.jump(block))
        self.emit(self.build.if_(test, jump))

    @contextmanager
    def trapped(self, block: int) -> Iterator[None]:
        """While ON ERROR RESUME NEXT is on, a failure in blocks begun here goes on at ``block``."""
        if not self.facts.traps or self.handler >= 0:
            yield
            return
        saved, self.trap = self.trap, block
        self.begin(self.new_block())
        yield
        self.trap = saved

    # --- temporaries ----------------------------------------------------------------------------------------

    def scratch(self) -> str:
        """A Python local that never lives across a suspension."""
        self.scratches += 1
        return f"w{self.scratches}"

    def temporary(self) -> str:
        """A temporary with a stable name, live until the statement ends."""
        stable = f"t{self.ordinal}.{self.temporaries}"
        self.temporaries += 1
        python = stable.replace(".", "_")
        self.live.append((stable, python))
        return python

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Temporaries made inside do not live on: a path around the code inside has not set them."""
        live = len(self.live)
        yield
        del self.live[live:]

    def numbered(self, node: tree.Statement, lower: Callable[[tree.Statement], None]) -> None:
        """Lower one statement: it gets its number, and its temporaries are dropped afterwards."""
        saved = (self.ordinal, self.temporaries, self.suspensions, len(self.live), self.line)
        self.ordinal = self.statements
        self.statements += 1
        self.temporaries = self.suspensions = 0
        self.line = node.line
        self.build.go_to(self.line)
        lower(node)
        self.ordinal, self.temporaries, self.suspensions, live, self.line = saved
        self.build.go_to(self.line)
        del self.live[live:]

    # --- suspending -----------------------------------------------------------------------------------------

    def point(self) -> tuple[int, int]:
        """A new suspension here: its index and the block that goes on after it."""
        block = self.new_block()
        self.points.append((self.ordinal, self.suspensions, block, self.line))
        self.suspensions += 1
        return len(self.points) - 1, block

    def suspend(self, signal: ast.expr) -> ast.expr:
        """Leave with ``signal``; what follows runs when the run goes on. The expression gives the result."""
        build = self.build
        self.emit(build.assign("signal", signal))
        index, block = self.point()
        self.emit(build.set_attribute("frame", "point", build.constant(index)))
        kept = [(stable, build.name(python)) for stable, python in self.live]
        self.emit(build.set_attribute("frame", "temporaries", build.dict_of(kept)))
        self.emit(build.leave())
        self.begin(block)
        self.restore_temporaries()
        return build.run("take")

    def restore_temporaries(self) -> None:
        build = self.build
        for stable, python in self.live:
            held = build.attribute("frame", "temporaries")
            self.emit(build.assign(python, build.item(held, build.constant(stable))))

    # --- variables ------------------------------------------------------------------------------------------

    def read(self, name: str) -> ast.expr:
        build = self.build
        slot = self.slots.get(name)
        return build.name(slot) if slot is not None else build.call("cell", build.constant(name))

    def write(self, name: str, value: ast.expr, *, may_be_null: bool = True) -> None:
        build = self.build
        slot = self.slots.get(name)
        if slot is None:
            self.emit(build.set_item(build.name("cells"), build.constant(name), value))
            return
        self.emit(build.assign(slot, value))
        if may_be_null and self.persists(name):
            self.nulled.add(name)
            self.emit(build.assign(f"n{slot[1:]}", build.constant(True)))

    def persists(self, name: str) -> bool:
        return self.unit.main and name in self.script.assigned
