"""Statements. Each is lowered as plain Python, or flat, as blocks, if something in it suspends or jumps."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from interpreter import tree
from interpreter.errors import Diagnostic
from interpreter.lowering import texts
from interpreter.lowering.analysis import Facts, Unit, literal_path, recalls, variable_of_path
from interpreter.lowering.build import ends
from interpreter.lowering.expressions import Expressions, repeatable
from interpreter.lowering.types import ANY, INT, NULL, STR, Types, only
from interpreter.lowering.walk import everything

DEFAULTS = {
    "string": "", "text": "", "integer": 0, "number": 0, "int": 0, "long": 0, "float": 0.0, "double": 0.0,
    "single": 0.0, "decimal": 0.0, "boolean": False, "bool": False,
}  # fmt: skip
STRUCTURES = (tree.If, tree.Select, tree.For, tree.ForEach, tree.Loop, tree.Try)  # each header traps itself
UNTRAPPED = (*STRUCTURES, tree.Label, tree.Goto, tree.Gosub, tree.OnError, tree.ClearError, tree.Exit)
SETTLING = (tree.Assign, tree.SetPath, tree.Evaluate, tree.CallScript)


@dataclass(slots=True)
class LoopTarget:
    """A loop around the current statement: -1 for blocks when it is a Python loop."""

    kind: str
    leave: int = -1
    again: int = -1


class Statements(Expressions):
    """Lowers the statements of one unit."""

    rules: Mapping[type, Callable[..., None]] = {}  # set by lowering.control, which has the rest of them
    tests_error = 0  # how many IFs around the current statement read ERROR

    def __init__(self, facts: Facts, types: Types, unit: Unit, problems: list[Diagnostic]) -> None:
        super().__init__(facts, types, unit, problems)
        self.loops: list[LoopTarget] = []

    def body(self, statements: list[tree.Statement]) -> None:
        for node in statements:
            self.numbered(node, self.lower)

    def lower(self, node: tree.Statement) -> None:
        rule = self.rules[node.__class__]
        if not self.trapping or isinstance(node, UNTRAPPED):
            rule(self, node)
        elif not self.cut(node):
            self.guarded(node, rule)
        else:
            self.guarded_flat(node, rule)

    @property
    def trapping(self) -> bool:
        """Whether ON ERROR RESUME NEXT can be on here and no TRY is nearer."""
        return self.facts.traps and self.handler < 0

    # --- ON ERROR RESUME NEXT -------------------------------------------------------------------------------

    def guarded(self, node: tree.Statement, rule: Callable[..., None]) -> None:
        """One statement in a ``try`` that passes over its error if the flag is on."""
        build = self.build
        body = self.capture(lambda: rule(self, node))
        if not body:
            return
        if self.settles(node):
            body += self.capture(lambda: self.emit(build.statement(build.run("settled"))))
        failed = self.capture(lambda: self.failed(node))
        self.emit(build.try_(body, "BasicError", "error", failed))

    def failed(self, node: tree.Statement) -> None:
        build = self.build
        self.emit(build.statement(build.run("trap", build.name("error"))))
        self.null_target(node)

    def null_target(self, node: tree.Statement) -> None:
        """A failing assignment stores null."""
        target = node.target if isinstance(node, tree.Assign | tree.CallScript) else None
        if isinstance(target, tree.Name):
            self.write(target.name, self.build.none)

    def guarded_flat(self, node: tree.Statement, rule: Callable[..., None]) -> None:
        """The same for a statement that suspends: its blocks know where to go on."""
        build = self.build
        failed, end = self.new_block(), self.new_block()
        with self.trapped(failed):
            rule(self, node)
            if self.settles(node):
                self.emit(build.statement(build.run("settled")))
            if not ends(self.out):
                self.jump(end)
        self.begin(failed)
        self.null_target(node)
        self.begin(end)

    def settles(self, node: tree.Statement) -> bool:
        """Whether its success clears ERROR: not where the script is still looking at it."""
        return isinstance(node, SETTLING) and not self.tests_error and not reads_error(node)

    # --- assignment -----------------------------------------------------------------------------------------

    def assign(self, node: tree.Assign) -> None:
        if isinstance(node.value, tree.Hear):
            value = self.hear(node.value, spelling(node.target))
            self.store(node.target, value)
        elif node.op != "=":
            self.update(node, node.value)
        elif isinstance(node.target, tree.Name):
            types = self.types.of(node.value)
            value = self.recalled_value(node) if recalls(node) else self.value(node.value)
            self.write(node.target.name, value, may_be_null=recalls(node) or bool(types & NULL))
        else:
            self.assign_part(node.target, node.value)

    def recalled_value(self, node: tree.Assign) -> ast.expr:
        build = self.build
        assert isinstance(node.target, tree.Name)
        name = node.target.name
        return self.recalled(name) if name in self.slots else build.run("recall", build.constant(name))

    def assign_part(self, target: tree.Member | tree.Index, value: tree.Expression) -> None:
        """``a.b = v`` and ``a[i] = v``: the value first, then the place."""
        stored, owner, *rest = self.place(target, value)
        self.put(target, owner, rest, stored, self.weight(value))

    def weight(self, value: tree.Expression) -> int | None:
        """What keeping it in an array costs: nothing for what is no text, a unit for a short one, else unknown."""
        if not self.types.of(value) & STR:
            return 0
        return 1 if texts.is_small(self, value) else None

    def place(self, target: tree.Member | tree.Index, *before: tree.Expression) -> list[ast.expr]:
        """The values of ``before``, what holds a member or element, and the element's index.

        Containers that are missing on the way from the variable to it are made.
        """
        build = self.build
        steps, root = steps_to(target)
        outside = [] if isinstance(root, tree.Name) else [root]
        indexes = [step.index for step in steps if isinstance(step, tree.Index)]
        values = self.values([*before, *outside, *indexes])
        if indexes and (len(steps) > 1 or self.may_be_missing(root)):
            values = [self.repeat(value) for value in values]
        left = iter(values[len(before) + len(outside) :])
        keys = [build.constant(step.name) if isinstance(step, tree.Member) else next(left) for step in steps]
        self.vivify(root, keys[0])
        owner = values[len(before)] if outside else self.value(root)
        for step, key, following in zip(steps, keys, keys[1:], strict=False):
            grown = "grown_member" if isinstance(step, tree.Member) else "grown_index"
            owner = build.call(grown, build.name("R"), owner, key, following)
        return [*values[: len(before)], owner, *(keys[-1:] if isinstance(target, tree.Index) else [])]

    def put(
        self,
        target: tree.Member | tree.Index,
        owner: ast.expr,
        rest: list[ast.expr],
        value: ast.expr,
        weight: int | None = None,
    ) -> None:
        """Python evaluates the arguments from left to right: the value must come first if that can matter."""
        build = self.build
        if not repeatable(value) and not all(map(repeatable, (owner, *rest))):
            held = self.scratch()
            self.emit(build.assign(held, value))
            value = build.name(held)
        if isinstance(target, tree.Member):
            call = build.call("set_member", build.name("R"), owner, build.constant(target.name), value)
        else:
            call = build.call("set_index", build.name("R"), owner, rest[0], value)
            if only(self.types.of(target.index), INT) and repeatable(owner):
                self.put_item(owner, rest[0], value, weight)
                return
        self.emit(build.statement(call))

    def put_item(self, owner: ast.expr, index: ast.expr, value: ast.expr, weight: int | None) -> None:
        """``owner[index] = value``, without a call where an array is indexed by an integer within it.

        A text of unknown length is charged for, by ``set_index``.
        """
        build = self.build
        if not repeatable(index):
            held = self.scratch()
            self.emit(build.assign(held, index))
            index = build.name(held)
        within = build.compare(index, ast.Lt(), build.call("length", owner))
        positive = build.compare(build.constant(-1), ast.Lt(), index)
        direct = build.set_item(owner, index, value)
        slow = build.statement(build.call("set_index", build.name("R"), owner, index, value))
        tests = [self.is_a("array", owner), positive, within]
        if weight is None:
            tests.insert(0, build.compare(build.call("kind", value), ast.IsNot(), build.name("string")))
        charge = [self.ticking()] if weight else []
        self.emit(build.if_(build.every(tests), [*charge, direct], [slow]))

    def may_be_missing(self, root: tree.Expression) -> bool:
        """Whether it is a variable that may be null."""
        return (
            isinstance(root, tree.Name)
            and self.facts.called(self.unit, root) is None
            and bool(self.types.variable(self.unit, root.name) & NULL)
        )

    def vivify(self, root: tree.Expression, key: ast.expr) -> None:
        """Assigning a member of an undefined name creates an object, an element an array."""
        build = self.build
        if isinstance(root, tree.Name) and self.may_be_missing(root):
            made = build.call("container_for", key)
            create = self.capture(lambda: self.write(root.name, made, may_be_null=False))
            self.emit(build.if_(build.compare(self.read(root.name), ast.Is(), build.none), create))

    def store(self, target: tree.Target, value: ast.expr) -> None:
        """Store a value that was taken after a suspension."""
        if isinstance(target, tree.Name):
            self.write(target.name, value)
            return
        held = self.hold(value)
        owner, *rest = self.place(target)
        self.put(target, owner, rest, self.build.name(held))

    def update(self, node: tree.Assign, value: tree.Expression) -> None:
        """``target op= value``."""
        build = self.build
        target = node.target
        types = self.types.of(value)
        if isinstance(target, tree.Name):
            before, operand = self.values([target, value])
            now = self.types.variable(self.unit, target.name)
            self.write(target.name, self.operation(node.op, before, operand, now, types))
            return
        owner, *rest = map(self.repeat, self.place(target))
        if isinstance(target, tree.Member):
            current = build.call("get_member", owner, build.constant(target.name))
        else:
            current = build.call("get_index", owner, rest[0])
        before = build.name(self.hold(current)) if self.cut(value) else current
        self.put(target, owner, rest, self.operation(node.op, before, self.value(value), ANY, types))

    def repeat(self, value: ast.expr) -> ast.expr:
        """The value in a name, so that it can be used twice."""
        return value if repeatable(value) else self.build.name(self.hold(value))

    def set_path(self, node: tree.SetPath) -> None:
        build = self.build
        path = literal_path(node.path)
        variable = variable_of_path(path) if path is not None else None
        if path is not None and variable is not None:
            self.emit(build.statement(build.run("check_path", build.constant(path))))
            if isinstance(node.value, tree.Hear):
                self.write(variable, self.hear(node.value, variable))
            else:
                self.write(variable, self.value(node.value))
            return
        if isinstance(node.value, tree.Hear):
            where = self.kept(node.path)
            self.emit(build.statement(build.run("set_path", where, self.hear(node.value, ""))))
            return
        where, value = self.values([node.path, node.value])
        self.emit(build.statement(build.run("set_path", where, value)))

    def dim(self, node: tree.Dim) -> None:
        build = self.build
        kind = (node.type or "").casefold()
        if node.size is not None:
            self.write(node.name, build.run("array", self.value(node.size)), may_be_null=False)
        elif kind in ("array", "list"):
            self.write(node.name, build.run("listed", build.list_of([])), may_be_null=False)
        elif kind in ("object", "map", "record"):
            self.write(node.name, build.run("record", build.tuple_of([])), may_be_null=False)
        else:
            self.write(node.name, build.constant(DEFAULTS.get(kind)), may_be_null=kind not in DEFAULTS)

    def with_(self, node: tree.With) -> None:
        self.write(node.name, self.record(node.entries), may_be_null=False)

    # --- what a statement does ------------------------------------------------------------------------------

    def evaluate(self, node: tree.Evaluate) -> None:
        self.emit(self.build.statement(self.value(node.value)))

    def talk(self, node: tree.Talk) -> None:
        build = self.build
        self.emit(build.statement(build.run("talk", self.value(node.value))))

    def print_(self, node: tree.Print) -> None:
        build = self.build
        items = self.values(node.values)
        where = (build.constant(node.level), build.constant(node.line))
        self.emit(build.statement(build.run("log", *where, *items)))

    def system_prompt(self, node: tree.SystemPrompt) -> None:
        build = self.build
        text = build.tuple_of([self.value(node.text)])
        self.emit(build.statement(build.run("keyword", build.constant("SYSTEM PROMPT"), text)))

    def wait(self, node: tree.Wait) -> None:
        build = self.build
        made = self.at(node.seconds, lambda: build.run("wait", self.value(node.seconds)))
        self.emit(build.statement(self.suspend(made)))

    def hear_statement(self, node: tree.Hear) -> None:
        self.emit(self.build.statement(self.hear(node, "")))

    def hear(self, node: tree.Hear, variable: str) -> ast.expr:
        build = self.build
        null = tree.Literal(node.line, node.column, None)
        prompt, default, *options = self.values([node.prompt or null, node.default or null, *node.options])
        fixed = (
            build.constant(variable),
            build.constant(node.kind),
            build.constant(node.open_menu),
        )
        given = default if node.default is not None else build.name("UNSET")
        return self.suspend(build.run("hear", *fixed, prompt, build.tuple_of(options), given))

    def call_script(self, node: tree.CallScript) -> None:
        build = self.build
        script, *arguments = self.values([node.script, *node.arguments])
        tail = build.constant(self.is_tail(node))
        result = self.suspend(build.run("call_script", script, build.tuple_of(arguments), tail))
        if node.target is None:
            self.emit(build.statement(result))
        else:
            self.store(node.target, result)

    def is_tail(self, node: tree.CallScript) -> bool:
        """Whether the script is over once this CALL is: then the called script takes its place."""
        guarded = self.handler >= 0 or self.facts.traps or bool(self.unit.nodes.of(tree.OnError))
        return self.unit.main and node.target is None and not guarded and ends_with_call(self.unit.body, node)

    # --- leaving --------------------------------------------------------------------------------------------

    def return_(self, node: tree.Return) -> None:
        build = self.build
        value = self.value(node.value) if node.value is not None else build.none
        if not self.unit.blocks:
            self.emit(build.return_(value))
            return
        if self.unit.gosubs:
            back = self.capture(self.gosub_return)
            self.emit(build.if_(build.attribute("frame", "returns"), back))
        if self.depth == 0:
            self.emit(build.assign("signal", build.call("Returned", value)), build.leave())
        elif self.unit.main:
            self.emit(build.statement(build.run("stop", value)))
        else:
            self.emit(build.return_(build.call("Returned", value)))

    def gosub_return(self) -> None:
        build = self.build
        self.emit(build.assign("block", build.run("gosub_return", build.name("frame"), build.name("code"))))
        self.emit(build.again())

    def exit(self, node: tree.Exit) -> None:
        build = self.build
        if node.what == "script":
            self.emit(build.statement(build.run("stop", build.none)))
        elif node.what in ("sub", "function"):
            self.return_(tree.Return(node.line, node.column, None))
        else:
            self.exit_loop(node)

    def exit_loop(self, node: tree.Exit) -> None:
        build = self.build
        kinds = [loop.kind for loop in self.loops]
        if not kinds or (node.what in ("for", "while", "do") and node.what not in kinds):
            self.problem(node, "exit-outside-loop", "There is no such loop around this statement")
            return
        loop = self.loops[-1]
        if node.what in ("for", "while", "do"):
            loop = next(loop for loop in reversed(self.loops) if loop.kind == node.what)
        again = node.what == "continue"
        if loop.leave >= 0:
            self.jump(loop.again if again else loop.leave)
        else:
            self.emit(build.again() if again else build.leave())

    def label(self, node: tree.Label) -> None:
        self.begin(self.labels[node.name])

    def goto(self, node: tree.Goto) -> None:
        if node.label not in self.labels:
            self.problem(node, "unknown-label", f"There is no label “{node.spelling}”")
            return
        self.tick()
        self.jump(self.labels[node.label])

    def gosub(self, node: tree.Gosub) -> None:
        build = self.build
        if node.label not in self.labels:
            self.problem(node, "unknown-label", f"There is no label “{node.spelling}”")
            return
        index, block = self.point()
        self.tick()
        self.emit(build.statement(build.run("gosub", build.name("frame"), build.constant(index))))
        self.jump(self.labels[node.label])
        self.begin(block)

    def tick(self) -> None:
        self.emit(self.ticking())

    def ticking(self) -> ast.stmt:
        build = self.build
        return build.statement(build.call("next_tick", build.name("ticks")))

    # --- errors ---------------------------------------------------------------------------------------------

    def on_error(self, node: tree.OnError) -> None:
        build = self.build
        if node.mode == "goto" and node.label not in self.labels:
            self.problem(node, "unknown-label", f"There is no label “{node.label}”")
            return
        frame = build.name("frame") if self.unit.blocks else build.none
        mode = (
            build.constant(node.mode),
            build.constant(node.label if node.mode == "goto" else ""),
        )
        self.emit(build.statement(build.run("on_error", frame, *mode)))

    def clear_error(self, node: tree.ClearError) -> None:
        build = self.build
        self.emit(build.statement(build.run("clear_error")))

    def throw(self, node: tree.Throw) -> None:
        build = self.build
        self.emit(build.statement(build.run("raise_error", self.value(node.value))))

    def assert_(self, node: tree.Assert) -> None:
        build = self.build
        parts = [node.test, *([node.message] if node.message is not None else [])]
        test, *message = self.values(parts)
        holds = self.truth(test, self.types.of(node.test))
        self.emit(build.statement(build.run("assert_true", holds, *(message or [build.constant("")]))))

    def try_(self, node: tree.Try) -> None:
        build = self.build
        if self.cut(node):
            self.try_flat(node)
            return
        failed = self.scratch()
        saved, self.handler = self.handler, max(self.handler, 0)  # no trap inside: CATCH takes the error
        body = self.capture(lambda: self.body(node.body))
        self.handler = saved
        caught = self.capture(lambda: self.catch(node, build.run("caught", build.name("error")), failed))
        self.emit(build.assign(failed, build.constant(False)))
        self.emit(build.try_(body, "BasicError", "error", caught))
        handler = self.capture(lambda: self.body(node.handler))
        if handler:
            self.emit(build.if_(build.name(failed), handler))

    def catch(self, node: tree.Try, message: ast.expr, failed: str) -> None:
        build = self.build
        if node.name:
            self.write(node.name, message)
        else:
            self.emit(build.statement(message))
        self.emit(build.assign(failed, build.constant(True)))

    def try_flat(self, node: tree.Try) -> None:
        handler, end = self.new_block(), self.new_block()
        saved, self.handler = self.handler, handler
        self.begin(self.new_block())
        self.body(node.body)
        self.handler = saved
        if not ends(self.out):
            self.jump(end)
        self.begin(handler)
        if node.name:
            self.write(node.name, self.build.run("error_message"))
        self.body(node.handler)
        self.begin(end)


def reads_error(node: tree.Node) -> bool:
    return any(isinstance(inner, tree.ErrorInfo) for inner in everything([node]))


def steps_to(
    target: tree.Member | tree.Index,
) -> tuple[list[tree.Member | tree.Index], tree.Expression]:
    """``o.a[i].b``: the members and elements on the way, outermost container's first, and where it starts."""
    steps: list[tree.Member | tree.Index] = []
    node: tree.Expression = target
    while isinstance(node, tree.Member | tree.Index):
        steps.append(node)
        node = node.object
    return steps[::-1], node


def spelling(target: tree.Target) -> str:
    """How a HEAR's variable is displayed."""
    if isinstance(target, tree.Name):
        return target.spelling
    if isinstance(target, tree.Member):
        return target.name
    return ""


def ends_with_call(body: list[tree.Statement], node: tree.CallScript) -> bool:
    """Whether ``node`` is the last thing that ``body`` does, bare RETURNs and EXITs aside."""
    rest = list(body)
    while rest and (
        (isinstance(rest[-1], tree.Return) and rest[-1].value is None)
        or (isinstance(rest[-1], tree.Exit) and rest[-1].what == "script")
    ):
        rest.pop()
    if not rest:
        return False
    last = rest[-1]
    if last is node:
        return True
    arms = [branch.body for branch in last.branches] if isinstance(last, tree.If) else []
    arms += [case.body for case in last.cases] if isinstance(last, tree.Select) else []
    arms += [last.otherwise] if isinstance(last, tree.If | tree.Select) else []
    return any(ends_with_call(arm, node) for arm in arms)
