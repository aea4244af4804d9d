"""What surely happens, whatever way control takes: which procedures return, which names are assigned before a read."""

from __future__ import annotations

from interpreter import tree
from interpreter.lowering.analysis import Unit, bodies
from interpreter.lowering.walk import Nodes, everything

Arm = tuple[list[tree.Node], list[tree.Statement]]


def definitely_returns(body: list[tree.Statement]) -> bool:
    """Whether control cannot run off the end of ``body``."""
    for statement in body:
        if isinstance(statement, tree.Return):
            return True
        if isinstance(statement, tree.If | tree.Select) and all(
            definitely_returns(arm) for arm in bodies(statement)
        ):
            return True
    return False


def definitely_assigned(unit: Unit) -> set[str]:
    """The locals that are assigned before every read of them."""
    if unit.labels:
        return set(unit.parameters)
    reads = _Reads(set(unit.local), unit.nodes)
    reads.body(unit.body, set(unit.parameters))
    return set(unit.local) - reads.early


class _Reads:
    """Follows the statements with ``done``, the names assigned so far; ``early`` collects reads of others."""

    def __init__(self, names: set[str], nodes: Nodes) -> None:
        self.names = names
        self.nodes = nodes
        self.early: set[str] = set()

    def expression(self, node: tree.Node | None, done: set[str]) -> None:
        stack = [node] if node is not None else []
        while stack:
            inner = stack.pop()
            kind = inner.__class__
            if kind is tree.Literal:
                continue
            if kind is tree.Name or kind is tree.Call:
                if inner.name not in done:  # type: ignore[attr-defined]
                    self.early.add(inner.name)  # type: ignore[attr-defined]
            elif isinstance(inner, tree.Get) and not isinstance(inner.operand, tree.Name):
                self.early |= self.names - done  # by name: a path into any variable
            if kind is not tree.Name:
                stack += self.nodes.below(inner)

    def body(self, statements: list[tree.Statement], done: set[str]) -> set[str]:
        """Adds to ``done`` what is assigned on every way through; the same set."""
        for statement in statements:
            self.statement(statement, done)
        return done

    def statement(self, node: tree.Statement, done: set[str]) -> None:
        if isinstance(node, tree.Assign):
            self.expression(node.value, done)
            if not isinstance(node.target, tree.Name) or node.op != "=":
                self.expression(node.target, done)
            if isinstance(node.target, tree.Name):
                done.add(node.target.name)
        elif isinstance(node, tree.If):
            self._arms([([branch.test], branch.body) for branch in node.branches], node.otherwise, done)
        elif isinstance(node, tree.Select):
            self.expression(node.subject, done)
            self._arms([(list(case.tests), case.body) for case in node.cases], node.otherwise, done)
        elif isinstance(node, tree.For):
            for part in (node.start, node.stop, node.step):
                self.expression(part, done)
            self.body(node.body, done | {node.name})
        elif isinstance(node, tree.ForEach):
            self.expression(node.items, done)
            self.expression(node.last, done)
            self.body(node.body, done | {node.name})
        elif isinstance(node, tree.Loop):
            self._loop(node, done)
        elif isinstance(node, tree.Try):
            body = self.body(node.body, set(done))
            handler = self.body(node.handler, done | ({node.name} if node.name else set()))
            done |= body & handler
        else:
            self.expression(node, done)
            if isinstance(node, tree.Dim | tree.With):
                done.add(node.name)

    def _loop(self, node: tree.Loop, done: set[str]) -> None:
        self.expression(node.before, done)
        inside = self.body(node.body, set(done))
        self.expression(node.after, done)
        if node.before is None and not any(isinstance(inner, tree.Exit) for inner in everything(node.body)):
            done |= inside

    def _arms(self, arms: list[Arm], otherwise: list[tree.Statement], done: set[str]) -> None:
        ends: list[set[str]] = []
        for tests, body in arms:
            for test in tests:
                self.expression(test, done)
            after = self.body(body, set(done))
            if not definitely_returns(body):
                ends.append(after)
        after = self.body(otherwise, set(done))
        if not definitely_returns(otherwise):
            ends.append(after)
        if ends:
            done |= set.intersection(*ends)
