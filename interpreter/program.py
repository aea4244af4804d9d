"""A bot's scripts, compiled: ``compile_release`` and what it gives."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from interpreter import tree
from interpreter.check import check_names
from interpreter.compiled import CompiledRelease, CompiledScript, CompiledUnit, Parameter
from interpreter.errors import CompileError, Diagnostic, ReleaseError
from interpreter.hearing.types import KINDS
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
    """One script, ready to run.

    :param units: its code by procedure key; "" is the top level.
    :param parameters: its PARAMs, in order.
    :param transient: names of its top level that do not persist, as far as procedures see them.
    """

    name: str
    units: Mapping[str, Code]
    parameters: tuple[Parameter, ...]
    transient: frozenset[str]


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
    for name, source in sorted(_keyed(sources).items()):
        for part in (name, source):
            data = part.encode("utf-8", "surrogatepass")
            manifest.update(len(data).to_bytes(8, "big") + data)
    return manifest.hexdigest()


class Compiler(Protocol):
    """``compile_release``, or what does the same and remembers."""

    def __call__(
        self, sources: Mapping[str, str], keywords: KeywordTable, *, service_paths: bool = False
    ) -> Release: ...


def language_of(keywords: KeywordTable) -> bytes:
    """Names what a script may use besides the language itself: keywords and HEAR types, ours and plugins'."""
    return hashlib.sha256(keywords.fingerprint + repr(KINDS).encode()).digest()


def compile_release(
    sources: Mapping[str, str], keywords: KeywordTable, *, service_paths: bool = False, flat: bool = False
) -> Release:
    """Compile a bot's scripts and make them ready to run. Parameters and errors as in ``compile_sources``."""
    compiled = compile_sources(sources, keywords, service_paths=service_paths, flat=flat)
    return linked(compiled, sources, keywords, digest_of(sources))


def compile_sources(
    sources: Mapping[str, str], keywords: KeywordTable, *, service_paths: bool = False, flat: bool = False
) -> CompiledRelease:
    """Compile a bot's scripts.

    :param sources: texts by file stem.
    :param service_paths: see ``interpreter.check.check``.
    :param flat: cut everything into blocks, for comparing the two ways of lowering.
    :raises ReleaseError: with one CompileError for each script that does not compile.
    """
    scripts: dict[str, tree.Script] = {}
    findings: dict[str, list[Diagnostic]] = {}
    for name, source in _keyed(sources).items():
        scripts[name], findings[name] = parse(name, source, keywords)
        scripts[name].name = name
    _check(scripts, findings, service_paths)
    _raise_errors(findings)
    return _compile_trees(scripts, findings, flat)


def linked(
    compiled: CompiledRelease, sources: Mapping[str, str], keywords: KeywordTable, digest: str
) -> Release:
    """A compiled release, ready to run. :param digest: of its sources."""
    programs = {
        script.name: Program(script.name, script.link(), script.parameters, script.transient)
        for script in compiled.scripts
    }
    return Release(
        digest,
        _keyed(sources),
        programs,
        keywords,
        compiled.names,
        compiled.persistent,
        compiled.transient,
    )


def _keyed(sources: Mapping[str, str]) -> dict[str, str]:
    return {script_key(name): source for name, source in sources.items()}


def _compile_trees(
    scripts: Mapping[str, tree.Script], findings: dict[str, list[Diagnostic]], flat: bool
) -> CompiledRelease:
    """:raises ReleaseError: names that nothing defines, labels that do not exist."""
    facts = Facts(scripts, flat=flat)
    types = Types(facts)
    lowered: dict[str, LoweredScript] = {}
    for name in scripts:
        problems: list[Diagnostic] = []
        lowered[name] = lower_script(facts, types, name, problems)
        findings[name].extend(problems)
    _raise_errors(findings)
    compiled = tuple(_compile(lowered[name], facts, script) for name, script in scripts.items())
    persistent = frozenset(variable for f in facts.scripts.values() for variable in f.assigned)
    transient = frozenset(variable for script in compiled for variable in script.transient) - persistent
    return CompiledRelease(compiled, _names(facts), persistent, transient)


def _check(
    scripts: Mapping[str, tree.Script], findings: dict[str, list[Diagnostic]], service_paths: bool
) -> None:
    for name, script in scripts.items():
        if not any(finding.severity == "error" for finding in findings[name]):
            findings[name].extend(
                check_names(script, siblings=scripts, service_paths=service_paths, advice=False)
            )


def _raise_errors(findings: Mapping[str, list[Diagnostic]]) -> None:
    errors = [
        CompileError(name, sorted(found, key=lambda finding: (finding.line, finding.column)))
        for name, found in findings.items()
        if any(finding.severity == "error" for finding in found)
    ]
    if errors:
        raise ReleaseError(errors)


def _compile(lowered: LoweredScript, facts: Facts, script: tree.Script) -> CompiledScript:
    code = compile(lowered.module, f"{FILE_MARK}{script.name}", "exec", dont_inherit=True, optimize=2)
    of_script = facts.scripts[script.name]
    return CompiledScript(
        script.name,
        code,
        lowered.functions,
        tuple(
            CompiledUnit(
                found.unit.name,
                found.name,
                tuple(found.unit.parameters),
                not found.unit.blocks,
                found.points,
                found.handlers,
                found.traps,
                found.labels,
            )
            for found in lowered.units
        ),
        tuple(Parameter(parameter.name, parameter.type) for parameter in script.parameters),
        frozenset(of_script.transient & of_script.cells),
    )


def _names(facts: Facts) -> frozenset[str] | None:
    """The names that scripts can read, for choosing the predefined ones that a run must remember."""
    scripts = facts.scripts.values()
    if any(script.by_name for script in scripts):
        return None
    return frozenset(name for script in scripts for name in script.mentioned)


__all__ = (
    "Compiler",
    "Program",
    "Release",
    "compile_release",
    "compile_sources",
    "digest_of",
    "language_of",
    "linked",
)
