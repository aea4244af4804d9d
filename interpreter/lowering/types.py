"""What is known of values at compile time: a set of types as bits.

Flow-insensitive: a variable has the types of everything ever assigned to it, plus null (a procedure's local)
or anything (the top level, where it may come from an earlier step) if it can be read before it is assigned.
Only Python locals are typed; whatever others can write is ANY.
"""

from __future__ import annotations

from collections.abc import Callable

from interpreter import tree
from interpreter.functions import FUNCTIONS
from interpreter.lowering.analysis import Facts, Unit, recalls
from interpreter.lowering.certain import definitely_assigned, definitely_returns

WIDE, FLOAT, STR, BOOL, NULL, OTHER, SMALL = 1, 2, 4, 8, 16, 32, 64
INT = WIDE | SMALL
NUMBER = INT | FLOAT
ANY = 127
SMALLEST, LARGEST = 0, 2**40  # what SMALL holds: sums of two need no check, and the sign is known
PARTS = frozenset(("LEFT", "MID", "RIGHT"))  # functions that answer with a part: a text for a text
SIZES = frozenset(("LEN", "UBOUND", "COUNT", "INSTR"))  # functions that answer with the size of something
COMPARES = frozenset(
    (
        "=",
        "<>",
        "<",
        "<=",
        ">",
        ">=",
        "IN",
        "NOT IN",
        "CONTAINS",
        "NOT CONTAINS",
        "LIKE",
        "NOT LIKE",
        "STARTS WITH",
        "ENDS WITH",
        "XOR",
    )
)
RESULTS = {
    "integer": INT, "int": INT, "float": FLOAT, "number": NUMBER, "string": STR, "text": STR, "boolean": BOOL,
    "bool": BOOL, "array": OTHER, "object": OTHER, "date": OTHER | NULL, "duration": OTHER,
}  # fmt: skip
DIM_TYPES = {"string": STR, "integer": INT, "number": INT, "boolean": BOOL, "float": FLOAT, "double": FLOAT}


def only(types: int, allowed: int) -> bool:
    """Whether a value of ``types`` surely is one of ``allowed``."""
    return types != 0 and types & ~allowed == 0


class Types:
    """The types of every local and every expression of a release."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._variables: dict[tuple[Unit, str], int] = {}
        self._results: dict[Unit, int] = {}
        self._expressions: dict[int, int] = {}
        self._read: set[tuple[Unit, str]] = set()  # variables that an expression has had the types of
        self._callers: dict[Unit, set[Unit]] = {}  # who has had the types of a procedure's result
        self._stale: set[Unit] = set()
        for unit in facts.units:
            for node in unit.nodes.of(*CONSTANT):
                self._expressions[id(node)] = CONSTANT[node.__class__]
            for node in unit.nodes.of(tree.Literal):
                self._expressions[id(node)] = of_literal(node)
            for node in unit.nodes.of(tree.ErrorInfo):
                self._expressions[id(node)] = ERROR_INFO.get(node.what, STR)
        self._initial()
        called_first = sorted(facts.units, key=lambda unit: unit.main)
        rules = {unit: rules_of(unit) for unit in called_first}
        self._stale.update(called_first)
        while self._stale:  # a unit is looked at again if something that it has read has widened
            for unit in called_first:
                if unit in self._stale:
                    self._stale.discard(unit)
                    self._look_at(unit, rules[unit])

    def _look_at(self, unit: Unit, rules: list[tuple[Rule, tree.Node]]) -> None:
        for rule, node in rules:
            types = rule(self, unit, node)
            if types is not None:
                self._expressions[id(node)] = types

    def of(self, node: tree.Node) -> int:
        """Types of an expression; ANY if nothing is known."""
        return self._expressions.get(id(node)) or ANY

    def variable(self, unit: Unit, name: str) -> int:
        return self._variables.get((unit, name), ANY) if name in unit.local else ANY

    def _initial(self) -> None:
        for unit in self.facts.units:
            script = self.facts.scripts[unit.script]
            assigned_first = definitely_assigned(unit)
            for name in unit.local:
                types = 0 if name in assigned_first else ANY if unit.main else NULL
                shared = unit.main and script.calls_scripts
                if shared or (name in unit.parameters and unit.blocks):
                    types = ANY
                self._variables[unit, name] = types
            ends = not (unit.blocks or self.facts.traps) and definitely_returns(unit.body)
            self._results[unit] = ANY if unit.blocks else 0 if ends else NULL

    # --- statements -----------------------------------------------------------------------------------------

    def _assignment(self, unit: Unit, node: tree.Assign) -> None:
        if isinstance(node.target, tree.Name):
            self._assign(unit, node.target.name, self._assigned(unit, node))

    def _call_script(self, unit: Unit, node: tree.CallScript) -> None:
        if isinstance(node.target, tree.Name):
            self._assign(unit, node.target.name, ANY)

    def _set_path(self, unit: Unit, node: tree.SetPath) -> None:
        path = node.path
        if isinstance(path, tree.Literal) and isinstance(path.value, str):
            self._assign(unit, path.value.casefold().rpartition(".")[2], ANY)

    def _for(self, unit: Unit, node: tree.For) -> None:
        start, step = self.of(node.start), self.of(node.step) if node.step else SMALL
        small = only(start | self.of(node.stop), SMALL) and only(step, INT)
        self._assign(unit, node.name, SMALL if small else INT if only(start | step, INT) else NUMBER)

    def _for_each(self, unit: Unit, node: tree.ForEach) -> None:
        self._assign(unit, node.name, ANY)

    def _dim(self, unit: Unit, node: tree.Dim) -> None:
        types = DIM_TYPES.get((node.type or "").casefold(), ANY) if node.size is None else OTHER
        self._assign(unit, node.name, types)

    def _with(self, unit: Unit, node: tree.With) -> None:
        self._assign(unit, node.name, OTHER)

    def _try(self, unit: Unit, node: tree.Try) -> None:
        if node.name:
            self._assign(unit, node.name, STR)

    def _return(self, unit: Unit, node: tree.Return) -> None:
        before = self._results[unit]
        after = self._results[unit] = before | (self._known(node.value) if node.value else NULL)
        if after != before:
            self._stale |= self._callers.get(unit, set())

    def _assign(self, unit: Unit, name: str, types: int) -> None:
        if name in unit.local:
            trapped = NULL if self.facts.traps else 0
            self._widen(unit, name, types | trapped)

    def _widen(self, unit: Unit, name: str, types: int) -> None:
        before = self._variables[unit, name]
        if types & ~before:
            self._variables[unit, name] = before | types
            if (unit, name) in self._read:
                self._stale.add(unit)

    def _assigned(self, unit: Unit, node: tree.Assign) -> int:
        if isinstance(node.value, tree.Hear) or recalls(node):
            return ANY
        if node.op != "=":
            assert isinstance(node.target, tree.Name)
            return _arithmetic(node.op, self._variable(unit, node.target.name), self._known(node.value))
        return self._known(node.value)

    def _variable(self, unit: Unit, name: str) -> int:
        key = (unit, name)
        self._read.add(key)
        return self._variables.get(key, ANY)

    def _known(self, node: tree.Node) -> int:
        return self._expressions.get(id(node), ANY)

    # --- expressions: each rule reads what its operands have been found to be -------------------------------

    def _name(self, unit: Unit, node: tree.Name) -> int:
        if node.name in unit.local:
            return self._variable(unit, node.name)
        callee = self.facts.called(unit, node)
        return self._call_of(unit, callee, []) if callee is not None else ANY

    def _call(self, unit: Unit, node: tree.Call) -> int:
        callee = self.facts.procedure(unit.script, node.name)
        if callee is not None:
            return self._call_of(unit, callee, node.arguments)
        if self.facts.is_variable(unit, node.name) and len(node.arguments) < 2:
            return ANY
        function = FUNCTIONS.get(node.name)
        if function is None:
            return ANY
        if function.name in PARTS and node.arguments and only(self._known(node.arguments[0]), STR):
            return STR
        return SMALL if function.name in SIZES else RESULTS.get(function.result, ANY)

    def _call_of(self, unit: Unit, callee: Unit, arguments: list[tree.Expression]) -> int:
        """A call gives the callee's parameters their types."""
        if callee.script == unit.script and not callee.blocks:
            for position, parameter in enumerate(callee.parameters):
                given = self._known(arguments[position]) if position < len(arguments) else NULL
                self._widen(callee, parameter, given)
            self._callers.setdefault(callee, set()).add(unit)
            return self._results[callee]
        if not callee.blocks:
            for parameter in callee.parameters:
                self._widen(callee, parameter, ANY)
        return ANY

    def _binary(self, unit: Unit, node: tree.Binary) -> int:
        if node.op in COMPARES:
            return BOOL
        return _arithmetic(node.op, self._known(node.left), self._known(node.right))

    def _logical(self, unit: Unit, node: tree.Logical) -> int:
        types = 0
        for operand in node.operands:
            types |= self._known(operand)
        return types

    def _unary(self, unit: Unit, node: tree.Unary) -> int:
        if node.op == "NOT":
            return BOOL
        types = self._known(node.operand)
        if only(types, INT):
            return INT
        return types if types & ~NUMBER == 0 else NUMBER | OTHER

    def _conditional(self, unit: Unit, node: tree.Conditional) -> int:
        return self._known(node.yes) | self._known(node.no)


def _arithmetic(op: str, left: int, right: int) -> int:
    """Types of ``left op right``. While an operand is unknown (0) nothing is: a later round will tell."""
    if op == "&":
        return STR
    if left == 0 or right == 0:
        return STR if op == "+" and (only(left, STR) or only(right, STR)) else 0
    if op == "/":
        return FLOAT
    if only(left, NUMBER) and only(right, NUMBER):
        if op == "MOD" and only(left | right, SMALL):
            return SMALL
        return INT if only(left | right, INT) and op != "^" else NUMBER
    if op == "+" and (only(left, STR) or only(right, STR)):
        return STR
    if op == "+":
        return ANY
    return NUMBER | (OTHER if (left | right) & OTHER else 0)


def rules_of(unit: Unit) -> list[tuple[Rule, tree.Node]]:
    found = [(RULES.get(node.__class__), node) for node in unit.nodes.order]
    return [(rule, node) for rule, node in found if rule is not None]


def of_literal(node: tree.Literal) -> int:
    if node.value.__class__ is int:
        return SMALL if SMALLEST <= node.value <= LARGEST else WIDE
    return KINDS.get(node.value.__class__, NULL)


KINDS: dict[type, int] = {bool: BOOL, float: FLOAT, str: STR}
ERROR_INFO = {"flag": BOOL, "number": INT}
CONSTANT: dict[type, int] = {
    tree.Template: STR,
    tree.ArrayLiteral: OTHER,
    tree.ObjectLiteral: OTHER,
    tree.IsNull: BOOL,
    tree.Between: BOOL,
}
"""Types that do not depend on those of the operands."""

Rule = Callable[..., int | None]
RULES: dict[type, Rule] = {
    tree.Name: Types._name,
    tree.Unary: Types._unary,
    tree.Binary: Types._binary,
    tree.Logical: Types._logical,
    tree.Conditional: Types._conditional,
    tree.Call: Types._call,
    tree.Assign: Types._assignment,
    tree.CallScript: Types._call_script,
    tree.SetPath: Types._set_path,
    tree.For: Types._for,
    tree.ForEach: Types._for_each,
    tree.Dim: Types._dim,
    tree.With: Types._with,
    tree.Try: Types._try,
    tree.Return: Types._return,
}
"""The types of an expression, or what a statement does to those of variables. Members, items, keywords and GET may
be anything.
"""
