"""Expressions. One that can suspend is evaluated step by step: what precedes the suspension goes to temporaries."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from interpreter import tree
from interpreter.errors import Diagnostic
from interpreter.functions import FUNCTIONS
from interpreter.lowering import texts
from interpreter.lowering.analysis import HEADS, Facts, Unit, head_of_path, literal_path, variable_of_path
from interpreter.lowering.emitter import Emitter
from interpreter.lowering.intrinsics import INTRINSICS
from interpreter.lowering.types import BOOL, INT, NUMBER, OTHER, SMALL, STR, WIDE, Types, only
from interpreter.values import INTEGER_MIN

DIGIT = 2**30 - 1  # the largest integer of one digit in CPython
LONGEST_SPINE = 12  # operands of a + chain that are nested; longer ones are folded by the runtime
PREDEFINED_CALLS = frozenset(("session_id", "bot_id"))

COMPARISONS: dict[str, tuple[str, type[ast.cmpop]]] = {
    "=": ("equal", ast.Eq),
    "<>": ("not_equal", ast.NotEq),
    "<": ("less", ast.Lt),
    "<=": ("less_equal", ast.LtE),
    ">": ("greater", ast.Gt),
    ">=": ("greater_equal", ast.GtE),
}
TESTS = {
    "CONTAINS": "contains",
    "IN": "is_in",
    "LIKE": "like",
    "STARTS WITH": "starts_with",
    "ENDS WITH": "ends_with",
}


class Expressions(Emitter):
    """Lowers expressions for one unit."""

    def __init__(self, facts: Facts, types: Types, unit: Unit, problems: list[Diagnostic]) -> None:
        super().__init__(facts, types, unit)
        self.problems = problems
        self.functions: dict[str, str] = {}  # function key -> name in the generated code

    def problem(self, node: tree.Node, code: str, message: str, hint: str = "") -> None:
        self.problems.append(
            Diagnostic(
                severity="error", code=code, message=message, line=node.line, column=node.column, hint=hint
            )
        )

    def cut(self, node: tree.Node) -> bool:
        return id(node) in self.facts.cut

    def value(self, node: tree.Expression) -> ast.expr:
        """The value of an expression."""
        build = self.build
        line, column = build.line, build.column
        build.go_to(node.line, node.column)
        made = LOWER[node.__class__](self, node)
        build.go_to(line, column)
        return made

    def at(self, node: tree.Node, make: Callable[[], ast.expr]) -> ast.expr:
        """What is made, at the position of what it is made from: an error in it is shown there."""
        build = self.build
        line, column = build.line, build.column
        build.go_to(node.line, node.column)
        made = make()
        build.go_to(line, column)
        return made

    def values(self, nodes: Sequence[tree.Expression]) -> list[ast.expr]:
        """Operands, evaluated from left to right: those before the last suspension are kept in temporaries."""
        if self.facts.cut.isdisjoint(map(id, nodes)):
            return [self.value(node) for node in nodes]
        last = max((index for index, node in enumerate(nodes) if self.cut(node)), default=-1)
        return [self.kept(node) if index < last else self.value(node) for index, node in enumerate(nodes)]

    def kept(self, node: tree.Expression) -> ast.expr:
        """The value in a temporary that survives a suspension; a literal as it is."""
        value = self.value(node)
        if isinstance(node, tree.Literal):
            return value
        return self.build.name(self.hold(value))

    # --- conditions -----------------------------------------------------------------------------------------

    def condition(self, node: tree.Expression) -> ast.expr:
        """A Python test of the expression's truth."""
        build = self.build
        if self.cut(node):
            return self.truth(self.value(node), self.types.of(node))
        if isinstance(node, tree.Logical) and node.op != "??":
            tests = [self.condition(operand) for operand in node.operands]
            return build.every(tests) if node.op == "AND" else build.some(tests)
        if isinstance(node, tree.Unary) and node.op == "NOT":
            return build.negated(self.condition(node.operand))
        return self.truth(self.value(node), self.types.of(node))

    def truth(self, value: ast.expr, types: int) -> ast.expr:
        return value if only(types, BOOL | NUMBER) else self.build.call("truthy", value)

    # --- leaves ---------------------------------------------------------------------------------------------

    def literal(self, node: tree.Literal) -> ast.expr:
        return self.build.constant(node.value)

    def name(self, node: tree.Name) -> ast.expr:
        slot = self.slots.get(node.name)
        if slot is not None:
            return self.build.name(slot)
        callee = self.facts.called(self.unit, node)
        if callee is not None:
            return self.procedure_call(node, callee, [])
        return self.read(node.name)

    def template(self, node: tree.Template) -> ast.expr:
        build = self.build
        if not self.cut(node):
            return texts.joined(self, texts.operands(self, node))
        parts = [tree.Literal(node.line, node.column, p) if isinstance(p, str) else p for p in node.parts]
        return build.run("template", build.tuple_of(self.values(parts)))

    def array(self, node: tree.ArrayLiteral) -> ast.expr:
        build = self.build
        return build.run("listed", build.list_of(self.values(node.items)))

    def object(self, node: tree.ObjectLiteral) -> ast.expr:
        build = self.build
        if not node.entries:
            return build.run("record", build.tuple_of([]))
        return self.record(node.entries)

    def record(self, entries: list[tuple[str, tree.Expression]]) -> ast.expr:
        build = self.build
        lowered = self.values([value for _, value in entries])
        pairs = [
            build.tuple_of([build.constant(key), value])
            for (key, _), value in zip(entries, lowered, strict=True)
        ]
        return build.run("record", build.tuple_of(pairs))

    # --- operators ------------------------------------------------------------------------------------------

    def unary(self, node: tree.Unary) -> ast.expr:
        build = self.build
        if node.op == "NOT":
            return build.inverse(self.condition(node.operand))
        if isinstance(node.operand, tree.Literal) and isinstance(node.operand.value, int | float):
            number = node.operand.value
            if number.__class__ is not bool and number != INTEGER_MIN:
                return build.constant(-number if node.op == "-" else number)
        if node.op == "-" and only(self.types.of(node.operand), NUMBER):
            return self.bounded(ast.Sub(), build.constant(0), self.value(node.operand), SMALL, WIDE)
        return build.call("negate" if node.op == "-" else "plus", self.value(node.operand))

    def binary(self, node: tree.Binary) -> ast.expr:
        if texts.is_concatenation(self, node) and not self.cut(node):
            return texts.joined(self, texts.operands(self, node))
        if node.op in ("+", "-", "&"):
            spine = self.spine(node)
            if len(spine) > LONGEST_SPINE:
                return self.folded(spine)
        left, right = self.values([node.left, node.right])
        return self.operation(node.op, left, right, self.types.of(node.left), self.types.of(node.right))

    def spine(self, node: tree.Binary) -> list[tuple[str, tree.Expression]]:
        """A left-deep chain of ``+``, ``-`` and ``&`` as (operator before it, operand), from left to right."""
        parts: list[tuple[str, tree.Expression]] = []
        current: tree.Expression = node
        while isinstance(current, tree.Binary) and current.op in ("+", "-", "&"):
            parts.append((current.op, current.right))
            current = current.left
        return [("", current), *reversed(parts)]

    def folded(self, spine: list[tuple[str, tree.Expression]]) -> ast.expr:
        build = self.build
        operators = "".join(operator for operator, _ in spine)
        operands = self.values([operand for _, operand in spine])
        return build.run("fold", build.constant(operators), build.list_of(operands))

    def operation(self, op: str, left: ast.expr, right: ast.expr, a: int, b: int) -> ast.expr:
        """``left op right`` for operands of the types ``a`` and ``b``."""
        build = self.build
        if op in COMPARISONS:
            return self.comparison(op, left, right, a, b)
        if op == "XOR":
            return build.compare(
                build.inverse(self.truth(left, a)), ast.IsNot(), build.inverse(self.truth(right, b))
            )
        base = op.removeprefix("NOT ")
        if base in TESTS:
            test = build.call(TESTS[base], left, right, build.name("R"))
            return build.negated(test) if op.startswith("NOT ") else test
        if op in ("+", "&"):
            return self.addition(op, left, right, a, b)
        return self.arithmetic(op, left, right, a, b)

    def comparison(self, op: str, left: ast.expr, right: ast.expr, a: int, b: int) -> ast.expr:
        build = self.build
        helper, operator = COMPARISONS[op]
        raw = build.compare(left, operator(), right)
        if only(a, NUMBER) and only(b, NUMBER):
            return raw
        alike = helper in ("equal", "not_equal")
        # Two texts of no known length may both be long: their comparison is charged, by the helper.
        quick = isinstance(left, ast.Constant) or isinstance(right, ast.Constant)
        if alike and ((only(a, STR) and only(b, STR) and quick) or (only(a, BOOL) and only(b, BOOL))):
            return raw
        charged = [build.name("R")] if a & b & (STR | OTHER) else []
        for kind, slot in ((INT, "integer"), *(((STR, "string"),) if alike and quick else ())):
            guarded = self.guard(kind, slot, left, right, a, b)
            if guarded is not None:
                test, left, right = guarded
                slow = build.call(helper, left, right, *charged)
                return build.choose(test, build.compare(left, operator(), right), slow)
        return build.call(helper, left, right, *charged)

    def guard(
        self, kind: int, slot: str, left: ast.expr, right: ast.expr, a: int, b: int
    ) -> tuple[ast.expr, ast.expr, ast.expr] | None:
        """A test that the one operand of unknown type is of ``kind`` as the other is, and both operands to go on
        with; None if no test is worth its time, or it would change the order of evaluation.
        """
        build = self.build
        allowed = NUMBER if kind == INT else kind
        if not a & kind or not b & kind or only(a, allowed) == only(b, allowed):
            return None
        unknown = right if only(a, allowed) else left
        if unknown is right and not repeatable(left):
            return None
        tested = unknown
        if not repeatable(unknown):
            held = self.scratch()
            tested = build.walrus(held, unknown)
            left, right = (left, build.name(held)) if unknown is right else (build.name(held), right)
        return self.is_a(slot, tested), left, right

    def is_a(self, slot: str, value: ast.expr) -> ast.expr:
        build = self.build
        return build.compare(build.call("kind", value), ast.Is(), build.name(slot))

    def addition(self, op: str, left: ast.expr, right: ast.expr, a: int, b: int) -> ast.expr:
        build = self.build
        if op == "+" and only(a, NUMBER) and only(b, NUMBER):
            return self.bounded(ast.Add(), left, right, a, b)
        if only(a, STR) or only(b, STR):
            return texts.joined_values(self, [(left, a), (right, b)])
        if op == "+":
            guarded = self.guard(INT, "integer", left, right, a, b)
            if guarded is None:
                return build.call("add", build.name("R"), left, right)
            test, left, right = guarded
            slow = build.call("add", build.name("R"), left, right)
            return build.choose(test, self.bounded(ast.Add(), left, right, a, b), slow)
        return build.call("concat", build.name("R"), left, right)

    def as_text(self, value: ast.expr, types: int) -> ast.expr:
        """The operand of a concatenation as text."""
        build = self.build
        if only(types, STR):
            return value
        if only(types, NUMBER):
            return build.call("digits" if only(types, INT) else "number_text", value)
        if not types & STR:
            return build.call("text", value)
        if repeatable(value):
            return build.choose(self.is_a("string", value), value, build.call("text", value))
        held = self.scratch()
        test = self.is_a("string", build.walrus(held, value))
        return build.choose(test, build.name(held), build.call("text", build.name(held)))

    def arithmetic(self, op: str, left: ast.expr, right: ast.expr, a: int, b: int) -> ast.expr:
        build = self.build
        numbers = only(a, NUMBER) and only(b, NUMBER)
        if op == "MOD":
            positive = isinstance(right, ast.Constant) and right.value.__class__ is int and right.value > 0
            slow = build.call("modulo", left, right)
            if positive and only(a, SMALL):
                return build.binary(ast.Mod(), left, right)
            if positive and only(a, INT) and repeatable(left):
                test = build.compare(left, ast.GtE(), build.constant(0))
                return build.choose(test, build.binary(ast.Mod(), left, right), slow)
            return slow
        if op == "/":
            return build.call("divide", left, right)
        if op == "^":
            return build.call("power", left, right)
        operator = ast.Sub() if op == "-" else ast.Mult()
        if numbers:
            return self.bounded(operator, left, right, a, b)
        owner = [build.name("R")] if op == "-" else []
        helper = "subtract" if op == "-" else "multiply"
        guarded = self.guard(INT, "integer", left, right, a, b)
        if guarded is None:
            return build.call(helper, *owner, left, right)
        integers, left, right = guarded
        slow = build.call(helper, *owner, left, right)
        return build.choose(integers, self.bounded(operator, left, right, a, b), slow)

    def bounded(self, operator: ast.operator, left: ast.expr, right: ast.expr, a: int, b: int) -> ast.expr:
        """Arithmetic of numbers, with the result checked for 64 bits on the sides where it can leave them.

        Compared with numbers of one digit of CPython's, which takes a third of the time; larger results are
        looked at by ``bounded``.
        """
        build = self.build
        result = build.binary(operator, left, right)
        small, subtracts = only(a, SMALL) and only(b, SMALL), isinstance(operator, ast.Sub)
        if small and not isinstance(operator, ast.Mult):
            return result
        held = self.scratch()
        value = build.walrus(held, result)
        least, greatest = build.constant(-DIGIT), build.constant(DIGIT)
        if subtracts and only(b, SMALL):
            within = build.compare(least, ast.LtE(), value)
        elif small or (isinstance(operator, ast.Add) and (only(a, SMALL) or only(b, SMALL))):
            within = build.compare(value, ast.LtE(), greatest)
        else:
            within = build.between(least, value, greatest)
        return build.choose(within, build.name(held), build.call("bounded", build.name(held)))

    def logical(self, node: tree.Logical) -> ast.expr:
        build = self.build
        if self.cut(node):
            return self.cut_logical(node)
        *operands, last = node.operands
        result = self.value(last)
        for operand in reversed(operands):
            held = self.scratch()
            value = build.walrus(held, self.value(operand))
            test = self.goes_on(node.op, value, self.types.of(operand))
            result = build.choose(test, result, build.name(held))
        return result

    def goes_on(self, op: str, value: ast.expr, types: int) -> ast.expr:
        """Whether evaluation goes on with the next operand of ``op``."""
        build = self.build
        if op == "??":
            return build.call("is_null", value)
        test = self.truth(value, types)
        return test if op == "AND" else build.negated(test)

    def cut_logical(self, node: tree.Logical) -> ast.expr:
        build = self.build
        result = self.hold(build.none)
        end = self.new_block()
        for index, operand in enumerate(node.operands):
            with self.passing():
                self.emit(build.assign(result, self.value(operand)))
            if index < len(node.operands) - 1:
                test = self.goes_on(node.op, build.name(result), self.types.of(operand))
                self.jump_if(build.negated(test), end)
        self.begin(end)
        return build.name(result)

    def hold(self, value: ast.expr) -> str:
        """A temporary that holds ``value`` and survives suspensions from here on."""
        temporary = self.temporary()
        stable = self.live.pop()
        self.emit(self.build.assign(temporary, value))
        self.live.append(stable)
        return temporary

    def conditional(self, node: tree.Conditional) -> ast.expr:
        build = self.build
        if not self.cut(node):
            return build.choose(self.condition(node.test), self.value(node.yes), self.value(node.no))
        result = self.hold(build.none)
        no, end = self.new_block(), self.new_block()
        with self.passing():
            self.jump_if(build.negated(self.condition(node.test)), no)
        with self.passing():
            self.emit(build.assign(result, self.value(node.yes)))
        self.jump(end)
        self.begin(no)
        with self.passing():
            self.emit(build.assign(result, self.value(node.no)))
        self.begin(end)
        return build.name(result)

    def null_test(self, node: tree.IsNull) -> ast.expr:
        build = self.build
        test = build.call("is_null", self.value(node.operand))
        return build.negated(test) if node.negated else test

    def between(self, node: tree.Between) -> ast.expr:
        build = self.build
        value, low, high = self.values([node.operand, node.low, node.high])
        if all(
            only(self.types.of(part), NUMBER) for part in (node.operand, node.low, node.high)
        ) and repeatable(value):
            return build.between(low, value, high)
        return build.call("between", value, low, high, build.name("R"))

    # --- members, calls, keywords ---------------------------------------------------------------------------

    def member(self, node: tree.Member) -> ast.expr:
        build = self.build
        return build.call("get_member", self.value(node.object), build.constant(node.name))

    def index(self, node: tree.Index) -> ast.expr:
        owner, index = self.values([node.object, node.index])
        return self.item(owner, index, self.types.of(node.object), self.types.of(node.index))

    def item(self, owner: ast.expr, index: ast.expr, types: int, index_types: int) -> ast.expr:
        """``owner[index]``, without a call where an array is indexed by an integer within it."""
        build = self.build
        slow = build.call("get_index", owner, index)
        if not (repeatable(owner) and only(index_types, INT) and types & OTHER):
            return slow
        position = index
        if not repeatable(index):
            held = self.scratch()
            position, index = build.name(held), build.walrus(held, index)
        positive = build.compare(build.constant(-1), ast.Lt(), index)
        inside = build.compare(position, ast.Lt(), build.call("length", owner))
        test = build.every([positive, self.is_a("array", owner), inside])
        return build.choose(test, build.item(owner, position), build.call("get_index", owner, position))

    def call(self, node: tree.Call) -> ast.expr:
        build = self.build
        callee = self.facts.procedure(self.unit.script, node.name)
        if callee is not None:
            return self.procedure_call(node, callee, node.arguments)
        is_variable = self.facts.is_variable(self.unit, node.name)
        function = FUNCTIONS.get(node.name)
        if is_variable and len(node.arguments) == 1:
            if function is None or not function.low <= 1 <= function.high:
                index = self.value(node.arguments[0])
                types = self.types.variable(self.unit, node.name)
                return self.item(self.read(node.name), index, types, self.types.of(node.arguments[0]))
            argument = self.value(node.arguments[0])
            function_name = build.name(self.function(node.name))
            return build.call("index_or_call", build.name("R"), self.read(node.name), function_name, argument)
        if function is not None:
            return self.function_call(node)
        if node.name in PREDEFINED_CALLS and not node.arguments:
            return self.read(node.name)
        if len(node.arguments) == 1:  # a predefined or shared array that this script never assigns
            self.problem(
                node,
                "unknown-name",
                f"Nothing is called “{node.spelling}”",
                "a FUNCTION, SUB, array or function",
            )
            return build.call("get_index", self.read(node.name), self.value(node.arguments[0]))
        self.problem(node, "unknown-name", f"Nothing is called “{node.spelling}”")
        return build.none

    def builtin(self, node: tree.Call) -> str:
        """The canonical name of the function of the language that is called; "" if something else is meant."""
        if self.facts.procedure(self.unit.script, node.name) is not None:
            return ""
        if self.facts.is_variable(self.unit, node.name) and len(node.arguments) == 1:
            return ""
        function = FUNCTIONS.get(node.name)
        return function.name if function is not None else ""

    def function(self, key: str) -> str:
        """The name of a function of the language in the generated code."""
        return self.functions.setdefault(key, f"f{self.unit.number}_{len(self.functions)}")

    def function_call(self, node: tree.Call) -> ast.expr:
        build = self.build
        function = FUNCTIONS[node.name]
        if not function.low <= len(node.arguments) <= function.high:
            takes = (
                str(function.low) if function.low == function.high else f"{function.low} to {function.high}"
            )
            self.problem(
                node, "wrong-arguments", f"{function.name} takes {takes} arguments, not {len(node.arguments)}",
                f"{function.name}({function.parameters})",
            )  # fmt: skip
        arguments = self.values(node.arguments)
        types = [self.types.of(argument) for argument in node.arguments]
        quick = self.intrinsic(function.name, arguments, types)
        return quick or build.call(self.function(node.name), build.name("R"), *arguments)

    def intrinsic(self, name: str, arguments: list[ast.expr], types: list[int]) -> ast.expr | None:
        """A function of the language as plain Python where its first argument is a text (tested if need be)."""
        build = self.build
        short = INTRINSICS.get(name)
        if short is None or not arguments or not types[0] & STR:
            is_number = name == "STR" and types and only(types[0], NUMBER)
            return self.as_text(arguments[0], types[0]) if is_number else None
        first, *rest = arguments
        numbers = [
            item.value for item in rest if isinstance(item, ast.Constant) and item.value.__class__ is int
        ]
        if len(numbers) < len(rest) or min(numbers, default=0) < 0:
            return None
        if only(types[0], STR):
            return short(build, first, numbers)
        tested = first
        if not repeatable(first):
            held = self.scratch()
            first, tested = build.name(held), build.walrus(held, first)
        plain = short(build, first, numbers)
        slow = build.call(self.function(name.casefold()), build.name("R"), first, *rest)
        return build.choose(self.is_a("string", tested), plain, slow) if plain is not None else None

    def procedure_call(self, node: tree.Node, callee: Unit, arguments: list[tree.Expression]) -> ast.expr:
        build = self.build
        if len(arguments) > len(callee.parameters):
            count = len(callee.parameters)
            self.problem(
                node, "wrong-arguments", f"{callee.name} takes {count} arguments, not {len(arguments)}"
            )
        given = self.values(arguments)
        if callee.blocks or callee.script != self.unit.script:
            key = build.constant(callee.script), build.constant(callee.name)
            return self.settle(build.call("Called", *key, build.tuple_of(given)))
        given = given[: len(callee.parameters)]
        given += [build.none] * (len(callee.parameters) - len(given))
        return build.call(unit_name(callee), build.name("R"), build.name("ticks"), *given)

    def settle(self, signal: ast.expr) -> ast.expr:
        """Suspend with ``signal``; the result goes to a temporary, since it can be taken only once."""
        return self.build.name(self.hold(self.suspend(signal)))

    def method_call(self, node: tree.MethodCall) -> ast.expr:
        build = self.build
        target, *arguments = self.values([node.object, *node.arguments])
        name = build.constant(node.name)
        return build.call("call_method", build.name("R"), target, name, build.tuple_of(arguments))

    def keyword(self, node: tree.KeywordCall) -> ast.expr:
        build = self.build
        null = tree.Literal(node.line, node.column, None)
        given = list(node.arguments)
        while node.keyword.function and given and given[-1] is None:
            given.pop()  # a function has defaults of its own
        arguments = self.values([null if argument is None else argument for argument in given])
        phrase = node.keyword.phrase
        if key := node.keyword.function:
            return build.call(self.function(key), build.name("R"), *arguments)
        if phrase == "ADD SUGGESTION":
            return build.run("suggest", *arguments)
        if phrase == "CLEAR SUGGESTIONS":
            return build.run("clear_suggestions")
        if phrase == "GET CONFIG":
            return build.run("configured", *arguments)
        call = (build.constant(phrase), build.tuple_of(arguments))
        if node.keyword.suspends:
            return self.settle(build.run("outside", *call))
        return build.run("keyword", *call)

    def get(self, node: tree.Get) -> ast.expr:
        build = self.build
        operand = node.operand
        if isinstance(operand, tree.Name):
            name = operand.name
            if name in self.slots:
                return build.run("get_of", self.recalled(name))
            held = build.run("recall", build.constant(name))
            return build.run("get_of", held) if self.facts.is_variable(self.unit, name) else held
        path = literal_path(operand)
        if path is None:
            return build.run("get", self.value(operand))
        variable, head = variable_of_path(path), head_of_path(path)
        if variable is not None and variable in self.slots:
            if head != "session":
                return self.recalled(variable)
            return build.run("get_session", build.constant(path), self.recalled(variable))
        if head in self.slots and head not in HEADS:
            return build.run("get_in", build.constant(path), self.read(head))
        return build.run("get", build.constant(path))

    def recalled(self, name: str) -> ast.expr:
        """``GET name`` of a local: its value in this run, else the stored one."""
        build = self.build
        value = self.read(name)
        if not self.persists(name):
            return value
        slot = self.slots[name]
        self.nulled.add(name)
        unset = build.every(
            [
                build.compare(value, ast.Is(), build.none),
                build.negated(build.name(f"n{slot[1:]}")),
            ]
        )
        return build.choose(unset, build.run("recall", build.constant(name)), value)

    def error_info(self, node: tree.ErrorInfo) -> ast.expr:
        return self.build.run(
            {"flag": "error_flag", "number": "error_number"}.get(node.what, "error_message")
        )


def repeatable(value: ast.expr) -> bool:
    """Whether evaluating it twice costs and changes nothing."""
    return isinstance(value, ast.Name | ast.Constant)


def unit_name(unit: Unit) -> str:
    """The name of a unit in the generated code of its script."""
    return f"p{unit.number}"


LOWER: dict[type, Callable[..., ast.expr]] = {
    tree.Literal: Expressions.literal,
    tree.Template: Expressions.template,
    tree.Name: Expressions.name,
    tree.ArrayLiteral: Expressions.array,
    tree.ObjectLiteral: Expressions.object,
    tree.Unary: Expressions.unary,
    tree.Binary: Expressions.binary,
    tree.Logical: Expressions.logical,
    tree.IsNull: Expressions.null_test,
    tree.Between: Expressions.between,
    tree.Conditional: Expressions.conditional,
    tree.Member: Expressions.member,
    tree.Index: Expressions.index,
    tree.Call: Expressions.call,
    tree.MethodCall: Expressions.method_call,
    tree.KeywordCall: Expressions.keyword,
    tree.Get: Expressions.get,
    tree.ErrorInfo: Expressions.error_info,
}
