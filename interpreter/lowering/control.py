"""IF, SELECT and the loops: as Python's own, or flat where something inside suspends or jumps."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import partial

from interpreter import tree
from interpreter.lowering.analysis import assignments
from interpreter.lowering.build import ends
from interpreter.lowering.expressions import repeatable
from interpreter.lowering.statements import LoopTarget, Statements, reads_error
from interpreter.lowering.types import ANY
from interpreter.lowering.walk import everything

Arm = tuple[Callable[[], ast.expr], list[tree.Statement]]


class Control(Statements):
    """Lowers every statement of one unit."""

    # --- IF and SELECT --------------------------------------------------------------------------------------

    def if_(self, node: tree.If) -> None:
        looks = any(reads_error(branch.test) for branch in node.branches)
        self.tests_error += looks
        if self.cut(node):
            self.if_flat(node)
        else:
            arms: list[Arm] = [
                (partial(self.condition, branch.test), branch.body) for branch in node.branches
            ]
            self.arms(arms, node.otherwise)
        self.tests_error -= looks

    def arms(self, arms: list[Arm], otherwise: list[tree.Statement]) -> None:
        """``if … elif … else``; a failing condition counts as false."""
        build = self.build
        if not arms:
            self.body(otherwise)
            return
        test, body = arms[0]
        condition = self.tried(test, build.constant(False))
        yes = self.capture(lambda: self.body(body))
        no = self.capture(lambda: self.arms(arms[1:], otherwise))
        self.emit(build.if_(condition, yes, no))

    def tried(self, lower: Callable[[], ast.expr], failed: ast.expr) -> ast.expr:
        """An expression that gives ``failed`` after an error that ON ERROR RESUME NEXT passes over."""
        build = self.build
        if not self.trapping:
            return lower()
        held = self.scratch()
        self.emit(build.assign(held, failed))
        body = self.capture(lambda: self.emit(build.assign(held, lower())))
        trap = self.capture(lambda: self.emit(build.statement(build.run("trap", build.name("error")))))
        self.emit(build.try_(body, "BasicError", "error", trap))
        return build.name(held)

    def if_flat(self, node: tree.If) -> None:
        end = self.new_block()
        for branch in node.branches:
            otherwise = self.new_block()
            with self.trapped(otherwise), self.passing():
                self.jump_if(self.build.negated(self.condition(branch.test)), otherwise)
            self.flat_body(branch.body)
            if not ends(self.out):
                self.jump(end)
            self.begin(otherwise)
        self.body(node.otherwise)
        self.begin(end)

    def flat_body(self, statements: list[tree.Statement]) -> None:
        """A body after a header that traps itself: it begins in a block of its own."""
        if self.trapping:
            self.begin(self.new_block())
        self.body(statements)

    def select(self, node: tree.Select) -> None:
        build = self.build
        if self.cut(node):
            self.select_flat(node)
            return
        subject = self.tried(lambda: self.value(node.subject), build.name("UNSET"))
        if not repeatable(subject):
            held = self.scratch()
            self.emit(build.assign(held, subject))
            subject = build.name(held)
        types = ANY if self.trapping else self.types.of(node.subject)
        arms: list[Arm] = [
            (partial(self.any_case, case.tests, subject, types), case.body) for case in node.cases
        ]
        if not self.trapping:
            self.arms(arms, node.otherwise)
            return
        chosen = self.capture(lambda: self.arms(arms, node.otherwise))
        self.emit(build.if_(build.compare(subject, ast.IsNot(), build.name("UNSET")), chosen))

    def any_case(self, tests: Sequence[tree.Node], subject: ast.expr, types: int) -> ast.expr:
        return self.build.some([self.case(test, subject, types) for test in tests])

    def case(self, test: tree.Node, subject: ast.expr, types: int) -> ast.expr:
        """Whether the subject, in a name, matches one test of a CASE."""
        build = self.build
        if isinstance(test, tree.CaseRange):
            return build.call("between", subject, *self.values([test.low, test.high]), build.name("R"))
        if isinstance(test, tree.CaseCompare):
            return self.operation(
                test.op, subject, self.value(test.operand), types, self.types.of(test.operand)
            )
        return self.operation("=", subject, self.value(test), types, self.types.of(test))  # type: ignore[arg-type]

    def select_flat(self, node: tree.Select) -> None:
        end = self.new_block()
        types = self.types.of(node.subject)
        with self.trapped(end):
            subject = self.build.name(self.hold(self.value(node.subject)))
        for case in node.cases:
            body, following = self.new_block(), self.new_block()
            with self.trapped(following):
                for test in case.tests:
                    with self.passing():
                        self.jump_if(self.case(test, subject, types), body)
                self.jump(following)
            self.begin(body)
            self.body(case.body)
            if not ends(self.out):
                self.jump(end)
            self.begin(following)
        self.body(node.otherwise)
        self.begin(end)

    # --- FOR ------------------------------------------------------------------------------------------------

    def for_(self, node: tree.For) -> None:
        step = node.step or tree.Literal(node.line, node.column, 1)
        driven = node.name in assignments(node.body)
        if self.cut(node):
            self.for_flat(node, step, driven)
        elif driven:
            self.for_driven(node, step)
        else:
            self.for_counted(node, step)

    def for_counted(self, node: tree.For, step: tree.Expression) -> None:
        """The body leaves the variable alone: an iterator counts, and charges as it goes."""
        build = self.build

        def header() -> ast.expr:
            return build.run("count", *self.values([node.start, node.stop, step]))

        counted = self.tried(header, build.tuple_of([]))
        slot = self.slots.get(node.name)
        target = slot or self.scratch()

        def body() -> None:
            if slot is None:
                self.write(node.name, build.name(target), may_be_null=False)
            self.loop_body("for", node.body)

        self.emit(build.for_([target], counted, self.capture(body)))

    def for_driven(self, node: tree.For, step: tree.Expression) -> None:
        """The body assigns the variable: the next value follows from it."""
        build = self.build
        counter, last, size = self.scratch(), self.scratch(), self.scratch()
        again = self.scratch()
        ready = self.tried(lambda: self.for_start(node, step, counter, last, size), build.constant(False))

        def body() -> None:
            following = build.call("following", self.read(node.name), build.name(size))
            advance = [build.assign(counter, following)]
            self.emit(
                build.if_(build.name(again), advance),
                build.assign(again, build.constant(True)),
            )
            inside = build.call("within", *map(build.name, (counter, last, size)))
            self.emit(build.if_(build.negated(inside), [build.leave()]))
            self.write(node.name, build.name(counter), may_be_null=False)
            self.loop_body("for", node.body)

        def loop() -> None:
            self.emit(build.assign(again, build.constant(False)))
            captured = self.capture(body)
            self.emit(build.for_([self.scratch()], build.name("ticks"), captured))

        if self.trapping:
            self.emit(build.if_(ready, self.capture(loop)))
        else:
            loop()

    def for_start(self, node: tree.For, step: tree.Expression, *names: str) -> ast.expr:
        """First, last and step into scratches of these names."""
        build = self.build
        for name, bound in zip(names, self.values([node.start, node.stop, step]), strict=True):
            self.emit(build.assign(name, bound))
        self.bounds(*names)
        return build.constant(True)

    def bounds(self, *names: str) -> None:
        """First, last and step as numbers: once all three are evaluated, however the loop is lowered."""
        build = self.build
        for name, helper in zip(names, ("for_start", "for_start", "for_step"), strict=True):
            self.emit(build.assign(name, build.call(helper, build.name(name))))

    def for_flat(self, node: tree.For, step: tree.Expression, driven: bool) -> None:
        build = self.build
        head, again, end = self.new_block(), self.new_block(), self.new_block()
        with self.trapped(end):
            counter, last, size = (self.hold(self.value(bound)) for bound in (node.start, node.stop, step))
            self.bounds(counter, last, size)
        self.begin(head)
        self.tick()
        test = build.call("within", build.name(counter), build.name(last), build.name(size))
        self.jump_if(build.negated(test), end)
        self.write(node.name, build.name(counter), may_be_null=False)
        self.flat_loop_body("for", node.body, end, again)
        self.begin(again)
        current = self.read(node.name) if driven else build.name(counter)
        self.emit(build.assign(counter, build.call("following", current, build.name(size))))
        self.jump(head)
        self.begin(end)

    # --- FOR EACH -------------------------------------------------------------------------------------------

    def for_each(self, node: tree.ForEach) -> None:
        build = self.build
        if self.cut(node):
            self.for_each_flat(node)
            return
        null = tree.Literal(node.line, node.column, None)

        def header() -> ast.expr:
            bounds = [node.items, node.last or null]
            return self.at(node.items, lambda: self.build.run("each", *self.values(bounds)))

        items = self.tried(header, build.tuple_of([]))
        slot = self.slots.get(node.name)
        target = slot or self.scratch()

        def body() -> None:
            if slot is None or self.persists(node.name):
                self.write(node.name, build.name(target))
            self.loop_body("for", node.body)

        pair = [target, self.scratch()]
        self.emit(build.for_(pair, build.call("zipped", items, build.name("ticks")), self.capture(body)))

    def for_each_flat(self, node: tree.ForEach) -> None:
        """Holds the container, the index and the length that it had at the start."""
        build = self.build
        null = tree.Literal(node.line, node.column, None)
        head, end = self.new_block(), self.new_block()
        with self.trapped(end):
            container, last = self.values([node.items, node.last or null])
            items = self.hold(container)
            if not repeatable(last):
                last = build.name(self.hold(last))
            self.emit(build.assign(items, self.at(node.items, lambda: build.run("items", build.name(items)))))
            index = self.hold(build.call("first_index", build.name(items), last))
            length = self.hold(build.call("length", build.name(items)))
        self.begin(head)
        self.tick()
        test = build.call("more", build.name(items), build.name(index), build.name(length))
        self.jump_if(build.negated(test), end)
        self.write(node.name, build.item(build.name(items), build.name(index)))
        self.emit(build.assign(index, build.binary(ast.Add(), build.name(index), build.constant(1))))
        self.flat_loop_body("for", node.body, end, head)
        self.jump(head)
        self.begin(end)

    # --- WHILE and DO ---------------------------------------------------------------------------------------

    def loop(self, node: tree.Loop) -> None:
        build = self.build
        if self.cut(node):
            self.loop_flat(node)
            return
        continues = any(
            isinstance(inner, tree.Exit) and inner.what == "continue" for inner in everything(node.body)
        )
        again = self.scratch() if node.after is not None and continues else ""

        def body() -> None:
            if again:
                tested = self.capture(lambda: self.leave_unless(node.after))
                self.emit(
                    build.if_(build.name(again), tested),
                    build.assign(again, build.constant(True)),
                )
            self.leave_unless(node.before)
            self.loop_body(node.kind, node.body)
            if not again:
                self.leave_unless(node.after)

        if again:
            self.emit(build.assign(again, build.constant(False)))
        captured = self.capture(body)
        self.emit(build.for_([self.scratch()], build.name("ticks"), captured))

    def leave_unless(self, test: tree.Expression | None) -> None:
        """``if not test: break``, inside a Python loop."""
        build = self.build
        if test is None or ends(self.out):
            return
        condition = self.tried(lambda: self.condition(test), build.constant(False))
        self.emit(build.if_(build.negated(condition), [build.leave()]))

    def loop_flat(self, node: tree.Loop) -> None:
        head, tail, end = self.new_block(), self.new_block(), self.new_block()
        self.begin(head)
        self.tick()
        self.flat_leave_unless(node.before, end)
        self.flat_loop_body(node.kind, node.body, end, tail)
        self.begin(tail)
        self.flat_leave_unless(node.after, end)
        self.jump(head)
        self.begin(end)

    def flat_leave_unless(self, test: tree.Expression | None, end: int) -> None:
        if test is not None:
            with self.trapped(end), self.passing():
                self.jump_if(self.build.negated(self.condition(test)), end)

    def loop_body(self, kind: str, statements: list[tree.Statement]) -> None:
        self.loops.append(LoopTarget(kind))
        self.body(statements)
        self.loops.pop()

    def flat_loop_body(self, kind: str, statements: list[tree.Statement], leave: int, again: int) -> None:
        self.loops.append(LoopTarget(kind, leave, again))
        self.flat_body(statements)
        self.loops.pop()


Statements.rules = {
    tree.Assign: Control.assign,
    tree.SetPath: Control.set_path,
    tree.Dim: Control.dim,
    tree.Evaluate: Control.evaluate,
    tree.Talk: Control.talk,
    tree.Wait: Control.wait,
    tree.Print: Control.print_,
    tree.If: Control.if_,
    tree.Select: Control.select,
    tree.For: Control.for_,
    tree.ForEach: Control.for_each,
    tree.Loop: Control.loop,
    tree.Exit: Control.exit,
    tree.Return: Control.return_,
    tree.CallScript: Control.call_script,
    tree.Label: Control.label,
    tree.Goto: Control.goto,
    tree.Gosub: Control.gosub,
    tree.OnError: Control.on_error,
    tree.ClearError: Control.clear_error,
    tree.Throw: Control.throw,
    tree.Assert: Control.assert_,
    tree.Try: Control.try_,
    tree.With: Control.with_,
    tree.SystemPrompt: Control.system_prompt,
    tree.Hear: Control.hear_statement,
}
