"""A bot's scripts, compiled: ``compile_release`` and what it gives."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from interpreter import tree
from interpreter.check import check_names
from interpreter.errors import CompileError, Diagnostic, ReleaseError
from interpreter.functions import FUNCTIONS
from interpreter.helpers import HELPERS
from interpreter.keywords import KeywordTable
from interpreter.lowering.analysis import Facts
from interpreter.lowering.types import Types
from interpreter.lowering.units import LoweredScript, lower_script
from interpreter.parser import parse
from interpreter.runtime import FILE_MARK, script_key
from interpreter.signals import Code

SCRIPT_MAX = 1_048_576  # bytes


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    """One compiled script.

    :param units: its code by procedure key; "" is the top level.
    :param parameters: its PARAMs, in order.
    :param transient: names of its top level that do not persist, as far as procedures see them.
    """

    name: str
    source: str
    units: Mapping[str, Code]
    parameters: tuple[tree.Parameter, ...]
    transient: frozenset[str]
    description: str
    warnings: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """All the scripts of a bot as they were at one moment.

    :param digest: names this set of sources, whatever compiled them.
    :param names: every variable name that a script mentions; None if one reaches variables by name.
    :param persistent: names that some script's top level assigns.
    """

    digest: str
    sources: Mapping[str, str]
    programs: Mapping[str, Program]
    keywords: KeywordTable
    names: frozenset[str] | None
    persistent: frozenset[str]
    transient: frozenset[str]

    def code(self, script: str, procedure: str) -> Code | None:
        program = self.programs.get(script)
        return program.units.get(procedure) if program is not None else None


def digest_of(sources: Mapping[str, str]) -> str:
    """SHA-256 over names and sources, in order of name."""
    manifest = hashlib.sha256()
    for name, source in sorted(sources.items()):
        for part in (name, source):
            data = part.encode("utf-8", "surrogatepass")
            manifest.update(len(data).to_bytes(8, "big") + data)
    return manifest.hexdigest()


def compile_release(
    sources: Mapping[str, str], keywords: KeywordTable, *, service_paths: bool = False, flat: bool = False
) -> Release:
    """Compile a bot's scripts.

    :param sources: texts by file stem.
    :param service_paths: see ``interpreter.check.check``.
    :param flat: cut everything into blocks, for comparing the two ways of lowering.
    :raises ReleaseError: with one CompileError for each script that does not compile.
    """
    keyed = {script_key(name): source for name, source in sources.items()}
    scripts: dict[str, tree.Script] = {}
    findings: dict[str, list[Diagnostic]] = {}
    for name, source in keyed.items():
        scripts[name], findings[name] = parse(name, source, keywords)
        scripts[name].name = name
    _check(scripts, findings, service_paths)
    _raise_errors(findings)
    return compile_trees(scripts, keyed, keywords, findings, flat=flat)


def compile_trees(
    scripts: Mapping[str, tree.Script],
    sources: Mapping[str, str],
    keywords: KeywordTable,
    findings: dict[str, list[Diagnostic]] | None = None,
    *,
    flat: bool = False,
) -> Release:
    """Compile parsed scripts, keyed by name.

    :raises ReleaseError: names that nothing defines, labels that do not exist.
    """
    findings = {name: [] for name in scripts} if findings is None else findings
    facts = Facts(scripts, flat=flat)
    types = Types(facts)
    lowered: dict[str, LoweredScript] = {}
    for name in scripts:
        problems: list[Diagnostic] = []
        lowered[name] = lower_script(facts, types, name, problems)
        findings[name].extend(problems)
    _raise_errors(findings)
    programs: dict[str, Program] = {}
    for name, script in scripts.items():
        warnings = tuple(finding for finding in findings[name] if finding.severity == "warning")
        script_facts = facts.scripts[name]
        programs[name] = Program(
            name,
            sources.get(name, ""),
            _link(lowered[name], name),
            tuple(script.parameters),
            frozenset(script_facts.transient & script_facts.cells),
            script.description,
            warnings,
        )
    persistent = frozenset(variable for f in facts.scripts.values() for variable in f.assigned)
    transient = frozenset(variable for p in programs.values() for variable in p.transient) - persistent
    names = _names(facts)
    return Release(digest_of(sources), dict(sources), programs, keywords, names, persistent, transient)


def _check(
    scripts: Mapping[str, tree.Script], findings: dict[str, list[Diagnostic]], service_paths: bool
) -> None:
    for name, script in scripts.items():
        if not any(finding.severity == "error" for finding in findings[name]):
            findings[name].extend(check_names(script, siblings=scripts, service_paths=service_paths))


def _raise_errors(findings: Mapping[str, list[Diagnostic]]) -> None:
    errors = [
        CompileError(name, sorted(found, key=lambda finding: (finding.line, finding.column)))
        for name, found in findings.items()
        if any(finding.severity == "error" for finding in found)
    ]
    if errors:
        raise ReleaseError(errors)


def _link(lowered: LoweredScript, name: str) -> dict[str, Code]:
    """Compile the module and tie its functions to their points."""
    scope: dict[str, Any] = {"__builtins__": {}, **HELPERS}
    for local, key in lowered.functions.items():
        scope[local] = FUNCTIONS[key].call
    code = compile(lowered.module, f"{FILE_MARK}{name}", "exec", dont_inherit=True, optimize=2)
    exec(code, scope)  # noqa: S102 - our own tree: see tests/interpreter/test_generated_code.py
    units: dict[str, Code] = {}
    for found in lowered.units:
        unit = found.unit
        units[unit.name] = Code(
            script=name,
            procedure=unit.name,
            parameters=tuple(unit.parameters),
            plain=not unit.blocks,
            call=scope[found.name],
            points=found.points,
            handlers=found.handlers,
            traps=found.traps,
            labels=found.labels,
        )
    return units


def _names(facts: Facts) -> frozenset[str] | None:
    """The names that scripts can read, for choosing the predefined ones that a run must remember."""
    scripts = facts.scripts.values()
    if any(script.by_name for script in scripts):
        return None
    return frozenset(name for script in scripts for name in script.mentioned)


__all__ = ("Program", "Release", "compile_release", "compile_trees", "digest_of")
