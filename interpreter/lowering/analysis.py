"""What the compiler must know of a release before it lowers one statement.

Names: which are script-level, which of those live in the shared cells, which are locals.
Cuts: which nodes can suspend or jump, so that everything around them is cut into blocks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from interpreter import tree
from interpreter.lowering.walk import Nodes

LONGEST_CHAIN = 32  # arms of an IF or SELECT that are lowered nested; longer ones become blocks
DEEPEST_NEST = 15  # loops and TRYs around each other in one Python function: CPython allows 20
NESTING = (tree.For, tree.ForEach, tree.Loop, tree.Try)
RESERVED = frozenset(
    [
        "id",
        "user_id",
        "user_name",
        "user_email",
        "user_phone",
        "bot",
        "bot_id",
        "channel",
        "message_count",
        "created_at",
        "last_activity",
        "is_authenticated",
        "language",
        "client_ip",
        "user_agent",
    ]
)
HEADS = frozenset(("session", "user", "bot", "channel"))

Statements = list[tree.Statement]


@dataclass(eq=False)
class Unit:
    """One thing that is called: the top level of a script, or a procedure.

    :param script: the name of its script.
    :param name: the procedure's key; "" for the top level.
    :param number: its place in the script; 0 is the top level.
    :param local: names that are Python locals of it.
    :param blocks: it is cut into blocks: it can suspend, or has labels, or is a script's top level.
    """

    script: str
    name: str
    kind: str
    parameters: list[str]
    body: Statements
    number: int = 0
    line: int = 1
    local: set[str] = field(default_factory=set)
    blocks: bool = False
    nodes: Nodes = field(init=False)
    gosubs: bool = field(init=False)
    labels: set[str] = field(init=False)

    def __post_init__(self) -> None:
        self.nodes = Nodes(self.body)
        self.gosubs = bool(self.nodes.of(tree.Gosub))
        self.labels = {label.name for label in self.nodes.of(tree.Label)}

    @cached_property
    def mentioned(self) -> set[str]:
        """Every variable name that occurs in it."""
        return _mentioned(self.nodes)

    @property
    def main(self) -> bool:
        return not self.name


@dataclass(eq=False)
class ScriptFacts:
    """What is known of one script.

    :param assigned: script-level names that persist.
    :param transient: loop variables, CATCH names and PARAMs of the top level: they do not persist.
    :param by_name: it reaches variables by names that only the run knows.
    :param cells: script-level names that live in the shared table rather than in locals of the top level.
    """

    script: tree.Script
    main: Unit
    procedures: dict[str, Unit]
    assigned: set[str] = field(default_factory=set)
    transient: set[str] = field(default_factory=set)
    cells: set[str] = field(default_factory=set)
    calls_scripts: bool = False
    by_name: bool = False

    @property
    def mentioned(self) -> set[str]:
        """Every variable name that occurs in the script."""
        return {name for unit in self.units for name in unit.mentioned}

    @property
    def units(self) -> list[Unit]:
        return [self.main, *self.procedures.values()]


class Facts:
    """Everything known of a release.

    :param cut: ids of the nodes (expressions and statements) that suspend, jump, or contain such a node.
    :param flat: cut everything into blocks, whether it suspends or not: slower, and the same to every script.
    :param traps: the release contains ON ERROR RESUME NEXT, so that every statement can be trapped.
    """

    def __init__(self, scripts: Mapping[str, tree.Script], *, flat: bool = False) -> None:
        self.scripts = {name: _script_facts(script) for name, script in scripts.items()}
        self.units = [unit for facts in self.scripts.values() for unit in facts.units]
        self.traps = any(node.mode == "next" for unit in self.units for node in unit.nodes.of(tree.OnError))
        self.cut: set[int] = set()
        if flat:
            self.cut.update(id(node) for unit in self.units for node in unit.nodes.order)
        self._find_cuts(flat)

    def procedure(self, script: str, name: str) -> Unit | None:
        """The procedure that a call in ``script`` means: its own first, then one of a sibling."""
        own = self.scripts[script].procedures.get(name)
        if own is not None:
            return own
        return next((f.procedures[name] for f in self.scripts.values() if name in f.procedures), None)

    def is_variable(self, unit: Unit, name: str) -> bool:
        facts = self.scripts[unit.script]
        return name in unit.local or name in facts.assigned or name in facts.transient

    def called(self, unit: Unit, node: tree.Node) -> Unit | None:
        """The procedure that this node calls, if it calls one."""
        if isinstance(node, tree.Call):
            return self.procedure(unit.script, node.name)
        if isinstance(node, tree.Name) and not self.is_variable(unit, node.name):
            return self.procedure(unit.script, node.name)
        return None

    def _find_cuts(self, flat: bool) -> None:
        for unit in self.units:
            unit.blocks = unit.main or flat
            self._cut_around(unit, [*_suspensions(unit), *_jumps(unit, unit.body, [])])
        calls = {unit: self._calls(unit) for unit in self.units}
        changed = True
        while changed:  # a procedure that calls one that can suspend can suspend
            changed = False
            for unit in self.units:
                if not unit.blocks and any(id(statement) in self.cut for statement in unit.body):
                    unit.blocks = changed = True
            for unit, nodes in calls.items():
                suspending = [node for node, callee in nodes if callee.blocks and id(node) not in self.cut]
                if suspending:
                    self._cut_around(unit, suspending)
                    changed = True

    def _calls(self, unit: Unit) -> list[tuple[tree.Node, Unit]]:
        """The calls of procedures in ``unit``. One of another script may suspend, whatever it does."""
        calls: list[tuple[tree.Node, Unit]] = []
        if not any(facts.procedures for facts in self.scripts.values()):
            return calls
        for node in unit.nodes.of(tree.Call, tree.Name):
            callee = self.called(unit, node)
            if callee is None:
                continue
            calls.append((node, callee))
            if callee.script != unit.script:
                self._cut_around(unit, [node])
        return calls

    def _cut_around(self, unit: Unit, nodes: Iterable[tree.Node]) -> None:
        """These nodes suspend or jump: so does whatever contains them, and nests that would be too deep."""
        for node in nodes:
            for around in unit.nodes.lineage(node):
                self.cut.add(id(around))
        step = 2 if self.traps else 1
        if len(unit.nodes.of(*NESTING)) * step > DEEPEST_NEST:
            _mark_nests(unit.body, step, self.cut)


def _suspensions(unit: Unit) -> list[tree.Node]:
    """The nodes that suspend, calls of procedures aside."""
    waiting = unit.nodes.of(tree.Hear, tree.Wait, tree.CallScript)
    return waiting + [node for node in unit.nodes.of(tree.KeywordCall) if node.keyword.suspends]


def _jumps(unit: Unit, statements: Statements, loops: list[str]) -> Iterator[tree.Statement]:
    """Labels and jumps, and what can only be lowered flat: exits across a loop, chains of too many arms."""
    for statement in statements:
        if (
            isinstance(statement, tree.Label | tree.Goto | tree.Gosub)
            or _chain(statement) > LONGEST_CHAIN
            or (isinstance(statement, tree.OnError) and statement.mode == "goto")
            or (isinstance(statement, tree.Return) and unit.gosubs)
        ) or (isinstance(statement, tree.Exit) and _crosses_a_loop(statement, loops)):
            yield statement
        inner = (
            [*loops, loop_kind(statement)]
            if isinstance(statement, tree.For | tree.ForEach | tree.Loop)
            else loops
        )
        for body in bodies(statement):
            yield from _jumps(unit, body, inner)


def _crosses_a_loop(statement: tree.Exit, loops: list[str]) -> bool:
    """EXIT FOR inside a WHILE inside the FOR: Python's break cannot do that."""
    return (
        statement.what in ("for", "while", "do") and statement.what in loops and loops[-1] != statement.what
    )


def _mark_nests(statements: Statements, step: int, cut: set[int]) -> int:
    """Cut structures from the outside until the rest fits CPython's limit; the height of what is left."""
    highest = 0
    for statement in statements:
        height = max((_mark_nests(body, step, cut) for body in bodies(statement)), default=0)
        if isinstance(statement, NESTING):
            height += step
        if height > DEEPEST_NEST or any(id(inner) in cut for body in bodies(statement) for inner in body):
            cut.add(id(statement))
        if id(statement) in cut:
            height = 0
        highest = max(highest, height)
    return highest


def loop_kind(statement: tree.Statement) -> str:
    return statement.kind if isinstance(statement, tree.Loop) else "for"


def _chain(statement: tree.Statement) -> int:
    if isinstance(statement, tree.If):
        return len(statement.branches)
    return len(statement.cases) if isinstance(statement, tree.Select) else 0


def bodies(statement: tree.Statement) -> list[Statements]:
    """The lists of statements inside a statement, in order."""
    if isinstance(statement, tree.If):
        return [*(branch.body for branch in statement.branches), statement.otherwise]
    if isinstance(statement, tree.Select):
        return [*(case.body for case in statement.cases), statement.otherwise]
    if isinstance(statement, tree.For | tree.ForEach | tree.Loop):
        return [statement.body]
    if isinstance(statement, tree.Try):
        return [statement.body, statement.handler]
    return []


# --- names --------------------------------------------------------------------------------------------------


def literal_path(path: tree.Expression) -> str | None:
    """The path of a SET or GET whose operand is known at compile time; ``"session." + "x"`` counts."""
    if isinstance(path, tree.Literal) and isinstance(path.value, str):
        return path.value
    if isinstance(path, tree.Binary) and path.op in ("+", "&"):
        left, right = literal_path(path.left), literal_path(path.right)
        return left + right if left is not None and right is not None else None
    return None


def variable_of_path(path: str) -> str | None:
    """The variable that a literal path means as a whole: ``session.x`` and ``x``; None for anything else."""
    head, _, rest = path.strip().casefold().partition(".")
    if not rest:
        return head if head.isidentifier() and not head.startswith("__") else None
    if head == "session" and rest.isidentifier() and rest not in RESERVED and not rest.startswith("__"):
        return rest
    return None


def head_of_path(path: str) -> str:
    return path.strip().casefold().partition(".")[0]


def _script_facts(script: tree.Script) -> ScriptFacts:
    main = Unit(script.name, "", "main", [], [*_defaults(script), *script.body])
    procedures = {
        key: Unit(script.name, key, p.kind, list(p.parameters), p.body, number, p.line)
        for number, (key, p) in enumerate(script.procedures.items(), start=1)
    }
    facts = ScriptFacts(script, main, procedures)
    facts.calls_scripts = any(unit.nodes.of(tree.CallScript) for unit in facts.units)
    assigned, loops = _assignments(main.nodes)
    parameters = {parameter.name for parameter in script.parameters}
    facts.assigned = assigned - parameters
    facts.transient = (loops | parameters) - facts.assigned
    script_level = facts.assigned | facts.transient
    for unit in procedures.values():
        written, own_loops = _assignments(unit.nodes)
        unit.local = ((written | own_loops) - script_level) | set(unit.parameters)
    holders = {name for unit in facts.units for name in _holders(unit.nodes)}
    facts.by_name = any(_reaches_by_name(unit.nodes, holders) for unit in facts.units)
    if facts.by_name:
        facts.cells = set(script_level)
    else:
        for unit in procedures.values():
            facts.cells |= (unit.mentioned & script_level) - set(unit.parameters)
    main.local = script_level - facts.cells
    return facts


def _defaults(script: tree.Script) -> Statements:
    """``IF name IS NULL THEN name = default``, before the first statement."""
    statements: Statements = []
    for parameter in script.parameters:
        if parameter.default is not None:
            where = (parameter.line, parameter.column)
            name = tree.Name(*where, parameter.name, parameter.spelling)
            given = tree.Assign(*where, name, "=", parameter.default)
            statements.append(
                tree.If(*where, [tree.Branch(*where, tree.IsNull(*where, name, False), [given])], [])
            )
    return statements


def _assignments(nodes: Nodes) -> tuple[set[str], set[str]]:
    """Names assigned, and names that only loops and CATCH give values to."""
    assigned: set[str] = {node.name for node in nodes.of(tree.Dim, tree.With)}
    for node in nodes.of(tree.Assign, tree.CallScript):
        target = node.target
        while isinstance(target, tree.Member | tree.Index):
            target = target.object
        if isinstance(target, tree.Name | tree.Call):
            assigned.add(target.name)
    for node in nodes.of(tree.SetPath):
        path = literal_path(node.path)
        variable = variable_of_path(path) if path is not None else None
        if variable is not None:
            assigned.add(variable)
    loops = {node.name for node in nodes.of(tree.For, tree.ForEach, tree.Try) if node.name}
    return assigned, loops - assigned


def assignments(body: Statements) -> set[str]:
    """Names that these statements give values to, loop variables included."""
    assigned, loops = _assignments(Nodes(body))
    return assigned | loops


def _mentioned(nodes: Nodes) -> set[str]:
    """Every variable name that occurs, those in literal paths included."""
    naming = (tree.Name, tree.Call, tree.Dim, tree.With, tree.For, tree.ForEach, tree.Try)
    names: set[str] = {node.name for node in nodes.of(*naming) if node.name}
    paths = [node.path for node in nodes.of(tree.SetPath)] + [node.operand for node in nodes.of(tree.Get)]
    for path in map(literal_path, paths):
        if path is not None:
            names.add(variable_of_path(path) or head_of_path(path))
    return names


def recalls(node: tree.Node) -> bool:
    """``GET name`` as a statement, and ``name = GET name``: bring the stored value back."""
    return (
        isinstance(node, tree.Assign)
        and isinstance(node.target, tree.Name)
        and isinstance(node.value, tree.Get)
        and isinstance(node.value.operand, tree.Name)
        and node.value.operand.name == node.target.name
    )


def _holders(nodes: Nodes) -> set[str]:
    """Names that are given a value other than their stored one: ``GET x`` may find a path in them."""
    held = {node.name for node in nodes.of(tree.For, tree.ForEach)}
    for node in nodes.of(tree.Assign):
        if isinstance(node.target, tree.Name) and not recalls(node):
            held.add(node.target.name)
    return held


def _reaches_by_name(nodes: Nodes, holders: set[str]) -> bool:
    """SET or GET with a path that only the run knows: it may name any variable."""
    for path in map(literal_path, (node.path for node in nodes.of(tree.SetPath))):
        if path is None or variable_of_path(path) is None:
            return True
    for operand in (node.operand for node in nodes.of(tree.Get)):
        unknown = operand.name in holders if isinstance(operand, tree.Name) else literal_path(operand) is None
        if unknown:
            return True
    return False
